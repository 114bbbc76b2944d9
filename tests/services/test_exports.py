"""Exports: exactly what their creator may export, in a file that imports read back, for as long as it is kept."""

from __future__ import annotations

import csv
import dataclasses
import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.type import postal_address_pb2
from rapport.customers.v1 import contact_field_service_pb2, export_service_pb2, import_service_pb2, resources_pb2
from rapport.type.v1 import custom_field_pb2, job_pb2
from rapport.users.v1 import directory_service_pb2
from rapport.users.v1.resources_pb2 import ROLE_OWNER

from mesh.resource import csv_files
from mesh.runtime.directory import Directory
from mesh.testing.local import LocalMesh, Member
from services.customers.domain.keys import phone_key
from services.customers.service import exports

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = itertools.count(1)
_EXPORTS = "/rapport.customers.v1.ExportService/"
_IMPORTS = "/rapport.customers.v1.ImportService/"


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    made = LocalMesh(tmp_path_factory.mktemp("exports"))
    yield made
    made.close()


@pytest.fixture
def owner(mesh: LocalMesh) -> Member:
    mesh.work("customers")
    return mesh.sign_up(f"exports-{next(_NUMBERS)}")


def call(mesh: LocalMesh, member: Member, path: str, request: Any) -> Any:
    return mesh.call(path, request, token=member.token)


def created(mesh: LocalMesh, member: Member, **wanted: Any) -> str:
    request = export_service_pb2.CreateContactExportRequest(contact_export=resources_pb2.ContactExport(**wanted))
    return str(call(mesh, member, f"{_EXPORTS}CreateContactExport", request).id)


def record_of(mesh: LocalMesh, member: Member, identity: str) -> Any:
    request = export_service_pb2.GetContactExportRequest(id=identity)
    return call(mesh, member, f"{_EXPORTS}GetContactExport", request)


def link(mesh: LocalMesh, member: Member, identity: str) -> str:
    request = export_service_pb2.CreateContactExportLinkRequest(id=identity)
    reply = call(mesh, member, f"{_EXPORTS}CreateContactExportLink", request)
    return str(reply.path.partition("token=")[2])


def downloaded(mesh: LocalMesh, token: str) -> bytes:
    request = export_service_pb2.DownloadContactExportRequest(token=token)
    return b"".join(piece.data for piece in mesh.call(f"{_EXPORTS}DownloadContactExport", request))


def exported(mesh: LocalMesh, member: Member, **wanted: Any) -> bytes:
    identity = created(mesh, member, **wanted)
    mesh.work("customers")
    return downloaded(mesh, link(mesh, member, identity))


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(content.decode().splitlines(keepends=True)))


def person(number: int, **more: Any) -> resources_pb2.Contact:
    contact = resources_pb2.Contact(external_id=f"k{number:03}", family_name=f"Name {number}", **more)
    contact.display_name = contact.family_name
    return contact


def refused(answer: Any) -> grpc.StatusCode:
    with pytest.raises(grpc.RpcError) as caught:
        answer()
    code: grpc.StatusCode = caught.value.code()
    return code


def test_a_filter_an_order_and_fields_make_the_file(mesh: LocalMesh, owner: Member) -> None:
    for number in range(5):
        mesh.insert(owner.tenant, person(number, job_title="=1+1", owner_id=owner.id))

    content = exported(
        mesh,
        owner,
        filter='family_name != "Name 3"',
        order_by="family_name desc",
        fields=["family_name", "job_title"],
        byte_order_mark=True,
    )

    assert content.startswith(csv_files.UTF_8_MARK)
    assert content.removeprefix(csv_files.UTF_8_MARK).endswith(b"\r\n")
    rows = table(content.removeprefix(csv_files.UTF_8_MARK))
    assert rows == [["family_name", "job_title"], *([f"Name {n}", "'=1+1"] for n in (4, 2, 1, 0))]


