"""How publishable keys are written: the key names its tenant, so that a call with it needs no other credential."""

from __future__ import annotations

import re

KEY_HEADER = "x-rapport-key"
"""Where a call bears one."""
_KEY = re.compile(r"pk_([0-9A-HJKMNP-TV-Z]{26})_[0-9A-HJKMNP-TV-Z]{26}")


def publishable_key(tenant: str, identity: str) -> str:
    """The key with this id, which is also its principal: `pk_<tenant>_<id>`, both without their prefixes."""
    return f"pk_{tenant.partition('_')[2]}_{identity.partition('_')[2]}"


def tenant_of(key: str) -> str:
    """The tenant that a publishable key names; nothing where it is none."""
    match = _KEY.fullmatch(key)
    return f"ten_{match[1]}" if match else ""
