"""PostgreSQL's side of tenancy: the database, the runtime role, and row-level security on every tenant table.

Owns everything that is made once with the rights of an owner. Statements at run time never have them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, Connection, MetaData, NullPool, create_engine
from sqlalchemy.exc import OperationalError

from mesh.store.errors import Unavailable
from mesh.store.mesh_tables import MESH
from mesh.store.tables import is_tenant_table

POLICY = "tenant_fence"
_PRIVILEGED = """
SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (
         SELECT FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
         AND pg_has_role(r.oid, c.relowner, 'MEMBER')),
       current_database() || '_runtime', to_regrole(quote_ident(current_database() || '_runtime')) IS NOT NULL
FROM pg_roles r WHERE r.rolname = session_user"""


def assume_runtime_role(connection: "psycopg.Connection[Any]") -> None:
    """Give up the rights of an owner or superuser for as long as the connection lives; a plain role stays as it is."""
    row = connection.execute(_PRIVILEGED).fetchone()
    assert row is not None
    privileged, role, exists = row
    if privileged and not exists:
        raise Unavailable("the database has no runtime role: it was never migrated")
    if privileged:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))


@contextmanager
def owner_connection(url: URL) -> Iterator[Connection]:
    """A connection with the rights of ``url``'s user; creates a database that is missing."""
    engine = create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    try:
        connection = engine.connect()
    except OperationalError:
        _create_database(url)
        connection = engine.connect()
    with connection:
        yield connection


def database_exists(url: URL) -> bool:
    """Whether the server has the database. Raises Unavailable where there is no server, or it lets nobody in."""
    dsn = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    try:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=2) as connection:
            return (
                connection.execute("SELECT FROM pg_database WHERE datname = %s", (url.database,)).fetchone() is not None
            )
    except psycopg.Error as error:
        raise Unavailable("the database cannot be reached") from error


def wait_for_turn(connection: Connection, service: str) -> None:
    """One process migrates at a time, to the end of its transaction; a table in use stops a script, not the service."""
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"migrate:{service}",))
    connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")


def _create_database(url: URL) -> None:
    """Text is compared by bytes, as on SQLite, so that pages have one order; folding is the product's matter."""
    assert url.database is not None
    dsn = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    try:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(hashtext('rapport:create database'))")
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", (url.database,)).fetchone() is None:
                create = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
                connection.execute(sql.SQL(create).format(sql.Identifier(url.database)))
    except psycopg.Error as error:
        raise Unavailable("the database cannot be reached or created") from error


def lift_fences(connection: Connection) -> list[str]:
    """Let the owner's scripts see the rows of all tenants; the tables, quoted, that apply_fences() forces again."""
    schema = "relnamespace = current_schema()::regnamespace"
    forced = f"SELECT quote_ident(relname) FROM pg_class WHERE relforcerowsecurity AND {schema}"  # noqa: S608 - constants
    tables = [str(row[0]) for row in connection.exec_driver_sql(forced)]
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    return tables


def apply_fences(connection: Connection, metadata: MetaData, lifted: Iterable[str]) -> None:
    """ENABLE and FORCE row-level security with one policy on every tenant table, and the grants of the runtime role."""
    quote = connection.dialect.identifier_preparer.quote
    ours = {table.name: table for table in (*MESH.tables.values(), *metadata.tables.values())}
    for table in {*lifted, *(quote(name) for name, table in ours.items() if is_tenant_table(table))}:
        connection.exec_driver_sql(f"ALTER TABLE IF EXISTS {table} FORCE ROW LEVEL SECURITY")
    for name, declared in ours.items():
        if is_tenant_table(declared):
            table = quote(name)
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            connection.exec_driver_sql(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
            connection.exec_driver_sql(
                f"CREATE POLICY {POLICY} ON {table} USING (tenant_id = nullif(current_setting('app.tenant', true), ''))"
            )
    _grant(connection, [quote(name) for name in ours])


def _grant(connection: Connection, tables: Iterable[str]) -> None:
    database, superuser = connection.exec_driver_sql(
        "SELECT current_database(), rolsuper FROM pg_roles WHERE rolname = current_user"
    ).one()
    role = connection.dialect.identifier_preparer.quote(f"{database}_runtime")
    if connection.exec_driver_sql("SELECT FROM pg_roles WHERE rolname = %s", (f"{database}_runtime",)).first() is None:
        connection.exec_driver_sql(f"CREATE ROLE {role} NOLOGIN")
    if not superuser:
        connection.exec_driver_sql(f"GRANT {role} TO CURRENT_USER")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {_schema(connection)} TO {role}")
    connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(tables)} TO {role}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {_schema(connection)} TO {role}")


def _schema(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one())
