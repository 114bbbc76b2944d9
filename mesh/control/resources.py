"""xDS resources: written as dictionaries that read like Envoy's documentation, packed and type-checked by protobuf."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from envoy.config.cluster.v3 import cluster_pb2
from envoy.config.core.v3 import extension_pb2
from envoy.config.endpoint.v3 import endpoint_pb2
from envoy.config.listener.v3 import listener_pb2
from envoy.config.route.v3 import route_pb2
from envoy.extensions.access_loggers.stream.v3 import stream_pb2
from envoy.extensions.common.matching.v3 import extension_matcher_pb2
from envoy.extensions.filters.common.matcher.action.v3 import skip_action_pb2
from envoy.extensions.filters.http.buffer.v3 import buffer_pb2
from envoy.extensions.filters.http.cors.v3 import cors_pb2
from envoy.extensions.filters.http.ext_authz.v3 import ext_authz_pb2
from envoy.extensions.filters.http.grpc_json_transcoder.v3 import transcoder_pb2
from envoy.extensions.filters.http.grpc_web.v3 import grpc_web_pb2
from envoy.extensions.filters.http.header_mutation.v3 import header_mutation_pb2
from envoy.extensions.filters.http.health_check.v3 import health_check_pb2
from envoy.extensions.filters.http.jwt_authn.v3 import config_pb2 as jwt_authn_pb2
from envoy.extensions.filters.http.local_ratelimit.v3 import local_rate_limit_pb2
from envoy.extensions.filters.http.lua.v3 import lua_pb2
from envoy.extensions.filters.http.router.v3 import router_pb2
from envoy.extensions.filters.network.http_connection_manager.v3 import http_connection_manager_pb2
from envoy.extensions.http.early_header_mutation.header_mutation.v3 import header_mutation_pb2 as early_mutation_pb2
from envoy.extensions.retry.host.previous_hosts.v3 import previous_hosts_pb2
from envoy.extensions.transport_sockets.tls.v3 import tls_pb2
from envoy.extensions.upstreams.http.v3 import http_protocol_options_pb2
from envoy.type.matcher.v3 import http_inputs_pb2
from google.protobuf import any_pb2, json_format

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from google.protobuf.message import Message

TYPE = "type.googleapis.com/"
LDS = TYPE + "envoy.config.listener.v3.Listener"
RDS = TYPE + "envoy.config.route.v3.RouteConfiguration"
CDS = TYPE + "envoy.config.cluster.v3.Cluster"
EDS = TYPE + "envoy.config.endpoint.v3.ClusterLoadAssignment"
ECDS = TYPE + "envoy.config.core.v3.TypedExtensionConfig"

FILTERS = TYPE + "envoy.extensions.filters.http."
CONNECTION_MANAGER = TYPE + "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
ROUTER = {"name": "envoy.filters.http.router", "typed_config": {"@type": FILTERS + "router.v3.Router"}}
FROM_ADS = {"ads": {}, "resource_api_version": "V3"}
# What a route says to a filter that is off unless it is chosen, and to one that it does without.
ENABLED = {"@type": TYPE + "envoy.config.route.v3.FilterConfig", "config": {}}
DISABLED = {"@type": TYPE + "envoy.config.route.v3.FilterConfig", "disabled": True}

# json_format finds the message of an "@type" only if its module has been imported.
EXTENSIONS: tuple[ModuleType, ...] = (
    stream_pb2, buffer_pb2, cors_pb2, transcoder_pb2, grpc_web_pb2, header_mutation_pb2, health_check_pb2,
    jwt_authn_pb2, lua_pb2, router_pb2, http_connection_manager_pb2, early_mutation_pb2, previous_hosts_pb2, tls_pb2,
    http_protocol_options_pb2, extension_matcher_pb2, skip_action_pb2, ext_authz_pb2, http_inputs_pb2,
    local_rate_limit_pb2,
)  # fmt: skip

_CLASSES: Mapping[str, type[Message]] = MappingProxyType(
    {
        LDS: listener_pb2.Listener,
        RDS: route_pb2.RouteConfiguration,
        CDS: cluster_pb2.Cluster,
        EDS: endpoint_pb2.ClusterLoadAssignment,
        ECDS: extension_pb2.TypedExtensionConfig,
    }
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One xDS resource: its type URL and its content in protobuf's JSON form."""

    type_url: str
    content: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What it is subscribed to by."""
        return str(self.content["cluster_name" if self.type_url == EDS else "name"])

    def pack(self) -> any_pb2.Any:
        """The wire form.

        Raises:
            ValueError: a field does not exist or has a value of another type.
        """
        try:
            message = json_format.ParseDict(dict(self.content), _CLASSES[self.type_url]())
        except json_format.ParseError as error:
            msg = f"{self.type_url.rsplit('.', 1)[-1]} {self.name}: {error}"
            raise ValueError(msg) from error
        return any_pb2.Any(type_url=self.type_url, value=message.SerializeToString(deterministic=True))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one instance listens; `healthy` is the control plane's verdict, the only one there is.

    canary: percent of the calls that all canaries of a cluster get together; 0: it is none.
    """

    instance: str
    port: int
    healthy: bool
    host: str = "127.0.0.1"
    canary: int = 0


def assignment(cluster: str, endpoints: Iterable[Endpoint]) -> Resource:
    """The endpoints of a cluster. Locality and weight are always set: gRPC clients ignore localities without weight.

    Canaries are a locality of their own, whose weight is their share: gRPC's round robin knows no weights of endpoints.
    One without anybody in it gets nothing.
    """
    everyone = sorted(endpoints, key=lambda e: e.instance)
    share = max((e.canary for e in everyone), default=0)
    localities = [_locality("stable", 100 - share, [e for e in everyone if not e.canary])]
    if share:
        localities.append(_locality("canary", share, [e for e in everyone if e.canary]))
    return Resource(EDS, {"cluster_name": cluster, "endpoints": localities})


def _locality(zone: str, weight: int, endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    hosts = [
        {
            "endpoint": {"address": address(e.host, e.port)},
            "health_status": "HEALTHY" if e.healthy else "UNHEALTHY",
        }
        for e in endpoints
    ]
    place = {"region": "local", "zone": zone}
    return {"locality": place, "load_balancing_weight": weight, "priority": 0, "lb_endpoints": hosts}


def address(host: str, port: int) -> dict[str, Any]:
    """A TCP address."""
    return {"socket_address": {"address": host, "port_value": port}}
