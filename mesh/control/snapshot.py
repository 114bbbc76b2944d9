"""What both data planes are told at one moment, immutable and checked: what does not fit cannot be published."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mesh.control import proxyless
from mesh.control.resources import CDS, ECDS, EDS, LDS, RDS, Endpoint, Resource, assignment
from mesh.edge import door

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from google.protobuf.any_pb2 import Any as AnyMessage

    from mesh.contract.catalog import Catalog
    from mesh.edge.site import Site

# Which type a change of the first one makes stale: a changed cluster waits for its assignment to be sent anew.
_PARENT = MappingProxyType({EDS: CDS, RDS: LDS})


class SnapshotError(ValueError):
    """The resources contradict each other or the contracts; the text says which and how."""


@dataclass(frozen=True, slots=True)
class View:
    """What one kind of node is told: resources and a version per type URL."""

    resources: Mapping[str, Mapping[str, AnyMessage]]
    versions: Mapping[str, str]

    @classmethod
    def build(cls, resources: Iterable[Resource]) -> View:
        """Pack the resources; the version of a type is a digest of them and of its parents."""
        packed: dict[str, dict[str, AnyMessage]] = {kind: {} for kind in (CDS, EDS, LDS, RDS, ECDS)}
        for resource in resources:
            if resource.name in packed[resource.type_url]:
                msg = f"two resources {resource.type_url.rsplit('.', 1)[-1]} are named {resource.name}"
                raise SnapshotError(msg)
            packed[resource.type_url][resource.name] = resource.pack()
        digests = {kind: _digest(named) for kind, named in packed.items()}
        versions = {
            kind: f"{digest}.{digests[_PARENT[kind]]}" if kind in _PARENT else digest
            for kind, digest in digests.items()
        }
        frozen = {kind: MappingProxyType(named) for kind, named in packed.items()}
        return cls(MappingProxyType(frozen), MappingProxyType(versions))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One checked configuration: `edge` for Envoy, `clients` for the gRPC clients inside services."""

    edge: View
    clients: View

    @classmethod
    def build(cls, catalog: Catalog, endpoints: Mapping[str, tuple[Endpoint, ...]], jwks: str, site: Site) -> Snapshot:
        """Derive everything from the contracts and from what runs now.

        Args:
            catalog: the contracts of all services.
            endpoints: by cluster: each service, and `control` for what the edge asks the control plane itself.
            jwks: the keys (RFC 7517, JSON) that bearer tokens are checked with; empty: none are known yet, and an edge
                that begins waits for them.
            site: what is particular to this edge.

        Raises:
            SnapshotError: the result is inconsistent.
        """
        services = set(catalog.services())
        assignments = [assignment(cluster, found) for cluster, found in sorted(endpoints.items())]
        clients = [
            *proxyless.resources(catalog, site.trust_domain),
            *(a for a in assignments if a.name in services),
        ]
        edge = [*door.resources(catalog, jwks, site), *assignments]
        for resources in (clients, edge):
            _check_references(resources)
        _check_clients(catalog, clients)
        _check_edge(catalog, edge)
        if not jwks:
            edge = [r for r in edge if r.type_url != ECDS]
        return cls(View.build(edge), View.build(clients))


def _digest(named: Mapping[str, AnyMessage]) -> str:
    digest = hashlib.sha256()
    for name, message in sorted(named.items()):
        digest.update(name.encode() + b"\0" + message.value + b"\0")
    return digest.hexdigest()[:16]


def _of(resources: Iterable[Resource], kind: str) -> dict[str, Mapping[str, Any]]:
    return {r.name: r.content for r in resources if r.type_url == kind}


def _walk(node: object) -> Iterator[Mapping[str, Any]]:
    """Every dictionary inside a content."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _walk(value)


def _same(what: str, wanted: Iterable[str], given: Iterable[str]) -> None:
    wanted, given = set(wanted), set(given)
    if wanted != given:
        missing, surplus = sorted(wanted - given), sorted(given - wanted)
        msg = f"{what}: missing {missing}, not referred to {surplus}"
        raise SnapshotError(msg)


def _check_references(resources: Iterable[Resource]) -> None:
    """Everything referred to by name exists, and nothing exists that is not referred to."""
    resources = list(resources)
    clusters = _of(resources, CDS)
    dynamic = {name for name, cluster in clusters.items() if cluster.get("type") == "EDS"}
    listeners = list(_walk(_of(resources, LDS)))
    routes = list(_walk(_of(resources, RDS)))
    _same("assignments", dynamic, _of(resources, EDS))
    _same(
        "route configurations",
        [d["route_config_name"] for d in listeners if "route_config_name" in d],
        _of(resources, RDS),
    )
    _same("extensions", [d["name"] for d in listeners if "config_discovery" in d], _of(resources, ECDS))
    unknown = {str(d["cluster"]) for d in routes if isinstance(d.get("cluster"), str)} - set(clusters)
    if unknown:
        msg = f"routes lead to clusters that do not exist: {sorted(unknown)}"
        raise SnapshotError(msg)


def _check_clients(catalog: Catalog, resources: Iterable[Resource]) -> None:
    """Every proto service can be dialled, and none that has no contract."""
    _same("listeners", catalog.areas(), _of(resources, LDS))


def _check_edge(catalog: Catalog, resources: Iterable[Resource]) -> None:
    """Exactly the public methods are reachable, each with its own rule for the token."""
    resources = list(resources)
    routed: list[str] = []
    for d in _walk(_of(resources, RDS)):
        if "route" not in d or "cluster" not in d["route"]:
            continue
        match = d["match"]
        if "path" not in match and d["route"]["cluster"] in catalog.services():
            msg = f"the edge leads more than one path to {d['route']['cluster']}: {match}"
            raise SnapshotError(msg)
        if d["route"]["cluster"] in catalog.services():
            routed.append(match["path"])
    public = [path for path, method in catalog.methods.items() if method.access.public]
    _same("routes of public methods", public, routed)
    twice = [path for path, count in Counter(routed).items() if count > 1]
    if twice:
        msg = f"routed twice: {twice}"
        raise SnapshotError(msg)
    door.check(catalog, resources)
