"""The errors that Envoy itself makes, in the words of the contract: JSON for JSON callers, rich statuses for gRPC."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from importlib import resources
from posixpath import commonprefix
from typing import TYPE_CHECKING, Any

from google.protobuf import any_pb2, duration_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2

from mesh.contract.limit_headers import RETRY_HEADER
from mesh.contract.method import DoorErrors
from mesh.contract.scim import CONTENT_TYPE, error_body
from mesh.control.resources import FILTERS
from mesh.runtime.door import STATUS_HEADER

if TYPE_CHECKING:
    from mesh.contract.catalog import Catalog

DOMAIN = "edge.rapport"
# Under this name a route's metadata says which budget its calls draw from; see mesh.edge.limits.
BUDGET = "limits"
# Set on a reply that the script has to finish, and removed by it.
MARK = "x-rapport-finish"
_RETRY_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """What callers are told for HTTP statuses from `low` to `high`: canonical code, reason and sentence.

    status: the HTTP status to send instead of Envoy's; 0: the same.
    callers: `grpc` or `json` where the two are told differently. flag: Envoy's response flag, where it takes one.
    """

    low: int
    high: int
    code: int
    reason: str
    message: str
    status: int = 0
    callers: str = "grpc json"
    flag: str = ""

    @property
    def passes(self) -> bool:
        """Whether the same call may succeed after a while."""
        return self.code in (code_pb2.UNAVAILABLE, code_pb2.RESOURCE_EXHAUSTED) and self.reason != TOO_LARGE

    def details(self) -> list[dict[str, Any]]:
        """The error details in their JSON form."""
        details: list[dict[str, Any]] = [_info(self.reason)]
        if self.passes:
            details.append(
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"%RESP({RETRY_HEADER})%s"}
            )
        return details

    def trailer(self, wait: int = _RETRY_SECONDS) -> str:
        """The value of `grpc-status-details-bin`; `wait` is in seconds."""
        status = status_pb2.Status(code=self.code, message=self.message)
        info = any_pb2.Any()
        info.Pack(error_details_pb2.ErrorInfo(reason=self.reason, domain=DOMAIN))
        status.details.append(info)
        if self.passes:
            retry = any_pb2.Any()
            retry.Pack(error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=wait)))
            status.details.append(retry)
        return base64.b64encode(status.SerializeToString(deterministic=True)).decode().rstrip("=")


TOO_LARGE = "REQUEST_TOO_LARGE"
RATE_LIMITED = Failure(
    429, 429, code_pb2.RESOURCE_EXHAUSTED, "RATE_LIMITED", "Too many calls; retry after the given delay."
)
UNAUTHENTICATED = "The call needs a valid bearer token."
INVALID = "The request has invalid fields."
# The first that covers a status wins. Whatever Envoy would say itself stays inside.
FAILURES = (
    Failure(401, 401, code_pb2.UNAUTHENTICATED, "UNAUTHENTICATED", UNAUTHENTICATED),
    # The only 403 of this edge is a token for another audience.
    Failure(403, 403, code_pb2.UNAUTHENTICATED, "UNAUTHENTICATED", UNAUTHENTICATED, status=401),
    Failure(404, 404, code_pb2.NOT_FOUND, "NOT_FOUND", "The resource was not found.", callers="json"),
    Failure(404, 404, code_pb2.UNIMPLEMENTED, "UNKNOWN_METHOD", "There is no such method.", callers="grpc"),
    Failure(405, 405, code_pb2.UNIMPLEMENTED, "UNKNOWN_METHOD", "There is no such method."),
    Failure(408, 408, code_pb2.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "The request took too long to arrive."),
    Failure(413, 413, code_pb2.RESOURCE_EXHAUSTED, TOO_LARGE, "The request is larger than 4 MiB."),
    Failure(431, 431, code_pb2.RESOURCE_EXHAUSTED, TOO_LARGE, "The headers of the request are too large."),
    RATE_LIMITED,
    Failure(400, 499, code_pb2.INVALID_ARGUMENT, "INVALID_ARGUMENT", INVALID),
    # As many calls as the service has room for are under way; see mesh.edge.clusters.
    Failure(
        503,
        503,
        code_pb2.RESOURCE_EXHAUSTED,
        "OVERLOADED",
        "The service is busy; retry after the given delay.",
        status=429,
        flag="UO",
    ),
    Failure(502, 503, code_pb2.UNAVAILABLE, "UNAVAILABLE", "The service is away; retry after the given delay."),
    Failure(504, 504, code_pb2.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "The call took longer than its deadline."),
    Failure(500, 599, code_pb2.INTERNAL, "INTERNAL", "The service has a fault; it was recorded."),
)


def local_reply_config(catalog: Catalog) -> dict[str, Any]:
    """How Envoy words its own errors. Only statuses from 400: a catch-all would rewrite served documents too."""
    return {
        "mappers": [
            *(
                _scim_mapper(failure, prefix)
                for prefix in _scim_prefixes(catalog)
                for failure in FAILURES
                if "json" in failure.callers
            ),
            # The transcoder's refusals name the field in their text; the script makes violations of it.
            {
                "filter": _both(_status(400, 400), _caller(grpc=False)),
                "body_format_override": {
                    "text_format_source": {"inline_string": "%LOCAL_REPLY_BODY%"},
                    "content_type": "application/json",
                },
                "headers_to_add": [_header(MARK, "400")],
            },
            *(_json_mapper(failure) for failure in FAILURES if "json" in failure.callers),
            *(_grpc_mapper(failure) for failure in FAILURES if "grpc" in failure.callers),
        ]
    }


def finisher() -> dict[str, Any]:
    """The filter that turns the transcoder's text into field violations."""
    script = resources.files(__package__).joinpath("replies.lua").read_text(encoding="utf-8")
    script = script.replace("@message@", INVALID).replace("@domain@", DOMAIN)
    return {
        "name": "envoy.filters.http.lua",
        "typed_config": {
            "@type": FILTERS + "lua.v3.Lua",
            "default_source_code": {"inline_string": script},
        },
    }


