"""How tests of customers call it: by the method's name, with what the request holds."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2

from mesh.contract.catalog import load_service
from mesh.runtime.clock import SystemClock

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

_METHODS = {method.name: method for method in load_service("customers").methods.values()}
_slugs = itertools.count()


def tenant(mesh: LocalMesh, name: str) -> Member:
    """The owner of a tenant that no other test knows."""
    return mesh.sign_up(f"{name}-{next(_slugs)}-{SystemClock().now_us()}")


def call(mesh: LocalMesh, member: Member, name: str, **fields: Any) -> Any:
    """The reply of a method; the fields of its request as JSON has them."""
    method = _METHODS[name]
    request = json_format.ParseDict(fields, method.request())
    return mesh.call(method, request, token=member.token, timeout=20)


def refusal(error: grpc.RpcError) -> tuple[str, str, dict[str, str], set[str]]:
    """The code of a refusal, its reason, its metadata, and the fields it names."""
    trailing = dict(error.trailing_metadata() or ())  # type: ignore[attr-defined]  # grpc is untyped
    status = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status.details:
        for kind in (info, bad):
            detail.Unpack(kind)
    fields = {violation.field for violation in bad.field_violations}
    return error.code().name, info.reason, dict(info.metadata), fields  # type: ignore[attr-defined]


def outcome(mesh: LocalMesh, member: Member, name: str, **fields: Any) -> str:
    """OK, or the reason that a call fails for."""
    try:
        call(mesh, member, name, **fields)
    except grpc.RpcError as error:
        return refusal(error)[1]
    return "OK"
