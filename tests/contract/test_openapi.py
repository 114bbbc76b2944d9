"""The OpenAPI document says what the contracts say: every public method, every parameter, every rule, every error."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openapi_spec_validator
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from rapport.customers.v1 import contact_service_pb2, resources_pb2

from mesh.contract import catalog
from mesh.contract.comments import read_comments
from mesh.contract.error_schema import HTTP_STATUS
from mesh.contract.json_schema import Schemas
from mesh.contract.openapi import openapi
from scripts import gen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mesh.contract.method import HttpRoute, MethodContract

ROOT = Path(__file__).resolve().parents[2]
CONTACT_ID = "^con_[0-9A-HJKMNP-TV-Z]{26}$"
LIMITS = ("ratelimit-policy", "ratelimit")
TYPES = {"string", "integer", "number", "boolean", "array", "object"}


@pytest.fixture(scope="package")
def comments(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The comments of the present protos."""
    target = tmp_path_factory.mktemp("image") / "image.binpb"
    gen.write_image(target)
    return read_comments(FileDescriptorSet.FromString(target.read_bytes()))


@pytest.fixture(scope="package")
def document(comments: Mapping[str, str]) -> dict[str, Any]:
    """The document of every service."""
    return openapi(catalog.load(), comments)


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Verb, path and operation of every operation, with the parameters that several share."""
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            yield verb.upper(), path, operation | shared(document, operation)


def shared(document: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of an operation in full, where it has any."""
    own = operation.get("parameters", [])
    return {"parameters": [resolve(document, p["$ref"]) if "$ref" in p else p for p in own]} if own else {}


def nodes(value: object) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON value."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def schema_faults(document: Mapping[str, Any]) -> Iterator[str]:
    """References that lead nowhere, unknown types, patterns that do not compile, required names without a property."""
    for node in nodes(document):
        target, needed = node.get("$ref"), node.get("required")
        if isinstance(target, str) and not resolve(document, target):
            yield f"{target} leads nowhere"
        if isinstance(node.get("pattern"), str):
            re.compile(node["pattern"])
        if isinstance(needed, list):
            yield from (f"{name} is required and not a property" for name in needed if name not in node["properties"])
    for schema in document["components"]["schemas"].values():
        yield from (
            f"unknown type {node['type']}"
            for node in nodes(schema)
            # A property may be called `type`, too.
            if not isinstance(node.get("type"), dict) and node.get("type", "object") not in TYPES
        )
    for kind in document["components"].values():
        yield from (f"bad component name {name}" for name in kind if not re.fullmatch(r"[a-zA-Z0-9._-]+", name))


def resolve(document: Mapping[str, Any], target: str) -> Any:
    """What a local reference leads to, or nothing."""
    found: Any = document
    for name in target.removeprefix("#/").split("/"):
        found = found.get(name, {})
    return found


