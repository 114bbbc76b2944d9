"""One PostgreSQL connection, spoken to in libpq pipelines: prepared statements up to a Sync are one round trip.

The only module that uses psycopg below its public cursor (``pgconn``, Transformer), pinned by
tests/conformance/store/test_compiled.py. It prepares each statement once, bounds every wait, and leaves the meaning of
errors to mesh.store.postgres.
"""

import select
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

import psycopg
from psycopg import errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from mesh.store.compiled import Compiled

_PREPARED_LIMIT = 512
"""Statements kept prepared per connection; filters written by users make more over time than are worth keeping."""
_GRACE_SECONDS = 1.0
"""The server's own statement_timeout speaks first; a server that is silent for longer is taken for dead."""
_FRESH_SECONDS = 0.05
"""Who was answered so lately need not be asked whether it is there: it may go away right after that question, too."""
_IN = select.POLLIN | select.POLLERR | select.POLLHUP
_Step = Literal["close", "prepare", "execute"]
_BAD = (ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE, ExecStatus.NONFATAL_ERROR)


@dataclass(frozen=True, slots=True)
class Message:
    """A statement with its positional parameters."""

    form: Compiled
    values: tuple[Any, ...] = ()


class ConnectionLost(Exception):
    """The connection cannot be used any more; whether what was sent took effect is unknown."""


class StaleStatement(Exception):
    """A statement that was prepared before a migration has to be prepared again."""


class PipelineConnection:
    """Owns ``raw`` from now on. For one thread at a time."""

    def __init__(self, raw: "psycopg.Connection[Any]") -> None:
        self._raw = raw
        self._pg = raw.pgconn
        self._reader, self._writer = Transformer(raw), Transformer(raw)
        self._prepared: OrderedDict[Compiled, bytes] = OrderedDict()
        self._names = 0
        self._answered = 0.0
        self._poll = select.poll()
        self._poll.register(self._pg.socket, _IN)
        self._pg.enter_pipeline_mode()

    @property
    def idle(self) -> bool:
        """Whether it is outside of any transaction and in working order."""
        return self._pg.status == ConnStatus.OK and self._pg.transaction_status == TransactionStatus.IDLE

    @property
    def quiet(self) -> bool:
        """Whether the server has said nothing since the last reply; what it says unasked is that it is going away."""
        return time.monotonic() - self._answered < _FRESH_SECONDS or not self._poll.poll(0)

    def close(self) -> None:
        """Close the socket; harmless when it is broken."""
        self._raw.close()

    def exchange(self, messages: Sequence[Message], deadline: float) -> list[PGresult]:
        """The result of each message, in one round trip.

        Raises psycopg.Error of the first that failed (none of the later ones ran), StaleStatement, ConnectionLost, and
        TimeoutError when the server stays silent.
        """
        encoded = [self._encoded(message) for message in messages]
        try:
            steps = [
                step
                for message, values in zip(messages, encoded, strict=True)
                for step in self._send(message.form, values)
            ]
            self._pg.pipeline_sync()
            self._flush(deadline)
            results = self._receive(deadline)
        except (psycopg.OperationalError, OSError) as error:
            raise ConnectionLost from error
        return self._answers(steps, results)

    def rows(self, result: PGresult) -> list[tuple[Any, ...]]:
        """The rows of a result, by psycopg's binary loaders."""
        self._reader.set_pgresult(result)
        return self._reader.load_rows(0, result.ntuples, tuple)

    def _encoded(self, message: Message) -> list[bytes | None]:
        return [self._value(value, binary) for value, binary in zip(message.values, message.form.formats, strict=True)]

    def _value(self, value: Any, binary: int) -> bytes | None:
        if value is None:
            return None
        if binary:
            return value.encode() if isinstance(value, str) else bytes(value)
        if isinstance(value, bool):
            return b"t" if value else b"f"
        if isinstance(value, int):
            return b"%d" % value
        return bytes(self._writer.dump_sequence([value], [PyFormat.TEXT])[0] or b"")

    def _send(self, form: Compiled, values: list[bytes | None]) -> list[tuple[_Step, Compiled]]:
        """Queue a message, after its Parse when it is new; what answers are to come, in order."""
        steps: list[tuple[_Step, Compiled]] = []
        name = self._prepared.get(form)
        if name is None:
            if len(self._prepared) >= _PREPARED_LIMIT:
                oldest, old_name = self._prepared.popitem(last=False)
                self._pg.send_close_prepared(old_name)
                steps.append(("close", oldest))
            self._names += 1
            name = self._prepared[form] = b"s%d" % self._names
            self._pg.send_prepare(name, form.sql.encode())
            steps.append(("prepare", form))
        else:
            self._prepared.move_to_end(form)
        self._pg.send_query_prepared(name, values, form.formats, result_format=1)
        steps.append(("execute", form))
        return steps

    def _answers(self, steps: list[tuple[_Step, Compiled]], results: list[PGresult]) -> list[PGresult]:
        """The results of the executions; raises the first failure. Forgets statements whose Parse did not happen."""
        failed: tuple[Compiled, PGresult] | None = None
        answers = []
        for (step, form), result in zip(steps, results, strict=True):
            bad = result.status in _BAD
            if bad and failed is None:
                failed = form, result
            if step == "prepare" and (bad or result.status == ExecStatus.PIPELINE_ABORTED):
                self._prepared.pop(form, None)
            elif step == "execute":
                answers.append(result)
        if failed is not None:
            self._raise(*failed)
        return answers

    def _raise(self, form: Compiled, result: PGresult) -> NoReturn:
        state = result.error_field(DiagnosticField.SQLSTATE)
        replanned = (
            state == b"0A000" and result.error_field(DiagnosticField.SOURCE_FUNCTION) == b"RevalidateCachedQuery"
        )
        if replanned or state == b"26000":
            self._prepared.pop(form, None)
            raise StaleStatement
        raise errors.error_from_result(result)

    def _flush(self, deadline: float) -> None:
        while self._pg.flush():
            self._poll.modify(self._pg.socket, _IN | select.POLLOUT)
            try:
                self._wait(deadline)
            finally:
                self._poll.modify(self._pg.socket, _IN)

    def _receive(self, deadline: float) -> list[PGresult]:
        results: list[PGresult] = []
        while True:
            while self._pg.is_busy():
                self._wait(deadline)
            result = self._pg.get_result()
            if result is None:
                if self._pg.status != ConnStatus.OK:
                    raise ConnectionLost
            elif result.status == ExecStatus.PIPELINE_SYNC:
                self._answered = time.monotonic()
                return results
            else:
                results.append(result)

    def _wait(self, deadline: float) -> None:
        events = self._poll.poll(max(0.0, deadline + _GRACE_SECONDS - time.monotonic()) * 1000)
        if not events:
            raise TimeoutError
        if events[0][1] & _IN:
            self._pg.consume_input()
