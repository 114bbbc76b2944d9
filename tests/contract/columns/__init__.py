"""The columns of the matrix: each a property that every RPC has to which it applies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.contract.columns import access, failures, inputs, limits, reads, writes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.contract.method import MethodContract
    from tests.contract.world import World

ENGINES = ("sqlite", "postgresql")
ONE = ENGINES[:1]


@dataclass(frozen=True, slots=True)
class Column:
    """A property: `applies` reads the contract alone; `check` raises AssertionError where it does not hold.

    engines: where it is checked. What comes to its end before a store is asked is the same on any, and the second would
    tell nothing new.
    """

    check: Callable[[World, MethodContract], None]
    applies: Callable[[MethodContract], bool]
    engines: Sequence[str] = ENGINES

    @property
    def name(self) -> str:
        """The check's name."""
        return self.check.__name__


COLUMNS = (
    Column(access.no_credentials, access.has_credentials, ONE),
    Column(access.wrong_permission, access.can_be_forbidden, ONE),
    Column(access.stale_proof, access.wants_assurance, ONE),
    Column(access.anothers_place, access.is_in_person, ONE),
    Column(access.replayed, access.works_once),
    Column(access.other_tenant, access.names_resources),
    Column(limits.rate_limited, limits.has_budget, ONE),
    Column(inputs.invalid_input, inputs.always, ONE),
    Column(inputs.random_input, inputs.always),
    Column(inputs.output_only, inputs.takes_resource),
    Column(writes.expired_deadline, writes.always),
    Column(writes.same_request_id, writes.takes_request_id),
    Column(writes.request_id_race, writes.takes_request_id),
    Column(writes.request_id_reused, writes.takes_request_id),
    Column(writes.stale_etag, writes.guards_by_etag),
    Column(writes.mask, writes.takes_mask),
    Column(writes.audit, writes.is_audited),
    Column(writes.audit_origin, writes.is_audited),
    Column(reads.no_side_effects, reads.reads_only),
    Column(reads.pages, reads.is_list),
    Column(reads.page_tokens, reads.is_list),
    Column(failures.declared_reasons, failures.always, ONE),
    Column(failures.planted_secret, failures.always, ONE),
    Column(failures.store_faults, failures.always),
    Column(failures.answer_is_lost, writes.takes_request_id),
)
