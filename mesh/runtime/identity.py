"""Who is calling: one value, made by the identity link alone."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Kind(enum.Enum):
    """What sort of principal calls."""

    ANONYMOUS = "anonymous"
    USER = "user"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller: `principal` is a user's id or `service:<name>`; `actor` is who stands behind it, where that differs."""

    tenant: str
    principal: str
    kind: Kind
    actor: str = ""
    epoch: int = 0


ANONYMOUS = Identity(tenant="", principal="", kind=Kind.ANONYMOUS)


def service_identity(service: str, tenant: str, actor: str = "") -> Identity:
    """The identity that a service's own work runs with."""
    return Identity(tenant=tenant, principal=f"service:{service}", kind=Kind.SERVICE, actor=actor)
