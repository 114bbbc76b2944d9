"""What callers may do at the edge, and how they are told: counted before any service is asked."""

from __future__ import annotations

import contextlib
import secrets
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import grpc
import httpx
import pytest
from google.rpc import error_details_pb2, status_pb2

from mesh.edge import clusters, limits
from mesh.runtime.limits import DEFAULT_LIMITS
from mesh.testing.eventually import eventually
from tests.contract.refusals import refusal_of
from tests.edge.planted import told

if TYPE_CHECKING:
    from conftest import Edge

CONTACT = "/v1/contacts/con_1"
GET = "/rapport.customers.v1.ContactService/GetContact"
# Of the class with the smallest budgets that a user may call, and that anybody may.
OF_A_USER, ITS_METHOD = "/v1/user:changeEmail", "/rapport.users.v1.EmailService/ChangeEmail"
OF_ANYBODY = "/v1/sessions:logIn"
BUDGET = DEFAULT_LIMITS["CREDENTIAL"]
# Some calls come back to a bucket while it is emptied.
MORE = 30
_OF_ITS_OWN = (("grpc.use_local_subchannel_pool", 1),)


@pytest.fixture
def tenant() -> str:
    """A tenant that has called nothing yet."""
    return f"ten_{secrets.token_hex(8)}"


def bucket(value: str) -> tuple[str, dict[str, int]]:
    """Name and parameters of an item of `RateLimit` or `RateLimit-Policy`."""
    name, *parameters = value.split(";")
    pairs = (parameter.split("=") for parameter in parameters)
    return name.strip('"'), {key: int(number) for key, number in pairs}


def check_refusal(answer: httpx.Response, reason: str = "RATE_LIMITED") -> None:
    """A refusal in JSON says when to come back, in its header and in its body alike."""
    assert answer.status_code == 429
    info, retry = answer.json()["details"]
    assert (info["reason"], answer.json()["code"]) == (reason, 8)
    assert retry == {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"}
    assert answer.headers["retry-after"] == "1"


@pytest.mark.shows("operation.limit-headers")
def test_every_answer_tells_what_the_tenant_has_and_what_is_left(edge: Edge, tenant: str) -> None:
    first, second = (edge.http.get(CONTACT, headers=edge.bearer(tenant=tenant)) for _ in range(2))
    read = DEFAULT_LIMITS["READ"]
    assert bucket(first.headers["ratelimit-policy"]) == ("read", {"q": read.burst, "w": 10})
    (name, one), (_, two) = bucket(first.headers["ratelimit"]), bucket(second.headers["ratelimit"])
    assert name == "read"
    # It fills while the calls are on their way.
    assert read.burst - 1 <= one["r"] <= read.burst
    assert read.burst - 2 <= two["r"] <= read.burst
    assert not {name for name in first.headers if name.startswith("x-ratelimit")}


def test_errors_doors_and_grpc_tell_it_too(edge: Edge, tenant: str) -> None:
    def refuse(name: str, request: object, context: grpc.ServicerContext) -> None:
        context.abort(grpc.StatusCode.NOT_FOUND, "No such contact.")

    edge.customers.answer = refuse
    refused = edge.http.get(CONTACT, headers=edge.bearer(tenant=tenant))
    assert (refused.status_code, bucket(refused.headers["ratelimit"])[0]) == (404, "read")
    edge.customers.answer = lambda *_: None
    knocked = edge.http.post("/v1/knocks/a", content=b"x")
    assert bucket(knocked.headers["ratelimit-policy"])[0] == bucket(knocked.headers["ratelimit"])[0]
    with grpc.insecure_channel(edge.target) as channel:
        metadata = list(edge.bearer(tenant=tenant).items())
        _, call = channel.unary_unary(GET).with_call(b"", timeout=5, metadata=metadata)
    assert bucket(dict(call.initial_metadata())["ratelimit"])[0] == "read"


def check_flood(edge: Edge, tenant: str) -> None:
    """A tenant's calls beyond its budget reach no service, whatever form they have; another tenant's do."""
    mine = edge.bearer(tenant=tenant)
    answers = [edge.http.post(OF_A_USER, json={}, headers=mine) for _ in range(BUDGET.burst + MORE)]
    served = [answer for answer in answers if answer.status_code == 200]
    assert BUDGET.burst <= len(served) < BUDGET.burst + MORE
    assert len(edge.users.calls) == len(served)
    refused = next(answer for answer in answers if answer.status_code != 200)
    check_refusal(refused)
    assert bucket(refused.headers["ratelimit-policy"]) == ("credential", {"q": 100, "w": 10})
    assert bucket(refused.headers["ratelimit"]) == ("credential", {"r": 0, "t": 1})
    with grpc.insecure_channel(edge.target) as channel:
        method = channel.unary_unary(ITS_METHOD)
        calls = [method.future(b"", timeout=5, metadata=list(mine.items())) for _ in range(MORE)]
        error = next(e for e in [call.exception() for call in calls] if e is not None)
        refusal = refusal_of(error)
        assert (refusal.code, refusal.reason) == ("RESOURCE_EXHAUSTED", "edge.rapport/RATE_LIMITED")
        assert refusal.retry_after == 1
        told = dict(error.trailing_metadata())
        assert (told["retry-after"], bucket(told["ratelimit"])) == ("1", ("credential", {"r": 0, "t": 1}))
    assert edge.http.post(OF_A_USER, json={}, headers=edge.bearer(tenant=f"{tenant}b")).status_code == 200
    assert edge.http.get(CONTACT, headers=mine).status_code == 200, "a class takes from another's budget"


@pytest.mark.shows("operation.limit-headers")
def test_a_tenants_flood_costs_the_services_its_budget_and_no_more(edge: Edge, tenant: str) -> None:
    check_flood(edge, tenant)


def test_calls_without_a_token_are_counted_by_address(edge: Edge) -> None:
    with httpx.Client(
        base_url=edge.settings.edge_url, transport=httpx.HTTPTransport(local_address="127.0.0.2")
    ) as client:
        body = {"tenant": "demo", "email": "owner@example.com", "password": "secret"}
        answers = [client.post(OF_ANYBODY, json=body) for _ in range(BUDGET.burst + MORE)]
        unproven = [client.get(CONTACT).status_code for _ in range(MORE)]
    served = [answer for answer in answers if answer.status_code == 200]
    assert BUDGET.burst <= len(served) < BUDGET.burst + MORE
    assert len(edge.users.calls) == len(served)
    check_refusal(next(answer for answer in answers if answer.status_code != 200))
    assert set(unproven) == {401}
    assert edge.customers.calls == []
    assert edge.http.post(OF_ANYBODY, json=body).status_code == 200, "an address takes from another's budget"


def refused_at(edge: Edge, *addresses: str) -> bool:
    """Whether calls that say that they come from these addresses in turn, and come from one, are refused in the end."""
    body = {"tenant": "demo", "email": "owner@example.com", "password": "secret"}
    peer = f"127.0.{secrets.randbelow(200) + 3}.{secrets.randbelow(200) + 3}"
    transport = httpx.HTTPTransport(local_address=peer)
    with httpx.Client(base_url=edge.settings.edge_url, transport=transport, timeout=30) as client:
        said = (addresses[number % len(addresses)] for number in range(2 * BUDGET.burst))
        return any(
            client.post(OF_ANYBODY, json=body, headers={"x-forwarded-for": f"10.0.0.1, {one}"}).status_code == 429
            for one in said
        )


def test_callers_are_told_apart_by_what_trusted_proxies_say_and_by_nothing_else(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"198.51.100.{number}" for number in range(2 * BUDGET.burst)]
    assert refused_at(edge, *many), "who is called from outside makes up addresses for himself"
    behind_one = replace(edge.publisher._site, trusted_hops=1)
    with told(edge, monkeypatch, edge.publisher, _site=behind_one):
        eventually(lambda: not refused_at(edge, *many), within=60, of="the proxy's word counts")
        assert refused_at(edge, "203.0.113.1")
        assert not refused_at(edge, *many[:100]), "an address takes from another's budget"


def test_a_service_that_refuses_by_itself_has_the_last_word(edge: Edge, tenant: str) -> None:
    def refuse(name: str, request: object, context: grpc.ServicerContext) -> None:
        status = status_pb2.Status(code=8, message="Too many calls; retry after the given delay.")
        status.details.add().Pack(error_details_pb2.ErrorInfo(reason="RATE_LIMITED", domain="customers.rapport"))
        own = (("retry-after", "7"), ("ratelimit-policy", '"read";q=5;w=60'), ("ratelimit", '"read";r=0;t=7'))
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()), *own))
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, status.message)

    edge.customers.answer = refuse
    answer = edge.http.get(CONTACT, headers=edge.bearer(tenant=tenant))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert (answer.headers["ratelimit"], answer.headers["ratelimit-policy"]) == ('"read";r=0;t=7', '"read";q=5;w=60')


