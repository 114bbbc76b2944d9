"""Every check is caught by a fault: planted for real, seen by that check alone, and told with its remedy."""

from __future__ import annotations

import json
import resource
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from mesh.checks.registry import all_checks
from mesh.control.certificates import Authority, Identity
from mesh.runtime.clock import SystemClock
from mesh.testing.postgres import postgres_server
from mesh.testing.redis import redis_server
from mesh.testing.running import running_mesh
from tests.control import data_faults as data
from tests.control import resting_faults as rest
from tests.control import running_faults as run
from tests.control.worlds import OnPostgres, Resting, Running, copied_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from mesh.checks.check import Check
    from tests.control.worlds import Sight

# These look at the code and at what is installed; they are made where a fault is planted there, and once for all.
CODE = ("contract.", "machine.libraries", "machine.programs")
YEAR = timedelta(days=365)
LATE = {"time_us": 1, "due_us": 1, "event_id": "evt_1"}


@dataclass(frozen=True)
class Fault:
    """Where it is planted, and how; `tmp`: whether it needs a folder."""

    world: str
    plant: Callable[..., AbstractContextManager[Sight]]
    tmp: bool = False


def resting(plant: Callable[..., AbstractContextManager[Sight]], *, tmp: bool = False) -> Fault:
    return Fault("resting_world", plant, tmp)


def running(plant: Callable[..., AbstractContextManager[Sight]]) -> Fault:
    return Fault("running_world", plant)


@contextmanager
def changed(world: Resting, **settings: Any) -> Iterator[Sight]:
    yield world.changed(**settings)


def row(service: str, table: str, **values: Any) -> Fault:
    return resting(lambda world: world.row(service, table, **values))


def on_postgres(service: str, fault: str, mended: str) -> Fault:
    return Fault("postgres_world", lambda world: world.altered(service, fault, mended))


def redis(setting: str, fault: str, mended: str) -> Fault:
    return resting(lambda world: data.redis_with(world, setting, fault, mended))


def stream(*commands: tuple[str, ...]) -> Fault:
    return resting(lambda world: data.stream(world, *commands))


EVENTS = "rapport:events:users"
GROUP = ("XGROUP", "CREATE", EVENTS, "customers", "0")
FENCE = "tenant_id = nullif(current_setting('app.tenant', true), '')"

FAULTS = MappingProxyType(
    {
        "machine.disk": resting(rest.full_disk),
        "machine.logs": resting(rest.large_logs),
        "machine.open-files": running(run.few_files),
        "machine.programs": resting(rest.missing_program),
        "machine.libraries": resting(rest.old_library, tmp=True),
        "machine.private-files": resting(rest.open_key),
        "machine.left-over-processes": resting(rest.orphan),
        "settings.names": resting(rest.misspelt_variable),
        "settings.urls": resting(partial(changed, migration_url="mysql://{service}")),
        "settings.secret": resting(partial(changed, secret="00" * 32)),
        "settings.embedded-secret": resting(rest.copied_key),
        "settings.demo-tenant": resting(rest.demo_in_production),
        "settings.plaintext": resting(partial(changed, edge_host="0.0.0.0")),  # noqa: S104  # nobody listens there
        "settings.in-force": running(run.another_redis),
        "contract.policies": resting(partial(rest.generated, change="policy"), tmp=True),
        "contract.openapi": resting(partial(rest.generated, change="path"), tmp=True),
        "contract.stubs": resting(partial(rest.generated, change="stub"), tmp=True),
        "contract.services": resting(rest.code_without_contracts, tmp=True),
        "certificates.present": resting(rest.no_certificate),
        "certificates.life": resting(rest.ending_certificate),
        "certificates.names": resting(rest.somebody_elses_certificate),
        "certificates.issuer": resting(rest.foreign_certificate, tmp=True),
        "certificates.keys": resting(rest.foreign_key, tmp=True),
        "certificates.authority": resting(rest.ending_authority),
        "certificates.edge": resting(rest.ending_edge_certificate, tmp=True),
        "store.answers": resting(data.lost_database),
        "store.migrated": resting(partial(data.at_revision, revision="0003")),
        "store.not-ahead": resting(partial(data.at_revision, revision="0999")),
        "store.schema": resting(data.lost_index),
        "store.sound": resting(data.broken_page),
        "store.write-ahead-log": resting(data.journal),
        "store.log-size": resting(data.grown_log),
        "store.writable": resting(data.busy_writer),
        "store.connections": Fault("postgres_world", data.few_connections),
        "store.blobs": resting(data.no_room_for_files, tmp=True),
        "tenancy.guard": resting(data.lost_guard),
        "tenancy.row-level-security": on_postgres(
            "customers",
            "ALTER TABLE contacts NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE contacts FORCE ROW LEVEL SECURITY",
        ),
        "tenancy.runtime-role": on_postgres(
            "users", "ALTER ROLE checks_users_runtime BYPASSRLS", "ALTER ROLE checks_users_runtime NOBYPASSRLS"
        ),
        "tenancy.denied-by-default": on_postgres(
            "customers",
            "ALTER POLICY tenant_fence ON custom_versions USING (true)",
            f"ALTER POLICY tenant_fence ON custom_versions USING ({FENCE})",
        ),
        "events.redis": resting(data.no_redis),
        "events.redis-version": resting(data.old_redis),
        "events.redis-persistence": redis("appendonly", "no", "yes"),
        "events.redis-eviction": redis("maxmemory-policy", "allkeys-lru", "noeviction"),
        "events.redis-memory": redis("maxmemory", "1000", "0"),
        "events.published": row("users", "outbox", **LATE),
        "events.timers": row("users", "outbox", **LATE, name="renewal"),
        "events.delivered": stream(GROUP),
        "events.handled": stream(GROUP, ("XREADGROUP", "GROUP", "customers", "gone", "STREAMS", EVENTS, ">")),
        "events.consumers": stream(("XGROUP", "CREATE", EVENTS, "invoicing", "$")),
        "events.parked": row("customers", "parked_events", key="users/ten_1/usr_1"),
        "events.gaps": row("customers", "inbox_waiting", key="users/ten_1/usr_1", retry_us=2**62),
        "events.jobs": row("customers", "jobs", id="imp_1", kind="import", failures=9, due_us=2**62),
        "time.offset": resting(data.moved_clock),
        "time.agreement": resting(data.wrong_clock),
        "instances.run-file": running(lambda world: world.told(pid=1)),
        "instances.control": running(run.silent_control_plane),
        "instances.running": running(run.dead_instance),
        "instances.serving": running(run.stopped_instance),
        "instances.steady": running(lambda world: world.told_of("customers-1", restarts=9)),
        "instances.pinned": running(run.everywhere),
        "instances.code": running(run.instance_of_newer_code),
        "instances.control-code": running(run.newer_code_on_disk),
        "instances.relays": running(run.relay_of_nobody),
        "edge.answers": running(run.stopped_edge),
        "edge.administration": running(run.open_administration),
        "edge.routes": running(partial(run.newer_contracts, change=run.without_one)),
        "edge.descriptors": running(run.newer_messages),
        "edge.deadlines": running(partial(run.newer_contracts, change=run.with_more_time)),
        "edge.bodies": running(partial(run.newer_contracts, change=run.with_larger_bodies)),
        "edge.endpoints": running(lambda world: world.told_of("customers-1", state="unhealthy")),
        "edge.keys": running(run.renamed_key),
        "edge.key-rotation": resting(data.old_signing_key),
    }
)


