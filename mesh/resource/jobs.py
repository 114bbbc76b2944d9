"""Jobs: long work of a service, done chunk by chunk, each chunk one transaction with its rows and the next cursor.

A job is a resource with a field `job` (rapport.type.v1.Job) and, until its remains are cleared away, a row in the mesh
table `jobs`, which says where to go on, and who works on it. This module owns what a service writes jobs with; taking
turns and retrying is the runner's matter.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf.message import Message
from rapport.type.v1 import job_pb2
from sqlalchemy import BigInteger, LargeBinary, Text, bindparam, delete, insert, update

from mesh.contract.failure import Failure
from mesh.resource.scopes import EVERYTHING
from mesh.resource.writing import blank
from mesh.runtime.call import Write
from mesh.runtime.identity import service_identity
from mesh.store.mesh_tables import jobs
from mesh.store.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.resource.resource import Resource
    from mesh.resource.scopes import Sight
    from mesh.runtime.call import Call, Commit
    from mesh.runtime.environment import Environment

M = TypeVar("M", bound=Message)

ENDED = (job_pb2.JOB_STATE_SUCCEEDED, job_pb2.JOB_STATE_FAILED, job_pb2.JOB_STATE_CANCELLED)
_c = jobs.c
_ENQUEUE = Statement(insert(jobs), name="enqueue job")
_HELD = (_c.id == bindparam("job"), _c.holder == bindparam("me"))
_ADVANCE = Statement(
    update(jobs)
    .where(*_HELD)
    .values(
        cursor=bindparam("next", type_=LargeBinary),
        due_us=bindparam("due", type_=BigInteger),
        failures=0,
        holder="",
        lease_us=0,
    ),
    name="advance job",
)
_LOCK = Statement(update(jobs).where(*_HELD).values(holder=bindparam("same", type_=Text)), name="lock job")
_WAIT = Statement(
    update(jobs).where(_c.id == bindparam("job")).values(failures=bindparam("none", type_=BigInteger)),
    name="wait for job",
)
_TAKE_AWAY = Statement(
    update(jobs)
    .where(_c.id == bindparam("job"))
    .values(due_us=bindparam("due", type_=BigInteger), failures=0, holder="", lease_us=0),
    name="take job away",
)
_FORGET = Statement(delete(jobs).where(_c.id == bindparam("job")), name="forget job")
_REMOVE = Statement(delete(jobs).where(*_HELD), name="remove job")


class TakenAway(Exception):
    """The chunk is worthless: its job was cancelled, or another process took it over."""


def nothing_to_clear(environment: Environment, tenant: str, identity: str) -> None:
    """For jobs that leave nothing behind."""
    del environment, tenant, identity


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job that a service can do.

    name: as in `contact-import`. method: path of the method whose access the requester must still have at every chunk.
    step(chunk): does one chunk and commits it once. clear(environment, tenant, id): removes what the job left outside
    of the database, `kept_seconds` after its end; it may run twice.
    """

    name: str
    method: str
    resource: Resource[Any]
    step: Callable[[Chunk], None]
    clear: Callable[[Environment, str, str], None] = nothing_to_clear
    kept_seconds: float = 0.0


@dataclass(slots=True)
class Chunk:
    """One turn of a job.

    call: the requester's, with their identity, to read with and to ask whether they may. record: the resource when the
    turn began. cursor: what the chunk before handed on; empty at first. holder: the lease of this turn.
    """

    kind: JobKind
    id: str
    tenant: str
    cursor: bytes
    call: Call
    record: Any
    holder: str
    committed: bool = field(default=False)

    @contextmanager
    def commit(self) -> Iterator[ChunkCommit]:
        """The write of the chunk: rows, progress and cursor together, or nothing.

        Raises:
            TakenAway: the job is no longer this turn's.
        """
        environment = self.call.environment
        with environment.store.transaction(tenant=self.tenant, timeout=self.call.remaining()) as transaction:
            if not transaction.write(_LOCK, job=self.id, me=self.holder, same=self.holder):
                raise TakenAway
            write = ChunkCommit(self, transaction)
            yield write
            write.finish()
        self.committed = True


class ChunkCommit(Write):
    """A chunk's write in progress. `record` is the resource, to be changed in place, with its progress in `job`."""

    def __init__(self, chunk: Chunk, transaction: Any) -> None:
        call = chunk.call
        identity = service_identity(call.environment.service, chunk.tenant, call.identity.principal)
        super().__init__(call.environment, transaction, tenant=chunk.tenant, identity=identity, trace=call.trace)
        self._chunk = chunk
        self._before, self._version = locked_record(self, chunk.kind.resource, chunk.id)
        self.record: Any = type(self._before)()
        self.record.CopyFrom(self._before)
        if self.record.job.state == job_pb2.JOB_STATE_PENDING:
            self.record.job.state = job_pb2.JOB_STATE_RUNNING
            self.record.job.start_time.FromMicroseconds(self.now_us)
        self._cursor: bytes | None = None
        self._wait_us = 0

    def go_on(self, cursor: bytes, *, wait_seconds: float = 0.0) -> None:
        """Another chunk follows, from this cursor, not before so long; to wait is no failure."""
        self._cursor, self._wait_us = cursor, int(wait_seconds * 1e6)

    def end(self, state: int = job_pb2.JOB_STATE_SUCCEEDED, reason: str = "") -> None:
        """The job has ended; its remains are cleared away in due time."""
        end_job(self.record, state, self.now_us, reason)

    def finish(self) -> None:
        """Keep the record and hand the job back."""
        ended = self.record.job.state in ENDED
        if not ended and self._cursor is None:
            msg = f"a chunk of {self._chunk.kind.name} neither goes on nor ends"
            raise RuntimeError(msg)
        keep_record(self, self._chunk.kind.resource, self._before, self.record, self._version)
        wait_us = self._wait_us and self.now_us + self._wait_us
        due = self.now_us + int(self._chunk.kind.kept_seconds * 1e6) if ended else wait_us
        cursor = self._chunk.cursor if self._cursor is None else self._cursor
        self.write(_ADVANCE, job=self._chunk.id, me=self._chunk.holder, next=cursor, due=due)


