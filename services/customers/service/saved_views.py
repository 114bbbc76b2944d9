"""Saved views: standard methods, after a look at whether the list they save would be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure
from mesh.resource.custom_query import PREFIX, CustomQuery
from mesh.resource.resource import Resource
from mesh.resource.scopes import EVERYTHING
from services.customers.domain.saved_views import ViewFacts, decide_view
from services.customers.tables import saved_views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.call import View


_LISTED = {
    value.name.removeprefix("LISTED_").lower().replace("_", "-"): value.number
    for value in resources_pb2.Listed.DESCRIPTOR.values
}


class SavedViews:
    """The views of lists of these resources."""

    def __init__(self, listed: Sequence[Resource[Any]]) -> None:
        self._listed = {_LISTED[resource.contract.collection]: resource for resource in listed}
        self.views = Resource(resources_pb2.SavedView, saved_views, decide=decide_view, gather=self._gather)

    def _gather(self, view: View, sent: Sequence[resources_pb2.SavedView]) -> ViewFacts:
        """What is wrong with what was sent; a view that is changed says itself what it lists."""
        faults: dict[tuple[int, str, str], str] = {}
        columns = {}
        for each in sent:
            rows = view.read(self.views.by_id, id=each.id) if each.id else ()
            name = self.views.build(resources_pb2.SavedView, rows[0]).resource if rows else each.resource
            resource = self._listed.get(name)
            if resource is None:
                continue
            columns[name] = self._columns(view, resource)
            for field in ("filter", "order_by"):
                text = getattr(each, field)
                faults[name, field, text] = self._fault(view, resource, field, text)
        return ViewFacts(view.user_id, faults, columns)

    @staticmethod
    def _columns(view: View, resource: Resource[Any]) -> frozenset[str]:
        own = [f"{PREFIX}{key}" for key in resource.custom.fields(view)] if resource.custom else []
        return frozenset([*resource.message.DESCRIPTOR.fields_by_name, *own])

    @staticmethod
    def _fault(view: View, resource: Resource[Any], field: str, text: str) -> str:
        """What the list would say of a filter or an order."""
        custom = CustomQuery(resource.custom.fields(view)) if resource.custom and PREFIX in text else None
        try:
            order = resource.listing.order(text if field == "order_by" else "", custom)
            chosen = text if field == "filter" else ""
            resource.listing.page(chosen, order, EVERYTHING, after=(), limit=1, show_deleted=False, custom=custom)
        except Failure as failure:
            return failure.fields.get(field, "is not understood")
        return ""
