"""What a restore refuses and what it rebuilds, on both engines; an archive that was harmed is not put in place."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from rapport.customers.v1 import contact_service_pb2, resources_pb2
from rapport.users.v1 import user_service_pb2

from mesh.backup import archive as archives
from mesh.backup import rebuilding
from mesh.backup.archive import ArchiveError
from mesh.backup.restoring import restore
from mesh.backup.saving import back_up
from mesh.control import run_file
from mesh.events.inbox import Inbox
from mesh.resource.follower import Follower
from mesh.store import backup_sqlite
from mesh.store.errors import Busy
from mesh.testing.local import LocalMesh, Member
from mesh.testing.postgres import PostgresServer, postgres_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(300)
SECRET = "7c" * 32
CREATE = "/rapport.customers.v1.ContactService/CreateContact"
RENAME = "/rapport.users.v1.UserService/UpdateUser"
BOTH = ("customers", "users")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], LocalMesh]:
    """Opens a mesh of one engine in a home of this name."""

    def opened(name: str) -> LocalMesh:
        url = ""
        if request.param == "postgresql":
            server: PostgresServer = request.getfixturevalue("server")
            url = server.url(f"{name}_{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:8]}_{{service}}")
        return LocalMesh(tmp_path / name, database_url=url, secret=SECRET)

    return opened


@contextmanager
def opened(place: Callable[[str], LocalMesh], name: str) -> Iterator[LocalMesh]:
    mesh = place(name)
    try:
        yield mesh
    finally:
        mesh.close()


def create(mesh: LocalMesh, owner: Member, name: str) -> str:
    request = contact_service_pb2.CreateContactRequest(contact=resources_pb2.Contact(given_name=name))
    return str(mesh.call(CREATE, request, token=owner.token).id)


def rename(mesh: LocalMesh, owner: Member, name: str) -> None:
    request = user_service_pb2.UpdateUserRequest()
    request.user.id, request.user.display_name = owner.id, name
    request.update_mask.paths.append("display_name")
    mesh.call(RENAME, request, token=owner.token)


def saved(mesh: LocalMesh, target: Path, services: tuple[str, ...] = BOTH) -> Path:
    back_up(mesh.settings, target, services, release="1")
    return target


def held(mesh: LocalMesh, tenant: str) -> dict[str, tuple[str, int]]:
    """What customers know of the users of a tenant: names and numbers."""
    rows = mesh.dump("customers")["reference_rows"]
    return {row[2]: (row[3], row[-1]) for row in rows if row[0] == tenant and row[1] == "users.rapport/User"}


def caught_up(mesh: LocalMesh) -> None:
    """What the workers of a started mesh do first."""
    for name in mesh.services:
        Follower(mesh.host(name).environment, mesh.service(name).resources).catch_up()


def consumed(mesh: LocalMesh, source: str, consumer: str) -> None:
    """What a source publishes goes through the consumer's real inbox."""
    host, built = mesh.host(consumer), mesh.service(consumer)

    def handler(effect: Any) -> Any:
        from mesh.runtime.call import Write
        from mesh.runtime.identity import service_identity

        def run(transaction: Any, event: Any) -> None:
            identity = service_identity(consumer, event.tenant)
            effect(Write(host.environment, transaction, tenant=event.tenant, identity=identity, trace=""), event)

        return run

    handlers = {kind: handler(effect) for kind, effect in built.effects().items()}
    inbox = Inbox(host.store, handlers, now_us=mesh.clock.now_us)
    inbox.handle(event for _, event in mesh.events(source))


def alone_to_an_earlier_moment(place: Callable[[str], LocalMesh], folder: Path) -> None:
    """Users go back to before a renaming that customers have heard of; what happens then is heard of again."""
    with opened(place, "one") as mesh:
        owner = mesh.sign_up("back")
        consumed(mesh, "users", "customers")
        early = saved(mesh, folder / "early", ("users",))
        for name in ("Second", "Third"):
            rename(mesh, owner, name)
        consumed(mesh, "users", "customers")
        create(mesh, owner, "Ann")
        assert held(mesh, owner.tenant)[owner.id][0] == "Third"
        settings = mesh.settings
    outcome = restore(settings, early)
    with opened(place, "one") as mesh:
        assert outcome.ahead >= 1
        caught_up(mesh)
        assert held(mesh, owner.tenant)[owner.id] == ("owner@back.example", 1)
        again = mesh._log_in(owner.tenant, "back", owner.id, owner.email)
        rename(mesh, again, "Otherwise")
        consumed(mesh, "users", "customers")
        assert held(mesh, owner.tenant)[owner.id] == ("Otherwise", 2)
        assert len(mesh.dump("customers")["contacts"]) == 1


