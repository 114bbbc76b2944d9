"""DuplicateService: searches over the whole base, their pairs, and what people say of those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import duplicate_service_pb2, resources_pb2
from sqlalchemy import bindparam, select

from mesh.contract.failure import below, invalid
from mesh.resource.jobs import JobKind, cancel_job, create_job, keep_record
from mesh.resource.mapping import read_columns
from mesh.resource.reading import seen
from mesh.resource.resource import Resource
from mesh.resource.standard import standard_handler
from mesh.resource.writing import unknown
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TEXT
from services.customers.domain.duplicate_keys import keys_of
from services.customers.domain.duplicate_model import blank_model
from services.customers.domain.duplicate_searches import decide_pair, decide_search, told
from services.customers.service import duplicate_rows as kept
from services.customers.service.duplicate_work import DuplicateWork, clear
from services.customers.tables import duplicate_pairs, duplicate_searches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.resource.custom import CustomFields
    from mesh.runtime.call import Call, Commit

Pair, Search = resources_pb2.DuplicatePair, resources_pb2.DuplicateSearch
_OPEN, _DISMISSED = resources_pb2.DUPLICATE_STATE_OPEN, resources_pb2.DUPLICATE_STATE_DISMISSED
_OF_CONTACTS = Statement(
    select(*read_columns(duplicate_pairs, Pair))
    .where(
        duplicate_pairs.c.tenant_id == TENANT,
        duplicate_pairs.c.contact_id == bindparam("one", type_=TEXT),
        duplicate_pairs.c.other_contact_id == bindparam("other", type_=TEXT),
    )
    .order_by(duplicate_pairs.c.id)
    .with_for_update(),
    name="pairs of contacts",
)


class DuplicateService:
    """The methods of DuplicateService that are no standard ones, and the job."""

    def __init__(self, contacts: Resource[resources_pb2.Contact], fields: CustomFields) -> None:
        self._contacts, self._fields = contacts, fields
        self.searches = Resource(Search, duplicate_searches, decide=decide_search)
        # A pair keeps the two that it was found with. While one of them is part of another contact, nobody sees it.
        self.pairs = Resource(Pair, duplicate_pairs, decide=decide_pair, redundant=lambda write, pair: True)
        self._work = DuplicateWork(contacts, fields, self.pairs)
        self.job = JobKind(
            name="duplicate-search",
            method="/rapport.customers.v1.DuplicateService/CreateDuplicateSearch",
            resource=self.searches,
            step=self._work.step,
            clear=clear,
        )

    def create_duplicate_search(
        self, call: Call, request: duplicate_service_pb2.CreateDuplicateSearchRequest
    ) -> resources_pb2.DuplicateSearch:
        """The search, waiting for its turn."""
        asked = Search()
        asked.CopyFrom(request.duplicate_search)
        with below("duplicate_search"):
            asked = self.searches.decide(None, asked, self._fields.fields(call))
            self._work.page(call, asked, ())
        with call.commit() as commit:
            return commit.reply(create_job(commit, self.job, asked))

    def cancel_duplicate_search(
        self, call: Call, request: duplicate_service_pb2.CancelDuplicateSearchRequest
    ) -> resources_pb2.DuplicateSearch:
        """The search as it ended."""
        with call.commit() as commit:
            after: resources_pb2.DuplicateSearch = cancel_job(commit, self.searches, request.id)
            return commit.reply(after)

    def get_duplicate_pair(
        self, call: Call, request: duplicate_service_pb2.GetDuplicatePairRequest
    ) -> resources_pb2.DuplicatePair:
        """The pair."""
        reply: resources_pb2.DuplicatePair = standard_handler(call.contract, self.pairs)(call, request)
        if not self._in_sight(call, [reply]):
            raise unknown(self.pairs, request.id)
        return reply

    def list_duplicate_pairs(
        self, call: Call, request: duplicate_service_pb2.ListDuplicatePairsRequest
    ) -> duplicate_service_pb2.ListDuplicatePairsResponse:
        """One page, less what is not to be visible."""
        page = standard_handler(call.contract, self.pairs)(call, request)
        visible = self._in_sight(call, page.duplicate_pairs)
        return duplicate_service_pb2.ListDuplicatePairsResponse(
            duplicate_pairs=visible, next_page_token=page.next_page_token
        )

    def dismiss_duplicate_pair(
        self, call: Call, request: duplicate_service_pb2.DismissDuplicatePairRequest
    ) -> resources_pb2.DuplicatePair:
        """The pair, dismissed."""
        return self._say(call, request.id, _DISMISSED)

    def restore_duplicate_pair(
        self, call: Call, request: duplicate_service_pb2.RestoreDuplicatePairRequest
    ) -> resources_pb2.DuplicatePair:
        """The pair, open again."""
        return self._say(call, request.id, _OPEN)

    def explain_duplicate(
        self, call: Call, request: duplicate_service_pb2.ExplainDuplicateRequest
    ) -> duplicate_service_pb2.ExplainDuplicateResponse:
        """What the search makes of two contacts, step by step."""
        search: resources_pb2.DuplicateSearch = seen(call, self.searches, request.id)
        asked = (request.contact_id, request.other_contact_id)
        into = self._contacts.led(call.read, asked)
        pair = [into.get(each, each) for each in asked]
        if pair[0] == pair[1]:
            raise invalid("other_contact_id", "is the same contact")
        one, other = sorted(pair)
        features = self._work.features(call, search, [one, other])
        for each, now in zip(asked, pair, strict=True):
            if now not in features:
                raise unknown(self._contacts, each)
        model = kept.model_of(call.read, search.id) or blank_model(search.contact_count)
        evidence = model.evidence(features[one], features[other])
        reply = duplicate_service_pb2.ExplainDuplicateResponse(
            score=model.score(evidence),
            prior=model.before,
            evidence=told(evidence, values=True),
            shared_keys=sorted({*keys_of(features[one])} & {*keys_of(features[other])}),
        )
        reply.verdict = _verdict(call.read, search, (one, other), reply)
        return reply

    def _in_sight(self, call: Call, pairs: Sequence[Any]) -> list[Any]:
        """Those of the pairs of which the caller may see both contacts, and neither is deleted. One statement."""
        ids = sorted({each for pair in pairs for each in (pair.contact_id, pair.other_contact_id)})
        sight = self._contacts.visible(call)
        rows = call.read(self._contacts.several(sight), ids=ids, **sight.parameters) if ids else ()
        live = {row[1] for row in rows if row[self._contacts.deleted] is None}
        # After a merge both ends of a pair may be the one that is left.
        return [
            pair
            for pair in pairs
            if pair.contact_id != pair.other_contact_id and {pair.contact_id, pair.other_contact_id} <= live
        ]

    def _say(self, call: Call, identity: str, state: int) -> resources_pb2.DuplicatePair:
        """Say the same of the pair in every search that has found it, and of what later ones will find."""
        pair: resources_pb2.DuplicatePair = seen(call, self.pairs, identity)
        if not self._in_sight(call, [pair]):
            raise unknown(self.pairs, identity)
        with call.commit() as commit:
            names = {"one": pair.contact_id, "other": pair.other_contact_id}
            if state == _DISMISSED:
                commit.write(
                    kept.DISMISS,
                    contact_id=pair.contact_id,
                    other_contact_id=pair.other_contact_id,
                    principal_id=commit.identity.principal,
                    create_time=commit.now_us,
                )
            else:
                commit.write(kept.RESTORE, **names)
            said = [self._change(commit, row, state) for row in commit.read(_OF_CONTACTS, **names)]
            commit.audit(f"duplicate-pairs/{identity}", ["state"])
            reply: resources_pb2.DuplicatePair | None = next((each for each in said if each.id == identity), None)
            if reply is None:
                raise unknown(self.pairs, identity)
            return commit.reply(reply)

    def _change(self, commit: Commit, row: Sequence[Any], state: int) -> Any:
        before = self.pairs.build(Pair, row)
        after = Pair()
        after.CopyFrom(before)
        after.state = resources_pb2.DuplicateState.ValueType(state)
        keep_record(commit, self.pairs, before, after, row[0])
        return after


def _verdict(
    read: Callable[..., Sequence[Any]],
    search: resources_pb2.DuplicateSearch,
    pair: kept.Pair,
    reply: duplicate_service_pb2.ExplainDuplicateResponse,
) -> duplicate_service_pb2.DuplicateVerdict:
    if kept.dismissed(read, [pair]):
        return duplicate_service_pb2.DUPLICATE_VERDICT_DISMISSED
    if not reply.shared_keys:
        return duplicate_service_pb2.DUPLICATE_VERDICT_NO_SHARED_KEY
    if reply.score < search.min_score:
        return duplicate_service_pb2.DUPLICATE_VERDICT_BELOW_MIN_SCORE
    if kept.found(read, search.id, [pair]):
        return duplicate_service_pb2.DUPLICATE_VERDICT_FOUND
    return duplicate_service_pb2.DUPLICATE_VERDICT_NOT_COMPARED
