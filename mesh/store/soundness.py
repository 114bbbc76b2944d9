"""What an Examination tells of a database's own health: the file and its log on SQLite, indexes and room on PostgreSQL.

Owns the questions; what the answers mean for an operator is the checks' matter.
"""

from mesh.store.errors import StoreError
from mesh.store.examination import Examination


def faults_of(examination: Examination) -> list[str]:
    """What the engine itself finds broken; nothing where it finds all well."""
    if examination.dialect == "sqlite":
        try:
            found = [str(row[0]) for row in examination.rows("PRAGMA quick_check(3)")]
        except StoreError:
            return ["the file is no database any more"]
        return [] if found == ["ok"] else [f"{len(found)} faults in its pages"]
    rows = examination.rows("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid OR NOT indisready")
    return [f"index {row[0]} is not valid" for row in rows]


def size(examination: Examination) -> int:
    """Bytes of the database."""
    if examination.dialect == "sqlite":
        return examination.file.stat().st_size
    return int(str(examination.rows("SELECT pg_database_size(current_database())")[0][0]))


def journal_mode(examination: Examination) -> str:
    """Of SQLite, as in `wal`."""
    return str(examination.rows("PRAGMA journal_mode")[0][0])


def log_size(examination: Examination) -> int:
    """Of SQLite: bytes of the write-ahead log."""
    log = examination.file.with_name(f"{examination.file.name}-wal")
    return log.stat().st_size if log.exists() else 0


def takes_writes(examination: Examination) -> bool:
    """Whether a writer gets its turn within a second; nothing is written."""
    if examination.dialect == "postgresql":
        reads_only = "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean"
        return not examination.rows(reads_only)[0][0]
    try:
        examination.run("BEGIN IMMEDIATE")
    except StoreError:
        return False
    examination.run("ROLLBACK")
    return True


def connections(examination: Examination) -> tuple[int, int]:
    """Of PostgreSQL: how many connections the database has, and how many it may have."""
    used, most = examination.rows(
        "SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()), CASE WHEN datconnlimit < 0 "
        "THEN current_setting('max_connections')::int ELSE datconnlimit END FROM pg_database "
        "WHERE datname = current_database()"
    )[0]
    return int(str(used)), int(str(most))


def clock_us(examination: Examination) -> int:
    """Of PostgreSQL: its time of day in microseconds since 1970."""
    return int(str(examination.rows("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")[0][0]))
