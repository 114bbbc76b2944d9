"""Events on their way: Redis and how it keeps them, what waits in outboxes, streams and inboxes, timers and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, func, or_, select

from mesh.checks.check import Skipped, check
from mesh.events import embedded_redis
from mesh.events.envelope import stream_of
from mesh.events.lag import fields
from mesh.events.redis_connection import RedisRefused
from mesh.events.waiting import NEVER
from mesh.runtime.clock import mesh_clock
from mesh.store.mesh_tables import inbox_waiting, jobs, outbox, parked_events
from mesh.store.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.checks.view import View

_SECONDS = 1.0
_MINUTE_US = 60_000_000
# The owner of an aggregate is asked after half a minute; a gap that stays for ten is nobody's any more.
_LONGEST_GAP_US = 10 * _MINUTE_US
_LATE_JOB_US = 5 * _MINUTE_US
_MOST_FAILURES = 6
_LARGEST_SHARE = 0.9
_REDIS = "Set it in redis.conf, or at once: redis-cli CONFIG SET "

_BEFORE = bindparam("before", type_=BigInteger)
_WAITS = (outbox.c.published == 0, outbox.c.due_us <= _BEFORE, outbox.c.time_us <= _BEFORE)
_UNPUBLISHED = Statement(select(func.count()).where(*_WAITS, outbox.c.name.is_(None)), name="check unpublished events")
_OVERDUE = Statement(select(func.count()).where(*_WAITS[:2], outbox.c.name.is_not(None)), name="check overdue timers")
_PARKED = Statement(select(func.count(func.distinct(parked_events.c.key))), name="check parked aggregates")
_GAPS = Statement(
    select(func.count(func.distinct(inbox_waiting.c.key))).where(
        inbox_waiting.c.since_us <= _BEFORE,
        inbox_waiting.c.retry_us == NEVER,
        # What waits behind a parked event is told with that one.
        inbox_waiting.c.key.not_in(select(parked_events.c.key)),
    ),
    name="check gaps",
)
_STUCK = Statement(
    select(jobs.c.id, jobs.c.kind).where(
        or_(
            jobs.c.failures >= _MOST_FAILURES,
            (jobs.c.due_us <= _BEFORE) & (jobs.c.lease_us <= _BEFORE),
        )
    ).limit(20),
    name="check stuck jobs",
)  # fmt: skip


@check(
    "events.redis",
    "Redis answers.",
    remedy="Start Redis, or correct REDIS_URL; until then events wait in the outboxes and nothing is lost.",
)
def redis(view: View) -> Iterator[str]:
    """Ask it."""
    view.redis_url()
    try:
        view.redis()
    except Skipped:
        yield "Redis does not answer"


@check(
    "events.redis-version",
    "Redis is of version 7 or newer.",
    remedy="Install a newer Redis, or unset REDIS_URL to use the one that comes with the mesh.",
)
def redis_version(view: View) -> Iterator[str]:
    """Ask for its version."""
    version = view.redis_info().get("redis_version", "0")
    if int(version.partition(".")[0]) < embedded_redis.OLDEST:
        yield f"Redis is of version {version}"


@check(
    "events.redis-persistence",
    "Redis writes what it is given to disk, and its last write succeeded.",
    remedy=_REDIS + "appendonly yes.",
)
def redis_persistence(view: View) -> Iterator[str]:
    """Ask for the append-only file."""
    told = view.redis_info()
    if told.get("aof_enabled") != "1":
        yield "Redis keeps its data in memory alone (appendonly no)"
    elif told.get("aof_last_write_status", "ok") != "ok":
        yield "Redis could not write its append-only file"


@check(
    "events.redis-eviction",
    "Redis refuses writes when it is full, and never drops what it has.",
    remedy=_REDIS + "maxmemory-policy noeviction.",
)
def redis_eviction(view: View) -> Iterator[str]:
    """Ask for the policy."""
    policy = view.redis_info().get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        yield f"the policy is {policy}"


@check(
    "events.redis-memory",
    "Redis uses less than nine tenths of the memory that it may use.",
    remedy="Give Redis more memory (maxmemory), or find the consumer that is behind: mesh events lag.",
)
def redis_memory(view: View) -> Iterator[str]:
    """Compare both."""
    told = view.redis_info()
    used, most = int(told.get("used_memory", 0)), int(told.get("maxmemory", 0))
    if most and used > most * _LARGEST_SHARE:
        yield f"{used} of {most} bytes are in use"


@check(
    "events.published",
    "No event has waited in an outbox for longer than a minute.",
    remedy="See which service's relay does not run (mesh ps, mesh logs), and restart it: mesh restart.",
)
def published(view: View) -> Iterator[str]:
    """Count them by service."""
    yield from _counted(view, _UNPUBLISHED, _MINUTE_US, "events wait to be published")


@check(
    "events.timers",
    "No timer is overdue by more than a minute.",
    remedy="See which service's relay does not run (mesh ps, mesh logs), and restart it: mesh restart.",
)
def timers(view: View) -> Iterator[str]:
    """Count them by service, on the mesh's clock."""
    yield from _counted(view, _OVERDUE, _MINUTE_US, "timers are overdue")


