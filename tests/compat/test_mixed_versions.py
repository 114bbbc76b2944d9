"""The release before and this code together: its data under this code, its clients at this code's edge, its events."""

from __future__ import annotations

import json
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from sqlalchemy import NullPool, create_engine, make_url, text

from mesh.runtime.settings import read_settings
from mesh.testing import release
from mesh.testing.eventually import eventually
from mesh.testing.local import PASSWORD
from mesh.testing.postgres import postgres_server
from mesh.testing.running import RunningMesh, running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator

BASELINE = Path(__file__).resolve().parents[2] / "protos" / "baseline"
CONTACTS = "rapport.customers.v1.ContactService"
pytestmark = pytest.mark.slow


class Client:
    """A client built from the release's descriptors alone, at the edge of a mesh."""

    def __init__(self, target: str) -> None:
        pool = descriptor_pool.DescriptorPool()
        files = descriptor_pb2.FileDescriptorSet.FromString((BASELINE / "image.binpb").read_bytes())
        for file in files.file:
            pool.AddSerializedFile(file.SerializeToString())
        self.services = {
            f"{file.package}.{service.name}": pool.FindServiceByName(f"{file.package}.{service.name}")
            for file in files.file
            for service in file.service
            if file.package.startswith("rapport.")
        }
        self.token = ""
        self._channel = grpc.insecure_channel(target)

    def request(self, service: str, method: str, **fields: Any) -> Any:
        return message_factory.GetMessageClass(self.services[service].methods_by_name[method].input_type)(**fields)

    def call(self, service: str, method: str, request: Any = None, **fields: Any) -> Any:
        reply = message_factory.GetMessageClass(self.services[service].methods_by_name[method].output_type)
        unary = self._channel.unary_unary(f"/{service}/{method}", response_deserializer=reply.FromString)
        sent = self.request(service, method, **fields) if request is None else request
        metadata = [("authorization", f"Bearer {self.token}")] if self.token else []
        return unary(sent.SerializeToString(), timeout=10, metadata=metadata)

    def log_in(self, slug: str) -> None:
        fields = {"tenant": slug, "email": f"owner@{slug}.example", "password": PASSWORD}
        self.token = self.call("rapport.users.v1.SessionService", "LogIn", **fields).access_token

    def close(self) -> None:
        self._channel.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def mesh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    """This code, started on the databases that the release left."""
    home = tmp_path_factory.mktemp("kept")
    with ExitStack() as stack:
        settings = {"MESH_SECRET": release.SECRET}
        if request.param == "postgresql":
            settings["DATABASE_URL"] = stack.enter_context(postgres_server()).url("kept_{service}")
        release.restore(
            release.read(BASELINE / "data.json"),
            read_settings({"MESH_HOME": str(home), **settings}),
            tmp_path_factory.mktemp("scripts"),
        )
        yield stack.enter_context(running_mesh(home, **settings))


@pytest.fixture
def client(mesh: RunningMesh) -> Iterator[Client]:
    opened = Client(mesh.target)
    opened.log_in(release.SLUG)
    yield opened
    opened.close()


@pytest.mark.shows("seams.mixed-versions")
def test_what_the_release_stored_is_read_and_changed_with_its_own_stubs(client: Client) -> None:
    wanted = 'family_name = "Bell" OR family_name = "Cole" OR family_name = "Dunn"'
    listed = client.call(CONTACTS, "ListContacts", show_deleted=True, filter=wanted).contacts
    kept = {contact.family_name: contact for contact in listed}
    whole = kept["Bell"]

    assert set(kept) == {"Bell", "Cole", "Dunn"}
    assert (whole.emails[0].address, whole.emails[0].label) == ("Ada@Example.com", "work")
    assert (whole.phones[0].number, whole.addresses[0].locality) == ("+61 2 9999 0000", "Sydney")
    assert (whole.birth_date.month, whole.birth_date.day) == (2, 29)
    assert kept["Dunn"].HasField("delete_time")

    # As clients do it: read, change, send all of it back.
    whole.job_title = "Head of Purchasing"
    changed = client.call(CONTACTS, "UpdateContact", contact=whole)
    assert (changed.job_title, changed.given_name) == ("Head of Purchasing", "Ada")
    back = client.call(CONTACTS, "UndeleteContact", id=kept["Dunn"].id)
    assert not back.HasField("delete_time")
    client.call(CONTACTS, "DeleteContact", id=back.id)
    changed.job_title = "Buyer"
    client.call(CONTACTS, "UpdateContact", contact=changed)


