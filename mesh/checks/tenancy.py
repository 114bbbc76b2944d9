"""The fences between tenants: in the code on both engines, in the database on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from mesh.checks.check import Skipped, check
from mesh.store import fencing
from mesh.store.errors import TenantFenceError
from mesh.store.mesh_tables import idempotency_keys
from mesh.store.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.checks.view import View
    from mesh.store.examination import Examination

_REMEDY = "Apply the fences anew as the role that owns the tables: mesh migrate --fences."


@check(
    "tenancy.guard",
    "The code refuses a statement that names a table of tenants and binds no tenant.",
    remedy="Install this version again: its code was changed.",
)
def guard(view: View) -> Iterator[str]:  # noqa: ARG001  # all checks are called alike
    """Try one; it is made and never run."""
    try:
        Statement(select(idempotency_keys.c.request_id), name="a statement that must be refused")
    except TenantFenceError:
        return
    yield "a statement over all tenants was accepted"


@check(
    "tenancy.row-level-security",
    "Row-level security is on, and forced on owners too, for every table of tenants, with one policy alone.",
    remedy=_REMEDY,
)
def row_level_security(view: View) -> Iterator[str]:
    """Compare the catalogue with the declared tables."""
    for service, examination in _postgres(view).items():
        for table in fencing.unfenced(examination):
            yield f"{service}.{table} is not fenced"


@check(
    "tenancy.runtime-role",
    "The role that services run as is no superuser, bypasses no policy and owns no table.",
    remedy="Take the right away: ALTER ROLE <database>_runtime NOSUPERUSER NOBYPASSRLS; the owner of tables is another "
    "role (MIGRATION_DATABASE_URL).",
)
def runtime_role(view: View) -> Iterator[str]:
    """Look at its rights."""
    for service, examination in _postgres(view).items():
        for text in fencing.privileges(examination):
            yield f"the runtime role of {service} {text}"


@check(
    "tenancy.denied-by-default",
    "Without a tenant the runtime role sees no row of any tenant.",
    remedy=_REMEDY,
)
def denied_by_default(view: View) -> Iterator[str]:
    """Look as that role does."""
    for service, examination in _postgres(view).items():
        if fencing.privileges(examination):
            raise Skipped("the runtime role passes the fences (see tenancy.runtime-role)")
        for table in sorted({*fencing.seen_by_nobody(examination)} - {*fencing.unfenced(examination)}):
            yield f"rows of {service}.{table} are seen without a tenant"


def _postgres(view: View) -> dict[str, Examination]:
    view.stores()
    found = {name: each for name, each in view.examinations().items() if each.dialect == "postgresql"}
    if not found:
        raise Skipped("SQLite has no row-level security; the code alone fences there (see tenancy.guard)")
    return found


CHECKS = (guard, row_level_security, runtime_role, denied_by_default)
