"""What comes back from a backup has to go on in this code: older schemas, feeds, and files that cannot be put back."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rapport.customers.v1 import contact_service_pb2, resources_pb2
from rapport.mesh.v1 import changes_pb2

from mesh.backup.restoring import restore
from mesh.backup.saving import back_up
from mesh.runtime import host
from mesh.runtime.ports import free_port
from mesh.runtime.settings import Settings, read_settings
from mesh.store.blobs import Blobs
from mesh.store.errors import Unavailable
from mesh.store.migrate import heads
from mesh.testing import release
from mesh.testing.local import LocalMesh, Member
from mesh.testing.postgres import PostgresServer, postgres_server
from mesh.testing.s3 import s3_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.timeout(300)
BASELINE = Path(__file__).resolve().parents[2] / "protos" / "baseline"
CONTACTS = "/rapport.customers.v1.ContactService/"
BOTH = ("customers", "users")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """The DATABASE_URL of a mesh of one engine with its state in a home of this name."""

    def url(name: str) -> str:
        if request.param == "sqlite":
            return f"sqlite:///{tmp_path}/{name}/data/{{service}}.db"
        server: PostgresServer = request.getfixturevalue("server")
        return server.url(f"{name}_{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:8]}_{{service}}")

    return url


def of_its_own(home: Path) -> Settings:
    """Those of a mesh on SQLite."""
    return read_settings({"MESH_HOME": str(home), "MESH_SECRET": "7c" * 32, "MESH_PROFILE": "test"})


@contextmanager
def opened(settings: Settings) -> Iterator[LocalMesh]:
    mesh = LocalMesh(settings.home, database_url=settings.database_url, secret=settings.secret)
    try:
        yield mesh
    finally:
        mesh.close()


def signed_in(mesh: LocalMesh, slug: str) -> Member:
    return mesh._log_in("", slug, "", f"owner@{slug}.example")


def test_an_archive_of_the_release_before_comes_back_in_this_codes_schema(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    def of(name: str) -> Settings:
        home = {"MESH_HOME": str(tmp_path / name), "DATABASE_URL": database(name)}
        return read_settings({**home, "MESH_SECRET": release.SECRET, "MESH_PROFILE": "test"})

    release.restore(release.read(BASELINE / "data.json"), of("old"), tmp_path / "scripts")
    made = back_up(of("old"), tmp_path / "archive", BOTH, release="before")
    for name, saved in made.manifest.services.items():
        assert all(saved.revisions[table] < head for table, head in heads(name).items()), "it is no older one"

    restore(of("new"), tmp_path / "archive")
    assert {name: release.revisions(of("new").migrations(name)) for name in BOTH} == {n: heads(n) for n in BOTH}
    with opened(of("new")) as mesh:
        owner = signed_in(mesh, release.SLUG)
        listed = mesh.call(f"{CONTACTS}ListContacts", contact_service_pb2.ListContactsRequest(), token=owner.token)
        assert {contact.family_name for contact in listed.contacts} == {"Bell", "Cole"}
        contact = next(each for each in listed.contacts if each.family_name == "Cole")
        contact.given_name = "Cleo"
        changed = contact_service_pb2.UpdateContactRequest(contact=contact)
        assert mesh.call(f"{CONTACTS}UpdateContact", changed, token=owner.token).given_name == "Cleo"


def create(mesh: LocalMesh, owner: Member, name: str) -> str:
    request = contact_service_pb2.CreateContactRequest(contact=resources_pb2.Contact(given_name=name))
    return str(mesh.call(f"{CONTACTS}CreateContact", request, token=owner.token).id)


def watched(mesh: LocalMesh, owner: Member, cursor: str = "") -> list[Any]:
    """What a feed tells from a cursor on, up to the end of a snapshot."""
    request, told = contact_service_pb2.WatchContactsRequest(cursor=cursor), []
    replies = mesh.call(f"{CONTACTS}WatchContacts", request, token=owner.token, timeout=20)
    try:
        for message in replies:
            told.append(message)
            if message.kind == changes_pb2.CHANGE_KIND_SNAPSHOT_COMPLETE:
                break
    finally:
        replies.cancel()
    return told


def goes_on(home: Path) -> tuple[list[str], list[str]]:
    """What a feed with a cursor from before tells after a restore: its ids, and those that there are then."""
    with opened(of_its_own(home)) as mesh:
        owner = mesh.sign_up("feeds")
        kept = [create(mesh, owner, name) for name in ("Ann", "Ben", "Cyd")]
        back_up(mesh.settings, home.parent / "archive", BOTH, release="1")
        create(mesh, owner, "Dan")
        # In the middle of a snapshot: who believed it would hear of those behind it alone.
        cursor = watched(mesh, owner)[2].cursor
    restore(mesh.settings, home.parent / "archive")
    with opened(mesh.settings) as mesh:
        told = watched(mesh, signed_in(mesh, "feeds"), cursor)
    return [message.contact.id for message in told if message.HasField("contact")], kept


def test_a_feed_begins_anew_after_a_restore(tmp_path: Path) -> None:
    told, there = goes_on(tmp_path / "home")
    assert told == there


def test_a_feed_that_believed_its_cursor_would_skip_what_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "_epoch", lambda store: "")
    told, there = goes_on(tmp_path / "home")
    assert told == there[2:]


def test_files_go_to_s3_and_come_back_and_one_that_is_away_changes_nothing(tmp_path: Path) -> None:
    own, archive, content = of_its_own(tmp_path / "home"), tmp_path / "archive", [b"piece " * 200_000] * 8
    with s3_server("kept") as bucket, opened(own) as mesh:
        owner, blobs = mesh.sign_up("files"), Blobs(bucket, "customers")
        create(mesh, owner, "Ann")
        blobs.put(owner.tenant, "exports/exp_1", content)
        back_up(replace(own, blobs_url=bucket), archive, BOTH, release="1")
        create(mesh, owner, "Ben")
    away = f"s3://a:b@kept/mesh?region=us-east-1&endpoint=http://127.0.0.1:{free_port()}"
    with pytest.raises(Unavailable):
        restore(replace(own, blobs_url=away), archive)
    assert contacts(own) == 2
    with s3_server("kept") as bucket:
        blobs = Blobs(bucket, "customers")
        blobs.put(owner.tenant, "exports/exp_1", b"other")
        blobs.put(owner.tenant, "exports/exp_2", b"later")
        restore(replace(own, blobs_url=bucket), archive)
        assert {info.key for _, info in blobs.everything()} == {"exports/exp_1"}
        assert b"".join(blobs.stream(owner.tenant, "exports/exp_1")) == b"".join(content)
    assert contacts(own) == 1


def contacts(settings: Settings) -> int:
    with opened(settings) as mesh:
        return len(mesh.dump("customers")["contacts"])
