"""customers: the people and companies that a tenant deals with, and what has happened with them.

Owns contacts, companies, their relations, interactions, tags, consents and segments. Never holds deals or tickets; it
refers to users by id and asks `users` who they are.
Invariants: a contact can be found again by a name, an address or a number; an e-mail address that is not shared belongs
to one contact of the tenant, a registered domain to one company; an `external_id` names one of each; companies make
trees; the members of a segment are those whom its filter finds and whom nobody took out, and those who were put there;
the id of a contact that was merged leads to the one that stayed, and where one of them refused, the refusal holds; of
who was erased nothing is left in any service but ids and keyed digests.
"""

CALLS: frozenset[str] = frozenset({"users"})
"""The services whose contracts it calls, by itself or by the mesh within it."""
