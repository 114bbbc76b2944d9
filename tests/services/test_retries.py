"""Calls between services that are sent again: which, how often, and how many of them a service in trouble gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from rapport.customers.v1 import contact_service_pb2, resources_pb2

from mesh.contract.catalog import load
from mesh.contract.failure import Failure
from mesh.contract.method import MethodContract
from mesh.control.certificates import Authority, Identity
from mesh.runtime import credentials
from mesh.runtime.client import Caller
from mesh.runtime.clock import SystemClock
from mesh.runtime.retries import MOST, SHARE, RetryBudget
from mesh.testing.stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AREA = "/rapport.customers.v1.ContactService/"
CALLS = 100


class Away:
    """Answers UNAVAILABLE so many times in a row, then answers."""

    def __init__(self, times: int, code: grpc.StatusCode = grpc.StatusCode.UNAVAILABLE) -> None:
        self._left = times
        self._code = code

    def __call__(self, name: str, request: Any, context: grpc.ServicerContext) -> None:
        del name, request
        self._left -= 1
        if self._left >= 0:
            context.abort(self._code, "")


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    home = tmp_path_factory.mktemp("retries")
    Authority(home, "rapport", SystemClock()).renew([Identity("customers"), Identity("users")])
    instance = StandIn(load(), home / "customers", "customers", "customers-1")
    instance.home = home  # type: ignore[attr-defined]
    yield instance
    instance.stop()


@pytest.fixture
def caller(customers: StandIn) -> Iterator[Caller]:
    """The client of `users`, with a budget that nobody has used."""
    home: Path = customers.home  # type: ignore[attr-defined]
    made = Caller(lambda _: credentials.channel(home / "users", "127.0.0.1", customers.entry.port, "customers"))
    customers.calls.clear()
    yield made
    made.close()


def get(caller: Caller) -> None:
    caller.unary(f"{AREA}GetContact", contact_service_pb2.GetContactRequest(id="con_1"), resources_pb2.Contact, None)


def check_bounded(customers: StandIn, caller: Caller) -> None:
    customers.answer = Away(10**9)
    for _ in range(CALLS):
        with pytest.raises(Failure):
            get(caller)
    assert CALLS < len(customers.calls) <= CALLS * (1 + SHARE) + MOST


def test_a_read_is_sent_again_until_the_service_is_back(customers: StandIn, caller: Caller) -> None:
    customers.answer = Away(2)
    get(caller)
    assert customers.calls == ["GetContact"] * 3


def test_a_service_that_is_away_gets_a_fifth_more_calls_and_no_multiple(customers: StandIn, caller: Caller) -> None:
    check_bounded(customers, caller)


def test_without_a_budget_it_would_get_a_multiple(customers: StandIn, caller: Caller) -> None:
    with mock.patch.object(RetryBudget, "take", return_value=True), pytest.raises(AssertionError):
        check_bounded(customers, caller)


def test_a_service_that_is_back_earns_its_retries_again(customers: StandIn, caller: Caller) -> None:
    check_bounded(customers, caller)
    customers.answer = Away(0)
    for _ in range(round(2 / SHARE)):
        get(caller)
    customers.calls.clear()
    customers.answer = Away(2)
    get(caller)
    assert len(customers.calls) == 3


def test_a_refusal_is_not_sent_again(customers: StandIn, caller: Caller) -> None:
    customers.answer = Away(1, grpc.StatusCode.RESOURCE_EXHAUSTED)
    with pytest.raises(Failure):
        get(caller)
    assert customers.calls == ["GetContact"]


def test_a_method_whose_contract_does_not_allow_it_is_sent_once(customers: StandIn, caller: Caller) -> None:
    customers.answer = Away(1)
    with mock.patch.object(MethodContract, "retried", new=False), pytest.raises(Failure):
        get(caller)
    assert customers.calls == ["GetContact"]
