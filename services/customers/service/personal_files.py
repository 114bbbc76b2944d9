"""What customers holds of persons beside its rows: files that were uploaded or made, and contacts that were merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf import json_format

from mesh.resource.subjects import BesideSubjects
from services.customers.service.images import erase_images
from services.customers.service.persons import versions_of
from services.customers.service.quoted import Quoted
from services.customers.service.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rapport.mesh.v1 import subject_pb2

    from mesh.resource.file_jobs import FileJob
    from mesh.resource.resource import Resource
    from mesh.resource.subjects import Count
    from mesh.runtime.call import Call


class PersonalFiles(BesideSubjects):
    """Files of contacts. made: what exports make; imports: what was uploaded; quoting: what has a filter."""

    def __init__(
        self, contacts: Resource[Any], imports: Resource[Any], made: Sequence[FileJob], quoting: Sequence[Resource[Any]]
    ) -> None:
        self._contacts, self._made, self._quoted, self._uploads = contacts, made, Quoted(quoting), Uploads(imports)

    def read(self, call: Call, subject: subject_pb2.Subject) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """The contact as it was before merges, those that became part of it, and where its values come from."""
        now = call.read(self._contacts.by_ids, ids=list(subject.ids))
        versions = versions_of(call.read, self._contacts, subject.ids)
        told: list[tuple[str, Any]] = [("merged-contacts", each) for each in versions[len(now) :]]
        newest = {each.id: each for each in reversed(versions)}
        told += [("contact-provenance", self._contacts.provenance(call, each)) for each in newest.values()]
        return [(kind, json_format.MessageToDict(each, preserving_proto_field_name=True)) for kind, each in told]

    def erase(self, call: Call, subject: subject_pb2.Subject, count: Count) -> bool:
        """Remove all files that exports made, as none can be told to be without the person, and uploads about them.

        Filters that quote the person stay, without them; so does what is kept to take imports and merges back. Nothing
        is removed while an import or an export is at work.
        """
        self._uploads.check(call)
        for each in self._made:
            each.check(call)
        for each in self._made:
            each.drop(call, lambda kind: counted(call, count, kind))
        self._quoted.erase(call, subject, count)
        erase_images(call, subject, count)
        return self._uploads.erase(call, subject, count)


def counted(call: Call, count: Count, kind: str) -> None:
    """Count in a write of its own what is removed next: killed in between it is counted again, and never missed."""
    with call.service_write() as write:
        count(write, kind)
