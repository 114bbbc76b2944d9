"""The tables that every service's database has beside its own, for what is written together with them.

Owns their declaration; their migrations are in mesh/store/migrations, their statements with the modules that use them.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

from mesh.store.tables import TEXT, global_table, tenant_table

MESH = MetaData()
_ACROSS = "a consumer handles the events of several tenants in one transaction"

_Sequence = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in a column that is exactly INTEGER

idempotency_keys = tenant_table(
    "idempotency_keys",
    MESH,
    Column("principal", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("reply", LargeBinary, nullable=False),
    Column("told", Text, nullable=False, server_default=""),  # x-rapport-after of the reply
    Column("create_time", BigInteger, nullable=False),  # microseconds
)
Index("idempotency_keys_age", idempotency_keys.c.create_time)

used_capabilities = tenant_table(
    "used_capabilities",
    MESH,
    Column("digest", LargeBinary, primary_key=True),
    Column("expires_us", BigInteger, nullable=False),  # after it the token is refused for its age, and the row can go
)
Index("used_capabilities_expiry", used_capabilities.c.expires_us)

outbox = global_table(
    "outbox",
    MESH,
    Column("seq", _Sequence, primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("aggregate", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("time_us", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("trace", Text, nullable=False),
    Column("due_us", BigInteger, nullable=False),  # 0: at once
    Column("name", Text),  # set on timers
    Column("published", BigInteger, nullable=False, server_default="0"),  # its place in the stream, 0: not yet
    because="one relay publishes the events of all tenants",
    sqlite_autoincrement=True,  # otherwise numbers start again when the relay has emptied the table
)
Index("outbox_due", outbox.c.published, outbox.c.due_us, outbox.c.seq)
Index(
    "outbox_timer",
    outbox.c.tenant,
    outbox.c.aggregate,
    outbox.c.name,
    unique=True,
    sqlite_where=outbox.c.name.is_not(None) & (outbox.c.published == 0),
    postgresql_where=outbox.c.name.is_not(None) & (outbox.c.published == 0),
)

inbox = global_table(
    "inbox",
    MESH,
    Column("key", Text, primary_key=True),  # source/tenant/aggregate
    Column("sequence", BigInteger, nullable=False),  # of the last event that was handled
    Column("waiting", BigInteger, nullable=False),  # the first one in inbox_waiting, 0: none
    because=_ACROSS,
)
inbox_seen = global_table(
    "inbox_seen",
    MESH,
    Column("event_id", Text, primary_key=True),
    Column("time_us", BigInteger, nullable=False),
    because=_ACROSS,
)
Index("inbox_seen_age", inbox_seen.c.time_us)
inbox_waiting = global_table(
    "inbox_waiting",
    MESH,
    Column("key", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("aggregate", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("time_us", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("trace", Text, nullable=False),
    Column("timer", Text, nullable=False),
    Column("since_us", BigInteger, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("retry_us", BigInteger, nullable=False),
    because=_ACROSS,
)
Index("inbox_waiting_retry", inbox_waiting.c.retry_us)
parked_events = global_table(
    "parked_events",
    MESH,
    Column("event_id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("cause", Text, nullable=False),  # class of the error
    Column("reason", Text, nullable=False),
    Column("parked_us", BigInteger, nullable=False),
    because=_ACROSS,
)
Index("parked_events_key", parked_events.c.key)

reference_rows = tenant_table(
    "reference_rows",
    MESH,
    Column("type", TEXT, primary_key=True),  # as in users.rapport/User
    Column("id", TEXT, primary_key=True),
    Column("title", TEXT, nullable=False),
    Column("owner_id", TEXT, nullable=False),
    Column("team_id", TEXT, nullable=False),
    Column("state", BigInteger, nullable=False),  # mesh.resource.references.State
    Column("merged_into", TEXT, nullable=False),
    Column("version", BigInteger, nullable=False),  # the sequence that the row was made from
    restored=False,
    subject=("id",),
)
Index(
    "reference_rows_by_team",
    reference_rows.c.tenant_id,
    reference_rows.c.type,
    reference_rows.c.team_id,
    reference_rows.c.id,
)
jobs = global_table(
    "jobs",
    MESH,
    Column("id", Text, primary_key=True),  # of the resource that is the job
    Column("tenant", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("principal", Text, nullable=False),
    Column("trace", Text, nullable=False),
    Column("cursor", LargeBinary, nullable=False),
    Column("create_us", BigInteger, nullable=False),
    Column("due_us", BigInteger, nullable=False),
    Column("failures", BigInteger, nullable=False),  # of the present chunk, one after the other
    Column("holder", Text, nullable=False),  # who works on a chunk now
    Column("lease_us", BigInteger, nullable=False),  # until when nobody else may
    because="one runner works on the jobs of all tenants in turn",
)
Index("jobs_by_tenant", jobs.c.tenant, jobs.c.create_us)

attempts = global_table(
    "attempts",
    MESH,
    Column("id", Text, primary_key=True),  # of the resource that the effect is of
    *(Column(name, Text, nullable=False) for name in ("tenant", "kind", "actor", "trace")),
    Column("state", BigInteger, nullable=False),  # mesh.resource.attempts.State
    Column("tries", BigInteger, nullable=False),
    Column("create_us", BigInteger, nullable=False),
    Column("due_us", BigInteger, nullable=False),
    Column("holder", Text, nullable=False),  # who works on it, or did when the outcome was lost
    Column("lease_us", BigInteger, nullable=False),  # until when nobody else may
    because="one runner makes the attempts of all tenants in turn",
)
Index("attempts_by_state", attempts.c.state, attempts.c.tenant, attempts.c.create_us)

snapshots = global_table(
    "snapshots",
    MESH,
    Column("type", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("complete_us", BigInteger, nullable=False),  # 0: not yet
    because="written together with the inbox, which is global",
    restored=False,
)

restores = global_table(
    "restores",
    MESH,
    Column("time_us", BigInteger, primary_key=True, autoincrement=False),
    Column("created_us", BigInteger, nullable=False),  # the moment that the archive held
    because="a backup holds all tenants",
)

reference_moves = global_table(
    "reference_moves",
    MESH,
    Column("id", TEXT, primary_key=True),  # of the event that began it
    *(Column(name, TEXT, nullable=False) for name in ("tenant", "type", "from_id", "to_id")),
    Column("reason", BigInteger, nullable=False),
    *(Column(name, TEXT, nullable=False) for name in ("actor", "trace")),
    Column("state", BigInteger, nullable=False),  # mesh.resource.moves.Phase
    Column("place", BigInteger, nullable=False),  # number of the reference field that is being moved
    Column("after_id", TEXT, nullable=False),  # the last id that was moved there
    Column("due_us", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False, server_default="0"),  # among the moves of `from_id`, as its owner says
    because="one worker moves the references of all tenants",
)
Index("reference_moves_due", reference_moves.c.state, reference_moves.c.due_us)
reference_turns = tenant_table(
    "reference_turns",
    MESH,
    Column("id", TEXT, primary_key=True),  # of a resource of this service that others refer to
    Column("last", BigInteger, nullable=False),  # number of the last move of what refers to it
    subject=("id",),
)
reference_journal = tenant_table(
    "reference_journal",
    MESH,
    *(Column(name, TEXT, primary_key=True) for name in ("move", "resource", "id", "field")),
    Column("before", TEXT, nullable=False),
    Column("after", TEXT),  # what the move left there; unknown of moves of an earlier release
    subject=("id", "before", "after"),
)
# Where the ids of resources of this service lead that became part of others; rows of chains all lead to their end.
merged_ids = tenant_table(
    "merged_ids",
    MESH,
    Column("id", TEXT, primary_key=True),
    Column("into_id", TEXT, nullable=False),
    Column("via_id", TEXT, nullable=False),  # what it became part of itself
    Column("merge_id", TEXT, nullable=False),
    Column("sequence", BigInteger, nullable=False),  # number of its last event, which told of it
    Column("time_us", BigInteger, nullable=False),
    subject=("id", "into_id", "via_id"),
)
Index("merged_ids_by_into", merged_ids.c.tenant_id, merged_ids.c.into_id)
Index("merged_ids_by_via", merged_ids.c.tenant_id, merged_ids.c.via_id)


def _custom_values(name: str, kind: TypeEngine[Any]) -> Table:
    """Values of the fields that tenants define: `slot` is one preparation of a field, `id` the resource's."""
    table = tenant_table(
        name,
        MESH,
        Column("slot", TEXT, primary_key=True),
        Column("id", TEXT, primary_key=True),
        Column("value", kind, nullable=False),
        Column("single", Boolean, nullable=False),  # no second resource may have the value
    )
    Index(f"{name}_by_value", table.c.tenant_id, table.c.slot, table.c.value, table.c.id)
    Index(
        f"{name}_single",
        table.c.tenant_id,
        table.c.slot,
        table.c.value,
        unique=True,
        sqlite_where=table.c.single,
        postgresql_where=table.c.single,
    )
    return table


