"""The tables that every service's database has beside its own, for what is written together with them.

Owns their declaration; their migrations are in mesh/store/migrations, their statements with the modules that use them.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Text

from mesh.store.tables import global_table, tenant_table

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
    Column("create_time", BigInteger, nullable=False),  # microseconds
)
Index("idempotency_keys_age", idempotency_keys.c.create_time)

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
    because="one relay publishes the events of all tenants",
    sqlite_autoincrement=True,  # otherwise numbers start again when the relay has emptied the table
)
Index("outbox_due", outbox.c.due_us, outbox.c.seq)
Index(
    "outbox_timer",
    outbox.c.tenant,
    outbox.c.aggregate,
    outbox.c.name,
    unique=True,
    sqlite_where=outbox.c.name.is_not(None),
    postgresql_where=outbox.c.name.is_not(None),
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


def mesh_tables(metadata: MetaData) -> None:
    """Put the mesh's tables beside a service's own, for whoever needs the whole schema; harmless when done twice."""
    for table in MESH.sorted_tables:
        if table.name not in metadata.tables:
            table.to_metadata(metadata)
