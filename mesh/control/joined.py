"""What hosts that joined ask of the control plane beside discovery, on the same port: certificates, and being seen.

A host proves by its certificate which service it may run, and gets certificates of that service alone; its key never
leaves it. What it tells of its instances is kept for a moment, and never more than for those that are members.
"""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import grpc

from mesh.control import fleet, run_file
from mesh.control.instances import HEALTHY, UNHEALTHY
from mesh.control.members import name_of
from mesh.runtime import credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from mesh.control.certificates import Authority
    from mesh.control.members import Members
    from mesh.control.registry import Registry

_SERVICE = "mesh.control.Joined"
_CERTIFY, _TELL = "Certify", "Tell"
KEPT_SECONDS = 30.0
_SECONDS = 10.0


class Joined:
    """Answers hosts that joined, and tells of their instances. services: whom `authority`, if any, certifies."""

    def __init__(
        self,
        authority: Authority | None,
        trust_domain: str,
        services: Sequence[str],
        registry: Registry,
        members: Members,
    ) -> None:
        self._authority = authority
        self._prefix = f"spiffe://{trust_domain}/"
        self._services = frozenset(services)
        self._registry = registry
        self._members = members
        self._lock = threading.Lock()
        self._told: dict[str, tuple[float, str]] = {}
        self.spans_port = 0
        """Where their instances send spans, at the control plane's address."""

    def handler(self) -> grpc.GenericRpcHandler:
        """For the server that they reach."""
        methods = {_CERTIFY: self._certify, _TELL: self._tell}
        return grpc.method_handlers_generic_handler(
            _SERVICE, {name: grpc.unary_unary_rpc_method_handler(method) for name, method in methods.items()}
        )

    def instances(self) -> tuple[run_file.Instance, ...]:
        """The members with the last verdict on each."""
        healthy = self._registry.healthy_names()
        states = {True: HEALTHY, False: UNHEALTHY}
        return tuple(
            run_file.Instance(
                name=each.instance, pid=0, port=each.port, state=states[each.instance in healthy],
                restarts=0, core=None, services=(each.service,),
            )
            for each in self._members.entries()
        )  # fmt: skip

    def targets(self) -> list[fleet.Target]:
        """The members with what each told of itself last; nothing where that is too long ago."""
        with self._lock:
            told = dict(self._told)
        oldest = time.monotonic() - KEPT_SECONDS
        texts = {name: text for name, (then, text) in told.items() if then > oldest}
        return [
            fleet.Target(each.name, each.services[0], 0, each.state == HEALTHY, texts.get(each.name, ""))
            for each in self.instances()
        ]

    def _caller(self, context: grpc.ServicerContext) -> str:
        service = credentials.peer(context).removeprefix(self._prefix)
        if service not in self._services:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "only services may ask")
        return service

    def _certify(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        service = self._caller(context)
        try:
            certificate, authority = self._authority.certify(request, service) if self._authority else (b"", b"")
        except ValueError:
            certificate, authority = b"", b""
        if not certificate:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "there is nothing to certify, or nobody to do it")
        return json.dumps({"certificate": certificate.decode(), "authority": authority.decode()}).encode()

    def _tell(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        service, said = self._caller(context), json.loads(request)
        name = name_of(service, str(said["host"]), int(said["port"])) if said else ""
        members = {entry.instance for entry in self._members.entries()}
        with self._lock:
            if name in members:
                self._told[name] = time.monotonic(), str(said["metrics"])
            self._told = {each: told for each, told in self._told.items() if each in members}
        return json.dumps({"spans_port": self.spans_port}).encode()


def certify(folder: Path, control: tuple[str, int], request: bytes) -> tuple[bytes, bytes]:
    """A certificate for the identity in `folder` on a new key, and the authority's. grpc.RpcError: it was not given."""
    answer = _ask(folder, control, _CERTIFY, request)
    return answer["certificate"].encode(), answer["authority"].encode()


def tell(folder: Path, control: tuple[str, int], said: Mapping[str, Any]) -> int:
    """Tell of an instance, or with nothing of none; the port that takes spans. grpc.RpcError: nobody heard."""
    return int(_ask(folder, control, _TELL, json.dumps(said).encode())["spans_port"])


def _ask(folder: Path, control: tuple[str, int], method: str, request: bytes) -> Any:
    with credentials.channel(folder, *control, "control") as channel:
        ask: Callable[..., bytes] = channel.unary_unary(f"/{_SERVICE}/{method}")
        return json.loads(ask(request, timeout=_SECONDS))
