"""customers as a service: its areas, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2

from mesh.resource.custom import builds
from mesh.resource.following import together
from mesh.resource.merges import Merges
from mesh.resource.merging import Merging
from mesh.resource.moves import Moves
from mesh.runtime.service import Service
from services.customers.domain.companies import CompanyFacts
from services.customers.domain.merging import combine_companies, combine_contacts
from services.customers.service.companies import company_fields, company_resource
from services.customers.service.consents import ConsentMethods
from services.customers.service.contacts import contact_fields, contact_resource, facts_at
from services.customers.service.duplicate_searches import DuplicateService
from services.customers.service.duplicates import ContactMethods
from services.customers.service.exports import ExportService
from services.customers.service.filter_uses import FilterUses
from services.customers.service.hierarchy import Hierarchy
from services.customers.service.imports import ImportService
from services.customers.service.intake import IntakeService
from services.customers.service.interactions import interaction_resource
from services.customers.service.merging import MergeMethods
from services.customers.service.privacy import Privacy
from services.customers.service.relations import relation_resource
from services.customers.service.saved_views import SavedViews
from services.customers.service.segment_definitions import Definitions
from services.customers.service.segment_following import Following
from services.customers.service.segment_members import Members
from services.customers.service.segment_reading import SegmentMethods
from services.customers.service.tags import TagMethods
from services.customers.service.timeline import Timelines
from services.customers.service.vcards import VcardMethods
from services.customers.tables import company_merges, contact_merges

if TYPE_CHECKING:
    from mesh.resource.resource import Resource
    from mesh.runtime.environment import Environment


def build(environment: Environment) -> Service:
    """The service over its environment."""
    uses = FilterUses()
    fields, of_companies = contact_fields(uses.release_contact_field), company_fields(uses.release_company_field)
    merges = Merges(resources_pb2.ContactMerge, contact_merges)
    company_merging = Merges(resources_pb2.CompanyMerge, company_merges)
    contacts, companies = contact_resource(fields, merges), company_resource(of_companies, company_merging)
    intake, tags, consents = IntakeService(contacts), TagMethods(uses.release_tag), ConsentMethods(contacts)
    duplicates, exports = DuplicateService(contacts, fields), ExportService(contacts, fields)
    timelines = Timelines({"con": (contacts, facts_at), "com": (companies, lambda now_us: CompanyFacts(""))})
    relation, interaction = relation_resource(), interaction_resource()
    imports = ImportService(contacts, fields, [relation, interaction, consents.consents])
    views = SavedViews([contacts, companies, relation, interaction, tags.tags, consents.consents])
    definitions, members = Definitions(contacts, companies, fields, of_companies), Members(contacts)
    segments = SegmentMethods(contacts, companies, tags.tags, definitions, members)
    uses.segments, uses.views = segments.segments, views.views
    following = Following(segments.segments, definitions, members)
    resources: list[Resource[Any]] = [
        *(contacts, fields.definitions, companies, of_companies.definitions, relation, interaction),
        *(tags.tags, consents.consents, views.views, imports.imports, imports.rows, exports.exports, intake.hooks),
        *(duplicates.searches, duplicates.pairs, segments.segments, merges.resource, company_merging.resource),
    ]
    moves = Moves(environment, resources)
    merging = MergeMethods(
        Merging(contacts, merges, moves, combine_contacts, consents),
        Merging(companies, company_merging, moves, combine_companies, Hierarchy(companies)),
    )
    quoting: list[Resource[Any]] = [views.views, segments.segments, exports.exports, duplicates.searches]
    privacy = Privacy(contacts, imports.imports, exports.files, quoting)
    resources += [privacy.exports.exports, privacy.erasures.erasures]
    areas: dict[str, object] = {
        "ContactService": ContactMethods(contacts), "VcardService": VcardMethods(contacts, fields),
        "TimelineService": timelines, "TagService": tags, "ConsentService": consents, "SegmentService": segments,
        "DuplicateService": duplicates, "MergeService": merging, "ImportService": imports, "ExportService": exports,
        "IntakeService": intake, "PrivacyService": privacy,
    }  # fmt: skip
    service = Service(
        name="customers",
        resources=resources,
        methods={f"rapport.customers.v1.{area}": each for area, each in areas.items()},
        jobs=[*imports.jobs, exports.files.kind, duplicates.job, privacy.exports.files.kind, privacy.erasures.job],
        beside_subjects=privacy.files,
        # Timelines first: segments read what has happened from them.
        consumes=together(builds(fields, of_companies), timelines.effects(), following.effects()),
        subscribes=["customers"],
    )
    return privacy.complete(service)
