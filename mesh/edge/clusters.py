"""Where the edge sends calls: one cluster per service, and the control plane for what only it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.control.resources import CDS, FROM_ADS, TYPE, Resource
from mesh.edge.site import CONTROL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mesh.contract.catalog import Catalog
    from mesh.edge.site import Site

CERTIFICATE, AUTHORITY = "certificate.json", "authority.json"
# Connections keep the certificate they began with; they end well before it does.
_LONGEST_CONNECTION = "21600s"
HTTP2 = {
    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": TYPE + "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http2_protocol_options": {}},
        "common_http_protocol_options": {"max_connection_duration": _LONGEST_CONNECTION},
    }
}
# Calls under way to a service, at most: less than one instance has room for (mesh.runtime.admission), because there a
# refusal costs half a call, and here next to nothing. More instances need no more: 256 calls of 20 ms each are
# 12,800 a second, above what an edge passes on.
MAX_CALLS = 256
# Streams are counted on their own, as routes of a higher priority: they live for long and take nobody's turn.
_MAX_STREAMS = 20_000
MIN_RETRIES = 32
"""Retries in progress that the budget always allows: as many callers at once as lose their host in an instant."""
# A host is left out for what the edge sees of its connections, and where nearly all of its answers in an interval are
# faults or timeouts. Never for a few answers in a row: a caller could eject hosts by asking for errors. Who makes most
# calls of a service fail still leaves half of its hosts in place. Health is the control plane's verdict.
_OUTLIERS = {
    "split_external_local_origin_errors": True,
    "consecutive_local_origin_failure": 3,
    "enforcing_consecutive_local_origin_failure": 100,
    "enforcing_consecutive_5xx": 0,
    "enforcing_consecutive_gateway_failure": 0,
    "enforcing_success_rate": 0,
    "enforcing_local_origin_success_rate": 0,
    "failure_percentage_threshold": 85,
    "enforcing_failure_percentage": 100,
    "enforcing_failure_percentage_local_origin": 0,
    "failure_percentage_minimum_hosts": 2,
    "failure_percentage_request_volume": 10,
    "interval": "0.5s",
    "base_ejection_time": "2s",
    "max_ejection_percent": 50,
}


def clusters(catalog: Catalog, site: Site) -> Iterator[Resource]:
    """A cluster for every service that the edge leads to."""
    public = dict.fromkeys(m.service for m in catalog.methods.values() if m.access.public)
    for service in (*catalog.services(), CONTROL):
        if service in public or service == CONTROL:
            yield _cluster(service, site)


def upstream_tls(secrets: Path, spiffe_id: str) -> dict[str, Any]:
    """Mutual TLS with the edge's certificate to a server that must prove this SPIFFE id."""

    def source(file: str) -> dict[str, Any]:
        return {"path_config_source": {"path": str(secrets / file)}, "resource_api_version": "V3"}

    match = {"match_typed_subject_alt_names": [{"san_type": "URI", "matcher": {"exact": spiffe_id}}]}
    context = {
        "alpn_protocols": ["h2"],
        "tls_certificate_sds_secret_configs": [{"name": "certificate", "sds_config": source(CERTIFICATE)}],
        "combined_validation_context": {
            "default_validation_context": match,
            "validation_context_sds_secret_config": {"name": "authority", "sds_config": source(AUTHORITY)},
        },
    }
    tls = {
        "@type": TYPE + "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
        "common_tls_context": context,
    }
    return {"name": "envoy.transport_sockets.tls", "typed_config": tls}


def secret_files(certificates: Path) -> Mapping[str, dict[str, Any]]:
    """The files that tell Envoy where its certificate and the authority are, and which folder to watch."""
    watched = {"path": str(certificates)}

    def file(name: str) -> dict[str, str]:
        return {"filename": str(certificates / name)}

    kind = TYPE + "envoy.extensions.transport_sockets.tls.v3.Secret"
    pair = {"certificate_chain": file("tls.crt"), "private_key": file("tls.key"), "watched_directory": watched}
    authority = {"trusted_ca": file("ca.crt"), "watched_directory": watched}
    return {
        CERTIFICATE: {"resources": [{"@type": kind, "name": "certificate", "tls_certificate": pair}]},
        AUTHORITY: {"resources": [{"@type": kind, "name": "authority", "validation_context": authority}]},
    }


def _threshold(priority: str, most: int) -> dict[str, Any]:
    return {
        "priority": priority,
        "max_connections": 1024,
        "max_pending_requests": 4096,
        "max_requests": most,
        "retry_budget": {"budget_percent": {"value": 20}, "min_retry_concurrency": MIN_RETRIES},
    }


def _cluster(service: str, site: Site) -> Resource:
    thresholds = [_threshold("DEFAULT", MAX_CALLS), _threshold("HIGH", _MAX_STREAMS)]
    return Resource(
        CDS,
        {
            "name": service,
            "type": "EDS",
            "eds_cluster_config": {"eds_config": FROM_ADS, "service_name": service},
            "lb_policy": "LEAST_REQUEST",
            "connect_timeout": "1s",
            "typed_extension_protocol_options": HTTP2,
            # No active health checks: with them a removed host keeps its traffic or a new one waits for its own.
            # Localities have weights: canaries are one of their own.
            "common_lb_config": {"healthy_panic_threshold": {"value": 0}, "locality_weighted_lb_config": {}},
            "outlier_detection": _OUTLIERS,
            "circuit_breakers": {"thresholds": thresholds},
            "transport_socket": upstream_tls(site.secrets, f"spiffe://{site.trust_domain}/{service}"),
        },
    )