@pytest.mark.shows("seams.mixed-versions")
def test_the_release_s_pages_and_repeated_requests_work_as_before(client: Client) -> None:
    request = client.request(CONTACTS, "CreateContact", contact={"family_name": "Eames"}, request_id=str(uuid.uuid4()))
    first, again = (client.call(CONTACTS, "CreateContact", request) for _ in range(2))
    pages, token = [], ""
    while token or not pages:
        page = client.call(CONTACTS, "ListContacts", page_size=1, page_token=token)
        pages.append(page.contacts[0].id)
        token = page.next_page_token

    assert first.id == again.id
    assert pages.count(first.id) == 1
    assert len(set(pages)) == len(pages)


@pytest.mark.shows("seams.mixed-versions")
def test_every_rpc_of_the_release_is_still_there(client: Client) -> None:
    """An empty request may be refused for what it lacks, but never for want of the method or with an internal error."""
    broken = {grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN}
    contract = json.loads((BASELINE / "contract.json").read_text())
    public = [name for name, method in contract["methods"].items() if "service" not in method["access"]]

    assert public
    for name in public:
        assert _code(client, *name.split("/")) not in broken, name


@pytest.mark.shows("seams.mixed-versions")
def test_events_that_the_release_had_not_published_yet_take_effect(client: Client) -> None:
    def sealed() -> set[str]:
        entries = client.call("rapport.users.v1.AuditService", "ListAuditEntries", page_size=200).audit_entries
        return {entry.action for entry in entries}

    eventually(lambda: {"contact.created", "contact.deleted"} <= sealed(), within=30)


@pytest.mark.parametrize("service", ["customers", "users"])
def test_this_code_starts_on_a_database_one_revision_ahead(tmp_path: Path, service: str) -> None:
    """The next release expands the schema before its code replaces this one."""
    from mesh.testing.local import LocalMesh

    LocalMesh(tmp_path, secret=release.SECRET).close()
    url = read_settings({"MESH_HOME": str(tmp_path)}).database(service)
    table = {"customers": "contacts", "users": "users"}[service]
    engine = create_engine(make_url(url).set(query={}), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN of_the_next_release TEXT"))
        connection.execute(text("UPDATE service_version SET version_num = printf('%04d', version_num + 1)"))
    engine.dispose()
    ahead = LocalMesh(tmp_path, secret=release.SECRET)
    try:
        assert ahead.sign_up("next-release").token
    finally:
        ahead.close()


def test_data_lost_on_the_way_is_noticed(tmp_path: Path) -> None:
    """The planted fault: a release whose e-mail column came back empty is not what was kept."""
    kept = release.read(BASELINE / "data.json")
    contacts = kept["customers"]["tables"]["contacts"]
    for row in contacts["rows"]:
        row[contacts["columns"].index("emails")] = {"base64": ""}
    settings = read_settings({"MESH_HOME": str(tmp_path), "MESH_SECRET": release.SECRET})
    release.restore(kept, settings, tmp_path / "scripts")
    with running_mesh(tmp_path, MESH_SECRET=release.SECRET) as mesh:
        client = Client(mesh.target)
        client.log_in(release.SLUG)
        with pytest.raises((AssertionError, IndexError)):
            test_what_the_release_stored_is_read_and_changed_with_its_own_stubs(client)
        client.close()


def _code(client: Client, service: str, method: str) -> grpc.StatusCode | None:
    try:
        client.call(service, method)
    except grpc.RpcError as error:
        return error.code()
    return None
