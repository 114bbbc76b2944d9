"""Which code this is: a digest over the product's sources, so that processes of different code can be told apart."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import rapport

import mesh
import services

if TYPE_CHECKING:
    from types import ModuleType


def code_version() -> str:
    """The digest of names, sizes and times of the sources on disk: a process calls this when it starts.

    It differs between machines that were installed at different times; it is compared on one.
    """
    digest = hashlib.sha256()
    for package in (mesh, services, rapport):
        for name, file in sorted(_modules(package).items()):
            now = file.stat()
            digest.update(f"{name} {now.st_size} {now.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _modules(package: ModuleType) -> dict[str, Path]:
    """The sources below a package by their names; where several folders hold one, that which an import would find."""
    found: dict[str, Path] = {}
    for root in map(Path, package.__path__):
        for file in root.rglob("*.py"):
            found.setdefault(str(file.relative_to(root)), file)
    return found
