"""A bounded pool of connections with a wait per call.

Owns who may use a connection now. It never runs a statement: the engine says how to open, test and close one.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition
from typing import Generic, TypeVar

from mesh.store.errors import Busy, Unavailable

Connection = TypeVar("Connection")


@dataclass(frozen=True, slots=True)
class PoolCounts:
    """Connections that are used and idle, the most there may be, and the callers that wait for one."""

    used: int
    idle: int
    most: int
    waiting: int


class Pool(Generic[Connection]):
    """At most ``size`` connections, opened when needed; the one used last is used first.

    SQLAlchemy's pool waits a fixed time, whatever its caller has left, and costs 6 us a checkout.
    """

    def __init__(
        self,
        size: int,
        *,
        connect: Callable[[float], Connection],
        usable: Callable[[Connection], bool],
        close: Callable[[Connection], None],
    ) -> None:
        self._size = self._free = size
        self._connect, self._usable, self._close = connect, usable, close
        self._idle: deque[Connection] = deque()
        self._changed = Condition()
        self._waiting = 0
        self._closed = False

    def acquire(self, deadline: float) -> Connection:
        """A connection that was usable a moment ago; Busy when none is free before ``deadline`` (monotonic)."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                if not self._reserve(deadline):
                    continue
                return self._open(deadline)
            if self._usable(connection):
                return connection
            self.discard(connection)

    def release(self, connection: Connection) -> None:
        """Give back a connection that is fit for the next caller."""
        self._idle.append(connection)
        if self._waiting:
            with self._changed:
                self._changed.notify()
        if self._closed:
            self._drain()

    def discard(self, connection: Connection) -> None:
        """Close a connection instead of giving it back."""
        try:
            self._close(connection)
        finally:
            self._give_up()

    def counts(self) -> PoolCounts:
        """How it is used at about this moment."""
        idle = len(self._idle)
        used = max(0, self._size - self._free - idle)
        return PoolCounts(used=used, idle=idle, most=self._size, waiting=self._waiting)

    def check_open(self) -> None:
        """Raise Unavailable once it is closed."""
        if self._closed:
            raise Unavailable("the store is closed")

    def forget_idle(self) -> None:
        """Close the connections that nobody uses; the next callers get fresh ones."""
        self._drain()

    def close(self) -> None:
        """Refuse new callers and close every connection, those in use when they come back."""
        self._closed = True
        with self._changed:
            self._changed.notify_all()
        self._drain()

    def _reserve(self, deadline: float) -> bool:
        """Whether a new connection may be opened now; False: an idle one may be there, look again."""
        with self._changed:
            self._waiting += 1
            try:
                while not self._idle:
                    self.check_open()
                    if self._free:
                        self._free -= 1
                        return True
                    left = deadline - time.monotonic()
                    if left <= 0 or not self._changed.wait(left):
                        raise Busy("no connection became free in time")
                return False
            finally:
                self._waiting -= 1

    def _open(self, deadline: float) -> Connection:
        try:
            return self._connect(deadline)
        except BaseException:
            self._give_up()
            raise

    def _give_up(self) -> None:
        with self._changed:
            self._free += 1
            self._changed.notify()

    def _drain(self) -> None:
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:
                return
            self.discard(connection)
