"""What tests of sign-ins through a provider do again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import identity_provider_service_pb2, resources_pb2, upstream_service_pb2

from mesh.testing.openid_provider import CLIENT_ID, CLIENT_SECRET

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member
    from mesh.testing.openid_provider import Provider

PROVIDERS, UPSTREAMS = "/rapport.users.v1.IdentityProviderService/", "/rapport.users.v1.UpstreamService/"
BACK = "https://app.example/back"


@dataclass(frozen=True, slots=True)
class Door:
    """A provider as a tenant has set it up."""

    mesh: LocalMesh
    owner: Member
    there: Provider
    id: str

    def begin(self, **fields: Any) -> Any:
        request = upstream_service_pb2.BeginUpstreamLogInRequest(
            **{"tenant": self.owner.slug, "identity_provider_id": self.id, "redirect_uri": BACK, **fields}
        )
        return self.mesh.call(f"{UPSTREAMS}BeginUpstreamLogIn", request)

    def answer(self, subject: str, email: str = "", *, again: bool = False, **claims: Any) -> Any:
        """What a program sends when somebody has been there and back."""
        begun = self.begin(again=again)
        said = {"email": email, "email_verified": True, **claims} if email else claims
        back = self.there.arrive(begun.authorization_uri, subject, **said)
        return upstream_service_pb2.UpstreamAnswer(login_token=begun.login_token, identity_provider_id=self.id, **back)

    def send(self, answer: Any) -> Any:
        request = upstream_service_pb2.LogInWithUpstreamRequest(answer=answer)
        return self.mesh.call(f"{UPSTREAMS}LogInWithUpstream", request, timeout=15)

    def log_in(self, subject: str, email: str = "", *, again: bool = False, **claims: Any) -> Any:
        return self.send(self.answer(subject, email, again=again, **claims))

    def link(self, who: Member, subject: str) -> Any:
        """The link of a user who has said that an account is theirs."""
        token = self.log_in(subject, who.email).link_token
        return ask(self.mesh, "LinkUpstream", who.token, link_token=token)

    def change(self, **fields: Any) -> Any:
        sent = resources_pb2.IdentityProvider(id=self.id, **fields)
        request = identity_provider_service_pb2.UpdateIdentityProviderRequest(identity_provider=sent)
        return self.mesh.call(f"{PROVIDERS}UpdateIdentityProvider", request, token=self.owner.token)


def ask(mesh: LocalMesh, name: str, token: str = "", **fields: Any) -> Any:
    request = getattr(upstream_service_pb2, f"{name}Request")(**fields)
    return mesh.call(f"{UPSTREAMS}{name}", request, token=token)


def door(mesh: LocalMesh, owner: Member, there: Provider, **fields: Any) -> Door:
    """A new provider of a tenant, with its secret."""
    usual = {"display_name": "Acme Directory", "issuer": there.url, "client_id": CLIENT_ID}
    create = identity_provider_service_pb2.CreateIdentityProviderRequest(identity_provider={**usual, **fields})
    made = mesh.call(f"{PROVIDERS}CreateIdentityProvider", create, token=owner.token)
    secret = identity_provider_service_pb2.SetIdentityProviderSecretRequest(id=made.id, client_secret=CLIENT_SECRET)
    assert mesh.call(f"{PROVIDERS}SetIdentityProviderSecret", secret, token=owner.token).HasField("secret_time")
    return Door(mesh, owner, there, made.id)
