"""Typed Python of rapport.customers.v1.SavedViewService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import resources_pb2
from rapport.customers.v1 import saved_view_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class SavedViewServiceMethods(Protocol):
    """What the service implements of SavedViewService beyond its standard methods."""


class SavedViewServiceClient:
    """Calls SavedViewService."""

    AREA = "rapport.customers.v1.SavedViewService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_saved_view(self, request: saved_view_service_pb2.GetSavedViewRequest, *, timeout: float | None = None) -> resources_pb2.SavedView:
        """GetSavedView, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SavedViewService/GetSavedView", request, resources_pb2.SavedView, timeout)

    def list_saved_views(self, request: saved_view_service_pb2.ListSavedViewsRequest, *, timeout: float | None = None) -> saved_view_service_pb2.ListSavedViewsResponse:
        """ListSavedViews, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SavedViewService/ListSavedViews", request, saved_view_service_pb2.ListSavedViewsResponse, timeout)

    def batch_get_saved_views(self, request: saved_view_service_pb2.BatchGetSavedViewsRequest, *, timeout: float | None = None) -> saved_view_service_pb2.BatchGetSavedViewsResponse:
        """BatchGetSavedViews, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SavedViewService/BatchGetSavedViews", request, saved_view_service_pb2.BatchGetSavedViewsResponse, timeout)

    def create_saved_view(self, request: saved_view_service_pb2.CreateSavedViewRequest, *, timeout: float | None = None) -> resources_pb2.SavedView:
        """CreateSavedView, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SavedViewService/CreateSavedView", request, resources_pb2.SavedView, timeout)

    def update_saved_view(self, request: saved_view_service_pb2.UpdateSavedViewRequest, *, timeout: float | None = None) -> resources_pb2.SavedView:
        """UpdateSavedView, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SavedViewService/UpdateSavedView", request, resources_pb2.SavedView, timeout)

    def delete_saved_view(self, request: saved_view_service_pb2.DeleteSavedViewRequest, *, timeout: float | None = None) -> resources_pb2.SavedView:
        """DeleteSavedView, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SavedViewService/DeleteSavedView", request, resources_pb2.SavedView, timeout)

    def undelete_saved_view(self, request: saved_view_service_pb2.UndeleteSavedViewRequest, *, timeout: float | None = None) -> resources_pb2.SavedView:
        """UndeleteSavedView, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SavedViewService/UndeleteSavedView", request, resources_pb2.SavedView, timeout)
