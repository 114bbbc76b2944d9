"""The shape of the code: sizes that can be read in one sitting, the field's names, nothing left for later."""

from __future__ import annotations

import ast
import re

import pytest

from tests.hygiene.sources import Source, python, sources

MODULE_LINES = 350
FUNCTION_LINES = 50
PRODUCT = ("mesh/", "services/", "scripts/")
# Names that say where code was put and not what it is.
VAGUE_MODULES = re.compile(r"^(utils?|helpers?|common|managers?|misc|base|shared|lib)$")
VAGUE_CLASSES = re.compile(r"(Manager|Helper|Helpers|Util|Utils|Base|Mixin)$")
LATER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")


def size_faults(source: Source) -> list[str]:
    """Modules and functions that are too long. A migration is a list of tables, whatever their number."""
    lines = source.text.count("\n")
    faults = [f"{source.path} has {lines} lines"] if lines > MODULE_LINES else []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "/migrations/" not in source.path:
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                faults.append(f"{source.path}:{node.lineno} {node.name} has {length} lines")
    return faults


def name_faults(source: Source) -> list[str]:
    """Modules, folders and classes with vague names."""
    parts = source.path.removesuffix(".py").split("/")
    faults = [f"{source.path} is called {part}" for part in parts if VAGUE_MODULES.match(part)]
    classes = (node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef))
    return faults + [f"{source.path} has a class {c.name}" for c in classes if VAGUE_CLASSES.search(c.name)]


def unfinished_faults(source: Source) -> list[str]:
    """Notes to oneself, and code that only says that it is missing."""
    faults = [f"{source.path} says {found}" for found in LATER.findall(source.text)]
    if source.path.startswith(PRODUCT) and "NotImplemented" + "Error" in source.text:
        faults.append(f"{source.path} is not implemented")
    return faults


def docstring_faults(source: Source) -> list[str]:
    """A module that does not say what it owns. Empty `__init__.py` files of folders need not."""
    silent = source.text.strip() and not ast.get_docstring(source.tree)
    return [f"{source.path} has no docstring"] if silent else []


@pytest.mark.parametrize("check", [size_faults, name_faults, docstring_faults], ids=lambda check: check.__name__)
def test_the_product_keeps_its_shape(check: object) -> None:
    assert callable(check)
    faults = [fault for source in python(*PRODUCT) for fault in check(source)]
    assert not faults, "\n".join(faults)


def test_test_modules_are_no_longer_than_others() -> None:
    long = [s.path for s in python("tests/") if s.text.count("\n") > MODULE_LINES]
    assert not long, "\n".join(long)


def test_nothing_is_left_for_later() -> None:
    faults = [fault for source in sources() if not _bulk(source) for fault in unfinished_faults(source)]
    assert not faults, "\n".join(faults)


def _bulk(source: Source) -> bool:
    """Files in which letters meet by chance: hashes, images."""
    return source.path.endswith((".lock", ".binpb"))


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (size_faults, "mesh/a.py", "x = 1\n" * 351),
        (size_faults, "mesh/a.py", "def f():\n" + "    x = 1\n" * 50),
        (size_faults, "mesh/a.py", "class A:\n    async def f(self):\n" + "        x = 1\n" * 50),
        (name_faults, "mesh/runtime/utils.py", ""),
        (name_faults, "services/users/helpers/mail.py", ""),
        (name_faults, "mesh/runtime/server.py", "class ConnectionManager: ..."),
        (unfinished_faults, "protos/a.proto", "// TO" + "DO later"),
        (unfinished_faults, "mesh/a.py", "raise NotImplemented" + "Error"),
        (docstring_faults, "mesh/a.py", "x = 1\n"),
    ],
)
def test_a_planted_fault_of_shape_is_found(check: object, path: str, text: str) -> None:
    assert callable(check)
    assert len(check(Source(path, text))) == 1


def test_a_function_of_fifty_lines_passes() -> None:
    assert size_faults(Source("mesh/a.py", "def f():\n" + "    x = 1\n" * 49)) == []
