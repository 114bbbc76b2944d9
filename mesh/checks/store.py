"""The databases: that they answer, are at this code's schema, sound, and have room; and that files can be stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.checks.check import Skipped, check
from mesh.store import soundness
from mesh.store.blobs import Blobs
from mesh.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.checks.view import View
    from mesh.store.examination import Examination

# Reading all of a larger file would take longer than a check may.
_READ_WHOLE = 256 << 20
_LARGEST_LOG = 256 << 20
_USED_SHARE = 0.9
_MIB = 1 << 20
_PROBE, _PROBE_BYTES = "probe", 100


@check(
    "store.answers",
    "The database of every service answers within a second.",
    remedy="Start the database server, or correct DATABASE_URL; a database that was never made: mesh migrate.",
)
def answers(view: View) -> Iterator[str]:
    """Ask each."""
    for service in view.services():
        try:
            view.store(service)
        except Skipped:
            yield f"the database of {service} does not answer"


@check(
    "store.migrated",
    "Every database has this code's schema: no migration is outstanding.",
    remedy="Bring them to this code's schema: mesh migrate.",
)
def migrated(view: View) -> Iterator[str]:
    """Compare revisions with the scripts."""
    for service, examination in view.examinations().items():
        for each in examination.standings():
            if each.found < each.head:
                yield f"{service} is at revision {each.found:04} of {each.branch}, and this code at {each.head:04}"


@check(
    "store.not-ahead",
    "No database was migrated by newer code than this.",
    remedy="Install the version that migrated it; schemas go forward only.",
)
def not_ahead(view: View) -> Iterator[str]:
    """Compare revisions with the scripts."""
    for service, examination in view.examinations().items():
        for each in examination.standings():
            if each.found > each.head:
                yield f"{service} is at revision {each.found:04} of {each.branch}, and this code at {each.head:04}"


@check(
    "store.schema",
    "Every table, column and index that the code relies on is there.",
    remedy="Restore what was dropped by hand (the migrations in services/<service>/migrations say how it was made), "
    "or restore a backup.",
)
def schema(view: View) -> Iterator[str]:
    """Compare with the declared tables, where all migrations have run."""
    view.stores()
    for service, examination in view.examinations().items():
        for lacking in examination.missing():
            yield f"{service} has no {lacking}"


@check(
    "store.sound",
    "The engines find no fault in their own files: pages on SQLite, indexes on PostgreSQL.",
    remedy="Stop the mesh and restore a backup of the service (mesh restore); on PostgreSQL: REINDEX DATABASE.",
)
def sound(view: View) -> Iterator[str]:
    """Have each engine look; SQLite files that are too large to read in time are left to their own errors."""
    for service, examination in view.examinations().items():
        if examination.dialect == "postgresql" or soundness.size(examination) <= _READ_WHOLE:
            for fault in soundness.faults_of(examination):
                yield f"{service}: {fault}"


@check(
    "store.write-ahead-log",
    "SQLite files are in WAL mode, so that readers never wait for a writer.",
    remedy="Stop the mesh and run: sqlite3 FILE 'PRAGMA journal_mode = WAL'.",
)
def write_ahead(view: View) -> Iterator[str]:
    """Ask for the mode."""
    for service, examination in _sqlite(view).items():
        mode = soundness.journal_mode(examination)
        if mode != "wal":
            yield f"{service} is in the mode {mode}"


@check(
    "store.log-size",
    "No write-ahead log of SQLite has grown beyond 256 MiB: nobody keeps it from being folded in.",
    remedy="End the process that holds a long read of this file, or restart the service: mesh restart.",
)
def log_size(view: View) -> Iterator[str]:
    """Look at the files."""
    for service, examination in _sqlite(view).items():
        size = soundness.log_size(examination)
        if size > _LARGEST_LOG:
            yield f"the log of {service} holds {size // _MIB} MiB"


@check(
    "store.writable",
    "A writer gets its turn in every database within a second.",
    remedy="End the process that holds a transaction open, free the disk, or make the database writable again.",
)
def writable(view: View) -> Iterator[str]:
    """Begin a writing transaction, and leave it."""
    for service, examination in view.examinations().items():
        if not soundness.takes_writes(examination):
            yield f"{service} takes no writes"


@check(
    "store.connections",
    "PostgreSQL has at least a tenth of its connections free for every database.",
    remedy="Raise max_connections (or the database's own limit), or run fewer instances: mesh scale.",
)
def connections(view: View) -> Iterator[str]:
    """Count them."""
    for service, examination in _postgres(view).items():
        used, most = soundness.connections(examination)
        if used > most * _USED_SHARE:
            yield f"{service} uses {used} of {most} connections"


@check(
    "store.blobs",
    "A file can be stored, read again and deleted.",
    remedy="Make the folder or bucket of MESH_BLOBS_URL writable for the mesh, or correct the address.",
)
def blobs(view: View) -> Iterator[str]:
    """Do it, below a service's and a tenant's name that nobody has."""
    try:
        store = Blobs(view.settings.blobs_url, _PROBE)
        store.put(_PROBE, _PROBE, b"probe")
        same = store.get(_PROBE, _PROBE, limit=_PROBE_BYTES) == b"probe"
        store.delete(_PROBE, _PROBE)
    except (StoreError, ValueError, OSError):
        yield "a file could not be stored"
    else:
        if not same:
            yield "a file was not read as it was stored"


def _sqlite(view: View) -> dict[str, Examination]:
    found = {name: each for name, each in view.examinations().items() if each.dialect == "sqlite"}
    if not found:
        raise Skipped("no database is a SQLite file")
    return found


def _postgres(view: View) -> dict[str, Examination]:
    found = {name: each for name, each in view.examinations().items() if each.dialect == "postgresql"}
    if not found:
        raise Skipped("no database is PostgreSQL's")
    return found


CHECKS = (
    answers, migrated, not_ahead, schema, sound, write_ahead, log_size, writable, connections, blobs,
)  # fmt: skip
