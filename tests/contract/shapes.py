"""Where in requests and replies of standard methods the resources are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.contract.method import Verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.contract.method import MethodContract


def updates(method: MethodContract, request: Any) -> Sequence[Any]:
    """The requests to update one resource that a request is or holds."""
    verb = method.standard.verb if method.standard else None
    return [request] if verb is Verb.UPDATE else request.requests if verb is Verb.BATCH_UPDATE else []


def resource_of(method: MethodContract, reply: Any) -> Any:
    """The resource, or of several the first, that a standard method answers with."""
    assert method.standard is not None
    batch = method.standard.verb in (Verb.BATCH_CREATE, Verb.BATCH_UPDATE)
    return getattr(reply, method.standard.field)[0] if batch else reply
