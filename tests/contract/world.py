"""What the cells of the matrix share: a mesh with tenants, valid requests for every method, refusals decoded."""

from __future__ import annotations

import contextlib
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from rapport.mesh.v1 import audit_pb2
from rapport.users.v1 import resources_pb2

from mesh.contract import catalog
from mesh.contract.method import AccessKind, Verb
from mesh.runtime.client import TENANT_HEADER
from mesh.testing.local import PASSWORD
from mesh.testing.messages import Place, Samples, id_prefix, is_output_only, places, strategy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hypothesis import strategies as st

    from mesh.contract.method import MethodContract
    from mesh.contract.resource import ResourceContract
    from mesh.testing.inspection import Content
    from mesh.testing.local import LocalMesh, Member

_AUDIT = audit_pb2.AuditRecorded.DESCRIPTOR.full_name
_CODES = {code.value[0]: code.name for code in grpc.StatusCode}


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a call failed, as its caller sees it."""

    code: str
    reason: str
    fields: dict[str, str]
    metadata: dict[str, str]
    retry_after: float
    status: bytes
    text: str


class World:
    """Two tenants in one mesh, a third that only lists read, and somebody in the first who may do nothing."""

    def __init__(self, mesh: LocalMesh) -> None:
        self.mesh = mesh
        self.catalog = catalog.load()
        self._numbers = itertools.count(1000)
        self.tenant = mesh.sign_up("matrix-home")
        self.other = mesh.sign_up("matrix-away")
        self.reader = mesh.sign_up("matrix-lists")
        self.nobody = mesh.member(self.tenant, resources_pb2.ROLE_UNSPECIFIED)
        self.colleague = mesh.member(self.tenant, resources_pb2.ROLE_OWNER)
        self.by_prefix = {r.prefix: r for r in self.catalog.resources.values()}
        self._kept: dict[str, list[str]] = {}
        # Every service fetches the signing keys now, before a column breaks what it would fetch them with.
        for method in self.catalog.methods.values():
            if method.access.kind in (AccessKind.PERMISSION, AccessKind.SELF):
                with contextlib.suppress(grpc.RpcError):
                    self.call(method, method.request())

    # ---- calling

    def call(self, method: MethodContract, request: Any, by: Member | None = None) -> Any:
        """The reply to somebody who may call; by default the owner of the first tenant."""
        by = by or self.tenant
        if method.access.kind is AccessKind.SERVICE:
            return self.mesh.call(method, request, identity=allowed_peer(method), metadata=[(TENANT_HEADER, by.tenant)])
        token = "" if method.access.kind is AccessKind.ANONYMOUS else by.token
        return self.mesh.call(method, request, token=token)

    def refused(self, method: MethodContract, call: Callable[[], Any], code: str = "") -> Refusal:
        """How a call is refused: with this code, and always with a reason that its contract declares."""
        try:
            reply = call()
        except grpc.RpcError as error:
            found = refusal_of(error)
        else:
            raise AssertionError(f"{method.full_name} answered {type(reply).__name__} where {code} is due")
        check_declared(method, found)
        assert not code or found.code == code, f"{method.full_name}: {found.code} ({found.reason}), not {code}"
        return found

    def refuses(self, method: MethodContract, request: Any, code: str, by: Member | None = None) -> Refusal:
        """How somebody who may call is refused for what the request says."""
        return self.refused(method, lambda: self.call(method, request, by), code)

    # ---- requests

    def request(self, method: MethodContract, of: Member | None = None) -> Any:
        """A valid request that fills every field; what it names exists in the tenant and is its own."""
        owner = of or self.tenant
        request = self._samples(owner, method).message(method.request)
        standard = method.standard
        if standard and standard.verb is Verb.UPDATE:
            getattr(request, standard.field).id = self.fresh(standard.resource, owner)
        return request

    def identified(self, method: MethodContract, of: Member | None = None) -> Any:
        """The same with a `request_id` that nobody has used."""
        request = self.request(method, of)
        request.request_id = f"00000000-0000-4000-8000-{next(self._numbers):012x}"
        return request

    def random_requests(self, method: MethodContract) -> st.SearchStrategy[Any]:
        """Requests of the right shape; some of the ids in them exist."""
        return strategy(method.request.DESCRIPTOR, self._known)

    def _samples(self, owner: Member, method: MethodContract) -> Samples:
        deleted = method.standard is not None and method.standard.verb is Verb.UNDELETE

        def some_id(prefix: str, name: str) -> str:
            return self.fresh(self.by_prefix[prefix], owner, deleted=deleted and name in ("id", "ids"))

        log_in = "rapport.users.v1.LogInRequest"
        values: dict[str, Callable[[], Any]] = {
            f"{log_in}.tenant": lambda: owner.slug,
            f"{log_in}.email": lambda: owner.email,
            f"{log_in}.password": lambda: PASSWORD,
        }
        return Samples(self._numbers, some_id, values)

    # ---- resources

    def fresh(self, resource: ResourceContract, owner: Member, *, deleted: bool = False) -> str:
        """The id of a resource that no other cell knows of; of a silent one, whose records nobody changes, any."""
        if resource.silent:
            return self.known(resource, owner)[-1]
        create = self.standard(Verb.CREATE, resource)
        if create is None:
            made: str = self.mesh.insert(owner.tenant, self._row(resource, owner), **hidden(self.mesh, resource)).id
            return made
        made = self.call(create, self.request(create, owner), owner).id
        if deleted:
            delete = self.standard(Verb.DELETE, resource)
            assert delete is not None
            self.call(delete, delete.request(id=made), owner)
        return made

    def known(self, resource: ResourceContract, owner: Member, count: int = 1) -> list[str]:
        """Ids of at least so many resources in a tenant, made when they are missing."""
        kept = self._kept.setdefault(f"{resource.type} {owner.tenant}", [])
        while len(kept) < count:
            if not resource.silent:
                kept.append(self.fresh(resource, owner))
                continue
            for method in self.catalog.methods.values():
                if method.audit and method.access.kind is AccessKind.PERMISSION and len(kept) < count:
                    self.call(method, self.request(method, owner), owner)
            self.mesh.deliver()
            kept[:] = self.ids(resource, owner)
        return kept

    def ids(self, resource: ResourceContract, owner: Member) -> list[str]:
        """The ids of all resources of a tenant that are not deleted, straight from the table."""
        table = self.mesh.host(resource.service).store.metadata.tables[resource.plural]
        names = [column.name for column in table.columns]
        rows = [dict(zip(names, row, strict=True)) for row in self.mesh.dump(resource.service)[resource.plural]]
        return [r["id"] for r in rows if r["tenant_id"] == owner.tenant and not r.get("delete_time")]

    def read(self, resource: ResourceContract, identity: str, owner: Member) -> Any:
        """A resource as it is stored."""
        declared = self.mesh.resource(resource)
        store = self.mesh.host(resource.service).store
        (row,) = store.read(declared.by_id, tenant=owner.tenant, timeout=5.0, id=identity)
        return declared.build(declared.message, row)

    def standard(self, verb: Verb, resource: ResourceContract) -> MethodContract | None:
        """A resource's standard method, where it has it."""
        for method in self.catalog.methods.values():
            if method.standard and method.standard.verb is verb and method.standard.resource == resource:
                return method
        return None

    def _known(self, prefix: str) -> list[str]:
        return self.known(self.by_prefix[prefix], self.tenant, 2)[:2]

    def _row(self, resource: ResourceContract, owner: Member) -> Any:
        row = Samples(self._numbers, lambda prefix, name: owner.id, {}).message(resource.message)
        if isinstance(row, resources_pb2.User):
            row.role = resources_pb2.ROLE_MEMBER
        return row

    # ---- looking

    def everything(self) -> dict[str, Content]:
        """What is in all databases."""
        return {service: self.mesh.dump(service) for service in self.mesh.services}

    def records(self, method: MethodContract) -> list[tuple[Any, bytes]]:
        """The audit records in the outboxes that a method has written, decoded and as bytes."""
        found = []
        for service in self.mesh.services:
            for _, event in self.mesh.events(service):
                if event.type == _AUDIT:
                    record = audit_pb2.AuditRecorded.FromString(event.data)
                    if record.method == method.full_name:
                        found.append((record, event.data))
        return found