def start_job(commit: Commit, kind: str, record: Any) -> None:
    """Hand a job to the runner with the write of the call that asks for it; changes `record.job`, which is to be kept.

    Raises:
        Failure: JOB_STARTED, where it was started before; IN_PERSON_ONLY, where the caller works in another's place,
            for a job outlives that and goes on with all that the other may do.
    """
    if commit.identity.via:
        raise Failure("IN_PERSON_ONLY")
    if record.job.state not in (job_pb2.JOB_STATE_UNSPECIFIED, job_pb2.JOB_STATE_CREATED):
        raise Failure("JOB_STARTED")
    record.job.state = job_pb2.JOB_STATE_PENDING
    record.job.principal_id = commit.identity.principal
    _enqueue(commit, kind, record.id)


def create_job(commit: Commit, kind: JobKind, asked: M, *, total: int = 0, **hidden: Any) -> M:
    """Write the record of a new job, with what its caller may say of it, and hand it to the runner; the record.

    total: of the job, where it is known. hidden: for columns that are no fields, as in Resource.insert().

    Raises:
        Failure: see start_job().
    """
    resource = kind.resource
    record: Any = blank(resource, asked, commit.environment.ids.new(resource.contract.prefix), commit.now_us)
    record.creator_id = commit.identity.principal
    record.job.total = total
    start_job(commit, kind.name, record)
    resource.insert(commit, [record], **hidden)
    commit.audit(f"{resource.contract.collection}/{record.id}")
    made: M = record
    return made


def put_off(commit: Commit, kind: str, identity: str, seconds: float) -> None:
    """Let a kind of job look at a resource that no job works on, once and later than was said before.

    As long as its record has not ended, the kind's step is called, else only its clear. set_back() makes it void.
    """
    commit.write(_FORGET, job=identity)
    _enqueue(commit, kind, identity, commit.now_us + int(seconds * 1e6))


def _enqueue(commit: Commit, kind: str, identity: str, due_us: int = 0) -> None:
    commit.write(
        _ENQUEUE,
        id=identity,
        tenant=commit.tenant,
        kind=kind,
        principal=commit.identity.principal,
        trace=commit.trace,
        cursor=b"",
        create_us=commit.now_us,
        due_us=due_us,
        failures=0,
        holder="",
        lease_us=0,
    )


def set_back(write: Write, record: Any) -> None:
    """Let a job that has ended be started once more, as another kind or again; changes `record.job`.

    What its kind would have cleared away is the matter of the one that is started.
    """
    write.write(_FORGET, job=record.id)
    record.ClearField("job")


def cancel_job(commit: Commit, resource: Resource[Any], identity: str, *, kept_seconds: float = 0.0) -> Any:
    """End a job with the write of the call, and give its record; a chunk in progress is lost. Harmless after the end.

    kept_seconds: how much later what it leaves behind is cleared away. The write is recorded as one of this resource.

    The job's row is locked first, as chunks do it, so that the two never wait for each other.

    Raises:
        Failure: NOT_FOUND.
    """
    commit.write(_WAIT, job=identity, none=0)
    before, version = locked_record(commit, resource, identity, resource.visible(commit.call))
    after = type(before)()
    after.CopyFrom(before)
    if before.job.state not in ENDED:
        commit.write(_TAKE_AWAY, job=identity, due=commit.now_us + int(kept_seconds * 1e6))
        end_job(after, job_pb2.JOB_STATE_CANCELLED, commit.now_us)
        keep_record(commit, resource, before, after, version)
    commit.audit(f"{resource.contract.collection}/{identity}")
    return after


def end_job(record: Any, state: int, now_us: int, reason: str = "") -> None:
    """Note the end of a job in its record."""
    record.job.state = state
    record.job.reason = reason
    record.job.end_time.FromMicroseconds(now_us)


def locked_record(write: Write, resource: Resource[Any], identity: str, sight: Sight = EVERYTHING) -> tuple[Any, int]:
    """A resource within sight and its version, locked for the rest of the write.

    Raises:
        Failure: NOT_FOUND.
    """
    rows = write.read(resource.lock(sight), id=identity, **sight.parameters)
    if not rows:
        raise Failure("NOT_FOUND", metadata={"resource": f"{resource.contract.collection}/{identity}"})
    return resource.build(resource.message, rows[0]), rows[0][0]


def keep_record(write: Write, resource: Resource[Any], before: Any, after: Any, version: int) -> None:
    """Write a changed resource, with its event; nothing where nothing changed."""
    resource.update(write, "Updated", before, after, version)


def remove_job(write: Write, identity: str, holder: str) -> None:
    """Forget a job whose remains are cleared away."""
    write.write(_REMOVE, job=identity, me=holder)
