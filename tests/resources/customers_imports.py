"""What tests of imports share: files that are described, brought, and worked on."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from tests.resources.customers_calls import call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mesh.testing.local import LocalMesh, Member

CREATED, UPDATED, SKIPPED, FAILED = range(1, 5)
REMOVED, RESTORED, KEPT = range(1, 4)


def described(mesh: LocalMesh, member: Member, data: bytes, columns: Mapping[str, str], **options: Any) -> str:
    """The id of an import that has its file and was not started."""
    mapped = [{"column": column, "field": field} for column, field in columns.items()]
    made = call(mesh, member, "CreateContactImport", contactImport={"columns": mapped, **options})
    if data:
        content = base64.b64encode(data).decode()
        call(mesh, member, "UploadContactImportPart", id=made.id, partNumber=1, content=content)
    return str(made.id)


def worked(mesh: LocalMesh, member: Member, identity: str, name: str = "StartContactImport", **fields: Any) -> Any:
    """An import after a piece of its work."""
    call(mesh, member, name, id=identity, **fields)
    mesh.work("customers")
    return call(mesh, member, "GetContactImport", id=identity)


def imported(mesh: LocalMesh, member: Member, text: str, columns: Mapping[str, str], **options: Any) -> Any:
    """An import that has ended."""
    return worked(mesh, member, described(mesh, member, text.encode(), columns, **options))


def rows(mesh: LocalMesh, member: Member, identity: str) -> list[Any]:
    """The verdicts on the rows of an import, in the order of the file."""
    found: list[Any] = []
    asked = {"filter": f'import_id = "{identity}"', "orderBy": "id", "pageSize": 200}
    token = ""
    while True:
        page = call(mesh, member, "ListContactImportRows", **asked, pageToken=token)
        found += page.contact_import_rows
        token = page.next_page_token
        if not token:
            return found


def told(mesh: LocalMesh, member: Member, identity: str) -> list[tuple[int, str, str]]:
    """Of each row the verdict, the reason and the column to blame."""
    return [(row.verdict, row.reason, row.column) for row in rows(mesh, member, identity)]
