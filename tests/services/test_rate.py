"""The token buckets under a clock that the test holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.runtime.instances import Instances, told
from mesh.runtime.limits import Limit
from mesh.runtime.rate import Buckets, network

SECOND = 1_000_000_000
LIMIT = Limit(per_minute=60, burst=3)
HOME, AWAY = ("ten_home", "READ"), ("ten_away", "READ")


class Clock:
    """Monotonic nanoseconds that move when they are told to."""

    def __init__(self) -> None:
        self.now = 5 * SECOND

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def taken(buckets: Buckets, limit: Limit = LIMIT, calls: int = 20) -> int:
    return sum(buckets.take(HOME, limit) == 0 for _ in range(calls))


def test_a_burst_passes_at_once_and_then_the_rate(clock: Clock) -> None:
    buckets = Buckets(clock)
    assert taken(buckets) == 3
    clock.now += SECOND
    assert taken(buckets) == 1
    clock.now += 3600 * SECOND
    assert taken(buckets) == 3


def test_whoever_waits_as_long_as_told_gets_the_token_and_not_a_moment_earlier(clock: Clock) -> None:
    buckets = Buckets(clock)
    taken(buckets)
    clock.now += SECOND // 3
    wait = buckets.take(HOME, LIMIT)
    clock.now += wait - 1
    assert buckets.take(HOME, LIMIT) == 1
    clock.now += 1
    assert buckets.take(HOME, LIMIT) == 0


def test_tenants_and_classes_have_buckets_of_their_own(clock: Clock) -> None:
    buckets = Buckets(clock)
    taken(buckets)
    assert buckets.take(HOME, LIMIT)
    assert buckets.take(AWAY, LIMIT) == 0
    assert buckets.take(("ten_home", "WRITE"), LIMIT) == 0


def test_live_instances_share_a_limit(clock: Clock) -> None:
    live = 1
    buckets = Buckets(clock, lambda: live)
    assert taken(buckets) == 3
    live = 3
    clock.now += 3600 * SECOND
    assert taken(buckets) == 1
    clock.now += 3 * SECOND
    assert taken(buckets) == 1


def test_an_instance_hears_from_the_control_plane_alone_how_many_share_its_limits() -> None:
    class Question:
        """What is read of one after health."""

        def __init__(self, peer: str, **metadata: str) -> None:
            self.peer, self.metadata = peer.encode(), tuple(metadata.items())

        def peer_identities(self) -> list[bytes]:
            return [self.peer]

        def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
            return self.metadata

    instances = Instances("spiffe://rapport/control")
    number = instances.of("customers")
    assert number() == 1
    three = dict(told("customers", 3))
    instances.hear(Question("spiffe://rapport/users", **three))
    assert number() == 1
    instances.hear(Question("spiffe://rapport/control", **three))
    instances.hear(Question("spiffe://rapport/control"))
    assert (number(), instances.of("users")()) == (3, 1)


def test_a_tenant_over_its_limit_keeps_its_bucket_while_it_calls(clock: Clock) -> None:
    buckets = Buckets(clock, kept=10)
    taken(buckets)
    for number in range(1000):
        buckets.take((f"ten_{number}", "READ"), LIMIT)
        assert buckets.take(HOME, LIMIT), "the bucket was full again"
    assert len(buckets._full_at) == 10


@pytest.mark.parametrize(
    ("address", "holder"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("un:known", "un:known"),
    ],
)
def test_who_holds_an_address_of_ipv6_holds_those_beside_it(address: str, holder: str) -> None:
    assert network(address) == holder


@given(
    per_minute=st.integers(1, 10**6),
    burst=st.integers(1, 50),
    pauses=st.lists(st.integers(0, 2 * SECOND), max_size=200),
)
def test_no_window_lets_more_pass_than_its_burst_and_its_rate(per_minute: int, burst: int, pauses: list[int]) -> None:
    clock = Clock()
    buckets = Buckets(clock)
    interval = 60 * SECOND // per_minute
    passed: list[int] = []
    for pause in pauses:
        clock.now += pause
        if buckets.take(HOME, Limit(per_minute, burst)) == 0:
            passed.append(clock.now)
    for first, start in enumerate(passed):
        for last in range(first, len(passed)):
            assert last - first + 1 <= burst + (passed[last] - start) // interval
