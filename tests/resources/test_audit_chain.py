"""The audit chain of a tenant: verified by whoever may read it, whatever somebody did to the database behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rapport.users.v1 import audit_service_pb2, resources_pb2
from sqlalchemy import bindparam, delete, update

from mesh.store.statement import TENANT, Statement
from services.users.domain import audit as rules
from services.users.service import audit as service
from services.users.tables import audit_chains, audit_entries
from tests.resources.test_groups import add, group, reason, remove

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

AUDIT = "/rapport.users.v1.AuditService/"
_AT = (audit_entries.c.tenant_id == TENANT, audit_entries.c.position == bindparam("at"))
TAKE_OUT = Statement(delete(audit_entries).where(*_AT), name="tamper: take out")
REWRITE = Statement(update(audit_entries).where(*_AT).values(action="contact.read"), name="tamper: rewrite")
BLAME = Statement(update(audit_entries).where(*_AT).values(actor_id="usr_x"), name="tamper: blame")


def history(mesh: LocalMesh, slug: str) -> tuple[Member, int]:
    """A tenant with a dozen entries, and how many."""
    owner = mesh.sign_up(slug)
    crew = group(mesh, owner)
    for _ in range(5):
        add(mesh, owner, crew, owner.id)
        remove(mesh, owner, crew, owner.id)
    return owner, int(verify(mesh, owner).checked)


def verify(mesh: LocalMesh, by: Member, first: int = 0, last: int = 0, digest: bytes = b"") -> Any:
    request = audit_service_pb2.VerifyAuditChainRequest(from_position=first, to_position=last, from_digest=digest)
    return mesh.call(f"{AUDIT}VerifyAuditChain", request, token=by.token)


def tamper(mesh: LocalMesh, by: Member, statement: Statement, at: int) -> None:
    with mesh.host("users").store.transaction(tenant=by.tenant, timeout=5.0) as transaction:
        assert transaction.write(statement, at=at)


def test_a_sound_chain_is_found_sound_whole_and_in_pieces(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, count = history(mesh, "chain-sound")
    assert count >= 11
    whole = verify(mesh, owner)
    assert (whole.broken_position, whole.to_position, whole.more) == (0, count, False)
    part = verify(mesh, owner, 3, 7)
    assert (part.checked, part.to_position, part.more) == (5, 7, True)
    rest = verify(mesh, owner, 8, 0, part.to_digest)
    assert (rest.checked, rest.broken_position, rest.to_digest) == (count - 7, 0, whole.to_digest)
    assert verify(mesh, owner, count + 1).checked == 0
    assert reason(lambda: verify(mesh, owner, count + 2)) == "INVALID_ARGUMENT"

    monkeypatch.setattr(service, "MOST_CHECKED", 4)
    checked, at = 0, 1
    while True:
        step = verify(mesh, owner, at)
        checked, at = checked + step.checked, step.to_position + 1
        if not step.more:
            break
    assert checked == count


@pytest.mark.parametrize("how", [TAKE_OUT, REWRITE, BLAME], ids=lambda how: str(how.name).rpartition(" ")[2])
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_an_entry_that_was_tampered_with_is_found(mesh: LocalMesh, how: Statement, place: str) -> None:
    owner, count = history(mesh, f"chain-{str(how.name).rpartition(' ')[2]}-{place}")
    at = {"first": 1, "middle": count // 2, "last": count}[place]
    tamper(mesh, owner, how, at)
    found = verify(mesh, owner)
    assert (found.broken_position, found.checked) == (at, at - 1)
    # Another tenant's chain has nothing to do with it.
    assert verify(mesh, mesh.sign_up(f"chain-else-{at}-{how.name[-3:]}-{place}")).broken_position == 0


def test_a_chain_that_was_computed_anew_is_found_by_who_kept_its_digest(mesh: LocalMesh) -> None:
    owner, count = history(mesh, "chain-anew")
    kept = verify(mesh, owner, 1, 6)
    store = mesh.host("users").store
    declared = mesh.resource(next(r.contract for r in mesh.service("users").resources if r.contract.prefix == "aud"))
    rows = store.read(service._FROM, tenant=owner.tenant, timeout=5.0, first=1, last=count)
    entries = [declared.build(resources_pb2.AuditEntry, row) for row in rows]
    entries[2].action = "contact.read"
    seal = Statement(
        update(audit_entries).where(*_AT).values(digest=bindparam("sealed"), action=bindparam("done")),
        name="tamper: seal anew",
    )
    end = Statement(
        update(audit_chains).where(audit_chains.c.tenant_id == TENANT).values(digest=bindparam("sealed")),
        name="tamper: end anew",
    )
    with store.transaction(tenant=owner.tenant, timeout=5.0) as transaction:
        before = rules.FIRST
        for entry in entries:
            before = rules.digest(before, entry)
            transaction.write(seal, at=entry.position, sealed=before, done=entry.action)
        transaction.write(end, sealed=before)
    assert verify(mesh, owner).broken_position == 0, "by itself such a chain is sound"
    assert verify(mesh, owner, 7, 0, kept.to_digest).broken_position == 6


def test_entries_are_found_by_who_what_and_when(mesh: LocalMesh) -> None:
    owner, count = history(mesh, "chain-listed")

    def listed(filter_: str) -> int:
        request = audit_service_pb2.ListAuditEntriesRequest(filter=filter_, page_size=200)
        return len(mesh.call(f"{AUDIT}ListAuditEntries", request, token=owner.token).audit_entries)

    assert listed('action = "group.members_added"') == 5
    assert listed(f'principal_id = "{owner.id}"') == count
    assert listed('actor_id = "usr_x"') == 0
    assert listed('resource = "groups*" AND action = "group.created"') == 1
    assert listed('create_time > "2000-01-01T00:00:00Z"') == count
    assert listed('create_time > "2100-01-01T00:00:00Z"') == 0
