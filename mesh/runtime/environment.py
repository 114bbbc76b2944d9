"""What a service process hands to its calls: the store, the clock, ids, the directory and other services."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.contract.pages import PageTokens
    from mesh.runtime.client import Caller
    from mesh.runtime.clock import Clock
    from mesh.runtime.directory import Directory
    from mesh.runtime.ids import Ids
    from mesh.runtime.secrets import Secrets
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
    secrets: Secrets
    issuer: str
    caller: Caller
    directory: Directory
    poke: Callable[[], None] = field(default=_no_poke)