def test_browsers_may_read_the_headers(edge: Edge, tenant: str) -> None:
    headers = edge.bearer(tenant=tenant) | {"origin": "https://app.test"}
    exposed = edge.http.get(CONTACT, headers=headers).headers["access-control-expose-headers"]
    assert {"ratelimit-policy", "ratelimit", "retry-after"} <= set(exposed.split(", "))


def check_overload(edge: Edge, within: float = 60) -> None:
    """Calls beyond the room of a service are refused at once, and it never hears of them."""
    gate = threading.Event()
    edge.customers.answer = lambda *_: gate.wait(120) and None
    metadata, calls = list(edge.bearer().items()), []
    # A connection has no room for more calls than a service.
    with grpc.insecure_channel(edge.target, _OF_ITS_OWN) as one, grpc.insecure_channel(edge.target, _OF_ITS_OWN) as two:
        methods = [one.unary_unary(GET), two.unary_unary(GET)]

        def refused() -> httpx.Response | None:
            # Calls end with their deadline; where they have not all come yet, this one waits among them.
            calls.extend(m.future(b"", timeout=120, metadata=metadata) for m in methods for _ in range(200))
            with contextlib.suppress(httpx.TimeoutException):
                answer = edge.http.get(CONTACT, headers=edge.bearer(), timeout=1)
                return answer if answer.status_code == 429 else None
            return None

        try:
            answer = eventually(refused, within=within, of="a refusal")
            assert answer is not None
            check_refusal(answer, "OVERLOADED")
        finally:
            gate.set()
            ends = [call.exception(timeout=120) for call in calls]
    refusal = next(r for r in map(refusal_of, filter(None, ends)) if r.code == "RESOURCE_EXHAUSTED")
    assert (refusal.reason, refusal.retry_after) == ("edge.rapport/OVERLOADED", 1)


def test_what_a_service_has_no_room_for_is_refused_by_the_edge(edge: Edge) -> None:
    check_overload(edge)


def test_without_the_budgets_of_routes_a_flood_reaches_the_service(
    edge: Edge, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with told(edge, monkeypatch, limits, of_method=lambda *_: {}), pytest.raises(AssertionError):
        check_flood(edge, tenant)


def test_without_a_bound_on_calls_under_way_a_service_gets_them_all(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        told(edge, monkeypatch, clusters, _threshold=lambda priority, _: {"priority": priority, "max_requests": 4096}),
        pytest.raises(AssertionError, match="a refusal"),
    ):
        check_overload(edge, within=5)
