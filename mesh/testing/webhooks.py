"""The other end of an inbound webhook: signs as the Standard Webhooks specification says, from that and not from us."""

from __future__ import annotations

import base64
import hashlib
import hmac


def signed(secret: str, webhook_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a webhook with these bytes. `secret` is `whsec_...`; `timestamp` in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = b".".join([webhook_id.encode(), str(timestamp).encode(), body])
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