def test_a_service_that_alone_goes_back_takes_the_copies_of_it_with_it(
    place: Callable[[str], LocalMesh], tmp_path: Path
) -> None:
    alone_to_an_earlier_moment(place, tmp_path)


@pytest.mark.parametrize("fault", ["positions", "copies"])
def test_a_restore_that_leaves_positions_or_copies_as_they_are_is_noticed(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "positions":
        monkeypatch.setattr(rebuilding, "_go_back", lambda databases, consumer: 1)
    else:
        monkeypatch.setattr(rebuilding, "is_restored", lambda table: True)

    with pytest.raises(AssertionError):
        alone_to_an_earlier_moment(lambda name: LocalMesh(tmp_path / name, secret=SECRET), tmp_path)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[LocalMesh, Path]]:
    """A mesh that has gone on after its backup, and the archive."""
    mesh = LocalMesh(tmp_path / "home", secret=SECRET)
    try:
        owner = mesh.sign_up("kept")
        create(mesh, owner, "Ann")
        archive = saved(mesh, tmp_path / "archive")
        create(mesh, owner, "Ben")
    finally:
        mesh.close()
    return mesh, archive


def contacts(mesh: LocalMesh) -> int:
    return len(mesh.dump("customers")["contacts"])


def sealed_again(archive: Path) -> None:
    """The checksums of whoever changed an archive on purpose."""
    (archive / archives.SUMS).unlink()
    archives._seal(archive)


def changed(archive: Path, **values: Any) -> None:
    file = archive / archives.MANIFEST
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))
    sealed_again(archive)


def flip(archive: Path) -> None:
    file = archive / "databases" / "users" / "users.db"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def ahead(archive: Path) -> None:
    services = json.loads((archive / archives.MANIFEST).read_text())["services"]
    services["users"]["revisions"]["service_version"] += 1
    changed(archive, services=services)


HARM = {
    "a bit": (flip, "damaged"),
    "a missing file": (lambda a: (a / "databases" / "users" / "users.db").unlink(), "damaged"),
    "a further file": (lambda a: (a / "databases" / "users" / "more").touch(), "damaged"),
    "no checksums": (lambda a: (a / archives.SUMS).unlink(), "no checksums"),
    "no manifest": (lambda a: ((a / archives.MANIFEST).unlink(), sealed_again(a)), "no manifest"),
    "a later release": (ahead, "not one of this release"),
    "another format": (lambda a: changed(a, format=2), "format 2"),
    "another engine": (lambda a: changed(a, engine="postgresql"), "goes into nothing else"),
    "another key": (lambda a: changed(a, master_key="00" * 8), "master key 0000"),
}


@pytest.mark.parametrize("harm", HARM)
def test_an_archive_that_is_not_whole_or_does_not_fit_changes_nothing(harm: str, kept: tuple[LocalMesh, Path]) -> None:
    mesh, archive = kept
    act, told = HARM[harm]
    act(archive)
    before = mesh.dump("customers"), mesh.dump("users")

    with pytest.raises(ArchiveError, match=told):
        restore(mesh.settings, archive)
    assert (mesh.dump("customers"), mesh.dump("users")) == before


