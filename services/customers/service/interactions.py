"""Interactions: standard methods over the rules of their area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2

from mesh.resource.identity_keys import IdentityKeys
from mesh.resource.resource import Resource
from services.customers.domain.interactions import InteractionFacts, decide_interaction
from services.customers.tables import interactions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.call import View


def interaction_resource() -> Resource[resources_pb2.Interaction]:
    """Interactions, as the standard methods know them; found again by who took part."""
    return Resource(
        resources_pb2.Interaction,
        interactions,
        decide=decide_interaction,
        gather=_gather,
        keys=IdentityKeys(resources_pb2.Interaction, lambda interaction: ()),
    )


def _gather(view: View, sent: Sequence[resources_pb2.Interaction]) -> InteractionFacts:
    """Who asks, and when."""
    del sent
    return InteractionFacts(view.user_id, view.environment.clock.now_us())
