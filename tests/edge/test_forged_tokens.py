"""No forged token gets in, neither by the edge nor by a service behind it, and nobody is told why."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import grpc
import jwt
import pytest
from google.rpc import error_details_pb2, status_pb2
from rapport.customers.v1 import contact_service_pb2
from rapport.users.v1 import api_key_service_pb2, publishable_key_service_pb2, session_service_pb2

from mesh.contract import catalog
from mesh.contract.failure import Failure
from mesh.runtime.clock import SystemClock
from mesh.runtime.tokens import KeyRing, TokenVerifier
from mesh.testing.local import PASSWORD, LocalMesh
from services.users.service.access_tokens import AccessTokens
from tests.edge import attacks
from tests.edge.forged_tokens import CASES, SIGNED
from tests.edge.forging import Forge
from tests.edge.test_door import CONTACTS, error
from tests.edge.weak_verifiers import FLAWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.testing.local import Member
    from tests.edge.conftest import Edge

pytestmark = pytest.mark.shows("skeleton.forged-tokens")
LIST = "/rapport.customers.v1.ContactService/ListContacts"


PATH = f"{CONTACTS}/con_1"
# Envoy takes a token in other spellings too. The service that gets it does not.
RESPELLED = {
    "an empty part more", "an empty part before", "a blank before", "signature with padding",
    "signature with a blank within", "signature in another spelling",
}  # fmt: skip
# What Envoy does not look at: a header's other members, the kinds of claims, and five seconds.
LEFT_TO_SERVICES = RESPELLED | {
    "kid empty", "kid missing", "our own key in jwk", "jku",
    "x5u", "x5c", "x5t", "crit of an unknown member",
    "crit of a missing member", "crit of b64", "crit empty", "crit a text",
    "b64 without crit", "compressed", "typ missing", "typ JWT",
    "typ of a refresh token", "typ of an ID token", "typ in capitals", "typ null",
    "typ a list", "exp a second ago", "exp a float", "exp a float without a fraction",
    "exp beyond any clock", "iat missing", "iat in an hour", "iat long ago",
    "aud a list with ours", "aud a list of ours alone", "sub missing", "sub empty",
    "sub with a zero byte", "sub with a line break", "sub with wide letters", "tenant missing",
    "tenant empty", "tenant null", "tenant a list", "epoch missing",
    "epoch a text", "epoch a float", "epoch true", "epoch negative",
    "acr a text", "acr true", "auth_time a text", "scope a list",
    "act an object", "sid a number", "via true", "claims with a comma too many",
    "claims of 5,000 letters",
}  # fmt: skip

# ---- the edge


def forge_of(edge: Edge) -> Forge:
    now = int(time.time())
    claims = {
        "iss": edge.settings.issuer, "aud": "rapport", "sub": "usr_1", "tenant": "ten_1", "epoch": 1, "iat": now - 5,
        "exp": now + 600, "sid": "ses_1", "acr": 1, "jti": "tok_1",
    }  # fmt: skip
    return Forge(edge.signer._key, edge.signer.key_id, "two", claims, now)


def answer_of_edge(edge: Edge, token: str) -> str:
    """`passed`, or how the edge refuses; what HTTP cannot carry is sent all the same."""
    sent = f"Bearer {token}".encode("utf-8", "surrogatepass")
    if not token or set(token) & set("\0\r\n"):
        request = attacks.request(
            f"authorization: {sent.decode('latin-1')}", "host: edge", first=f"GET {PATH} HTTP/1.1"
        )
        host, _, port = edge.target.partition(":")
        status, content = attacks.raw((host, int(port)), request, 2)
    else:
        answer = edge.http.get(PATH, headers={b"authorization": sent})
        status, content = answer.status_code, answer.content
        assert (
            status == 200 or error(answer)[:2] == {401: (16, "UNAUTHENTICATED"), 431: (8, "REQUEST_TOO_LARGE")}[status]
        )
    for word in (b"jwt", b"issuer", b"audience", b"signature", b"expired"):
        assert status == 200 or word not in content.lower(), content
    return {200: "passed", 401: "refused"}.get(status, "malformed")


@pytest.mark.parametrize("name", CASES)
def test_the_edge_refuses_it(edge: Edge, name: str) -> None:
    found = answer_of_edge(edge, CASES[name](forge_of(edge)))
    assert (found == "passed") == (name in LEFT_TO_SERVICES), found
    assert (edge.customers.calls != []) == (name in LEFT_TO_SERVICES)


def test_the_edge_lets_a_good_one_pass(edge: Edge) -> None:
    assert answer_of_edge(edge, forge_of(edge).good()) == "passed"


def test_nothing_that_is_left_to_services_is_unsigned() -> None:
    assert set(SIGNED) | RESPELLED >= LEFT_TO_SERVICES
    assert len(CASES) > 250


# ---- the services


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    opened = LocalMesh(tmp_path_factory.mktemp("forged"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def owner(mesh: LocalMesh) -> Member:
    return mesh.sign_up("forged")


@pytest.fixture(scope="module")
def forge(mesh: LocalMesh, owner: Member) -> Forge:
    signing = AccessTokens(mesh.host("users").environment)
    key, other = signing.key(), signing._keys.add()
    claims = jwt.decode(owner.token, options={"verify_signature": False})
    made = Forge(key.private, key.kid, other, claims, int(time.time()))
    assert refusal(mesh, made.good()) == "OK"
    return made


def refusal(mesh: LocalMesh, token: str, path: str = LIST) -> str:
    """How the chain of a service answers a bearer token: OK, or the reason, which comes without another word."""
    request = catalog.load().methods[path].request()
    try:
        mesh.call(path, request, metadata=[("authorization", f"Bearer {token}")], timeout=10)
    except grpc.RpcError as failed:
        caught: Any = failed
    else:
        return "OK"
    status = status_pb2.Status.FromString(dict(caught.trailing_metadata())["grpc-status-details-bin"])
    info = error_details_pb2.ErrorInfo.FromString(status.details[0].value)
    if info.reason == "UNAUTHENTICATED":
        assert (caught.code(), status.message) == (
            grpc.StatusCode.UNAUTHENTICATED,
            "The call needs a valid bearer token.",
        )
        assert (len(status.details), dict(info.metadata)) == (1, {})
    return info.reason


@pytest.fixture(scope="module")
def verifier(mesh: LocalMesh) -> TokenVerifier:
    ring = KeyRing(mesh.service("users").keys)  # type: ignore[arg-type]  # of users there are keys
    return TokenVerifier(ring, mesh.settings.issuer, SystemClock())


def lets_in(verifier: TokenVerifier, token: str) -> bool:
    try:
        verifier.verify(token)
    except Failure as failed:
        told = (failed.reason, failed.metadata, failed.fields)
    else:
        return True
    assert told == ("UNAUTHENTICATED", {}, {})
    return False


@pytest.mark.parametrize("name", CASES)
def test_a_service_refuses_it(mesh: LocalMesh, verifier: TokenVerifier, forge: Forge, name: str) -> None:
    token = CASES[name](forge)
    assert not lets_in(verifier, token)
    if token.isascii() and token.isprintable() and len(token) < 8000:  # what gRPC carries
        assert refusal(mesh, token) == "UNAUTHENTICATED"


def test_a_service_lets_a_good_one_in(verifier: TokenVerifier, forge: Forge) -> None:
    assert lets_in(verifier, forge.good())
    # What the signer may leave out, and a day's life at most.
    for claims in (
        {"exp": forge.now + 80_000},
        {"nbf": forge.now - 5},
        {"jti": "x" * 200},
        {"scope": "contacts.read a.b"},
    ):
        assert lets_in(verifier, forge.claiming(**claims)), claims


def ended(mesh: LocalMesh, owner: Member, forge: Forge) -> str:
    """The token of a session that its user has ended, from another device."""
    log_in = session_service_pb2.LogInRequest(tenant=owner.slug, email=owner.email, password=PASSWORD)
    begun = mesh.call("/rapport.users.v1.SessionService/LogIn", log_in)
    assert refusal(mesh, begun.access_token) == "OK"
    request = session_service_pb2.DeleteSessionRequest(id=begun.session.id)
    mesh.call("/rapport.users.v1.SessionService/DeleteSession", request, token=owner.token)
    mesh.deliver()
    return str(begun.access_token)


def refresh_token(mesh: LocalMesh, owner: Member, forge: Forge) -> str:
    log_in = session_service_pb2.LogInRequest(tenant=owner.slug, email=owner.email, password=PASSWORD)
    return str(mesh.call("/rapport.users.v1.SessionService/LogIn", log_in).refresh_token)


def capability(mesh: LocalMesh, owner: Member, forge: Forge) -> str:
    minted = mesh.host("users").environment.capabilities
    return minted.mint("emails.confirm", owner.tenant, owner.id, expires_us=2**60, single_use=False)


def publishable_key(mesh: LocalMesh, owner: Member, forge: Forge) -> str:
    made = publishable_key_service_pb2.CreatePublishableKeyRequest(publishable_key={"origins": ["https://a.example"]})
    path = "/rapport.users.v1.PublishableKeyService/CreatePublishableKey"
    return str(mesh.call(path, made, token=owner.token).key)


def api_key(mesh: LocalMesh, owner: Member, forge: Forge) -> str:
    """As it is; the edge exchanges it, a service does not know it."""
    key = {"display_name": "x", "grants": [{"permission": "contacts.read", "scope": 3}]}
    made = api_key_service_pb2.CreateApiKeyRequest(api_key=key)
    return str(mesh.call("/rapport.users.v1.ApiKeyService/CreateApiKey", made, token=owner.token).secret)


def elsewhere(mesh: LocalMesh, owner: Member, forge: Forge) -> str:
    return mesh.sign_up(f"forged-{time.monotonic_ns()}").tenant


# Signed by the mesh's own key, or given out by the mesh for another purpose: who stands in it has no business here.
STANDING: dict[str, Callable[[LocalMesh, Member, Forge], str]] = {
    "a session that was ended": ended,
    "a refresh token": refresh_token,
    "a capability": capability,
    "a publishable key": publishable_key,
    "an API key": api_key,
    "the user in another tenant": lambda m, o, f: f.claiming(tenant=elsewhere(m, o, f)),
    "a tenant that is none": lambda m, o, f: f.claiming(tenant="ten_00000000000000000000000000"),
    "a user who is none": lambda m, o, f: f.claiming(sub="usr_00000000000000000000000000"),
    "a service": lambda m, o, f: f.claiming(sub="service:customers"),
    "the operator": lambda m, o, f: f.claiming(sub="operator"),
    "a tenant as the user": lambda m, o, f: f.claiming(sub=o.tenant),
    "a session as the user": lambda m, o, f: f.claiming(sub=f.claims["sid"]),
    "everybody": lambda m, o, f: f.claiming(sub="*"),
    "a key that is none": lambda m, o, f: f.claiming(sub="key_00000000000000000000000000", act=o.id),
    "an impersonation that is none": lambda m, o, f: f.claiming(via="imp_00000000000000000000000000"),
    "an epoch before the last": lambda m, o, f: f.claiming(epoch=0),
}  # fmt: skip


@pytest.mark.parametrize("name", STANDING)
def test_who_has_no_business_is_refused(mesh: LocalMesh, owner: Member, forge: Forge, name: str) -> None:
    token = STANDING[name](mesh, owner, forge)
    assert refusal(mesh, token) == "UNAUTHENTICATED"
    assert refusal(mesh, token, "/rapport.users.v1.UserService/GetCurrentUser") == "UNAUTHENTICATED"


@pytest.mark.parametrize("scheme", ["", "bearer ", "Basic ", "DPoP ", "Bearer  "])
def test_no_other_scheme_is_understood(mesh: LocalMesh, forge: Forge, scheme: str) -> None:
    told = [("authorization", f"{scheme}{forge.good()}")]
    with pytest.raises(grpc.RpcError) as caught:
        mesh.call(LIST, contact_service_pb2.ListContactsRequest(), metadata=told)
    failed: Any = caught.value
    assert failed.code() is grpc.StatusCode.UNAUTHENTICATED


# ---- the table itself: verifiers that are weak in one way let in what is named after that way


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_verifier_that_is_weak_is_told_by_its_cases(mesh: LocalMesh, forge: Forge, flaw: str) -> None:
    faults, expected = FLAWS[flaw]
    ring = KeyRing(mesh.service("users").keys)  # type: ignore[arg-type]  # of users there are keys
    weak = TokenVerifier(ring, mesh.settings.issuer, SystemClock())
    assert expected
    with ExitStack() as stack:
        for fault in faults(forge):
            stack.enter_context(fault)
        let_in = {name for name, case in CASES.items() if lets_in(weak, case(forge))}
    assert expected <= let_in, expected - let_in
