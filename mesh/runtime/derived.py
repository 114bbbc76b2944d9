"""What the mesh adds to the events that a service consumes: its own timers, without a word in the service."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mesh.resource import moves
from mesh.runtime.purging import PURGE_DUE, Purger

if TYPE_CHECKING:
    from mesh.runtime.service import Service


def derive(service: Service) -> Service:
    """The service with what it consumes without saying so."""
    own = () if service.name in service.subscribes else (service.name,)
    consumes = {**service.consumes, PURGE_DUE: Purger(service, moves.forget).purge}
    return replace(service, consumes=consumes, subscribes=(*service.subscribes, *own))
