"""A tenant at ten times its limit: the service hears of its budget and no more, and of every call of the others."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import grpc
import pytest

from mesh.edge import limits
from mesh.runtime.limits import DEFAULT_LIMITS, Limit
from mesh.testing.load import Offered, offer
from tests.edge.planted import told

if TYPE_CHECKING:
    from conftest import Edge

GET = "/rapport.customers.v1.ContactService/GetContact"
LIMIT = Limit(per_minute=1800, burst=30)
# Seconds that a call takes one of eight threads: the service has no room for what the noisy tenant asks.
WORK, SECONDS, QUIET = 0.04, 3.0, 10
OWN = (("grpc.use_local_subchannel_pool", 1),)


def calls(edge: Edge, tenant: str, rate: float) -> Offered:
    """What became of the calls of a tenant."""
    metadata = list(edge.bearer(tenant=tenant).items())
    with grpc.insecure_channel(edge.target, OWN) as channel:
        method = channel.unary_unary(GET)
        return offer(lambda: method.future(b"", timeout=60, metadata=metadata), rate=rate, seconds=SECONDS)


def check_noise(edge: Edge) -> None:
    """The calls of one tenant are answered while another one calls ten times as often as it may."""
    noisy, quiet = (f"ten_{secrets.token_hex(8)}" for _ in "12")
    told_of: list[Offered] = []
    edge.customers.answer = lambda *_: threading.Event().wait(WORK) and None
    noise = threading.Thread(target=lambda: told_of.append(calls(edge, noisy, LIMIT.per_minute / 6)))
    began = time.monotonic()
    noise.start()
    try:
        others = calls(edge, quiet, QUIET)
    finally:
        noise.join()
    budget = LIMIT.burst + LIMIT.per_minute / 60 * (time.monotonic() - began)
    (heard,) = told_of
    assert heard.codes["OK"] <= budget * 1.1, f"{heard} of {budget:.0f}"
    assert set(heard.codes) == {"OK", "RESOURCE_EXHAUSTED"}, heard
    # A machine that stands still for longer than a deadline is nobody's noise.
    assert others.codes["OK"] >= 0.9 * sum(others.codes.values()), others


@pytest.mark.shows("operation.noisy")
def test_a_noisy_tenant_takes_its_own_budget_and_nothing_of_others(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    limited = replace(edge.publisher._site, limits={**DEFAULT_LIMITS, "READ": LIMIT})
    with told(edge, monkeypatch, edge.publisher, _site=limited):
        check_noise(edge)
        with told(edge, monkeypatch, limits, of_method=lambda *_: {}), pytest.raises(AssertionError):
            check_noise(edge)
