"""What customers holds of persons beside its rows: files that were uploaded or made, and contacts that were merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from rapport.type.v1 import job_pb2

from mesh.contract.failure import Failure
from mesh.resource.jobs import ENDED, end_job, keep_record, locked_record
from mesh.resource.provenance import provenance
from mesh.resource.subjects import BesideSubjects
from mesh.runtime.call import Write
from services.customers.service.persons import versions_of
from services.customers.service.quoted import Quoted, tracer_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rapport.mesh.v1 import subject_pb2

    from mesh.contract.traces import Tracer
    from mesh.resource.file_jobs import FileJob
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call

_IMPORTS = "imports"
_OVERLAP = 400


class PersonalFiles(BesideSubjects):
    """Files of contacts. made: what exports make; imports: what was uploaded; quoting: what has a filter."""

    def __init__(
        self, contacts: Resource[Any], imports: Resource[Any], made: Sequence[FileJob], quoting: Sequence[Resource[Any]]
    ) -> None:
        self._contacts, self._imports, self._made, self._quoted = contacts, imports, made, Quoted(quoting)

    def read(self, call: Call, subject: subject_pb2.Subject) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """The contact as it was before merges, those that became part of it, and where its values come from."""
        now = call.read(self._contacts.by_ids, ids=list(subject.ids))
        versions = versions_of(call.read, self._contacts, subject.ids)[len(now) :]
        told: list[tuple[str, Any]] = [("merged-contacts", each) for each in versions]
        told += [("contact-provenance", provenance(call.read, each)) for each in subject.ids]
        return [(kind, json_format.MessageToDict(each, preserving_proto_field_name=True)) for kind, each in told]

    def erase(self, call: Call, subject: subject_pb2.Subject) -> Mapping[str, int]:
        """Remove all files that exports made, as none can be told to be without the person, and uploads about them.

        Filters that quote the person stay, without them.
        """
        counts = {f"files of {each.resource.contract.collection}": each.drop(call) for each in self._made}
        uploads, filters = self._uploads(call, subject), self._quoted.erase(call, subject)
        return {**counts, "files of contact-imports": uploads, "filters": filters}

    def _uploads(self, call: Call, subject: subject_pb2.Subject) -> int:
        blobs, tenant = call.environment.blobs, call.identity.tenant
        tracer = tracer_of(subject)
        found = 0
        for identity in sorted({blob.key.split("/")[1] for blob in blobs.list(tenant, _IMPORTS)}):
            rows = call.read(self._imports.by_id, id=identity)
            record: Any = self._imports.build(self._imports.message, rows[0]) if rows else None
            state = record.job.state if record is not None else job_pb2.JOB_STATE_CANCELLED
            if state in (job_pb2.JOB_STATE_PENDING, job_pb2.JOB_STATE_RUNNING):
                # It leaves the person out from here on, and its file goes with its end.
                raise Failure("CONFLICT")
            if state in ENDED or self._tells(call, identity, tracer):
                if state not in ENDED:
                    self._end(call, identity)
                blobs.delete(tenant, f"{_IMPORTS}/{identity}")
                found += 1
        return found

    def _tells(self, call: Call, identity: str, tracer: Tracer) -> bool:
        blobs, tenant = call.environment.blobs, call.identity.tenant
        for blob in sorted(blobs.list(tenant, f"{_IMPORTS}/{identity}"), key=lambda each: each.key):
            tail = ""
            for piece in blobs.stream(tenant, blob.key):
                text = tail + piece.decode("utf-8", "replace")
                if tracer.is_in(text):
                    return True
                tail = text[-_OVERLAP:]
        return False

    def _end(self, call: Call, identity: str) -> None:
        """An import that was only described: it ends here, since its file goes."""
        environment, tenant = call.environment, call.identity.tenant
        with environment.store.transaction(tenant=tenant, timeout=call.remaining()) as transaction:
            write = Write.of_service(environment, transaction, tenant, trace=call.trace)
            before, version = locked_record(write, self._imports, identity)
            if before.job.state in (job_pb2.JOB_STATE_PENDING, job_pb2.JOB_STATE_RUNNING):
                raise Failure("CONFLICT")
            after = type(before)()
            after.CopyFrom(before)
            after.ClearField("parts")
            end_job(after, job_pb2.JOB_STATE_CANCELLED, write.now_us)
            keep_record(write, self._imports, before, after, version)
