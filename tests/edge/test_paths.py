"""Which method a path of JSON leads to: what is literal before what varies, whatever the order of the contracts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from mesh.contract import catalog
from mesh.contract.method import HttpRoute
from mesh.edge import routes


def first(table: list[dict[str, Any]], verb: str, path: str) -> dict[str, Any]:
    """The route that Envoy takes: the first that matches."""

    def takes(route: dict[str, Any]) -> bool:
        wanted = {head["name"]: head.get("string_match", {}).get("exact") for head in route["match"].get("headers", [])}
        return wanted in ({}, {":method": verb}) and bool(re.match(route["match"]["safe_regex"]["regex"], path))

    return next(route for route in table if takes(route))


def test_a_literal_path_is_not_taken_by_one_that_varies() -> None:
    known = catalog.load().methods
    get = known["/rapport.customers.v1.ContactService/GetContact"]
    door = next(each for each in known.values() if each.http_door)
    answering = replace(door, routes=(HttpRoute("POST", "/v1/contacts/answer", "*"),))
    for order in ((get, answering), (answering, get)):
        table = list(routes._json(order))
        assert routes.DOOR in first(table, "POST", "/v1/contacts/answer")["typed_per_filter_config"]
        assert routes.DOOR not in first(table, "GET", "/v1/contacts/con_1")["typed_per_filter_config"]
        refused = first(table, "POST", "/v1/contacts/con_1")
        assert refused["direct_response"] == {"status": 405}
        assert refused["response_headers_to_add"][0]["header"]["value"] == "GET"
