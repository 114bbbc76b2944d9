"""A snapshot that contradicts itself or the contracts cannot be made."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mesh.contract.catalog import all_services, load
from mesh.control import snapshot
from mesh.control.resources import CDS, ECDS, EDS, LDS, RDS, Endpoint, Resource
from mesh.control.snapshot import Frame, Snapshot
from mesh.edge import door
from mesh.edge.routes import pattern
from mesh.edge.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SITE = Site("127.0.0.1", 1, "rapport", "https://issuer.test", Path("/nowhere"), (), reflection=True, origins="")
HERE = (Endpoint("one", 1, healthy=True),)
ENDPOINTS = dict.fromkeys((*all_services(), "control"), HERE)
JWKS = '{"keys": []}'
LOOK_UP = "/rapport.users.v1.DirectoryService/LookUpPrincipal"

Content = dict[str, Any]


def build(endpoints: Mapping[str, tuple[Endpoint, ...]] | None = None) -> Snapshot:
    return Snapshot.build(Frame.build(load(), JWKS, SITE), endpoints or ENDPOINTS)


def routes(resources: dict[str, Content]) -> list[Content]:
    return list(resources[RDS]["virtual_hosts"][0]["routes"])


def change_routes(change: Callable[[list[Content]], list[Content]]) -> Callable[[dict[str, Content]], None]:
    def changed(resources: dict[str, Content]) -> None:
        resources[RDS]["virtual_hosts"][0]["routes"] = change(routes(resources))

    return changed


def change_rules(change: Callable[[list[Content]], list[Content]]) -> Callable[[dict[str, Content]], None]:
    def changed(resources: dict[str, Content]) -> None:
        config = resources[ECDS]["typed_config"]
        config["rules"] = change(config["rules"])

    return changed


def of_contacts(route: Content) -> bool:
    return bool(route["match"].get("path") == "/rapport.customers.v1.ContactService/GetContact")


FAULTS: dict[str, tuple[Callable[[dict[str, Content]], None], str]] = {
    "a public method without a route": (
        change_routes(lambda r: [x for x in r if not of_contacts(x)]), "routes of public methods: missing",
    ),
    "a route to a method for services": (
        change_routes(lambda r: [{"match": {"path": LOOK_UP}, "route": {"cluster": "users"}}, *r]), "not referred to",
    ),
    "a route to a whole service": (
        change_routes(lambda r: [{"match": {"prefix": "/"}, "route": {"cluster": "users"}}, *r]), "more than one path",
    ),
    "a method routed twice": (change_routes(lambda r: [x for x in r if of_contacts(x)] + r), "routed twice"),
    "a route to nowhere": (
        change_routes(lambda r: [{"match": {"path": "/x"}, "route": {"cluster": "gone"}}, *r]), "do not exist",
    ),
    "a method without a token rule": (change_rules(lambda r: [x for x in r if not of_contacts(x)]), "has 0 rules"),
    "a token check that allows what it does not know": (change_rules(lambda r: r[:-1]), "does not end with a rule"),
    "a last rule that lets everybody in": (
        change_rules(lambda r: [*r[:-1], {"match": {"prefix": "/"}, "requires": {"allow_missing": {}}}]),
        "does not end with a rule",
    ),
    "a listener that asks for unknown routes": (
        lambda r: r[RDS].update(name="other"), "route configurations: missing",
    ),
    "a token check under another name": (lambda r: r[ECDS].update(name="other"), "extensions: missing"),
    "a field that does not exist": (lambda r: r[LDS].update(adress={}), "adress"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_an_inconsistent_snapshot_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault, text = FAULTS[name]
    genuine = door.resources

    def faulty(*arguments: Any) -> list[Resource]:
        resources = [Resource(r.type_url, copy.deepcopy(dict(r.content))) for r in genuine(*arguments)]
        fault({r.type_url: dict_of(r) for r in resources if r.type_url != CDS})
        return resources

    monkeypatch.setattr(snapshot.door, "resources", faulty)

    with pytest.raises(ValueError, match=text):
        build()


def dict_of(resource: Resource) -> Content:
    assert isinstance(resource.content, dict)
    return resource.content


def test_a_cluster_without_an_assignment_is_refused() -> None:
    with pytest.raises(ValueError, match=r"assignments: missing \['users'\]"):
        build({name: HERE for name in ENDPOINTS if name != "users"})


def test_the_contracts_as_they_are_make_a_snapshot() -> None:
    made = build()

    assert set(made.clients.resources[LDS]) == set(load().areas())
    assert set(made.edge.resources[EDS]) == set(ENDPOINTS)


def test_without_keys_the_edge_is_told_no_check_of_tokens_and_waits() -> None:
    made = Snapshot.build(Frame.build(load(), "", SITE), ENDPOINTS)

    assert not made.edge.resources[ECDS]
    assert build().edge.resources[ECDS]


def test_keys_that_come_later_make_the_frame_that_they_would_have_made_at_first() -> None:
    catalog = load()
    first, later = Frame.build(catalog, JWKS, SITE), Frame.build(catalog, "", SITE).knowing(catalog, JWKS, SITE)

    assert later.edge == first.edge


def test_versions_change_with_the_content_and_with_nothing_else() -> None:
    one, two = build(), build()
    sick = {**ENDPOINTS, "users": (Endpoint("one", 1, healthy=False),)}
    third = build(sick)

    assert one.edge.versions == two.edge.versions
    assert third.clients.versions[EDS] != one.clients.versions[EDS]
    assert third.clients.versions[CDS] == one.clients.versions[CDS]


def test_routes_of_clients_carry_no_retries_which_have_no_budget_there() -> None:
    catalog = load()
    view = build().clients
    from envoy.config.route.v3 import route_pb2

    for area in catalog.areas():
        config = route_pb2.RouteConfiguration.FromString(view.resources[RDS][area].value)
        assert not any(r.route.HasField("retry_policy") for r in config.virtual_hosts[0].routes)
        assert not any(r.route.HasField("max_stream_duration") for r in config.virtual_hosts[0].routes)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("/v1/contacts", r"^/v1/contacts$"),
        ("/v1/contacts/{id}", r"^/v1/contacts/[^/:]+$"),
        ("/v1/contacts/{contact.id}", r"^/v1/contacts/[^/:]+$"),
        ("/v1/contacts/{id}:undelete", r"^/v1/contacts/[^/:]+:undelete$"),
        ("/v1/{name=files/*/parts/**}", r"^/v1/files/[^/:]+/parts/.+$"),
        ("/.well-known/jwks.json", r"^/\.well\-known/jwks\.json$"),
    ],
)
def test_path_templates_become_regular_expressions(template: str, expected: str) -> None:
    assert pattern(template) == expected


def test_a_check_that_was_taken_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "_check_edge", lambda *_: None)

    with pytest.raises(pytest.fail.Exception):
        test_an_inconsistent_snapshot_is_refused("a route to a method for services", monkeypatch)
