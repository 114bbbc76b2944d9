"""The refused rows of an import as a file: as they stood there, each with what was wrong with it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from google.api import httpbody_pb2
from rapport.customers.v1 import resources_pb2
from sqlalchemy import BigInteger, bindparam, select

from mesh.contract.failure import Failure
from mesh.resource.csv_files import UTF_8_MARK, unguarded, written
from mesh.resource.file_jobs import FileLink
from mesh.store.blobs import BlobNotFound
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TEXT
from services.customers.domain.imports import ENDED, KEPT_SECONDS
from services.customers.import_tables import contact_import_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.stream import StreamCall
    from services.customers.service.import_files import ImportFile, Place

UNAVAILABLE = "ROWS_UNAVAILABLE"
_PAGE = 500
_TOLD = ("reason", "column", "message")
_r = contact_import_rows.c
_REFUSED = Statement(
    select(_r.id, _r.number, *(_r[name] for name in _TOLD))
    .where(
        _r.tenant_id == TENANT,
        _r.import_id == bindparam("of_import", type_=TEXT),
        _r.verdict == int(resources_pb2.ROW_VERDICT_FAILED),
        _r.id > bindparam("after", type_=TEXT),
    )
    .order_by(_r.id)
    .limit(bindparam("limit", type_=BigInteger)),
    name="refused import rows",
)


def refused_link(imports: Resource[resources_pb2.ContactImport]) -> FileLink:
    """The link to the refused rows: they are there as long as verdicts and file are."""

    def available(record: resources_pb2.ContactImport, now_us: int) -> bool:
        recent = record.job.end_time.ToMicroseconds() + KEPT_SECONDS * 1_000_000 > now_us
        return bool(record.work) and bool(record.parts) and record.job.state in ENDED and recent

    return FileLink(imports, available, UNAVAILABLE)


def refused_name(record: resources_pb2.ContactImport) -> str:
    """What the file is called."""
    return f"{(record.file_name or 'contacts').removesuffix('.csv')}-refused.csv"


def refused_file(
    call: StreamCall, record: resources_pb2.ContactImport, file: ImportFile, place: Place
) -> Iterator[httpbody_pb2.HttpBody]:
    """The file, in pieces of a page of rows; `place` is that of the first row.

    Raises:
        Failure: ROWS_UNAVAILABLE, where the file is gone.
    """
    yield _piece(UTF_8_MARK + written([[*place.header, *_TOLD]]))
    after, number, rows = "", 0, file.rows(place)
    while told := call.read(_REFUSED, of_import=record.id, after=after, limit=_PAGE):
        lines: list[Sequence[str]] = []
        for identity, wanted, *why in told:
            try:
                row = next(itertools.islice(rows, wanted - number - 1, None), None)
            except BlobNotFound:
                raise Failure(UNAVAILABLE) from None
            cells = [unguarded(cell) for cell in row.cells] if row is not None else []
            width = len(place.header)
            lines.append([*cells[:width], *[""] * (width - len(cells)), *why])
            after, number = identity, wanted
        yield _piece(written(lines))


def _piece(data: bytes) -> httpbody_pb2.HttpBody:
    return httpbody_pb2.HttpBody(content_type="text/csv; charset=utf-8", data=data)
