"""Writes the files of a new service into a checkout: what it owns, and a test of its rules.

Nothing is registered anywhere: services are found by their contracts, permissions by their methods, tests by the
descriptors.
"""

from __future__ import annotations

import re
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.scaffold.names import Names

# The template of each file; both may hold tokens.
FILES = MappingProxyType(
    {
        "protos/rapport/@service@/v1/resources.proto": "resources.proto",
        "protos/rapport/@service@/v1/errors.proto": "errors.proto",
        "protos/rapport/@service@/v1/@thing@_service.proto": "service.proto",
        "services/@service@/__init__.py": "init.py",
        "services/@service@/tables.py": "tables.py",
        "services/@service@/migrations/0001_initial.py": "migration.py",
        "services/@service@/domain/__init__.py": "domain_init.py",
        "services/@service@/domain/@things@.py": "domain.py",
        "services/@service@/service/__init__.py": "service_init.py",
        "services/@service@/service/@things@.py": "service.py",
        "tests/services/test_@service@_rules.py": "test_rules.py",
    }
)
_TOKEN = re.compile(r"@(\w+)@")


def write(checkout: Path, names: Names) -> list[str]:
    """Write them; their paths. Raises FileExistsError, before anything is written, where one is there."""
    tokens = names.tokens()

    def put(text: str) -> str:
        return _TOKEN.sub(lambda match: tokens[match[1]], text)

    made = {put(path): put(_template(template)) for path, template in FILES.items()}
    for path in made:
        if (checkout / path).exists():
            raise FileExistsError(path)
    for path, text in made.items():
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        (checkout / path).write_text(text, encoding="utf-8")
    return list(made)


def _template(name: str) -> str:
    return (resources.files("mesh.scaffold") / "templates" / f"{name}.txt").read_text(encoding="utf-8")
