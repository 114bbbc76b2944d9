"""Limits at the edge: what a tenant may call is counted here first, so that a flood costs no service anything.

The edge sees all calls from outside, whichever instance they go to, and so counts a tenant's whole budget, by service
and rate class, under the tenant of the verified token. Calls without a token are counted by the address they come
from: nobody knows yet on whose behalf they are. The numbers are those that services count by (mesh.runtime.limits).
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from mesh.contract.limit_headers import RETRY_HEADER
from mesh.control.resources import FILTERS
from mesh.edge import envoy, replies
from mesh.runtime.limits import Limit, named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mesh.contract.catalog import Catalog
    from mesh.contract.method import MethodContract
    from mesh.edge.site import Site

NAME = replies.BUDGET
# Where the token check leaves the claims of a token.
CLAIMS = "claims"
_LOCAL = "envoy.filters.http.local_ratelimit"
_KIND = FILTERS + "local_ratelimit.v3.LocalRateLimit"
# Buckets that are kept; beyond that the one that was asked longest ago is forgotten, and with it that it was empty.
_KEPT = 65_536
# An exchange of an API key for a token is asked of a service before anybody knows the tenant.
_EXCHANGES = Limit(per_minute=30_000, burst=1_000)
# Documents are Envoy's own answers, as large as it gives them, to callers whom nobody knows.
_DOCUMENTS = Limit(per_minute=300, burst=60)
# Each large one stands whole in Envoy's memory until it was read. However many addresses ask for them, those that come
# at once take this part of it, and so many more come in so many seconds: Envoy drops unread ones sooner than that.
_PART = 4
_AGAIN_SECONDS = 4
LARGE = 64 * 1024
"""Bytes from which on a document is a large one."""
_ALL = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}
# What fits no other bucket is not limited; Envoy insists on one.
_UNLIMITED = {"max_tokens": 2**30, "tokens_per_fill": 2**30, "fill_interval": "1s"}


def of_method(method: MethodContract, site: Site) -> dict[str, Any]:
    """The metadata of a method's route: which budget its calls draw from, and how that is told."""
    return _metadata("budget", _budget(method.service, method.rate), method.rate, site.limits[method.rate])


def of_documents(size: int) -> dict[str, Any]:
    """The metadata of a route to a document of so many bytes.

    They are counted by address, with a token as without, and large ones beside that for everybody together.
    """
    told = _metadata("page", "document", "document", _DOCUMENTS)
    told["filter_metadata"][NAME] |= {"crowd": "document"} if size >= LARGE else {}
    return told


def of_crowd(sizes: Iterable[int]) -> Limit:
    """How often everybody together gets a large one of documents of these sizes."""
    burst = max(1, envoy.MOST_MEMORY // _PART // max([LARGE, *sizes]))
    return Limit(per_minute=burst * 60 // _AGAIN_SECONDS, burst=burst)


def filters(catalog: Catalog, site: Site) -> tuple[dict[str, Any], dict[str, Any]]:
    """What counts, with what tells before it: answers pass them the other way round. They follow the token check."""
    budgets = dict.fromkeys((m.service, m.rate) for m in catalog.methods.values() if m.access.public)
    script = resources.files(__package__).joinpath("limits.lua").read_text(encoding="utf-8")
    telling = {"@type": FILTERS + "lua.v3.Lua", "default_source_code": {"inline_string": script}}
    tenant = {"key": "envoy.filters.http.jwt_authn", "path": [{"key": CLAIMS}, {"key": "tenant"}]}
    of_budget = _of_route("budget")
    counting: dict[str, Any] = {
        **_counting("budgets"),
        "enable_x_ratelimit_headers": "DRAFT_VERSION_03",
        "rate_limits": [
            {"actions": [{"metadata": {"descriptor_key": "tenant", "metadata_key": tenant}}, of_budget]},
            {"actions": [_tokenless(), {"remote_address": {}}, of_budget]},
            {"actions": [{"remote_address": {}}, _of_route("page")]},
            {"actions": [_of_route("crowd")]},
        ],
        "descriptors": [
            _descriptor([*whose, {"key": "budget", "value": _budget(service, rate)}], site.limits[rate])
            for service, rate in budgets
            for whose in ([{"key": "tenant"}], [{"key": "tokenless", "value": "yes"}, {"key": "remote_address"}])
        ],
    }
    pages = _descriptor([{"key": "remote_address"}, {"key": "page", "value": "document"}], _DOCUMENTS)
    crowd = of_crowd([document.file.stat().st_size for document in site.documents])
    counting["descriptors"] += [pages, _descriptor([{"key": "crowd", "value": "document"}], crowd)]
    return {"name": NAME, "typed_config": telling}, {"name": _LOCAL, "typed_config": counting}


def of_exchanges(prefix: str) -> dict[str, Any]:
    """What counts the credentials that begin so, by the address they come from; it precedes their exchange."""
    a_key = {"name": "authorization", "string_match": {"prefix": prefix}}
    match = {"descriptor_key": "key", "descriptor_value": "yes", "headers": [a_key]}
    entries = [{"key": "key", "value": "yes"}, {"key": "remote_address"}]
    counting = {
        **_counting("exchanges"),
        "rate_limits": [{"actions": [{"header_value_match": match}, {"remote_address": {}}]}],
        "descriptors": [_descriptor(entries, _EXCHANGES)],
    }
    return {"name": "exchanges", "typed_config": counting}


def _counting(name: str) -> dict[str, Any]:
    wait = {"key": RETRY_HEADER, "value": f"%METADATA(ROUTE:{NAME}:wait)%"}
    return {
        "@type": _KIND,
        "stat_prefix": name,
        "token_bucket": _UNLIMITED,
        "filter_enabled": _ALL,
        "filter_enforced": _ALL,
        "max_dynamic_descriptors": _KEPT,
        "rate_limited_as_resource_exhausted": True,
        "response_headers_to_add": [{"header": wait, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}],
    }


def _tokenless() -> dict[str, Any]:
    token = {"name": "authorization", "present_match": True}
    match = {"descriptor_key": "tokenless", "descriptor_value": "yes", "expect_match": False, "headers": [token]}
    return {"header_value_match": match}


def _of_route(key: str) -> dict[str, Any]:
    found = {"key": NAME, "path": [{"key": key}]}
    return {"metadata": {"descriptor_key": key, "source": "ROUTE_ENTRY", "metadata_key": found}}


def _metadata(key: str, value: str, rate: str, limit: Limit) -> dict[str, Any]:
    told = {"name": named(rate), "policy": limit.policy(rate), "wait": str(limit.wait)}
    return {"filter_metadata": {NAME: {key: value, **told, "details": replies.RATE_LIMITED.trailer(limit.wait)}}}


def _budget(service: str, rate: str) -> str:
    return f"{service}.{rate}"


def _descriptor(entries: list[dict[str, str]], limit: Limit) -> dict[str, Any]:
    bucket = {"max_tokens": limit.burst, "tokens_per_fill": limit.per_minute, "fill_interval": "60s"}
    return {"entries": entries, "token_bucket": bucket}
