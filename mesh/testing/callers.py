"""Callers of a running mesh that never stop: what they were told while something else happens to it."""

from __future__ import annotations

import threading
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx

from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mesh.testing.running import RunningMesh

_SECONDS = 10.0


@dataclass
class Told:
    """What callers were told: how many answers, and the failures in words."""

    answers: int = 0
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def goes_on(self, more: int = 50) -> None:
        """Wait until there are so many answers more."""
        aim = self.answers + more
        eventually(lambda: self.answers >= aim, within=60, of=f"{more} more answers")


@contextmanager
def callers(mesh: RunningMesh, *, readers: int = 3, writers: int = 1) -> Iterator[Told]:
    """Read and create contacts through the edge without pause and without a second attempt; ends with the block."""
    told, over = Told(), threading.Event()
    headers = {"authorization": f"Bearer {mesh.token()}"}
    threads = [
        threading.Thread(target=_call, args=(mesh, headers, writes, told, over))
        for writes in (*[False] * readers, *[True] * writers)
    ]
    for thread in threads:
        thread.start()
    try:
        told.goes_on()
        yield told
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _call(mesh: RunningMesh, headers: Mapping[str, str], writes: bool, told: Told, over: threading.Event) -> None:  # noqa: FBT001
    with httpx.Client(base_url=mesh.url, headers=headers, timeout=_SECONDS) as client:
        while not over.is_set():
            failure = _attempt(client, writes=writes)
            with told.lock:
                told.answers += not failure
                told.failures += [failure] if failure else []


def _attempt(client: httpx.Client, *, writes: bool) -> str:
    try:
        answer = _create(client) if writes else client.get("/v1/contacts", params={"page_size": 3})
    except httpx.TransportError as error:
        return repr(error)
    return "" if answer.status_code == HTTPStatus.OK else f"{answer.status_code} {answer.text}"


def _create(client: httpx.Client) -> Any:
    body = {"contacts": [{"familyName": "Caller"}], "requestId": str(uuid.uuid4())}
    return client.post("/v1/contacts:batchCreate", json=body)