custom_texts = _custom_values("custom_texts", TEXT)
custom_numbers = _custom_values("custom_numbers", Float(53))
custom_versions = tenant_table(
    "custom_versions",
    MESH,
    Column("resource", Text, primary_key=True),  # the type of the resource that has the fields
    Column("version", BigInteger, nullable=False),  # counts changes of its definitions
)


identity_keys = tenant_table(
    "identity_keys",
    MESH,
    Column("resource", TEXT, primary_key=True),  # the type of what has the key
    Column("kind", TEXT, primary_key=True),  # as its service calls it
    Column("value", TEXT, primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("single", Boolean, nullable=False),  # no second resource may have the key
    subject=("id", "value"),
)
Index(
    "identity_keys_single",
    *(identity_keys.c[name] for name in ("tenant_id", "resource", "kind", "value")),
    unique=True,
    sqlite_where=identity_keys.c.single,
    postgresql_where=identity_keys.c.single,
)


# Of resources that are declared so: where the value of each of their fields comes from.
field_sources = tenant_table(
    "field_sources",
    MESH,
    Column("id", TEXT, primary_key=True),
    Column("data", LargeBinary, nullable=False),  # a rapport.type.v1.Provenance
    subject=("id",),
)
# Ids of persons who were erased: what comes late, and tells of one, has no effect any more.
erased_subjects = tenant_table(
    "erased_subjects",
    MESH,
    Column("id", TEXT, primary_key=True),
    Column("time_us", BigInteger, nullable=False),
)
# What an erasure has come to in this service, so that one which goes on after a kill counts nothing twice.
erased_counts = tenant_table(
    "erased_counts",
    MESH,
    Column("erasure_id", TEXT, primary_key=True),
    Column("kind", TEXT, primary_key=True),
    Column("count", BigInteger, nullable=False),
)


def mesh_tables(metadata: MetaData) -> None:
    """Put the mesh's tables beside a service's own, for whoever needs the whole schema; harmless when done twice."""
    for table in MESH.sorted_tables:
        if table.name not in metadata.tables:
            table.to_metadata(metadata)