def test_an_export_in_chunks_over_pages_has_every_contact_once(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_chunks(monkeypatch)
    for number in range(45):
        mesh.insert(owner.tenant, person(number))

    identity = created(mesh, owner, fields=["external_id"])
    assert mesh.work("customers", turns=2) == 2
    halfway = record_of(mesh, owner, identity)
    assert (halfway.job.state, halfway.job.done, len(halfway.parts)) == (job_pb2.JOB_STATE_RUNNING, 40, 2)
    mesh.work("customers")

    rows = table(downloaded(mesh, link(mesh, owner, identity)))
    assert rows == [["external_id"], *([f"k{n:03}"] for n in range(45))]
    done = record_of(mesh, owner, identity)
    assert (done.job.state, done.job.total) == (job_pb2.JOB_STATE_SUCCEEDED, 45)


def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_PAGE_ROWS", 10)
    monkeypatch.setattr(exports, "_CHUNK_ROWS", 20)


def test_an_exported_file_that_is_imported_again_changes_nothing(mesh: LocalMesh, owner: Member) -> None:
    plain = person(1, given_name="=Ann", job_title='a; "b"', owner_id=owner.id)
    plain.emails.add(address="ann@example.com", label="work")
    plain.phones.add(number="+61 2 9999 0000")
    plain.phones.add(number="(02) 1", label="home")
    odd = person(2, given_name="'+quoted", owner_id=owner.id)
    odd.emails.add(address="b@example.com", label="a; (b)")
    for key, kind in (("size", custom_field_pb2.FIELD_TYPE_NUMBER), ("note", custom_field_pb2.FIELD_TYPE_TEXT)):
        field = resources_pb2.ContactField(key=key, display_name=key, type=kind)
        request = contact_field_service_pb2.CreateContactFieldRequest(contact_field=field)
        call(mesh, owner, "/rapport.customers.v1.ContactFieldService/CreateContactField", request)
    odd.custom.update({"size": -2.5, "note": "=x"})
    odd.birth_date.year, odd.birth_date.month, odd.birth_date.day = 0, 2, 29
    for town in ("Bergen", "Ås"):
        odd.addresses.append(
            postal_address_pb2.PostalAddress(region_code="NO", locality=town, address_lines=["Line; 1", "2\n3"])
        )
    for contact in (plain, odd):
        contact.primary_email = contact.emails[0].address
        contact.e164_phones.extend(phone_key(phone.number, "") for phone in contact.phones)
        contact.display_name = f"{contact.given_name} {contact.family_name}"
        mesh.insert(owner.tenant, contact)
    content = exported(mesh, owner)
    assert table(content)[0][-2:] == ["custom.note", "custom.size"]

    record = brought(mesh, owner, content, resources_pb2.ON_MATCH_OVERWRITE)

    assert (record.skipped_count, record.updated_count, record.created_count, record.failed_count) == (2, 0, 0, 0)
    assert exported(mesh, owner) == content


def brought(mesh: LocalMesh, owner: Member, content: bytes, on_match: int) -> Any:
    """The import of a file with each column in the field of its name."""
    described = resources_pb2.ContactImport(
        match_key=resources_pb2.MATCH_KEY_EXTERNAL_ID, on_match=resources_pb2.OnMatch.ValueType(on_match)
    )
    for name in table(content)[0]:
        described.columns.add(column=name, field=name)
    request = import_service_pb2.CreateContactImportRequest(contact_import=described)
    identity = call(mesh, owner, f"{_IMPORTS}CreateContactImport", request).id
    upload = import_service_pb2.UploadContactImportBytesRequest(id=identity, part_number=1)
    upload.body.data = content
    call(mesh, owner, f"{_IMPORTS}UploadContactImportBytes", upload)
    call(mesh, owner, f"{_IMPORTS}StartContactImport", import_service_pb2.StartContactImportRequest(id=identity))
    mesh.work("customers")
    return call(mesh, owner, f"{_IMPORTS}GetContactImport", import_service_pb2.GetContactImportRequest(id=identity))


@pytest.mark.parametrize("narrow", ["contacts.read", "contacts.export"])
def test_what_is_not_in_the_creators_scope_is_in_no_chunk(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch, narrow: str
) -> None:
    small_chunks(monkeypatch)
    for number in range(30):
        mesh.insert(owner.tenant, person(number, owner_id=owner.id if number % 3 else ""))
    identity = created(mesh, owner, fields=["external_id"])
    mesh.work("customers", turns=1)
    with monkeypatch.context() as patched:
        patched.setattr(Directory, "find", granted({narrow: directory_service_pb2.SCOPE_OWN}))
        mesh.work("customers")

    rows = [row[0] for row in table(downloaded(mesh, link(mesh, owner, identity)))[1:]]

    late = [number for number in range(20, 30) if number % 3]
    assert rows == [f"k{number:03}" for number in [*range(20), *late]]


def granted(changed: dict[str, int]) -> Any:
    find = Directory.find

    def narrowed(*arguments: Any, **more: Any) -> Any:
        entry = find(*arguments, **more)
        return dataclasses.replace(entry, grants={**entry.grants, **changed})

    return narrowed


def test_a_deactivated_creator_has_no_export_that_goes_on_and_no_link_that_works(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_chunks(monkeypatch)
    for number in range(30):
        mesh.insert(owner.tenant, person(number))
    done, stopped = created(mesh, owner), created(mesh, owner)
    mesh.work("customers", turns=3)
    token = link(mesh, owner, done)
    find = Directory.find
    with monkeypatch.context() as patched:
        patched.setattr(Directory, "find", lambda *a, **m: dataclasses.replace(find(*a, **m), active=False))
        mesh.work("customers")
        assert refused(lambda: downloaded(mesh, token)) is grpc.StatusCode.UNAUTHENTICATED

    record = record_of(mesh, owner, stopped)
    assert (record.job.state, record.job.reason) == (job_pb2.JOB_STATE_FAILED, "UNAUTHENTICATED")
    assert refused(lambda: link(mesh, owner, stopped)) is grpc.StatusCode.FAILED_PRECONDITION
    assert downloaded(mesh, token)


def test_a_file_is_removed_after_seven_days_and_a_link_ends_in_minutes(owner: Member, mesh: LocalMesh) -> None:
    identity = created(mesh, owner)
    mesh.work("customers")
    token = link(mesh, owner, identity)
    blobs = mesh.host("customers").environment.blobs
    assert list(blobs.list(owner.tenant, f"exports/{identity}"))

    mesh.clock.advance(timedelta(minutes=10))
    assert refused(lambda: downloaded(mesh, token)) is grpc.StatusCode.UNAUTHENTICATED
    mesh.clock.advance(timedelta(days=7, minutes=-11))
    mesh.work("customers")
    assert list(blobs.list(owner.tenant, f"exports/{identity}"))
    mesh.clock.advance(timedelta(minutes=1))
    mesh.work("customers")

    assert list(blobs.list(owner.tenant, f"exports/{identity}")) == []


def test_jobs_are_seen_by_who_asked_for_them_and_by_who_may_do_it_for_all(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague = mesh.member(owner, ROLE_OWNER)
    identity = created(mesh, owner)
    mesh.work("customers")
    assert record_of(mesh, colleague, identity).id == identity
    assert refused(lambda: link(mesh, colleague, identity)) is grpc.StatusCode.PERMISSION_DENIED
    scopes = (directory_service_pb2.SCOPE_OWN, directory_service_pb2.SCOPE_TEAM)
    for scope in scopes:
        with monkeypatch.context() as patched:
            patched.setattr(Directory, "find", granted({"contacts.export": scope}))
            assert refused(lambda: record_of(mesh, colleague, identity)) is grpc.StatusCode.NOT_FOUND
            assert record_of(mesh, owner, identity).id == identity


def test_an_export_that_takes_what_its_creator_may_only_read_is_noticed(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the scope of the permission to export does not narrow the file."""
    monkeypatch.setattr(exports, "min", lambda seen, written, key: seen, raising=False)

    with pytest.raises(AssertionError):
        test_what_is_not_in_the_creators_scope_is_in_no_chunk(mesh, owner, monkeypatch, "contacts.export")