def refusal_of(error: grpc.RpcError) -> Refusal:
    """A failed call's status with its details."""
    trailers = dict(error.trailing_metadata() or ())
    data = trailers.get("grpc-status-details-bin", b"")
    status = status_pb2.Status.FromString(data)
    info, request, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    for detail in status.details:
        for known in (info, request, retry):
            if detail.Is(known.DESCRIPTOR):
                detail.Unpack(known)
    return Refusal(
        code=error.code().name,
        reason=f"{info.domain}/{info.reason}",
        fields={violation.field: violation.description for violation in request.field_violations},
        metadata=dict(info.metadata),
        retry_after=retry.retry_delay.ToMilliseconds() / 1000,
        status=data,
        text=f"{error.details()} {error.debug_error_string()} {trailers}",
    )


def check_declared(method: MethodContract, found: Refusal) -> None:
    """A refusal gives a reason that the method's contract declares, in the domain of its service, with its code."""
    domain, _, reason = found.reason.partition("/")
    assert domain == f"{method.service}.rapport", f"{method.full_name}: domain {domain!r}, {found}"
    assert reason in method.reasons, f"{method.full_name}: undeclared reason {reason!r}"
    assert found.code == _CODES[method.reasons[reason].code], f"{method.full_name}: {found.code} for {reason}"