@pytest.fixture(scope="module")
def resting_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resting]:
    with redis_server() as server:
        yield Resting(tmp_path_factory.mktemp("resting"), server)


@pytest.fixture(scope="module")
def postgres_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnPostgres]:
    with postgres_server() as server:
        yield OnPostgres(tmp_path_factory.mktemp("postgres"), server)


@pytest.fixture(scope="module")
def running_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("running")
    tree = copied_code(folder / "code")
    Authority(folder / "public", "example.com", SystemClock()).renew([Identity("edge", ("127.0.0.1",))], life=YEAR)
    settings = {"PYTHONPATH": f"{tree}:{tree / 'gen'}", "MESH_EDGE_CERTIFICATE": str(folder / "public" / "edge")}
    with running_mesh(folder / "home", options=["--no-demo"], **settings) as mesh:
        yield Running(mesh, tree)


def test_every_check_has_a_fault() -> None:
    assert set(FAULTS) == {check.name for check in all_checks()}
    assert len(FAULTS) >= 40


@pytest.mark.parametrize("world", ["resting_world", "postgres_world", "running_world"])
def test_where_nothing_is_wrong_nothing_fails(world: str, request: pytest.FixtureRequest) -> None:
    assert {n: r.problems for n, r in request.getfixturevalue(world).sight.failed().items()} == {}


@pytest.mark.shows("operation.check")
@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.name)
def test_a_planted_fault_is_seen_by_its_check_alone(
    check: Check, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    fault = FAULTS[check.name]
    world = request.getfixturevalue(fault.world)
    seen = [each for each in all_checks() if not each.name.startswith(CODE) or check.name.startswith(CODE)]
    with fault.plant(world, tmp=tmp_path) if fault.tmp else fault.plant(world) as sight:
        failed = sight.failed(seen)

    assert {name: result.problems for name, result in failed.items() if name != check.name} == {}
    assert check.name in failed, "the fault was not seen"
    assert failed[check.name].problems
    assert failed[check.name].remedy == check.remedy
    (again,) = world.sight.look([check])
    assert again.verdict != "failed", again.problems


@pytest.mark.shows("operation.check")
def test_all_checks_of_a_running_mesh_are_made_by_one_command_in_less_than_three_seconds(
    running_world: Running,
) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(running_world.mesh.mesh("check", "-o", "json"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    assert (told["failed"], told["ok"] + told["skipped"]) == (0, len(all_checks()))
    # Of the processor, as others may be at work on this machine.
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 3
