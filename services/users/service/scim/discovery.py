"""What a directory asks first: what of SCIM there is (RFC 7644, section 4)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from scim2_models import Context

from mesh.contract.failure import Failure
from mesh.contract.scim import error_body
from services.users.domain.scim import models
from services.users.service.scim.answers import answer, answer_list, base

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.api import httpbody_pb2
    from rapport.users.v1 import scim_service_pb2

    from mesh.runtime.call import Call


@cache
def _schemas() -> Mapping[str, dict[str, Any]]:
    return {str(each.id): _dump(each) for each in models.schemas()}


@cache
def _types() -> Mapping[str, dict[str, Any]]:
    return {str(each.name): _dump(each) for each in models.resource_types()}


def _dump(resource: Any) -> dict[str, Any]:
    content: dict[str, Any] = resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    return content


class Discovery:
    """The methods that tell of the service itself."""

    def get_scim_service_provider_config(
        self, call: Call, request: scim_service_pb2.GetScimServiceProviderConfigRequest
    ) -> httpbody_pb2.HttpBody:
        """What there is."""
        del request
        config = _dump(models.provider_config())
        return answer(call, 200, _placed(call, config, "ServiceProviderConfig", "ServiceProviderConfig"))

    def list_scim_resource_types(
        self, call: Call, request: scim_service_pb2.ListScimResourceTypesRequest
    ) -> httpbody_pb2.HttpBody:
        """The types of resources."""
        del request
        return _all(call, _types(), "ResourceType", "ResourceTypes")

    def get_scim_resource_type(
        self, call: Call, request: scim_service_pb2.GetScimResourceTypeRequest
    ) -> httpbody_pb2.HttpBody:
        """One type of resources."""
        return _one(call, _types(), request.name, "ResourceType", "ResourceTypes")

    def list_scim_schemas(self, call: Call, request: scim_service_pb2.ListScimSchemasRequest) -> httpbody_pb2.HttpBody:
        """The schemas."""
        del request
        return _all(call, _schemas(), "Schema", "Schemas")

    def get_scim_schema(self, call: Call, request: scim_service_pb2.GetScimSchemaRequest) -> httpbody_pb2.HttpBody:
        """One schema."""
        return _one(call, _schemas(), request.uri, "Schema", "Schemas")

    def get_scim_me(self, call: Call, request: scim_service_pb2.GetScimMeRequest) -> httpbody_pb2.HttpBody:
        """That there is no such thing (RFC 7644, section 3.11)."""
        del request
        return _unsupported(call)

    def answer_scim_unsupported(
        self, call: Call, request: scim_service_pb2.AnswerScimUnsupportedRequest
    ) -> httpbody_pb2.HttpBody:
        """That there is none of it (RFC 7644, sections 3.4.3 and 3.7)."""
        del request
        return _unsupported(call)


def _unsupported(call: Call) -> httpbody_pb2.HttpBody:
    return answer(call, 501, error_body(501, "The service does not do this."))


def _all(call: Call, known: Mapping[str, dict[str, Any]], kind: str, place: str) -> httpbody_pb2.HttpBody:
    found = [_placed(call, content, kind, f"{place}/{name}") for name, content in known.items()]
    return answer_list(call, found, total=len(found))


def _one(call: Call, known: Mapping[str, dict[str, Any]], name: str, kind: str, place: str) -> httpbody_pb2.HttpBody:
    # A URN is the same in capitals (RFC 8141, section 3), and so is a name.
    found = next((each for each in known if each.casefold() == name.casefold()), "")
    if not found:
        raise Failure("NOT_FOUND")
    return answer(call, 200, _placed(call, known[found], kind, f"{place}/{found}"))


def _placed(call: Call, content: dict[str, Any], kind: str, place: str) -> dict[str, Any]:
    return {**content, "meta": {"resourceType": kind, "location": f"{base(call)}/{place}"}}
