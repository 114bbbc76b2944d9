"""What samples hold where their rules do not tell what would do: a password, a permission, an invited address."""

from __future__ import annotations

import itertools
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from google.api import httpbody_pb2
from google.protobuf.duration_pb2 import Duration
from rapport.notifications.v1 import message_service_pb2
from rapport.users.v1 import api_key_service_pb2, security_policy_service_pb2, service_account_service_pb2

from mesh.contract.catalog import all_services
from mesh.testing.local import PASSWORD
from tests.contract.arrivals import provider_fields
from tests.contract.visitors import client_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mesh.testing.local import Member
    from tests.contract.world import World

_USERS = "rapport.users.v1"
_WITH_PERMISSION = ("Grant", "CheckPermissionRequest", "ExplainPermissionRequest")

_CUSTOMERS = "rapport.customers.v1"
_WRITES = ("Create", "Replace")


class Meanings:
    """By full name of a field, what makes a value for it, in a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._permissions = itertools.cycle(sorted(world.catalog.permissions()))
        self.anybodys = self._anybodys()
        self.of = cache(self._of)

    def _anybodys(self) -> Mapping[str, Callable[[], Any]]:
        """What is the same whoever asks."""
        send = message_service_pb2.SendMessageRequest.DESCRIPTOR.full_name
        return {
            **{f"{_USERS}.{name}.permission": lambda: next(self._permissions) for name in _WITH_PERMISSION},
            f"{_USERS}.SecurityPolicy.lockout_wait": lambda: Duration(seconds=1 + self._number() % 100),
            # A way that every owner has.
            f"{_USERS}.SecurityPolicy.login_methods": lambda: [security_policy_service_pb2.LOGIN_METHOD_PASSWORD],
            f"{_USERS}.CreateImpersonationRequest.life": lambda: Duration(seconds=60 + self._number() % 3500),
            **client_fields(),
            **provider_fields(),
            **{f"{_USERS}.{verb}TenantRequest.slug": self._passing for verb in ("Suspend", "Resume")},
            f"{send}.template": lambda: "email-changed",
            f"{send}.data": lambda: [
                message_service_pb2.Datum(name=name, value=f"datum {self._number()}")
                for name in ("tenant_name", "display_name")
            ],
            f"{send}.link_id": str,
            **self._scim(),
            # Of few: what a search finds is no matter here, and the world is full of contacts.
            "rapport.customers.v1.DuplicateSearch.filter": lambda: 'external_id = "nobody"',
            "rapport.customers.v1.DuplicateSearch.identifying_fields": lambda: ["custom.matrix"],
            "rapport.customers.v1.MergeContactsRequest.choices": list,
            f"{_USERS}.SignReceiptRequest.claims": lambda: json.dumps({"jti": f"receipt {self._number()}"}),
            **{
                f"rapport.{service}.v1.{verb}SubjectRequest.cursor": str
                for service in all_services()
                for verb in ("Read", "Find")
            },
            **{f"{_CUSTOMERS}.Merge{several}Request.choices": list for several in ("Contacts", "Companies")},
            # What is matched by needs a column; a field of the tenant's own goes with one of the keys alone.
            f"{_CUSTOMERS}.ColumnMapping.field": lambda: "id",
            f"{_CUSTOMERS}.ContactImport.match_key": lambda: 4,
            f"{_CUSTOMERS}.ContactImport.match_field": str,
        }

    def _scim(self) -> Mapping[str, Callable[[], Any]]:
        """What a directory sends, whatever the tenant: groups, operations, searches."""
        bodies: dict[str, Callable[[], Any]] = {}
        for kind in ("User", "Group"):
            bodies[f"{_USERS}.PatchScim{kind}Request.body"] = self._scim_patch
            bodies[f"{_USERS}.SearchScim{kind}sRequest.body"] = lambda: _json({})
            for verb in ("Get", "Create", "Replace", "Patch"):
                bodies[f"{_USERS}.{verb}Scim{kind}Request.attributes"] = str
                bodies[f"{_USERS}.{verb}Scim{kind}Request.excluded_attributes"] = str
            for name in ("attributes", "excluded_attributes", "sort_by", "sort_order"):
                bodies[f"{_USERS}.ListScim{kind}sRequest.{name}"] = str
        return {
            **bodies,
            **{f"{_USERS}.{verb}ScimGroupRequest.body": lambda: _json(self._scim_group()) for verb in _WRITES},
            # Written as no name of a method and no reason of a failure is.
            f"{_USERS}.GetScimResourceTypeRequest.name": lambda: "gROUP",
            f"{_USERS}.GetScimSchemaRequest.uri": lambda: "urn:ietf:params:scim:schemas:core:2.0:User",
        }

    def _scim_group(self) -> dict[str, Any]:
        return {"displayName": f"Directory {self._number()}", "externalId": f"group-{self._number()}"}

    def _scim_user(self, owner: Member) -> httpbody_pb2.HttpBody:
        return _json({"userName": self._invited(owner)})

    def _scim_patch(self) -> httpbody_pb2.HttpBody:
        operation = {"op": "replace", "path": "displayName", "value": f"Patched {self._number()}"}
        return _json({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]})

    def _of(self, owner: Member) -> Mapping[str, Callable[[], Any]]:
        """What is of a tenant."""
        return {
            f"{_USERS}.LogInRequest.tenant": lambda: owner.slug,
            f"{_USERS}.LogInRequest.email": lambda: owner.email,
            f"{_USERS}.LogInRequest.password": lambda: PASSWORD,
            f"{_USERS}.CompleteLogInRequest.code": lambda: self._world.devices.completing(owner),
            f"{_USERS}.LogInWithPasskeyRequest.credential": lambda: self._world.keepers.logging_in(owner),
            f"{_USERS}.CompleteLogInWithPasskeyRequest.credential": lambda: self._world.keepers.completing(owner),
            f"{_USERS}.RequestPasswordResetRequest.tenant": lambda: owner.slug,
            f"{_USERS}.RequestPasswordResetRequest.email": lambda: owner.email,
            f"{_USERS}.DeleteTenantRequest.slug": lambda: owner.slug,
            f"{_USERS}.IssueTokenRequest.form": lambda: self._form(owner),
            **self._world.visitors.forms(owner),
            **self._world.arrivals.values(owner),
            f"{_USERS}.Invitation.email": lambda: self._invited(owner),
            **{
                f"{_USERS}.{verb}ScimUserRequest.body": lambda: _json({"userName": self._invited(owner)})
                for verb in _WRITES
            },
            f"{_USERS}.CreateApiKeyRequest.service_account_id": lambda: self._program(owner),
            "rapport.customers.v1.VerifyContactErasureRequest.receipt": lambda: self._receipt(owner),
            "rapport.customers.v1.VerifyContactErasureRequest.cursor": str,
            **{
                f"{_CUSTOMERS}.{name}Request.id": lambda: self._world.holders.worked_import(owner)
                for name in ("RevertContactImport", "CreateRefusedRowsLink")
            },
            "rapport.customers.v1.ReceiveContactHookRequest.body": self._world.holders.webhook,
            "rapport.customers.v1.ImportVcardsRequest.content": self._world.holders.card,
        }

    def reset_policy(self, owner: Member) -> None:
        """Have whoever signs in to a tenant keep to the defaults, whatever its policy was made to say here."""
        policy = security_policy_service_pb2.SecurityPolicy.DESCRIPTOR
        request = security_policy_service_pb2.UpdateSecurityPolicyRequest(security_policy={})
        request.update_mask.paths.extend({field.name for field in policy.fields} - {"etag", "update_time"})
        self._world.mesh.call(f"/{_USERS}.SecurityPolicyService/UpdateSecurityPolicy", request, token=owner.token)

    def _number(self) -> int:
        return next(self._world.numbers)

    def _form(self, owner: Member) -> httpbody_pb2.HttpBody:
        """The token request of an API key of one's own."""
        request = api_key_service_pb2.CreateApiKeyRequest(api_key={"display_name": "matrix"})
        made = self._world.mesh.call(f"/{_USERS}.ApiKeyService/CreateApiKey", request, token=owner.token)
        text = f"grant_type=client_credentials&client_id={made.api_key.id}&client_secret={made.secret}"
        return httpbody_pb2.HttpBody(content_type="application/x-www-form-urlencoded", data=text.encode())

    def _invited(self, owner: Member) -> str:
        """An address of a domain that the tenant invites people of, whatever its policy was made to say here."""
        request = security_policy_service_pb2.GetSecurityPolicyRequest()
        path = f"/{_USERS}.SecurityPolicyService/GetSecurityPolicy"
        policy = self._world.mesh.call(path, request, token=owner.token)
        return f"sample-{self._number()}@{next(iter(policy.invitation_domains), 'example.com')}"

    def _receipt(self, owner: Member) -> str:
        """That of somebody who was erased."""
        erasures = self._world.by_prefix["era"]
        erased = self._world.read(erasures, self._world.fresh(erasures, owner), owner)
        return str(erased.receipt)

    def _program(self, owner: Member) -> str:
        """A service account."""
        request = service_account_service_pb2.CreateServiceAccountRequest(display_name="matrix")
        path = f"/{_USERS}.ServiceAccountService/CreateServiceAccount"
        return str(self._world.mesh.call(path, request, token=owner.token).id)

    def _passing(self) -> str:
        """The slug of a tenant that nobody else needs."""
        return self._world.mesh.sign_up(f"matrix-passing-{self._number()}").slug


def _json(content: Any) -> httpbody_pb2.HttpBody:
    return httpbody_pb2.HttpBody(content_type="application/scim+json", data=json.dumps(content).encode())