@check(
    "events.delivered",
    "No consumer has left an event of a stream unread for longer than a minute.",
    remedy="See whether the consumer runs (mesh ps, mesh logs), and restart it: mesh restart.",
)
def delivered(view: View) -> Iterator[str]:
    """Look at the first entry behind each group's place."""
    for source, group, told in _groups(view):
        after = b"(" + told[b"last-delivered-id"]
        first = view.redis().call("XRANGE", stream_of(source), after, "+", "COUNT", 1)
        if first and _age_us(view, first[0][0]) > _MINUTE_US:
            yield f"{group} has not read the events of {source} for {_age_us(view, first[0][0]) // _MINUTE_US} minutes"


@check(
    "events.handled",
    "No consumer has held an event for longer than a minute without finishing it.",
    remedy="See what the consumer says of it (mesh logs, mesh events parked), and restart it: mesh restart.",
)
def handled(view: View) -> Iterator[str]:
    """Look at the oldest pending entry of each group."""
    for source, group, told in _groups(view):
        if told[b"pending"]:
            first = view.redis().call("XPENDING", stream_of(source), group)[1]
            if first and _age_us(view, first) > _MINUTE_US:
                yield f"{group} holds {told[b'pending']} events of {source} unfinished"


@check(
    "events.consumers",
    "Every group of consumers is a service's: one that nobody reads for would keep streams from being cut.",
    remedy="Remove the group: redis-cli XGROUP DESTROY <stream> <group>.",
)
def consumers(view: View) -> Iterator[str]:
    """Compare names."""
    services = view.catalog().services()
    for source, group, _ in _groups(view):
        if group not in services:
            yield f"{group} follows {source} and is no service"


@check(
    "events.parked",
    "No aggregate is parked because its events failed too often.",
    remedy="Look at the causes (mesh events parked), mend them, then: mesh events replay.",
)
def parked(view: View) -> Iterator[str]:
    """Count them by service."""
    for service, store in view.stores().items():
        ((count,),) = store.read(_PARKED, tenant=None, timeout=_SECONDS)
        if count:
            yield f"{service} has {count} aggregates parked"


@check(
    "events.gaps",
    "No event has waited for longer than ten minutes for one that comes before it.",
    remedy="Have the owner publish again what is missing: mesh events republish.",
)
def gaps(view: View) -> Iterator[str]:
    """Count the aggregates by service."""
    yield from _counted(view, _GAPS, _LONGEST_GAP_US, "aggregates wait for an event that does not come")


@check(
    "events.jobs",
    "No job is stuck: none failed six times in a row, none has waited for five minutes for somebody to work on it.",
    remedy="See whether workers run (mesh ps) and what they say of the job: mesh logs; then cancel it, or restart.",
)
def stuck_jobs(view: View) -> Iterator[str]:
    """Look at them by service, on the mesh's clock."""
    before = mesh_clock(view.settings).now_us() - _LATE_JOB_US
    for service, store in view.stores().items():
        for job, kind in store.read(_STUCK, tenant=None, timeout=_SECONDS, before=before):
            yield f"{service} does not get on with the {kind} {job}"


def _counted(view: View, statement: Statement, age_us: int, text: str) -> Iterator[str]:
    """What a count older than an age yields, by service."""
    before = mesh_clock(view.settings).now_us() - age_us
    for service, store in view.stores().items():
        ((count,),) = store.read(statement, tenant=None, timeout=_SECONDS, before=before)
        if count:
            yield f"{service}: {count} {text}"


def _groups(view: View) -> Iterator[tuple[str, str, dict[bytes, Any]]]:
    """Source, name and what Redis tells of every group."""
    for source in view.catalog().services():
        try:
            groups = view.redis().call("XINFO", "GROUPS", stream_of(source))
        except RedisRefused:
            continue  # nothing was ever published
        for flat in groups:
            told = fields(flat)
            yield source, told[b"name"].decode(), told


def _age_us(view: View, entry: bytes) -> int:
    """How old an entry of a stream is: ids begin with Redis's time in milliseconds."""
    return view.clock.now_us() - int(entry.partition(b"-")[0]) * 1000


CHECKS = (
    redis, redis_version, redis_persistence, redis_eviction, redis_memory, published, timers, delivered, handled,
    consumers, parked, gaps, stuck_jobs,
)  # fmt: skip
