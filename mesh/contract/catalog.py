"""Reads the contracts of services from their descriptors, and refuses those that leave something open."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from google.api import annotations_pb2
from google.protobuf import message_factory
from rapport.policy.v1 import policy_pb2

from mesh.contract.method import Access, AccessKind, HttpRoute, Idempotency, MethodContract, StandardMethod, Verb
from mesh.contract.reasons import Reason, common_reasons, read_reasons
from mesh.contract.resource import ResourceContract, resource_contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from google.protobuf.descriptor import Descriptor, MethodDescriptor, ServiceDescriptor
    from google.protobuf.message import Message

_STANDARD = re.compile(r"^(BatchGet|BatchCreate|Get|List|Create|Update|Delete|Undelete)([A-Z]\w*)$")
_PERMISSION = re.compile(r"^[a-z][a-z-]*\.(read|write|delete|export)$")


class ContractError(ValueError):
    """A contract leaves something open or contradicts itself; the service does not start."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The methods by path and the resources by type of one or more services."""

    methods: Mapping[str, MethodContract]
    resources: Mapping[str, ResourceContract]

    def areas(self) -> Mapping[str, tuple[MethodContract, ...]]:
        """The methods by proto service, both in the order of declaration."""
        areas: dict[str, list[MethodContract]] = {}
        for method in self.methods.values():
            areas.setdefault(method.area, []).append(method)
        return MappingProxyType({area: tuple(methods) for area, methods in areas.items()})

    def services(self) -> tuple[str, ...]:
        """The names of the services, as in `customers`."""
        return tuple(dict.fromkeys(method.service for method in self.methods.values()))

    def permissions(self) -> frozenset[str]:
        """Every permission that some method asks for; no other exists."""
        return frozenset(m.access.permission for m in self.methods.values() if m.access.permission)


def all_services() -> tuple[str, ...]:
    """The services that have contracts, by alphabet."""
    roots = _roots(importlib.import_module("rapport"))
    found = {folder.parent.parent.name for root in roots for folder in Path(root).glob("*/v1/*_service_pb2.py")}
    return tuple(sorted(found))


def _roots(package: ModuleType) -> list[str]:
    return list(package.__path__)


def load(services: Iterable[str] | None = None) -> Catalog:
    """The contracts of these services, or of all.

    Raises:
        ContractError: a contract is incomplete or contradicts itself or another one.
    """
    methods: dict[str, MethodContract] = {}
    resources: dict[str, ResourceContract] = {}
    for service in services if services is not None else all_services():
        part = load_service(service)
        taken = {r.collection: r.type for r in resources.values()}
        for resource in part.resources.values():
            if resource.collection in taken:
                msg = f"{resource.type} and {taken[resource.collection]} share the collection {resource.collection}"
                raise ContractError(msg)
        methods.update(part.methods)
        resources.update(part.resources)
    return Catalog(MappingProxyType(methods), MappingProxyType(resources))


@cache
def load_service(service: str) -> Catalog:
    """The contracts of one service."""
    package = importlib.import_module(f"rapport.{service}.v1")
    modules = [
        importlib.import_module(f"{package.__name__}.{name}")
        for _, name, _ in sorted(pkgutil.iter_modules(_roots(package)), key=lambda found: found[1])
        if name.endswith("_pb2")
    ]
    reasons = dict(common_reasons())
    own: dict[str, Reason] = {}
    resources: dict[str, ResourceContract] = {}
    for module in modules:
        for descriptor in module.DESCRIPTOR.message_types_by_name.values():
            contract = resource_contract(descriptor)
            if contract:
                resources[contract.type] = contract
        enum = module.DESCRIPTOR.enum_types_by_name.get("ErrorReason")
        if enum:
            own.update(read_reasons(enum))
    methods = {}
    for module in modules:
        for area in module.DESCRIPTOR.services_by_name.values():
            for descriptor in area.methods:
                method = _method(area, descriptor, resources, reasons, own)
                methods[method.path] = method
    return Catalog(MappingProxyType(methods), MappingProxyType(resources))


