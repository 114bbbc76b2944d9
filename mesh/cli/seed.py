"""`mesh seed`: fills the demo tenant with as many contacts as it takes to try things at size, through the edge."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from mesh.cli import demo, output
from mesh.cli.edge_client import EdgeError
from mesh.cli.outcome import BadUsage, Failed
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from mesh.runtime.settings import Settings

EXAMPLES = ("mesh seed --contacts 10000",)
MOST = 5_000_000
_BATCH = 100
# Batches at once, and batches after which it is kept how far this has come.
_AT_ONCE, _STRIDE = 4, 40
# What passes by itself: the same batch is sent again, for as long as this.
_AGAIN = frozenset({"RATE_LIMITED", "OVERLOADED", "DRAINING", "UNAVAILABLE", "DEADLINE_EXCEEDED", ""})
_PATIENCE_SECONDS, _PAUSE_SECONDS = 60.0, 0.5


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--contacts", type=int, default=10_000, metavar="N", help="contacts that the demo tenant is to have (10000)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Add the contacts that are missing; what an interrupted run has added counts.

    Raises:
        Failed: there is no demo tenant, or the edge refuses.
    """
    if not 0 < arguments.contacts <= MOST:
        msg = f"--contacts takes a number from 1 to {MOST}"
        raise BadUsage(msg)
    settings = read_settings()
    credentials = demo.read_credentials(settings)
    if credentials is None or not credentials["seeded"]:
        msg = "there is no demo tenant here; create it: mesh up"
        raise Failed(msg)
    there = int(credentials.get("contacts", demo.CONTACTS))
    if there < arguments.contacts:
        _Crowd(settings, credentials).add(there, arguments.contacts)
    print(f"the demo tenant has {max(there, arguments.contacts)} contacts")
    return 0


class _Crowd:
    """Contacts by number, put together from the parts of the demo tenant's own: the same each time."""

    def __init__(self, settings: Settings, credentials: Mapping[str, Any]) -> None:
        self._settings, self._credentials = settings, credentials
        self._people = demo.people()
        self._lock = threading.Lock()
        self._token = ""

    def add(self, there: int, wanted: int) -> None:
        """Create the contacts behind the first `there`.

        Raises:
            Failed: the edge refused.
        """
        began = time.monotonic()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for start in range(there, wanted, _STRIDE * _BATCH):
                end = min(start + _STRIDE * _BATCH, wanted)
                try:
                    list(pool.map(lambda at, end=end: self._send(at, min(at + _BATCH, end)), range(start, end, _BATCH)))
                except EdgeError as error:
                    msg = f"{start} contacts are there: {error}"
                    raise Failed(msg) from error
                demo.write_credentials(self._settings, {**self._credentials, "contacts": end})
                rate = (end - there) / max(0.001, time.monotonic() - began)
                output.progress(f"{end} of {wanted} contacts, {rate:.0f} a second")
        output.progress("")

    def _send(self, start: int, end: int) -> None:
        contacts = [self._contact(number) for number in range(start + 1, end + 1)]
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                demo.add(self._settings, self._credentials, self._signed_in(), f"crowd {start} {end}", contacts)
            except EdgeError as error:
                if time.monotonic() > until or error.reason not in (*_AGAIN, "UNAUTHENTICATED"):
                    raise
                if error.reason == "UNAUTHENTICATED":
                    self._token = ""  # it has ended meanwhile
                time.sleep(_PAUSE_SECONDS)
            else:
                return

    def _signed_in(self) -> str:
        with self._lock:
            self._token = self._token or demo.log_in(self._settings, self._credentials)
            return self._token

    def _contact(self, number: int) -> dict[str, Any]:
        chance = random.Random(number)  # noqa: S311  # who stands where
        given, family, lives, works = (chance.choice(self._people) for _ in range(4))
        name = f"{given['givenName']}.{family['familyName']}".lower().replace(" ", "").replace("'", "")
        return {
            **works,
            "givenName": given["givenName"],
            "familyName": family["familyName"],
            "emails": [{"address": f"{name}.{number}@example.com", "label": "work"}],
            "phones": [{"number": f"+61 4{number % 10**8:08}", "label": "mobile"}],
            "addresses": lives["addresses"],
            "externalId": f"demo-{number:07d}",
        }
