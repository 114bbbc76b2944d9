"""How many instances of a service share its limits: the control plane says so with every question after health."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.runtime.credentials import peer

if TYPE_CHECKING:
    from collections.abc import Callable

    import grpc

INSTANCES_HEADER = "x-rapport-instances"


def told(service: str, number: int) -> tuple[tuple[str, str], ...]:
    """The metadata that says it."""
    return ((INSTANCES_HEADER, f"{service}={number}"),)


class Instances:
    """The numbers as this process heard them last, from `control` (a SPIFFE id) alone; unheard of means one.

    While the control plane is away the last number stays.
    """

    def __init__(self, control: str) -> None:
        self._control = control
        self._numbers: dict[str, int] = {}

    def hear(self, context: grpc.ServicerContext) -> None:
        """Take note of what a question after health brings along."""
        pairs: Any = context.invocation_metadata()
        service, _, number = dict(pairs).get(INSTANCES_HEADER, "").partition("=")
        if number.isdecimal() and peer(context) == self._control:
            self._numbers[service] = max(1, int(number))

    def of(self, service: str) -> Callable[[], int]:
        """What gives the number of a service's instances."""
        return lambda: self._numbers.get(service, 1)
