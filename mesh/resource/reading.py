"""What the caller of a method sees of a resource that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.resource.writing import unknown

if TYPE_CHECKING:
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call


def seen(call: Call, resource: Resource[Any], identity: str) -> Any:
    """A resource as the caller of a method sees it; of one that became part of another, that one.

    Raises:
        Failure: NOT_FOUND.
    """
    sight = resource.visible(call)
    rows = call.read(resource.one(sight), id=identity, **sight.parameters)
    if not rows and (into := resource.led(call.read, [identity])):
        rows = call.read(resource.one(sight), id=into[identity], **sight.parameters)
    if not rows:
        raise unknown(resource, identity)
    found = resource.build(resource.message, rows[0])
    resource.hide(call, [found])
    return found
