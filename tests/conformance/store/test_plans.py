"""How SQLite finds rows: by an index, however large a table has become. Its plans do not depend on what is in it."""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
import sys
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from mesh.contract.catalog import all_services
from mesh.store import Statement, Store, any_of
from mesh.store.mesh_tables import inbox_seen

if TYPE_CHECKING:
    from pathlib import Path

# What waits is little, or the mesh has other worries: these look at all of it. Keys of receipts are one or two.
ALL_OF_IT = {
    "find gaps", "list parked events", "find parked events", "count inbox", "count parked", "count waiting events",
    "count parked events", "find move", "find passed moves", "find inbox_waiting about person", "list receipt keys",
}  # fmt: skip

# Where statements of calls and of work in the background stand; what operators ask now and then may look at all of it.
SERVING = ("mesh.events.", "mesh.resource.", "mesh.runtime.", "mesh.store.")


def statements() -> list[Statement]:
    """Those of all services and of the mesh, which stand in their modules."""
    services = [f"services.{service}.service." for service in all_services()]
    serving = (*SERVING, *services)
    for package in serving:
        for found in pkgutil.walk_packages(importlib.import_module(package[:-1]).__path__, package):
            importlib.import_module(found.name)
    ours = [module for name, module in sorted(sys.modules.items()) if name.startswith(serving)]
    return [each for module in ours for each in vars(module).values() if isinstance(each, Statement)]


def scanned(connection: sqlite3.Connection, statement: Statement) -> list[str]:
    """The tables that a statement reads whole; none where it is of another schema."""
    form = statement.compiled("sqlite")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    try:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {form.sql}", ["1"] * form.sql.count("?")).fetchall()
    except sqlite3.OperationalError as error:
        if not str(error).startswith("no such "):
            raise
        return []
    steps = [str(step[3]).split() for step in plan]
    return [words[1] for words in steps if words[0] == "SCAN" and words[1] in tables]


@pytest.fixture(params=all_services())
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> sqlite3.Connection:
    """The database of a service."""
    file, metadata = tmp_path / "plans.db", importlib.import_module(f"services.{request.param}.tables").metadata
    store = Store(f"sqlite:///{file}", service=request.param, metadata=metadata)
    store.migrate()
    store.close()
    return sqlite3.connect(file)


def test_no_statement_reads_a_whole_table(migrated: sqlite3.Connection) -> None:
    known = statements()
    assert len(known) > 200
    whole = {each.name: found for each in known if (found := scanned(migrated, each))}
    assert {name: found for name, found in whole.items() if name not in ALL_OF_IT} == {}
    migrated.close()


def test_a_list_that_is_compared_with_a_truth_is_found_out(
    migrated: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As SQLAlchemy writes it by itself for an engine that has no booleans."""
    monkeypatch.delattr(any_of, "self_group")
    seen = inbox_seen.c.event_id
    assert scanned(migrated, Statement(select(seen).where(any_of(seen, "ids")), name="seen")) == ["inbox_seen"]
    migrated.close()


@pytest.mark.parametrize("migrated", ["customers"], indirect=True)
def test_rows_of_imports_are_found_by_their_contacts(migrated: sqlite3.Connection) -> None:
    """The fence alone would find them, too: with every other row of the tenant."""
    asked = "SELECT id FROM contact_import_rows WHERE tenant_id = ? AND contact_id = ? ORDER BY id"
    ((*_, plan),) = migrated.execute(f"EXPLAIN QUERY PLAN {asked}", ["1", "1"]).fetchall()
    assert "contact_import_rows_by_contact (tenant_id=? AND contact_id=?)" in plan
    migrated.close()
