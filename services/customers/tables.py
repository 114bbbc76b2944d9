"""The tables of customers; those of imports and of what persons may ask have modules of their own."""

from rapport.customers.v1 import resources_pb2
from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary

from mesh.resource.custom import definition_table
from mesh.resource.merges import merge_table
from mesh.resource.table import TEXT, fragment, micros, number, resource_table, text
from mesh.store.tables import sealed, tenant_table
from services.customers.import_tables import contact_imports

metadata = contact_imports.metadata

contacts = resource_table(
    resources_pb2.Contact,
    metadata,
    text("owner_id"),
    text("given_name"),
    text("family_name"),
    text("display_name"),
    text("job_title"),
    text("birth_date"),
    text("external_id"),
    text("primary_email"),
    fragment("emails"),
    fragment("phones"),
    fragment("e164_phones"),
    fragment("tag_ids"),
    micros("last_interaction_time", nullable=True),
    fragment("granted_consents"),
    fragment("addresses"),
    fragment("custom"),
    # What boards and lists are filtered and ordered by; the id at the end makes each order total.
    Index("contacts_by_owner", "tenant_id", "owner_id", "id"),
    Index("contacts_by_family_name", "tenant_id", "family_name", "id"),
    Index("contacts_by_display_name", "tenant_id", "display_name", "id"),
    Index("contacts_by_primary_email", "tenant_id", "primary_email", "id"),
)
contact_fields = definition_table(resources_pb2.ContactField, metadata)
# An import run twice must not make every person twice; a deleted contact keeps its key so that it can come back.
Index(
    "contacts_external_id",
    contacts.c.tenant_id,
    contacts.c.external_id,
    unique=True,
    sqlite_where=contacts.c.external_id != "",
    postgresql_where=contacts.c.external_id != "",
)

companies = resource_table(
    resources_pb2.Company,
    metadata,
    *map(text, ("owner_id", "display_name", "legal_name", "primary_domain", "parent_id", "external_id", "description")),
    *map(fragment, ("domains", "phones", "e164_phones", "addresses", "tag_ids", "custom")),
    micros("last_interaction_time", nullable=True),
    Index("companies_by_owner", "tenant_id", "owner_id", "id"),
    Index("companies_by_display_name", "tenant_id", "display_name", "id"),
    Index("companies_by_primary_domain", "tenant_id", "primary_domain", "id"),
    Index("companies_by_parent", "tenant_id", "parent_id", "id"),
)
Index(
    "companies_external_id",
    companies.c.tenant_id,
    companies.c.external_id,
    unique=True,
    sqlite_where=companies.c.external_id != "",
    postgresql_where=companies.c.external_id != "",
)
company_fields = definition_table(resources_pb2.CompanyField, metadata)
# Who changes a hierarchy waits here for those before; two at once could each take half a ring for a tree.
company_turns = tenant_table(
    "company_turns",
    metadata,
    Column("name", TEXT, primary_key=True),
    Column("taken", BigInteger, nullable=False),
)

_ENDS = ("from_contact_id", "from_company_id", "to_contact_id", "to_company_id")
relations = resource_table(
    resources_pb2.Relation,
    metadata,
    *map(text, _ENDS),
    number("kind"),
    *map(text, ("label", "inverse_label", "title", "start_date", "end_date")),
    *(Index(f"relations_by_{end.removesuffix('_id')}", "tenant_id", end, "id") for end in _ENDS),
    Index("relations_by_start_date", "tenant_id", "start_date", "id"),
)
# Two are related once in the same way, from the same day.
Index(
    "relations_once",
    relations.c.tenant_id,
    *(relations.c[name] for name in (*_ENDS, "kind", "label", "start_date")),
    unique=True,
    sqlite_where=relations.c.delete_time.is_(None),
    postgresql_where=relations.c.delete_time.is_(None),
)

