"""The edge's routes, generated from the contracts: one per public method, its JSON forms, 405 and 404 for the rest.

A JSON request meets this table twice: first by its own path, which decides CORS and how streams are printed, then by
the method's path that the transcoder gave it. A request that stays on its JSON path was not understood by the
transcoder and reaches no service.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mesh.contract.after import AFTER_HEADER, PARTIAL_HEADER
from mesh.contract.keys import KEY_HEADER
from mesh.contract.limit_headers import LIMIT_HEADER, POLICY_HEADER, RETRY_HEADER
from mesh.contract.method import AccessKind
from mesh.control.resources import ENABLED, FILTERS, RDS, TYPE, Resource
from mesh.edge import limits, transcoder
from mesh.edge.site import CONTROL, ECDS_TOKENS
from mesh.runtime.door import ROOM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mesh.contract.catalog import Catalog
    from mesh.contract.method import MethodContract
    from mesh.edge.documents import Document
    from mesh.edge.site import Site

NAME = "edge"
NDJSON = "ndjson"
DOOR = "door"
CORS = "envoy.filters.http.cors"
HEALTH = "/grpc.health.v1.Health/Check"
REFLECTION = (
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
)
# Never sent by anybody, as the edge strips it: a route by it exists for its policies and answers 404.
_NOWHERE = {"cluster_header": "x-rapport-nowhere"}
_GRACE = 0.5
_BUFFER = {"@type": FILTERS + "buffer.v3.BufferPerRoute"}
_REFLECTION_SECONDS = 30
_LARGEST_DOCUMENT = 4 * 1024 * 1024
# Nobody has seen the call when these happen, so that every call may go to another instance.
RETRY_UNSEEN = "connect-failure,refused-stream,reset-before-request"
# And these the service answers with where the call may be repeated.
RETRY_SAFE = RETRY_UNSEEN + ",unavailable"
# With a connection lost on the way nobody knows what was done; only reads are repeated then.
RETRY_READ = RETRY_SAFE + ",reset"
# How often another instance is looked for than those that a call has failed on: who fails at once has fewest calls in
# progress and is chosen first, more often than not.
_SELECTIONS = 10
_VARIABLE = re.compile(r"\{([^}=]+)(?:=([^}]+))?\}")


def routes(catalog: Catalog, site: Site) -> Resource:
    """The route configuration."""
    public = [m for m in catalog.methods.values() if m.access.public]
    table = [
        *(_document(d, document) for document in site.documents for d in _answers(document)),
        *(_call(method, site) for method in public),
        *_control(site),
        *_json(public),
        {"match": {"prefix": "/"}, "direct_response": {"status": 404}, **_unchecked()},
    ]
    host: dict[str, Any] = {"name": "edge", "domains": ["*"], "routes": table}
    if site.origins:
        host["typed_per_filter_config"] = {CORS: _cors(site.origins)}
    return Resource(
        RDS,
        {
            "name": NAME,
            "virtual_hosts": [host],
            "max_direct_response_body_size_bytes": _LARGEST_DOCUMENT,
        },
    )


def retry_policy(method: MethodContract) -> dict[str, Any]:
    """How often a call is sent again, and after what."""
    previous = {
        "name": "envoy.retry_host_predicates.previous_hosts",
        "typed_config": {"@type": TYPE + "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"},
    }
    return {
        "retry_on": RETRY_READ if method.reads_only else RETRY_SAFE if method.retried else RETRY_UNSEEN,
        "num_retries": 2,
        "retry_back_off": {"base_interval": "0.01s", "max_interval": "0.1s"},
        "retry_host_predicate": [previous],
        "host_selection_retry_max_attempts": _SELECTIONS,
    }


def _call(method: MethodContract, site: Site) -> dict[str, Any]:
    """The gRPC route of a method, which its JSON forms take too once they are transcoded."""
    action: dict[str, Any] = {"cluster": method.service}
    if method.server_streaming or method.client_streaming:
        action |= {
            "priority": "HIGH",
            "timeout": "0s",
            "max_stream_duration": {"max_stream_duration": _seconds(method.deadline + _GRACE)},
        }
    else:
        action["timeout"] = _seconds(method.deadline + _GRACE)
        action["retry_policy"] = retry_policy(method)
    route: dict[str, Any] = {
        "match": {"path": method.path},
        "route": action,
        "metadata": limits.of_method(method, site),
        # JSON callers send none, and the service would not know when nobody waits any more.
        "request_headers_to_add": [
            {
                "header": {"key": "grpc-timeout", "value": f"{round(method.deadline * 1000)}m"},
                "append_action": "ADD_IF_ABSENT",
            }
        ],
    }
    if method.client_streaming:
        route["typed_per_filter_config"] = _unbuffered()
    elif method.http_door:
        largest = {"buffer": {"max_request_bytes": method.largest_body + ROOM}}
        route["typed_per_filter_config"] = {"envoy.filters.http.buffer": _BUFFER | largest}
    elif _pages_of(method):
        route["typed_per_filter_config"] = _pages_of(method)
    return route


def _control(site: Site) -> Iterable[dict[str, Any]]:
    """What the control plane answers itself."""
    yield {"match": {"path": HEALTH}, "route": {"cluster": CONTROL, "timeout": "2s"}}
    for path in REFLECTION:
        if not site.reflection:
            # At once: who asks leaves the stream open, and what is buffered would wait for its end.
            unheard = {"typed_per_filter_config": _unchecked_filters() | _unbuffered()}
            yield {"match": {"path": path}, "direct_response": {"status": 404}, **unheard}
        else:
            limit = {"max_stream_duration": {"max_stream_duration": _seconds(_REFLECTION_SECONDS)}}
            yield {
                "match": {"path": path},
                "route": {"cluster": CONTROL, "timeout": "0s", **limit},
                "typed_per_filter_config": _unbuffered(),
            }


def _json(public: Iterable[MethodContract]) -> Iterable[dict[str, Any]]:
    """By JSON path: the verbs that exist, then 405 for all others. What is literal comes before what varies."""
    verbs: dict[str, dict[str, MethodContract]] = {}
    bound = [(route, method) for method in public for route in method.routes]
    for route, method in sorted(bound, key=lambda each: len(_VARIABLE.findall(each[0].template))):
        verbs.setdefault(pattern(route.template), {})[route.verb] = method
    for regex, methods in verbs.items():
        for verb, method in methods.items():
            yield from _verb(regex, verb, method)
    for regex, methods in verbs.items():
        yield _preflight(regex, "", {})
        allow = {"header": {"key": "allow", "value": ", ".join(sorted(methods))}}
        yield {
            "match": {"safe_regex": {"regex": regex}},
            "direct_response": {"status": 405},
            "response_headers_to_add": [allow],
            **_unchecked(),
        }


def _verb(regex: str, verb: str, method: MethodContract) -> Iterable[dict[str, Any]]:
    """A method at a path."""
    if method.server_streaming and not method.http_door:
        yield from _streamed(regex, verb)
    doors = {**transcoder.chosen(transcoder.DOORS), DOOR: ENABLED}
    filters: dict[str, Any] = doors if method.http_door else {}
    yield _plain(regex, verb, filters | _pages_of(method))
    if _pages_of(method):
        yield _preflight(regex, verb, _pages_of(method))


def _preflight(regex: str, verb: str, filters: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser asks before it sends a verb, or any."""
    match = _match(regex, "OPTIONS")
    asked = {"string_match": {"exact": verb}} if verb else {"present_match": True}
    match["headers"].append({"name": "access-control-request-method", **asked})
    return {"match": match, "route": _NOWHERE, "typed_per_filter_config": {**filters, **_unchecked_filters()}}


