"""Relations: standard methods over the rules of their area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2
from sqlalchemy import bindparam, select

from mesh.contract.failure import Failure
from mesh.resource.resource import Resource
from mesh.store.statement import TENANT, Statement
from services.customers.domain.relations import decide_relation, is_with_itself
from services.customers.tables import relations

if TYPE_CHECKING:
    from mesh.runtime.call import Write

_SAME = ("from_contact_id", "from_company_id", "to_contact_id", "to_company_id", "kind", "label", "start_date")
_TWIN = Statement(
    select(relations.c.id)
    .where(
        relations.c.tenant_id == TENANT,
        relations.c.delete_time.is_(None),
        *(relations.c[name] == bindparam(f"of_{name}", type_=relations.c[name].type) for name in _SAME),
        relations.c.id != bindparam("but", type_=relations.c.id.type),
    )
    .limit(1),
    name="find same relation",
)


def relation_resource() -> Resource[resources_pb2.Relation]:
    """Relations, as the standard methods know them."""

    def redundant(write: Write, relation: resources_pb2.Relation) -> bool:
        """Whether it relates one to itself, or another one says the same."""
        if is_with_itself(relation):
            return True
        decided = resources_pb2.Relation()
        decided.CopyFrom(relation)
        try:
            decided = decide_relation(None, decided, None)
        except Failure:
            return False
        held = resource.values(decided)
        return bool(write.read(_TWIN, **{f"of_{name}": held[name] for name in _SAME}, but=relation.id))

    resource = Resource(resources_pb2.Relation, relations, decide=decide_relation, redundant=redundant)
    return resource
