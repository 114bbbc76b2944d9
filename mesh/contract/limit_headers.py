"""The headers that tell callers of their limits (draft-ietf-httpapi-ratelimit-headers-11), also in OpenAPI."""

from __future__ import annotations

from typing import Any

POLICY_HEADER, LIMIT_HEADER, RETRY_HEADER = "ratelimit-policy", "ratelimit", "retry-after"
_PASSING = (429, 503)
_COMPONENTS = {POLICY_HEADER: "RateLimitPolicy", LIMIT_HEADER: "RateLimit", RETRY_HEADER: "RetryAfter"}


def components() -> dict[str, Any]:
    """What answers refer to."""
    return {
        _COMPONENTS[POLICY_HEADER]: {
            "description": "What the tenant has for calls of this class: `q` calls at once, made up in `w` seconds.",
            "schema": {"type": "string", "pattern": '^"[a-z]+";q=[0-9]+;w=[0-9]+$'},
            "example": '"read";q=20000;w=10',
        },
        _COMPONENTS[LIMIT_HEADER]: {
            "description": "What is left of it: `r` calls; with a refusal also `t`, the seconds until there is one.",
            "schema": {"type": "string", "pattern": '^"[a-z]+";r=[0-9]+(;t=[0-9]+)?$'},
            "example": '"read";r=19999',
        },
        _COMPONENTS[RETRY_HEADER]: {
            "description": "Seconds after which to send the call again; `RetryInfo` says it more exactly.",
            "schema": {"type": "integer", "minimum": 1},
        },
    }


def headers(status: int) -> dict[str, Any]:
    """The headers of answers with an HTTP status."""
    names = (POLICY_HEADER, LIMIT_HEADER, *((RETRY_HEADER,) if status in _PASSING else ()))
    return {name: {"$ref": f"#/components/headers/{_COMPONENTS[name]}"} for name in names}
