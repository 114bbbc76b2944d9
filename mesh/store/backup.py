"""What a backup asks of a database, on either engine: a moment that is read from, and a place that is restored into.

Owns the two interfaces and the choice of the engine. Files are the engines' own: a database file of SQLite, tables as
COPY writes them of PostgreSQL, so that an archive goes back into the engine that it came from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import make_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, MetaData

VERSIONS = ("mesh_version", "service_version")
"""The tables that tell how far a database has come."""


@dataclass(frozen=True, slots=True)
class Saved:
    """One service's database in an archive.

    revisions: by table of versions. rows: by table. columns: in the order of the files, where those do not tell.
    sequences: the last number that was given out, by `table.column`, where the files do not tell.
    """

    revisions: Mapping[str, int]
    rows: Mapping[str, int]
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sequences: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Saved:
        """From what a manifest holds; KeyError where it does not."""
        return cls(**{name: content[name] for name in cls.__slots__})


class Source(Protocol):
    """A database that is backed up while it serves. Every method raises StoreError where the database refuses."""

    def pause(self) -> None:
        """Nobody publishes an event from now on; raises Busy where somebody does not end within a second."""

    def pin(self) -> None:
        """What is read afterwards is as of now."""

    def resume(self) -> None:
        """Writers go on; harmless where they were never paused."""

    def save(self, folder: Path) -> Saved:
        """Write what was pinned into files of a folder that exists."""

    def close(self) -> None:
        """Let go of everything."""


class Target(Protocol):
    """A database that is made anew beside the one that is there, and takes its place at the end.

    Every method raises StoreError where the database refuses.
    """

    connection: Connection
    """To what is made, behind no fence, after load() or keep()."""

    def load(self, folder: Path, saved: Saved) -> None:
        """Begin with what an archive holds, and bring it to this code's schema."""

    def keep(self) -> None:
        """Begin with what is there now."""

    def prepare(self) -> None:
        """Do all that may fail."""

    def swap(self) -> None:
        """Let what was made take the place of what is there."""

    def undo(self) -> bool:
        """After a swap, or in place of it: whether everything is as it was, which not every engine can still do."""

    def close(self) -> None:
        """Remove what the new one has replaced, or what was never put in place."""


def engine_of(url: str) -> str:
    """`sqlite` or `postgresql`."""
    return make_url(url).get_backend_name()


def source(url: str, *, service: str) -> Source:
    """The database of a service, to be backed up; the URL's user sees the rows of all tenants."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        from mesh.store.backup_sqlite import SqliteSource

        return SqliteSource(parsed, service)
    from mesh.store.backup_postgres import PostgresSource

    return PostgresSource(parsed)


def target(url: str, *, service: str, metadata: MetaData) -> Target:
    """The database of a service, to be restored; the URL's user owns the tables."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        from mesh.store.backup_sqlite import SqliteTarget

        return SqliteTarget(parsed, service, metadata)
    from mesh.store.backup_postgres import PostgresTarget

    return PostgresTarget(parsed, service, metadata)
