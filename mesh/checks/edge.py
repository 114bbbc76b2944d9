"""The edge: that it answers, and that what it was told is what the contracts say and where instances are."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import stat
from typing import TYPE_CHECKING, Any

from mesh.checks.check import Skipped, check
from mesh.checks.instances import serving_calls
from mesh.edge import envoy, transcoder
from mesh.edge.door import HEALTHZ
from mesh.runtime.exposition import LOOPBACK
from mesh.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mesh.checks.view import View

_ROUTES = "/config_dump?resource=dynamic_route_configs"
_LISTENERS = "/config_dump?resource=dynamic_listeners"
_EXTENSIONS = "/config_dump?resource=ecds_filters"
_CLUSTERS = "/clusters?format=json"
_SECONDS = 1.0
_ALL_ADDRESSES = "0.0.0.0"  # noqa: S104  # compared with, not bound to
_OURS = "/rapport."
# Clusters of the control plane.
_NO_SERVICES = ("ads", "control")
# A key is published for this long before it signs; the edge hears of it within a few seconds.
_HEARD_US = 20_000_000
_OLDEST_KEY_US = 45 * 24 * 3600 * 1_000_000
_KEYS = "SELECT kid, create_time FROM signing_keys ORDER BY slot"
_PUBLISH = "See whether the control plane refuses to publish (MESH_HOME/logs/mesh.log), then: mesh down, mesh up."
_NEWER_CODE = "The mesh runs other code than this command; start it anew: mesh down, mesh up."


@check(
    "edge.answers",
    "The edge answers at its address.",
    remedy="See what Envoy says (mesh logs edge); the control plane starts it again when it ends.",
    running=True,
)
def answers(view: View) -> Iterator[str]:
    """Ask for its health; whatever the answer is, it is one."""
    settings = view.settings
    host = "127.0.0.1" if settings.edge_host == _ALL_ADDRESSES else settings.edge_host
    if settings.edge_certificate:
        # Whose certificate it shows is certificates.edge's concern.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, settings.edge_port, timeout=_SECONDS, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, settings.edge_port, timeout=_SECONDS)
    try:
        connection.request("GET", HEALTHZ)
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        yield f"nobody answers at {settings.edge_url}"
    finally:
        connection.close()


@check(
    "edge.administration",
    "Envoy's administration, which can stop it, is open to its owner alone.",
    remedy="Start the mesh anew, which makes the socket with the right mode: mesh down, mesh up.",
    running=True,
)
def administration(view: View) -> Iterator[str]:
    """Look at the socket."""
    socket = view.settings.home / "run" / "edge" / envoy.ADMIN
    if socket.exists() and stat.S_IMODE(socket.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        yield f"{socket} is open to others"


@check(
    "edge.routes",
    "The edge leads to every public method of the contracts, and to no other.",
    remedy=_NEWER_CODE,
    running=True,
)
def routes(view: View) -> Iterator[str]:
    """Compare the paths that lead to services."""
    led = set(_routes(view))
    public = {path for path, method in view.catalog().methods.items() if method.access.public}
    for path in sorted(led ^ public):
        yield f"{path} is {'no public method' if path in led else 'not reachable'}"


@check(
    "edge.descriptors",
    "The edge turns JSON into exactly the messages that the contracts describe.",
    remedy=_NEWER_CODE,
    running=True,
)
def descriptors(view: View) -> Iterator[str]:
    """Compare the descriptors that its transcoder has."""
    had = _descriptors_of_edge(view)
    wanted = base64.b64decode(transcoder.transcoder(view.catalog())["proto_descriptor_bin"])
    if had != wanted:
        yield "the edge has other descriptors than this code"


@check(
    "edge.deadlines",
    "The edge gives every method the time that its contract declares: neither cuts the other's short.",
    remedy=_NEWER_CODE,
    running=True,
)
def deadlines(view: View) -> Iterator[str]:
    """Compare the timeouts of routes with the deadlines of methods."""
    led = _routes(view)
    for path, method in view.catalog().methods.items():
        if path not in led:
            continue
        action = led[path]["route"]
        streams = method.server_streaming or method.client_streaming
        told = action["max_stream_duration"]["max_stream_duration"] if streams else action["timeout"]
        given = float(told.removesuffix("s"))
        if not method.deadline <= given <= method.deadline + 2 * _SECONDS:
            yield f"{path} may take {method.deadline:g} s, and the edge waits for {given:g} s"


@check(
    "edge.bodies",
    "The edge takes bodies as large as the contracts allow.",
    remedy=_NEWER_CODE,
    running=True,
)
def bodies(view: View) -> Iterator[str]:
    """Compare the limits of doors, which are the methods that declare one."""
    led = _routes(view)
    for path, method in view.catalog().methods.items():
        if method.http_door and path in led:
            limit = _limit_of(led[path])
            if limit < method.largest_body:
                yield f"{path} may have {method.largest_body} bytes, and the edge takes {limit}"


@check(
    "edge.endpoints",
    "The edge leads to exactly the instances that the control plane calls healthy.",
    remedy=_PUBLISH,
    running=True,
)
def endpoints(view: View) -> Iterator[str]:
    """Compare ports: those in its clusters with those in the run file."""
    wanted = {instance.port: instance.name for instance in serving_calls(view)}
    ports = _led_to(view)
    for port in sorted({*wanted, *ports}):
        if port not in ports:
            yield f"{wanted[port]} serves, and the edge does not lead to it"
        elif port not in wanted:
            yield f"the edge leads to port {port} for {ports[port]}, where no healthy instance is"


@check(
    "edge.keys",
    "The edge checks tokens with exactly the keys that `users` signs them with.",
    remedy="See why the control plane cannot read the keys (MESH_HOME/logs/mesh.log); new keys: mesh secrets rotate "
    "--signing.",
    running=True,
)
def keys(view: View) -> Iterator[str]:
    """Compare key ids: the newest must be known to the edge, and none that was taken back."""
    rows = _signing_keys(view)
    known = {str(key["kid"]) for key in _keys_of_edge(view)}
    newest, made_us = rows[-1]
    if newest not in known and view.clock.now_us() - made_us > _HEARD_US:
        yield f"the edge does not know the key {newest}"
    for kid in sorted(known - {kid for kid, _ in rows}):
        yield f"the edge believes the key {kid}, which is nobody's any more"


@check(
    "edge.key-rotation",
    "The key that tokens are signed with is younger than 45 days.",
    remedy="Publish a new one: mesh secrets rotate --signing.",
)
def key_rotation(view: View) -> Iterator[str]:
    """A key gets a successor at the first log-in after 30 days."""
    kid, made_us = _signing_keys(view)[-1]
    age_us = view.clock.now_us() - made_us
    if age_us > _OLDEST_KEY_US:
        yield f"the key {kid} is {age_us // (24 * 3600 * 1_000_000)} days old"


def _led_to(view: View) -> dict[int, str]:
    """The ports of this host that the edge sends calls to, with the cluster; other hosts' are in no run file here."""
    found = {}
    for cluster in view.envoy(_CLUSTERS)["cluster_statuses"]:
        for host in cluster.get("host_statuses", ()):
            place = host["address"]["socket_address"]
            healthy = host["health_status"].get("eds_health_status") == "HEALTHY"
            if healthy and place["address"] == LOOPBACK and cluster["name"] not in _NO_SERVICES:
                found[place["port_value"]] = cluster["name"]
    return found


