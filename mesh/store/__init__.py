"""The store: tables behind two tenancy fences, compiled statements, transactions, migrations; on SQLite or PostgreSQL.

The only package that imports a database driver. It knows nothing of RPCs, resources or events.
"""

from mesh.store.errors import (
    Busy,
    CheckViolation,
    ForeignKeyViolation,
    StoreError,
    TenantFenceError,
    Timeout,
    Unavailable,
    UniqueViolation,
)
from mesh.store.mesh_tables import mesh_tables
from mesh.store.statement import TENANT, Statement, any_of, insert_ignore, insert_rows, upsert
from mesh.store.store import Store
from mesh.store.tables import global_table, tenant_table
from mesh.store.transaction import Transaction

__all__ = [
    "TENANT",
    "Busy",
    "CheckViolation",
    "ForeignKeyViolation",
    "Statement",
    "Store",
    "StoreError",
    "TenantFenceError",
    "Timeout",
    "Transaction",
    "Unavailable",
    "UniqueViolation",
    "any_of",
    "global_table",
    "insert_ignore",
    "insert_rows",
    "mesh_tables",
    "tenant_table",
    "upsert",
]