def allowed_peer(method: MethodContract) -> str:
    """A service that may call a method for services."""
    own = {method.service}
    candidates = catalog.all_services() if "*" in method.access.peers else method.access.peers
    return next(iter(sorted(set(candidates) - own)), method.service)


def blank_request(method: MethodContract) -> Any:
    """A sample request without any world: what the descriptor alone tells of its fields."""
    numbers = itertools.count(1)
    request = Samples(numbers, lambda prefix, name: f"{prefix}_{'0' * 26}", {}).message(method.request)
    if method.standard and method.standard.verb is Verb.UPDATE:
        getattr(request, method.standard.field).id = f"{method.standard.resource.prefix}_{'0' * 26}"
    return request


def id_places(method: MethodContract) -> list[tuple[Place, str]]:
    """The fields of a request that hold an id, with its prefix."""
    found = [(p, id_prefix(p.field)) for p in places(blank_request(method)) if not is_output_only(p.field)]
    held = [(place, prefix) for place, prefix in found if prefix]
    if method.standard and method.standard.verb is Verb.UPDATE:
        path = f"{method.standard.field}.id"
        held += [(p, method.standard.resource.prefix) for p in places(blank_request(method)) if p.path == path]
    return held


def hidden(mesh: LocalMesh, resource: ResourceContract) -> dict[str, Any]:
    """Empty values for the columns of a resource's table that are no fields."""
    declared = mesh.resource(resource)
    fields = declared.message.DESCRIPTOR.fields_by_name
    return {
        column.name: column.type.python_type()
        for column in declared.table.columns
        if column.name not in fields and column.name not in ("tenant_id", "sequence")
    }


def texts(message: Any) -> Iterator[str]:
    """Every text in a message, however deep."""
    for field, value in message.ListFields():
        values: Sequence[Any] = value if field.is_repeated else [value]
        for one in values:
            if isinstance(one, str):
                yield one
            elif field.message_type:
                yield from texts(one)


_AN_ID = re.compile(r"^[a-z]{3}_[0-9A-Z]{26}$")


def personal(message: Any) -> set[str]:
    """The texts of a message that are values and no ids."""
    return {text for text in texts(message) if len(text) > 3 and not _AN_ID.match(text)}
