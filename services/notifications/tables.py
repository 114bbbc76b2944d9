"""The tables of notifications."""

from rapport.notifications.v1 import resources_pb2
from sqlalchemy import Column, Index, LargeBinary, MetaData, SmallInteger

from mesh.resource.table import micros, number, resource_table, text

metadata = MetaData()

messages = resource_table(
    resources_pb2.Message,
    metadata,
    text("template"),
    number("template_version"),
    text("email"),
    text("display_name"),
    text("locale"),
    Column("state", SmallInteger, nullable=False),
    text("reason"),
    number("reply_code"),
    number("tries"),
    micros("send_time", nullable=True),
    micros("expire_time", nullable=True),
    # No fields of the resource: what the template was given, while the message may still be sent; then nothing.
    Column("data", LargeBinary, nullable=False),
    text("link_id"),
    Index("messages_by_email", "tenant_id", "email", "id"),
    Index("messages_by_state", "tenant_id", "state", "id"),
    Index("messages_by_template", "tenant_id", "template", "id"),
)
