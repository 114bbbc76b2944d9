"""The first hour with Rapport: what `make up` prints works as pasted, and every wrong turn is told in words."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import httpx
import jwt
import pytest
from rapport.customers.v1 import contact_service_pb2, contact_service_pb2_grpc
from sqlalchemy import select

from mesh.control.certificates import Authority, Identity
from mesh.runtime.clock import SystemClock
from mesh.runtime.secrets import Secrets
from mesh.runtime.settings import read_settings
from mesh.runtime.vault import Vault
from mesh.store.statement import Statement
from mesh.store.store import Store
from mesh.testing.eventually import quickest
from mesh.testing.forged import other_end
from mesh.testing.running import running_mesh
from services.users.tables import metadata, signing_keys

if TYPE_CHECKING:
    from mesh.testing.running import RunningMesh

ROOT = Path(__file__).resolve().parents[2]
GRPCURL = Path(sys.executable).parent / "grpcurl"
pytestmark = pytest.mark.slow


@pytest.fixture
def owner(mesh: RunningMesh) -> dict[str, str]:
    return {"authorization": f"Bearer {mesh.token()}"}


@pytest.mark.shows("skeleton.up", "skeleton.pasted", "skeleton.engines")
def test_the_printed_calls_work_as_pasted(mesh: RunningMesh) -> None:
    printed = mesh.mesh("up")
    calls = [line.strip() for line in printed.splitlines() if "ListContacts" in line or line.strip().startswith("curl")]

    answers = [
        subprocess.run(["bash", "-c", call], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
        for call in calls
    ]

    assert len(calls) == 2
    assert [len(json.loads(answer)["contacts"]) for answer in answers] == [3, 3]


@pytest.mark.shows("skeleton.up-again")
def test_a_second_up_changes_nothing_within_a_second(mesh: RunningMesh) -> None:
    before = mesh.instances()

    assert quickest(lambda: mesh.mesh("up")) < 1
    assert mesh.instances() == before


@pytest.mark.shows("skeleton.operators")
def test_grpcurl_lists_and_describes_through_the_edge(mesh: RunningMesh) -> None:
    def grpcurl(*arguments: str) -> str:
        command = [str(GRPCURL), "-plaintext", mesh.target, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    assert "rapport.customers.v1.ContactService" in grpcurl("list").split()
    assert "returns ( .rapport.customers.v1.Contact )" in grpcurl(
        "describe", "rapport.customers.v1.ContactService.GetContact"
    )
    assert "DirectoryService" not in grpcurl("list"), "methods for services only are nobody's business outside"


@pytest.mark.shows("skeleton.bad-input")
@pytest.mark.parametrize(
    ("verb", "path", "body", "status", "reason", "field"),
    [
        ("POST", "/v1/contacts", '{"givenName": ', 400, "INVALID_ARGUMENT", ""),
        ("POST", "/v1/contacts", '{"givenName": 5}', 400, "INVALID_ARGUMENT", "contact.given_name"),
        ("POST", "/v1/contacts", '{"emails": [{"label": "x"}]}', 400, "INVALID_ARGUMENT", "contact.emails[0].address"),
        ("POST", "/v1/contacts", "{}", 400, "CONTACT_UNIDENTIFIED", "contact"),
        ("POST", "/v1/contacts:batchCreate", "{}", 400, "INVALID_ARGUMENT", "contacts"),
        ("GET", "/v1/contacts?page_token=x", None, 400, "PAGE_TOKEN_INVALID", "page_token"),
        ("GET", "/v1/contacts?page_size=x", None, 400, "INVALID_ARGUMENT", "page_size"),
        ("GET", "/v1/contacts?unknown=x", None, 400, "INVALID_ARGUMENT", "unknown"),
        ("GET", "/v1/contacts?filter=shoe_size%20%3D%204", None, 400, "INVALID_ARGUMENT", "filter"),
        ("GET", "/v1/contacts?order_by=shoe_size", None, 400, "INVALID_ARGUMENT", "order_by"),
        ("GET", "/v1/contacts/nobody", None, 400, "INVALID_ARGUMENT", "id"),
        ("GET", "/v1/contacts/con_01J9ZQ4T5V8W9X0Y1Z2A3B4C5D", None, 404, "NOT_FOUND", None),
    ],
)
def test_bad_input_gets_the_documented_error(
    mesh: RunningMesh, owner: dict[str, str], verb: str, path: str, body: str | None, status: int, reason: str,
    field: str | None,
) -> None:  # fmt: skip
    answer = httpx.request(verb, mesh.url + path, content=body, headers=owner, timeout=10)

    assert (answer.status_code, reason_of(answer)) == (status, reason)
    if field is not None:
        assert field in [violation["field"] for violation in answer.json()["details"][1]["fieldViolations"]]


@pytest.mark.shows("skeleton.page-tokens")
def test_a_tampered_page_token_is_refused(mesh: RunningMesh, owner: dict[str, str]) -> None:
    page = httpx.get(f"{mesh.url}/v1/contacts?page_size=1", headers=owner, timeout=10).json()["nextPageToken"]
    tampered = other_end(page)

    answer = httpx.get(f"{mesh.url}/v1/contacts", params={"page_token": tampered}, headers=owner, timeout=10)

    assert (answer.status_code, reason_of(answer)) == (400, "PAGE_TOKEN_INVALID")


@pytest.mark.shows("skeleton.bad-tokens")
@pytest.mark.parametrize("change", ["expired", "forged", "another audience", "another issuer", "no tenant"])
def test_a_token_that_is_not_good_now_is_refused(mesh: RunningMesh, change: str) -> None:
    token = mint(mesh, change)

    answer = httpx.get(f"{mesh.url}/v1/contacts", headers={"authorization": f"Bearer {token}"}, timeout=10)

    assert answer.status_code in (401, 403)
    assert reason_of(answer) in ("UNAUTHENTICATED", "PERMISSION_DENIED")


@pytest.mark.shows("skeleton.tenants")
def test_another_tenants_contact_looks_like_none(mesh: RunningMesh, owner: dict[str, str]) -> None:
    contact = httpx.get(f"{mesh.url}/v1/contacts?page_size=1", headers=owner, timeout=10).json()["contacts"][0]
    stranger = sign_up(mesh, "stranger")
    unknown = "con_01J9ZQ4T5V8W9X0Y1Z2A3B4C5D"

    answers = [
        httpx.get(f"{mesh.url}/v1/contacts/{contact_id}", headers=stranger, timeout=10)
        for contact_id in (contact["id"], unknown)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text.replace(contact["id"], unknown) == answers[1].text
    assert httpx.get(f"{mesh.url}/v1/contacts", headers=stranger, timeout=10).json()["contacts"] == []


@pytest.mark.shows("skeleton.forms")
def test_json_grpc_and_grpc_web_answer_alike_on_one_port(mesh: RunningMesh, owner: dict[str, str]) -> None:
    contact = httpx.get(f"{mesh.url}/v1/contacts?page_size=1", headers=owner, timeout=10).json()["contacts"][0]
    request = contact_service_pb2.GetContactRequest(id=contact["id"])

    with grpc.insecure_channel(mesh.target) as channel:
        stub = contact_service_pb2_grpc.ContactServiceStub(channel)
        over_grpc = stub.GetContact(request, metadata=list(owner.items()), timeout=10)
    message = request.SerializeToString()
    web = httpx.post(
        f"{mesh.url}/rapport.customers.v1.ContactService/GetContact",
        content=struct.pack(">BI", 0, len(message)) + message,
        headers={**owner, "content-type": "application/grpc-web+proto", "x-grpc-web": "1"},
        timeout=10,
    )
    length = struct.unpack(">BI", web.content[:5])[1]

    assert over_grpc.etag == contact["etag"]
    assert web.content[5 : 5 + length] == over_grpc.SerializeToString(deterministic=True)
    assert b"grpc-status:0" in web.content[5 + length :]


@pytest.mark.shows("skeleton.pages")
def test_the_pages_of_the_edge_need_nothing_from_elsewhere(mesh: RunningMesh) -> None:
    page = httpx.get(f"{mesh.url}/docs", timeout=10)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert page.status_code == 200
    assert addresses
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
    assert {httpx.get(mesh.url + address, timeout=10).status_code for address in addresses} == {200}
    assert httpx.get(f"{mesh.url}/openapi.json", timeout=10).json()["openapi"].startswith("3.1")
    assert httpx.get(f"{mesh.url}/healthz", timeout=10).status_code == 200


@pytest.mark.shows("skeleton.repeats")
def test_the_same_request_sent_twice_has_one_effect(mesh: RunningMesh, owner: dict[str, str]) -> None:
    request = {"contacts": [{"familyName": "Twice"}], "requestId": "0e6f2a52-64f4-4d5e-9d5a-8f3f1f9f6b01"}

    first, second = (
        httpx.post(f"{mesh.url}/v1/contacts:batchCreate", json=request, headers=owner, timeout=10) for _ in range(2)
    )
    found = httpx.get(f'{mesh.url}/v1/contacts?filter=family_name="Twice"', headers=owner, timeout=10)

    assert first.json() == second.json()
    assert len(found.json()["contacts"]) == 1


@pytest.mark.shows("seams.twin")
def test_the_same_request_sent_twice_at_once_has_one_effect(mesh: RunningMesh, owner: dict[str, str]) -> None:
    for number in range(10):
        name = f"Twin{number}"
        request = {"contacts": [{"familyName": name}], "requestId": str(uuid.UUID(int=number, version=4))}

        def send(content: dict[str, Any] = request) -> httpx.Response:
            return httpx.post(f"{mesh.url}/v1/contacts:batchCreate", json=content, headers=owner, timeout=10)

        with ThreadPoolExecutor(2) as pool:
            first, second = (future.result() for future in [pool.submit(send), pool.submit(send)])
        found = httpx.get(f'{mesh.url}/v1/contacts?filter=family_name="{name}"', headers=owner, timeout=10)

        assert (first.status_code, first.json()) == (200, second.json())
        assert len(found.json()["contacts"]) == 1


@pytest.mark.shows("skeleton.side-by-side", "skeleton.edge-tls")
def test_two_meshes_run_side_by_side_and_one_speaks_tls(mesh: RunningMesh, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "outside", "outside", SystemClock())
    authority.renew([Identity("edge", ("127.0.0.1",))])
    certificates = tmp_path / "outside" / "edge"

    with running_mesh(tmp_path / "home", MESH_EDGE_CERTIFICATE=str(certificates)) as second:
        url = f"https://{second.target}"
        answer = httpx.get(f"{url}/healthz", verify=tls(certificates / "ca.crt"), timeout=10)
        first = httpx.get(f"{mesh.url}/healthz", timeout=10)

    assert (answer.status_code, first.status_code) == (200, 200)
    assert httpx.get(f"{mesh.url}/healthz", timeout=10).status_code == 200, "ending one leaves the other alone"


@pytest.mark.shows("skeleton.production")
def test_production_says_everything_that_it_insists_on(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "MESH_HOME": str(tmp_path), "MESH_PROFILE": "production"}
    command = [sys.executable, "-m", "mesh.cli.main", "up"]

    refused = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert refused.returncode != 0
    for variable in ("MESH_SECRET", "REDIS_URL", "DATABASE_URL", "MESH_BLOBS_URL", "SMTP_URL", "MESH_EDGE_CERTIFICATE"):
        assert variable in refused.stderr
    assert "Traceback" not in refused.stderr


def reason_of(answer: httpx.Response) -> str:
    """The reason in an error's ErrorInfo."""
    details: list[dict[str, Any]] = answer.json()["details"]
    return str(details[0]["reason"])


