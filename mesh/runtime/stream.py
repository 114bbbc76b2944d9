"""A call that is answered with a stream: when it must end, and why it did."""

from __future__ import annotations

import time
from threading import Event
from typing import TYPE_CHECKING, Any

from mesh.contract.failure import Failure
from mesh.runtime.call import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import grpc

    from mesh.contract.method import MethodContract
    from mesh.runtime.drain import Drain
    from mesh.runtime.environment import Environment
    from mesh.store.statement import Statement

# A stream may live for an hour; none of its statements may take that long.
_READ_SECONDS = 10.0


class Gone(Event):
    """Set when the caller has left, the process drains, or the stream's longest life is over."""

    def __init__(self, ends: float) -> None:
        super().__init__()
        self._ends = ends

    def is_set(self) -> bool:
        """Whether the stream must end."""
        return super().is_set() or time.monotonic() >= self._ends

    def wait(self, timeout: float | None = None) -> bool:
        """Wait up to `timeout` seconds, and no longer than the stream may live; whether it must end."""
        left = max(0.0, self._ends - time.monotonic())
        super().wait(left if timeout is None else min(timeout, left))
        return self.is_set()


def _nothing() -> None:
    """Until it is known who calls, there is nothing to look at."""


class StreamCall(Call):
    """A call whose handler yields replies.

    `gone` is what a handler waits on between replies, instead of sleeping: it returns as soon as that is set.
    """

    __slots__ = ("_context", "_drain", "gone", "recheck")

    def __init__(
        self,
        contract: MethodContract,
        environment: Environment,
        ends: float,
        context: grpc.ServicerContext,
        drain: Drain,
    ) -> None:
        super().__init__(contract, environment, ends)
        self._context = context
        self._drain = drain
        self.gone = Gone(ends)
        self.recheck: Callable[[], None] = _nothing
        """Looks at the caller's rights again, and raises the Failure with which the stream must end."""
        drain.watch(self.gone)
        if not context.add_callback(self.gone.set):
            self.gone.set()

    @property
    def left(self) -> bool:
        """Whether nobody is there any more to read an answer."""
        return not self._context.is_active()

    def check(self) -> None:
        """Let the stream go on.

        Raises:
            Failure: DRAINING or DEADLINE_EXCEEDED, where it must end.
        """
        if self._drain.begun():
            raise Failure("DRAINING")
        self.remaining()

    def read(self, statement: Statement, /, *, tenant: str = "", **parameters: Any) -> Sequence[Sequence[Any]]:
        """Rows of the caller's tenant, within ten seconds."""
        tenant = tenant or self.identity.tenant
        timeout = min(self.remaining(), _READ_SECONDS)
        return self.environment.store.read(statement, tenant=tenant or None, timeout=timeout, **parameters)

    def close(self) -> None:
        """The stream has ended."""
        self._drain.forget(self.gone)
