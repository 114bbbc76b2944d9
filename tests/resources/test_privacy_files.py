"""A person is found in files in whichever way characters are written there, and where parts of a file meet."""

from __future__ import annotations

import base64
import itertools
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from rapport.customers.v1 import resources_pb2

from mesh.resource import subject_finding
from services.customers.service import erasure_receipts
from tests.resources.customers_calls import call, outcome, tenant
from tests.resources.customers_merges import contact, settle
from tests.resources.test_privacy import EMAIL, erase, person, traces, verify

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

ABROAD = "zephyrine@quillfeather-bücher.example"
NOBODY = "given_name,emails\nBo,bo@nobody.example\n"


def brought(mesh: LocalMesh, owner: Member, content: bytes, *cuts: int) -> str:
    """The id of an import whose file was brought in parts, cut at these bytes."""
    made = call(mesh, owner, "CreateContactImport", contactImport={"fileName": "people.csv"})
    for number, (start, end) in enumerate(pairwise((0, *cuts, len(content))), 1):
        encoded = base64.b64encode(content[start:end]).decode()
        call(mesh, owner, "UploadContactImportPart", id=made.id, partNumber=number, content=encoded)
    return str(made.id)


def files(mesh: LocalMesh, owner: Member) -> dict[str, str]:
    """Files that tell of the person, and one that does not: the ids of their imports."""
    told: dict[str, tuple[bytes, str]] = {
        "as it is": (f"given_name,emails\nAnn,{EMAIL}\n".encode(), EMAIL),
        "in another case": (f"given_name,emails\nAnn,{EMAIL.upper()}\n".encode(), EMAIL.upper()),
        "in UTF-16": (f"given_name,emails\nAnn,{ABROAD}\n".encode("utf-16"), ABROAD),
        "in UTF-16 the other way round": (f"given_name,emails\nAnn,{EMAIL}\n".encode("utf-16-be"), EMAIL),
        "in Windows-1252": (f"given_name,emails\nAnn,{ABROAD}\n".encode("windows-1252"), ABROAD),
    }
    found = {"of nobody": brought(mesh, owner, NOBODY.encode(), 20, 25)}
    for name, (content, address) in told.items():
        wide = 2 if "UTF-16" in name else 1
        middle = len(content) - wide * (1 + len(address) // 2)
        found[name] = brought(mesh, owner, content)
        found[f"{name}, in two parts"] = brought(mesh, owner, content, middle)
        # The last cut goes through the middle of a character, where one has two bytes.
        found[f"{name}, in small parts"] = brought(mesh, owner, content, middle - 3, middle, middle + 1)
    return found


@pytest.fixture
def abroad(mesh: LocalMesh) -> tuple[Member, Any]:
    """An owner, and the person with an address abroad."""
    owner = tenant(mesh, "files")
    return owner, person(mesh, owner, emails=[{"address": EMAIL}, {"address": ABROAD}])


def test_an_erasure_takes_uploads_however_they_tell_of_the_person(mesh: LocalMesh, abroad: tuple[Member, Any]) -> None:
    owner, ann = abroad
    brought_before = files(mesh, owner)
    erase(mesh, owner, ann.id)
    left = {name for name, each in brought_before.items() if call(mesh, owner, "GetContactImport", id=each).parts}
    assert left == {"of nobody"}


def test_a_search_finds_uploads_however_they_tell_of_the_person(mesh: LocalMesh, abroad: tuple[Member, Any]) -> None:
    owner, ann = abroad
    done = erase(mesh, owner, ann.id)
    brought_since = files(mesh, owner)
    remnants = {each.id.split("/")[1] for each in verify(mesh, owner, done).remnants if each.kind == "files"}
    missed = {name for name, each in brought_since.items() if each not in remnants}
    assert missed == {"of nobody"}


def test_a_part_that_is_brought_anew_is_looked_at_with_what_follows(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "anew")
    ann = person(mesh, owner)
    content = f"given_name,emails\nAnn,{EMAIL}\n".encode()
    made = brought(mesh, owner, content, 30)
    for other in (b"given_name,emails\nAnn,bo@else.ex", b"given_name,emails\nAnn,cy@else.ex"):
        encoded = base64.b64encode(other).decode()
        call(mesh, owner, "UploadContactImportPart", id=made, partNumber=1, content=encoded)
    erase(mesh, owner, ann.id)
    assert not call(mesh, owner, "GetContactImport", id=made).parts
    assert not list(mesh.host("customers").environment.blobs.list(owner.tenant, f"imports/{made}"))


def test_an_address_in_another_spelling_leaves_what_is_kept_of_others(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "spelling")
    # Of Bo an import keeps what they had before: the address and the number that are to be the person's.
    had = {
        "emails": [{"address": EMAIL.upper()}, {"address": ABROAD.replace("ü", "Ü").upper()}],
        "phones": [{"number": "+61 (0)2 9999-0120"}, {"number": "+61 2 9999 0155"}],
    }
    old = contact(mesh, owner, givenName="Bo", externalId="k1", **had)
    columns = [{"column": name, "field": name} for name in ("external_id", "emails", "phones")]
    options = {"matchKey": "MATCH_KEY_EXTERNAL_ID", "onMatch": "ON_MATCH_OVERWRITE"}
    made = call(mesh, owner, "CreateContactImport", contactImport={"columns": columns, **options})
    encoded = base64.b64encode(b"external_id,emails,phones\nk1,bo@spelling.example,+61 2 9999 0177\n").decode()
    call(mesh, owner, "UploadContactImportPart", id=made.id, partNumber=1, content=encoded)
    call(mesh, owner, "StartContactImport", id=made.id)
    mesh.work("customers")
    settle(mesh)
    assert call(mesh, owner, "GetContact", id=old.id).primary_email == "bo@spelling.example"
    ann = person(mesh, owner, emails=[{"address": EMAIL}, {"address": ABROAD}])

    done = erase(mesh, owner, ann.id)

    marks = ("quillfeather", "QUILLFEATHER", "9999-0120", "299990120")
    assert traces(mesh, owner, marks) == []
    assert verify(mesh, owner, done).erased
    call(mesh, owner, "RevertContactImport", id=made.id)
    mesh.work("customers")
    back = call(mesh, owner, "GetContact", id=old.id)
    assert [each.number for each in back.phones] == ["+61 2 9999 0155"]


def test_a_search_goes_on_where_the_call_before_it_has_ended(mesh: LocalMesh) -> None:
    owner, stranger = tenant(mesh, "onward"), tenant(mesh, "backward")
    done, other = (erase(mesh, owner, person(mesh, owner, number).id) for number in range(2))
    theirs = erase(mesh, stranger, person(mesh, stranger).id)
    whole = verify(mesh, owner, done)
    assert (whole.erased, whole.next_cursor, list(whole.unfinished_services)) == (True, "", [])
    for company in (None, resources_pb2.Company(display_name="Left", description=EMAIL)):
        left = [mesh.insert(owner.tenant, company).id] if company is not None else []
        found, rows, cursor, calls = [], 0, "", 0
        clock = itertools.count(step=1_000)  # each look at it finds the time of a call over
        while calls == 0 or cursor:
            # The first ones look at a table each, those behind them at a service.
            hasty = mock.patch.object(subject_finding, "_SECONDS", 0 if calls < 3 else 5)
            with hasty, mock.patch.object(erasure_receipts, "time", SimpleNamespace(monotonic=clock.__next__)):
                told = call(mesh, owner, "VerifyContactErasure", receipt=done.receipt, cursor=cursor)
            assert told.erased is (not told.next_cursor and not left)
            assert bool(told.next_cursor) is bool(told.unfinished_services)
            cursor, calls, rows = told.next_cursor, calls + 1, rows + told.row_count
            found += [each.id for each in told.remnants]
            if calls == 1:
                for member, wrong in ((owner, other), (stranger, theirs)):
                    asked = {"receipt": wrong.receipt, "cursor": cursor}
                    assert outcome(mesh, member, "VerifyContactErasure", **asked) == "INVALID_ARGUMENT"
        assert calls > 3
        assert rows >= whole.row_count
        # What was told of it is found too, where that stands yet.
        assert found[:1] == left
