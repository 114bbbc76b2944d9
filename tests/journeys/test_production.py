"""The production profile as a whole: nothing embedded, nothing in the clear, nothing secret in a log."""

from __future__ import annotations

import base64
import secrets
import ssl
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import grpc
import httpx
import pytest
from rapport.customers.v1 import contact_service_pb2, contact_service_pb2_grpc

from mesh.control.certificates import Authority, Identity
from mesh.runtime.clock import SystemClock
from mesh.testing.eventually import eventually
from mesh.testing.postgres import postgres_server
from mesh.testing.redis import redis_server
from mesh.testing.running import RunningMesh, running_mesh
from mesh.testing.s3 import s3_server
from mesh.testing.tls_door import tls_door

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ORIGIN = "https://crm.example.com"
PASSWORD = "granite-walrus-47-lantern"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@dataclass
class Site:
    """A mesh in production, what its machine keeps around it, and everything that is nobody's business."""

    mesh: RunningMesh
    authority: Path
    secrets: list[str] = field(default_factory=list)

    def client(self, token: str = "") -> httpx.Client:
        """Somebody outside who believes the site's authority."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        trust = ssl.create_default_context(cafile=self.authority)
        return httpx.Client(base_url=self.mesh.url, headers=headers, verify=trust, timeout=30)

    def sign_up(self, slug: str) -> str:
        """The token of a new tenant's owner."""
        body = {"slug": slug, "displayName": slug, "ownerEmail": "owner@example.com", "ownerPassword": PASSWORD}
        credentials = {"tenant": slug, "email": "owner@example.com", "password": PASSWORD}
        with self.client() as http:
            http.post("/v1/tenants:signUp", json=body).raise_for_status()
            token = str(http.post("/v1/sessions:logIn", json=credentials).raise_for_status().json()["accessToken"])
        self.secrets.append(token)
        return token


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("production")
    authority = Authority(folder / "outside", "outside", SystemClock())
    authority.renew([Identity("edge", ("127.0.0.1",)), Identity("stores", ("127.0.0.1",))])
    edge, stores = folder / "outside" / "edge", folder / "outside" / "stores"
    key = secrets.token_hex(32)
    (folder / "master.key").write_text(key)
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server(password=secrets.token_urlsafe(24)))
        door = stack.enter_context(tls_door(server.port, stores))
        database = server.url("p_{service}").replace(f":{server.port}/", f":{door}/")
        database += f"?sslmode=verify-full&sslrootcert={stores / 'ca.crt'}"
        redis = stack.enter_context(redis_server(by_file=True))
        blobs = stack.enter_context(s3_server("files", stores))
        mesh = running_mesh(
            folder / "home",
            MESH_PROFILE="production",
            MESH_SECRET=f"file:{folder}/master.key",
            MESH_EDGE_CERTIFICATE=str(edge),
            MESH_CORS_ORIGINS=ORIGIN,
            MESH_BLOBS_URL=blobs,
            SMTP_URL="smtps://127.0.0.1:1",
            DATABASE_URL=database,
            REDIS_URL=redis.url,
            SSL_CERT_FILE=str(stores / "ca.crt"),
        )
        passwords = [str(urlsplit(url).password) for url in (database, redis.url, blobs)]
        running = stack.enter_context(mesh)
        yield Site(running, edge / "ca.crt", [key, PASSWORD, *passwords])


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    return site.sign_up("works")


def code_of(error: grpc.RpcError) -> grpc.StatusCode:
    """How a call failed."""
    code: grpc.StatusCode = error.code()  # type: ignore[attr-defined]  # grpc is untyped
    return code


def leaks(files: Iterable[Path], nobodys: Iterable[str]) -> list[str]:
    """Which of the files holds what is nobody's business."""
    return [file.name for file in files if any(each.encode() in file.read_bytes() for each in nobodys)]


def test_contacts_are_made_and_read_in_all_forms_and_their_events_reach_the_audit(site: Site, token: str) -> None:
    with site.client(token) as http:
        made = http.post("/v1/contacts", json={"givenName": "Ann", "familyName": "Known"}).raise_for_status().json()
        assert http.get(f"/v1/contacts/{made['id']}").json() == made
        credentials = grpc.ssl_channel_credentials(site.authority.read_bytes())
        with grpc.secure_channel(site.mesh.target, credentials) as channel:
            stub = contact_service_pb2_grpc.ContactServiceStub(channel)
            request = contact_service_pb2.GetContactRequest(id=made["id"])
            found = stub.GetContact(request, metadata=[("authorization", f"Bearer {token}")], timeout=30)
        assert found.etag == made["etag"]

        def audited() -> bool:
            entries = http.get("/v1/audit-entries?page_size=100").raise_for_status().json()["auditEntries"]
            return any(entry["resource"] == f"contacts/{made['id']}" for entry in entries)

        eventually(audited, within=60, of="the record of the contact")


