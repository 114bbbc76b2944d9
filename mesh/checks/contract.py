"""The contracts: what was generated from them is what they say now, and fits the libraries that run it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import google.protobuf
import rapport

from mesh.checks.check import Skipped, check
from mesh.contract.catalog import all_services
from mesh.contract.generate import policy_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.checks.view import View

_GENERATED_WITH = re.compile(r"^# Protobuf Python Version: (\d+)\.(\d+)", re.MULTILINE)
_HEAD = 1000


@check(
    "contract.policies",
    "contract.json holds exactly the policies that the descriptors in force declare.",
    remedy="Generate again: make gen.",
)
def policies(view: View) -> Iterator[str]:
    """Derive it anew and compare by method, resource and field."""
    written = json.loads(_generated("contract.json"))
    derived = policy_of(view.catalog())
    for part in sorted({*written, *derived}):
        there, here = written.get(part, {}), derived.get(part, {})
        for name in sorted({*there, *here}):
            if there.get(name) != here.get(name):
                yield f"{part}: {name} differs"


@check(
    "contract.openapi",
    "The OpenAPI document has an operation for every JSON route of a public method, and no other.",
    remedy="Generate again: make gen.",
)
def openapi(view: View) -> Iterator[str]:
    """Compare by verb and path."""
    paths = json.loads(_generated("openapi.json"))["paths"]
    told = {(verb.upper(), _form(path)) for path, verbs in paths.items() for verb in verbs}
    methods = [method for method in view.catalog().methods.values() if method.access.public]
    routed = {(route.verb, _form(route.template)) for method in methods for route in method.routes}
    for verb, path in sorted(told ^ routed):
        yield f"{verb} {path} is {'no route' if (verb, path) in told else 'not described'}"


@check(
    "contract.stubs",
    "The generated messages were made for the protobuf library that is installed.",
    remedy="Install the pinned protobuf, or generate again: make gen.",
)
def stubs(view: View) -> Iterator[str]:  # noqa: ARG001  # all checks are called alike
    """Compare versions; a library runs what one of its own major version, or the one before, has made."""
    runtime = tuple(map(int, google.protobuf.__version__.split(".")[:2]))
    for root in map(Path, rapport.__path__):
        for file in sorted(root.rglob("*_pb2.py")):
            made = _GENERATED_WITH.search(file.read_text(encoding="utf-8")[:_HEAD])
            version = tuple(map(int, made.groups())) if made else (0, 0)
            if version > runtime or version[0] < runtime[0] - 1:
                yield f"{file.name} was made with {version[0]}.{version[1]}, and {runtime[0]}.{runtime[1]} is installed"


@check(
    "contract.services",
    "Every service that has contracts has code, and every service with code has contracts.",
    remedy="Generate again (make gen), or remove what is left of a service that was renamed.",
)
def services_with_code(view: View) -> Iterator[str]:  # noqa: ARG001  # all checks are called alike
    """Compare folders."""
    written = {folder.parent.name for folder in _services().glob("*/__init__.py")}
    for name in sorted(written ^ set(all_services())):
        yield f"{name} has {'no contracts' if name in written else 'no code'}"


def _services() -> Path:
    import services

    return Path(next(iter(services.__path__)))


def _generated(name: str) -> str:
    """A file that lies beside the generated packages of a checkout."""
    file = Path(next(iter(rapport.__path__))).parent / name
    if not file.exists():
        raise Skipped("the generated documents are no part of this installation")
    return file.read_text(encoding="utf-8")


def _form(path: str) -> str:
    """A path with its variables unnamed."""
    return re.sub(r"\{[^}]*\}", "{}", path)


CHECKS = (policies, openapi, stubs, services_with_code)
