"""Plain HTTP through the real edge and the real chain: API keys, OAuth tokens, signed webhooks and web forms."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import grpc
import httpx
import pytest
from rapport.customers.v1 import contact_service_pb2, contact_service_pb2_grpc

from mesh.runtime.clock import SystemClock
from mesh.testing.eventually import eventually
from mesh.testing.forged import other_end
from mesh.testing.planted import planted
from mesh.testing.running import RunningMesh, running_mesh
from mesh.testing.webhooks import signed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
GRANTS = [{"permission": name, "scope": "SCOPE_ALL"} for name in ("contacts.read", "contacts.write")]


def bearer(credential: str) -> dict[str, str]:
    return {"authorization": f"Bearer {credential}"}


def make_key(mesh: RunningMesh) -> tuple[str, str]:
    """A new API key of the demo tenant's owner: its id and its secret."""
    body = {"displayName": "journey", "grants": GRANTS}
    reply = httpx.post(f"{mesh.url}/v1/api-keys", json=body, headers=bearer(mesh.token()), timeout=10)
    assert reply.status_code == 200, reply.text
    return reply.json()["apiKey"]["id"], reply.json()["secret"]


def ask(mesh: RunningMesh, auth: tuple[str, str] | None = None, **form: str) -> httpx.Response:
    fields = {"grant_type": "client_credentials", **form}
    return httpx.post(f"{mesh.url}/oauth/token", data=fields, auth=auth, timeout=10)


def contacts(mesh: RunningMesh, credential: str) -> int:
    return httpx.get(f"{mesh.url}/v1/contacts", headers=bearer(credential), timeout=10).status_code


def test_a_key_is_a_credential_for_json_and_grpc_until_it_is_revoked(mesh: RunningMesh) -> None:
    identity, secret = make_key(mesh)
    assert contacts(mesh, secret) == 200
    with grpc.insecure_channel(mesh.target) as channel:
        stub: Any = contact_service_pb2_grpc.ContactServiceStub(channel)
        stub.ListContacts(
            contact_service_pb2.ListContactsRequest(), metadata=[("authorization", f"Bearer {secret}")], timeout=10
        )
    refused = httpx.get(f"{mesh.url}/v1/teams", headers=bearer(secret), timeout=10)
    assert (refused.status_code, refused.json()["details"][0]["reason"]) == (403, "PERMISSION_DENIED")
    assert contacts(mesh, other_end(secret)) == 401

    token = ask(mesh, (identity, secret)).json()["access_token"]
    gone = httpx.delete(f"{mesh.url}/v1/api-keys/{identity}", headers=bearer(mesh.token()), timeout=10)
    assert gone.status_code == 200, gone.text
    eventually(lambda: contacts(mesh, secret) == 401, within=5, of="the key is refused")
    eventually(lambda: contacts(mesh, token) == 401, within=5, of="its tokens are refused")


def check_token_endpoint(mesh: RunningMesh) -> None:
    """Tokens by header and by form, and every refusal with its status, body and headers."""
    identity, secret = make_key(mesh)
    for answer in (ask(mesh, (identity, secret)), ask(mesh, client_id=identity, client_secret=secret)):
        assert answer.status_code == 200, answer.text
        assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
        assert answer.headers["content-type"] == "application/json"
        body = answer.json()
        assert body["token_type"] == "Bearer"
        assert 0 < body["expires_in"] <= 300
        assert body["scope"].split() == ["contacts.read", "contacts.write"]
        assert contacts(mesh, body["access_token"]) == 200

    narrow = ask(mesh, (identity, secret), scope="contacts.read").json()
    assert narrow["scope"] == "contacts.read"
    assert contacts(mesh, narrow["access_token"]) == 200
    refused = httpx.post(
        f"{mesh.url}/v1/contacts", json={"familyName": "Door"}, headers=bearer(narrow["access_token"]), timeout=10
    )
    assert refused.status_code == 403, "a token is worth the scope that was asked for"

    wrong = {
        "invalid_client": [ask(mesh, (identity, "rk_wrong")), ask(mesh, ("key_unknown", secret)), ask(mesh)],
        "invalid_scope": [ask(mesh, (identity, secret), scope="users.write")],
        "unsupported_grant_type": [ask(mesh, (identity, secret), grant_type="password")],
        "invalid_request": [ask(mesh, (identity, secret), client_secret=secret)],
    }
    for error, answers in wrong.items():
        for answer in answers:
            assert answer.json()["error"] == error
            assert answer.status_code == (401 if error == "invalid_client" else 400)
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers.get("www-authenticate", "").startswith("Basic") == (error == "invalid_client")
    known, unknown = wrong["invalid_client"][:2]
    assert known.content == unknown.content, "nobody learns which keys there are"


