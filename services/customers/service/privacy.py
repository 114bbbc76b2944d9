"""PrivacyService: what a person may ask of the tenant, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.resource.subject_erasing import Erasing
from mesh.resource.subject_finding import Finding
from mesh.resource.subject_reading import Reading
from services.customers.service.erasure_receipts import ErasureReceipts
from services.customers.service.erasures import Erasures
from services.customers.service.personal_files import PersonalFiles
from services.customers.service.subject_exports import SubjectExports

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.resource.file_jobs import FileJob
    from mesh.resource.resource import Resource
    from mesh.runtime.service import Service


class Privacy:
    """Its methods, by the part that serves each. `complete` is told of the service when that is put together."""

    def __init__(
        self, contacts: Resource[Any], imports: Resource[Any], exports: FileJob, quoting: Sequence[Resource[Any]]
    ) -> None:
        self._service: Service | None = None
        self._parts: dict[str, Any] = {}
        self.exports = SubjectExports(contacts, self._of(Reading))
        self.erasures = Erasures(contacts, self._of(Erasing))
        self.receipts = ErasureReceipts(self._of(Finding))
        self.files = PersonalFiles(contacts, imports, [exports, self.exports.files], quoting)
        self.create_subject_export = self.exports.create_subject_export
        self.cancel_subject_export = self.exports.cancel_subject_export
        self.create_subject_export_link = self.exports.create_subject_export_link
        self.download_subject_export = self.exports.download_subject_export
        self.create_contact_erasure = self.erasures.create_contact_erasure
        self.verify_contact_erasure = self.receipts.verify_contact_erasure

    def complete(self, service: Service) -> Service:
        """What is held of persons is known when all of the service is."""
        self._service = service
        return service

    def _of(self, kind: Callable[[Service], Any]) -> Callable[[], Any]:
        """The part of a kind, made when it is asked for first."""

        def part() -> Any:
            assert self._service is not None
            if kind.__name__ not in self._parts:
                self._parts[kind.__name__] = kind(self._service)
            return self._parts[kind.__name__]

        return part
