"""Audit entries as files: complete, in the order of the chain, harmless in a spreadsheet, for their creator alone."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlparse

from rapport.type.v1 import job_pb2
from rapport.users.v1 import audit_export_service_pb2, resources_pb2

from services.users.domain.audit_files import cells
from services.users.service import audit_exports as service
from tests.resources.test_audit_chain import history, verify
from tests.resources.test_groups import add, group, reason, role
from tests.resources.test_tenant_life import user_call

if TYPE_CHECKING:
    import pytest

    from mesh.testing.local import LocalMesh, Member

EXPORTS = "/rapport.users.v1.AuditExportService/"
CSV, LINES = resources_pb2.AuditExport.FORMAT_CSV, resources_pb2.AuditExport.FORMAT_JSON_LINES


def begin(mesh: LocalMesh, by: Member, **fields: Any) -> Any:
    request = audit_export_service_pb2.CreateAuditExportRequest(audit_export=fields)
    return mesh.call(f"{EXPORTS}CreateAuditExport", request, token=by.token)


def get(mesh: LocalMesh, by: Member, identity: str) -> Any:
    request = audit_export_service_pb2.GetAuditExportRequest(id=identity)
    return mesh.call(f"{EXPORTS}GetAuditExport", request, token=by.token)


def link(mesh: LocalMesh, by: Member, identity: str) -> str:
    request = audit_export_service_pb2.CreateAuditExportLinkRequest(id=identity)
    path = mesh.call(f"{EXPORTS}CreateAuditExportLink", request, token=by.token).path
    return parse_qs(urlparse(path).query)["token"][0]


def download(mesh: LocalMesh, token: str) -> bytes:
    request = audit_export_service_pb2.DownloadAuditExportRequest(token=token)
    return b"".join(piece.data for piece in mesh.call(f"{EXPORTS}DownloadAuditExport", request))


def export(mesh: LocalMesh, by: Member, **fields: Any) -> bytes:
    made = begin(mesh, by, **fields)
    mesh.work("users")
    done = get(mesh, by, made.id)
    assert done.job.state == job_pb2.JOB_STATE_SUCCEEDED
    content = download(mesh, link(mesh, by, made.id))
    assert len(content) == done.size
    return content


def test_all_entries_are_written_in_the_order_of_the_chain(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_PAGE_ROWS", 3)
    monkeypatch.setattr(service, "_CHUNK_ROWS", 6)
    owner, count = history(mesh, "export-all")
    rows = list(csv.DictReader(io.StringIO(export(mesh, owner).decode())))
    assert [int(row["position"]) for row in rows][:count] == list(range(1, count + 1))
    assert rows[count - 1]["digest"] == verify(mesh, owner, 0, count).to_digest.hex()
    assert {row["principal_id"] for row in rows} == {owner.id}

    lines = [json.loads(each) for each in export(mesh, owner, format=LINES).decode().splitlines()]
    assert [int(each["position"]) for each in lines][:count] == list(range(1, count + 1))
    some = export(mesh, owner, format=LINES, filter='action = "group.members_added"').decode().splitlines()
    assert {json.loads(each)["action"] for each in some} == {"group.members_added"}
    assert len(some) == 5


def test_no_cell_is_a_formula() -> None:
    """Nothing of an entry is a tenant's own text; were it some day, it would do no harm."""
    from mesh.resource.csv_files import written

    entry = resources_pb2.AuditEntry(action="=1+1", method="@x", resource="-2", changed_paths=["+a"])
    (row,) = csv.reader(io.StringIO(written([cells(entry)]).decode()))
    assert not [cell for cell in row if cell[:1] in "=+-@" and cell[:1]]


def test_an_export_is_for_its_creator_and_ends_with_their_right_and_their_work(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("export-whose")
    auditor = mesh.member(owner, resources_pb2.ROLE_UNSPECIFIED)
    assert reason(lambda: begin(mesh, auditor)) == "PERMISSION_DENIED"
    crew = group(mesh, owner, role(mesh, owner, **{"audit-entries__export": 3}))
    add(mesh, owner, crew, auditor.id)
    made = begin(mesh, auditor)
    assert reason(lambda: link(mesh, auditor, made.id)) == "EXPORT_UNAVAILABLE", "it is not done"
    mesh.work("users")
    assert reason(lambda: link(mesh, owner, made.id)) == "PERMISSION_DENIED"
    token = link(mesh, auditor, made.id)
    assert download(mesh, token)
    stranger = mesh.sign_up("export-stranger")
    assert reason(lambda: get(mesh, stranger, made.id)) == "NOT_FOUND"
    user_call(mesh, owner, "Suspend", auditor)
    assert reason(lambda: download(mesh, token)) == "CAPABILITY_INVALID"


def test_a_cancelled_export_and_one_whose_time_is_over_have_no_file(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("export-over")
    assert reason(lambda: begin(mesh, owner, filter="nonsense = 1")) == "INVALID_ARGUMENT"
    cancelled = begin(mesh, owner)
    request = audit_export_service_pb2.CancelAuditExportRequest(id=cancelled.id)
    mesh.call(f"{EXPORTS}CancelAuditExport", request, token=owner.token)
    mesh.work("users")
    assert reason(lambda: link(mesh, owner, cancelled.id)) == "EXPORT_UNAVAILABLE"
    done = begin(mesh, owner)
    mesh.work("users")
    link(mesh, owner, done.id)
    mesh.clock.advance(timedelta(days=8))
    assert reason(lambda: link(mesh, owner, done.id)) == "EXPORT_UNAVAILABLE"
