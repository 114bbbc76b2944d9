"""Who is calling: one value, made by the identity link alone."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(enum.Enum):
    """What sort of principal calls."""

    ANONYMOUS = "anonymous"
    USER = "user"
    SERVICE = "service"
    CAPABILITY = "capability"
    PUBLISHABLE = "publishable"


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller: `principal` is a user's id, `service:<name>`, a publishable key, or the subject of a capability.

    `actor` is who stands behind it, where that differs; `via` is the id of the impersonation by which a user works in
    the place of `principal`, else empty. `only` holds the permissions that its token was narrowed to; none: it was not.
    `client` is the OAuth client that works for `principal` by its session, which is then `via`, else empty.
    `session` is the session that a user's token is of, `level` how sure it is of the user and `wanted` how sure
    the tenant wants it to be, and `proof_us` when the user last proved it, on the machine's clock.
    """

    tenant: str
    principal: str
    kind: Kind
    actor: str = ""
    epoch: int = 0
    only: frozenset[str] = frozenset()
    session: str = ""
    level: int = 0
    wanted: int = 0
    proof_us: int = 0
    via: str = ""
    client: str = ""

    @property
    def known_as(self) -> str:
        """Whose entry in the directory says what the caller may: in somebody's place, one that ends with that."""
        return self.via or self.principal


@dataclass(frozen=True, slots=True)
class Device:
    """What a call comes from: the address that the edge saw, and what the program calls itself."""

    address: str = ""
    agent: str = ""


ANONYMOUS = Identity(tenant="", principal="", kind=Kind.ANONYMOUS)
NO_DEVICE = Device()

# Who called the edge, by its connection or by what the balancers before it vouch for; the edge writes it anew.
ADDRESS_HEADER = "x-envoy-external-address"
# How services tell each other of what the edge was called from; the edge itself lets neither pass.
TOLD_ADDRESS_HEADER, TOLD_AGENT_HEADER = "x-rapport-address", "x-rapport-agent"
_LONGEST_AGENT = 200


def seen_by_edge(headers: Mapping[str, str]) -> Device:
    """What a call comes from that the edge sent on."""
    return Device(headers.get(ADDRESS_HEADER, ""), _agent(headers.get("user-agent", "")))


def told_by_service(headers: Mapping[str, str]) -> Device:
    """What the call comes from in which a service makes this one."""
    return Device(headers.get(TOLD_ADDRESS_HEADER, ""), _agent(headers.get(TOLD_AGENT_HEADER, "")))


def telling(device: Device) -> list[tuple[str, str]]:
    """How a service tells it to another one."""
    agent = device.agent.encode("ascii", "replace").decode()
    return [pair for pair in ((TOLD_ADDRESS_HEADER, device.address), (TOLD_AGENT_HEADER, agent)) if pair[1]]


def _agent(given: str) -> str:
    agent = given[:_LONGEST_AGENT]
    return agent if agent.isprintable() else "".join(filter(str.isprintable, agent))


@lru_cache(maxsize=1024)
def service_identity(service: str, tenant: str, actor: str = "") -> Identity:
    """The identity that a service's own work runs with."""
    return Identity(tenant=tenant, principal=f"service:{service}", kind=Kind.SERVICE, actor=actor)