@pytest.mark.shows("seams.http-door")
def test_the_token_endpoint_speaks_oauth(mesh: RunningMesh) -> None:
    check_token_endpoint(mesh)


def test_a_door_whose_status_is_lost_is_noticed(tmp_path: Path) -> None:
    fault = "Door.answered = ()"
    with (
        running_mesh(tmp_path / "mesh", **planted(tmp_path / "fault", "mesh.runtime.door", fault)) as mesh,
        pytest.raises((AssertionError, KeyError)),
    ):
        check_token_endpoint(mesh)


class Sender:
    """Another system, which sends to a hook of the demo tenant."""

    def __init__(self, mesh: RunningMesh) -> None:
        body = {"displayName": "Web shop"}
        reply = httpx.post(f"{mesh.url}/v1/contact-hooks", json=body, headers=bearer(mesh.token()), timeout=10)
        assert reply.status_code == 200, reply.text
        self.mesh, self.hook, self.secret = mesh, reply.json()["contactHook"]["id"], reply.json()["secret"]
        self.address = mesh.url + reply.json()["path"]

    def headers(self, body: bytes, webhook_id: str = "", ago: int = 0) -> dict[str, str]:
        now = SystemClock().now_us() // 1_000_000
        return signed(self.secret, webhook_id or f"msg_{uuid.uuid4()}", now - ago, body)

    def send(self, body: bytes, webhook_id: str = "", ago: int = 0, **other: str) -> httpx.Response:
        """Send the bytes, signed; `other` headers replace the right ones."""
        changed = {f"webhook-{name}": value for name, value in other.items()}
        headers = self.headers(body, webhook_id, ago) | {"content-type": "application/json"} | changed
        return httpx.post(self.address, content=body, headers=headers, timeout=10)

    def contact(self, identity: str) -> dict[str, Any]:
        url = f"{self.mesh.url}/v1/contacts/{identity}"
        found: dict[str, Any] = httpx.get(url, headers=bearer(self.mesh.token()), timeout=10).json()
        return found


def content(**fields: object) -> bytes:
    """A contact, not as any program would write it again."""
    return b"\n {  " + json.dumps(fields, indent=3)[1:].encode() + b" \r\n"


def check_webhook(mesh: RunningMesh) -> None:
    """What is signed takes effect, once; it is found again by its key and its address."""
    sender, key = Sender(mesh), str(uuid.uuid4())
    address = f"{key}@example.com"
    body = content(givenName="Zo\u00eb", externalId=key, emails=[{"address": address}])
    taken = sender.send(body, "msg_first")
    assert (taken.status_code, taken.json()["outcome"]) == (200, "created"), taken.text
    assert taken.headers["content-type"] == "application/json"
    identity = taken.json()["contactId"]
    kept = sender.contact(identity)
    assert (kept["givenName"], kept["externalId"], kept.get("ownerId", "")) == ("Zo\u00eb", key, "")

    for again in (body, content(givenName="Other", externalId=key)):
        repeated = sender.send(again, "msg_first", ago=60)
        assert (repeated.status_code, repeated.content) == (200, taken.content)
    assert sender.contact(identity)["etag"] == kept["etag"], "one id has one effect"
    by_key = sender.send(content(externalId=key, jobTitle="Buyer")).json()
    by_address = sender.send(content(emails=[{"address": address.upper()}], familyName="Day")).json()
    assert by_key == by_address == {"contactId": identity, "outcome": "updated"}
    assert sender.send(content(externalId=key, jobTitle="Buyer")).json()["outcome"] == "unchanged"
    changed = sender.contact(identity)
    assert (changed["jobTitle"], changed["displayName"]) == ("Buyer", "Zo\u00eb Day")
    stranger = sender.send(content(externalId=f"{key}-2", emails=[{"address": address}])).json()
    assert stranger["outcome"] == "created", "with a key of its own it is somebody else"
    check_refusals(sender, identity)