def test_a_file_goes_through_s3(site: Site, token: str) -> None:
    columns = [{"column": "Key", "field": "external_id"}, {"column": "Name", "field": "family_name"}]
    described = {"fileName": "two.csv", "columns": columns, "matchKey": "MATCH_KEY_EXTERNAL_ID"}
    with site.client(token) as http:

        def call(verb: str, path: str, body: Any = None) -> dict[str, Any]:
            answer: dict[str, Any] = http.request(verb, path, json=body).raise_for_status().json()
            return answer

        job = f"/v1/contact-imports/{call('POST', '/v1/contact-imports', described)['id']}"
        content = base64.b64encode(b"Key;Name\r\nk1;First\r\nk2;Second").decode()
        call("POST", f"{job}:upload", {"partNumber": 1, "content": content})
        call("POST", f"{job}:start", {})
        eventually(lambda: call("GET", job)["job"]["state"] == "JOB_STATE_SUCCEEDED", within=60, of="the import")
        found = call("GET", '/v1/contacts?filter=external_id="k*"')["contacts"]
    assert sorted(each["familyName"] for each in found) == ["First", "Second"]


def test_what_is_there_can_be_read_about_but_not_reflected(site: Site, token: str) -> None:
    with site.client() as http:
        assert http.get("/openapi.json").json()["openapi"].startswith("3.1")
        assert http.get("/docs").status_code == 200
        assert http.get("/healthz").status_code == 200
    credentials = grpc.ssl_channel_credentials(site.authority.read_bytes())
    bearer = [("authorization", f"Bearer {token}")]
    with grpc.secure_channel(site.mesh.target, credentials) as channel:
        for version in ("v1", "v1alpha"):
            ask = channel.stream_stream(f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo")
            over = threading.Event()

            def asks(over: threading.Event = over) -> Iterator[bytes]:
                """What grpcurl sends: a question, after which it leaves the stream open."""
                yield b"\x3a\x00"
                over.wait(30)

            with pytest.raises(grpc.RpcError) as refused:
                next(ask(asks(), metadata=bearer, timeout=10))
            over.set()
            assert code_of(refused.value) is grpc.StatusCode.UNIMPLEMENTED


def allowed(http: httpx.Client, origin: str) -> str | None:
    """The origin that a browser's question before a call is answered with."""
    asks = {"origin": origin, "access-control-request-method": "GET", "access-control-request-headers": "authorization"}
    return http.options("/v1/contacts", headers=asks).headers.get("access-control-allow-origin")


def test_pages_of_the_named_origin_may_call_and_no_other(site: Site) -> None:
    with site.client() as http:
        assert allowed(http, ORIGIN) == ORIGIN
        for other in ("https://crm.example.org", f"{ORIGIN}.evil.test", "http://crm.example.com", "http://localhost"):
            assert allowed(http, other) is None


def test_plaintext_is_refused_at_every_door(site: Site, token: str) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://{site.mesh.target}/healthz", timeout=10)
    ports = {each["name"]: each["port"] for each in site.mesh.instances()}
    for name in ("customers-1", "users-1"):
        with grpc.insecure_channel(f"127.0.0.1:{ports[name]}") as channel:
            stub = contact_service_pb2_grpc.ContactServiceStub(channel)
            with pytest.raises(grpc.RpcError) as refused:
                stub.ListContacts(
                    contact_service_pb2.ListContactsRequest(),
                    metadata=[("authorization", f"Bearer {token}")],
                    timeout=10,
                )
        assert code_of(refused.value) is grpc.StatusCode.UNAVAILABLE


def test_no_log_holds_a_secret(site: Site, token: str) -> None:
    with site.client(token) as http:
        http.post("/v1/sessions:logIn", json={"tenant": "works", "email": "owner@example.com", "password": "no"})
        http.get("/v1/contacts?filter=shoe_size")
        site.mesh.mesh("ps")
    logs = [file for file in (site.mesh.home / "logs").iterdir() if file.is_file()]
    assert {"mesh.log", "edge.log", "customers-1.log", "users-1.log"} <= {file.name for file in logs}
    assert sum(file.stat().st_size for file in logs) > 0
    assert leaks(logs, site.secrets) == []
    commands = [Path(f"/proc/{each['pid']}/cmdline") for each in site.mesh.instances()]
    assert leaks(commands, site.secrets) == []


def test_a_secret_in_a_log_would_be_seen(tmp_path: Path) -> None:
    """The fault that the search above is there for."""
    log = tmp_path / "users-1.log"
    log.write_text(f'{{"rpc": "rapport.users.v1.SessionService/LogIn", "password": "{PASSWORD}"}}\n')
    assert leaks([log], [PASSWORD]) == ["users-1.log"]
