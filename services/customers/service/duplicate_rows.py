"""What searches for duplicates keep beside their resources: keys, models and dismissals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, or_, select, tuple_

from mesh.store.statement import TENANT, Statement, any_of, insert_ignore
from mesh.store.tables import TEXT
from services.customers.domain.duplicate_keys import SAMPLE
from services.customers.domain.duplicate_model import Model, load
from services.customers.tables import duplicate_dismissals, duplicate_keys, duplicate_models, duplicate_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mesh.runtime.call import Write

_keys, _models, _said, _pairs = duplicate_keys.c, duplicate_models.c, duplicate_dismissals.c, duplicate_pairs.c
_OF_SEARCH = (_keys.tenant_id == TENANT, _keys.search_id == bindparam("search", type_=TEXT))
_PLACE = (_keys.key, _keys.rank, _keys.contact_id)
_FROM = tuple_(*(bindparam(f"k{number}", type_=TEXT) for number in range(3)))

ADD_KEYS = Statement(insert(duplicate_keys), name="add duplicate keys")
NEXT_KEYS = Statement(
    select(*_PLACE)
    .where(*_OF_SEARCH, tuple_(*_PLACE) > _FROM, _keys.key < SAMPLE)
    .order_by(*_PLACE)
    .limit(bindparam("limit")),
    name="next duplicate keys",
)
KEYS_BEFORE = Statement(
    select(*_PLACE)
    .where(*_OF_SEARCH, _keys.key == bindparam("k0", type_=TEXT), tuple_(*_PLACE) <= _FROM)
    .order_by(*(column.desc() for column in _PLACE))
    .limit(bindparam("limit")),
    name="duplicate keys before",
)
SAMPLED = Statement(
    select(_keys.contact_id).where(*_OF_SEARCH, _keys.key == SAMPLE).order_by(*_PLACE).limit(bindparam("limit")),
    name="sample of contacts",
)
DROP_BELOW = Statement(
    delete(duplicate_keys).where(*_OF_SEARCH, _keys.key < bindparam("k0", type_=TEXT)), name="drop compared keys"
)
DROP_SAMPLE = Statement(delete(duplicate_keys).where(*_OF_SEARCH, _keys.key == SAMPLE), name="drop sample of contacts")
SOME_KEY = Statement(
    select(_keys.key).where(*_OF_SEARCH).order_by(_keys.key).offset(bindparam("limit")).limit(1),
    name="some duplicate key",
)
DROP_REST = Statement(delete(duplicate_keys).where(*_OF_SEARCH), name="drop duplicate keys")
KEEP_MODEL = Statement(insert(duplicate_models), name="keep duplicate model")
_MODEL = Statement(
    select(_models.model).where(_models.tenant_id == TENANT, _models.search_id == bindparam("search", type_=TEXT)),
    name="duplicate model",
)
DISMISS = insert_ignore(duplicate_dismissals, ["contact_id", "other_contact_id"], name="dismiss duplicate")
RESTORE = Statement(
    delete(duplicate_dismissals).where(
        _said.tenant_id == TENANT,
        _said.contact_id == bindparam("one", type_=TEXT),
        _said.other_contact_id == bindparam("other", type_=TEXT),
    ),
    name="restore duplicate",
)
_DISMISSED = Statement(
    select(_said.contact_id, _said.other_contact_id).where(_said.tenant_id == TENANT, any_of(_said.contact_id, "ids")),
    name="dismissed duplicates",
)
_FOUND = Statement(
    select(_pairs.contact_id, _pairs.other_contact_id).where(
        _pairs.tenant_id == TENANT,
        _pairs.search_id == bindparam("search", type_=TEXT),
        any_of(_pairs.contact_id, "ids"),
    ),
    name="duplicates found",
)
_FORGET = tuple(
    Statement(
        delete(table).where(
            table.c.tenant_id == TENANT, or_(*(table.c[name] == bindparam("contact", type_=TEXT) for name in names))
        ),
        name=f"forget contact in {table.name}",
    )
    for table, names in (
        (duplicate_keys, ["contact_id"]),
        (duplicate_pairs, ["contact_id", "other_contact_id"]),
        (duplicate_dismissals, ["contact_id", "other_contact_id"]),
    )
)

Pair = tuple[str, str]
"""The ids of two contacts, the older one first."""


def forget_duplicates(write: Write, contact: str) -> None:
    """Remove what there is of a contact that is gone for good."""
    for statement in _FORGET:
        write.write(statement, contact=contact)


def model_of(read: Callable[..., Sequence[Any]], search: str) -> Model | None:
    """What a search has learned; None where it has not come as far."""
    rows = read(_MODEL, search=search)
    return load(bytes(rows[0][0])) if rows else None


def dismissed(read: Callable[..., Sequence[Any]], pairs: Iterable[Pair]) -> set[Pair]:
    """Those of the pairs of which somebody has said that they are not one."""
    asked = set(pairs)
    rows = read(_DISMISSED, ids=sorted({pair[0] for pair in asked})) if asked else ()
    return {(row[0], row[1]) for row in rows} & asked


def found(read: Callable[..., Sequence[Any]], search: str, pairs: Iterable[Pair]) -> set[Pair]:
    """Those of the pairs that the search has kept already."""
    asked = set(pairs)
    rows = read(_FOUND, search=search, ids=sorted({pair[0] for pair in asked})) if asked else ()
    return {(row[0], row[1]) for row in rows} & asked
