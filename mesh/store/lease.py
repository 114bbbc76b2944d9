"""Leases: one process at a time does a thing for a database. A lease ends with the process, however that ends.

Owns the two ways to hold one. It promises no fencing: who loses a connection learns so a moment later, and what is done
under a lease must bear being done twice.
"""

from __future__ import annotations

import fcntl
import time
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mesh.store.pipeline import PipelineConnection

_SECONDS = 5.0


class Lease(Protocol):
    """For one thread."""

    def held(self) -> bool:
        """Whether this process has the lease, taking it when it is free; raises StoreError when that cannot be told."""
        ...

    def release(self) -> None:
        """Let another process have it."""
        ...


class FileLease:
    """A locked file beside a SQLite database."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def held(self) -> bool:
        """See Lease."""
        if self._file is not None:
            return True
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """See Lease."""
        if self._file is not None:
            self._file.close()
            self._file = None


class AdvisoryLease:
    """A session's advisory lock in PostgreSQL, on a connection of its own; `take` locks on a connection it is given."""

    def __init__(
        self, connect: Callable[[float], PipelineConnection], take: Callable[[PipelineConnection, float], bool]
    ) -> None:
        self._connect, self._take = connect, take
        self._connection: PipelineConnection | None = None

    def held(self) -> bool:
        """See Lease."""
        if self._connection is not None and self._connection.idle and self._connection.quiet:
            return True
        self.release()
        deadline = time.monotonic() + _SECONDS
        connection = self._connect(deadline)
        try:
            taken = self._take(connection, deadline)
        except BaseException:
            connection.close()
            raise
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken

    def release(self) -> None:
        """See Lease."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
