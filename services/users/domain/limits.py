"""What a tenant may call, by rate class, over all instances of a service."""

from __future__ import annotations

from rapport.policy.v1 import policy_pb2

# Calls per minute, and how many of them at once. Far above what people do; a tenant's runaway script meets them.
LIMITS = (
    (policy_pb2.RATE_CLASS_READ, 120_000, 20_000),
    (policy_pb2.RATE_CLASS_WRITE, 12_000, 2_000),
    (policy_pb2.RATE_CLASS_COSTLY, 120, 20),
    (policy_pb2.RATE_CLASS_CREDENTIAL, 600, 100),
)
