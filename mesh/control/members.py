"""Instances on other hosts: each says where it listens on its discovery stream, and is a member as long as that lives.

Who it is, its certificate says; health decides about calls as it does for all. A host that is cut off keeps its stream
and loses its health, so it is back in rotation as soon as it answers again.
"""

from __future__ import annotations

import ipaddress
import logging
import threading
from typing import TYPE_CHECKING

from mesh.control.registry import Entry

if TYPE_CHECKING:
    from google.protobuf.struct_pb2 import Struct

    from mesh.control.registry import Registry

log = logging.getLogger(__name__)

HOST, PORT = "host", "port"
"""Node metadata: an IPv4 address, and a port there as a number."""


class Members:
    """Who joined by which stream. Thread-safe."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._lock = threading.Lock()
        self._streams: dict[Entry, object] = {}

    def join(self, stream: object, service: str, metadata: Struct) -> None:
        """Enter the instance that a node's metadata tell of; most nodes tell of none. service: whom it proved to be."""
        host, port = _place(metadata)
        if not port:
            return
        entry = Entry(name_of(service, host, port), service, port, host=host)
        with self._lock:
            self._streams[entry] = stream
            self._registry.enter(entry)
        log.info("%s has joined", entry.instance)

    def entries(self) -> tuple[Entry, ...]:
        """Everyone who joined."""
        with self._lock:
            return tuple(self._streams)

    def leave(self, stream: object) -> None:
        """Let go of what joined by a stream, unless it has come back by another one."""
        with self._lock:
            for entry in [each for each, by in self._streams.items() if by is stream]:
                del self._streams[entry]
                self._registry.leave(entry.instance)
                log.info("%s has left", entry.instance)


def name_of(service: str, host: str, port: int) -> str:
    """The name of an instance on another host."""
    return f"{service}@{host}:{port}"


def _place(metadata: Struct) -> tuple[str, int]:
    """An address and a port; port 0 where the metadata name none that can be."""
    host, port = metadata.fields[HOST].string_value, metadata.fields[PORT].number_value
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        return "", 0
    return (str(address), int(port)) if 0 < port < 2**16 and port == int(port) else ("", 0)
