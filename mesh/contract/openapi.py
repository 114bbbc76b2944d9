"""The OpenAPI 3.1 document of every RPC that the edge serves as JSON. A pure function of catalog and comments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mesh.contract import limit_headers
from mesh.contract.after import AFTER_HEADER, LONGEST, PARTIAL_HEADER, PATTERN
from mesh.contract.error_schema import error_responses, error_schemas
from mesh.contract.json_schema import Schemas, required
from mesh.contract.method import AccessKind, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.protobuf.descriptor import Descriptor, FieldDescriptor

    from mesh.contract.catalog import Catalog
    from mesh.contract.json_schema import Schema
    from mesh.contract.method import HttpRoute, MethodContract

_ABOUT = (
    "Every RPC of Rapport that is open to the outside, as JSON. Generated from the protobuf contracts. "
    "Field names are lowerCamelCase, 64-bit integers are strings, an absent field reads like its zero value. "
    "Every error carries a `google.rpc.ErrorInfo` whose `reason` is stable."
)
_VARIABLE = re.compile(r"\{([a-z0-9_.]+)(?:=\*{1,2})?\}")
_HTTP_BODY = "google.api.HttpBody"
_QUERY_DEPTH = 3  # of nested fields; deeper ones belong into a body
_AFTER, _PARTIAL = "After", "Partial"
_AFTER_ASKED = (
    "What writes returned in this header: the reply shows their effects in all services, or bears "
    f"`{PARTIAL_HEADER}: true` where they did not arrive within the deadline."
)
_AFTER_TOLD = "What the write published; a read that is given it shows its effects. Absent where nothing was changed."
_PARTIAL_TOLD = "The reply may lack effects of the writes that the request named."
_BEARER = frozenset({AccessKind.PERMISSION, AccessKind.SELF})


class UnroutableError(ValueError):
    """A `google.api.http` rule asks for what JSON clients cannot send."""


@dataclass(frozen=True, slots=True)
class _Route:
    """A binding taken apart: `path` with its variables renamed, `variables` by proto path -> name in `path`."""

    method: MethodContract
    binding: HttpRoute
    path: str
    variables: Mapping[str, str]
    number: int = field(default=0)


def openapi(catalog: Catalog, comments: Mapping[str, str]) -> dict[str, Any]:
    """The document, the same for the same contracts.

    Raises:
        UnroutableError: a rule names an unknown field, or needs a query parameter that no URL can hold.
    """
    schemas = Schemas(comments)
    responses: dict[str, Schema] = {}
    paths: dict[str, dict[str, Any]] = {}
    for route in _routes(catalog):
        operation = _operation(route, schemas, responses)
        verbs = paths.setdefault(route.path, {})
        if route.binding.verb.lower() in verbs:
            msg = f"{route.method.full_name}: {route.binding.verb} {route.path} is taken"
            raise UnroutableError(msg)
        verbs[route.binding.verb.lower()] = operation
    areas = [(area, methods) for area, methods in catalog.areas().items() if any(m.routes for m in methods)]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rapport", "version": "v1", "description": _ABOUT},
        "servers": [{"url": "/", "description": "the edge that serves this document"}],
        "tags": [{"name": area.rpartition(".")[2], "description": schemas.comment(area)} for area, _ in areas],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted((schemas.components() | error_schemas()).items())),
            "responses": dict(sorted(responses.items())),
            "parameters": {_AFTER: _parameter(AFTER_HEADER, "header", _after(_AFTER_ASKED), needed=False)},
            "headers": {
                _AFTER: {"description": _AFTER_TOLD, "schema": _after("")},
                _PARTIAL: {"description": _PARTIAL_TOLD, "schema": {"type": "string", "const": "true"}},
                **limit_headers.components(),
            },
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A short-lived token, as `POST /v1/sessions:logIn` returns one.",
                }
            },
        },
    }


def _routes(catalog: Catalog) -> Iterator[_Route]:
    """Every binding; templates that differ in the names of variables alone become one path, as OpenAPI asks."""
    known: dict[str, str] = {}
    for method in catalog.methods.values():
        for number, binding in enumerate(method.routes, 1):
            fields = _VARIABLE.findall(binding.template)
            leaves = [_leaf(method, path).json_name for path in fields]
            names = leaves if len(set(leaves)) == len(leaves) else fields
            shape = _VARIABLE.sub("{}", binding.template)
            if "{" in shape.replace("{}", ""):
                msg = f"{method.full_name}: {binding.template} has a variable of more than one segment"
                raise UnroutableError(msg)
            path = known.setdefault(shape, _fill(shape, names))
            taken = re.findall(r"\{([^}]+)\}", path)
            yield _Route(method, binding, path, dict(zip(fields, taken, strict=True)), number)


def _fill(shape: str, names: list[str]) -> str:
    for name in names:
        shape = shape.replace("{}", f"{{{name}}}", 1)
    return shape


def _leaf(method: MethodContract, path: str) -> FieldDescriptor:
    """The field that a dotted path of the request leads to."""
    message: Descriptor | None = method.request.DESCRIPTOR
    found: FieldDescriptor | None = None
    for name in path.split("."):
        found = message.fields_by_name.get(name) if message else None
        if found is None:
            msg = f"{method.full_name}: the request has no field {path}"
            raise UnroutableError(msg)
        message = found.message_type
    assert found is not None
    return found


def _operation(route: _Route, schemas: Schemas, responses: dict[str, Schema]) -> dict[str, Any]:
    method = route.method
    area = method.area.rpartition(".")[2]
    summary, _, rest = schemas.comment(f"{method.area}.{method.name}").partition(". ")
    operation: dict[str, Any] = {
        "operationId": f"{area}_{method.name}" + (f"_{route.number}" if route.number > 1 else ""),
        "tags": [area],
        "summary": summary.rstrip("."),
    }
    if rest:
        operation["description"] = rest
    asked = [{"$ref": f"#/components/parameters/{_AFTER}"}] if _waits(method) else []
    if parameters := [*_path_parameters(route, schemas), *_query_parameters(route, schemas), *asked]:
        operation["parameters"] = parameters
    if route.binding.body:
        operation["requestBody"] = _body(route, schemas)
    reply = {**_reply(method, schemas), "headers": _headers(method)}
    operation["responses"] = {"200": reply, **error_responses(method, responses)}
    operation["security"] = _security(method)
    return operation | _policy(method)


def _waits(method: MethodContract) -> bool:
    """Whether a call may ask to see what a write published; a feed tells it anyway, as it arrives."""
    return method.reads_only and not method.server_streaming and method.access.kind in _BEARER


def _headers(method: MethodContract) -> dict[str, Any]:
    """What stands beside a reply: what may still be called, what a write published, that a read may be behind."""
    told = limit_headers.headers(200)
    if _waits(method):
        return {PARTIAL_HEADER: {"$ref": f"#/components/headers/{_PARTIAL}"}, **told}
    if method.reads_only or method.server_streaming:
        return told
    return {AFTER_HEADER: {"$ref": f"#/components/headers/{_AFTER}"}, **told}


def _after(description: str) -> Schema:
    text = {"description": description} if description else {}
    return {**text, "type": "string", "maxLength": LONGEST, "pattern": PATTERN}


def _security(method: MethodContract) -> list[dict[str, list[str]]]:
    if method.access.kind not in _BEARER:
        return []
    return [{"bearer": [method.access.permission] if method.access.permission else []}]


def _policy(method: MethodContract) -> dict[str, Any]:
    """What the policy says and OpenAPI has no word for."""
    idempotency = "REQUEST_ID" if method.takes_request_id else method.idempotency.name
    policy = {
        "x-rapport-rpc": method.full_name,
        "x-rapport-access": method.access.kind.name,
        "x-rapport-permission": method.access.permission,
        "x-rapport-capability": method.access.capability,
        "x-rapport-deadline": f"{method.deadline:g}s",
        "x-rapport-idempotency": idempotency,
        "x-rapport-rate": method.rate,
        "x-rapport-audit": method.audit,
    }
    return {name: value for name, value in policy.items() if value}


def _path_parameters(route: _Route, schemas: Schemas) -> Iterator[dict[str, Any]]:
    for path, name in route.variables.items():
        leaf = _leaf(route.method, path)
        schema = schemas.field(leaf)
        schema.pop("readOnly", None)  # of the resource, yet this is how a request names it
        standard = route.method.standard
        if standard and leaf.name == "id" and leaf.containing_type is standard.resource.message.DESCRIPTOR:
            schema["pattern"] = f"^{standard.resource.prefix}_[0-9A-HJKMNP-TV-Z]{{26}}$"
        yield _parameter(name, "path", schema, needed=True)


def _query_parameters(route: _Route, schemas: Schemas) -> Iterator[dict[str, Any]]:
    """The fields that stand neither in the path nor in the body."""
    if route.binding.body == "*":
        return
    taken = {*route.variables, route.binding.body}
    yield from _query_fields(route, schemas, route.method.request.DESCRIPTOR, taken, (), ())


def _query_fields(
    route: _Route,
    schemas: Schemas,
    message: Descriptor,
    taken: set[str],
    path: tuple[str, ...],
    json_path: tuple[str, ...],
) -> Iterator[dict[str, Any]]:
    for leaf in message.fields:
        inner, json_inner = (*path, leaf.name), (*json_path, leaf.json_name)
        if ".".join(inner) in taken:
            continue
        schema = schemas.field(leaf)
        nested = leaf.message_type and not {"type", "anyOf"} & schema.keys()
        if schema.get("readOnly"):
            continue
        if not nested:
            yield _parameter(".".join(json_inner), "query", schema, needed=required(leaf))
        elif leaf.is_repeated or len(inner) > _QUERY_DEPTH:
            msg = f"{route.method.full_name}: {'.'.join(inner)} fits in no query parameter"
            raise UnroutableError(msg)
        else:
            yield from _query_fields(route, schemas, leaf.message_type, taken, inner, json_inner)


def _parameter(name: str, place: str, schema: Schema, *, needed: bool) -> dict[str, Any]:
    parameter: dict[str, Any] = {"name": name, "in": place, "required": needed}
    if text := schema.pop("description", ""):
        parameter["description"] = text
    return parameter | {"schema": schema}


def _body(route: _Route, schemas: Schemas) -> dict[str, Any]:
    method, name = route.method, route.binding.body
    if name == "*" and method.request.DESCRIPTOR.full_name == _HTTP_BODY:
        return {"required": True, "content": {"*/*": {"schema": {}}}}
    if name == "*":
        request = method.request.DESCRIPTOR
        named = frozenset(route.variables)
        schema = schemas.properties(request, without=named) if named else schemas.message(request)
        return {"required": True, "content": {"application/json": {"schema": schema}}}
    leaf = _leaf(method, name)
    if leaf.message_type and leaf.message_type.full_name == _HTTP_BODY:
        return {"required": True, "content": {"*/*": {"schema": {}}}}
    partial = bool(method.standard and method.standard.verb is Verb.UPDATE)
    schema = schemas.message(leaf.message_type, partial=partial) if leaf.message_type else schemas.field(leaf)
    body = {"required": required(leaf), "content": {"application/json": {"schema": schema}}}
    if text := schemas.comment(leaf.full_name):
        body["description"] = text
    return body


def _reply(method: MethodContract, schemas: Schemas) -> dict[str, Any]:
    if method.reply.DESCRIPTOR.full_name == _HTTP_BODY:
        return {"description": "The content itself.", "content": {"*/*": {"schema": {}}}}
    schema = schemas.message(method.reply.DESCRIPTOR)
    if method.server_streaming:
        kinds = ("application/x-ndjson", "text/event-stream")
        return {"description": "A stream, one message a line.", "content": {kind: {"schema": schema} for kind in kinds}}
    text = schemas.comment(method.reply.DESCRIPTOR.full_name) or method.reply.DESCRIPTOR.name
    return {"description": text, "content": {"application/json": {"schema": schema}}}