def _method(
    area: ServiceDescriptor,
    descriptor: MethodDescriptor,
    resources: Mapping[str, ResourceContract],
    common: Mapping[str, Reason],
    own: Mapping[str, Reason],
) -> MethodContract:
    options = descriptor.GetOptions()
    where = f"{area.full_name}/{descriptor.name}"
    if not options.HasExtension(policy_pb2.policy):
        msg = f"{where} has no (rapport.policy.v1.policy)"
        raise ContractError(msg)
    policy = options.Extensions[policy_pb2.policy]
    deadline = policy.deadline.seconds + policy.deadline.nanos / 1e9
    if deadline <= 0:
        msg = f"{where} declares no deadline"
        raise ContractError(msg)
    unknown = [name for name in policy.fails_with if name not in own]
    if unknown:
        msg = f"{where} fails with {', '.join(unknown)}, which its errors.proto does not declare"
        raise ContractError(msg)
    idempotency = Idempotency(int(options.idempotency_level))
    method = MethodContract(
        descriptor=descriptor,
        package=area.file.package,
        service=area.file.package.split(".")[1],
        area=area.full_name,
        name=descriptor.name,
        request=message_class(descriptor.input_type),
        reply=message_class(descriptor.output_type),
        client_streaming=descriptor.client_streaming,
        server_streaming=descriptor.server_streaming,
        access=_access(where, policy),
        deadline=deadline,
        idempotency=idempotency,
        rate=_rate(policy, idempotency),
        audit=policy.audit,
        reasons=MappingProxyType({**common, **{name: own[name] for name in policy.fails_with}}),
        own_reasons=tuple(policy.fails_with),
        fresh=policy.fresh,
        http_door=policy.http_door,
        routes=_routes(descriptor),
        standard=_standard(descriptor, resources),
    )
    _check(where, method)
    return method


def message_class(descriptor: Descriptor) -> type[Message]:
    """The Python class of a message."""
    found: type[Message] = message_factory.GetMessageClass(descriptor)
    return found


def _access(where: str, policy: policy_pb2.MethodPolicy) -> Access:
    chosen = policy.WhichOneof("access")
    if chosen is None:
        msg = f"{where} declares no access"
        raise ContractError(msg)
    if chosen == "permission" and not _PERMISSION.match(policy.permission):
        msg = f"{where}: permission {policy.permission!r} is not <collection>.<read|write|delete|export>"
        raise ContractError(msg)
    return Access(
        kind=AccessKind(chosen),
        permission=policy.permission,
        peers=frozenset(policy.service.peers),
        capability=policy.capability,
    )


def _rate(policy: policy_pb2.MethodPolicy, idempotency: Idempotency) -> str:
    if policy.rate:
        return str(policy_pb2.RateClass.Name(policy.rate)).removeprefix("RATE_CLASS_")
    return "READ" if idempotency is Idempotency.NO_SIDE_EFFECTS else "WRITE"


def _routes(descriptor: MethodDescriptor) -> tuple[HttpRoute, ...]:
    rule = descriptor.GetOptions().Extensions[annotations_pb2.http]
    routes = []
    for binding in (rule, *rule.additional_bindings):
        verb = binding.WhichOneof("pattern")
        if verb:
            routes.append(HttpRoute(verb.upper(), getattr(binding, verb), binding.body))
    return tuple(routes)


def _standard(descriptor: MethodDescriptor, resources: Mapping[str, ResourceContract]) -> StandardMethod | None:
    match = _STANDARD.match(descriptor.name)
    if not match:
        return None
    verb = Verb(match[1])
    many = verb in (Verb.LIST, Verb.BATCH_GET, Verb.BATCH_CREATE)
    for resource in resources.values():
        plural = resource.plural.title().replace("_", "")
        if match[2] == (plural if many else resource.name):
            return StandardMethod(verb, resource, resource.plural if many else resource.singular)
    return None


def _check(where: str, method: MethodContract) -> None:
    """What a single method must not leave open."""
    if method.access.public and not method.routes:
        msg = f"{where} is public and has no google.api.http"
        raise ContractError(msg)
    if not method.access.public and method.routes:
        msg = f"{where} is for services only and has a google.api.http"
        raise ContractError(msg)
    if method.reads_only and method.audit:
        msg = f"{where} has no side effects and yet an audit record"
        raise ContractError(msg)
    if any(route.verb == "GET" for route in method.routes) and not method.reads_only:
        msg = f"{where} is reached by GET and may change state"
        raise ContractError(msg)
