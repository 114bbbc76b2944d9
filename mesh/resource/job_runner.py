"""The runner of a service's jobs: one chunk of one job at a time, tenant after tenant, in every worker process.

A turn is held by a lease that ends by itself, so that another process goes on from the last cursor after a kill; the
chunk's commit checks the lease, so that a turn that lost it leaves no trace.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from rapport.type.v1 import job_pb2
from sqlalchemy import BigInteger, Text, bindparam, select, update

from mesh.contract.catalog import load_service
from mesh.contract.failure import Failure, whereabouts
from mesh.resource.jobs import ENDED, Chunk, JobKind, TakenAway, remove_job
from mesh.resource.turns import PASSING, Turns
from mesh.runtime.call import Call, Write
from mesh.runtime.identity import Identity, Kind
from mesh.runtime.links import AuthoriseLink
from mesh.store.mesh_tables import jobs
from mesh.store.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.environment import Environment

_log = logging.getLogger(__name__)

CHUNK_SECONDS = 20.0
_LEASE_US = 25_000_000
"""Longer than a chunk may take, so that only a dead process loses its turn."""
_LOOK_SECONDS = 0.2
_FIRST_PAUSE_US, _LONGEST_PAUSE_US = 500_000, 60_000_000
_MAX_FAILURES = 12
# A sign-out ends sessions, not work that was asked for; only the principal's state and permissions count.
_ANY_EPOCH = 2**62

_c = jobs.c
_READY = (_c.due_us <= bindparam("now"), _c.lease_us <= bindparam("now"))
_NEXT = Statement(
    select(_c.id, _c.tenant, _c.kind, _c.principal, _c.trace, _c.cursor, _c.failures)
    .where(_c.tenant > bindparam("after"), *_READY)
    .order_by(_c.tenant, _c.create_us, _c.id)
    .limit(1),
    name="next job",
)
_CLAIM = Statement(
    update(jobs)
    .where(_c.id == bindparam("job"), *_READY)
    .values(holder=bindparam("me", type_=Text), lease_us=bindparam("until", type_=BigInteger)),
    name="claim job",
)
_POSTPONE = Statement(
    update(jobs)
    .where(_c.id == bindparam("job"), _c.holder == bindparam("me"))
    .values(
        due_us=bindparam("due", type_=BigInteger),
        failures=bindparam("count", type_=BigInteger),
        holder="",
        lease_us=0,
    ),
    name="postpone job",
)


class JobRunner(Turns):
    """Works on the jobs of one service until it is stopped."""

    def __init__(self, kinds: Sequence[JobKind], environment: Environment) -> None:
        super().__init__("jobs", environment, _LOOK_SECONDS)
        self._kinds = {kind.name: kind for kind in kinds}
        self._authorise = AuthoriseLink(environment.directory)
        methods = load_service(environment.service).methods
        # What the session had proven was asked when the work was asked for; a job has no session.
        self._methods = {kind.method: replace(methods[kind.method], assurance=None) for kind in kinds}

    def turn(self) -> bool:
        """Do one chunk of the next tenant's oldest job that is due; False where there is none."""
        row = self._next(_NEXT, CHUNK_SECONDS)
        if row is None:
            return False
        identity, tenant, kind, principal, trace, cursor, failures = row
        holder = self._environment.ids.new("run")
        if not self._claim(identity, holder):
            return True
        call = self._call(self._kinds[kind], tenant, principal, trace)
        rows = call.read(self._kinds[kind].resource.by_id, tenant=tenant, id=identity)
        record = self._kinds[kind].resource.build(self._kinds[kind].resource.message, rows[0]) if rows else None
        chunk = Chunk(self._kinds[kind], identity, tenant, bytes(cursor), call, record, holder)
        try:
            self._work(chunk)
        except TakenAway:
            return True
        except Exception as error:  # noqa: BLE001  # whatever a chunk raises, the job is retried or ended, never stuck
            self._failed(chunk, error, failures + 1)
        return True

    def _claim(self, identity: str, holder: str) -> bool:
        now = self._environment.clock.now_us()
        with self._environment.store.transaction(tenant=None, timeout=CHUNK_SECONDS) as transaction:
            return bool(transaction.write(_CLAIM, job=identity, now=now, me=holder, until=now + _LEASE_US))

    def _call(self, kind: JobKind, tenant: str, principal: str, trace: str) -> Call:
        call = Call(self._methods[kind.method], self._environment, time.monotonic() + CHUNK_SECONDS)
        call.identity = Identity(tenant=tenant, principal=principal, kind=Kind.USER, epoch=_ANY_EPOCH)
        call.trace = trace
        return call

    def _work(self, chunk: Chunk) -> None:
        if chunk.record is None or chunk.record.job.state in ENDED:
            chunk.kind.clear(self._environment, chunk.tenant, chunk.id)
            with self._environment.store.transaction(tenant=chunk.tenant, timeout=CHUNK_SECONDS) as transaction:
                write = Write.of_service(self._environment, transaction, chunk.tenant, trace=chunk.call.trace)
                remove_job(write, chunk.id, chunk.holder)
            return
        self._authorise(chunk.call, None)
        chunk.kind.step(chunk)
        if not chunk.committed:
            msg = f"a chunk of {chunk.kind.name} ends without a commit"
            raise RuntimeError(msg)

    def _failed(self, chunk: Chunk, error: Exception, failures: int) -> None:
        """Try the chunk again later, or end the job where that cannot help."""
        reason = error.reason if isinstance(error, Failure) else "UNAVAILABLE"
        answer = isinstance(error, Failure) and reason not in PASSING
        if not isinstance(error, Failure):
            _log.warning("a chunk of %s failed: %s at %s", chunk.id, type(error).__name__, whereabouts(error))
            reason = "INTERNAL"
        if chunk.record is None or not (answer or failures >= _MAX_FAILURES):
            pause = min(_FIRST_PAUSE_US << min(failures, 20), _LONGEST_PAUSE_US)
            due = self._environment.clock.now_us() + pause
            with self._environment.store.transaction(tenant=None, timeout=CHUNK_SECONDS) as transaction:
                transaction.write(_POSTPONE, job=chunk.id, me=chunk.holder, due=due, count=failures)
            return
        chunk.call.ends = time.monotonic() + CHUNK_SECONDS
        try:
            with chunk.commit() as write:
                write.end(job_pb2.JOB_STATE_FAILED, reason)
        except TakenAway:
            return