interactions = resource_table(
    resources_pb2.Interaction,
    metadata,
    text("author_id"),
    number("kind"),
    micros("occur_time"),
    micros("duration", nullable=True),
    text("subject"),
    text("body"),
    fragment("contact_ids"),
    fragment("company_ids"),
    Index("interactions_by_author", "tenant_id", "author_id", "id"),
    Index("interactions_by_occur_time", "tenant_id", "occur_time", "id"),
)
# What has happened around a contact or company, as the events of this and other services say.
timeline_entries = tenant_table(
    "timeline_entries",
    metadata,
    Column("subject_id", TEXT, primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("time", BigInteger, nullable=False),
    Column("kind", BigInteger, nullable=False),
    *(Column(name, TEXT, nullable=False) for name in ("title", "resource", "actor_id", "changed_paths")),
    Index("timeline_entries_by_time", "tenant_id", "subject_id", "time", "id"),
    Index("timeline_entries_by_id", "tenant_id", "id"),
    subject=("subject_id",),
)

consents = resource_table(
    resources_pb2.Consent,
    metadata,
    text("contact_id"),
    number("channel"),
    text("purpose"),
    number("decision"),
    number("legal_basis"),
    text("source"),
    text("proof"),
    micros("decide_time"),
    Index("consents_by_contact", "tenant_id", "contact_id", "id"),
    Index("consents_by_decide_time", "tenant_id", "decide_time", "id"),
)

saved_views = resource_table(
    resources_pb2.SavedView,
    metadata,
    *map(text, ("owner_id", "display_name", "filter", "order_by")),
    fragment("columns"),
    *map(number, ("resource", "sharing")),
    Index("saved_views_by_owner", "tenant_id", "owner_id", "id"),
    Index("saved_views_by_display_name", "tenant_id", "display_name", "id"),
)

segments = resource_table(
    resources_pb2.Segment,
    metadata,
    *map(text, ("owner_id", "display_name", "description", "filter")),
    *map(number, ("type", "sharing", "state", "generation")),
    micros("build_time", nullable=True),
    Index("segments_by_owner", "tenant_id", "owner_id", "id"),
    Index("segments_by_display_name", "tenant_id", "display_name", "id"),
    # What every change of a contact is held against.
    Index("segments_by_type", "tenant_id", "type", "id"),
)
# Who is in which segment, and what was said of it by hand; nothing where there is neither.
segment_members = tenant_table(
    "segment_members",
    metadata,
    Column("segment_id", TEXT, primary_key=True),
    Column("contact_id", TEXT, primary_key=True),
    *(Column(name, BigInteger, nullable=False) for name in ("member", "flag", "since_us")),
    Column("move_id", TEXT, nullable=True),  # the move of a merge that has brought the flag, until it is said by hand
    Index("segment_members_by_contact", "tenant_id", "contact_id", "segment_id"),
    subject=("contact_id",),
)
Index(
    "segment_members_by_move",
    *(segment_members.c[name] for name in ("tenant_id", "move_id", "segment_id", "contact_id")),
    sqlite_where=segment_members.c.move_id.is_not(None),
    postgresql_where=segment_members.c.move_id.is_not(None),
)
# When a filter may answer another way for a contact because time has passed.
segment_dues = tenant_table(
    "segment_dues",
    metadata,
    Column("segment_id", TEXT, primary_key=True),
    Column("contact_id", TEXT, primary_key=True),
    Column("due_us", BigInteger, nullable=False),
    Index("segment_dues_by_time", "tenant_id", "due_us", "segment_id", "contact_id"),
    Index("segment_dues_by_contact", "tenant_id", "contact_id", "segment_id"),
    subject=("contact_id",),
)
# By `version` how often definitions have changed, by `clock` when the timer of the dues is set for, by the id of a
# segment the number of the last event of its members.
segment_counters = tenant_table(
    "segment_counters",
    metadata,
    Column("name", TEXT, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

tags = resource_table(
    resources_pb2.Tag,
    metadata,
    *map(text, ("display_name", "color", "folded_name", "merged_into_id")),
    Index("tags_by_folded_name", "tenant_id", "folded_name", "id"),
)
Index(
    "tags_folded_name",
    tags.c.tenant_id,
    tags.c.folded_name,
    unique=True,
    sqlite_where=tags.c.delete_time.is_(None),
    postgresql_where=tags.c.delete_time.is_(None),
)

contact_merges = merge_table(resources_pb2.ContactMerge, metadata)
company_merges = merge_table(resources_pb2.CompanyMerge, metadata)

contact_exports = resource_table(
    resources_pb2.ContactExport,
    metadata,
    text("file_name"),
    text("filter"),
    text("order_by"),
    fragment("fields"),
    Column("byte_order_mark", Boolean, nullable=False),
    fragment("job"),
    number("size"),
    micros("expire_time", nullable=True),
    text("creator_id"),
    fragment("parts"),
    Index("contact_exports_by_creator", "tenant_id", "creator_id", "id"),
)

contact_hooks = resource_table(
    resources_pb2.ContactHook,
    metadata,
    text("display_name"),
    sealed("secret"),
    Index("contact_hooks_by_display_name", "tenant_id", "display_name", "id"),
)
# What webhooks were answered with, so that one that comes again has no further effect.
contact_hook_receipts = tenant_table(
    "contact_hook_receipts",
    metadata,
    Column("hook_id", TEXT, primary_key=True),
    Column("webhook_id", TEXT, primary_key=True),
    Column("answer", LargeBinary, nullable=False),
    Column("create_time", BigInteger, nullable=False),
    Index("contact_hook_receipts_by_age", "tenant_id", "hook_id", "create_time"),
)

duplicate_searches = resource_table(
    resources_pb2.DuplicateSearch,
    metadata,
    *map(text, ("display_name", "filter")),
    fragment("identifying_fields"),
    number("min_score"),
    fragment("job"),
    *map(number, ("contact_count", "compared_count", "pair_count")),
    Column("truncated", Boolean, nullable=False),
    text("creator_id"),
    Index("duplicate_searches_by_creator", "tenant_id", "creator_id", "id"),
)
duplicate_pairs = resource_table(
    resources_pb2.DuplicatePair,
    metadata,
    *map(text, ("search_id", "contact_id", "other_contact_id")),
    *map(number, ("score", "state")),
    fragment("evidence"),
    Index("duplicate_pairs_by_score", "tenant_id", "score", "id"),
    Index("duplicate_pairs_by_contact", "tenant_id", "contact_id", "id"),
    Index("duplicate_pairs_by_other_contact", "tenant_id", "other_contact_id", "id"),
)
# A search finds a pair once, by however many keys.
Index(
    "duplicate_pairs_once",
    *(duplicate_pairs.c[name] for name in ("tenant_id", "search_id", "contact_id", "other_contact_id")),
    unique=True,
)
# What outlives the searches: that two contacts are not one. The first one is the older.
duplicate_dismissals = tenant_table(
    "duplicate_dismissals",
    metadata,
    Column("contact_id", TEXT, primary_key=True),
    Column("other_contact_id", TEXT, primary_key=True),
    Column("principal_id", TEXT, nullable=False),
    Column("create_time", BigInteger, nullable=False),
    Index("duplicate_dismissals_by_other_contact", "tenant_id", "other_contact_id"),
    subject=("contact_id", "other_contact_id"),
)
# What a search has learned of all contacts; explanations rest on it as long as there is the search.
duplicate_models = tenant_table(
    "duplicate_models",
    metadata,
    Column("search_id", TEXT, primary_key=True),
    Column("model", LargeBinary, nullable=False),
)
# The keys of the contacts of a running search, in the order in which they are compared; gone behind the comparison.
duplicate_keys = tenant_table(
    "duplicate_keys",
    metadata,
    *(Column(name, TEXT, primary_key=True) for name in ("search_id", "key", "rank", "contact_id")),
    Index("duplicate_keys_by_contact", "tenant_id", "contact_id"),
    subject=("contact_id",),
)
