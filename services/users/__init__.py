"""users: tenants, the people in them, how they sign in, what they may do, and what was done.

Owns tenants, users, roles, groups and teams, keys, the security policy of each tenant, and the audit chain. Never holds
a tenant's business data.
Invariants: a user belongs to one tenant; the same address may exist in several and they share nothing; passwords are
kept as argon2id hashes only; the audit chain of a tenant has no gaps and every entry names the digest before it.
"""

CALLS: frozenset[str] = frozenset()
"""The services whose contracts it calls, by itself or by the mesh within it."""
