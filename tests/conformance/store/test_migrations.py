"""Databases come to the code's schema: from nothing, again, several at once, and never halfway."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import NullPool, create_engine, inspect, make_url, text

from mesh.store import Store, StoreError, mesh_tables
from mesh.store.mesh_tables import MESH
from tests.conformance.store import schema
from tests.conformance.store.schema import LIBRARY, MIGRATIONS, book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

SOON = 5.0
MIGRATE = """
import sys
from pathlib import Path
from mesh.store import Store
from tests.conformance.store.schema import LIBRARY
Store(sys.argv[1], service="library", metadata=LIBRARY, migrations=Path(sys.argv[2])).migrate()
print("alembic" in sys.modules)
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of the library's scripts, for tests that add to them."""
    return shutil.copytree(MIGRATIONS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))


def owner(url: str) -> Engine:
    plain = make_url(url)
    driver = "postgresql+psycopg" if plain.get_backend_name() == "postgresql" else "sqlite"
    return create_engine(plain.set(drivername=driver), poolclass=NullPool)


def tables(url: str) -> set[str]:
    return set(inspect(owner(url)).get_table_names())


def versions(url: str) -> tuple[str, str]:
    with owner(url).connect() as connection:
        found = [connection.execute(text(f"SELECT version_num FROM {name}_version")) for name in ("mesh", "service")]
        return found[0].scalar_one(), found[1].scalar_one()


def next_script(folder: Path, body: str, revision: int = 3) -> None:
    lines = ["import sqlalchemy as sa", "from alembic import op", "", f'revision = "{revision:04}"']
    lines += [
        f'down_revision = "{revision - 1:04}"',
        "",
        "",
        "def upgrade():",
        *(f"    {line}" for line in body.splitlines()),
    ]
    (folder / f"{revision:04}_next.py").write_text("\n".join(lines))


def start(url: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", MIGRATE, url, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return output.strip()


def test_an_empty_database_becomes_the_whole_schema(
    fresh_url: Callable[[], str], make_store: Callable[..., Store]
) -> None:
    url = fresh_url()
    make_store(url).migrate()
    assert tables(url) == {*LIBRARY.tables, *MESH.tables, "mesh_version", "service_version"}
    assert versions(url)[1] == "0002"


def test_migrating_again_changes_nothing_and_does_not_even_import_alembic(
    fresh_url: Callable[[], str], make_store: Callable[..., Store]
) -> None:
    url = fresh_url()
    make_store(url).migrate()
    make_store(url).migrate()
    assert finish(start(url, MIGRATIONS)) == "False"


def test_three_processes_may_migrate_at_once(fresh_url: Callable[[], str], make_store: Callable[..., Store]) -> None:
    url = fresh_url()
    for process in [start(url, MIGRATIONS) for _ in range(3)]:
        finish(process)
    assert versions(url)[1] == "0002"
    make_store(url).ping(SOON)


def test_a_failing_script_leaves_nothing_behind(
    fresh_url: Callable[[], str], make_store: Callable[..., Store], scripts: Path
) -> None:
    url = fresh_url()
    make_store(
        url,
    ).migrate()
    next_script(
        scripts, 'op.create_table("halfway", sa.Column("id", sa.Text))\nop.execute("INSERT INTO nowhere VALUES (1)")'
    )
    with pytest.raises(StoreError, match="a migration failed"):
        _at(url, scripts).migrate()
    assert "halfway" not in tables(url)
    assert versions(url)[1] == "0002"
    if url.startswith("postgresql"):
        with owner(url).connect() as connection:
            forced = connection.execute(text("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'books'"))
            assert forced.scalar_one() is True


def test_a_script_sees_the_rows_of_every_tenant_and_the_fences_stand_again(
    fresh_url: Callable[[], str], make_store: Callable[..., Store], scripts: Path
) -> None:
    url = fresh_url()
    store = make_store(url)
    store.migrate()
    for tenant in ("acme", "umbrella"):
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.write(schema.add_book, **book("b"))
    next_script(scripts, 'op.execute("UPDATE books SET pages = 7")')
    _at(url, scripts).migrate()
    for tenant in ("acme", "umbrella"):
        assert store.read(schema.list_books, tenant=tenant, timeout=SOON, after="", page=9) == [("b", 7)]


def test_a_database_one_step_ahead_is_served_and_two_steps_ahead_is_refused(
    fresh_url: Callable[[], str], make_store: Callable[..., Store], scripts: Path
) -> None:
    url = fresh_url()
    for step, served in ((3, True), (4, False)):
        next_script(scripts, "pass", revision=step)
        _at(url, scripts).migrate()
        if served:
            make_store(url).migrate()
        else:
            with pytest.raises(StoreError, match="2 revisions ahead"):
                make_store(url).migrate()


def test_scripts_that_are_not_one_line_are_refused(fresh_url: Callable[[], str], scripts: Path) -> None:
    next_script(scripts, "pass")
    (scripts / "0004_torn.py").write_text((scripts / "0003_next.py").read_text().replace('"0003"', '"0004"'))
    with pytest.raises(StoreError, match="not one line"):
        _at(fresh_url(), scripts).migrate()


def test_the_scripts_and_the_declared_tables_agree(
    fresh_url: Callable[[], str], make_store: Callable[..., Store]
) -> None:
    url = fresh_url()
    make_store(url).migrate()
    with owner(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _not_a_version_table})
        assert compare_metadata(context, [MESH, LIBRARY]) == []


def test_the_mesh_s_tables_can_be_put_beside_a_service_s_own() -> None:
    whole = schema.MetaData()
    mesh_tables(whole)
    mesh_tables(whole)
    assert set(whole.tables) == set(MESH.tables)
    assert all(table.info["tenancy"] for table in whole.tables.values())


def _at(url: str, folder: Path) -> Store:
    return Store(url, service="library", metadata=LIBRARY, migrations=folder)


def _not_a_version_table(name: str | None, kind: str, parents: object) -> bool:
    return kind != "table" or not str(name).endswith("_version")
