"""What a service process hands to its calls: the store, the clock, ids, the directory and other services."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mesh.runtime.clock import SystemClock
from mesh.runtime.limits import DEFAULT_LIMITS
from mesh.runtime.outbound import Outbound
from mesh.runtime.passkey_site import PasskeySite
from mesh.runtime.purging import Sweeps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mesh.contract.pages import PageTokens
    from mesh.events.tail import Tail
    from mesh.runtime.capabilities import Capabilities
    from mesh.runtime.client import Caller
    from mesh.runtime.clock import Clock
    from mesh.runtime.directory import Directory
    from mesh.runtime.ids import Ids
    from mesh.runtime.limits import Limit
    from mesh.runtime.mail_route import MailRoute
    from mesh.runtime.secrets import Secrets
    from mesh.runtime.telemetry import Telemetry
    from mesh.runtime.vault import Vault
    from mesh.store.blobs import Blobs
    from mesh.store.store import Store


def _no_poke() -> None:
    """Nobody waits for new events: the relay finds them when it looks next."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything a call may use that is not its own. One per service and process."""

    service: str
    store: Store
    clock: Clock
    ids: Ids
    pages: PageTokens
    cursors: PageTokens
    secrets: Secrets
    vault: Vault
    issuer: str
    caller: Caller
    directory: Directory
    capabilities: Capabilities
    blobs: Blobs
    tail: Tail
    telemetry: Telemetry
    passkeys: PasskeySite = field(default_factory=PasskeySite)
    """Where passkeys may be used."""
    mail: MailRoute | None = None
    """Where mails are handed in; None: nowhere."""
    public_url: str = ""
    """Where people reach the edge, as in `https://crm.example.com`."""
    outbound: Outbound = field(default_factory=Outbound)
    """The way to servers outside of the mesh that tenants name."""
    poke: Callable[[], None] = field(default=_no_poke)
    epoch: str = ""
    """Another one after each restore: what clients hold of the time before is not gone on with."""
    limits: Mapping[str, Limit] = field(default_factory=lambda: DEFAULT_LIMITS)
    """How often a tenant may call each service, by rate class."""
    sweeps: Sweeps = field(default_factory=Sweeps)
    wall: Clock = field(default_factory=SystemClock)
    """The machine's clock, for what the outside checks on its own: when a token that leaves the mesh expires."""
