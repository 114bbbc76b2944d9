"""Plants faults in a mesh that runs in processes of its own: changes of modules, made right after they are loaded."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Python runs a module of this name, found on its path, before anything else.
_PLANTER = """\
import importlib.abc
import importlib.util
import sys

changes = {changes!r}


class Loader(importlib.abc.Loader):
    def __init__(self, loader, source):
        self._loader, self._source = loader, source

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        exec(compile(self._source, "<planted>", "exec"), vars(module))


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        source = changes.pop(name, None)
        if source is None:
            return None
        spec = importlib.util.find_spec(name)
        spec.loader = Loader(spec.loader, source)
        return spec


sys.meta_path.insert(0, Finder())
"""


def planted(folder: Path, module: str, source: str, *more: tuple[str, str]) -> dict[str, str]:
    """Settings for `running_mesh` with which `source` is run inside `module` once that is loaded, in every process.

    As in `planted(tmp_path / "fault", "mesh.runtime.client", "MAX_WAITING = 64")`. more: further modules and sources.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(_PLANTER.format(changes=dict([(module, source), *more])))
    before = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": os.pathsep.join([str(folder), *([before] if before else [])])}
