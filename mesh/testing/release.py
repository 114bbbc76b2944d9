"""The data of a release: what its code had written to its databases, kept so that later code is tested on it.

Rows are kept as JSON, so that they go back into either SQL engine; schemas are made by the release's own migrations,
which never change once they are out.
"""

from __future__ import annotations

import base64
import importlib
import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from rapport.customers.v1 import contact_service_pb2, resources_pb2
from sqlalchemy import MetaData, NullPool, create_engine, inspect, make_url
from sqlalchemy import insert as insert_into

from mesh.store import migrate, roles
from mesh.store.sqlite import database_file
from mesh.testing.local import LocalMesh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from mesh.runtime.settings import Settings

# The root secret of the kept data, and of nothing else.
SECRET = "5e" * 32
SLUG = "kept-hardware"
_VERSIONS = ("mesh_version", "service_version")
_CREATE = "/rapport.customers.v1.ContactService/BatchCreateContacts"
_DELETE = "/rapport.customers.v1.ContactService/DeleteContact"

# By service: the revisions of its two rows of migrations, and by table the columns and rows.
Kept = dict[str, Any]


def make(home: Path) -> Kept:
    """What a tenant of this code leaves behind, its events not yet published."""
    mesh = LocalMesh(home, secret=SECRET)
    try:
        owner = mesh.sign_up(SLUG)
        whole = resources_pb2.Contact(given_name="Ada", family_name="Bell", job_title="Buyer", external_id="k-1")
        whole.emails.add(address="Ada@Example.com", label="work")
        whole.phones.add(number="+61 2 9999 0000", label="mobile")
        whole.addresses.add(region_code="AU", locality="Sydney", address_lines=["1 George Street"])
        whole.birth_date.month, whole.birth_date.day = 2, 29
        named = resources_pb2.Contact(family_name="Cole")
        gone = resources_pb2.Contact(family_name="Dunn")
        request = contact_service_pb2.BatchCreateContactsRequest(contacts=[whole, named, gone])
        made = mesh.call(_CREATE, request, token=owner.token).contacts
        mesh.call(_DELETE, contact_service_pb2.DeleteContactRequest(id=made[2].id), token=owner.token)
        return {service: _service(mesh.settings, service) for service in mesh.services}
    finally:
        mesh.close()


def _service(settings: Settings, service: str) -> Kept:
    with _engine(settings.migrations(service)) as engine, engine.connect() as connection:
        tables = MetaData()
        tables.reflect(engine)
        rows = {
            name: [[_text(value) for value in row] for row in connection.execute(table.select())]
            for name, table in sorted(tables.tables.items())
            if name not in _VERSIONS and not name.startswith("sqlite_")
        }
        return {
            "revisions": {
                name: int(connection.execute(tables.tables[name].select()).scalar_one()) for name in _VERSIONS
            },
            "tables": {
                name: {"columns": [column.name for column in tables.tables[name].columns], "rows": kept}
                for name, kept in rows.items()
                if kept
            },
        }


def restore(kept: Kept, settings: Settings, scratch: Path) -> None:
    """Make the databases as the release left them. `scratch` is a folder for copies of its migrations."""
    for service, content in kept.items():
        module = importlib.import_module(f"services.{service}.tables")
        with _as_of(content["revisions"], service, scratch):
            url = make_url(settings.migrations(service))
            migrate.migrate(url, service=service, metadata=module.metadata, folder=None)
        with _engine(settings.migrations(service)) as engine, engine.begin() as connection:
            tables = MetaData()
            tables.reflect(engine)
            for name in (table.name for table in tables.sorted_tables if table.name in content["tables"]):
                table = tables.tables[name]
                saved = content["tables"][name]
                rows = [dict(zip(saved["columns"], map(_value, row), strict=True)) for row in saved["rows"]]
                kinds = {column.name: column.type.python_type for column in table.columns}
                connection.execute(insert_into(table), [_typed(row, kinds) for row in rows])
                if connection.dialect.name == "postgresql" and name == "outbox":
                    last = "SELECT setval(pg_get_serial_sequence('outbox', 'seq'), max(seq)) FROM outbox"
                    connection.exec_driver_sql(last)


@contextmanager
def _as_of(revisions: dict[str, int], service: str, scratch: Path) -> Iterator[None]:
    """Migrations end where the release's ended."""
    whole = migrate._branch  # noqa: SLF001 - the release's code is this code, cut off

    def branch(version_table: str, folder: Path) -> Any:
        copy = scratch / service / version_table
        copy.mkdir(parents=True, exist_ok=True)
        for script in folder.glob("*.py"):
            number = script.name.partition("_")[0]
            if not number.isdecimal() or int(number) <= revisions[version_table]:
                shutil.copyfile(script, copy / script.name)
        return whole(version_table, copy)

    # The fences name today's tables; this code puts them up when it migrates the database itself.
    with mock.patch.object(migrate, "_branch", branch), mock.patch.object(roles, "apply_fences"):
        yield


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    else:
        database_file(parsed).parent.mkdir(parents=True, exist_ok=True)
        parsed = parsed.set(query={})
    engine = create_engine(parsed, poolclass=NullPool)
    try:
        yield engine
    finally:
        engine.dispose()


def revisions(url: str) -> dict[str, int]:
    """How far a database has come, by row of migrations."""
    with _engine(url) as engine, engine.connect() as connection:
        tables = MetaData()
        tables.reflect(engine, only=[name for name in _VERSIONS if inspect(engine).has_table(name)])
        return {name: int(connection.execute(table.select()).scalar_one()) for name, table in tables.tables.items()}


def _text(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _value(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def _typed(row: dict[str, Any], kinds: dict[str, type]) -> dict[str, Any]:
    """SQLite knows no truth values; PostgreSQL takes no numbers for them."""
    return {name: bool(value) if kinds[name] is bool and value is not None else value for name, value in row.items()}


def read(path: Path) -> Kept:
    """The data of a release as `make release` wrote it."""
    kept: Kept = json.loads(path.read_text())
    return kept
