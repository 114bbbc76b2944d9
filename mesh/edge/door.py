"""Puts the edge together: listener, routes, clusters and the token check, from contracts and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.control.resources import (
    CONNECTION_MANAGER,
    ECDS,
    FILTERS,
    FROM_ADS,
    LDS,
    TYPE,
    Resource,
    address,
)
from mesh.edge import api_keys, clusters, limits, replies, routes, tokens, transcoder
from mesh.edge.site import ECDS_TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from mesh.contract.catalog import Catalog
    from mesh.edge.site import Site

HEALTHZ = "/healthz"
# Until the headers of a request have come, and until it has come whole: 8 MiB take as long at a megabit a second.
SLOWEST_HEADERS, SLOWEST_REQUEST = "5s", "75s"
# How long an answer waits for a client that reads nothing of it.
SLOWEST_READER = "75s"
# Connections on which nothing is asked. A balancer in front keeps its own for up to ten minutes, and ends them first.
IDLE, IDLE_BALANCER = "60s", "620s"
# At once on one connection: what a client with many calls needs, and what one that reads no answer can have waiting.
MAX_STREAMS = 256
# Headers of a request, in number and in KiB, however small they were on the way and however many frames they fill.
MAX_HEADERS, MAX_HEADERS_KB = 100, 60
# What a client may send before it is asked for more, in bytes, on one stream and on one connection.
_WINDOWS = {"initial_stream_window_size": 1 << 20, "initial_connection_window_size": 4 << 20}
# Believed by services or by Envoy when they come from inside; outside they are nobody's to set.
_INTERNAL = (
    {"prefix": "x-envoy-"},
    {"exact": "x-forwarded-client-cert"},
    {"exact": "x-user"},
    {"exact": "x-tenant"},
)
# Of the family `x-rapport-`: a credential from outside, and what decides only how long the caller's own read waits.
_ADMITTED = ("key", "after")


def resources(catalog: Catalog, jwks: str, site: Site) -> Iterator[Resource]:
    """Everything the edge is told except where instances are."""
    yield _listener(catalog, site)
    yield routes.routes(catalog, site)
    yield token_check(catalog, jwks, site)
    yield from clusters.clusters(catalog, site)


def token_check(catalog: Catalog, jwks: str, site: Site) -> Resource:
    """What alone changes with the keys."""
    open_paths = [routes.HEALTH, *(routes.REFLECTION if site.reflection else ())]
    return tokens.token_check(catalog, jwks, site.issuer, open_paths)


def check(catalog: Catalog, resources: Iterable[Resource]) -> None:
    """What the token check and the transcoder must cover.

    Raises:
        ValueError: a public method could be reached without its rule, or not at all.
    """
    rules = next(r.content for r in resources if r.type_url == ECDS and r.name == ECDS_TOKENS)["typed_config"]["rules"]
    if rules[-1] != tokens.LAST_RULE:
        msg = "the token check does not end with a rule that refuses what it does not know"
        raise ValueError(msg)
    ruled = [r["match"].get("path") for r in rules]
    for path, method in catalog.methods.items():
        if ruled.count(path) != int(method.access.public):
            msg = f"{path} has {ruled.count(path)} rules for its token, and wants {int(method.access.public)}"
            raise ValueError(msg)
    unknown = set(transcoder.services(catalog)) - {m.area for m in catalog.methods.values() if m.access.public}
    if unknown:
        msg = f"the transcoder serves {sorted(unknown)}, where nothing is public"
        raise ValueError(msg)


def _listener(catalog: Catalog, site: Site) -> Resource:
    manager: dict[str, Any] = {
        "@type": CONNECTION_MANAGER,
        "stat_prefix": "edge",
        "codec_type": "AUTO",
        "server_name": "rapport",
        "rds": {"route_config_name": routes.NAME, "config_source": FROM_ADS},
        "http_filters": _filters(catalog, site),
        "use_remote_address": True,
        "xff_num_trusted_hops": site.trusted_hops,
        # A caller on this machine is as much an outsider as any other.
        "internal_address_config": {"cidr_ranges": [{"address_prefix": "255.255.255.255", "prefix_len": 32}]},
        "normalize_path": True,
        "merge_slashes": True,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
        "early_header_mutation_extensions": [_stripped()],
        "always_set_request_id_in_response": True,
        "max_request_headers_kb": MAX_HEADERS_KB,
        "request_headers_timeout": SLOWEST_HEADERS,
        "request_timeout": SLOWEST_REQUEST,
        "stream_idle_timeout": "300s",
        "stream_flush_timeout": SLOWEST_READER,
        "common_http_protocol_options": {
            "idle_timeout": IDLE_BALANCER if site.trusted_hops else IDLE,
            "headers_with_underscores_action": "REJECT_REQUEST",
            "max_headers_count": MAX_HEADERS,
        },
        "http2_protocol_options": {"max_concurrent_streams": MAX_STREAMS, **_WINDOWS},
        "local_reply_config": replies.local_reply_config(catalog),
        "access_log": [_access_log()],
    }
    chain: dict[str, Any] = {
        "filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]
    }
    if site.certificate:
        chain["transport_socket"] = _encryption(site.certificate)
    return Resource(
        LDS,
        {
            "name": "edge",
            "address": address(site.host, site.port),
            # A second listener on the port is an error to be seen, not a silent sharing of connections.
            "enable_reuse_port": False,
            "filter_chains": [chain],
        },
    )


def _encryption(folder: Path) -> dict[str, Any]:
    """TLS towards the outside, with the certificate that is in the folder at each handshake."""
    certificate = {
        "certificate_chain": {"filename": str(folder / "tls.crt")},
        "private_key": {"filename": str(folder / "tls.key")},
        "watched_directory": {"path": str(folder)},
    }
    parameters = {"tls_minimum_protocol_version": "TLSv1_2"}
    context = {"alpn_protocols": ["h2", "http/1.1"], "tls_params": parameters, "tls_certificates": [certificate]}
    kind = TYPE + "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"
    return {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {"@type": kind, "common_tls_context": context},
    }


def _filters(catalog: Catalog, site: Site) -> list[dict[str, Any]]:
    """The chain, in order. The transcoder precedes the token check, so that one rule per method serves all forms."""
    public = dict.fromkeys(m.service for m in catalog.methods.values() if m.access.public)
    awaited = [service for service in public if service in (site.services or public)]
    kind = {"key": "content-type", "value": "application/x-ndjson"}
    ndjson = {"header": kind, "append_action": "OVERWRITE_IF_EXISTS"}
    return [
        _filter(
            "health_check",
            "health_check.v3.HealthCheck",
            {
                "pass_through_mode": False,
                "headers": [{"name": ":path", "string_match": {"exact": HEALTHZ}}],
                # At least one instance of each that runs.
                "cluster_min_healthy_percentages": {service: {"value": 1} for service in awaited},
            },
        ),
        _filter("cors", "cors.v3.Cors", {}),
        _filter("grpc_web", "grpc_web.v3.GrpcWeb", {}),
        {
            **_filter(
                "header_mutation",
                "header_mutation.v3.HeaderMutation",
                {
                    "mutations": {"response_mutations": [{"append": ndjson}]},
                },
            ),
            "name": routes.NDJSON,
            "disabled": True,
        },
        replies.finisher(),
        {**replies.door(), "name": routes.DOOR, "disabled": True},
        *transcoder.filters(catalog),
        limits.of_exchanges(api_keys.PREFIX),
        api_keys.exchange(),
        tokens.filter_reference(FROM_ADS),
        *limits.filters(catalog, site),
        _filter("buffer", "buffer.v3.Buffer", {"max_request_bytes": transcoder.LARGEST_REQUEST}),
        _filter("router", "router.v3.Router", {"suppress_envoy_headers": True}),
    ]


def _filter(name: str, kind: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"name": f"envoy.filters.http.{name}", "typed_config": {"@type": FILTERS + kind, **config}}


def _stripped() -> dict[str, Any]:
    kind = "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation"
    ours = {"safe_regex": {"regex": f"x-rapport-({_all_but(_ADMITTED)})"}}
    mutations = [{"remove_on_match": {"key_matcher": matcher}} for matcher in (ours, *_INTERNAL)]
    return {"name": "strip", "typed_config": {"@type": TYPE + kind, "mutations": mutations}}


def _all_but(words: Sequence[str]) -> str:
    """An expression for every text but these words, of which none begins another: the language knows no "but"."""
    others = []
    for begun in sorted({word[:end] for word in words for end in range(len(word))}):
        following = "".join(sorted({word[len(begun)] for word in words if word.startswith(begun)}))
        others += [begun, f"{begun}[^{following}].*"]
    return "|".join([*others, *(f"{word}.+" for word in words)])


def _access_log() -> dict[str, Any]:
    """One line per request, by method and never by query: a filter or a path may hold personal data."""
    line = {
        "time": "%START_TIME%",
        "method": "%REQ(:METHOD)%",
        "path": "%PATH(NQ:PATH)%",
        "status": "%RESPONSE_CODE%",
        "grpc_status": "%GRPC_STATUS_NUMBER%",
        "flags": "%RESPONSE_FLAGS%",
        "details": "%RESPONSE_CODE_DETAILS%",
        "milliseconds": "%DURATION%",
        "bytes_in": "%BYTES_RECEIVED%",
        "bytes_out": "%BYTES_SENT%",
        "request_id": "%REQ(X-REQUEST-ID)%",
        "trace": "%REQ(TRACEPARENT):55%",
    }
    log = {
        "@type": TYPE + "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
        "log_format": {"json_format": line},
    }
    return {"name": "envoy.access_loggers.stdout", "typed_config": log}
