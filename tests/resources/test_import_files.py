"""Files as people have them: what their heads show, how days in them are read, and what comes back of refused rows."""

from __future__ import annotations

import base64
import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from rapport.customers.v1 import import_service_pb2

from mesh.resource.csv_files import unguarded
from services.customers.service import import_drafts
from tests.resources.customers_calls import call, outcome, tenant
from tests.resources.customers_imports import CREATED, FAILED, described, imported, told, worked

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

DMY, MDY = 1, 2
UTF_8, WINDOWS_1252 = 1, 2
SUCCEEDED, FAILED_JOB, CANCELLED = 4, 5, 6


def inspected(mesh: LocalMesh, member: Member, data: bytes) -> Any:
    return call(mesh, member, "InspectContactImport", id=described(mesh, member, data, {}))


@pytest.mark.shows("customers.import-columns")
def test_the_head_of_a_file_says_how_it_is_written_and_what_its_columns_are_about(mesh: LocalMesh) -> None:
    member = tenant(mesh, "inspect")
    call(mesh, member, "CreateContactField", contactField={"key": "since", "displayName": "Kunde seit", "type": 4})
    text = "Vorname;Straße;E-Mail;Kunde seit;Notiz\n" + "Änne;Weg 1;a@x.example;03/31/2020;'=1\n" * 300
    found = inspected(mesh, member, text.encode("windows-1252"))
    assert (found.encoding, found.delimiter, found.headerless) == (WINDOWS_1252, 2, False)
    assert [(each.column, each.field) for each in found.columns] == [
        ("Vorname", "given_name"),
        ("Straße", "address.address_lines"),
        ("E-Mail", "emails"),
        ("Kunde seit", "custom.since"),
        ("Notiz", ""),
    ]
    assert [list(each.samples) for each in found.columns[::4]] == [["Änne"], ["=1"]]
    assert [each.date_order for each in found.columns] == [0, 0, 0, MDY, 0]
    plain = inspected(mesh, member, b"Ann,ann@x.example,+61 2 9999 0001\nBob,bob@x.example,")
    assert (plain.headerless, plain.encoding, plain.delimiter) == (True, UTF_8, 1)
    assert [(each.column, each.field) for each in plain.columns] == [
        ("Column 1", ""),
        ("Column 2", "emails"),
        ("Column 3", "phones"),
    ]
    assert [list(each.samples) for each in plain.columns] == [
        ["Ann", "Bob"],
        ["ann@x.example", "bob@x.example"],
        ["+61 2 9999 0001"],
    ]
    wide = inspected(mesh, member, (",".join(f"c{n}" for n in range(900)) + "\n" + "x" * 400).encode())
    assert (len(wide.columns), len(wide.columns[0].samples[0])) == (300, 100)
    assert not inspected(mesh, member, b"").columns
    assert outcome(mesh, member, "InspectContactImport", id=described(mesh, member, b"\xff\xfea\0", {})) == (
        "FILE_UNREADABLE"
    )


@pytest.mark.shows("customers.import-columns")
def test_days_are_read_as_told_or_as_their_column_shows_and_never_guessed(mesh: LocalMesh) -> None:
    member = tenant(mesh, "days")
    call(mesh, member, "CreateContactField", contactField={"key": "since", "displayName": "Since", "type": 4})
    mesh.deliver()
    columns = {"name": "given_name", "born": "birth_date", "since": "custom.since"}
    text = "name,born,since\nAnn,03/04/1980,03/04/2020\nBob,12/31/1980,1.2.2020\nCat,2/2/1980,2020-02-03\n"
    made = imported(mesh, member, text, columns)
    assert told(mesh, member, made.id) == [(CREATED, "", "")] * 3
    found = call(mesh, member, "ListContacts", orderBy="id").contacts
    assert [(each.birth_date.month, each.birth_date.day) for each in found] == [(3, 4), (12, 31), (2, 2)]
    assert [each.custom["since"] for each in found] == ["2020-04-03", "2020-02-01", "2020-02-03"], "by its own dots"
    unclear = "name,born\nAnn,03/04/1980\nBob,31/12/1980\nCat,12/31/1980\nDan,3/3/1980\nEve,30/02/1980\n"
    columns = {"name": "given_name", "born": "birth_date"}
    made = imported(mesh, member, unclear, columns)
    assert told(mesh, member, made.id) == [
        (FAILED, "DATE_AMBIGUOUS", "born"),
        (CREATED, "", ""),
        (CREATED, "", ""),
        (CREATED, "", ""),
        (FAILED, "BIRTH_DATE_INVALID", "born"),
    ]
    made = imported(mesh, member, unclear, columns, dateOrder="DATE_ORDER_DAY_MONTH_YEAR")
    assert [row[0] for row in told(mesh, member, made.id)] == [CREATED, CREATED, FAILED, CREATED, FAILED]


def test_a_file_without_a_header_is_read_by_the_places_of_its_columns(mesh: LocalMesh) -> None:
    member = tenant(mesh, "headerless")
    columns = {"Column 2": "given_name", "column 1": "emails"}
    made = imported(mesh, member, "a@x.example,Ann\nb@x.example,Bob\n", columns, headerless=True)
    assert made.created_count == 2
    assert {c.given_name for c in call(mesh, member, "ListContacts").contacts} == {"Ann", "Bob"}


