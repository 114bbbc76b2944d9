"""Typed Python of rapport.customers.v1.RelationService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import relation_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class RelationServiceMethods(Protocol):
    """What the service implements of RelationService beyond its standard methods."""


class RelationServiceClient:
    """Calls RelationService."""

    AREA = "rapport.customers.v1.RelationService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_relation(self, request: relation_service_pb2.GetRelationRequest, *, timeout: float | None = None) -> resources_pb2.Relation:
        """GetRelation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.RelationService/GetRelation", request, resources_pb2.Relation, timeout)

    def list_relations(self, request: relation_service_pb2.ListRelationsRequest, *, timeout: float | None = None) -> relation_service_pb2.ListRelationsResponse:
        """ListRelations, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.RelationService/ListRelations", request, relation_service_pb2.ListRelationsResponse, timeout)

    def batch_get_relations(self, request: relation_service_pb2.BatchGetRelationsRequest, *, timeout: float | None = None) -> relation_service_pb2.BatchGetRelationsResponse:
        """BatchGetRelations, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.RelationService/BatchGetRelations", request, relation_service_pb2.BatchGetRelationsResponse, timeout)

    def create_relation(self, request: relation_service_pb2.CreateRelationRequest, *, timeout: float | None = None) -> resources_pb2.Relation:
        """CreateRelation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.RelationService/CreateRelation", request, resources_pb2.Relation, timeout)

    def update_relation(self, request: relation_service_pb2.UpdateRelationRequest, *, timeout: float | None = None) -> resources_pb2.Relation:
        """UpdateRelation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.RelationService/UpdateRelation", request, resources_pb2.Relation, timeout)

    def delete_relation(self, request: relation_service_pb2.DeleteRelationRequest, *, timeout: float | None = None) -> resources_pb2.Relation:
        """DeleteRelation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.RelationService/DeleteRelation", request, resources_pb2.Relation, timeout)

    def undelete_relation(self, request: relation_service_pb2.UndeleteRelationRequest, *, timeout: float | None = None) -> resources_pb2.Relation:
        """UndeleteRelation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.RelationService/UndeleteRelation", request, resources_pb2.Relation, timeout)
