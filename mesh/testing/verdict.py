"""Judges a history: each rule says what it found broken, in words that name the rule first.

What holds of one contact, and why it may be claimed: all its versions are made and read in the one database of its
owner, so reads and writes of it are linearisable across clients (rule `order`), not merely within a session. Copies
elsewhere follow: they are held to the owner's state only in the ending.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from mesh.testing.history import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mesh.testing.history import Change, Ending, History, Operation, Seen

_WRITES = (Kind.CREATE, Kind.UPDATE, Kind.DELETE)
# What a copy has not caught up with yet may still come true; everything else never does.
CATCHING_UP = ("copies", "audit", "feed")


def violations(history: History) -> list[str]:
    """What is broken; nothing where all is as promised."""
    return [f"{name}: {found}" for name, rule in _RULES.items() for found in rule(history)]


def hopeless(found: list[str]) -> list[str]:
    """Those violations that no waiting mends."""
    return [each for each in found if not each.startswith(CATCHING_UP)]


def _written(history: History) -> Iterator[tuple[Operation, Seen]]:
    """Every acknowledged write of a contact, with what its answer told."""
    for operation in history.operations:
        if operation.kind in _WRITES and operation.outcome is Outcome.DONE:
            for seen in operation.seen:
                yield operation, seen


def _lost(history: History) -> Iterator[str]:
    """What was acknowledged is there: in the ending, in the feed at its number, in every list that began later."""
    held = {s.id: s for ending in history.endings.values() for s in ending.contacts}
    told = {(c.seen.id, c.seen.version): c.seen for feed in history.feeds.values() for c in feed}
    for operation, seen in _written(history):
        last = held.get(seen.id)
        if last is None or last.version < seen.version:
            yield f"{operation} made version {seen.version} of {seen.id}; in the end there is {last}"
        change = told.get((seen.id, seen.version))
        if change is not None and not change.deleted and change.tag != seen.tag:
            yield f"{operation} made version {seen.version} of {seen.id}; the feed has {change.tag} there"
    yield from _missing_in_lists(history)


def _missing_in_lists(history: History) -> Iterator[str]:
    made = [(o, o.seen[0].id) for o in history.operations if o.kind is Kind.CREATE and o.outcome is Outcome.DONE]
    ends: dict[str, float] = {}
    for operation in history.operations:
        if operation.kind is Kind.DELETE:
            ends[operation.target] = min(operation.begun, ends.get(operation.target, operation.begun))
    for listing in history.operations:
        if not listing.whole or listing.outcome is not Outcome.DONE:
            continue
        listed = {seen.id for seen in listing.seen}
        for operation, identity in made:
            before = operation.tenant == listing.tenant and operation.ended < listing.begun
            if before and ends.get(identity, listing.ended) >= listing.ended and identity not in listed:
                yield f"{operation}, and a list that began later is without it"


def _twice(history: History) -> Iterator[str]:
    """A request has one effect and one answer, however often it was sent; a tag is written once and to one contact."""
    answers: dict[str, set[tuple[Seen, ...]]] = defaultdict(set)
    makers: dict[tuple[str, int], set[str]] = defaultdict(set)
    for operation, seen in _written(history):
        answers[operation.request].add(operation.seen)
        makers[seen.id, seen.version].add(operation.request)
    for request, given in answers.items():
        if len(given) > 1:
            yield f"request {request} got several answers: {sorted(map(str, given))}"
    for (identity, version), requests in makers.items():
        if len(requests) > 1:
            yield f"version {version} of {identity} is the answer to {len(requests)} requests"
    bearers: dict[str, set[str]] = defaultdict(set)
    for _, seen in history.told():
        if seen.tag:
            bearers[seen.tag].add(seen.id)
    for tag, identities in bearers.items():
        if len(identities) > 1:
            yield f"{tag} was written to {len(identities)} contacts"


def _etags(history: History) -> Iterator[str]:
    """A write that insists on a version is the one that follows it: no change is written over unseen."""
    for operation, seen in _written(history):
        if operation.expected and seen.version != operation.expected + 1:
            yield f"{operation} made version {seen.version}, and insisted on {operation.expected}"


def _causes(history: History) -> Iterator[str]:
    """Every version that a feed tells of was made by one request, or by the one hand-over; a refused one made none."""
    writers = {o.tag: o for o in history.operations if o.tag}
    deleters = {o.target for o in history.operations if o.kind is Kind.DELETE and o.outcome is not Outcome.REFUSED}
    refused = {o.tag for o in history.operations if o.tag and o.outcome is Outcome.REFUSED}
    refused -= {o.tag for o in history.operations if o.outcome is not Outcome.REFUSED}
    for tenant, feed in history.feeds.items():
        begun: set[str] = set()
        for before, after in _steps(feed):
            if after.deleted:
                if after.id not in deleters:
                    yield f"{after.id} was deleted at version {after.version}, and nobody asked for it"
            elif before is None or after.tag != before.tag:
                if after.tag not in writers or after.tag in refused:
                    yield f"{after.tag} of {after.id} was written, and nobody's request did it"
                if after.tag in begun:
                    yield f"{after.tag} was written to {after.id} once more at version {after.version}"
                begun.add(after.tag)
            elif history.successors.get(tenant, {}).get(before.owner) != after.owner:
                yield f"version {after.version} of {after.id} was made, and by nobody's request: {before} -> {after}"


def _steps(feed: list[Change]) -> Iterator[tuple[Seen | None, Seen]]:
    """Each version of each contact with the one before it, where the feed tells both, or with none where it began."""
    told = {(c.seen.id, c.seen.version): c.seen for c in feed}
    for (identity, version), seen in told.items():
        before = told.get((identity, version - 1))
        if version == 1 or before is not None:
            yield before, seen


def _tenants(history: History) -> Iterator[str]:
    """Nobody is told of another tenant's contact, in an answer, a feed or a list."""
    homes: dict[str, set[str]] = defaultdict(set)
    for tenant, seen in history.told():
        homes[seen.id].add(tenant)
        if seen.tag and not seen.tag.startswith(f"{tenant}."):
            yield f"{tenant} was told of {seen.tag}"
    for identity, tenants in homes.items():
        if len(tenants) > 1:
            yield f"{identity} was told of to {sorted(tenants)}"