def sign_up(mesh: RunningMesh, slug: str) -> dict[str, str]:
    """The header of a new tenant's owner."""
    credentials = {"tenant": slug, "email": "owner@example.com", "password": "granite-walrus-47-lantern"}
    body = {
        "slug": slug,
        "displayName": slug,
        "ownerEmail": credentials["email"],
        "ownerPassword": credentials["password"],
    }
    httpx.post(f"{mesh.url}/v1/tenants:signUp", json=body, timeout=10)
    token = httpx.post(f"{mesh.url}/v1/sessions:logIn", json=credentials, timeout=10).json()["accessToken"]
    return {"authorization": f"Bearer {token}"}


def mint(mesh: RunningMesh, change: str) -> str:
    """A token like the owner's, signed with the mesh's own key, but for one thing."""
    settings = read_settings(mesh.environment)
    keyed = replace(settings, secret=f"file:{mesh.home}/secrets/root.key")
    keys = Statement(select(signing_keys.c.slot, signing_keys.c.kid, signing_keys.c.sealed_private))
    store = Store(settings.database("users"), service="users", metadata=metadata)
    ((slot, kid, sealed),) = store.read(keys, tenant=None, timeout=5)
    store.close()
    vault = Vault("users", Secrets.from_settings(keyed))
    private = vault.open(signing_keys.c.sealed_private, bytes(sealed), row=str(slot))
    claims = jwt.decode(mesh.token(), options={"verify_signature": False})
    if change == "expired":
        claims["iat"], claims["exp"] = claims["iat"] - 7200, claims["iat"] - 3600
    if change == "another audience":
        claims["aud"] = "elsewhere"
    if change == "another issuer":
        claims["iss"] = "https://elsewhere.test"
    if change == "no tenant":
        del claims["tenant"]
    signer = jwt.algorithms.OKPAlgorithm().prepare_key(pem(b"\x07" * 32 if change == "forged" else private))
    return jwt.encode(claims, signer, algorithm="EdDSA", headers={"kid": kid, "typ": "at+jwt"})


def pem(private: bytes) -> str:
    """An Ed25519 key in the form that the token library reads."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(private)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def tls(authority: Path) -> Any:
    """Trust in one authority and no other."""
    import ssl

    return ssl.create_default_context(cafile=str(authority))
