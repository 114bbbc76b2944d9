"""The work of a search for duplicates, chunk by chunk: read all contacts, learn from a sample, compare key by key."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2

from mesh.contract.etags import etag
from services.customers.domain.duplicate_features import Features, features_of
from services.customers.domain.duplicate_keys import SAMPLE as SAMPLE_KEY
from services.customers.domain.duplicate_keys import WINDOW, keys_of, neighbours, rank
from services.customers.domain.duplicate_learning import SAMPLE, fit, lot, may_be_drawn
from services.customers.domain.duplicate_model import Evidence, blank_model, dump
from services.customers.domain.duplicate_searches import MOST_PAIRS, identifying, told
from services.customers.service import duplicate_rows as kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.resource.custom import CustomFields
    from mesh.resource.jobs import Chunk, ChunkCommit
    from mesh.resource.listing import Page
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call
    from mesh.runtime.environment import Environment
    from services.customers.service.duplicate_rows import Pair

_READ, _LEARN, _COMPARE = "read", "learn", "compare"
_READ_CONTACTS = 1_000
_READ_IDS = 500
# What bounds a chunk: keys that are read, and pairs that are compared; each takes about 0.1 ms.
_KEYS, _COMPARED = 2_000, 15_000
_DROPPED = 20_000
_RANK = 60


@dataclass(slots=True)
class _Place:
    """Where a search goes on: in which phase, behind which contact or key, and how many of all `keys` are `done`."""

    phase: str = _READ
    after: list[Any] = field(default_factory=list)
    keys: int = 0
    done: int = 0

    def dump(self) -> bytes:
        """The cursor of the job."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def load(cls, cursor: bytes) -> _Place:
        """The place of a cursor; the beginning, where there is none."""
        return cls(**json.loads(cursor)) if cursor else cls()


class DuplicateWork:
    """What the job of a search does. `pairs` is the resource that it writes."""

    def __init__(
        self,
        contacts: Resource[resources_pb2.Contact],
        fields: CustomFields,
        pairs: Resource[resources_pb2.DuplicatePair],
    ) -> None:
        self._contacts, self._fields, self._pairs = contacts, fields, pairs

    def step(self, chunk: Chunk) -> None:
        """One chunk."""
        place = _Place.load(chunk.cursor)
        {_READ: self._read, _LEARN: self._learn, _COMPARE: self._compare}[place.phase](chunk, place)

    def features(self, call: Call, search: resources_pb2.DuplicateSearch, ids: Sequence[str]) -> dict[str, Features]:
        """The values of those contacts that the caller may see and that are not deleted, by id."""
        contacts, sight, found = self._contacts, self._contacts.visible(call), {}
        names = identifying(search)
        for start in range(0, len(ids), _READ_IDS):
            rows = call.read(contacts.several(sight), ids=ids[start : start + _READ_IDS], **sight.parameters)
            live = [contacts.build(contacts.message, row) for row in rows if row[contacts.deleted] is None]
            self._fields.hide(call, live)
            found.update({contact.id: features_of(contact, names) for contact in live})
        return found

    def page(self, call: Call, search: resources_pb2.DuplicateSearch, after: Sequence[Any]) -> Page:
        """The statement for the next contacts that are compared.

        Raises:
            Failure: INVALID_ARGUMENT on `filter`.
        """
        listing, custom = self._contacts.listing, self._fields.query(call, search.filter)
        return listing.page(
            search.filter,
            listing.order("id", custom),
            self._contacts.visible(call),
            after=after,
            limit=_READ_CONTACTS,
            show_deleted=False,
            custom=custom,
        )

    def _read(self, chunk: Chunk, place: _Place) -> None:
        """Note the keys of the next contacts."""
        contacts, call = self._contacts, chunk.call
        page = self.page(call, chunk.record, place.after)
        rows = call.read(page.statement, **page.parameters)
        read = [contacts.build(contacts.message, row[: page.width]) for row in rows]
        self._fields.hide(call, read)
        names = identifying(chunk.record)
        keyed = [key for contact in read for key in _keyed(chunk.id, contact.id, features_of(contact, names))]
        drawn = _drawn(chunk.id, [contact.id for contact in read], chunk.record.contact_count + len(rows))
        with chunk.commit() as write:
            write.write_many(kept.ADD_KEYS, [*keyed, *drawn])
            write.record.contact_count += len(rows)
            place.keys += len(keyed)
            if len(rows) == _READ_CONTACTS:
                place.after = [rows[-1][at] for at in page.key]
            else:
                place.phase, place.after = _LEARN, ["", "", ""]
            write.go_on(place.dump())

    def _learn(self, chunk: Chunk, place: _Place) -> None:
        """Fit the model to a sample."""
        rows = chunk.call.read(kept.SAMPLED, search=chunk.id, limit=SAMPLE)
        features = self.features(chunk.call, chunk.record, [row[0] for row in rows])
        model = fit([features[each] for each in sorted(features)], chunk.record.contact_count)
        with chunk.commit() as write:
            write.write(kept.KEEP_MODEL, search_id=chunk.id, model=dump(model))
            write.write(kept.DROP_SAMPLE, search=chunk.id)
            write.record.job.total = place.keys
            place.phase = _COMPARE
            write.go_on(place.dump())

    def _compare(self, chunk: Chunk, place: _Place) -> None:
        """Compare the contacts of the next keys, and keep what may be one."""
        call = chunk.call
        after = dict(zip(("k0", "k1", "k2"), place.after, strict=True))
        rows = call.read(kept.NEXT_KEYS, search=chunk.id, limit=_KEYS, **after)
        before = call.read(kept.KEYS_BEFORE, search=chunk.id, limit=WINDOW + 1, **after) if place.done else []
        pairs, taken = _pairs_of(rows, before[::-1])
        scored = self._scored(chunk, sorted(pairs))
        with chunk.commit() as write:
            self._keep(write, chunk.id, scored)
            write.record.compared_count += len(pairs)
            place.done += taken
            write.record.job.done = place.done
            if not rows or write.record.truncated:
                write.write(kept.DROP_REST, search=chunk.id)
                write.end()
                return
            place.after = list(rows[taken - 1])
            write.write(kept.DROP_BELOW, search=chunk.id, k0=place.after[0])
            write.go_on(place.dump())

    def _scored(self, chunk: Chunk, pairs: Sequence[Pair]) -> dict[Pair, tuple[int, list[Evidence]]]:
        """Those of the pairs with the score that is asked for."""
        features = self.features(chunk.call, chunk.record, sorted({each for pair in pairs for each in pair}))
        model = kept.model_of(chunk.call.read, chunk.id) or blank_model(chunk.record.contact_count)
        scored = {}
        for one, other in pairs:
            if one in features and other in features:
                evidence = model.evidence(features[one], features[other])
                score = model.score(evidence)
                if score >= chunk.record.min_score:
                    scored[one, other] = (score, evidence)
        return scored

    def _keep(self, write: ChunkCommit, search: str, scored: dict[Pair, tuple[int, list[Evidence]]]) -> None:
        known = kept.found(write.read, search, scored) | kept.dismissed(write.read, scored)
        new = [pair for pair in sorted(scored) if pair not in known]
        room = MOST_PAIRS - write.record.pair_count
        made = []
        for one, other in new[:room]:
            pair = resources_pb2.DuplicatePair(
                id=write.environment.ids.new(self._pairs.contract.prefix),
                etag=etag(1),
                search_id=search,
                contact_id=one,
                other_contact_id=other,
                score=scored[one, other][0],
                state=resources_pb2.DUPLICATE_STATE_OPEN,
                evidence=told(scored[one, other][1], values=False),
            )
            pair.create_time.FromMicroseconds(write.now_us)
            pair.update_time.FromMicroseconds(write.now_us)
            made.append(pair)
        if made:
            self._pairs.insert(write, made)
        write.record.pair_count += len(made)
        write.record.truncated = len(new) > room