def check_refusals(sender: Sender, identity: str) -> None:
    """Whatever is wrong is told in a short body, and changes nothing."""
    good = content(familyName="Never")
    before = sender.contact(identity)
    signature = sender.headers(good)["webhook-signature"]
    wrong = {
        (401, "SIGNATURE_INVALID"): [
            sender.send(good, signature=signature[:-4] + "AAA="),
            sender.send(good, signature=""),
            sender.send(good + b" ", **{k[8:]: v for k, v in sender.headers(good).items()}),
        ],
        (401, "TIMESTAMP_EXPIRED"): [sender.send(good, ago=301), sender.send(good, ago=-330)],
        (400, "HEADER_INVALID"): [sender.send(good, timestamp="soon")],
        (400, "INVALID_ARGUMENT"): [sender.send(b"no json"), sender.send(content(surname="x"))],
        (400, "CONTACT_UNIDENTIFIED"): [sender.send(content(jobTitle="x"))],
    }
    for (status, error), answers in wrong.items():
        for answer in answers:
            assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    fields = sender.send(content(emails=[{"address": "no address"}])).json()["fields"]
    assert list(fields) == ["emails[0].address"]
    assert sender.contact(identity) == before
    forged = httpx.post(other_end(sender.address), content=good, headers=sender.headers(good), timeout=10)
    assert forged.status_code == 401, forged.text

    url = f"{sender.mesh.url}/v1/contact-hooks/{sender.hook}"
    shown = httpx.get(url, headers=bearer(sender.mesh.token()), timeout=10)
    assert sender.secret.removeprefix("whsec_") not in shown.text
    assert httpx.delete(url, headers=bearer(sender.mesh.token()), timeout=10).status_code == 200
    ended = sender.send(good)
    assert (ended.status_code, ended.json()["error"]) == (410, "HOOK_DELETED")


@pytest.mark.shows("seams.http-door")
def test_a_signed_webhook_makes_a_contact_and_changes_it(mesh: RunningMesh) -> None:
    check_webhook(mesh)


@pytest.mark.parametrize(
    "fault",
    [
        "def check_signature(*arguments):\n    pass",
        "_sign = sign\nsign = lambda key, name, at, body: _sign(key, name, at, orjson.dumps(orjson.loads(body)))",
    ],
    ids=["the signature is not checked", "the bytes are written anew"],
)
def test_a_webhook_that_is_not_checked_as_it_was_sent_is_noticed(tmp_path: Path, fault: str) -> None:
    module = "services.customers.domain.intake"
    with (
        running_mesh(tmp_path / "mesh", **planted(tmp_path / "fault", module, fault)) as mesh,
        pytest.raises((AssertionError, KeyError)),
    ):
        check_webhook(mesh)


def test_a_web_form_makes_a_contact_from_its_own_pages_alone(mesh: RunningMesh) -> None:
    page, url = "https://www.shop.example", f"{mesh.url}/v1/contacts:submit"
    body = {"displayName": "Contact form", "origins": [page]}
    made = httpx.post(f"{mesh.url}/v1/publishable-keys", json=body, headers=bearer(mesh.token()), timeout=10).json()
    asks = {"origin": page, "access-control-request-method": "POST", "access-control-request-headers": "x-rapport-key"}
    preflight = httpx.options(url, headers=asks, timeout=10)
    assert preflight.status_code in (200, 204)
    assert preflight.headers["access-control-allow-origin"] == page
    assert "x-rapport-key" in preflight.headers["access-control-allow-headers"]
    assert "authorization" not in preflight.headers["access-control-allow-headers"]
    other = httpx.options(f"{mesh.url}/v1/contacts", headers=asks, timeout=10)
    assert "access-control-allow-origin" not in other.headers, "no other route is open to pages"

    form = {"givenName": "Form", "email": f"{uuid.uuid4()}@example.com", "phone": "+61 2 9999 0000"}
    taken = httpx.post(url, json=form, headers={"origin": page, "x-rapport-key": made["key"]}, timeout=10)
    assert taken.status_code == 200, taken.text
    assert taken.headers["access-control-allow-origin"] == page
    contact_url = f"{mesh.url}/v1/contacts/{taken.json()['contactId']}"
    kept = httpx.get(contact_url, headers=bearer(mesh.token()), timeout=10).json()
    assert (kept["primaryEmail"], kept["ownerId"]) == (form["email"], made["ownerId"])
    for headers, status in (({"origin": "https://elsewhere.example", "x-rapport-key": made["key"]}, 403),
                            ({"x-rapport-key": made["key"]}, 403), ({"origin": page}, 401)):  # fmt: skip
        assert httpx.post(url, json=form, headers=headers, timeout=10).status_code == status