def door() -> dict[str, Any]:
    """The filter that gives the answers of HTTP doors their status; it is enabled on their routes alone."""
    script = resources.files(__package__).joinpath("door.lua").read_text(encoding="utf-8")
    return {
        "name": "envoy.filters.http.lua",
        "typed_config": {
            "@type": FILTERS + "lua.v3.Lua",
            "default_source_code": {"inline_string": script.replace("@status@", STATUS_HEADER)},
        },
    }


def _info(reason: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": DOMAIN}


def _json_mapper(failure: Failure) -> dict[str, Any]:
    mapper: dict[str, Any] = {
        "filter": _of(failure, grpc=False),
        "body_format_override": {
            "json_format": {"code": failure.code, "message": failure.message, "details": failure.details()},
            "content_type": "application/json",
        },
        "headers_to_add": _beside(failure),
    }
    if failure.status:
        mapper["status_code"] = failure.status
    return mapper


def _scim_prefixes(catalog: Catalog) -> list[str]:
    """What the paths of each proto service begin with whose doors word failures as SCIM does."""
    templates = [
        [route.template for method in methods for route in method.routes if method.door_errors is DoorErrors.SCIM]
        for methods in catalog.areas().values()
    ]
    return [commonprefix(some) for some in templates if some]


def _scim_mapper(failure: Failure, prefix: str) -> dict[str, Any]:
    """The mapper of JSON callers, for those who speak SCIM, whether or not the transcoder knew the path."""
    mapper, status = _json_mapper(failure), failure.status or failure.low
    paths = [
        {"header_filter": {"header": {"name": name, "string_match": {"prefix": prefix}}}}
        for name in (":path", "x-envoy-original-path")
    ]
    body = error_body(status, failure.message)
    # Where a failure covers several statuses, the one that is sent.
    body["status"] = str(status) if failure.status or failure.low == failure.high else "%RESPONSE_CODE%"
    return {
        **mapper,
        "filter": _both(_of(failure, grpc=False), {"or_filter": {"filters": paths}}),
        "body_format_override": {"json_format": body, "content_type": CONTENT_TYPE},
    }


def _grpc_mapper(failure: Failure) -> dict[str, Any]:
    details = f"%METADATA(ROUTE:{BUDGET}:details)%" if failure is RATE_LIMITED else failure.trailer()
    return {
        "filter": _of(failure, grpc=True),
        "body_format_override": {"text_format_source": {"inline_string": failure.message}},
        # Envoy keeps a status that is there already; its own differs for some, as UNAVAILABLE for a timeout.
        "headers_to_add": [
            _header("grpc-status", str(failure.code)),
            _header("grpc-status-details-bin", details),
            *_beside(failure),
        ],
    }


def _beside(failure: Failure) -> list[dict[str, Any]]:
    """Headers of a refusal. RFC 6750 wants a challenge with every 401; Envoy's own repeats the path."""
    if failure.code == code_pb2.UNAUTHENTICATED:
        return [_header("www-authenticate", "Bearer")]
    # Who counts calls has said it already.
    return [_header(RETRY_HEADER, str(_RETRY_SECONDS), "ADD_IF_ABSENT")] if failure.passes else []


def _header(key: str, value: str, action: str = "OVERWRITE_IF_EXISTS_OR_ADD") -> dict[str, Any]:
    return {"header": {"key": key, "value": value}, "append_action": action}


def _of(failure: Failure, *, grpc: bool) -> dict[str, Any]:
    """Whether a reply is this failure, to such a caller."""
    flagged = [{"response_flag_filter": {"flags": [failure.flag]}}] if failure.flag else []
    return _both(_status(failure.low, failure.high), *flagged, _caller(grpc=grpc))


def _both(*filters: dict[str, Any]) -> dict[str, Any]:
    return {"and_filter": {"filters": list(filters)}}


def _status(low: int, high: int) -> dict[str, Any]:
    def bound(op: str, value: int) -> dict[str, Any]:
        # Envoy insists on a runtime key; no runtime layer sets this one.
        comparison = {"op": op, "value": {"default_value": value, "runtime_key": "unused"}}
        return {"status_code_filter": {"comparison": comparison}}

    return bound("EQ", low) if low == high else _both(bound("GE", low), bound("LE", high))


def _caller(*, grpc: bool) -> dict[str, Any]:
    """Whether the caller speaks gRPC. The transcoder rewrites the content type, and leaves the original path."""

    def header(name: str, **match: object) -> dict[str, Any]:
        return {"header_filter": {"header": {"name": name, **match}}}

    prefix = {"prefix": "application/grpc"}
    if grpc:
        return _both(
            header("content-type", string_match=prefix),
            header("x-envoy-original-path", present_match=True, invert_match=True),
        )
    return {"or_filter": {"filters": [
        header("content-type", string_match=prefix, invert_match=True, treat_missing_header_as_empty=True),
        header("x-envoy-original-path", present_match=True),
    ]}}  # fmt: skip
