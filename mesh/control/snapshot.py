"""What both data planes are told at one moment, immutable and checked: what does not fit cannot be published."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
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

    def telling(self, kind: str, resources: Iterable[Resource]) -> View:
        """The same with these resources of a type, which is the parent of no other: no other version changes."""
        packed = {each.name: each.pack() for each in resources}
        version = f"{_digest(packed)}.{self.versions[_PARENT[kind]]}" if kind in _PARENT else _digest(packed)
        return View(
            MappingProxyType({**self.resources, kind: MappingProxyType(packed)}),
            MappingProxyType({**self.versions, kind: version}),
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """What a Snapshot says whoever runs, checked and packed: instances come and go, and nothing of it is made again.

    edge, clients: without assignments. awaited: the clusters of the edge that wait for one; the clients' are the
    services, of which it knows all.
    """

    jwks: str
    edge: View
    clients: View
    awaited: frozenset[str]
    services: frozenset[str]

    @classmethod
    def build(cls, catalog: Catalog, jwks: str, site: Site) -> Frame:
        """Derive it from the contracts.

        Args:
            catalog: the contracts of all services.
            jwks: the keys (RFC 7517, JSON) that bearer tokens are checked with; empty: none are known yet, and an edge
                that begins waits for them.
            site: what is particular to this edge.

        Raises:
            SnapshotError: the result is inconsistent.
        """
        services = frozenset(catalog.services())
        clients = list(proxyless.resources(catalog, site.trust_domain))
        edge = list(door.resources(catalog, jwks, site))
        for resources in (clients, edge):
            _check_references(resources)
        _check_clients(catalog, clients)
        _check_edge(catalog, edge)
        awaited = _awaiting(edge)
        if not jwks:
            edge = [r for r in edge if r.type_url != ECDS]
        return cls(jwks, View.build(edge), View.build(clients), awaited, services)

    def knowing(self, catalog: Catalog, jwks: str, site: Site) -> Frame:
        """The same with other keys.

        Raises:
            ValueError: a public method could be reached without its rule.
        """
        checked = door.token_check(catalog, jwks, site)
        door.check(catalog, [checked])
        return replace(self, jwks=jwks, edge=self.edge.telling(ECDS, [checked]))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One checked configuration: `edge` for Envoy, `clients` for the gRPC clients inside services."""

    edge: View
    clients: View

    @classmethod
    def build(cls, frame: Frame, endpoints: Mapping[str, tuple[Endpoint, ...]]) -> Snapshot:
        """What runs now, in its frame.

        endpoints: by cluster: each service, and `control` for what the edge asks the control plane itself.

        Raises:
            SnapshotError: a cluster waits for an assignment, or an assignment has no cluster.
        """
        assignments = [assignment(cluster, found) for cluster, found in sorted(endpoints.items())]
        _same("assignments", frame.awaited, endpoints)
        inside = [each for each in assignments if each.name in frame.services]
        return cls(frame.edge.telling(EDS, assignments), frame.clients.telling(EDS, inside))


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


def _awaiting(resources: Iterable[Resource]) -> frozenset[str]:
    """The clusters whose endpoints are told apart from them."""
    clusters = _of(resources, CDS)
    return frozenset(name for name, cluster in clusters.items() if cluster.get("type") == "EDS")


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
    listeners = list(_walk(_of(resources, LDS)))
    routes = list(_walk(_of(resources, RDS)))
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
    """Every proto service can be dialled, and none that has no contract; every service waits for its instances."""
    resources = list(resources)
    _same("listeners", catalog.areas(), _of(resources, LDS))
    _same("clusters", catalog.services(), _awaiting(resources))


def _check_edge(catalog: Catalog, resources: Iterable[Resource]) -> None:
    """Exactly the public methods are reachable, each with its own rule for the token."""
    resources, services = list(resources), frozenset(catalog.services())
    routed: list[str] = []
    for d in _walk(_of(resources, RDS)):
        if "route" not in d or "cluster" not in d["route"]:
            continue
        match = d["match"]
        if "path" not in match and d["route"]["cluster"] in services:
            msg = f"the edge leads more than one path to {d['route']['cluster']}: {match}"
            raise SnapshotError(msg)
        if d["route"]["cluster"] in services:
            routed.append(match["path"])
    public = [path for path, method in catalog.methods.items() if method.access.public]
    _same("routes of public methods", public, routed)
    twice = [path for path, count in Counter(routed).items() if count > 1]
    if twice:
        msg = f"routed twice: {twice}"
        raise SnapshotError(msg)
    door.check(catalog, resources)
