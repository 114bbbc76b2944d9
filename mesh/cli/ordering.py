"""How commands that change the running mesh give their order and show what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.cli.outcome import OK, Failed, NotRunning, running
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 3600.0


def give(order: str, says: Mapping[str, Any]) -> int:
    """Give an order to the mesh in this home, print its progress, and return the exit status.

    Raises:
        NotRunning: none runs here. Failed: it was not done.
    """
    settings = read_settings()
    now = running(settings)
    if not now.orders_port:
        msg = "the mesh has only begun to start; wait for it: mesh up"
        raise NotRunning(msg)
    from mesh.control import orders

    try:
        for told in orders.give(settings.certificates("operator"), now.orders_port, order, says, _LONGEST):
            print(f"  {told}", flush=True)
    except orders.OrderRefused as refused:
        raise Failed(str(refused)) from refused
    return OK
