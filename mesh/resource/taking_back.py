"""Taking a change of many fields back from a resource that others may have written since.

Owns what has to hold then: later writes win field by field (mesh.contract.unmerging), references that were moved
meanwhile stay moved, and what another one alone may have by now is not taken from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from google.protobuf.message import Message

from mesh.contract.masks import apply_mask
from mesh.contract.unmerging import taken_back
from mesh.resource.identity_keys import having
from mesh.resource.writing import Facts, change

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Write

M = TypeVar("M", bound=Message)
_ELEMENT = re.compile(r"(\w+)\[(\d+)\]")


def unmake(write: Write, resource: Resource[M], before: M, version: int) -> None:
    """Remove a locked resource with this version as if it had never been made; told as deleted.

    What stands beside it goes when its retention is over, as of every deleted one: others follow until then.
    """
    gone: Any = type(before)()
    gone.CopyFrom(before)
    gone.delete_time.FromMicroseconds(write.now_us)
    resource.remove(write, before, gone, version + 1)
    resource.leave(write, resource.id(before), write.now_us)


class TakingBack(Generic[M]):
    """Takes changes of one kind of resource back; `unique` are the columns whose values one alone may have."""

    def __init__(self, resource: Resource[M], unique: Sequence[str] = ("external_id",)) -> None:
        self._resource = resource
        self._unique = {name: having(resource.table, name) for name in unique}

    def take_back(
        self, write: Write, row: Sequence[Any], before: M, after: M, own: Any, *, but: Collection[str] = ()
    ) -> tuple[list[str], list[str]]:
        """Take the change from `before` to `after` back from the resource of a locked row.

        Gives the paths that stay as they are, and those that changed.

        own: the facts of its rule. but: fields that are left alone, and told of where the change was theirs.

        Raises:
            Failure: what the rule raises; nothing is written then.
        """
        resource = self._resource
        now = resource.build(resource.message, row)
        derived = resource.contract.output_only | {"etag", "id"}
        back, paths = taken_back(before, after, now, derived)
        for name in but:
            if getattr(back, name) != getattr(now, name):
                apply_mask(back, now, [name])
                paths.append(name)
        paths = [*paths, *self.free(write, back, now)]

        def alter(resource: Any) -> None:
            resource.CopyFrom(back)

        _, changed = change(write, resource, row, alter, Facts({}, own))
        return paths, changed

    def free(self, write: Write, back: Any, now: M | None = None) -> list[str]:
        """Take out of a resource what others have by now and one alone may have; the paths.

        So goes what must not come back at all, unless the resource has it `now`.
        """
        resource, paths = self._resource, []
        keys = list(resource.keys.of(back)) if resource.keys is not None else []
        single = [key for key in keys if key.single]
        taken = resource.keys.holders(write.read, single, single=True) if resource.keys is not None else {}
        has = {(key.kind, key.value) for key in resource.keys.of(now)} if resource.keys is not None and now else set()
        new = [key for key in keys if (key.kind, key.value) not in has]
        barred = resource.keys.barred(write, new) if resource.keys is not None else ()
        for key in reversed(keys):
            element = _ELEMENT.match(key.path)
            others = key.single and {*taken.get((key.kind, key.value), ())} - {back.id}
            if (others or key in barred) and element:
                del getattr(back, element[1])[int(element[2])]
                paths.append(key.path)
        for name, statement in self._unique.items():
            holders = write.read(statement, values=[getattr(back, name)]) if getattr(back, name) else ()
            if any(row[0] != back.id for row in holders):
                back.ClearField(name)
                paths.append(name)
        if resource.custom and back.HasField("custom"):
            paths += resource.custom.free(write, back)
        return paths
