"""A contract with an HTTP door, made for the tests of the edge: a service that no product has."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from google.api import annotations_pb2, httpbody_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from rapport.policy.v1 import policy_pb2

from mesh.contract import catalog as catalogs
from mesh.contract.reasons import common_reasons

if TYPE_CHECKING:
    from mesh.contract.catalog import Catalog

AREA = "rapport.customers.v1.KnockService"
LARGEST = 8 * 2**20


@cache
def _area() -> Any:
    file = descriptor_pb2.FileDescriptorProto(
        name="rapport/customers/v1/knock_service.proto",
        package="rapport.customers.v1",
        syntax="proto3",
        dependency=["google/api/annotations.proto", "google/api/httpbody.proto", "rapport/policy/v1/policy.proto"],
    )
    request = file.message_type.add(name="KnockRequest")
    request.field.add(name="token", number=1, type=9, label=1, json_name="token")
    request.field.add(name="body", number=2, type=11, label=1, type_name=".google.api.HttpBody", json_name="body")
    service = file.service.add(name="KnockService")
    for name, verb in (("Knock", "post"), ("Look", "get")):
        method = service.method.add(
            name=name, input_type=".rapport.customers.v1.KnockRequest", output_type=".google.api.HttpBody"
        )
        http = method.options.Extensions[annotations_pb2.http]
        setattr(http, verb, "/v1/knocks/{token}")
        http.body = "body" if verb == "post" else ""
        policy = method.options.Extensions[policy_pb2.policy]
        policy.anonymous.SetInParent()
        policy.deadline.seconds = 5
        policy.http_door, policy.largest_body = True, LARGEST
        if verb == "get":
            method.options.idempotency_level = descriptor_pb2.MethodOptions.NO_SIDE_EFFECTS
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    assert httpbody_pb2.HttpBody
    return pool.FindServiceByName(AREA)


def with_doors(catalog: Catalog) -> Catalog:
    """The catalog with two doors more: POST and GET /v1/knocks/{token}."""
    area = _area()
    made = [catalogs._method(area, method, {}, common_reasons(), {}) for method in area.methods]
    methods = {**catalog.methods, **{method.path: method for method in made}}
    return catalogs.Catalog(MappingProxyType(methods), catalog.resources)
