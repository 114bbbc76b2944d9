"""The templates of the service, read once when it is built."""

from __future__ import annotations

import importlib
import tomllib
from importlib import resources
from typing import TYPE_CHECKING

from mesh.contract.catalog import load
from services.notifications.domain.mails import Layout
from services.notifications.domain.templates import Template, TemplateFault, read_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf.message import Message

_FOLDER = "services.notifications"
_END = ".toml"


def read_templates() -> Mapping[str, Template]:
    """All templates, by name.

    Raises:
        TemplateFault: one contradicts itself, or asks for a link whose secret nobody makes.
    """
    files = [file for file in (resources.files(_FOLDER) / "templates").iterdir() if file.name.endswith(_END)]
    found = {}
    for file in sorted(files, key=lambda each: each.name):
        name = file.name.removesuffix(_END)
        found[name] = read_template(name, tomllib.loads(file.read_text(encoding="utf-8")))
    minted = load().minting()
    for template in found.values():
        if template.link and template.link not in minted:
            raise TemplateFault(f"{template.name} links to {template.link}, whose secret nobody makes")
    return found


def read_layout() -> Layout:
    """The frames of all mails."""
    folder = resources.files(_FOLDER) / "templates"
    return Layout(*((folder / f"layout.{kind}").read_text(encoding="utf-8") for kind in ("html", "txt")))


def event_class(full_name: str) -> type[Message]:
    """The class of a domain event, as in `rapport.users.v1.InvitationRequested`."""
    package, _, name = full_name.rpartition(".")
    found: type[Message] = getattr(importlib.import_module(f"{package}.events_pb2"), name)
    return found
