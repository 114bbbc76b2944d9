"""API keys at the edge: a filter that has them exchanged for tokens, and lets everything else pass unasked."""

from __future__ import annotations

from typing import Any

from mesh.control.resources import FILTERS, TYPE

PREFIX = "Bearer rk_"
_OWNER = "users"
_SECONDS = 2


def exchange() -> dict[str, Any]:
    """The filter. It stands before the token check, which then meets the token in place of the key."""
    authorization = {
        "name": "authorization",
        "typed_config": {
            "@type": TYPE + "envoy.type.matcher.v3.HttpRequestHeaderMatchInput",
            "header_name": "authorization",
        },
    }
    a_key = {"single_predicate": {"input": authorization, "value_match": {"prefix": PREFIX}}}
    skip = {
        "name": "skip",
        "typed_config": {"@type": TYPE + "envoy.extensions.filters.common.matcher.action.v3.SkipFilter"},
    }
    asked = {
        "@type": FILTERS + "ext_authz.v3.ExtAuthz",
        "transport_api_version": "V3",
        "grpc_service": {"envoy_grpc": {"cluster_name": _OWNER}, "timeout": f"{_SECONDS}s"},
        # With the owner of keys away nobody knows what a key is worth.
        "failure_mode_allow": False,
        "status_on_error": {"code": "ServiceUnavailable"},
        "allowed_headers": {"patterns": [{"exact": "authorization"}]},
    }
    return {
        "name": "envoy.filters.http.ext_authz",
        "typed_config": {
            "@type": TYPE + "envoy.extensions.common.matching.v3.ExtensionWithMatcher",
            "extension_config": {"name": "envoy.filters.http.ext_authz", "typed_config": asked},
            "xds_matcher": {
                "matcher_list": {
                    "matchers": [{"predicate": {"not_matcher": a_key}, "on_match": {"action": skip}}],
                }
            },
        },
    }
