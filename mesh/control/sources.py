"""The code that a mesh runs: what of it has changed, and which of its processes a change reaches.

Modification times are polled: a few hundred files take milliseconds, it works on every file system and in every
container, and it needs nothing installed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_FOLDERS = (("mesh", "*.py"), ("services", "*.py"), ("gen", "*.py"), ("gen", "*.json"), ("protos", "*.proto"))
# Of the mesh, what does not run inside a service, and what does not run inside the control plane.
_OUTSIDE = frozenset({"backup", "checks", "cli", "control", "edge", "scaffold", "testing"})
_ASIDE = frozenset({"backup", "checks", "cli", "resource", "scaffold", "store", "testing"})
_CONTRACTS = re.compile(r"^\s*(?:from|import) rapport\.(\w+)", re.MULTILINE)


class Sources:
    """The files under the folder of a checkout, as they were when they were looked at last."""

    def __init__(self, root: Path, services: Iterable[str]) -> None:
        self._root = root
        self._services = tuple(services)
        self._seen = self._look()

    def changed(self) -> tuple[Path, ...]:
        """Files that were written, added or removed since the last look."""
        now, before = self._look(), self._seen
        self._seen = now
        return tuple(sorted(path for path in {*now, *before} if now.get(path) != before.get(path)))

    def reached(self, changed: Iterable[Path]) -> tuple[str, ...]:
        """The services whose processes run any of these files."""
        found = {service for path in changed for service in self._reached(path.relative_to(self._root).parts)}
        return tuple(service for service in self._services if service in found)

    def steers(self, changed: Iterable[Path]) -> bool:
        """Whether the control plane runs any of these files, or makes of them what the edge is told."""
        return any(self._steers(path.relative_to(self._root).parts) for path in changed)

    @staticmethod
    def _steers(parts: tuple[str, ...]) -> bool:
        match parts:
            case ("mesh", layer, _, *_):
                return layer not in _ASIDE
            case ("gen", *_):
                return parts[-1] != "contract.json"
            case _:
                return False

    def _reached(self, parts: tuple[str, ...]) -> Iterable[str]:
        match parts:
            case ("services", service, *_):
                return [service]
            case ("mesh", layer, *_) if layer in _OUTSIDE:
                return []
            case ("protos", *_):
                return []  # what is generated from it changes too
            case ("gen", *_) if parts[-1].endswith(".json"):
                return []  # documents, of which no service reads any
            case ("gen", "rapport", package, *_) if package in self._services and not self._inside(package):
                return [s for s in self._services if s == package or package in self._imports("services", s)]
            case _:
                return self._services

    def _inside(self, package: str) -> bool:
        """Whether the mesh itself calls a contract, and with it every service."""
        layers = [folder.name for folder in (self._root / "mesh").iterdir() if folder.is_dir()]
        return any(package in self._imports("mesh", layer) for layer in layers if layer not in _OUTSIDE)

    def _imports(self, *folder: str) -> set[str]:
        """The contracts that the code in a folder imports."""
        files = self._root.joinpath(*folder).rglob("*.py")
        return {name for file in files for name in _CONTRACTS.findall(file.read_text(encoding="utf-8"))}

    def _look(self) -> Mapping[Path, tuple[int, int]]:
        return dict(self._stats())

    def _stats(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        for folder, pattern in _FOLDERS:
            for path in (self._root / folder).rglob(pattern):
                try:
                    stat = path.stat()
                except OSError:
                    continue  # an editor has just replaced it
                yield path, (stat.st_mtime_ns, stat.st_size)


def fault(path: Path) -> str:
    """Why Python cannot read a file, or nothing."""
    if path.suffix != ".py" or not path.exists():
        return ""
    try:
        compile(path.read_bytes(), str(path), "exec")
    except (SyntaxError, ValueError) as error:
        return f"{path}:{getattr(error, 'lineno', 0)}: {getattr(error, 'msg', error)}"
    return ""
