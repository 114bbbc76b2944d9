"""What can go wrong in the store, in words that are the same on every engine.

Owns the error types. A driver's text may hold values of a row: it stays in ``__cause__`` and never reaches ``str()``.
"""


class StoreError(Exception):
    """A statement failed for a reason that has no type of its own; a fault of this program."""


class UniqueViolation(StoreError):
    """A row with this key exists already."""

    def __init__(self, table: str, columns: tuple[str, ...]) -> None:
        super().__init__(f"unique key of {table} ({', '.join(columns)})")
        self.table = table
        self.columns = columns
        """The columns of the key without ``tenant_id``."""


class ForeignKeyViolation(StoreError):
    """A row refers to one that is missing, or is still referred to. SQLite does not say which."""


class CheckViolation(StoreError):
    """A CHECK or NOT NULL constraint refused a row."""

    def __init__(self, constraint: str) -> None:
        super().__init__(f"constraint {constraint}")
        self.constraint = constraint


class Busy(StoreError):
    """Another transaction holds what this one needs; the whole transaction may be run again."""


class Timeout(StoreError):
    """The time that the caller had left is used up; nothing was committed."""


class Unavailable(StoreError):
    """The database cannot be reached or lost the connection; whether a COMMIT in flight took effect is unknown."""


class TenantFenceError(StoreError):
    """A statement could see or touch rows of another tenant: a programmer's fault, never a caller's."""
