"""The background work of one service in a process: the relay of its events, and the consumer of those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mesh.runtime.environment import Environment
    from mesh.runtime.service import Service
    from mesh.runtime.settings import Settings


class Worker:
    """Starts and ends the background work. Without a Redis URL there is none: events wait in the outbox."""

    def __init__(self, service: Service, environment: Environment, settings: Settings) -> None:
        self._service = service
        self._environment = environment
        self._settings = settings

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End what is in progress, and return when it has ended."""
