"""A mesh is backed up while two tenants write, is lost with everything it had, and comes back in another home.

What services own is compared row by row and file by file with what was there; what copies of it others hold, with the
owners; and the services with each other: each contact that came back has its record in the audit, and none is told of
that did not come back.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import importlib
import itertools
import json
import os
import shutil
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from rapport.notifications.v1 import resources_pb2

from mesh.contract.catalog import all_services
from mesh.runtime.clock import SystemClock
from mesh.runtime.ports import free_port
from mesh.runtime.settings import read_settings
from mesh.store.blobs import Blobs
from mesh.store.mesh_tables import MESH
from mesh.store.tables import is_restored
from mesh.testing.company import Company, found
from mesh.testing.eventually import eventually
from mesh.testing.inspection import Content, Inspection
from mesh.testing.postgres import postgres_server
from mesh.testing.running import RunningMesh, running_mesh
from mesh.testing.s3 import s3_server
from mesh.testing.webhooks import signed
from tests.journeys.feed_watcher import over_http

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# What is written while the backup is made, and what the mesh makes anew or marks as to be done again.
WRITTEN = {
    *("contacts", "timeline_entries", "users", "audit_entries", "audit_chains", "idempotency_keys"),
    *("custom_texts", "custom_numbers", "field_sources"),
}
ANEW = {"reference_rows", "snapshots", "signing_keys", "restores", "outbox", "inbox", "inbox_seen", "inbox_waiting"}
FIELD = {"key": "badge", "displayName": "Badge", "type": "FIELD_TYPE_TEXT", "filterable": True}
GRANTS = [{"permission": "contacts.read", "scope": "SCOPE_ALL"}]


class Filled:
    """A tenant with something of everything."""

    def __init__(self, company: Company) -> None:
        self.company, ask = company, company.owner.ask
        team = ask("POST", "/v1/teams", {"displayName": "North"})["id"]
        role = ask("POST", "/v1/custom-roles", {"displayName": "Readers", "grants": GRANTS})["id"]
        self.person = company.add(f"member@{company.slug}.example", team=team, roles=[role])
        company.invite(f"pending@{company.slug}.example")
        self.key = ask("POST", "/v1/api-keys", {"displayName": "Robot", "grants": GRANTS})["secret"]
        ask("POST", "/v1/contact-fields", FIELD)
        contacts = [{"givenName": f"C{n}", "externalId": f"c{n}", "custom": {"badge": f"B{n}"}} for n in range(12)]
        contacts += [{"givenName": "Theirs", "ownerId": self.person.id}]
        self.batch = {"contacts": contacts, "requestId": str(uuid.uuid4())}
        self.batched = ask("POST", "/v1/contacts:batchCreate", self.batch)
        self.hook = ask("POST", "/v1/contact-hooks", {"displayName": "Shop"})
        self.bring_in()
        self.export = ask("POST", "/v1/contact-exports", {"fileName": "all.csv"})["id"]
        self.ended("/v1/contact-exports", self.export)
        self.file = self.download()
        self.page = ask("GET", "/v1/contacts?pageSize=3")["nextPageToken"]
        self.cursor = self.watched()[-1]["cursor"]

    def bring_in(self) -> None:
        columns = [{"column": "Key", "field": "external_id"}, {"column": "Name", "field": "given_name"}]
        body = {"fileName": "a.csv", "columns": columns, "matchKey": "MATCH_KEY_EXTERNAL_ID"}
        path = f"/v1/contact-imports/{self.company.owner.ask('POST', '/v1/contact-imports', body)['id']}"
        content = base64.b64encode(b"Key,Name\ni1,Ida\ni2,Jan\n").decode()
        self.company.owner.ask("POST", f"{path}:upload", {"partNumber": 1, "content": content})
        self.company.owner.ask("POST", f"{path}:start", {})
        self.ended(*path.rsplit("/", 1))

    def ended(self, path: str, identity: str) -> None:
        def succeeded() -> bool:
            return bool(self.company.owner.ask("GET", f"{path}/{identity}")["job"]["state"] == "JOB_STATE_SUCCEEDED")

        eventually(succeeded, within=60, of=f"the end of {path}")

    def download(self) -> bytes:
        link = self.company.owner.ask("POST", f"/v1/contact-exports/{self.export}:link", {})["path"]
        return httpx.get(self.company.mesh.url + link, timeout=15).content

    def watched(self, cursor: str = "") -> list[dict[str, Any]]:
        """What a feed tells from a cursor on, up to the end of a snapshot."""
        told = []
        for message in over_http("ndjson", self.company.mesh.target, self.company.owner.token, cursor):
            told.append(message)
            if message["kind"] == "CHANGE_KIND_SNAPSHOT_COMPLETE":
                break
        return told

    def come_back(self, mesh: RunningMesh) -> Filled:
        """The same tenant in another mesh, where everybody has to sign in again."""
        back = copy.copy(self)
        assert httpx.get(f"{mesh.url}/v1/contacts", headers=bearer(self.company.owner.token)).status_code == 401
        back.company = replace(self.company, mesh=mesh)
        back.company = replace(back.company, owner=back.company.log_in(self.company.owner.email))
        return back

    def works(self) -> None:
        """What was handed out before still opens what it opened; what was going on begins anew."""
        url, owner = self.company.mesh.url, self.company.owner
        assert httpx.get(f"{url}/v1/contacts", headers=bearer(self.key)).status_code == 200
        assert self.download() == self.file
        assert owner.ask("POST", "/v1/contacts:batchCreate", self.batch) == self.batched
        assert owner.send("GET", f"/v1/contacts?pageSize=3&pageToken={self.page}").status_code == 400
        told = self.watched(self.cursor)
        assert told[0]["kind"] == "CHANGE_KIND_SNAPSHOT_STARTED"
        assert {each["id"] for each in self.batched["contacts"]} <= {m["contact"]["id"] for m in told if "contact" in m}
        body = b'{"externalId": "hooked", "givenName": "Hanna"}'
        headers = signed(self.hook["secret"], f"msg_{uuid.uuid4()}", SystemClock().now_us() // 1_000_000, body)
        headers["content-type"] = "application/json"
        received = httpx.post(url + self.hook["path"], content=body, headers=headers, timeout=10)
        assert received.status_code < 300, received.text


def bearer(credential: str) -> dict[str, str]:
    return {"authorization": f"Bearer {credential}"}


@contextmanager
def writing(filled: list[Filled]) -> Iterator[dict[str, bool]]:
    """Contacts come and users are renamed, all the while; the ids of the contacts that were acknowledged so far."""
    over, made = threading.Event(), {}

    def write(one: Filled) -> None:
        for number in itertools.count():
            if over.is_set():
                return
            made[one.company.owner.ask("POST", "/v1/contacts", {"givenName": f"Late {number}"})["id"]] = True
            named = {"displayName": f"Renamed {number}"}
            one.company.owner.ask("PATCH", f"/v1/users/{one.person.id}", named)

    with ThreadPoolExecutor(len(filled)) as pool:
        writers = [pool.submit(write, one) for one in filled]
        try:
            eventually(lambda: len(made) > 6, of="writes")
            yield made
        finally:
            over.set()
        for writer in writers:
            writer.result()


def contents(mesh: RunningMesh) -> dict[str, Content]:
    """Every row of every service."""
    settings = read_settings(mesh.environment)
    found = {}
    for name in all_services():
        tables = importlib.import_module(f"services.{name}.tables").metadata
        with closing(Inspection(settings.migrations(name), tables)) as inspection:
            found[name] = inspection.content()
    return found


def all_sent(mesh: RunningMesh) -> bool:
    """Whether there are mails, and all have been handed over: what is on its way comes back as unknown."""
    states = {state for (state,) in column(contents(mesh)["notifications"], "messages", "notifications", "state")}
    return states == {resources_pb2.Message.STATE_SENT}


def files(mesh: RunningMesh) -> dict[str, str]:
    """Every file by its path, and what is in it."""
    found = {}
    for name in all_services():
        blobs = Blobs(read_settings(mesh.environment).blobs_url, name)
        for tenant, info in blobs.everything():
            content = b"".join(blobs.stream(tenant, info.key))
            found[f"{name}/{tenant}/{info.key}"] = hashlib.sha256(content).hexdigest()
    return found


def check_rows(before: dict[str, Content], after: dict[str, Content], renamed: set[str]) -> None:
    """Every row of before has come back as it was; only where there were writers are there others beside."""
    for service, tables in before.items():
        back = {name for name, table in tables_of(service).items() if is_restored(table)}
        for name in tables.keys() & back - ANEW:
            kept = [row for row in tables[name] if not renamed & set(map(str, row)) and name != "audit_chains"]
            missing = [row for row in kept if row not in after[service][name]]
            assert not missing, f"{service}.{name}: {missing[:2]}"
            if name not in WRITTEN:
                assert len(after[service][name]) == len(tables[name]), f"{service}.{name}"


def column(content: Content, table: str, service: str, *names: str) -> list[tuple[Any, ...]]:
    columns = [c.name for c in tables_of(service)[table].columns]
    return [tuple(row[columns.index(name)] for name in names) for row in content[table]]


def tables_of(service: str) -> Any:
    return {**MESH.tables, **importlib.import_module(f"services.{service}.tables").metadata.tables}


def check_copies(mesh: RunningMesh) -> None:
    """What customers know of users is what users are, and of each contact there is exactly one record that it came."""
    now = contents(mesh)
    people = column(now["users"], "users", "users", "id", "display_name", "sequence")
    kind = ("users.rapport/User",)
    held = column(now["customers"], "reference_rows", "customers", "type", "id", "title", "version")
    assert sorted(row[1:] for row in held if row[:1] == kind) == sorted(people)
    # Those of files and of hooks are told as such; each contact that was made by a call has a record of its own.
    made = {row[0] for row in column(now["customers"], "contacts", "customers", "id")}
    told = [
        row[0]
        for row in column(now["users"], "audit_entries", "users", "resource", "action")
        if row[1] == "contact.created"
    ]
    recorded = [name.removeprefix("contacts/") for name in told]
    assert len(recorded) == len(set(recorded))
    assert set(recorded) <= made, "a record tells of a contact that is not there"
    return made - set(recorded)


@pytest.mark.shows("operation.backup")
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_everything_comes_back_in_another_home_and_copies_equal_their_owners(engine: str, tmp_path: Path) -> None:
    archive = tmp_path / "archive.tar.gz"
    with ExitStack() as stack:
        settings: list[dict[str, str]] = [{}, {}]
        if engine == "postgresql":
            server = stack.enter_context(postgres_server())
            bucket = stack.enter_context(s3_server("rapport"))
            for one, name in zip(settings, ("old", "new"), strict=True):
                one["DATABASE_URL"] = server.url(f"{name}_{{service}}")
                one["MESH_BLOBS_URL"] = bucket.replace("/mesh?", f"/{name}?")
        with running_mesh(tmp_path / "old", options=("--no-demo",), **settings[0]) as mesh:
            filled = [Filled(found(mesh, f"backup-{number}")) for number in range(2)]
            eventually(lambda: mesh.mesh("events", "lag", "--most", "0"), within=60, of="all events being handled")
            eventually(lambda: all_sent(mesh), within=60, of="no mail being on its way")
            before, kept = contents(mesh), files(mesh)
            with writing(filled) as made:
                early = set(made)
                told = json.loads(mesh.mesh("backup", str(archive), "--with-secrets", "-o", "json"))
                late = len(made) - len(early)
            assert late, "nothing was written while the backup was made"
            assert told["paused_ms"] < 2000
            mesh.mesh("down")
        shutil.rmtree(tmp_path / "old")

        port = free_port()
        environment = {**os.environ, "MESH_HOME": str(tmp_path / "new"), "MESH_EDGE_PORT": str(port), **settings[1]}
        new = RunningMesh(tmp_path / "new", port, environment)
        new.mesh("restore", str(archive), "--yes")
        back = contents(new)
        check_rows(before, back, {one.person.id for one in filled})
        contacts = {row[0] for row in column(back["customers"], "contacts", "customers", "id")}
        assert early <= contacts, "what was acknowledged before the backup is missing"
        assert len(contacts & set(made)) < len(made), "what came after the backup is there"
        assert kept
        assert files(new) == kept
        try:
            new.mesh("up", "--no-demo", timeout=120)
            eventually(lambda: new.mesh("events", "lag", "--most", "0"), within=60, of="all events being handled")
            unrecorded = eventually(lambda: check_copies(new), within=60, of="copies that equal their owners") or set()
            assert not unrecorded & set(made), "a contact has come back without its record"
            for one in filled:
                one.come_back(new).works()
        finally:
            new.mesh("down")
