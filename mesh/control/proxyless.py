"""What the gRPC clients inside services are told: one listener per proto service, one cluster per service.

No route carries `max_stream_duration`: gRPC Python ends such calls early by a skew of up to seconds; the mesh's own
client sets the contract's deadline exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.control.resources import CDS, CONNECTION_MANAGER, FROM_ADS, LDS, RDS, ROUTER, TYPE, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.contract.catalog import Catalog

MAX_REQUESTS = 4096
"""Calls in progress from one process to one service, beyond which its client refuses at once."""
# gRPC counts every status but OK as a failure, so the threshold is far above what honest NOT_FOUNDs make up.
OUTLIERS = {
    "interval": "1s",
    "base_ejection_time": "3s",
    "max_ejection_percent": 50,
    "failure_percentage_threshold": 85,
    "failure_percentage_minimum_hosts": 2,
    "failure_percentage_request_volume": 10,
    "enforcing_failure_percentage": 100,
    "enforcing_success_rate": 0,
    "enforcing_consecutive_5xx": 0,
}


def resources(catalog: Catalog, trust_domain: str) -> Iterator[Resource]:
    """Listeners, routes and clusters for `xds:///<proto service>` targets."""
    for area, methods in catalog.areas().items():
        yield _listener(area)
        yield _routes(area, methods[0].service)
    for service in catalog.services():
        yield _cluster(service, f"spiffe://{trust_domain}/{service}")


def _listener(area: str) -> Resource:
    manager = {
        "@type": CONNECTION_MANAGER,
        "rds": {"route_config_name": area, "config_source": FROM_ADS},
        "http_filters": [ROUTER],
    }
    return Resource(LDS, {"name": area, "api_listener": {"api_listener": manager}})


def _routes(area: str, service: str) -> Resource:
    """Without retries: gRPC has no budget for those that come over xDS, so mesh.runtime.client makes them."""
    routes = [{"match": {"prefix": ""}, "route": {"cluster": service}}]
    return Resource(RDS, {"name": area, "virtual_hosts": [{"name": area, "domains": ["*"], "routes": routes}]})


def _cluster(service: str, spiffe_id: str) -> Resource:
    validation = {
        "ca_certificate_provider_instance": {"instance_name": "default"},
        "match_subject_alt_names": [{"exact": spiffe_id}],
    }
    tls = {
        "@type": TYPE + "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
        "common_tls_context": {
            "tls_certificate_provider_instance": {"instance_name": "default"},
            "validation_context": validation,
        },
    }
    return Resource(
        CDS,
        {
            "name": service,
            "type": "EDS",
            "eds_cluster_config": {"eds_config": FROM_ADS, "service_name": service},
            # gRPC Python refuses LEAST_REQUEST and RANDOM.
            "lb_policy": "ROUND_ROBIN",
            "circuit_breakers": {"thresholds": [{"priority": "DEFAULT", "max_requests": MAX_REQUESTS}]},
            "outlier_detection": OUTLIERS,
            "transport_socket": {"name": "envoy.transport_sockets.tls", "typed_config": tls},
        },
    )
