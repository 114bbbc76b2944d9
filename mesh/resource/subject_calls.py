"""Asking every other service what it holds of a person. New services are asked because they are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.contract.catalog import all_services, load_service
from mesh.contract.failure import Failure
from mesh.resource.subject_service import AREA
from mesh.runtime.client import CallFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.client import Caller


def others(own: str) -> Sequence[str]:
    """The services that answer of persons, but for one's own, by alphabet."""
    return [name for name in all_services() if name != own and _path(name, "ReadSubject") in load_service(name).methods]


def ask(caller: Caller, service: str, name: str, tenant: str, **request: Any) -> Any:
    """The reply of a method of a service's SubjectService.

    Raises:
        Failure: UNAVAILABLE, where the service is away or refuses.
    """
    method = load_service(service).methods[_path(service, name)]
    try:
        return caller.unary(method.path, method.request(**request), method.reply, None, tenant=tenant)
    except CallFailed as failed:
        raise Failure("UNAVAILABLE", metadata={"method": method.full_name}) from failed


def _path(service: str, name: str) -> str:
    return f"/rapport.{service}.v1.{AREA}/{name}"
