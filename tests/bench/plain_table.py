"""The contacts once more, for the baselines: one SQLite file, the same columns and keys, lists as JSON text.

The product keeps lists as Protocol Buffers and the etag as a number, which no other framework would; here both are what
a JSON service needs, so that no baseline pays for a conversion that it would not have chosen.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import orjson
from google.protobuf import json_format

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rapport.customers.v1 import resources_pb2

NAME = "plain.db"
TEXTS = ("owner_id", "given_name", "family_name", "display_name", "job_title", "external_id", "primary_email")
LISTS = ("emails", "phones", "addresses")
COLUMNS = ("tenant_id", "id", "etag", "create_time", "update_time", "delete_time", "birth_date", *TEXTS, *LISTS)
SERVED = COLUMNS[1:]
_ORDERS = ("create_time", "update_time", "owner_id", "family_name", "display_name", "primary_email")


def make(path: Path) -> None:
    """An empty table, in WAL mode like the product's."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    columns = ", ".join(f"{name} {'INTEGER' if name.endswith('_time') else 'TEXT'}" for name in COLUMNS)
    connection.execute(f"CREATE TABLE contacts ({columns}, PRIMARY KEY (tenant_id, id))")
    for name in _ORDERS:
        connection.execute(f"CREATE INDEX contacts_by_{name} ON contacts (tenant_id, {name}, id)")
    connection.execute("CREATE UNIQUE INDEX contacts_external_id ON contacts (tenant_id, external_id)")
    connection.close()


def add(path: Path, tenant: str, contacts: Iterable[resources_pb2.Contact]) -> None:
    """Write the contacts of a tenant."""
    marks = ", ".join("?" for _ in COLUMNS)
    connection = sqlite3.connect(path)
    with connection:
        connection.executemany(f"INSERT INTO contacts VALUES ({marks})", ([tenant, *values(c)] for c in contacts))
    connection.close()


def values(contact: resources_pb2.Contact) -> list[Any]:
    """What the baselines serve of a contact, in the order of SERVED; times in microseconds."""
    lists = [
        [json_format.MessageToDict(part, preserving_proto_field_name=True) for part in getattr(contact, name)]
        for name in LISTS
    ]
    return [
        contact.id,
        contact.etag,
        contact.create_time.ToMicroseconds(),
        contact.update_time.ToMicroseconds(),
        None,
        "",
        *(getattr(contact, name) for name in TEXTS),
        *(orjson.dumps(parts).decode() for parts in lists),
    ]


def reply(contact: resources_pb2.Contact) -> dict[str, Any]:
    """The JSON object that a baseline has to answer with."""
    served = dict(zip(SERVED, values(contact), strict=True))
    return {name: orjson.loads(value) if name in LISTS else value for name, value in served.items()}