def test_a_damaged_archive_would_be_put_in_place_without_its_checksums(
    kept: tuple[LocalMesh, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    mesh, archive = kept
    services = json.loads((archive / archives.MANIFEST).read_text())
    services["release"] = "other"
    (archive / archives.MANIFEST).write_text(json.dumps(services))
    monkeypatch.setattr(archives, "_check", lambda folder: None)

    assert restore(mesh.settings, archive).manifest.release == "other"


def test_a_tar_that_was_cut_off_is_refused(kept: tuple[LocalMesh, Path], tmp_path: Path) -> None:
    mesh, archive = kept
    whole = tmp_path / "whole.tar.gz"
    with tarfile.open(whole, "w:gz") as tar:
        tar.add(archive, ".")
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    with pytest.raises(ArchiveError, match="damaged"):
        restore(mesh.settings, cut)
    restore(mesh.settings, whole)
    assert contacts(mesh) == 1
    assert not (mesh.settings.home / "restoring").exists()


def swap_once(error: type[BaseException]) -> Callable[[Any], None]:
    """Swaps the first database, and raises at the next one."""
    swap = backup_sqlite.SqliteTarget.swap
    done: list[Any] = []

    def fail(target: Any) -> None:
        if done:
            raise error
        done.append(target)
        swap(target)

    return fail


def test_a_swap_that_fails_half_way_is_taken_back(
    kept: tuple[LocalMesh, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    mesh, archive = kept
    monkeypatch.setattr(backup_sqlite.SqliteTarget, "swap", swap_once(Busy))
    with pytest.raises(Busy):
        restore(mesh.settings, archive)
    assert contacts(mesh) == 2
    assert not run_file.restoring(mesh.settings.home)


def test_a_restore_that_was_killed_within_its_swap_is_done_again(
    kept: tuple[LocalMesh, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    mesh, archive = kept
    with monkeypatch.context() as patch:
        patch.setattr(backup_sqlite.SqliteTarget, "undo", lambda target: False)
        patch.setattr(backup_sqlite.SqliteTarget, "close", lambda target: None)
        patch.setattr(backup_sqlite.SqliteTarget, "swap", swap_once(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            restore(mesh.settings, archive)
    assert run_file.restoring(mesh.settings.home) == str(archive)

    restore(mesh.settings, archive)
    assert contacts(mesh) == 1
    assert not run_file.restoring(mesh.settings.home)
    assert sorted(each.name for each in (mesh.settings.home / "data").glob("*.re*")) == []


def test_an_archive_is_its_owners_alone_and_holds_keys_only_when_asked(tmp_path: Path) -> None:
    mesh = LocalMesh(tmp_path / "home", secret=SECRET)
    try:
        mesh.sign_up("keys")
        plain = saved(mesh, tmp_path / "plain")
        back_up(mesh.settings, tmp_path / "whole", BOTH, release="1", with_secrets=True)
    finally:
        mesh.close()
    assert all(path.stat().st_mode & 0o077 == 0 for path in (plain, *plain.rglob("*")))
    assert not any(SECRET.encode() in path.read_bytes() for path in plain.rglob("*") if path.is_file())
    assert (tmp_path / "whole" / archives.KEYS).read_text() == f"{SECRET}\n"

    bare = replace(
        mesh.settings, home=tmp_path / "bare", secret="", database_url=f"sqlite:///{tmp_path}/bare/{{service}}.db"
    )
    with pytest.raises(ArchiveError, match="which this mesh does not have"):
        restore(bare, plain)
    restore(bare, tmp_path / "whole")
    assert (bare.home / "secrets" / "root.key").read_text() == f"{SECRET}\n"
    with pytest.raises(ArchiveError, match="is there already"):
        back_up(mesh.settings, plain, BOTH, release="1")


def test_a_writer_that_does_not_end_stops_no_backup_for_good(
    kept: tuple[LocalMesh, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mesh, _ = kept
    monkeypatch.setattr(backup_sqlite, "_PAUSE_SECONDS", 0.05)
    import sqlite3

    writer = sqlite3.connect(mesh.settings.home / "data" / "users.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        saved(mesh, tmp_path / "never")
    assert not list(tmp_path.glob("never*"))
    writer.execute("ROLLBACK")
    writer.close()
    saved(mesh, tmp_path / "then")
    shutil.rmtree(tmp_path / "then")


def test_what_is_restored_by_name_is_every_table_but_copies_and_what_lets_people_in() -> None:
    from mesh.store.mesh_tables import MESH
    from mesh.store.tables import is_restored
    from services.customers.tables import metadata as customers
    from services.users.tables import metadata as users

    anew = {t.name for m in (MESH, customers, users) for t in m.tables.values() if not is_restored(t)}
    letting_in = {"device_codes", "password_resets", "sessions", "signing_keys", "used_codes"}
    assert anew == {"reference_rows", "snapshots"} | letting_in
