"""What the mesh adds to the events that a service consumes, without a word in it: its timers, the end of tenants."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mesh.resource import moves
from mesh.runtime import erasing
from mesh.runtime.purging import PURGE_DUE, Purger

if TYPE_CHECKING:
    from mesh.runtime.service import Service


_TENANTS = "users"


def derive(service: Service) -> Service:
    """The service with what it consumes without saying so."""
    # Its own timers, and the end of tenants, which `users` tells.
    heard = sorted({service.name, _TENANTS} - set(service.subscribes))
    consumes = {
        **service.consumes,
        PURGE_DUE: Purger(service, moves.forget).purge,
        erasing.TENANT_DELETED: erasing.begin,
    }
    return replace(service, consumes=consumes, subscribes=(*service.subscribes, *heard))
