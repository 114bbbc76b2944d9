"""Redis and PostgreSQL restarted under load: nothing acknowledged is lost, and service resumes in bounded time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from mesh.testing.eventually import eventually
from mesh.testing.outage import kill, pid_of
from mesh.testing.traffic import traffic
from tests.traffic.conftest import check_kept

if TYPE_CHECKING:
    from mesh.testing.postgres import PostgresServer
    from mesh.testing.running import RunningMesh
    from mesh.testing.traffic import Result
    from tests.traffic.conftest import Form

# Two failed and two good pings of the database, a second apart, and a second between two verdicts on health.
RESUMES_SECONDS = 8.0
# Calls that fail then are still repeated when no new ones are made.
GOES_ON_SECONDS = 3.0
# What a caller may be told while a store is away; each of them may be sent again.
AWAY = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"}


@pytest.mark.shows("operation.stores")
def test_no_call_fails_while_redis_is_restarted(mesh: RunningMesh, form: Form) -> None:
    with traffic(mesh, **form.terms, name=form.named("redis")) as load:
        before = pid_of(mesh, "redis")
        kill(mesh, "redis")
        eventually(lambda: pid_of(mesh, "redis") not in (0, before), within=30, of="another Redis")
    print(f"\n{load.result}")

    assert not load.result.failures
    check_kept(mesh, load.result, form.named("redis"))
    check_published(mesh, load.result)


@pytest.mark.shows("operation.stores")
def test_postgresql_restarted_loses_nothing_and_service_resumes(
    stores: tuple[RunningMesh, PostgresServer], form: Form
) -> None:
    mesh, server = stores
    with traffic(mesh, **form.terms, repeats=200, name=form.named("pg")) as load:
        server.stop()
        server.start()
        answered = load.now
        eventually(lambda: load.now > answered + GOES_ON_SECONDS, within=GOES_ON_SECONDS + 1, of="calls after it")
    result = load.result
    print(f"\nPostgreSQL answers at {answered:.1f} s; last attempt failed at {last_failure(result):.1f} s; {result}")

    assert not result.failures
    assert {attempt.code for attempt in result.repeated} <= AWAY
    assert last_failure(result) < answered + RESUMES_SECONDS
    check_kept(mesh, result, form.named("pg"))
    check_published(mesh, result)


def last_failure(result: Result) -> float:
    """When the last attempt failed, in seconds since calls began."""
    return max((attempt.at + attempt.took for attempt in result.repeated), default=0.0)


def check_published(mesh: RunningMesh, result: Result) -> None:
    """What was written during the outage has been told to those who follow: the chain of the audit knows the last."""
    headers = {"authorization": f"Bearer {mesh.token()}"}
    with httpx.Client(base_url=mesh.url, headers=headers, timeout=15) as client:
        query = {"filter": f'family_name = "{result.acknowledged[-1]}"'}
        contact = client.get("/v1/contacts", params=query).raise_for_status().json()["contacts"][0]["id"]
        wanted = {"filter": f'resource = "contacts/{contact}"'}
        eventually(
            lambda: client.get("/v1/audit-entries", params=wanted).raise_for_status().json()["auditEntries"],
            within=60,
            of="the last creation in the audit",
        )
