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

from mesh.contract.method import (
    Access,
    AccessKind,
    Assurance,
    DoorErrors,
    HttpRoute,
    Idempotency,
    MethodContract,
    StandardMethod,
    Verb,
)
from mesh.contract.reasons import Reason, common_reasons, read_reasons
from mesh.contract.references import OnDelete, faults, references_of
from mesh.contract.resource import ResourceContract, resource_contract

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from types import ModuleType

    from google.protobuf.descriptor import Descriptor, MethodDescriptor, ServiceDescriptor
    from google.protobuf.message import Message

_STANDARD = re.compile(r"^(BatchGet|BatchCreate|BatchUpdate|Count|Get|List|Create|Update|Delete|Undelete)([A-Z]\w*)$")
_BODY, _LARGEST_BODY = 2**20, 8 * 2**20
_HTTP_BODY = "google.api.HttpBody"
_CAPABILITY = re.compile(r"^[a-z][a-z-]*\.[a-z][a-z-]*$")
_MINTED = {"token", "expire_time", "email"}
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

    def minting(self) -> Mapping[str, MethodContract]:
        """By kind of capability, the method that makes its secret for whoever sends its link."""
        return MappingProxyType({m.mints: m for m in self.methods.values() if m.mints})

    def is_scoped(self, permission: str) -> bool:
        """Whether a permission can be held for a part of the data: its collection has owners, or parents that do."""
        collection = permission.partition(".")[0]
        return any(r.collection == collection and (r.owner_field or r.parent_field) for r in self.resources.values())


@cache
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
    if services is None:
        _check_minting(methods.values())
        for resource in resources.values():
            for fault in faults(resource, resources):
                raise ContractError(fault)
    return Catalog(MappingProxyType(methods), MappingProxyType(resources))


@cache
def cleared() -> frozenset[str]:
    """The types of resources whose deletion clears what refers to them, in whichever service."""
    fields = (field for resource in load().resources.values() for field in references_of(resource))
    return frozenset(field.target for field in fields if field.on_delete is OnDelete.CLEAR)


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
        reasons=MappingProxyType({**common, **_own_reasons(where, policy, own)}),
        own_reasons=tuple(policy.fails_with),
        fresh=policy.fresh,
        http_door=policy.http_door,
        routes=http_routes(descriptor),
        standard=_standard(descriptor, resources),
        largest_body=(policy.largest_body or _BODY) if policy.http_door else 0,
        mints=policy.mints,
        assurance=_assurance(where, policy),
        in_person=policy.in_person,
        door_errors=DoorErrors(policy.door_errors),
    )
    _check(where, method)
    return method


def _own_reasons(where: str, policy: policy_pb2.MethodPolicy, own: Mapping[str, Reason]) -> dict[str, Reason]:
    unknown = [name for name in policy.fails_with if name not in own]
    if unknown:
        msg = f"{where} fails with {', '.join(unknown)}, which its errors.proto does not declare"
        raise ContractError(msg)
    return {name: own[name] for name in policy.fails_with}


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
        scope=policy.self.scope,
    )


def _assurance(where: str, policy: policy_pb2.MethodPolicy) -> Assurance | None:
    if not policy.HasField("assurance"):
        return None
    level, within = policy.assurance.level or 1, policy.assurance.within.ToTimedelta().total_seconds()
    if policy.WhichOneof("access") not in ("permission", "self") or level not in (1, 2) or (level == 1 and within <= 0):
        msg = f"{where} asks for an assurance that no session is short of, or that its callers have no session for"
        raise ContractError(msg)
    return Assurance(level, within)


def _rate(policy: policy_pb2.MethodPolicy, idempotency: Idempotency) -> str:
    if policy.rate:
        return str(policy_pb2.RateClass.Name(policy.rate)).removeprefix("RATE_CLASS_")
    return "READ" if idempotency is Idempotency.NO_SIDE_EFFECTS else "WRITE"


def http_routes(descriptor: MethodDescriptor) -> tuple[HttpRoute, ...]:
    """The `google.api.http` bindings of a method."""
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
    many = verb in (Verb.LIST, Verb.BATCH_GET, Verb.BATCH_CREATE, Verb.BATCH_UPDATE, Verb.COUNT)
    for resource in resources.values():
        plural = resource.plural.title().replace("_", "")
        # One that answers with more than the resource, as with a secret that is shown once, is no standard method.
        bare = descriptor.output_type == resource.message.DESCRIPTOR
        if match[2] == (plural if many else resource.name) and (many or bare):
            return StandardMethod(verb, resource, resource.plural if many else resource.singular)
    return None


def _check(where: str, method: MethodContract) -> None:
    """What a single method must not leave open."""
    _check_access(where, method)
    _check_door(where, method)
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


def _check_access(where: str, method: MethodContract) -> None:
    """What stands in for a user's token must not reach further than it should."""
    access = method.access
    if access.kind is AccessKind.CAPABILITY:
        if not _CAPABILITY.match(access.capability):
            msg = f"{where}: capability {access.capability!r} is not <collection>.<purpose>"
            raise ContractError(msg)
        if "token" not in method.request.DESCRIPTOR.fields_by_name:
            msg = f"{where} asks for a capability and its request has no field token"
            raise ContractError(msg)
    if access.kind is AccessKind.PUBLISHABLE_KEY:
        creates = method.name.startswith(("Create", "Submit")) and not method.reads_only
        if not creates or any(route.verb != "POST" for route in method.routes):
            msg = f"{where} is open to publishable keys and does more than create by POST"
            raise ContractError(msg)


def _check_minting(methods: Collection[MethodContract]) -> None:
    """The secret of a link is made for other services by one method, which says whom the link may be sent to."""
    redeemed = {(method.service, method.access.capability) for method in methods}
    minting: set[str] = set()
    for method in methods:
        if not method.mints:
            continue
        if (method.service, method.mints) not in redeemed:
            msg = f"{method.full_name} makes the secret of {method.mints}, which opens nothing in {method.service}"
            raise ContractError(msg)
        if method.access.public or method.mints in minting:
            msg = f"{method.full_name} makes the secret of {method.mints} for the outside, or beside another method"
            raise ContractError(msg)
        missing = _MINTED - set(method.reply.DESCRIPTOR.fields_by_name)
        if missing or "id" not in method.request.DESCRIPTOR.fields_by_name:
            msg = f"{method.full_name} makes a secret and lacks {', '.join(sorted(missing)) or 'id'}"
            raise ContractError(msg)
        minting.add(method.mints)


def _check_door(where: str, method: MethodContract) -> None:
    """Raw bytes go through doors, and through nothing else."""
    taken = [method.request.DESCRIPTOR, *(field.message_type for field in method.request.DESCRIPTOR.fields)]
    raw = any(message is not None and message.full_name == _HTTP_BODY for message in taken)
    answers = method.reply.DESCRIPTOR.full_name == _HTTP_BODY
    if method.http_door != answers or (raw and not method.http_door):
        msg = f"{where}: an HTTP door, and nothing else, answers with {_HTTP_BODY}"
        raise ContractError(msg)
    if method.http_door and method.takes_request_id:
        msg = f"{where}: an HTTP door takes no request_id, for a reply is repeated without its status"
        raise ContractError(msg)
    if method.door_errors is not DoorErrors.STATUS and (not method.http_door or method.server_streaming):
        msg = f"{where} words failures for plain HTTP and is no HTTP door, or one that streams"
        raise ContractError(msg)
    if method.largest_body > _LARGEST_BODY:
        msg = f"{where} takes a body of more than {_LARGEST_BODY} bytes"
        raise ContractError(msg)
