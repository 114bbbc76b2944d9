"""customers as a service: its areas, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.resource.custom import builds
from mesh.runtime.service import Service
from services.customers.service.contacts import contact_fields, contact_resource
from services.customers.service.exports import ExportService
from services.customers.service.imports import ImportService
from services.customers.service.intake import IntakeService

if TYPE_CHECKING:
    from mesh.runtime.environment import Environment


def build(environment: Environment) -> Service:
    """The service over its environment."""
    del environment
    fields = contact_fields()
    contacts = contact_resource(fields)
    imports, exports = ImportService(contacts, fields), ExportService(contacts, fields)
    intake = IntakeService(contacts)
    return Service(
        name="customers",
        resources=[contacts, fields.definitions, imports.imports, imports.rows, exports.exports, intake.hooks],
        methods={
            "rapport.customers.v1.ImportService": imports,
            "rapport.customers.v1.ExportService": exports,
            "rapport.customers.v1.IntakeService": intake,
        },
        jobs=[imports.job, exports.job],
        consumes=builds(fields),
        subscribes=["customers"],
    )
