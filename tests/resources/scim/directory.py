"""What speaks SCIM with a tenant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.api import httpbody_pb2
from rapport.users.v1 import (
    scim_service_pb2,
    session_service_pb2,
    user_service_pb2,
)

from mesh.testing.local import PASSWORD
from tests.contract.refusals import refusal_of

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ORIGIN = "x-envoy-original-path"


class Directory:
    """What speaks SCIM with a tenant, by a credential."""

    def __init__(self, mesh: LocalMesh, credential: str) -> None:
        self.mesh, self.credential = mesh, credential

    def ask(self, name: str, body: Any = None, headers: tuple[tuple[str, str], ...] = (), **fields: Any) -> Any:
        """The content of an answer."""
        request = getattr(scim_service_pb2, f"{name}Request")(**fields)
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            request.body.CopyFrom(httpbody_pb2.HttpBody(content_type="application/scim+json", data=data))
        path = f"/rapport.users.v1.ScimService/{name}"
        try:
            reply = self.mesh.call(path, request, token=self.credential, metadata=headers)
        except grpc.RpcError as error:
            error.add_note(str(refusal_of(error)))
            raise
        return json.loads(reply.data) if reply.data else None

    def fails(self, name: str, body: Any = None, **fields: Any) -> tuple[str, str]:
        """Reason and keyword of a refusal."""
        with pytest.raises(grpc.RpcError) as caught:
            self.ask(name, body, **fields)
        refusal = refusal_of(caught.value)
        return refusal.reason.partition("/")[2], refusal.metadata.get("scim_type", "")

    def user(self, address: str, **more: Any) -> Any:
        return self.ask("CreateScimUser", {"userName": address, "active": True, **more})

    def patch(self, resource: Any, *operations: Any) -> Any:
        kind = resource["meta"]["resourceType"]
        return self.ask(f"PatchScim{kind}", {"schemas": [PATCH], "Operations": operations}, id=resource["id"])

    def found(self, text: str, kind: str = "Users", **more: Any) -> list[str]:
        return [each["id"] for each in self.ask(f"ListScim{kind}", filter=text, **more)["Resources"]]


def directory(mesh: LocalMesh, slug: str) -> tuple[Member, Directory]:
    owner = mesh.sign_up(slug)
    return owner, Directory(mesh, owner.token)


def stored(mesh: LocalMesh, by: Member, user_id: str) -> Any:
    request = user_service_pb2.GetUserRequest(id=user_id)
    return mesh.call("/rapport.users.v1.UserService/GetUser", request, token=by.token)


def logs_in(mesh: LocalMesh, who: Member) -> bool:
    request = session_service_pb2.LogInRequest(tenant=who.slug, email=who.email, password=PASSWORD)
    try:
        mesh.call("/rapport.users.v1.SessionService/LogIn", request)
    except grpc.RpcError:
        return False
    return True
