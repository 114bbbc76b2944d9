"""What clients of a mesh were told while it was being broken, and how things stood in the end: the evidence.

Owns the form of a history; `mesh.testing.verdict` judges it. Pure: nothing here calls a mesh. Contacts stand for all
resources. Each write of a name writes one of its own, the *tag*, which begins with its tenant's slug and a dot, so that
what is read tells by itself who wrote it and for whom. Moments are seconds of one monotonic clock.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Kind(enum.Enum):
    """What an operation does."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    HAND_OVER = "hand over"
    READ = "read"


class Outcome(enum.Enum):
    """What its client knows of it in the end; of an UNKNOWN one it may be either."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """A contact as somebody was told of it: who wrote it last, and whose it is. Feeds tell no tag of a deleted one."""

    id: str
    version: int
    tag: str
    owner: str
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of one client, however often it was sent. All that share a `request` are the same request.

    tag: the name that it writes. target: the contact that is written or read, or the user who leaves. seen: what the
    answer tells. whole: it lists all contacts of its tenant that are not deleted. repeated: it asks once more for what
    was asked before, and may get the answer of then. expected: the version that it insists on; 0: on none. refusal: the
    reason it was given.
    """

    client: str
    tenant: str
    kind: Kind
    outcome: Outcome
    begun: float
    ended: float = math.inf
    request: str = ""
    tag: str = ""
    target: str = ""
    seen: tuple[Seen, ...] = ()
    whole: bool = False
    repeated: bool = False
    expected: int = 0
    refusal: str = ""

    def __str__(self) -> str:
        what = " ".join(each for each in (self.kind.value, self.target, self.tag) if each)
        return f"{self.client}: {what} ({self.outcome.value} {self.refusal}".rstrip() + ")"


@dataclass(frozen=True, slots=True)
class Change:
    """A message of a feed that tells of a contact; a snapshot may leave out what was before.

    Version 0: a fresh snapshot does not hold the contact, so it is gone; how often it was changed before is not told.
    """

    seen: Seen
    snapshot: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the audit chain."""

    position: int
    action: str
    resource: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A tenant when all is quiet: what its owner has, and every copy of that elsewhere.

    contacts: also the deleted ones. titles: by contact, what it says its owner is called. people: by id, what they are
    called. broken_at: the first position at which the digests of the chain do not hold.
    """

    contacts: tuple[Seen, ...]
    titles: Mapping[str, str]
    people: Mapping[str, str]
    entries: tuple[Entry, ...]
    broken_at: int | None = None


@dataclass(slots=True)
class History:
    """All that was recorded. By tenant: the feed in the order in which it came, the ending, and the hand-over."""

    operations: list[Operation] = field(default_factory=list)
    feeds: dict[str, list[Change]] = field(default_factory=dict)
    endings: dict[str, Ending] = field(default_factory=dict)
    successors: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """By tenant: who takes over from whom."""

    def told(self) -> Iterator[tuple[str, Seen]]:
        """Everything that anybody of a tenant was told of a contact."""
        for operation in self.operations:
            for seen in operation.seen:
                yield operation.tenant, seen
        for tenant, feed in self.feeds.items():
            for change in feed:
                yield tenant, change.seen
        for tenant, ending in self.endings.items():
            for seen in ending.contacts:
                yield tenant, seen
