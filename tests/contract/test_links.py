"""The order in which a call passes the links of the chain: that of `LINKS`, and of the architecture."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from unittest import mock

from mesh.contract import catalog
from mesh.runtime import chain, idempotency
from mesh.runtime.access_log import AccessLog
from mesh.runtime.admission import CallPool
from mesh.runtime.directory import Directory
from mesh.runtime.drain import Drain
from mesh.runtime.links import LINKS, AuthoriseLink, IdentityLink
from mesh.runtime.rate import RateLink

if TYPE_CHECKING:
    from tests.contract.world import World

CREATE = "/rapport.customers.v1.ContactService/CreateContact"
# Where each link is called. `telemetry` and `errors` are around the others and have their word when they have ended.
PLACES: dict[str, tuple[Any, str]] = {
    "drain": (Drain, "begun"),
    "admission": (CallPool, "admits"),
    "deadline": (chain, "deadline"),
    "identity": (IdentityLink, "__call__"),
    "rate": (RateLink, "__call__"),
    "authorise": (AuthoriseLink, "__call__"),
    "validate": (chain, "validate"),
    "idempotency": (idempotency, "replay"),
    "errors": (chain, "outcome"),
    "telemetry": (AccessLog, "write"),
}
DECLARED = (
    "telemetry", "errors", "drain", "admission", "deadline", "identity", "rate", "authorise", "validate", "idempotency",
)  # fmt: skip


def passed(world: World, request: Any) -> list[str]:
    """The links in the order in which a call passes them, as far as it comes."""
    order: list[str] = []

    def recording(name: str, real: Any) -> Any:
        def link(*arguments: Any, **more: Any) -> Any:
            order.append(name)
            return real(*arguments, **more)

        return link

    method = catalog.load().methods[CREATE]
    # The first time `users` is asked for who calls and who owns it, through links of its own.
    world.call(method, world.request(method))
    with ExitStack() as patches:
        for name, (owner, attribute) in PLACES.items():
            patches.enter_context(mock.patch.object(owner, attribute, recording(name, getattr(owner, attribute))))
        if request == b"\xff":
            world.refuses(method, request, "INVALID_ARGUMENT")
        else:
            world.call(method, request)
    return order


def test_links_are_those_of_the_architecture_in_its_order() -> None:
    assert list(LINKS) == [name for name in DECLARED if name in LINKS]


def test_a_call_passes_the_links_in_their_order(world: World) -> None:
    within = [name for name in LINKS if name in PLACES and name not in ("telemetry", "errors")]

    request = world.request(catalog.load().methods[CREATE])
    request.contact.ClearField("owner_id")
    assert passed(world, request) == [*within, "telemetry"]


def test_a_call_that_fails_leaves_through_errors_and_telemetry(world: World) -> None:
    assert passed(world, b"\xff") == [
        "drain", "admission", "deadline", "identity", "rate", "authorise", "errors", "telemetry",
    ]  # fmt: skip


def test_rate_and_authorise_share_one_look_up(world: World) -> None:
    found = []
    real = Directory.find

    def find(*arguments: Any, **more: Any) -> Any:
        found.append(arguments)
        return real(*arguments, **more)

    method = catalog.load().methods["/rapport.customers.v1.ContactService/GetContact"]
    request = world.request(method)
    with mock.patch.object(Directory, "find", find):
        world.call(method, request)
    assert len(found) == 1
