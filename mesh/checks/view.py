"""The mesh as checks see it: what they share is read once, and what cannot be read is told once and skipped after."""

from __future__ import annotations

import importlib
import json
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

from mesh.checks.check import Skipped
from mesh.checks.processes import listed
from mesh.contract.catalog import load
from mesh.control import fleet, run_file
from mesh.edge import admin, envoy
from mesh.events.redis_connection import RedisConnection, RedisRefused, RedisUnavailable
from mesh.store.errors import StoreError
from mesh.store.examination import Examination
from mesh.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from mesh.checks.processes import Process
    from mesh.contract.catalog import Catalog
    from mesh.runtime.clock import Clock
    from mesh.runtime.settings import Settings

T = TypeVar("T")

_SECONDS = 1.0
# The control plane itself waits for instances that do not tell.
_METRICS_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any
    skipped: str


class View:
    """A mesh by its settings, for one thread; to be closed.

    clock: the machine's. unread: variables that look like settings and are none, with the setting that is meant.
    Its methods raise Skipped where what they read is not there; the reason names the check that tells why.
    """

    def __init__(self, settings: Settings, clock: Clock, unread: Mapping[str, str]) -> None:
        self.settings = settings
        self.clock = clock
        self.unread = unread
        self._known: dict[str, _Outcome] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _once(self, what: str, read: Callable[[], T]) -> T:
        if what not in self._known:
            try:
                self._known[what] = _Outcome(read(), "")
            except Skipped as skipped:
                self._known[what] = _Outcome(None, str(skipped))
        outcome = self._known[what]
        if outcome.skipped:
            raise Skipped(outcome.skipped)
        found: T = outcome.value
        return found

    def catalog(self) -> Catalog:
        """The contracts of this code."""
        return self._once("catalog", load)

    def run(self) -> run_file.Run:
        """What the running mesh says of itself."""

        def read() -> run_file.Run:
            if run_file.holder(self.settings.home) is None:
                raise Skipped("no mesh runs here")
            now = run_file.read(self.settings.home)
            if now is None:
                raise Skipped("the run file cannot be read (see instances.run-file)")
            return now

        return self._once("run", read)

    def services(self) -> tuple[str, ...]:
        """The services that are to run: those that the operator asked the running mesh for, else all."""
        try:
            wanted = self.run().wanted
        except Skipped:
            wanted = {}
        return tuple(wanted.get("services") or self.catalog().services())

    def processes(self) -> Mapping[int, Process]:
        """The processes of this machine that may be looked at."""
        return self._once("processes", listed)

    def store(self, service: str) -> Store:
        """The store of a service that answers."""

        def opened() -> Store:
            settings, metadata = self.settings, importlib.import_module(f"services.{service}.tables").metadata
            store = Store(settings.database(service), service=service, metadata=metadata, pool_size=1)
            self._stack.callback(store.close)
            try:
                store.ping(_SECONDS)
            except StoreError as error:
                raise Skipped(f"the database of {service} does not answer (see store.answers)") from error
            return store

        return self._once(f"store {service}", opened)

    def stores(self) -> Mapping[str, Store]:
        """The stores of all services whose databases answer and are at this code's schema."""

        def opened() -> Mapping[str, Store]:
            found = {}
            for service in self.services():
                if any(each.found < each.head for each in self.examination(service).standings()):
                    raise Skipped(f"the database of {service} is not migrated (see store.migrated)")
                found[service] = self.store(service)
            return found

        return self._once("stores", opened)

    def examination(self, service: str) -> Examination:
        """A look into a service's database from the outside, if it answers."""

        def opened() -> Examination:
            store = self.store(service)
            examination = Examination(self.settings.database(service), service=service, metadata=store.metadata)
            self._stack.callback(examination.close)
            return examination

        return self._once(f"examination {service}", opened)

    def examinations(self) -> Mapping[str, Examination]:
        """By service, all of them."""
        return {service: self.examination(service) for service in self.services()}

    def redis_url(self) -> str:
        """Where Redis is: the settings', else the running mesh's."""
        return self.settings.redis_url or self.run().redis_url

    def redis(self) -> RedisConnection:
        """A connection to a Redis that answers."""

        def opened() -> RedisConnection:
            connection = RedisConnection(self.redis_url())
            self._stack.callback(connection.close)
            try:
                connection.call("PING")
            except (RedisUnavailable, RedisRefused) as error:
                raise Skipped("Redis does not answer (see events.redis)") from error
            return connection

        return self._once("redis", opened)

    def redis_info(self) -> Mapping[str, str]:
        """What Redis tells of itself."""
        return self._once("redis info", lambda: _info(self.redis().call("INFO")))

    def redis_setting(self, name: str) -> str:
        """One of Redis's settings."""
        try:
            answer = self.redis().call("CONFIG", "GET", name)
        except RedisRefused as error:
            raise Skipped("this Redis does not tell its settings") from error
        return bytes(answer[1]).decode() if answer else ""

    def envoy(self, path: str) -> Any:
        """What Envoy tells at a path of its administration, as JSON."""

        def read() -> Any:
            self.run()
            text = admin.ask(self.settings.home / "run" / "edge" / envoy.ADMIN, "GET", path)
            if text is None:
                raise Skipped("Envoy does not tell its configuration (see edge.answers)")
            return json.loads(text)

        return self._once(f"envoy {path}", read)

    def metrics(self) -> tuple[str, ...]:
        """The lines of the whole mesh's metrics."""

        def read() -> tuple[str, ...]:
            text = fleet.scrape(self.run().metrics_port, _METRICS_SECONDS)
            if not text:
                raise Skipped("the control plane does not answer (see instances.control)")
            return tuple(text.splitlines())

        return self._once("metrics", read)


def _info(text: bytes) -> Mapping[str, str]:
    """The lines `name:value` of Redis's INFO."""
    pairs = (line.partition(":") for line in text.decode(errors="replace").splitlines())
    return {name: value for name, colon, value in pairs if colon}
