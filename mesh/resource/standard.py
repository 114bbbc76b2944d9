"""The handlers of the standard methods (AIP-131 to AIP-135, AIP-164, AIP-231 to AIP-234), for any resource."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mesh.contract.failure import Failure, below, invalid
from mesh.contract.masks import apply_mask, effective_paths
from mesh.contract.method import StandardMethod, Verb
from mesh.contract.pages import page_size
from mesh.resource import merged
from mesh.resource.identity_keys import is_clash
from mesh.resource.listing import unled
from mesh.resource.reading import seen
from mesh.resource.scopes import Breadth
from mesh.resource.writing import (
    KEPT,
    NO_FACTS,
    Facts,
    absent,
    add,
    change,
    create,
    deleting,
    gather,
    unknown,
)
from mesh.store.errors import UniqueViolation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from google.protobuf.message import Message

    from mesh.contract.method import MethodContract
    from mesh.resource.listing import Led
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit

MAX_COUNT = 10_000


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
        Verb.COUNT: verbs.count,
        Verb.CREATE: verbs.create,
        Verb.BATCH_CREATE: verbs.batch_create,
        Verb.UPDATE: verbs.update,
        Verb.BATCH_UPDATE: verbs.batch_update,
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
        """One resource, deleted or not (AIP-164); of one that became part of another, that one."""
        found: Message = seen(call, self._resource, request.id)
        return found

    def list(self, call: Call, request: Any) -> Message:
        """One page."""
        resource = self._resource
        show_deleted = resource.contract.soft_delete and request.show_deleted
        custom = resource.custom.query(call, request.filter, request.order_by) if resource.custom else None
        order = resource.listing.order(request.order_by, custom)
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
        page = resource.listing.page(
            request.filter,
            order,
            resource.visible(call),
            after=after,
            limit=size + 1,
            show_deleted=show_deleted,
            custom=custom,
            led=self._led(call),
        )
        rows = call.read(page.statement, **page.parameters)
        reply = self._method.reply()
        add = getattr(reply, self._field).add
        for row in rows[:size]:
            resource.build(add, row[: page.width])
        self._resource.hide(call, getattr(reply, self._field))
        if len(rows) > size:
            reply.next_page_token = pages.make(binding, [rows[size - 1][i] for i in page.key])
        return reply

    def batch_get(self, call: Call, request: Any) -> Message:
        """All of the ids, or a failure that names the first unknown one; ids that were merged lead on, as in get()."""
        resource, sight = self._resource, self._resource.visible(call)
        asked = list(dict.fromkeys(request.ids))
        rows = {row[1]: row for row in call.read(resource.several(sight), ids=asked, **sight.parameters)}
        into = resource.led(call.read, [identity for identity in asked if identity not in rows])
        if into:
            several = call.read(resource.several(sight), ids=sorted(set(into.values())), **sight.parameters)
            found = {row[1]: row for row in several}
            rows.update({identity: found[place] for identity, place in into.items() if place in found})
        reply = self._method.reply()
        add = getattr(reply, self._field).add
        for identity in request.ids:
            if identity not in rows:
                raise unknown(resource, identity)
            resource.build(add, rows[identity])
        self._resource.hide(call, getattr(reply, self._field))
        return reply

    def _led(self, call: Call) -> Led:
        """What replaces the ids in a filter that others took the place of."""
        prefixes = self._resource.references.merging
        return (lambda values: merged.led(call.read, values, prefixes)) if prefixes else unled

    def count(self, call: Call, request: Any) -> Message:
        """How many there are, counted to a bound: beyond it only that there are more."""
        resource = self._resource
        page = resource.listing.count(
            request.filter,
            resource.visible(call),
            most=MAX_COUNT + 1,
            show_deleted=resource.contract.soft_delete and request.show_deleted,
            custom=resource.custom.query(call, request.filter) if resource.custom else None,
            led=self._led(call),
        )
        ((found,),) = call.read(page.statement, **page.parameters)
        return self._method.reply(count=min(found, MAX_COUNT), capped=found > MAX_COUNT)

    def create(self, call: Call, request: Any) -> Message:
        """One new resource."""
        new = [getattr(request, self._field)]
        facts = gather(call, self._resource, new)
        with self._clashes(call, new, self._field), call.commit() as commit:
            (created,) = self._insert(commit, new, facts, self._field, self._field)
            return commit.reply(created)

    def batch_create(self, call: Call, request: Any) -> Message:
        """All of the new resources, or none."""
        new = list(getattr(request, self._field))
        facts = gather(call, self._resource, new)
        path = f"{self._field}[{{}}]"
        with self._clashes(call, new, path), call.commit() as commit:
            created = self._insert(commit, new, facts, path, self._field)
            return commit.reply(self._method.reply(**{self._field: created}))

    def _insert(self, commit: Commit, new: Sequence[Any], facts: Facts, path: str, all_of: str) -> Sequence[Any]:
        created: list[Any] = []
        for number, sent in enumerate(new):
            created.append(create(commit, self._resource, sent, facts, path=path.format(number)))
        with self._unique(all_of):
            add(commit, self._resource, created, facts, path=path)
        self._check_writable(commit, [after.id for after in created], Breadth.ALL)
        for after in created:
            commit.audit(f"{self._collection}/{after.id}")
        return created

    def update(self, call: Call, request: Any) -> Message:
        """The resource with the fields of the mask changed; nothing is written where nothing changes."""
        sent = getattr(request, self._field)
        paths = self._paths(sent, request)
        facts = gather(call, self._resource, [sent])

        def alter(after: Any) -> None:
            apply_mask(after, sent, paths)

        with self._clashes(call, [sent], self._field):
            return self._change(call, sent.id, sent.etag, "Updated", alter, facts)

    def batch_update(self, call: Call, request: Any) -> Message:
        """All of the resources changed as update() does it, in the order asked, or none."""
        resource, singular = self._resource, self._resource.contract.singular
        sent = [getattr(part, singular) for part in request.requests]
        paths = []
        for number, part in enumerate(request.requests):
            with below(f"requests[{number}]"):
                if part.request_id:
                    raise invalid("request_id", "belongs to the batch as a whole")
                if sent[number].id in {other.id for other in sent[:number]}:
                    raise invalid(f"{singular}.id", "stands twice")
                paths.append(self._paths(sent[number], part))
        facts = gather(call, resource, sent)
        with self._clashes(call, sent, f"requests[{{}}].{singular}"), call.commit() as commit:
            rows = self._locked_rows(commit, [each.id for each in sent])
            reply = self._method.reply()
            for number, each in enumerate(sent):

                def alter(after: Any, each: Any = each, named: Sequence[str] = tuple(paths[number])) -> None:
                    apply_mask(after, each, named)

                path = f"requests[{number}].{singular}"
                after = self._write(commit, rows[each.id], alter, facts, given=each.etag, path=path)
                getattr(reply, self._field).append(after)
            self._resource.hide(call, getattr(reply, self._field))
            return commit.reply(reply)

    def _paths(self, sent: Any, request: Any) -> Sequence[str]:
        """The paths that a request to update changes."""
        contract, mask = self._resource.contract, request.update_mask.paths
        if mask and contract.immutable & set(mask):
            raise invalid("update_mask", "names a field that cannot be changed")
        return effective_paths(sent, mask, contract.output_only | contract.immutable | KEPT)

    def delete(self, call: Call, request: Any) -> Message:
        """The resource marked as deleted; deleting it again changes nothing."""
        alter = deleting(call.environment.clock.now_us())
        return self._change(call, request.id, request.etag, "Deleted", alter, NO_FACTS)

    def undelete(self, call: Call, request: Any) -> Message:
        """The resource brought back, as its rule still allows it."""
        facts = gather(call, self._resource, [])

        def bring_back(after: Any) -> None:
            after.ClearField("delete_time")

        with self._clashes(call, [self._resource.message(id=request.id)], self._field):
            return self._change(call, request.id, request.etag, "Undeleted", bring_back, facts)

    def _change(
        self, call: Call, identity: str, given: str, kind: str, alter: Callable[[Any], None], facts: Facts
    ) -> Message:
        with call.commit() as commit:
            row = self._locked_rows(commit, [identity], gone=kind != "Updated")[identity]
            after = self._write(commit, row, alter, facts, given=given, kind=kind, path=self._field)
            self._resource.hide(call, [after])
            reply: Message = commit.reply(after)
            return reply

    def _write(
        self,
        commit: Commit,
        row: Sequence[Any],
        alter: Callable[[Any], None],
        facts: Facts,
        *,
        path: str,
        **more: str,
    ) -> Any:
        """The resource of a locked row as it is written, with its titles and its audit record."""
        with self._unique(path):
            after, changed = change(commit, self._resource, row, alter, facts, path=path, **more)
        if any(field.name in changed for field in self._resource.references.fields):
            self._resource.references.fill(commit, [after], facts.known)
        commit.audit(f"{self._collection}/{row[1]}", changed)
        return after

    def _locked_rows(self, commit: Commit, ids: Sequence[str], *, gone: bool = False) -> dict[str, Sequence[Any]]:
        """The rows by id, held until the end of the write; deleted ones only where they may be `gone`.

        Raises:
            Failure: NOT_FOUND where the caller cannot see one, PERMISSION_DENIED where the caller cannot change one.
        """
        resource = self._resource
        sight = resource.visible(commit.call)
        resource.enter(commit)
        if len(ids) == 1:
            rows = commit.read(resource.lock(sight), id=ids[0], **sight.parameters)
        else:
            rows = commit.read(resource.lock_several(sight), ids=list(ids), **sight.parameters)
        if not gone and resource.contract.soft_delete:
            rows = [row for row in rows if row[resource.deleted] is None]
        found: dict[str, Sequence[Any]] = {row[1]: row for row in rows}
        for identity in ids:
            if identity not in found:
                raise absent(commit.call, commit.read, resource, identity)
        self._check_writable(commit, ids, sight.breadth)
        return found

    def _check_writable(self, commit: Commit, ids: Sequence[str], known: Breadth) -> None:
        """Refuse rows that the caller may not change; `known` is a breadth that all of them are in already."""
        sight = self._resource.scopes.writable(commit.call)
        if sight.breadth >= known:
            return
        rows = commit.read(self._resource.several(sight), ids=list(ids), **sight.parameters)
        if len(rows) < len(set(ids)):
            # What is its owner's alone is not a matter of permissions.
            own = bool(self._resource.contract.sharing_field)
            raise Failure("PERMISSION_DENIED", metadata={} if own else {"permission": self._method.access.permission})

    @contextmanager
    def _clashes(self, call: Call, sent: Sequence[Any], path: str) -> Iterator[None]:
        """Tell who is in the way of what was sent, as far as the caller sees them. `path` has `{}` for numbers."""
        resource = self._resource
        try:
            yield
        except (UniqueViolation, Failure) as error:
            if resource.keys is None or not is_clash(error):
                raise
            failure = error if isinstance(error, Failure) else Failure("ALREADY_EXISTS")
            whole = [(path.format(number), self._whole(call, each)) for number, each in enumerate(sent)]
            raise resource.keys.explain(call, resource, failure, whole) from error

    def _whole(self, call: Call, sent: Any) -> Any:
        """What was sent; of a resource that is only named, what is stored."""
        rows = call.read(self._resource.by_id, id=sent.id) if len(sent.ListFields()) == 1 and sent.id else ()
        return self._resource.build(self._resource.message, rows[0]) if rows else sent

    def _unique(self, path: str) -> _Unique:
        return _Unique(path, frozenset(self._resource.message.DESCRIPTOR.fields_by_name))


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
