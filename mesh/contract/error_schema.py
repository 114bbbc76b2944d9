"""How failures look in JSON: which reasons a method can fail with, under which status, in which shape (AIP-193)."""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from google.rpc import code_pb2

from mesh.contract.limit_headers import headers
from mesh.contract.method import AccessKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.protobuf.descriptor import Descriptor

    from mesh.contract.json_schema import Schema
    from mesh.contract.method import MethodContract
    from mesh.contract.reasons import Reason

# google/rpc/code.proto states these numbers beside each code; Envoy's transcoder answers with them.
HTTP_STATUS: Mapping[int, int] = MappingProxyType(
    {
        code_pb2.CANCELLED: 499,
        code_pb2.UNKNOWN: 500,
        code_pb2.INVALID_ARGUMENT: 400,
        code_pb2.DEADLINE_EXCEEDED: 504,
        code_pb2.NOT_FOUND: 404,
        code_pb2.ALREADY_EXISTS: 409,
        code_pb2.PERMISSION_DENIED: 403,
        code_pb2.UNAUTHENTICATED: 401,
        code_pb2.RESOURCE_EXHAUSTED: 429,
        code_pb2.FAILED_PRECONDITION: 400,
        code_pb2.ABORTED: 409,
        code_pb2.OUT_OF_RANGE: 400,
        code_pb2.UNIMPLEMENTED: 501,
        code_pb2.INTERNAL: 500,
        code_pb2.UNAVAILABLE: 503,
        code_pb2.DATA_LOSS: 500,
    }
)
_TITLES: Mapping[int, str] = MappingProxyType(
    {
        400: "The request cannot be carried out as it is",
        401: "Who is calling is not known",
        403: "The caller may not do this",
        404: "Nothing the caller may see has this name",
        409: "The present state stands against it",
        429: "Too much at once",
        499: "The caller went away",
        500: "A fault of the service",
        501: "There is no such method",
        503: "Not available now",
        504: "Not done in time",
    }
)


def applicable(method: MethodContract) -> Iterator[Reason]:
    """The reasons that this method can fail with: its own, and the common ones that its shape makes possible."""
    unlikely: set[str] = {"UNKNOWN_METHOD"}
    kind = method.access.kind
    if kind is AccessKind.ANONYMOUS:
        unlikely |= {"UNAUTHENTICATED", "PERMISSION_DENIED"}
    if kind is AccessKind.SELF:
        unlikely |= {"PERMISSION_DENIED"}
    if method.assurance is None and kind is not AccessKind.PERMISSION:
        unlikely |= {"ASSURANCE_NEEDED"}
    if method.reads_only:
        unlikely |= {"ALREADY_EXISTS", "CONFLICT"}
    if not method.takes_request_id:
        unlikely |= {"REQUEST_ID_REUSED"}
    if method.reads_only or not _holds(method.request.DESCRIPTOR, "etag"):
        unlikely |= {"ETAG_MISMATCH"}
    if not _holds(method.request.DESCRIPTOR, "page_token"):
        unlikely |= {"PAGE_TOKEN_INVALID"}
    return (reason for reason in method.reasons.values() if reason.name not in unlikely)


def _holds(request: Descriptor, name: str) -> bool:
    """Whether the request, or a message right inside it, has a field of this name."""
    inner = (field.message_type for field in request.fields if field.message_type)
    return any(name in message.fields_by_name for message in (request, *inner))


def error_responses(method: MethodContract, responses: dict[str, Schema]) -> dict[str, Schema]:
    """References by HTTP status; methods that fail alike share the response, which is added to `responses`."""
    by_status: defaultdict[int, list[Reason]] = defaultdict(list)
    for reason in applicable(method):
        by_status[HTTP_STATUS[reason.code]].append(reason)
    references = {}
    for status, reasons in sorted(by_status.items()):
        name = ".".join([str(status), *(reason.name for reason in reasons)])
        lines = [f"- `{reason.name}` ({reason.code_name}): {reason.message}" for reason in reasons]
        responses[name] = {
            "description": "\n".join([f"{_TITLES[status]}.", "", *lines]),
            "headers": headers(status),
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/google.rpc.Status"}}},
        }
        references[str(status)] = {"$ref": f"#/components/responses/{name}"}
    return references


def error_schemas() -> dict[str, Schema]:
    """The body of every error and its details. Hand-written: OpenAPI cannot say `Any` any closer than this."""
    texts = {"type": "object", "additionalProperties": {"type": "string"}}
    violation = _object(
        "One field at fault.", {"field": {"type": "string"}, "description": {"type": "string"}}, "field"
    )
    return {
        "google.rpc.Status": _object(
            "What every error answers with.",
            {
                "code": {"type": "integer", "format": "int32", "description": "A number of google.rpc.Code."},
                "message": {"type": "string", "description": "For people; the reason is for programs."},
                "details": {
                    "type": "array",
                    "items": {
                        "anyOf": [
                            {"$ref": f"#/components/schemas/google.rpc.{name}"}
                            for name in ("ErrorInfo", "BadRequest", "RetryInfo")
                        ]
                    },
                },
            },
            "code",
            "message",
        ),
        "google.rpc.ErrorInfo": _detail(
            "ErrorInfo",
            "Why the call failed; part of every error.",
            {
                "reason": {"type": "string", "pattern": "^[A-Z][A-Z0-9_]+[A-Z0-9]$"},
                "domain": {"type": "string", "description": "`<service>.rapport`."},
                "metadata": texts | {"description": "Every changing word of the message, by name."},
            },
            "reason",
            "domain",
        ),
        "google.rpc.BadRequest": _detail(
            "BadRequest",
            "The fields at fault, by their path in the request.",
            {"fieldViolations": {"type": "array", "items": violation}},
            "fieldViolations",
        ),
        "google.rpc.RetryInfo": _detail(
            "RetryInfo",
            "How long to wait before the next try.",
            {"retryDelay": {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,9})?s$"}},
            "retryDelay",
        ),
    }


def _object(description: str, properties: dict[str, Any], *needed: str) -> Schema:
    return {"type": "object", "description": description, "properties": properties, "required": list(needed)}


def _detail(name: str, description: str, properties: dict[str, Any], *needed: str) -> Schema:
    kind = {"@type": {"type": "string", "const": f"type.googleapis.com/google.rpc.{name}"}}
    return _object(description, kind | properties, "@type", *needed)