def _routes(view: View) -> Mapping[str, dict[str, Any]]:
    """The routes that lead to methods of services, by path."""
    found = {}
    for config in view.envoy(_ROUTES).get("configs", ()):
        for host in config["route_config"]["virtual_hosts"]:
            for route in host["routes"]:
                path = route["match"].get("path", "")
                if path.startswith(_OURS) and "route" in route:
                    found[path] = route
    return found


def _descriptors_of_edge(view: View) -> bytes:
    for config in view.envoy(_LISTENERS).get("configs", ()):
        for found in _walked(config):
            if found.get("@type", "").endswith("GrpcJsonTranscoder") and "proto_descriptor_bin" in found:
                return base64.b64decode(found["proto_descriptor_bin"])
    raise Skipped("the edge was told nothing yet (see edge.answers)")


def _keys_of_edge(view: View) -> list[dict[str, Any]]:
    for config in view.envoy(_EXTENSIONS).get("configs", ()):
        for found in _walked(config):
            if "inline_string" in found.get("local_jwks", {}):
                listed: list[dict[str, Any]] = json.loads(found["local_jwks"]["inline_string"])["keys"]
                return listed
    raise Skipped("the edge was told nothing yet (see edge.answers)")


def _limit_of(route: Mapping[str, Any]) -> int:
    """The largest body that a route takes by itself; without a limit of its own what the transcoder takes."""
    limits = [int(each["max_request_bytes"]) for each in _walked(route) if "max_request_bytes" in each]
    return min(limits, default=transcoder.LARGEST_REQUEST)


def _walked(value: object) -> Iterator[dict[str, Any]]:
    """Every object in a JSON document."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _walked(each)
    elif isinstance(value, list):
        for each in value:
            yield from _walked(each)


def _signing_keys(view: View) -> list[tuple[str, int]]:
    """Ids and times of the signing keys, the newest last."""
    try:
        rows = view.examination("users").rows(_KEYS)
    except StoreError as error:
        raise Skipped("there are no keys yet (see store.migrated)") from error
    if not rows:
        raise Skipped("nobody has signed in yet")
    return [(str(kid), int(str(made_us))) for kid, made_us in rows]


CHECKS = (
    answers, administration, routes, descriptors, deadlines, bodies, endpoints, keys, key_rotation,
)  # fmt: skip
