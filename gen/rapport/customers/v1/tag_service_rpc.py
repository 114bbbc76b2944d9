"""Typed Python of rapport.customers.v1.TagService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import resources_pb2
from rapport.customers.v1 import tag_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class TagServiceMethods(Protocol):
    """What the service implements of TagService beyond its standard methods."""

    def merge_tag(self, call: Call, request: tag_service_pb2.MergeTagRequest) -> resources_pb2.Tag: ...


class TagServiceClient:
    """Calls TagService."""

    AREA = "rapport.customers.v1.TagService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_tag(self, request: tag_service_pb2.GetTagRequest, *, timeout: float | None = None) -> resources_pb2.Tag:
        """GetTag, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.TagService/GetTag", request, resources_pb2.Tag, timeout)

    def list_tags(self, request: tag_service_pb2.ListTagsRequest, *, timeout: float | None = None) -> tag_service_pb2.ListTagsResponse:
        """ListTags, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.TagService/ListTags", request, tag_service_pb2.ListTagsResponse, timeout)

    def batch_get_tags(self, request: tag_service_pb2.BatchGetTagsRequest, *, timeout: float | None = None) -> tag_service_pb2.BatchGetTagsResponse:
        """BatchGetTags, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.TagService/BatchGetTags", request, tag_service_pb2.BatchGetTagsResponse, timeout)

    def create_tag(self, request: tag_service_pb2.CreateTagRequest, *, timeout: float | None = None) -> resources_pb2.Tag:
        """CreateTag, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.TagService/CreateTag", request, resources_pb2.Tag, timeout)

    def update_tag(self, request: tag_service_pb2.UpdateTagRequest, *, timeout: float | None = None) -> resources_pb2.Tag:
        """UpdateTag, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.TagService/UpdateTag", request, resources_pb2.Tag, timeout)

    def delete_tag(self, request: tag_service_pb2.DeleteTagRequest, *, timeout: float | None = None) -> resources_pb2.Tag:
        """DeleteTag, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.TagService/DeleteTag", request, resources_pb2.Tag, timeout)

    def merge_tag(self, request: tag_service_pb2.MergeTagRequest, *, timeout: float | None = None) -> resources_pb2.Tag:
        """MergeTag, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.TagService/MergeTag", request, resources_pb2.Tag, timeout)
