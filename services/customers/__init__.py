"""customers: the people that a tenant deals with.

Owns contacts. Never holds deals, tickets or consent texts; it refers to users by id and asks `users` who they are.
Invariants: a contact can be found again by a name, an address or a number; no e-mail address stands twice in one
contact; an `external_id` names one contact of the tenant.
"""

CALLS: frozenset[str] = frozenset({"users"})
"""The services whose contracts it calls, by itself or by the mesh within it."""
