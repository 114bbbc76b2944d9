"""What an Examination tells of the fences between tenants in PostgreSQL: row-level security and who is bound by it."""

from mesh.store.examination import Examination
from mesh.store.roles import POLICY
from mesh.store.tables import is_tenant_table

_SECURED = f"""
SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
AND c.relrowsecurity AND c.relforcerowsecurity
AND (SELECT array_agg(p.polname::text) FROM pg_policy p WHERE p.polrelid = c.oid) = ARRAY['{POLICY}']"""  # noqa: S608 - a constant
_RUNTIME = """
SELECT r.rolname, r.rolsuper, r.rolbypassrls, EXISTS (SELECT FROM pg_class c
  WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
  AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
FROM pg_roles r WHERE r.rolname = current_database() || '_runtime'"""
_QUOTED = "SELECT quote_ident(current_database() || '_runtime')"


def unfenced(examination: Examination) -> list[str]:
    """Tenant tables without row-level security that also binds their owner, or with another policy beside ours."""
    secured = {str(row[0]) for row in examination.rows(_SECURED)}
    return [t.name for t in examination.tables() if is_tenant_table(t) and t.name not in secured]


def privileges(examination: Examination) -> list[str]:
    """What the runtime role has that lets it pass the fence."""
    found = examination.rows(_RUNTIME)
    if not found:
        return ["is missing"]
    _, superuser, bypasses, owns = found[0]
    said = ((superuser, "is a superuser"), (bypasses, "bypasses row-level security"), (owns, "owns tables"))
    return [text for holds, text in said if holds]


def seen_by_nobody(examination: Examination) -> list[str]:
    """Tenant tables of which the runtime role sees a row while no tenant is set."""
    role = examination.rows(_QUOTED)[0][0]
    examination.run(f"SET ROLE {role}")
    try:
        quote = examination.connection().dialect.identifier_preparer.quote
        tables = [quote(table.name) for table in examination.tables() if is_tenant_table(table)]
        looks = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)  # noqa: S608 - our tables
        return [str(row[0]) for row in examination.rows(" UNION ALL ".join(looks))]
    finally:
        examination.run("RESET ROLE")
