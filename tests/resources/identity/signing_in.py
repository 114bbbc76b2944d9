"""What tests of sessions do again and again."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from rapport.customers.v1 import contact_service_pb2
from rapport.users.v1 import security_policy_service_pb2, session_service_pb2, user_service_pb2

from mesh.runtime.rate import Buckets
from mesh.testing.local import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.testing.local import LocalMesh, Member

SESSIONS = "/rapport.users.v1.SessionService/"
_NUMBERS = itertools.count(1)


def unhurried(mesh: LocalMesh) -> None:
    """Nobody has called yet, as far as limits go."""
    mesh.host("users").rate._buckets = Buckets()


def tenant(mesh: LocalMesh) -> Member:
    """The owner of a new tenant."""
    return mesh.sign_up(f"signing-in-{next(_NUMBERS)}")


def log_in(mesh: LocalMesh, who: Member, password: str = PASSWORD, **headers: str) -> Any:
    request = session_service_pb2.LogInRequest(tenant=who.slug, email=who.email, password=password)
    sent = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return mesh.call(f"{SESSIONS}LogIn", request, metadata=sent, timeout=30)


def refresh(mesh: LocalMesh, token: str) -> Any:
    request = session_service_pb2.RefreshSessionRequest(token=token)
    return mesh.call(f"{SESSIONS}RefreshSession", request, timeout=30)


def listed(mesh: LocalMesh, token: str, *, ended: bool = False) -> list[Any]:
    request = session_service_pb2.ListSessionsRequest(show_deleted=ended, page_size=200)
    return list(mesh.call(f"{SESSIONS}ListSessions", request, token=token).sessions)


def end(mesh: LocalMesh, token: str, session_id: str) -> Any:
    return mesh.call(f"{SESSIONS}DeleteSession", session_service_pb2.DeleteSessionRequest(id=session_id), token=token)


def works(mesh: LocalMesh, token: str) -> bool:
    """Whether both services take a bearer token, once they have been told what there is to tell."""
    mesh.deliver()
    me, contacts = user_service_pb2.GetCurrentUserRequest(), contact_service_pb2.ListContactsRequest()
    answers = {
        answered(lambda: mesh.call("/rapport.users.v1.UserService/GetCurrentUser", me, token=token)),
        answered(lambda: mesh.call("/rapport.customers.v1.ContactService/ListContacts", contacts, token=token)),
    }
    assert answers in ({"OK"}, {"UNAUTHENTICATED"}), answers
    return answers == {"OK"}


def answered(call: Callable[[], object]) -> str:
    """OK, or the reason of the refusal."""
    try:
        call()
    except grpc.RpcError as error:
        return reason(error)
    return "OK"


def reason(error: Any) -> str:
    found = details(error, error_details_pb2.ErrorInfo)
    return str(found[0].reason) if found else str(error.code().name)


def details(error: Any, kind: Any) -> list[Any]:
    """What stands beside the code of a refusal."""
    sent = dict(error.trailing_metadata())["grpc-status-details-bin"]
    found = (detail for detail in status_pb2.Status.FromString(sent).details if detail.Is(kind.DESCRIPTOR))
    return [kind.FromString(detail.value) for detail in found]


def policy(mesh: LocalMesh, owner: Member, **fields: Any) -> None:
    """Have the security policy of an owner's tenant say this."""
    request = security_policy_service_pb2.UpdateSecurityPolicyRequest(security_policy=fields)
    mesh.call("/rapport.users.v1.SecurityPolicyService/UpdateSecurityPolicy", request, token=owner.token)


def later(mesh: LocalMesh, seconds: float) -> None:
    mesh.clock.advance(timedelta(seconds=seconds))
