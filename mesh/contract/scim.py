"""What of SCIM (RFC 7644) the mesh itself knows: how an error reads there, whoever makes it."""

from __future__ import annotations

from typing import Any

CONTENT_TYPE = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
# Under this name the metadata of a failure carries a keyword of section 3.12, as in `invalidFilter`.
TYPE_KEY = "scim_type"


def error_body(status: int, detail: str, scim_type: str = "") -> dict[str, Any]:
    """An error message (section 3.12); `status` is the HTTP status."""
    keyword = {"scimType": scim_type} if scim_type else {}
    return {"schemas": [ERROR], "status": str(status), **keyword, "detail": detail}
