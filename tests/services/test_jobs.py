"""Jobs in chunks: what is committed stays, what is not is done again, and nobody's job waits for another tenant's."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from rapport.customers.v1 import contact_service_pb2, import_service_pb2, resources_pb2
from rapport.type.v1 import job_pb2
from rapport.users.v1 import directory_service_pb2
from rapport.users.v1.resources_pb2 import ROLE_OWNER

from mesh.resource import job_runner, jobs
from mesh.runtime.directory import Directory
from mesh.store.errors import Unavailable
from mesh.testing.local import LocalMesh, Member
from services.customers.service import import_work as imports

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = itertools.count(1)
_IMPORTS = "/rapport.customers.v1.ImportService/"


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    made = LocalMesh(tmp_path_factory.mktemp("jobs"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "_CHUNK_ROWS", 10)


@pytest.fixture
def owner(mesh: LocalMesh) -> Member:
    mesh.work("customers")
    return mesh.sign_up(f"jobs-{next(_NUMBERS)}")


def call(mesh: LocalMesh, owner: Member, name: str, request: Any) -> Any:
    return mesh.call(f"{_IMPORTS}{name}", request, token=owner.token)


def started(mesh: LocalMesh, owner: Member, text: str, **options: Any) -> str:
    """The id of an import of `key,name,mail` rows that waits for its turn."""
    record = resources_pb2.ContactImport(match_key=resources_pb2.MATCH_KEY_EXTERNAL_ID, **options)
    for column, field in (("key", "external_id"), ("name", "family_name"), ("mail", "emails")):
        record.columns.add(column=column, field=field)
    made = call(
        mesh, owner, "CreateContactImport", import_service_pb2.CreateContactImportRequest(contact_import=record)
    )
    middle = len(text) // 2
    for number, part in enumerate((text[:middle], text[middle:]), 1):
        upload = import_service_pb2.UploadContactImportPartRequest(
            id=made.id, part_number=number, content=part.encode()
        )
        call(mesh, owner, "UploadContactImportPart", upload)
    call(mesh, owner, "StartContactImport", import_service_pb2.StartContactImportRequest(id=made.id))
    return str(made.id)


def table(count: int) -> str:
    return "key,name,mail\n" + "".join(f"k{n},Name {n},n{n}@example.com\n" for n in range(count))


def record_of(mesh: LocalMesh, owner: Member, identity: str) -> Any:
    return call(mesh, owner, "GetContactImport", import_service_pb2.GetContactImportRequest(id=identity))


def verdicts(mesh: LocalMesh, owner: Member, identity: str) -> list[Any]:
    request = import_service_pb2.ListContactImportRowsRequest(
        filter=f'import_id = "{identity}"', order_by="id", page_size=200
    )
    return list(call(mesh, owner, "ListContactImportRows", request).contact_import_rows)


def contacts(mesh: LocalMesh, owner: Member) -> list[Any]:
    request = contact_service_pb2.ListContactsRequest(page_size=200, order_by="id")
    return list(mesh.call("/rapport.customers.v1.ContactService/ListContacts", request, token=owner.token).contacts)


def test_a_chunk_that_fails_at_its_end_leaves_nothing_and_is_done_again(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = started(mesh, owner, table(35))
    assert mesh.work("customers", turns=2) == 2
    with monkeypatch.context() as patched:
        patched.setattr(job_runner, "_LONGEST_PAUSE_US", 0)
        patched.setattr(jobs.ChunkCommit, "finish", _fails)
        mesh.work("customers", turns=1)
    assert (len(verdicts(mesh, owner, identity)), len(contacts(mesh, owner))) == (20, 20)

    mesh.work("customers")

    assert record_of(mesh, owner, identity).job.state == job_pb2.JOB_STATE_SUCCEEDED
    check_each_row_once(mesh, owner, identity, 35)


def _fails(commit: jobs.ChunkCommit) -> None:
    raise Unavailable("the process ends here")


def check_each_row_once(mesh: LocalMesh, owner: Member, identity: str, count: int) -> None:
    assert [row.number for row in verdicts(mesh, owner, identity)] == list(range(1, count + 1))
    assert len(contacts(mesh, owner)) == count


def test_a_cancelled_import_stops_between_chunks_and_keeps_what_it_has(mesh: LocalMesh, owner: Member) -> None:
    identity = started(mesh, owner, table(50))
    mesh.work("customers", turns=2)

    call(mesh, owner, "CancelContactImport", import_service_pb2.CancelContactImportRequest(id=identity))
    mesh.work("customers")

    record = record_of(mesh, owner, identity)
    assert (record.job.state, record.created_count) == (job_pb2.JOB_STATE_CANCELLED, 20)
    assert len(contacts(mesh, owner)) == 20
    blobs = mesh.host("customers").environment.blobs
    assert list(blobs.list(owner.tenant, f"imports/{identity}")), "what was refused can be told, what was done reverted"
    mesh.clock.advance(timedelta(days=31))
    mesh.work("customers")
    assert list(blobs.list(owner.tenant, f"imports/{identity}")) == []
    assert not mesh.dump("customers")["contact_import_changes"]


def test_a_chunk_in_progress_is_lost_when_its_job_is_cancelled(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = started(mesh, owner, table(30))
    step = imports._some

    def cancelled(*arguments: Any) -> Any:
        call(mesh, owner, "CancelContactImport", import_service_pb2.CancelContactImportRequest(id=identity))
        return step(*arguments)

    monkeypatch.setattr(imports, "_some", cancelled)
    mesh.work("customers")

    assert record_of(mesh, owner, identity).job.state == job_pb2.JOB_STATE_CANCELLED
    assert contacts(mesh, owner) == []


def test_a_user_who_may_not_work_any_more_has_no_job_that_does(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = started(mesh, owner, table(30))
    mesh.work("customers", turns=1)
    with monkeypatch.context() as patched:
        patched.setattr(Directory, "find", _inactive(Directory.find))
        mesh.work("customers", turns=1)

    record = record_of(mesh, owner, identity)
    assert (record.job.state, record.job.reason) == (job_pb2.JOB_STATE_FAILED, "UNAUTHENTICATED")
    assert record.created_count == 10


def _inactive(find: Any) -> Any:
    return lambda *arguments, **more: dataclasses.replace(find(*arguments, **more), active=False)


@pytest.mark.parametrize("scope", [directory_service_pb2.SCOPE_OWN, directory_service_pb2.SCOPE_TEAM])
def test_an_import_and_its_verdicts_are_seen_by_who_made_it_and_by_who_may_write_all(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch, scope: int
) -> None:
    colleague = mesh.member(owner, ROLE_OWNER)
    identity = started(mesh, owner, table(3))
    mesh.work("customers")
    assert len(verdicts(mesh, colleague, identity)) == 3
    monkeypatch.setattr(Directory, "find", _scoped(Directory.find, scope))

    assert len(verdicts(mesh, owner, identity)) == 3
    assert verdicts(mesh, colleague, identity) == []
    for name in ("Get", "Start", "Cancel", "Preview"):
        request = getattr(import_service_pb2, f"{name}ContactImportRequest")(id=identity)
        with pytest.raises(grpc.RpcError) as caught:
            call(mesh, colleague, f"{name}ContactImport", request)
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND, name


def _scoped(find: Any, scope: int) -> Any:
    def narrowed(*arguments: Any, **more: Any) -> Any:
        entry = find(*arguments, **more)
        return dataclasses.replace(entry, grants={**entry.grants, "contacts.write": scope})

    return narrowed


def test_tenants_take_turns(mesh: LocalMesh, owner: Member) -> None:
    other = mesh.sign_up(f"jobs-{next(_NUMBERS)}")
    long = [started(mesh, owner, table(200)) for _ in range(3)]
    short = started(mesh, other, table(20))

    mesh.work("customers", turns=6)

    assert record_of(mesh, other, short).job.state == job_pb2.JOB_STATE_SUCCEEDED
    assert [record_of(mesh, owner, each).job.state for each in long] == [
        job_pb2.JOB_STATE_RUNNING,
        job_pb2.JOB_STATE_PENDING,
        job_pb2.JOB_STATE_PENDING,
    ]


@pytest.mark.parametrize(
    ("on_match", "verdict", "name", "mail"),
    [
        (resources_pb2.ON_MATCH_SKIP, resources_pb2.ROW_VERDICT_SKIPPED, "Old", ""),
        (resources_pb2.ON_MATCH_OVERWRITE, resources_pb2.ROW_VERDICT_UPDATED, "New", "new@example.com"),
        (resources_pb2.ON_MATCH_FILL_EMPTY, resources_pb2.ROW_VERDICT_UPDATED, "Old", "new@example.com"),
    ],
)
def test_a_row_does_to_its_contact_what_the_import_says(
    mesh: LocalMesh, owner: Member, on_match: int, verdict: int, name: str, mail: str
) -> None:
    mesh.insert(owner.tenant, resources_pb2.Contact(external_id="k", family_name="Old", display_name="Old"))
    identity = started(mesh, owner, "key,name,mail\nk,New,new@example.com\n", on_match=on_match)

    mesh.work("customers")

    (contact,) = contacts(mesh, owner)
    assert (contact.family_name, contact.primary_email) == (name, mail)
    assert [row.verdict for row in verdicts(mesh, owner, identity)] == [verdict]


def test_a_column_that_is_not_there_fails_the_import(mesh: LocalMesh, owner: Member) -> None:
    identity = started(mesh, owner, "key,nom\n1,x\n")

    mesh.work("customers")

    record = record_of(mesh, owner, identity)
    assert (record.job.state, record.job.reason) == (job_pb2.JOB_STATE_FAILED, "COLUMN_UNKNOWN")


def test_a_cursor_that_is_not_committed_with_its_chunk_is_noticed(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: rows are committed and the cursor behind them is not."""
    identity = started(mesh, owner, table(20))
    mesh.work("customers", turns=1)
    with monkeypatch.context() as patched:
        patched.setattr(jobs.ChunkCommit, "go_on", lambda self, cursor: setattr(self, "_cursor", self._chunk.cursor))
        mesh.work("customers", turns=1)
    mesh.work("customers")

    with pytest.raises(AssertionError):
        check_each_row_once(mesh, owner, identity, 20)
