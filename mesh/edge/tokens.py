"""The check of bearer tokens at the edge: one rule per method, deny by default, keys pushed by ECDS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.contract.method import AccessKind
from mesh.control.resources import ECDS, FILTERS, TYPE, Resource
from mesh.edge import limits
from mesh.edge.site import ECDS_TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mesh.contract.catalog import Catalog

AUDIENCE = "rapport"
_PROVIDER = "users"
TYPE_URL = FILTERS + "jwt_authn.v3.JwtAuthentication"
# A bad token is refused everywhere; none at all is fine where the contract asks for another proof or for none.
_OPTIONAL = {"requires_any": {"requirements": [{"provider_name": _PROVIDER}, {"allow_missing": {}}]}}
_REQUIRED = {"provider_name": _PROVIDER}
LAST_RULE = {"match": {"prefix": "/"}, "requires": _REQUIRED}
_TOKENLESS = (AccessKind.ANONYMOUS, AccessKind.CAPABILITY, AccessKind.PUBLISHABLE_KEY)


def token_check(catalog: Catalog, jwks: str, issuer: str, open_paths: Iterable[str]) -> Resource:
    """The filter's configuration as a resource of its own, so that a new key disturbs no connection.

    Args:
        catalog: the contracts.
        jwks: the keys.
        issuer: who the tokens must be from.
        open_paths: further paths that need no token.
    """
    provider = {
        "issuer": issuer,
        "audiences": [AUDIENCE],
        "local_jwks": {"inline_string": jwks},
        # The service verifies the token again and takes the identity from it.
        "forward": True,
        # Named, so that a token in the query, where logs would keep it, is not accepted.
        "from_headers": [{"name": "authorization", "value_prefix": "Bearer "}],
        "require_expiration": True,
        "max_lifetime": "86400s",
        "clock_skew_seconds": 5,
        "jwt_cache_config": {"jwt_cache_size": 1000},
        "payload_in_metadata": limits.CLAIMS,
    }
    return Resource(
        ECDS,
        {
            "name": ECDS_TOKENS,
            "typed_config": {
                "@type": TYPE_URL,
                "providers": {_PROVIDER: provider},
                "rules": [
                    *({"match": {"path": path}, "requires": _OPTIONAL} for path in open_paths),
                    *_rules(catalog),
                    LAST_RULE,
                ],
            },
        },
    )


def _rules(catalog: Catalog) -> list[dict[str, Any]]:
    return [
        {"match": {"path": path}, "requires": _OPTIONAL if method.access.kind in _TOKENLESS else _REQUIRED}
        for path, method in catalog.methods.items()
        if method.access.public
    ]


def filter_reference(config_source: dict[str, Any]) -> dict[str, Any]:
    """The place of the check in the filter chain.

    Until its configuration arrives, the listener waits, and without a limit: an edge that knows no keys would refuse
    good tokens, so it takes no calls.
    """
    source = {**config_source, "initial_fetch_timeout": "0s"}
    return {
        "name": ECDS_TOKENS,
        "config_discovery": {"config_source": source, "type_urls": [TYPE_URL.removeprefix(TYPE)]},
    }
