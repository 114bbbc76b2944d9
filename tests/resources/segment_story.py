"""A tenant whose records change at random: contacts and all that segments read of them, segments, and time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from rapport.mesh.v1 import references_pb2

from mesh.resource import move_order
from tests.resources.customers_calls import call, tenant

if TYPE_CHECKING:
    import random

    from mesh.testing.local import LocalMesh

TITLES = ["Buyer", "Buying agent", "Seller", "buyer", "Ä"]
KINDS = ["NOTE", "CALL", "MEETING", "EMAIL"]
_DAY_US = 24 * 3600 * 1_000_000
# What may be refused as records are by then: deleted, not changed, or in use.
_REFUSED = {"NOT_FOUND", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "ALREADY_EXISTS"}


class Story:
    """One tenant and everything that happens to it, by a seed."""

    def __init__(self, mesh: LocalMesh, rng: random.Random) -> None:
        self.mesh, self.rng, self.owner = mesh, rng, tenant(mesh, "segment-story")
        field = {"displayName": "F", "filterable": True}
        for key, kind in (("size", "NUMBER"), ("since", "DATE"), ("word", "TEXT")):
            self.do("CreateContactField", contactField={**field, "key": key, "type": f"FIELD_TYPE_{kind}"})
        self.do("CreateCompanyField", companyField={**field, "key": "industry", "type": "FIELD_TYPE_TEXT"})
        self.tags = [self.made("CreateTag", tag={"displayName": name}) for name in ("Gold", "Silver", "Lead")]
        self.contacts = [self.made("CreateContact", contact=self._contact()) for _ in range(8)]
        self.companies = [self.made("CreateCompany", company=self._company()) for _ in range(3)]
        self.interactions = [self.made("CreateInteraction", interaction=self._interaction()) for _ in range(6)]
        self.relations = [self.made("CreateRelation", relation=self._relation()) for _ in range(3)]
        self.segments = [self.made("CreateSegment", segment=self._segment()) for _ in range(6)]

    def do(self, name: str, **fields: Any) -> Any:
        """The reply of a call, or None where it is refused as the records are."""
        try:
            return call(self.mesh, self.owner, name, **fields)
        except grpc.RpcError as error:
            if error.code().name not in _REFUSED:  # type: ignore[attr-defined]  # grpc is untyped
                raise
            return None

    def made(self, name: str, **fields: Any) -> str:
        """The id of what a call makes; empty where it is refused."""
        reply = self.do(name, **fields)
        return str(reply.id) if reply is not None else ""

    def step(self) -> str:
        """Let one thing happen; its name."""
        rng = self.rng
        what = rng.choice(
            ["contact", "change", "change", "change", "remove", "meet", "meet", "correct", "employ", "part", "company",
             "consent", "segment", "filter", "rebuild", "retire", "flag", "flag", "time", "merge"]
        )  # fmt: skip
        getattr(self, f"_{what}_happens")()
        return what

    # ---- what happens

    def _contact_happens(self) -> None:
        self.contacts.append(self.made("CreateContact", contact=self._contact()))

    def _change_happens(self) -> None:
        fields = self._contact()
        some = self.rng.sample(sorted(fields), 2)
        change = {"id": self._one(self.contacts), **{name: fields[name] for name in some}}
        mask = ",".join("custom" if name == "custom" else name for name in some)
        self.do("UpdateContact", contact=change, updateMask=mask)

    def _remove_happens(self) -> None:
        what, ids = self.rng.choice(
            [("Contact", self.contacts), ("Interaction", self.interactions), ("Relation", self.relations),
             ("Company", self.companies)]
        )  # fmt: skip
        self.do(f"{self.rng.choice(['Delete', 'Undelete'])}{what}", id=self._one(ids))

    def _meet_happens(self) -> None:
        self.interactions.append(self.made("CreateInteraction", interaction=self._interaction()))

    def _correct_happens(self) -> None:
        change = {"id": self._one(self.interactions), **self._interaction()}
        self.do("UpdateInteraction", interaction=change, updateMask="kind,occurTime,contactIds")

    def _employ_happens(self) -> None:
        self.relations.append(self.made("CreateRelation", relation=self._relation()))

    def _part_happens(self) -> None:
        day = {"year": 2027, "month": 1, "day": 1}
        ended = {"endDate": day} if self.rng.random() < 0.5 else {}
        self.do("UpdateRelation", relation={"id": self._one(self.relations), **ended}, updateMask="endDate")

    def _company_happens(self) -> None:
        self.do(
            "UpdateCompany",
            company={"id": self._one(self.companies), **self._company()},
            updateMask="displayName,custom",
        )

    def _consent_happens(self) -> None:
        given = {"channel": "CONSENT_CHANNEL_EMAIL", "purpose": "news", "source": "story", "proof": "seen",
                 "legalBasis": "LEGAL_BASIS_CONSENT"}  # fmt: skip
        decision = self.rng.choice(["GRANTED", "DENIED"])
        consent = {**given, "contactId": self._one(self.contacts), "decision": f"CONSENT_DECISION_{decision}"}
        self.do("CreateConsent", consent=consent)

    def _segment_happens(self) -> None:
        self.segments.append(self.made("CreateSegment", segment=self._segment()))

    def _filter_happens(self) -> None:
        self.do("UpdateSegment", segment={"id": self._one(self.segments), "filter": self.filter()})

    def _rebuild_happens(self) -> None:
        self.do("RebuildSegment", id=self._one(self.segments))

    def _retire_happens(self) -> None:
        self.do(f"{self.rng.choice(['Delete', 'Undelete', 'Undelete'])}Segment", id=self._one(self.segments))

    def _flag_happens(self) -> None:
        verb = self.rng.choice(["Add", "Remove", "Reset"])
        ids = self.rng.sample([each for each in self.contacts if each], 2)
        self.do(f"{verb}SegmentMembers", id=self._one(self.segments), contactIds=ids)

    def _time_happens(self) -> None:
        self.mesh.clock.advance(timedelta(seconds=self.rng.randrange(1, 12 * 24 * 3600)))

    def _merge_happens(self) -> None:
        """As a merge of contacts tells of it: references move, and the one that is no more is deleted."""
        loser, winner = self.rng.sample([each for each in self.contacts if each], 2)
        with self.mesh.writing("customers", self.owner.tenant) as write:
            move_order.tell(write, "customers.rapport/Contact", loser, winner, references_pb2.MOVE_REASON_MERGE)
        self.do("DeleteContact", id=loser)

    # ---- what it is made of

    def _one(self, ids: list[str]) -> str:
        return self.rng.choice([each for each in ids if each])

    def _contact(self) -> dict[str, Any]:
        rng = self.rng
        custom = {"size": rng.randrange(5), "since": f"2026-0{rng.randrange(1, 9)}-01", "word": rng.choice(TITLES)}
        keys = rng.sample(sorted(custom), rng.randrange(4))
        return {
            "givenName": rng.choice(["Ann", "Ben", "Cem", "Dot"]),
            "jobTitle": rng.choice([*TITLES, ""]),
            "tagIds": rng.sample(self.tags, rng.randrange(3)),
            "custom": {key: custom[key] for key in keys},
        }

    def _company(self) -> dict[str, Any]:
        name = self.rng.choice(["North", "South"])
        return {"displayName": name, "custom": {"industry": self.rng.choice(["retail", "mining"])}}

    def _interaction(self) -> dict[str, Any]:
        time = Timestamp()
        time.FromMicroseconds(self.mesh.clock.now_us() + self.rng.randrange(-50 * _DAY_US, 6 * _DAY_US))
        whom = self.rng.sample([each for each in self.contacts if each], 2)
        kind = f"INTERACTION_KIND_{self.rng.choice(KINDS)}"
        return {"kind": kind, "occurTime": time.ToJsonString(), "contactIds": whom}

    def _relation(self) -> dict[str, Any]:
        ends = {"fromContactId": self._one(self.contacts), "toCompanyId": self._one(self.companies)}
        return {"kind": "RELATION_KIND_EMPLOYMENT", **ends}

    def _segment(self) -> dict[str, Any]:
        if self.rng.random() < 0.15:
            return {"displayName": "By hand", "type": "SEGMENT_TYPE_STATIC"}
        return {"displayName": "By filter", "type": "SEGMENT_TYPE_DYNAMIC", "filter": self.filter()}

    def filter(self, depth: int = 0) -> str:
        """A filter of a few clauses."""
        if depth == 2 or self.rng.random() < 0.4:
            return self._clause()
        joint = self.rng.choice([" AND ", " OR "])
        parts = [self.filter(depth + 1) for _ in range(self.rng.randrange(1, 3))]
        inner = f"({joint.join(parts)})"
        return f"NOT {inner}" if self.rng.random() < 0.2 else inner

    def _clause(self) -> str:
        rng = self.rng
        kind = rng.choice(["", ".call", ".email"])
        days, compare = rng.choice([3, 10, 30]), rng.choice(["<", "<=", ">", ">="])
        return rng.choice(
            [
                f'job_title {rng.choice(["=", "!=", "<", ">="])} "{rng.choice([*TITLES, ""])}"',
                'job_title = "Buy*"',
                "job_title:*",
                f'tag_ids:"{rng.choice(self.tags)}"',
                'granted_consents:"email/news"',
                f"custom.size {rng.choice(['=', '!=', '<', '>='])} {rng.randrange(5)}",
                "custom.since > 2026-04-01",
                'custom.word = "B*"',
                "NOT custom.word:*",
                f"interactions{kind}.count {rng.choice(['=', '!=', '<', '>'])} {rng.randrange(3)}",
                f"interactions{kind}.count_{days}d {rng.choice(['=', '!=', '<', '>='])} {rng.randrange(3)}",
                f"interactions{kind}.last_time:*",
                f"interactions{kind}.last_time < 2026-11-01T00:00:00Z",
                f"interactions{kind}.last_time.age {compare} {days}d",
                f"last_interaction_time.age {compare} {days}d",
                f"create_time.age {compare} {days * 24}h",
                f"update_time.age {compare} {days}d",
                'company.display_name = "North"',
                'company.custom.industry != "retail"',
                "company:*",
            ]
        )
