"""What tests of merges share: contacts with all that belongs to one, and how it all looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.resource.moves import Moves
from tests.resources.customers_calls import call

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

GRANTED = {"decision": "CONSENT_DECISION_GRANTED", "legalBasis": "LEGAL_BASIS_CONTRACT"}
DENIED = {"decision": "CONSENT_DECISION_DENIED"}


def contact(mesh: LocalMesh, member: Member, **fields: Any) -> Any:
    return call(mesh, member, "CreateContact", contact=fields or {"givenName": "Ann"})


def merge(mesh: LocalMesh, member: Member, survivor: str, *others: str, **more: Any) -> Any:
    return call(mesh, member, "MergeContacts", id=survivor, otherIds=list(others), **more)


def undo(mesh: LocalMesh, member: Member, identity: str) -> Any:
    return call(mesh, member, "UndoContactMerge", id=identity)


def consent(mesh: LocalMesh, member: Member, contact_id: str, purpose: str, what: dict[str, str], day: int) -> Any:
    made = {"contactId": contact_id, "channel": 1, "purpose": purpose, "source": "page", **what}
    return call(mesh, member, "CreateConsent", consent={**made, "decideTime": f"2026-01-{day:02}T00:00:00Z"})


def interaction(mesh: LocalMesh, member: Member, day: int, *contacts: str) -> Any:
    happened = {"kind": 1, "occurTime": f"2026-01-{day:02}T10:00:00Z", "subject": f"note {day}"}
    return call(mesh, member, "CreateInteraction", interaction={**happened, "contactIds": list(contacts)})


def relation(mesh: LocalMesh, member: Member, **fields: Any) -> Any:
    return call(mesh, member, "CreateRelation", relation=fields)


def settle(mesh: LocalMesh) -> None:
    """Let everything that events have begun come to its end."""
    mesh.deliver()
    moves = Moves(mesh.host("customers").environment, mesh.service("customers").resources)
    while moves.step():
        mesh.deliver()


def plain(resource: Any) -> Any:
    """A resource without what every write changes."""
    copy = type(resource)()
    copy.CopyFrom(resource)
    for name in ("etag", "update_time"):
        copy.ClearField(name)
    return copy


def world(mesh: LocalMesh, member: Member) -> dict[str, Any]:
    """All that a tenant's customers are, as it is read, without what every write changes."""
    found: dict[str, Any] = {}
    for name in ("Contacts", "Relations", "Interactions", "Consents"):
        asked = {} if name == "Consents" else {"showDeleted": True}
        reply = call(mesh, member, f"List{name}", pageSize=200, **asked)
        found.update({each.id: plain(each) for each in getattr(reply, name.lower())})
    for identity in [each for each in found if each.startswith("con_")]:
        entries = call(mesh, member, "ListContactTimeline", id=identity, pageSize=200).entries
        told = sorted((e.id, e.kind, e.title) for e in entries if e.resource.startswith("interactions/"))
        found[f"timeline {identity}"] = told
    return found
