"""Typed Python of rapport.customers.v1.InteractionService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import interaction_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class InteractionServiceMethods(Protocol):
    """What the service implements of InteractionService beyond its standard methods."""


class InteractionServiceClient:
    """Calls InteractionService."""

    AREA = "rapport.customers.v1.InteractionService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_interaction(self, request: interaction_service_pb2.GetInteractionRequest, *, timeout: float | None = None) -> resources_pb2.Interaction:
        """GetInteraction, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.InteractionService/GetInteraction", request, resources_pb2.Interaction, timeout)

    def list_interactions(self, request: interaction_service_pb2.ListInteractionsRequest, *, timeout: float | None = None) -> interaction_service_pb2.ListInteractionsResponse:
        """ListInteractions, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.InteractionService/ListInteractions", request, interaction_service_pb2.ListInteractionsResponse, timeout)

    def batch_get_interactions(self, request: interaction_service_pb2.BatchGetInteractionsRequest, *, timeout: float | None = None) -> interaction_service_pb2.BatchGetInteractionsResponse:
        """BatchGetInteractions, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.InteractionService/BatchGetInteractions", request, interaction_service_pb2.BatchGetInteractionsResponse, timeout)

    def create_interaction(self, request: interaction_service_pb2.CreateInteractionRequest, *, timeout: float | None = None) -> resources_pb2.Interaction:
        """CreateInteraction, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.InteractionService/CreateInteraction", request, resources_pb2.Interaction, timeout)

    def update_interaction(self, request: interaction_service_pb2.UpdateInteractionRequest, *, timeout: float | None = None) -> resources_pb2.Interaction:
        """UpdateInteraction, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.InteractionService/UpdateInteraction", request, resources_pb2.Interaction, timeout)

    def delete_interaction(self, request: interaction_service_pb2.DeleteInteractionRequest, *, timeout: float | None = None) -> resources_pb2.Interaction:
        """DeleteInteraction, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.InteractionService/DeleteInteraction", request, resources_pb2.Interaction, timeout)

    def undelete_interaction(self, request: interaction_service_pb2.UndeleteInteractionRequest, *, timeout: float | None = None) -> resources_pb2.Interaction:
        """UndeleteInteraction, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.InteractionService/UndeleteInteraction", request, resources_pb2.Interaction, timeout)
