"""What a copy holds and its owner does not any more is forgotten: no event tells of what is purged.

Owns the rows of `reference_rows` that a snapshot has passed over. None goes without the owner's word: a row may also be
missing in a snapshot because it came to be while that was told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from mesh.events.owner import Owner
from mesh.store.mesh_tables import reference_rows
from mesh.store.statement import TENANT, Statement, any_of
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Collection

    from mesh.contract.resource import ResourceContract
    from mesh.runtime.environment import Environment

_SECONDS = 10.0
_c = reference_rows.c
_OF_TYPE = (_c.tenant_id == TENANT, _c.type == bindparam("of_type", type_=TEXT))
# As many as an owner is asked about at once.
_HELD = Statement(
    select(_c.id)
    .where(*_OF_TYPE, _c.id > bindparam("after", type_=TEXT), _c.id <= bindparam("upto", type_=TEXT))
    .order_by(_c.id)
    .limit(100),
    name="find held references",
)
_FORGET = Statement(delete(reference_rows).where(*_OF_TYPE, any_of(_c.id, "ids")), name="forget references")
_LAST = "\U0010ffff"
"""Behind every id."""


def sweep(
    environment: Environment, tenant: str, contract: ResourceContract, after: str, upto: str, told: Collection[str]
) -> None:
    """Forget what is held with an id behind `after` and up to `upto` (empty: all), and is neither told nor there.

    Raises:
        Failure, CallFailed: the owner does not answer.
        StoreError: the database is busy or away.
    """
    store, owner = environment.store, Owner(environment.caller)
    upto = upto or _LAST
    while True:
        rows = store.read(_HELD, tenant=tenant, timeout=_SECONDS, of_type=contract.type, after=after, upto=upto)
        if not rows:
            return
        after = rows[-1][0]
        missing = [identity for (identity,) in rows if identity not in told]
        there = {getattr(each, contract.singular).id for each in owner.known(contract, tenant, missing)}
        gone = [identity for identity in missing if identity not in there]
        if gone:
            with store.transaction(tenant=tenant, timeout=_SECONDS) as transaction:
                transaction.write(_FORGET, of_type=contract.type, ids=gone)
