"""Several hosts on one machine: network namespaces on one wire, each with an address, which can be cut off it.

Needs root and `ip` of iproute2 on Linux; `unavailable` says what is missing.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NETWORK = 0x40000000
"""CLONE_NEWNET."""
_SECONDS = 10
_FOLDER = Path("/run/netns")


@dataclass(frozen=True, slots=True)
class Host:
    """A host: the name of its namespace, and its address. `wire`: its end of the wire, at the first host."""

    name: str
    address: str
    first: str
    wire: str

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be on the host: what this thread opens, and the threads and processes that it starts, are there."""
        before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            _enter(str(_FOLDER / self.name))
            try:
                yield
            finally:
                _enter(f"/proc/self/fd/{before}")
        finally:
            os.close(before)

    def cut(self) -> None:
        """Pull the wire."""
        _ip("-n", self.first, "link", "set", self.wire, "down")

    def join(self) -> None:
        """Put it back."""
        _ip("-n", self.first, "link", "set", self.wire, "up")


def unavailable() -> str:
    """Why this machine has no hosts; empty where it has."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "network namespaces need root on Linux"
    if shutil.which("ip") is None:
        return "there is no `ip` (package iproute2)"
    try:
        with hosts(2):
            return ""
    except (OSError, subprocess.SubprocessError) as error:
        told = error.stderr if isinstance(error, subprocess.CalledProcessError) else ""
        return f"this machine allows no network namespaces: {told or error}".strip()


@contextmanager
def hosts(number: int) -> Iterator[list[Host]]:
    """So many hosts, gone afterwards. The wire is at the first one, which therefore cannot be cut off."""
    names = [f"rapport-{os.getpid()}-{each}" for each in range(1, number + 1)]
    first = names[0]
    made: list[str] = []
    try:
        for name in names:
            _ip("netns", "add", name)
            made.append(name)
            _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", first, "link", "add", "wire", "type", "bridge")
        _ip("-n", first, "addr", "add", "10.77.0.1/24", "dev", "wire")
        _ip("-n", first, "link", "set", "wire", "up")
        for each, name in enumerate(names[1:], 2):
            _ip("-n", first, "link", "add", f"to-{each}", "type", "veth", "peer", "name", "eth0", "netns", name)
            _ip("-n", first, "link", "set", f"to-{each}", "master", "wire", "up")
            _ip("-n", name, "addr", "add", f"10.77.0.{each}/24", "dev", "eth0")
            _ip("-n", name, "link", "set", "eth0", "up")
        yield [Host(name, f"10.77.0.{each}", first, f"to-{each}") for each, name in enumerate(names, 1)]
    finally:
        for name in made:
            _ip("netns", "del", name)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True, timeout=_SECONDS)  # noqa: S607  # as an operator types it


def _enter(path: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    namespace = os.open(path, os.O_RDONLY)
    try:
        if libc.setns(namespace, _NETWORK) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
    finally:
        os.close(namespace)