def _pages_of(method: MethodContract) -> dict[str, Any]:
    """Publishable keys are used by pages of anybody; from which one each may be, its service knows."""
    if method.access.kind is not AccessKind.PUBLISHABLE_KEY:
        return {}
    return {CORS: _cors(".*", methods="POST", credential=KEY_HEADER)}


def _plain(regex: str, verb: str, filters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "match": _match(regex, verb),
        "route": _NOWHERE,
        "typed_per_filter_config": {**filters, **_unchecked_filters()},
    }


def _streamed(regex: str, verb: str) -> Iterable[dict[str, Any]]:
    """A stream's forms besides the JSON array, chosen by `accept`."""
    for kind in transcoder.PRINTED:
        match = _match(regex, verb)
        match["headers"].append({"name": "accept", "string_match": {"contains": kind}})
        filters = transcoder.chosen(kind)
        if kind == "application/x-ndjson":
            filters[NDJSON] = ENABLED
        yield {"match": match, "route": _NOWHERE, "typed_per_filter_config": filters | _unchecked_filters()}


def pattern(template: str) -> str:
    """The regular expression of a path template (google.api.http).

    A variable without a pattern of its own is one segment, and holds no colon: that begins a custom verb.
    """
    parts, end = [], 0
    for variable in _VARIABLE.finditer(template):
        parts.append(re.escape(template[end : variable.start()]))
        wanted = variable[2] or "*"
        parts.append("/".join({"*": "[^/:]+", "**": ".+"}.get(s, re.escape(s)) for s in wanted.split("/")))
        end = variable.end()
    return "^" + "".join(parts) + re.escape(template[end:]) + "$"


