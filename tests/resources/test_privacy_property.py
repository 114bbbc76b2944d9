"""Whatever a person has lived through, an erasure leaves none of it: every table and file is looked through, raw."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from rapport.notifications.v1 import resources_pb2 as notifications

from mesh.resource import subject_events
from mesh.resource.subject_erasing import Erasing
from tests.resources.customers_calls import call, tenant
from tests.resources.customers_merges import DENIED, GRANTED, consent, contact, merge, relation, settle, undo
from tests.resources.test_privacy import EMAIL, erase, person, traces, upload, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.testing.local import LocalMesh, Member

STEPS = 15


class Life:
    """A random story of one person with several records, among others."""

    def __init__(self, mesh: LocalMesh, owner: Member, dice: random.Random) -> None:
        self.mesh, self.owner, self.dice = mesh, owner, dice
        field = {"key": "nick", "displayName": "Nick", "type": 1, "filterable": True}
        call(mesh, owner, "CreateContactField", contactField=field)
        self.other = contact(mesh, owner, givenName="Bo", familyName="Other").id
        self.records: list[str] = []
        self.merges: list[tuple[str, str, str]] = []
        self.made = 0
        self.create()

    def create(self) -> None:
        """One more record of the person."""
        self.made += 1
        custom = {"nick": "Zephyrine the nick"} if self.dice.random() < 0.5 else {}
        self.records.append(person(self.mesh, self.owner, self.made, custom=custom).id)

    def update(self) -> None:
        """A change of name and address."""
        self.made += 1
        changed = {"id": self.some(), "familyName": f"Quillfeather-{self.made}", "addresses": [
            {"regionCode": "AU", "addressLines": ["1 Quillfeather Street"]}]}  # fmt: skip
        call(self.mesh, self.owner, "UpdateContact", contact=changed)

    def merge(self) -> None:
        """Two records become one."""
        if len(self.records) > 1:
            one, two = self.dice.sample(self.records, 2)
            reply = merge(self.mesh, self.owner, one, two)
            self.merges.append((reply.contact_merge.id, one, two))
            self.records.remove(two)

    def undo(self) -> None:
        """The last merge is taken back."""
        if self.merges:
            identity, _, two = self.merges.pop()
            undo(self.mesh, self.owner, identity)
            self.records.append(two)

    def meet(self) -> None:
        """Something happens, with others or not; some of it is deleted again."""
        with_whom = [self.some(), *([self.other] if self.dice.random() < 0.5 else [])]
        told = {"kind": 1, "subject": "Zephyrine came", "body": f"of {EMAIL}, +61 2 9999 0121", "contactIds": with_whom}
        made = call(self.mesh, self.owner, "CreateInteraction", interaction=told)
        if self.dice.random() < 0.3:
            call(self.mesh, self.owner, "DeleteInteraction", id=made.id)

    def consent(self) -> None:
        """Something is decided."""
        what = {**self.dice.choice([GRANTED, DENIED]), "proof": "Zephyrine said so", "source": "Quillfeather page"}
        consent(self.mesh, self.owner, self.some(), "news", what, self.dice.randint(1, 20))

    def relate(self) -> None:
        """They know somebody."""
        ends = {"fromContactId": self.some(), "toContactId": self.other, "kind": 3, "title": "Quillfeather's"}
        try:
            relation(self.mesh, self.owner, **ends)
        except grpc.RpcError:
            return  # they know each other

    def bring(self) -> None:
        """A file tells of the person; it is imported, or not yet."""
        columns = [{"column": name, "field": name} for name in ("given_name", "emails")]
        asked = {"columns": columns, "matchKey": 2, "onMatch": 3}
        made = call(self.mesh, self.owner, "CreateContactImport", contactImport=asked)
        upload(self.mesh, self.owner, made.id, f"given_name,emails\nZephyrine,1{EMAIL}\nCy,c{made.id}@x.example\n")
        if self.dice.random() < 0.6:
            call(self.mesh, self.owner, "StartContactImport", id=made.id)

    def export(self) -> None:
        """Files are made."""
        call(self.mesh, self.owner, "CreateContactExport", contactExport={"fields": ["display_name", "emails"]})
        call(self.mesh, self.owner, "CreateSubjectExport", subjectExport={"contactId": self.some()})

    def quote(self) -> None:
        """Filters name the person."""
        number = self.dice.random()
        view = {"displayName": f"view {number}", "resource": "LISTED_CONTACTS", "filter": f'primary_email = "1{EMAIL}"'}
        call(self.mesh, self.owner, "CreateSavedView", savedView=view)
        segment = {
            "displayName": f"segment {number}",
            "type": "SEGMENT_TYPE_DYNAMIC",
            "filter": f'primary_email = "1{EMAIL}"',
        }
        call(self.mesh, self.owner, "CreateSegment", segment=segment)
        call(
            self.mesh, self.owner, "CreateContactExport", contactExport={"filter": f'primary_email = "{EMAIL.upper()}"'}
        )

    def search(self) -> None:
        """Duplicates are looked for."""
        call(self.mesh, self.owner, "CreateDuplicateSearch", duplicateSearch={"minScore": -50})

    def mail(self) -> None:
        """A mail goes to the person."""
        sent = notifications.Message(template="invitation", email=f"1{EMAIL}", display_name="Zephyrine", state=2)
        self.mesh.insert(self.owner.tenant, sent, data=b"", link_id="")

    def rest(self) -> None:
        """All that was begun comes to its end."""
        self.mesh.work("customers")
        settle(self.mesh)

    def some(self) -> str:
        """One of the records."""
        return self.dice.choice(self.records)


def lived(mesh: LocalMesh, seed: int) -> Life:
    """A story, up to some moment in it."""
    dice = random.Random(seed)
    life = Life(mesh, tenant(mesh, "life"), dice)
    steps: list[Callable[[], Any]] = [
        *(life.create, life.update, life.merge, life.merge, life.undo, life.meet, life.meet, life.consent, life.relate),
        *(life.bring, life.export, life.quote, life.search, life.mail, life.rest),
    ]
    for step in [life.create, *dice.choices(steps, k=STEPS)]:
        step()
    return life


@pytest.mark.parametrize("seed", range(12))
def test_nothing_of_a_life_is_left(mesh: LocalMesh, seed: int) -> None:
    life = lived(mesh, seed)
    mesh.work("customers")
    done = [erase(mesh, life.owner, each) for each in life.records]
    assert traces(mesh, life.owner) == []
    for each in done:
        found = verify(mesh, life.owner, each)
        assert found.erased, found
    kept = call(mesh, life.owner, "GetContact", id=life.other)
    assert (kept.given_name, kept.family_name) == ("Bo", "Other")


@pytest.mark.parametrize("omitted", ["interactions", "relations", "messages", "consents", "outbox", "replies", "files"])
def test_what_is_left_out_is_noticed(mesh: LocalMesh, omitted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    life = Life(mesh, tenant(mesh, "omitted"), random.Random(omitted))
    steps = (
        life.create,
        life.meet,
        life.consent,
        life.relate,
        life.rest,
        life.merge,
        life.mail,
        life.export,
        life.rest,
    )
    for step in steps:
        step()
    find = Erasing.find

    def careless(self: Erasing, *args: Any) -> Any:
        batch = find(self, *args)
        batch.rows = [(held, rows) for held, rows in batch.rows if held.kind != omitted]
        return batch

    monkeypatch.setattr(Erasing, "find", careless)
    if omitted == "outbox":
        monkeypatch.setattr(subject_events, "redacted", lambda kind, data, *_: data)
    if omitted == "replies":
        monkeypatch.setattr(subject_events, "find", lambda view, subject: subject_events.Kept([], {}))
    if omitted == "files":
        monkeypatch.setattr("services.customers.service.personal_files.PersonalFiles.erase", lambda *_: {})
    erase(mesh, life.owner, life.records[0])
    assert traces(mesh, life.owner), f"{omitted} is left, and nobody notices"
