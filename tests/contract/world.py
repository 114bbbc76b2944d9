"""What the cells of the matrix share: a mesh with tenants, valid requests for every method, refusals decoded."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import grpc
from google.api import field_behavior_pb2
from google.protobuf.struct_pb2 import Struct
from rapport.mesh.v1 import audit_pb2
from rapport.type.v1 import custom_field_pb2
from rapport.users.v1 import publishable_key_service_pb2, resources_pb2

from mesh.contract import catalog
from mesh.contract.keys import KEY_HEADER
from mesh.contract.method import AccessKind, Verb
from mesh.contract.resource import behaviors
from mesh.runtime.client import TENANT_HEADER
from mesh.testing.eventually import eventually
from mesh.testing.messages import Place, Samples, id_prefix, places, strategy
from tests.contract import proofs, rows
from tests.contract.arrivals import Arrivals
from tests.contract.codes import Devices
from tests.contract.holders import Holders
from tests.contract.keepers import Keepers
from tests.contract.meanings import Meanings
from tests.contract.refusals import check_declared, refusal_of
from tests.contract.shapes import updates
from tests.contract.spare import Spare, spends_caller
from tests.contract.visitors import Visitors

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis import strategies as st

    from mesh.contract.method import MethodContract
    from mesh.contract.resource import ResourceContract
    from mesh.testing.inspection import Content
    from mesh.testing.local import LocalMesh, Member
    from tests.contract.refusals import Refusal

# The cells ask for credentials thousands of times within minutes, and make more imports and exports in a minute than a
# tenant may; limits have a column of their own.
LIMITS = "CREDENTIAL=600000/100000,COSTLY=60000/10000"
ORIGIN = "https://forms.example"
_AUDIT = audit_pb2.AuditRecorded.DESCRIPTOR.full_name
_CUSTOM = "matrix"


class World:
    """Two tenants in one mesh, a third that only lists read, and somebody in the first who may do nothing."""

    def __init__(self, mesh: LocalMesh) -> None:
        self.mesh = mesh
        self.catalog = catalog.load()
        self.numbers = itertools.count(1000)
        self.tenant = mesh.sign_up("matrix-home")
        self.other = mesh.sign_up("matrix-away")
        self.reader = mesh.sign_up("matrix-lists")
        self.nobody = mesh.member(self.tenant, resources_pb2.ROLE_UNSPECIFIED)
        self.colleague = mesh.member(self.tenant, resources_pb2.ROLE_OWNER)
        # Made now, as keys are read for it: columns count what a call alone asks the store for.
        known = self.tenant, self.other, self.reader, self.nobody, self.colleague
        self._proven = {each.id: self._proof(each) for each in known}
        customs = (r.message.DESCRIPTOR.full_name for r in self.catalog.resources.values() if r.custom_fields)
        self._customs = {f"{name}.custom": self._custom for name in customs}
        self._standards = {
            (m.standard.verb, m.standard.resource.type): m for m in self.catalog.methods.values() if m.standard
        }
        self.by_prefix = {r.prefix: r for r in self.catalog.resources.values()}
        self._kept: dict[str, list[str]] = {}
        self._heard: Counter[str] = Counter()  # how far each outbox was read, and the audit records in what was
        self._records: dict[str, list[tuple[Any, bytes]]] = defaultdict(list)
        self._making: list[str] = []
        self._keys: dict[str, str] = {}
        self._spare = Spare(mesh)
        self.holders = Holders(self)
        self.devices = Devices(mesh)
        self.keepers = Keepers(mesh)
        self.visitors = Visitors(self)
        self.arrivals = Arrivals(self)
        self.meanings = Meanings(self)
        for resource in self.catalog.resources.values():
            if resource.custom_fields:
                self._define(resource)
        # The first client of all has the keys of ID tokens made, which is no effect of a call.
        first_client = self.catalog.methods["/rapport.users.v1.OauthClientService/CreateOauthClient"]
        self.call(first_client, self.request(first_client))
        # Every service fetches the signing keys now, before a column breaks what it would fetch them with.
        by_token = AccessKind.PERMISSION, AccessKind.SELF
        for method in {m.service: m for m in self.catalog.methods.values() if m.access.kind in by_token}.values():
            with contextlib.suppress(grpc.RpcError):
                self.call(method, method.request())

    def _define(self, resource: ResourceContract) -> None:
        """A custom field of the same name in every tenant, so that samples of the resource can hold a value of it."""
        definition = next(r for r in self.by_prefix.values() if r.name == f"{resource.name}Field")
        create = self.standard(Verb.CREATE, definition)
        assert create is not None
        for owner in (self.tenant, self.other, self.reader):
            request = create.request()
            field = getattr(request, definition.singular)
            field.key, field.display_name, field.type = (
                _CUSTOM,
                "A field of the matrix",
                custom_field_pb2.FIELD_TYPE_TEXT,
            )
            self.call(create, request, owner)

    def _custom(self) -> Struct:
        value = Struct()
        value[_CUSTOM] = f"custom {next(self.numbers)}"
        return value

    # ---- calling

    def call(self, method: MethodContract, request: Any, by: Member | None = None) -> Any:
        """The reply to somebody who may call; by default the owner of the first tenant."""
        reply = self._call(method, request, by or self.tenant)
        if method.server_streaming:
            # What it reads until it hears that nobody listens is nobody's question to the store.
            eventually(lambda: self.mesh.open_streams(method.service) == 0, of="the end of a stream that was left")
        return reply

    def _call(self, method: MethodContract, request: Any, by: Member) -> Any:
        if method.access.kind is AccessKind.SERVICE:
            claim = [(TENANT_HEADER, by.tenant)]
            return first(self.mesh.call(method, request, identity=allowed_peer(method), metadata=claim))
        if method.access.kind is AccessKind.PUBLISHABLE_KEY:
            return first(self.mesh.call(method, request, metadata=[(KEY_HEADER, self.key(by)), ("origin", ORIGIN)]))
        if spends_caller(method):
            return first(self._spare.call(method, request, by))
        token = "" if method.access.kind in (AccessKind.ANONYMOUS, AccessKind.CAPABILITY) else by.token
        if method.assurance:
            token = self._proven.get(by.id) or self._proof(by)
        beside = [*self.holders.signature(method, request), *self.visitors.cookie(request)]
        return first(self.mesh.call(method, request, token=token, metadata=beside))

    def _proof(self, who: Member) -> str:
        """A token by two factors: other cells have given people a second one, and some methods then ask for it."""
        return proofs.token(self.mesh, who, level=2, age=0.0)

    def refused(self, method: MethodContract, call: Callable[[], Any], code: str = "") -> Refusal:
        """How a call is refused: with this code, and always with a reason that its contract declares."""
        try:
            reply = first(call())
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
        """A valid request that fills every field; what it names exists in the tenant, as what it is sent with does."""
        owner = of or self.tenant
        if method.access.kind is AccessKind.PUBLISHABLE_KEY:
            self.key(owner)
        if method.rate == "CREDENTIAL":
            self.meanings.reset_policy(owner)
        if spends_caller(method):
            # Now, as a cell may count what is asked of the store when it calls.
            self._spare.prepare(owner)
        request = self._samples(owner, method).message(method.request)
        for part in updates(method, request):
            resource = method.standard.resource if method.standard else None
            assert resource is not None
            getattr(part, resource.singular).id = self.fresh(resource, owner)
        return request

    def identified(self, method: MethodContract, of: Member | None = None) -> Any:
        """The same with a `request_id` that nobody has used."""
        request = self.request(method, of)
        request.request_id = f"00000000-0000-4000-8000-{next(self.numbers):012x}"
        return request

    def random_requests(self, method: MethodContract) -> st.SearchStrategy[Any]:
        """Requests of the right shape; some of the ids in them exist."""
        return strategy(method.request.DESCRIPTOR, self._known)

    def _samples(self, owner: Member, method: MethodContract) -> Samples:
        deleted = method.standard is not None and method.standard.verb is Verb.UNDELETE

        def some_id(prefix: str, name: str) -> str:
            if prefix in self._making:
                # A tree grows from its root: what is being made refers to none of its own kind.
                return ""
            return self.fresh(self.by_prefix[prefix], owner, deleted=deleted and name in ("id", "ids"))

        spare = self._spare.values(owner, self.devices, self.keepers)
        values = {**self.meanings.of(owner), **self.meanings.anybodys, **spare}
        if method.access.kind is AccessKind.CAPABILITY:
            values[f"{method.request.DESCRIPTOR.full_name}.token"] = lambda: self.holders.link(method, owner)
        values.update(self._customs)
        return Samples(self.numbers, some_id, values)

    def key(self, owner: Member) -> str:
        """The publishable key of a tenant, for `ORIGIN`."""
        if owner.tenant not in self._keys:
            made = resources_pb2.PublishableKey(origins=[ORIGIN])
            request = publishable_key_service_pb2.CreatePublishableKeyRequest(publishable_key=made)
            path = "/rapport.users.v1.PublishableKeyService/CreatePublishableKey"
            self._keys[owner.tenant] = self.mesh.call(path, request, token=owner.token).key
        return self._keys[owner.tenant]

    # ---- resources

    def fresh(self, resource: ResourceContract, owner: Member, *, deleted: bool = False) -> str:
        """The id of a resource that no other cell knows of; of a record of what was done, which nobody changes, any."""
        if resource.silent and not resource.parent_field:
            return self.known(resource, owner)[-1]
        create = self.standard(Verb.CREATE, resource)
        self._making.append(resource.prefix)
        try:
            made = self.call(create, self.request(create, owner), owner).id if create else self._other(resource, owner)
        finally:
            self._making.pop()
        if "job" in resource.message.DESCRIPTOR.fields_by_name:
            # What can be done with a job is, as a rule, done with one that has ended.
            self.mesh.work(resource.service)
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
            if resource.parent_field:
                # Made by work that does not run here: straight into the table, as often as it is wanted.
                kept += [self._made(resource, owner) for _ in range(count)]
                continue
            self._audited(owner)
            kept[:] = self.ids(resource, owner)
        return kept

    def _audited(self, owner: Member) -> None:
        """Whatever leaves a record has been done once, and who keeps records has heard of it."""
        for method in self.catalog.methods.values():
            if method.audit and method.access.kind is AccessKind.PERMISSION:
                self.call(method, self.request(method, owner), owner)
        self.mesh.deliver()

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
        return self._standards.get((verb, resource.type))

    def _known(self, prefix: str) -> list[str]:
        return self.known(self.by_prefix[prefix], self.tenant, 2)[:2]

    def _other(self, resource: ResourceContract, owner: Member) -> str:
        """A resource that no standard method makes: by the one that does, else straight into the table."""
        method = self.catalog.methods.get(rows.MADE_BY.get(resource.type, ""))
        if method is None:
            return self._made(resource, owner)
        return str(getattr(self.call(method, self.request(method, owner), owner), resource.singular).id)

    def _made(self, resource: ResourceContract, owner: Member) -> str:
        row = rows.row(self, resource, owner, self.meanings.anybodys)
        hidden = rows.hidden(self.mesh, resource, row)
        made = self.mesh.insert(owner.tenant, row, **hidden)
        rows.add_beside(self.mesh, owner, made)
        return str(made.id)

    # ---- looking

    def everything(self) -> dict[str, Content]:
        """What is in all databases."""
        return {service: self.mesh.dump(service) for service in self.mesh.services}

    def records(self, method: MethodContract) -> list[tuple[Any, bytes]]:
        """The audit records in the outboxes that a method has written, decoded and as bytes."""
        for service in self.mesh.services:
            for position, event in self.mesh.events(service, self._heard[service]):
                self._heard[service] = position
                if event.type == _AUDIT:
                    record = audit_pb2.AuditRecorded.FromString(event.data)
                    self._records[record.method].append((record, event.data))
        return list(self._records[method.full_name])


def first(reply: Any) -> Any:
    """A reply; of a stream the first one, or None where it has none."""
    if not isinstance(reply, grpc.RpcContext):
        return reply
    try:
        return next(reply, None)
    finally:
        reply.cancel()


def allowed_peer(method: MethodContract) -> str:
    """A service that may call a method for services."""
    own = {method.service}
    candidates = catalog.all_services() if "*" in method.access.peers else method.access.peers
    return next(iter(sorted(set(candidates) - own)), method.service)


def blank_request(method: MethodContract) -> Any:
    """A sample request without any world: what the descriptor alone tells of its fields."""
    numbers = itertools.count(1)
    request = Samples(numbers, lambda prefix, name: f"{prefix}_{'0' * 26}", {}).message(method.request)
    for part in updates(method, request):
        assert method.standard is not None
        getattr(part, method.standard.resource.singular).id = f"{method.standard.resource.prefix}_{'0' * 26}"
    return request


def id_places(method: MethodContract) -> list[tuple[Place, str]]:
    """The fields of a request that hold an id and are not ignored (AIP-203), with its prefix."""
    updates_one = method.standard is not None and method.standard.verb in (Verb.UPDATE, Verb.BATCH_UPDATE)
    ignored = {field_behavior_pb2.OUTPUT_ONLY, *([field_behavior_pb2.IMMUTABLE] if updates_one else ())}
    found = [(p, id_prefix(p.field)) for p in places(blank_request(method)) if not behaviors(p.field) & ignored]
    held = [(place, prefix) for place, prefix in found if prefix]
    if method.standard and updates_one:
        within = "requests[0]." if method.standard.verb is Verb.BATCH_UPDATE else ""
        path = f"{within}{method.standard.resource.singular}.id"
        held += [(p, method.standard.resource.prefix) for p in places(blank_request(method)) if p.path == path]
    return held