@pytest.mark.shows("customers.import-refused")
def test_refused_rows_come_back_as_they_were_each_with_its_reason(mesh: LocalMesh) -> None:
    member = tenant(mesh, "refused")
    columns = {"Mail": "emails", "Name": "given_name"}
    text = 'Mail;Name;Note\r\nnone;"A;nn";=1+1\r\na@x.example;Bob;\r\n\r\nb@x.example;Cat;more;surplus\r\n"open;x\r\n'
    identity = described(mesh, member, text.encode(), columns, fileName="Leute.csv")
    assert outcome(mesh, member, "CreateRefusedRowsLink", id=identity) == "ROWS_UNAVAILABLE"
    worked(mesh, member, identity, validateOnly=True)
    first = downloaded(mesh, member, identity)
    assert worked(mesh, member, identity).failed_count == 3
    data = downloaded(mesh, member, identity)
    assert data == first
    assert b"'=1+1" in data
    lines = [[unguarded(cell) for cell in row] for row in csv.reader(io.StringIO(data.decode("utf-8-sig")))]
    assert lines[0] == ["Mail", "Name", "Note", "reason", "column", "message"]
    assert [(*row[:3], *row[3:5]) for row in lines[1:]] == [
        ("none", "A;nn", "=1+1", "INVALID_ARGUMENT", "Mail"),
        ("b@x.example", "Cat", "more", "ROW_RAGGED", ""),
        ("", "", "", "QUOTE_UNCLOSED", ""),
    ]
    colleague = mesh.member(member, 1)
    assert outcome(mesh, colleague, "CreateRefusedRowsLink", id=identity) == "PERMISSION_DENIED"
    again = imported(
        mesh, member, data.decode().replace("none", "c@x.example"), columns, delimiter="FILE_DELIMITER_COMMA"
    )
    assert (again.created_count, again.failed_count) == (2, 1), "corrected, and imported"


def downloaded(mesh: LocalMesh, member: Member, identity: str) -> bytes:
    """The file of refused rows."""
    token = call(mesh, member, "CreateRefusedRowsLink", id=identity).path.partition("token=")[2]
    request = import_service_pb2.DownloadRefusedRowsRequest(token=token)
    stream = mesh.call("/rapport.customers.v1.ImportService/DownloadRefusedRows", request, timeout=20)
    return b"".join(piece.data for piece in stream)


def parts(mesh: LocalMesh, member: Member, identity: str) -> int:
    """How many parts of a file are kept."""
    return len(list(mesh.host("customers").environment.blobs.list(member.tenant, f"imports/{identity}")))


def test_a_file_that_was_validated_is_kept_as_long_as_any_other_and_its_drafts_are_not(mesh: LocalMesh) -> None:
    member = tenant(mesh, "validated")
    data = b"a\n" + b"".join(b"Name %d\n" % number for number in range(7))
    ended = described(mesh, member, data, {"a": "given_name"})
    with mock.patch.object(import_drafts, "CHUNK", 3):
        assert worked(mesh, member, ended, validateOnly=True).created_count == 7
    assert not mesh.dump("customers")["contact_import_drafts"]
    cancelled = described(mesh, member, data, {"a": "given_name"})
    call(mesh, member, "StartContactImport", id=cancelled, validateOnly=True)
    mesh.work("customers", turns=1)
    call(mesh, member, "CancelContactImport", id=cancelled)
    mesh.clock.advance(timedelta(days=29))
    mesh.work("customers")
    assert [parts(mesh, member, each) for each in (ended, cancelled)] == [1, 1]
    mesh.clock.advance(timedelta(days=2))
    mesh.work("customers")
    assert [parts(mesh, member, each) for each in (ended, cancelled)] == [0, 0]
    assert not mesh.dump("customers")["contact_import_drafts"]


def test_drafts_are_not_removed_by_what_clears_the_validation_before(mesh: LocalMesh) -> None:
    member = tenant(mesh, "twice")
    identity = described(mesh, member, b"a\nAnn\n", {"a": "given_name"})
    call(mesh, member, "StartContactImport", id=identity, validateOnly=True)
    while call(mesh, member, "GetContactImport", id=identity).job.state != SUCCEEDED:
        mesh.work("customers", turns=1)
    assert mesh.work("customers", turns=1) == 0, "nothing of it is still to be cleared when the next one begins"


def test_a_file_that_nobody_imports_is_not_kept_for_ever(mesh: LocalMesh) -> None:
    member = tenant(mesh, "forgotten")
    forgotten, cancelled, later, renewed = (described(mesh, member, b"a\nAnn\n", {"a": "given_name"}) for _ in range(4))
    call(mesh, member, "CancelContactImport", id=cancelled)
    mesh.clock.advance(timedelta(days=29))
    assert worked(mesh, member, later).created_count == 1
    content = base64.b64encode(b"Bob\n").decode()
    call(mesh, member, "UploadContactImportPart", id=renewed, partNumber=2, content=content)
    assert [parts(mesh, member, each) for each in (forgotten, cancelled, later, renewed)] == [1, 1, 1, 2]
    mesh.clock.advance(timedelta(days=2))
    mesh.work("customers")
    assert [parts(mesh, member, each) for each in (forgotten, cancelled, later, renewed)] == [0, 0, 1, 2]
    assert call(mesh, member, "GetContactImport", id=forgotten).job.state == CANCELLED
    assert outcome(mesh, member, "StartContactImport", id=forgotten) == "JOB_STARTED"
    assert worked(mesh, member, renewed).created_count == 2


def test_a_file_that_is_gone_is_told_at_once(mesh: LocalMesh) -> None:
    member = tenant(mesh, "gone")
    identity = described(mesh, member, b"a\nAnn\n", {"a": "given_name"})
    worked(mesh, member, identity, validateOnly=True)
    mesh.clock.advance(timedelta(days=31))
    mesh.work("customers")
    for name in ("PreviewContactImport", "InspectContactImport"):
        assert outcome(mesh, member, name, id=identity) == "FILE_UNREADABLE"
    job = worked(mesh, member, identity).job
    assert (job.state, job.reason) == (FAILED_JOB, "FILE_REMOVED")
