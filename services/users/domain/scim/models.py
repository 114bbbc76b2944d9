"""The resources of SCIM as they are here: what of RFC 7643 is kept, and what of that is told.

Everything else that a directory sends is left out, as the RFC has it (section 3.3 of RFC 7644), since directories send
whatever they were set up to send.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    Mutability,
    Reference,
    Required,
    Resource,
    ResourceType,
    Returned,
    Schema,
    ScimPolicy,
    ServiceProviderConfig,
    Uniqueness,
)
from scim2_models.attributes import ExtensibleStringEnum
from scim2_models.resources.user import GroupMembership  # noqa: TC002  # read when the class is made

BASE = "/scim/v2"
DEFAULT_COUNT, MAX_COUNT = 100, 200
# What a list with the members of groups may come to stays below what the edge hands on.
MAX_COUNT_OF_MEMBERS = 20
# How many resources are looked through for a filter or an order that the database has no index for.
MAX_SCANNED = 10_000

TOLERANT = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""How far what is sent may depart from the RFCs: as far as Entra ID and Okta do."""

# Understood where it is sent, and told to nobody who does not ask for it.
_HIDDEN = Returned.request


class Work(ExtensibleStringEnum):
    """The label of an address: there is one, and it is that of work."""

    work = "work"


class MemberType(ExtensibleStringEnum):
    """What members of groups are."""

    User = "User"


class BuiltInRole(ExtensibleStringEnum):
    """The built-in roles. Others are those that the tenant made, by their ids."""

    owner = "owner"
    member = "member"
    viewer = "viewer"


class Name(ComplexAttribute):
    """The components of a user's name."""

    family_name: str | None = None
    """The family name."""
    given_name: str | None = None
    """The given name."""
    formatted: Annotated[str | None, _HIDDEN] = None
    """The whole name; what `displayName` is where that is not sent."""


class Email(ComplexAttribute):
    """The address that a user logs in with."""

    value: str | None = None
    """The address."""
    type: Work | None = None
    """`work`."""
    primary: Annotated[bool | None, _HIDDEN] = None
    """Whether it is the one to take of several."""


class Role(ComplexAttribute):
    """A role of a user."""

    value: BuiltInRole | None = None
    """`owner`, `member`, `viewer`, or the id of a role that the tenant made."""
    primary: Annotated[bool | None, _HIDDEN] = None
    """Whether it is the one to show of several."""


class User(Resource[Any]):
    """A person who works with Rapport."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """Name by which the directory knows the user; unique. Where it is an address, that stands for `emails`."""
    name: Name | None = None
    """The components of the user's name."""
    display_name: str | None = None
    """Name shown to people."""
    active: bool | None = None
    """Whether the user may work; one who may not is suspended, and keeps what they own."""
    emails: list[Email] | None = None
    """The address that the user logs in with; of several, the primary one, that of work, or the first."""
    roles: list[Role] | None = None
    """Roles that the user has by themselves, at most one of them built-in. A replacement without them keeps them."""
    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    """Groups that the user is in; changed by changing those."""


class Member(ComplexAttribute):
    """A member of a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """Id of the user."""
    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Where the user is."""
    type: Annotated[MemberType | None, Mutability.immutable] = None
    """`User`; there are no groups in groups."""
    display: Annotated[str | None, _HIDDEN] = None
    """Name of the user."""


class Group(Resource[Any]):
    """Users who have the same roles."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    """Name shown to people."""
    members: list[Member] | None = None
    """Users in the group, at most 1,000."""


def schemas() -> list[Schema]:
    """What is told of the resources. Attributes that always have a value cannot be removed, and so are required."""
    user = _published(User, required=("active", "emails"))
    return [user, _published(Group), *(each.to_schema() for each in (ServiceProviderConfig, ResourceType, Schema))]


def _published(model: type[Resource[Any]], required: tuple[str, ...] = ()) -> Schema:
    schema = model.to_schema()
    for attribute in schema.attributes or []:
        parts = attribute.sub_attributes = [each for each in attribute.sub_attributes or [] if each.returned != _HIDDEN]
        needed = [attribute, *(each for each in parts if each.name == "value")] if attribute.name in required else []
        for each in needed:
            each.required = Required.true
    return schema


def resource_types() -> list[ResourceType]:
    """What there are resources of."""
    return [ResourceType.from_resource(model) for model in (User, Group)]


def provider_config() -> ServiceProviderConfig:
    """What there is of SCIM."""
    return ServiceProviderConfig.model_validate(
        {
            "patch": {"supported": True},
            "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
            "filter": {"supported": True, "maxResults": MAX_COUNT},
            "changePassword": {"supported": False},
            "sort": {"supported": True},
            "etag": {"supported": True},
            "authenticationSchemes": [
                {
                    "type": "oauthbearertoken",
                    "name": "API key",
                    "description": "An API key of the tenant, or a token for one, as the bearer token.",
                    "primary": True,
                }
            ],
        }
    )