def _order(history: History) -> Iterator[str]:
    """No answer goes back behind one that had ended before it was asked for; a version has one content."""
    contents: dict[tuple[str, int], tuple[str, str, bool]] = {}
    for _, seen in history.told():
        if seen.tag:
            content = (seen.tag, seen.owner, seen.deleted)
            if contents.setdefault((seen.id, seen.version), content) != content:
                yield f"version {seen.version} of {seen.id} is {contents[seen.id, seen.version]} and {content}"
    answered = [o for o in history.operations if o.outcome is Outcome.DONE]
    ending = sorted(answered, key=lambda o: o.ended)
    reached: dict[str, int] = {}
    at = 0
    for operation in sorted(answered, key=lambda o: o.begun):
        while ending[at].ended < operation.begun:
            for seen in ending[at].seen:
                reached[seen.id] = max(seen.version, reached.get(seen.id, 0))
            at += 1
        if operation.repeated:
            continue
        for seen in operation.seen:
            if seen.version < reached.get(seen.id, 0):
                yield f"{operation} was told version {seen.version} of {seen.id} after {reached[seen.id]}"


def _feed(history: History) -> Iterator[str]:
    """Each contact's changes come by their numbers without a gap, and the last one is how the contact is."""
    for tenant, feed in history.feeds.items():
        reached: dict[str, int] = {}
        gone: set[str] = set()
        for change in feed:
            identity, version = change.seen.id, change.seen.version
            # What a snapshot did not hold, for it was deleted, may be told as deleted once more, at whatever number.
            repeats = change.seen.deleted and identity in gone
            (gone.add if change.seen.deleted else gone.discard)(identity)
            if version > reached.get(identity, 0) + 1 and not change.snapshot and not repeats:
                yield f"{tenant} was told version {version} of {identity} after {reached.get(identity, 0)}"
            reached[identity] = max(version, reached.get(identity, 0))
        ending = history.endings.get(tenant)
        for seen in ending.contacts if ending else ():
            unknown = seen.deleted and (seen.id in gone or seen.id not in reached)
            if reached.get(seen.id, 0) != seen.version and not unknown:
                yield f"{tenant} was told {reached.get(seen.id, 0)} of the {seen.version} versions of {seen.id}"


def _audit(history: History) -> Iterator[str]:
    """One chain without gap or fork, which holds one entry for each version of each contact and each hand-over."""
    for tenant, ending in history.endings.items():
        if [e.position for e in ending.entries] != list(range(1, len(ending.entries) + 1)):
            yield f"the chain of {tenant} has a gap or a fork"
        if ending.broken_at is not None:
            yield f"the chain of {tenant} does not hold at {ending.broken_at}"
        count = Counter(e.resource for e in ending.entries if e.resource.startswith("contacts/"))
        versions = {f"contacts/{seen.id}": seen.version for seen in ending.contacts}
        for resource in count.keys() | versions.keys():
            if count[resource] != versions.get(resource, 0):
                yield f"{resource} has {versions.get(resource, 0)} versions and {count[resource]} entries"
        for left in (o for o in history.operations if o.tenant == tenant and o.kind is Kind.HAND_OVER):
            times = sum(e.action == "user.deactivated" and e.resource.endswith(left.target) for e in ending.entries)
            if times > 1 or (times == 0 and left.outcome is Outcome.DONE):
                yield f"{left} has {times} entries"


def _copies(history: History) -> Iterator[str]:
    """What other services hold of a user is what the user is: titles of contacts, and who has them."""
    for tenant, ending in history.endings.items():
        left = {o.target for o in _of(history, tenant, Kind.HAND_OVER) if o.outcome is Outcome.DONE}
        yield from _titles(ending)
        for seen in ending.contacts:
            if seen.owner in left and not seen.deleted:
                yield f"{seen.id} still belongs to {seen.owner}, who has left"


def _titles(ending: Ending) -> Iterator[str]:
    owners: Mapping[str, str] = {seen.id: seen.owner for seen in ending.contacts}
    for identity, title in ending.titles.items():
        called = ending.people.get(owners.get(identity, ""), "")
        if title != called:
            yield f"{identity} says that its owner is called {title!r}, who is called {called!r}"


def _answers(history: History) -> Iterator[str]:
    """Nobody is refused for a reason that the contract does not give to such a request."""
    for operation in history.operations:
        if operation.refusal not in EXPECTED:
            yield str(operation)


def _of(history: History, tenant: str, kind: Kind) -> Iterator[Operation]:
    return (o for o in history.operations if o.tenant == tenant and o.kind is kind)


EXPECTED = frozenset({"", "ETAG_MISMATCH", "NOT_FOUND", "INVALID_ARGUMENT contact.owner_id"})
_RULES: Mapping[str, Callable[[History], Iterator[str]]] = {
    "lost": _lost,
    "twice": _twice,
    "etags": _etags,
    "causes": _causes,
    "tenants": _tenants,
    "order": _order,
    "feed": _feed,
    "audit": _audit,
    "copies": _copies,
    "answers": _answers,
}