def operation_faults(verb: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    """Parameters that do not fit the path or stand twice, bodies where none may be, odd statuses."""
    parameters = [(p["in"], p["name"]) for p in operation.get("parameters", [])]
    if set(re.findall(r"\{([^}]+)\}", path)) != {name for place, name in parameters if place == "path"}:
        yield f"{verb} {path}: path parameters {parameters}"
    if len(parameters) != len(set(parameters)):
        yield f"{verb} {path}: a parameter stands twice"
    if verb in ("GET", "DELETE") and "requestBody" in operation:
        yield f"{verb} {path} has a body"
    if not all(re.fullmatch(r"[1-5][0-9]{2}", status) for status in operation["responses"]):
        yield f"{verb} {path}: bad status"


def structural_faults(document: Mapping[str, Any]) -> list[str]:
    """What OpenAPI 3.1 does not allow, as far as a generated document can get it wrong."""
    faults = list(schema_faults(document))
    for verb, path, operation in operations(document):
        faults += operation_faults(verb, path, operation)
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    shapes = [re.sub(r"\{[^}]+\}", "{}", path) for path in document["paths"]]
    return faults + [f"{name} stands twice" for names in (ids, shapes) for name in set(names) if names.count(name) > 1]


def bindings() -> list[tuple[MethodContract, HttpRoute]]:
    """Every binding of every public method."""
    return [(method, route) for method in catalog.load().methods.values() for route in method.routes]


def test_a_validator_of_others_finds_no_fault(document: Mapping[str, Any]) -> None:
    openapi_spec_validator.validate(document)


def test_the_document_has_the_structure_of_openapi(document: Mapping[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert structural_faults(document) == []


@pytest.mark.parametrize(
    ("plant", "fault"),
    [
        (lambda d: d["components"]["schemas"].pop("google.type.Date"), "leads nowhere"),
        (lambda d: d["paths"]["/v1/contacts/{id}"]["get"]["parameters"].clear(), "path parameters"),
        (lambda d: d["paths"]["/v1/contacts/{id}"]["get"].update(requestBody={}), "has a body"),
        (lambda d: d["paths"].update({"/v1/contacts/{other}": {}}), "stands twice"),
        (lambda d: d["components"]["schemas"]["google.type.Date"].update(required=["era"]), "not a property"),
    ],
)
def test_a_broken_document_is_found(plant: Any, fault: str, document: Mapping[str, Any]) -> None:
    planted = json.loads(json.dumps(document))
    plant(planted)

    assert any(fault in found for found in structural_faults(planted))


def test_every_public_method_and_no_other_is_described(document: Mapping[str, Any]) -> None:
    described = {operation["x-rapport-rpc"] for _, _, operation in operations(document)}

    assert described == {method.full_name for method in catalog.load().methods.values() if method.access.public}


def _json_variable(variable: re.Match[str]) -> str:
    first, *rest = variable[1].split("_")
    return "{" + first + "".join(part.title() for part in rest) + "}"


@pytest.mark.parametrize(("method", "route"), bindings(), ids=lambda value: getattr(value, "name", None))
def test_every_field_of_a_request_can_be_sent_exactly_once(
    method: MethodContract, route: HttpRoute, document: Mapping[str, Any]
) -> None:
    verbs = document["paths"][re.sub(r"\{(?:[a-z_]+\.)*([a-z_]+)(?:=\*\*)?\}", _json_variable, route.template)]
    operation = verbs[route.verb.lower()]
    places = [p["name"].split(".")[0] for p in operation.get("parameters", []) if "$ref" not in p]
    if route.body == "*":
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        places += schema["properties"]
    elif route.body:
        places.append(method.request.DESCRIPTOR.fields_by_name[route.body].json_name)
        # `{contact.id}` names a part of the body.
        places = [p for p in places if p != "id" or "id" in method.request.DESCRIPTOR.fields_by_name]

    assert sorted(places) == sorted(field.json_name for field in method.request.DESCRIPTOR.fields)


def test_security_follows_from_access(document: Mapping[str, Any]) -> None:
    methods = catalog.load().methods
    for _, _, operation in operations(document):
        access = methods[f"/{operation['x-rapport-rpc']}"].access
        expected: dict[str, list[dict[str, list[str]]]] = {
            "permission": [{"bearer": [access.permission]}],
            "self": [{"bearer": []}],
        }
        assert operation["security"] == expected.get(access.kind.value, [])


def test_every_own_reason_of_a_method_is_listed_under_its_status(document: Mapping[str, Any]) -> None:
    methods = catalog.load().methods
    for _, _, operation in operations(document):
        method = methods[f"/{operation['x-rapport-rpc']}"]
        for name in method.own_reasons:
            reference = operation["responses"][str(HTTP_STATUS[method.reasons[name].code])]["$ref"]
            response = document["components"]["responses"][reference.rpartition("/")[2]]
            assert f"`{name}`" in response["description"]


def test_a_read_by_id_is_described_in_full(document: Mapping[str, Any]) -> None:
    operation = document["paths"]["/v1/contacts/{id}"]["get"]

    assert operation["operationId"] == "ContactService_GetContact"
    assert operation["parameters"] == [
        {
            "name": "id",
            "in": "path",
            "required": True,
            "description": "Id of the contact.",
            "schema": {"type": "string", "pattern": CONTACT_ID},
        },
        {"$ref": "#/components/parameters/After"},
    ]
    assert list(operation["responses"]["200"]["headers"]) == ["x-rapport-partial", *LIMITS]
    assert operation["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/customers.v1.Contact"
    }
    assert operation["x-rapport-permission"] == "contacts.read"
    assert operation["x-rapport-deadline"] == "2s"
    assert operation["x-rapport-idempotency"] == "NO_SIDE_EFFECTS"
    assert {"401", "403", "404", "429"} < set(operation["responses"])


def test_an_update_takes_id_from_the_path_and_mask_from_the_query(document: Mapping[str, Any]) -> None:
    operation = document["paths"]["/v1/contacts/{id}"]["patch"]
    parameters = {p["name"]: p for p in operation["parameters"]}

    assert parameters["id"]["schema"] == {"type": "string", "pattern": CONTACT_ID}
    assert parameters["updateMask"]["in"] == "query"
    refused = operation["responses"]["429"]["$ref"].rpartition("/")[2]
    assert list(operation["responses"]["200"]["headers"]) == ["x-rapport-after", *LIMITS]
    assert list(document["components"]["responses"][refused]["headers"]) == [*LIMITS, "retry-after"]
    assert operation["requestBody"]["required"] is True


def test_messages_follow_the_json_mapping(comments: Mapping[str, str]) -> None:
    schemas = Schemas(comments)
    schemas.message(resources_pb2.Contact.DESCRIPTOR)
    contact = schemas.components()["customers.v1.Contact"]["properties"]

    assert contact["createTime"]["format"] == "date-time"
    assert contact["createTime"]["readOnly"] is True
    assert contact["givenName"]["maxLength"] == 200
    assert contact["emails"]["maxItems"] == 20
    assert contact["birthDate"]["$ref"] == "#/components/schemas/google.type.Date"
    assert contact["id"]["description"].startswith("Made by the server")
    assert schemas.components()["customers.v1.EmailAddress"]["required"] == ["address"]


def test_rules_of_items_stand_at_the_items(comments: Mapping[str, str]) -> None:
    ids = contact_service_pb2.BatchGetContactsRequest.DESCRIPTOR.fields_by_name["ids"]
    schema = Schemas(comments).field(ids)

    assert (schema["minItems"], schema["maxItems"]) == (1, 100)
    assert schema["items"] == {"type": "string", "pattern": CONTACT_ID}


def test_the_committed_document_is_the_generated_one(document: Mapping[str, Any]) -> None:
    assert json.loads((ROOT / "gen" / "openapi.json").read_text()) == document


def test_the_document_is_the_same_every_time(document: Mapping[str, Any], comments: Mapping[str, str]) -> None:
    assert json.dumps(openapi(catalog.load(), comments)) == json.dumps(document)
