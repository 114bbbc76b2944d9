"""The worker of references: brings in what owners had before this service followed them, and moves references."""

from __future__ import annotations

import functools
import logging
import threading
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import directory_service_pb2

from mesh.contract.failure import Failure
from mesh.events.bootstrap import bootstrap
from mesh.resource import following, references
from mesh.resource.moves import Moves
from mesh.resource.sweeping import sweep
from mesh.runtime.client import CallFailed
from mesh.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mesh.contract.resource import ResourceContract
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Write
    from mesh.runtime.client import Caller
    from mesh.runtime.environment import Environment

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.25
_PAUSE_SECONDS = 2.0
_RENEW_US = 30 * 24 * 3600 * 1_000_000
"""The age of a snapshot at which a service that starts takes another one: nobody tells of what is purged."""
_LIST = "/rapport.users.v1.DirectoryService/ListTenants"


class Follower:
    """Runs until it is stopped."""

    def __init__(self, environment: Environment, resources: Sequence[Resource[Any]]) -> None:
        self._environment = environment
        self._moves = Moves(environment, resources)
        # Also those of the service itself: what refers to them may be younger than they are.
        self._behind = list(following.targets(resources).values())
        self._since_us = environment.clock.now_us() - _RENEW_US
        self._stopped = threading.Event()

    def run(self) -> None:
        """Work until stop(); outages are waited out."""
        while not self._stopped.is_set():
            pause = _LOOK_SECONDS
            try:
                while not self._stopped.is_set() and self._moves.step():
                    pass
                if self._behind:
                    self.catch_up()
            except (Failure, CallFailed, StoreError) as error:
                _log.warning("the references of %s wait: %s", self._environment.service, type(error).__name__)
                pause = _PAUSE_SECONDS
            self._stopped.wait(pause)

    def stop(self) -> None:
        """End run() after the chunk in hand; from any thread."""
        self._stopped.set()

    def catch_up(self) -> None:
        """Take in what is referred to and was there before, for each tenant; once, and resumed where it ended."""
        for tenant in tenants(self._environment.caller):
            for contract in self._behind:
                if self._stopped.is_set() or not self._take_in(tenant, contract):
                    return
        self._behind = []

    def _take_in(self, tenant: str, contract: ResourceContract) -> bool:
        passed = functools.partial(sweep, self._environment, tenant, contract)
        apply, since_us = _apply(contract), self._since_us
        return bootstrap(
            self._environment, tenant, contract.type, apply, self._stopped, passed=passed, since_us=since_us
        )


def tenants(caller: Caller) -> Iterator[str]:
    """The ids of all tenants, asked of `users` page by page."""
    token = ""
    while True:
        request = directory_service_pb2.ListTenantsRequest(page_size=200, page_token=token)
        reply = caller.unary(_LIST, request, directory_service_pb2.ListTenantsResponse, None)
        yield from (tenant.id for tenant in reply.tenants)
        token = reply.next_page_token
        if not token:
            return


def _apply(contract: ResourceContract) -> Any:
    def apply(write: Write, resource: Any, sequence: int) -> None:
        references.put(write, contract, resource, sequence)

    return apply