def _match(regex: str, verb: str) -> dict[str, Any]:
    return {"safe_regex": {"regex": regex}, "headers": [{"name": ":method", "string_match": {"exact": verb}}]}


def _answers(document: Document) -> Iterable[dict[str, Any]]:
    """A document's answer to those who have it already, and to those who do not."""
    get = {"name": ":method", "string_match": {"safe_regex": {"regex": "GET|HEAD"}}}
    known = {"name": "if-none-match", "string_match": {"contains": document.etag}}
    if document.location:
        yield {
            "match": {"path": document.path, "headers": [get]},
            "redirect": {"path_redirect": document.location, "response_code": "FOUND"},
        }
        return
    headers = [{"header": {"key": key, "value": value}} for key, value in document.headers.items()]
    yield {
        "match": {"path": document.path, "headers": [get, known]},
        "direct_response": {"status": 304},
        "response_headers_to_add": headers,
    }
    yield {
        "match": {"path": document.path, "headers": [get]},
        "direct_response": {"status": 200, "body": {"filename": str(document.file)}},
        "response_headers_to_add": headers,
    }
    yield {
        "match": {"path": document.path},
        "direct_response": {"status": 405},
        "response_headers_to_add": [{"header": {"key": "allow", "value": "GET, HEAD"}}],
    }


def _document(route: dict[str, Any], document: Document) -> dict[str, Any]:
    whole = "body" in route.get("direct_response", {})
    return {**route, **_unchecked(), "metadata": limits.of_documents(document.file.stat().st_size if whole else 0)}


def _unchecked_filters() -> dict[str, Any]:
    return {ECDS_TOKENS: {"@type": FILTERS + "jwt_authn.v3.PerRouteConfig", "disabled": True}}


def _unchecked() -> dict[str, Any]:
    """For routes that lead to no service: what needs no token there is only the answer that nothing is there."""
    return {"typed_per_filter_config": _unchecked_filters()}


def _unbuffered() -> dict[str, Any]:
    return {"envoy.filters.http.buffer": _BUFFER | {"disabled": True}}


def _seconds(value: float) -> str:
    return f"{value:.3f}s"


def _cors(
    origins: str,
    methods: str = "GET, POST, PATCH, PUT, DELETE",
    credential: str = "authorization",
) -> dict[str, Any]:
    return {
        "@type": FILTERS + "cors.v3.CorsPolicy",
        "allow_origin_string_match": [{"safe_regex": {"regex": origins}}],
        "allow_methods": methods,
        "allow_headers": f"{credential}, content-type, accept, grpc-timeout, x-grpc-web, x-user-agent, {AFTER_HEADER}",
        "expose_headers": "grpc-status, grpc-message, grpc-status-details-bin, x-request-id, "
        f"{AFTER_HEADER}, {PARTIAL_HEADER}, {POLICY_HEADER}, {LIMIT_HEADER}, {RETRY_HEADER}",
        "max_age": "600",
        "filter_enabled": {"default_value": {"numerator": 100, "denominator": "HUNDRED"}},
    }
