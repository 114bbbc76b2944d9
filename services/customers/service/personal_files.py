"""What customers holds of persons beside its rows: files that were uploaded or made, and contacts that were merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf import json_format

from mesh.resource.provenance import provenance
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
        versions = versions_of(call.read, self._contacts, subject.ids)[len(now) :]
        told: list[tuple[str, Any]] = [("merged-contacts", each) for each in versions]
        told += [("contact-provenance", provenance(call.read, each)) for each in subject.ids]
        return [(kind, json_format.MessageToDict(each, preserving_proto_field_name=True)) for kind, each in told]

    def erase(self, call: Call, subject: subject_pb2.Subject) -> tuple[Mapping[str, int], bool]:
        """Remove all files that exports made, as none can be told to be without the person, and uploads about them.

        Filters that quote the person stay, without them; so does what is kept to take imports and merges back.
        """
        self._uploads.check(call)
        counts = {f"files of {each.resource.contract.collection}": each.drop(call) for each in self._made}
        filters = self._quoted.erase(call, subject)
        images, (uploads, more) = erase_images(call, subject), self._uploads.erase(call, subject)
        own = {"files of contact-imports": uploads, "filters": filters, "kept contacts": images}
        return {**counts, **own}, more
