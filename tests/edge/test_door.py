"""The door: what a real Envoy answers to good and to bad callers, as it was told by a real control plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2
from rapport.customers.v1 import contact_service_pb2, resources_pb2

from mesh.contract.method import AccessKind
from mesh.edge import tokens
from mesh.testing.eventually import eventually
from mesh.testing.stand_in import Signer

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Edge

CONTACTS = "/v1/contacts"
GET = "/rapport.customers.v1.ContactService/GetContact"


def error(answer: Any) -> tuple[int, str, list[tuple[str, str]]]:
    """Code, reason and field violations of a google.rpc.Status in JSON, after checking its form."""
    assert answer.status_code >= 400
    assert answer.headers["content-type"] == "application/json"
    status = answer.json()
    assert status["message"]
    info, *others = status["details"]
    assert info["@type"] == "type.googleapis.com/google.rpc.ErrorInfo"
    assert info["domain"] == "edge.rapport"
    fields = [(v["field"], v["description"]) for d in others for v in d.get("fieldViolations", ())]
    return status["code"], info["reason"], fields


def call(edge: Edge, path: str, request: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    with grpc.insecure_channel(edge.target) as channel:
        return bytes(channel.unary_unary(path)(request, timeout=5, metadata=list((headers or {}).items())))


def refusal(action: Callable[[], object]) -> tuple[grpc.StatusCode, str]:
    """Status code and reason of a refused gRPC call."""
    with pytest.raises(grpc.RpcError) as refused:
        action()
    details = dict(refused.value.trailing_metadata())["grpc-status-details-bin"]
    status = status_pb2.Status.FromString(details)
    assert status.code == refused.value.code().value[0]
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    return refused.value.code(), info.reason


def test_health_needs_no_token(edge: Edge) -> None:
    assert edge.http.get("/healthz").status_code == 200
    assert call(edge, "/grpc.health.v1.Health/Check") == b"\x08\x01"


def test_json_and_grpc_reach_the_same_method_over_mutual_tls(edge: Edge) -> None:
    edge.customers.answer = lambda *_: resources_pb2.Contact(id="con_1", given_name="Ada")

    answer = edge.http.get(f"{CONTACTS}/con_1", headers=edge.bearer())
    reply = resources_pb2.Contact.FromString(call(edge, GET, headers=edge.bearer()))

    assert answer.json()["givenName"] == reply.given_name == "Ada"
    assert "familyName" not in answer.json(), "an optional field that is not set is printed"
    assert edge.customers.calls == ["GetContact", "GetContact"]
    assert edge.customers.metadata["peer"] == "spiffe://rapport/edge"


def test_json_callers_get_the_deadline_of_the_contract(edge: Edge) -> None:
    edge.http.get(f"{CONTACTS}/con_1", headers=edge.bearer())

    assert 1.5 < edge.customers.metadata["remaining"] <= 2


def test_internal_headers_of_outsiders_are_dropped(edge: Edge) -> None:
    forged = {"x-rapport-tenant": "ten_2", "x-tenant": "ten_2", "x-user": "usr_2", "x-envoy-max-retries": "99"}
    forged |= {f"x-rapport-{name}": "1" for name in ("", "a", "actor", "afte", "afters", "ke", "keys", "partial")}

    edge.http.get(f"{CONTACTS}/con_1", headers=edge.bearer() | forged | {"x-rapport-after": "users:users/usr_1=1"})

    assert not forged.keys() & edge.customers.metadata.keys()
    assert edge.customers.metadata["x-rapport-after"] == "users:users/usr_1=1"
    assert edge.customers.metadata["authorization"].startswith("Bearer ")


BODIES = {
    "an unfinished object": ("{", "", "is not JSON"),
    "an unknown word": ('{"givenName": tru}', "", "is not JSON"),
    "text after the end": ("{} {}", "", "is not JSON"),
    "broken UTF-8": (b'{"givenName": "\xff"}', "", "is not JSON"),
    "a number for text": ('{"givenName": 5}', "contact.given_name", "must be a string"),
    "text for a number": ('{"birthDate": {"year": "x"}}', "contact.birth_date.year", "must be a whole number"),
    "an object for text": ('{"emails": [{"address": {}}]}', "contact.emails[0].address", "must be a plain value"),
    "text for an object": ('{"emails": "x"}', "contact.emails", "must be an object"),
    "no time": ('{"createTime": "soon"}', "contact.create_time", "must be a time as in 2026-01-31T09:30:00Z"),
    "a hostile value": (
        '{"givenName": {"for type TYPE_BOOL": "\\"]}"}}',
        "contact.given_name",
        "must be a plain value",
    ),
    "a whole list": ("[]", "", "holds a list where none belongs"),
    "endless nesting": ('{"birthDate":' * 200, "", "is nested too deeply"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_does_not_fit_is_refused_with_the_field_and_without_inside_text(edge: Edge, name: str) -> None:
    body, field, description = BODIES[name]

    answer = edge.http.post(CONTACTS, content=body, headers=edge.bearer())

    assert answer.status_code == 400
    assert error(answer) == (3, "INVALID_ARGUMENT", [(field, description)])
    assert "TYPE_" not in answer.text
    assert edge.customers.calls == []


@pytest.mark.parametrize(
    ("query", "field", "description"),
    [
        ("nope=1", "nope", "is not a parameter of this method"),
        ("page_size=x", "page_size", "must be a whole number"),
        ("show_deleted=maybe", "show_deleted", "must be true or false"),
    ],
)
def test_a_query_that_does_not_fit_is_refused(edge: Edge, query: str, field: str, description: str) -> None:
    answer = edge.http.get(f"{CONTACTS}?{query}", headers=edge.bearer())

    assert answer.status_code == 400
    assert error(answer) == (3, "INVALID_ARGUMENT", [(field, description)])


def test_an_id_in_the_body_that_differs_from_the_path_is_refused(edge: Edge) -> None:
    answer = edge.http.patch(f"{CONTACTS}/con_1", content='{"id": "con_2"}', headers=edge.bearer())

    assert error(answer) == (3, "INVALID_ARGUMENT", [("id", "differs between the path and the body")])


def test_refusals_before_the_filters_are_json_too(edge: Edge) -> None:
    assert error(edge.http.get(f"{CONTACTS}/a%2Fb", headers=edge.bearer()))[:2] == (3, "INVALID_ARGUMENT")


def test_every_token_but_a_good_one_is_refused(edge: Edge) -> None:
    forger = Signer(edge.settings.issuer, edge.signer.key_id)
    tokens = [
        "",
        "nonsense",
        edge.signer.token(exp=1_700_000_000),
        edge.signer.token(aud="another"),
        edge.signer.token(iss="https://another.test"),
        forger.token(),
        Signer(edge.settings.issuer, "unknown").token(),
    ]
    for token in tokens:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        answer = edge.http.get(f"{CONTACTS}/con_1", headers=headers)
        assert (answer.status_code, error(answer)) == (401, (16, "UNAUTHENTICATED", [])), token
        assert answer.headers["www-authenticate"] == "Bearer"
        assert refusal(lambda h=headers: call(edge, GET, headers=h)) == (  # type: ignore[misc]
            grpc.StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED",
        )  # fmt: skip
    assert edge.customers.calls == []


def test_an_anonymous_method_needs_no_token_and_still_refuses_a_bad_one(edge: Edge) -> None:
    body = {"tenant": "demo", "email": "owner@example.com", "password": "secret"}

    assert edge.http.post("/v1/sessions:logIn", json=body).status_code == 200
    refused = edge.http.post("/v1/sessions:logIn", json=body, headers={"authorization": "Bearer nonsense"})
    assert refused.status_code == 401


def test_a_new_key_is_believed_and_a_withdrawn_one_is_not(edge: Edge) -> None:
    second = Signer(edge.settings.issuer, "two")
    old, new = edge.bearer(), {"authorization": f"Bearer {second.token()}"}

    def status(headers: dict[str, str]) -> int:
        return edge.http.get(f"{CONTACTS}/con_1", headers=headers).status_code

    try:
        assert (status(old), status(new)) == (200, 401)
        edge.publisher.use_keys(edge.signer.jwks(second))
        eventually(lambda: (status(old), status(new)) == (200, 200))
        edge.publisher.use_keys(second.jwks())
        eventually(lambda: (status(old), status(new)) == (401, 200))
    finally:
        edge.publisher.use_keys(edge.signer.jwks())
        eventually(lambda: status(old) == 200)


def test_unknown_paths_and_verbs_are_told_apart(edge: Edge) -> None:
    unknown = edge.http.get("/v1/nothing")
    wrong_verb = edge.http.put(CONTACTS)

    assert (unknown.status_code, error(unknown)) == (404, (5, "NOT_FOUND", []))
    assert (wrong_verb.status_code, error(wrong_verb)) == (405, (12, "UNKNOWN_METHOD", []))
    assert wrong_verb.headers["allow"] == "GET, POST"
    assert edge.http.get(f"{CONTACTS}/con_1:undelete", headers=edge.bearer()).status_code == 405


def test_methods_for_services_only_do_not_exist_outside(edge: Edge) -> None:
    path = "/rapport.users.v1.DirectoryService/LookUpPrincipal"

    assert refusal(lambda: call(edge, path, headers=edge.bearer())) == (
        grpc.StatusCode.UNIMPLEMENTED, "UNKNOWN_METHOD",
    )  # fmt: skip
    assert edge.http.post(path, headers=edge.bearer()).status_code == 404
    assert edge.users.calls == []


def test_a_request_over_the_limit_is_refused_and_one_below_is_not(edge: Edge) -> None:
    def body(size: int) -> str:
        return '{"givenName": "' + "x" * size + '"}'

    assert edge.http.post(CONTACTS, content=body(3_900_000), headers=edge.bearer()).status_code == 200
    refused = edge.http.post(CONTACTS, content=body(5_000_000), headers=edge.bearer())
    assert (refused.status_code, error(refused)) == (413, (8, "REQUEST_TOO_LARGE", []))
    large = contact_service_pb2.GetContactRequest(id="x" * 5_000_000).SerializeToString()
    assert refusal(lambda: call(edge, GET, large, edge.bearer())) == (
        grpc.StatusCode.RESOURCE_EXHAUSTED, "REQUEST_TOO_LARGE",
    )  # fmt: skip


def test_a_services_rich_error_reaches_json_callers(edge: Edge) -> None:
    def refuse(name: str, request: object, context: grpc.ServicerContext) -> None:
        status = status_pb2.Status(code=5, message="No such contact.")
        status.details.add().Pack(error_details_pb2.ErrorInfo(reason="NOT_FOUND", domain="customers.rapport"))
        context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
        context.abort(grpc.StatusCode.NOT_FOUND, "No such contact.")

    edge.customers.answer = refuse

    answer = edge.http.get(f"{CONTACTS}/con_1", headers=edge.bearer())

    assert answer.status_code == 404
    assert answer.json()["details"][0]["domain"] == "customers.rapport"


def test_a_service_without_a_healthy_instance_is_unavailable_and_says_when_to_retry(edge: Edge) -> None:
    edge.publisher.registry.judge(edge.customers.entry, healthy=False)
    try:
        answer = eventually(
            lambda: (a := edge.http.get(f"{CONTACTS}/con_1", headers=edge.bearer())).status_code == 503 and a
        )
        assert error(answer)[:2] == (14, "UNAVAILABLE")
        assert answer.json()["details"][1]["retryDelay"] == "1s"
        assert edge.http.get("/healthz").status_code == 503
    finally:
        edge.publisher.registry.judge(edge.customers.entry, healthy=True)
        eventually(lambda: edge.http.get("/healthz").status_code == 200)


def test_browsers_may_call_from_allowed_origins_only(edge: Edge) -> None:
    wanted = "authorization, x-rapport-after"
    asked = {"access-control-request-method": "GET", "access-control-request-headers": wanted}

    allowed = edge.http.options(CONTACTS, headers=asked | {"origin": "https://app.test"})
    refused = edge.http.options(CONTACTS, headers=asked | {"origin": "https://evil.test"})
    used = edge.http.get(CONTACTS, headers=edge.bearer() | {"origin": "https://app.test"})

    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "https://app.test"
    assert used.headers["access-control-allow-origin"] == "https://app.test"
    assert "x-rapport-after" in allowed.headers["access-control-allow-headers"]
    assert "x-rapport-after, x-rapport-partial" in used.headers["access-control-expose-headers"]
    assert refused.status_code >= 400
    assert "access-control-allow-origin" not in refused.headers


def test_grpc_web_meets_the_same_rules(edge: Edge) -> None:
    headers = {"content-type": "application/grpc-web+proto", "x-grpc-web": "1"}
    empty = b"\0\0\0\0\0"

    assert edge.http.post(GET, content=empty, headers=headers | edge.bearer()).status_code == 200
    assert edge.customers.calls == ["GetContact"]
    assert edge.http.post(GET, content=empty, headers=headers).headers["grpc-status"] == "16"


def test_documents_are_served_whole_once_and_unchanged_never_again(edge: Edge) -> None:
    page = edge.http.get("/docs")
    bundle = edge.http.get("/docs/swagger-ui-bundle.js")
    again = edge.http.get("/docs/swagger-ui-bundle.js", headers={"if-none-match": bundle.headers["etag"]})

    assert "http" not in page.text.replace("http-equiv", ""), "the page refers to another server"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert len(bundle.content) > 1_000_000
    assert (again.status_code, again.content) == (304, b"")
    assert edge.http.get("/").headers["location"].endswith("/docs")
    assert edge.http.get("/openapi.json").json()["openapi"].startswith("3.")


def test_reflection_shows_public_services_only(edge: Edge) -> None:
    from google.protobuf.descriptor_pool import DescriptorPool
    from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

    with grpc.insecure_channel(edge.target) as channel:
        found = ProtoReflectionDescriptorDatabase(channel)
        services = set(found.get_services())
        pool = DescriptorPool(found)
        assert pool.FindServiceByName("rapport.customers.v1.ContactService")
        with pytest.raises(KeyError):
            pool.FindServiceByName("rapport.users.v1.DirectoryService")

    assert "rapport.users.v1.SessionService" in services
    assert "rapport.users.v1.DirectoryService" not in services


def test_a_token_check_that_was_loosened_is_noticed(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> bool:
        edge.tell()
        return eventually(edge.publisher.discovery.edge_is_current)

    try:
        with monkeypatch.context() as fault:
            fault.setattr(tokens, "_TOKENLESS", tuple(AccessKind))
            told()
            with pytest.raises(AssertionError):
                test_every_token_but_a_good_one_is_refused(edge)
    finally:
        told()

    edge.customers.calls.clear()
    eventually(lambda: edge.http.get(f"{CONTACTS}/con_1").status_code == 401)
