"""The handlers of the standard methods (AIP-131 to AIP-135, AIP-164, AIP-231, AIP-233), for any resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.contract.etags import check_etag, etag
from mesh.contract.failure import Failure, invalid
from mesh.contract.masks import apply_mask, changed_paths, effective_paths
from mesh.contract.method import StandardMethod, Verb
from mesh.contract.pages import page_size
from mesh.store.errors import UniqueViolation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from google.protobuf.message import Message

    from mesh.contract.method import MethodContract
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit

# What the engine keeps itself; a mask never reaches it.
_KEPT = frozenset({"id", "etag", "create_time", "update_time", "delete_time"})


def standard_handler(method: MethodContract, resource: Resource[Any]) -> Any:
    """The handler of one standard method.

    Raises:
        ValueError: the method is not a standard one.
    """
    if method.standard is None:
        msg = f"{method.full_name} is no standard method"
        raise ValueError(msg)
    verbs = StandardMethods(method, method.standard, resource)
    return {
        Verb.GET: verbs.get,
        Verb.LIST: verbs.list,
        Verb.BATCH_GET: verbs.batch_get,
        Verb.CREATE: verbs.create,
        Verb.BATCH_CREATE: verbs.batch_create,
        Verb.UPDATE: verbs.update,
        Verb.DELETE: verbs.delete,
        Verb.UNDELETE: verbs.undelete,
    }[method.standard.verb]


class StandardMethods:
    """The handlers of one method and resource."""

    def __init__(self, method: MethodContract, standard: StandardMethod, resource: Resource[Any]) -> None:
        self._method = method
        self._field = standard.field
        self._resource = resource
        self._collection = resource.contract.collection

    def get(self, call: Call, request: Any) -> Message:
        """One resource, deleted or not (AIP-164)."""
        rows = call.read(self._resource.by_id, id=request.id)
        if not rows:
            raise self._unknown(request.id)
        reply: Message = self._resource.build(self._resource.message, rows[0])
        return reply

    def list(self, call: Call, request: Any) -> Message:
        """One page."""
        resource = self._resource
        show_deleted = resource.contract.soft_delete and request.show_deleted
        order = resource.listing.order(request.order_by)
        caller = call.identity
        binding = (
            caller.tenant,
            caller.principal,
            self._method.path,
            request.filter,
            request.order_by,
            str(show_deleted),
        )
        pages = call.environment.pages
        after = pages.read(binding, request.page_token, len(order)) if request.page_token else ()
        size = page_size(request.page_size)
        page = resource.listing.page(request.filter, order, after=after, limit=size + 1, show_deleted=show_deleted)
        rows = call.read(page.statement, **page.parameters)
        reply = self._method.reply()
        add = getattr(reply, self._field).add
        for row in rows[:size]:
            resource.build(add, row)
        if len(rows) > size:
            reply.next_page_token = pages.make(binding, [rows[size - 1][i] for i in page.key])
        return reply

    def batch_get(self, call: Call, request: Any) -> Message:
        """All of the ids, or a failure that names the first unknown one."""
        resource = self._resource
        rows = {row[1]: row for row in call.read(resource.by_ids, ids=list(dict.fromkeys(request.ids)))}
        reply = self._method.reply()
        add = getattr(reply, self._field).add
        for identity in request.ids:
            if identity not in rows:
                raise self._unknown(identity)
            resource.build(add, rows[identity])
        return reply

    def create(self, call: Call, request: Any) -> Message:
        """One new resource."""
        new = [getattr(request, self._field)]
        facts = self._resource.gather(call, new)
        with self._unique_fields(self._field), call.commit() as commit:
            (created,) = self._insert(commit, new, facts, self._field)
            return commit.reply(created)

    def batch_create(self, call: Call, request: Any) -> Message:
        """All of the new resources, or none."""
        new = list(getattr(request, self._field))
        facts = self._resource.gather(call, new)
        with self._unique_fields(self._field), call.commit() as commit:
            created = self._insert(commit, new, facts, f"{self._field}[{{}}]")
            return commit.reply(self._method.reply(**{self._field: created}))

    def _insert(self, commit: Commit, new: Sequence[Any], facts: Any, path: str) -> Sequence[Any]:
        resource, ids = self._resource, commit.call.environment.ids
        created = []
        for number, sent in enumerate(new):
            after = resource.message()
            after.CopyFrom(sent)
            for name in resource.contract.output_only | _KEPT:
                if name in after.DESCRIPTOR.fields_by_name:
                    after.ClearField(name)
            after.id = ids.new(resource.contract.prefix)
            after.create_time.FromMicroseconds(commit.now_us)
            after.update_time.FromMicroseconds(commit.now_us)
            after = self._decide(None, after, facts, path.format(number))
            after.etag = etag(1)
            created.append(after)
        resource.insert(commit, created)
        for after in created:
            commit.audit(f"{self._collection}/{after.id}")
        return created

    def update(self, call: Call, request: Any) -> Message:
        """The resource with the fields of the mask changed; nothing is written where nothing changes."""
        sent = getattr(request, self._field)
        contract = self._resource.contract
        if request.update_mask.paths and contract.immutable & set(request.update_mask.paths):
            raise invalid("update_mask", "names a field that cannot be changed")
        paths = effective_paths(sent, request.update_mask.paths, contract.output_only | contract.immutable | _KEPT)
        facts = self._resource.gather(call, [sent])

        def change(after: Any) -> None:
            apply_mask(after, sent, paths)

        return self._change(call, sent.id, sent.etag, "Updated", change, facts)

    def delete(self, call: Call, request: Any) -> Message:
        """The resource marked as deleted; deleting it again changes nothing."""

        def change(after: Any) -> None:
            if not after.HasField("delete_time"):
                after.delete_time.FromMicroseconds(call.environment.clock.now_us())

        return self._change(call, request.id, request.etag, "Deleted", change, None)

    def undelete(self, call: Call, request: Any) -> Message:
        """The resource brought back, as its rule still allows it."""
        facts = self._resource.gather(call, [])
        return self._change(call, request.id, request.etag, "Undeleted", lambda r: r.ClearField("delete_time"), facts)

    def _change(
        self, call: Call, identity: str, given: str, kind: str, change: Callable[[Any], None], facts: Any
    ) -> Message:
        resource = self._resource
        with self._unique_fields(self._field), call.commit() as commit:
            rows = commit.read(resource.locked, id=identity)
            if not rows:
                raise self._unknown(identity)
            version = rows[0][0]
            before: Any = resource.build(resource.message, rows[0])
            check_etag(given, version)
            if kind == "Updated" and resource.contract.soft_delete and before.HasField("delete_time"):
                raise self._unknown(identity)
            after = resource.message()
            after.CopyFrom(before)
            change(after)
            if kind != "Deleted":
                after = self._decide(before, after, facts, self._field)
            changed = changed_paths(before, after)
            if changed:
                after.update_time.FromMicroseconds(commit.now_us)
                after.etag = etag(version + 1)
                resource.update(commit, kind, before, after, changed, version + 1)
            commit.audit(f"{self._collection}/{identity}", changed)
            return commit.reply(after)

    def _decide(self, before: Any, after: Any, facts: Any, path: str) -> Any:
        """Ask the rule, and place the fields it complains of below the field of the request."""
        try:
            return self._resource.decide(before, after, facts)
        except Failure as failure:
            placed = {f"{path}.{name}" if name else path: text for name, text in failure.fields.items()}
            raise Failure(failure.reason, fields=placed, metadata=failure.metadata) from None

    def _unique_fields(self, path: str) -> _Unique:
        return _Unique(path, frozenset(self._resource.message.DESCRIPTOR.fields_by_name))

    def _unknown(self, identity: str) -> Failure:
        return Failure("NOT_FOUND", metadata={"resource": f"{self._collection}/{identity}"})


class _Unique:
    """Turns a clash of unique values into ALREADY_EXISTS with the field that clashes."""

    def __init__(self, path: str, fields: frozenset[str]) -> None:
        self._path = path
        self._fields = fields

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, UniqueViolation):
            columns = [column for column in error.columns if column in self._fields]
            fields = {f"{self._path}.{column}": "is used by another resource" for column in columns}
            raise Failure("ALREADY_EXISTS", fields=fields, metadata={"fields": ",".join(columns)}) from error
