"""The files that hygiene looks at: those that git tracks and those that it would track."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One file: its path from the root of the repository, and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        try:
            return ast.parse(self.text, self.path)
        except SystemError:
            # CPython 3.11 counts the depth of trees for all threads at once; another one prints a traceback just now.
            return ast.parse(self.text, self.path)


@cache
def sources() -> tuple[Source, ...]:
    """Every file; what is not UTF-8 is read byte by byte, so that names inside it are found too."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = sorted(set(listed.stdout.splitlines()))
    return tuple(Source(path, _text(ROOT / path)) for path in paths if (ROOT / path).is_file())


def python(*folders: str) -> tuple[Source, ...]:
    """The Python files below these folders."""
    return tuple(s for s in sources() if s.path.endswith(".py") and s.path.startswith(folders))


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def imports(tree: ast.Module) -> Iterator[str]:
    """The full dotted names that a module imports, wherever the import stands; `from a import b` is `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def uses(tree: ast.Module) -> Iterator[str]:
    """The full dotted names that a module uses of what it imports, as in `datetime.datetime.now`."""
    bound: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            bound |= {
                a.asname or a.name.partition(".")[0]: a.name if a.asname else a.name.partition(".")[0]
                for a in node.names
            }
        elif isinstance(node, ast.ImportFrom) and node.module:
            bound |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            root, *rest = ast.unparse(node).split(".")
            if root in bound:
                yield ".".join([bound[root], *rest])
