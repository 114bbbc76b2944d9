"""Who may import whom. The arrows of the architecture are these tables; an import against them fails."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.hygiene.sources import Source, imports, python

# What each package of the mesh may import of the mesh. Nothing of the product imports `mesh.testing` or the tests.
LAYERS: dict[str, set[str]] = {
    "contract": {"contract"},
    "store": {"contract", "store"},
    "resource": {"contract", "events", "resource", "runtime", "store"},
    "events": {"contract", "events", "runtime", "store"},
    "runtime": {"contract", "events", "resource", "runtime", "store"},
    "backup": {"backup", "contract", "control", "events", "runtime", "store"},
    "control": {"contract", "control", "edge", "events", "runtime"},
    "edge": {"contract", "control", "edge", "runtime"},
    "checks": {"checks", "contract", "control", "edge", "events", "runtime", "store"},
    "cli": {
        *("backup", "checks", "cli", "contract", "control", "edge", "events", "resource", "runtime", "scaffold"),
        "store",
    },
    "scaffold": {"scaffold"},
    "testing": {
        *("backup", "checks", "cli", "contract", "control", "edge", "events", "resource", "runtime", "store"),
        "testing",
    },
}
DATABASES = {"sqlite3", "psycopg"}
DOORS = {  # modules that reach beyond the process
    "asyncio", "grpc", "http", "httpx", "obstore", "os", "pathlib", "redis", "requests", "shutil", "smtplib", "socket",
    "sqlalchemy", "ssl", "subprocess", "tempfile", "threading", "urllib.request", *DATABASES,
}  # fmt: skip
# Generators write files and the catalog looks for stubs; pathlib is all they need for it.
GENERATORS = {
    f"mesh/contract/{name}.py"
    for name in ("catalog", "changes_protos", "event_protos", "generate", "pictures", "python", "subject_protos")
}


def names_any(name: str, modules: set[str]) -> str:
    """The module among these that a dotted name belongs to, or nothing."""
    return next((module for module in sorted(modules) if name == module or name.startswith(f"{module}.")), "")


def layer_faults(source: Source) -> list[str]:
    """Imports of the mesh against its layers."""
    if not source.path.startswith("mesh/") or source.path.count("/") == 1:
        return []
    allowed = LAYERS.get(source.path.split("/")[1], set())
    found = (name.split(".") for name in imports(source.tree) if name.startswith("mesh."))
    return [f"{source.path} imports {'.'.join(parts)}" for parts in found if parts[1] not in allowed]


def service_faults(source: Source) -> list[str]:
    """A service imports itself, the mesh and contracts; never another service. Only fixtures import a service."""
    if source.path.startswith("mesh/testing/"):
        return []
    inside = source.path.startswith("services/") and source.path.count("/") > 1
    own = f"services.{source.path.split('/')[1]}" if inside else ""
    found = (name for name in imports(source.tree) if name.startswith("services."))
    return [f"{source.path} imports {name}" for name in found if not own or not names_any(name, {own})]


def outer_faults(source: Source) -> list[str]:
    """The product needs neither its tests nor its scripts."""
    outside = {"tests", "scripts"} if source.path.startswith("mesh/testing/") else {"tests", "scripts", "mesh.testing"}
    return [f"{source.path} imports {name}" for name in imports(source.tree) if names_any(name, outside)]


def domain_faults(source: Source) -> list[str]:
    """The rules of a service are pure: no database, no network, no file, and of the mesh its contracts alone."""
    parts = source.path.split("/")
    if parts[0] != "services" or parts[2:3] not in (["domain"], ["domain.py"]):
        return []
    doors = DOORS | {f"mesh.{layer}" for layer in LAYERS if layer != "contract"}
    return [f"{source.path} imports {name}" for name in imports(source.tree) if names_any(name, doors)]


def contract_faults(source: Source) -> list[str]:
    """Contracts are read, never acted upon."""
    if not source.path.startswith("mesh/contract/"):
        return []
    doors = DOORS - ({"pathlib"} if source.path in GENERATORS else set())
    return [f"{source.path} imports {name}" for name in imports(source.tree) if names_any(name, doors)]


def database_faults(source: Source) -> list[str]:
    """Drivers are the store's alone: whoever else holds one holds a way around the tenancy fences."""
    if source.path.startswith(("mesh/store/", "mesh/testing/")):
        return []
    return [f"{source.path} imports {name}" for name in imports(source.tree) if names_any(name, DATABASES)]


CHECKS = [layer_faults, service_faults, outer_faults, domain_faults, contract_faults, database_faults]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_nothing_imports_against_the_architecture(check: object) -> None:
    assert callable(check)
    faults = [fault for source in python("mesh/", "services/") for fault in check(source)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (layer_faults, "mesh/contract/pages.py", "from mesh.runtime import clock"),
        (layer_faults, "mesh/store/pool.py", "def f():\n    from mesh.control.plan import Plan"),
        (layer_faults, "mesh/runtime/chain.py", "import mesh.edge.routes"),
        (service_faults, "services/users/service/users.py", "from services.customers.tables import CONTACTS"),
        (service_faults, "services/users/events.py", "import services.customers"),
        (service_faults, "mesh/resource/table.py", "from services.customers import tables"),
        (outer_faults, "mesh/runtime/server.py", "from mesh.testing.running import mesh"),
        (outer_faults, "services/users/tables.py", "from tests.contract import matrix"),
        (domain_faults, "services/customers/domain.py", "import sqlalchemy as sa"),
        (domain_faults, "services/users/domain/tenants.py", "from grpc import StatusCode"),
        (domain_faults, "services/users/domain/roles.py", "from mesh.runtime.call import Call"),
        (domain_faults, "services/users/domain/roles.py", "from pathlib import Path"),
        (contract_faults, "mesh/contract/filters.py", "from sqlalchemy import and_"),
        (contract_faults, "mesh/contract/masks.py", "from pathlib import Path"),
        (database_faults, "mesh/resource/listing.py", "import sqlite3"),
        (database_faults, "services/customers/service.py", "from psycopg import sql"),
    ],
)
def test_a_planted_import_is_found(check: object, path: str, text: str) -> None:
    assert callable(check)
    assert len(check(Source(path, text))) == 1


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (service_faults, "services/users/service/users.py", "from services.users.tables import USERS"),
        (domain_faults, "services/users/domain/roles.py", "from mesh.contract.failure import Failure\nimport re"),
        (domain_faults, "services/users/service/users.py", "import sqlalchemy"),
        (database_faults, "mesh/store/sqlite.py", "import sqlite3"),
        (contract_faults, "mesh/contract/generate.py", "from pathlib import Path"),
    ],
)
def test_a_rightful_import_passes(check: object, path: str, text: str) -> None:
    assert callable(check)
    assert check(Source(path, text)) == []


def test_the_control_plane_loads_no_database() -> None:
    """Nor what is built upon one: it has no data, and what it loads every start of a mesh waits for."""
    looked_at = "import sys, mesh.control.plane; print(*sorted({'sqlalchemy', 'mesh.store'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", looked_at], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.split() == []