def clear(environment: Environment, tenant: str, search: str) -> None:
    """Remove the keys of a search that was ended before it was done, some at a time."""
    while True:
        with environment.store.transaction(tenant=tenant, timeout=20.0) as transaction:
            rows = transaction.read(kept.SOME_KEY, search=search, limit=_DROPPED)
            if not rows:
                transaction.write(kept.DROP_REST, search=search)
                return
            if not transaction.write(kept.DROP_BELOW, search=search, k0=rows[0][0]):
                transaction.write(kept.DROP_REST, search=search)
                return


def _keyed(search: str, contact: str, features: Features) -> list[dict[str, str]]:
    """The rows of a contact's keys."""
    row = {"search_id": search, "contact_id": contact, "rank": rank(features)[:_RANK]}
    return [{**row, "key": key} for key in keys_of(features)]


def _drawn(search: str, contacts: Sequence[str], read: int) -> list[dict[str, str]]:
    """The rows of those contacts that may be in the sample, of which `read` tells how many were read with them."""
    row, places = {"search_id": search, "key": SAMPLE_KEY}, {contact: lot(contact) for contact in contacts}
    return [{**row, "contact_id": each, "rank": place} for each, place in places.items() if may_be_drawn(place, read)]


def _pairs_of(rows: Sequence[Any], before: Sequence[Any]) -> tuple[set[Pair], int]:
    """The pairs of the first of these keys, as many as fit a chunk, and how many keys that took."""
    pairs: set[Pair] = set()
    places = {tuple(row): number for number, row in enumerate(rows)}
    for one, other in neighbours(rows, lambda row: str(row[0]), before):
        if len(pairs) >= _COMPARED and places[tuple(other)]:
            # All comparisons of the keys before this one are in.
            return pairs, places[tuple(other)]
        pairs.add((min(one[2], other[2]), max(one[2], other[2])))
    return pairs, len(rows)
