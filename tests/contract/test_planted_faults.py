"""Each mutation of the product turns the column that guards against it red."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from sqlalchemy import bindparam, select

from mesh.contract import catalog, differences, pages
from mesh.resource import standard, writing
from mesh.resource.mapping import read_columns
from mesh.resource.resource import Resource
from mesh.runtime import audit, chain, errors, idempotency
from mesh.runtime.call import Call, Write
from mesh.runtime.identity import NO_DEVICE, Identity, Kind
from mesh.runtime.links import AuthoriseLink, IdentityLink
from mesh.runtime.rate import Buckets, RateLink
from mesh.store import statement as statements
from tests.contract.columns import access, failures, inputs, limits, reads, writes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.contract.method import MethodContract
    from tests.contract.world import World

CONTACTS = "/rapport.customers.v1.ContactService/"


def method(name: str) -> MethodContract:
    return catalog.load().methods[CONTACTS + name]


def nothing(*_: Any, **__: Any) -> None:
    """A link that lets everything pass."""


def authorise_removed(world: World) -> Any:
    return mock.patch.object(AuthoriseLink, "__call__", nothing)


def rate_removed(world: World) -> Any:
    return mock.patch.object(RateLink, "__call__", nothing)


def budget_shared_by_tenants(world: World) -> Any:
    real = Buckets.take
    return mock.patch.object(Buckets, "take", lambda buckets, key, limit: real(buckets, ("", key[1]), limit))


def identity_taken_on_trust(world: World) -> Any:
    def trust(link: IdentityLink, call: Call, context: object) -> None:
        call.identity = Identity(tenant=world.tenant.tenant, principal=world.tenant.id, kind=Kind.USER, epoch=1)

    return mock.patch.object(IdentityLink, "__call__", trust)


def tenant_predicate_dropped(world: World) -> Any:
    """GetContact without its tenant, past the guard that refuses such a statement."""
    served = next(r for r in world.mesh.host("customers")._service.resources if r.contract.collection == "contacts")
    table = served.table
    with mock.patch.object(statements, "check_fence", return_value=False):
        leaky = statements.Statement(
            select(*read_columns(table, served.message)).where(table.c.id == bindparam("id")), name="leaky"
        )
    return mock.patch.object(served, "by_id", leaky)


def etag_check_removed(world: World) -> Any:
    return mock.patch.object(writing, "check_etag", nothing)


@contextlib.contextmanager
def idempotency_removed(world: World) -> Iterator[None]:
    with mock.patch.object(idempotency, "take", nothing), mock.patch.object(idempotency, "replay", nothing):
        yield


def twins_not_awaited(world: World) -> Any:
    return mock.patch.object(idempotency, "take", nothing)


def body_of_request_id_ignored(world: World) -> Any:
    return mock.patch.object(idempotency, "_fingerprint", return_value=b"same")


def last_deadline_check_removed(world: World) -> Any:
    return mock.patch.object(Call, "_check_deadline", nothing)


def validate_removed(world: World) -> Any:
    return mock.patch.object(chain, "validate", nothing)


def error_text_sent(world: World) -> Any:
    def leaky(error: BaseException, *more: Any) -> errors.Outcome:
        found = errors.outcome(error, *more)
        found.status.message = str(error)
        return found

    return mock.patch.object(chain, "outcome", leaky)


def error_text_logged(world: World) -> Any:
    return mock.patch.object(errors, "_describe", str)


def undeclared_reason_sent(world: World) -> Any:
    def open_hearted(error: BaseException, reasons: Any, domain: str, trace: str) -> errors.Outcome:
        return errors.outcome(error, reasons, "rapport", trace)

    return mock.patch.object(chain, "outcome", open_hearted)


def page_token_not_checked(world: World) -> Any:
    return mock.patch.object(pages.hmac, "compare_digest", return_value=True)


def page_bound_included(world: World) -> Any:
    """Every page but the first begins with the last resource of the page before, newest first."""
    real = pages.PageTokens.read

    def one_back(tokens: pages.PageTokens, binding: Any, token: str, length: int) -> Any:
        position = real(tokens, binding, token, length)
        return [*position[:-1], f"{position[-1]}Z"]

    return mock.patch.object(pages.PageTokens, "read", one_back)


def mask_ignored(world: World) -> Any:
    real = standard.effective_paths
    return mock.patch.object(standard, "effective_paths", lambda sent, mask, frozen: real(sent, ["*"], frozen))


def audit_forgotten(world: World) -> Any:
    return mock.patch.object(audit, "record", nothing)


def audit_without_origin(world: World) -> Any:
    return mock.patch.object(Call, "device", NO_DEVICE)


def audit_tells_values(world: World) -> Any:
    return mock.patch.object(differences, "is_open", return_value=True)


def read_that_writes(world: World) -> Any:
    real = Call.read

    def read(call: Call, *statement: Any, **parameters: Any) -> Any:
        rows = real(call, *statement, **parameters)
        with call.commit() as commit:
            commit.publish("contacts/seen", 0, call.contract.reply())
            commit.reply(call.contract.reply())
        return rows

    return mock.patch.object(Call, "read", read)


def store_errors_unknown(world: World) -> Any:
    return mock.patch.object(errors, "_STORE_REASONS", ())


def written_ahead_of_the_rest(world: World) -> Any:
    """New rows get a transaction of their own, before the one with the audit record."""
    real = Resource.insert

    def insert(resource: Resource[Any], write: Write, new: Any, **hidden: Any) -> None:
        with write.environment.store.transaction(tenant=write.tenant, timeout=5.0) as ahead:
            early = Write(write.environment, ahead, tenant=write.tenant, identity=write.identity, trace="")
            real(resource, early, new, **hidden)

    return mock.patch.object(Resource, "insert", insert)


FAULTS: tuple[tuple[Callable[[World], Any], Callable[..., None], str], ...] = (
    (authorise_removed, access.wrong_permission, "CreateContact"),
    (identity_taken_on_trust, access.no_credentials, "GetContact"),
    (rate_removed, limits.rate_limited, "GetContact"),
    (rate_removed, limits.rate_limited, "CreateContact"),
    (budget_shared_by_tenants, limits.rate_limited, "GetContact"),
    (tenant_predicate_dropped, access.other_tenant, "GetContact"),
    (etag_check_removed, writes.stale_etag, "UpdateContact"),
    (etag_check_removed, writes.stale_etag, "DeleteContact"),
    (idempotency_removed, writes.same_request_id, "CreateContact"),
    (idempotency_removed, writes.request_id_race, "CreateContact"),
    (twins_not_awaited, writes.request_id_race, "CreateContact"),
    (body_of_request_id_ignored, writes.request_id_reused, "CreateContact"),
    (last_deadline_check_removed, writes.expired_deadline, "CreateContact"),
    (validate_removed, inputs.invalid_input, "CreateContact"),
    (error_text_sent, failures.planted_secret, "GetContact"),
    (error_text_logged, failures.planted_secret, "GetContact"),
    (undeclared_reason_sent, failures.declared_reasons, "GetContact"),
    (page_token_not_checked, reads.page_tokens, "ListContacts"),
    (page_bound_included, reads.pages, "ListContacts"),
    (mask_ignored, writes.mask, "UpdateContact"),
    (audit_forgotten, writes.audit, "CreateContact"),
    (audit_without_origin, writes.audit_origin, "CreateContact"),
    (audit_tells_values, writes.audit_origin, "UpdateContact"),
    (read_that_writes, reads.no_side_effects, "GetContact"),
    (store_errors_unknown, failures.store_faults, "GetContact"),
    (written_ahead_of_the_rest, failures.store_faults, "CreateContact"),
    (idempotency_removed, failures.answer_is_lost, "CreateContact"),
)


@pytest.mark.parametrize(
    ("fault", "column", "name"), FAULTS, ids=[f"{fault.__name__}-{column.__name__}-{n}" for fault, column, n in FAULTS]
)
def test_a_planted_fault_turns_its_column_red(
    world: World, fault: Callable[[World], Any], column: Callable[..., None], name: str
) -> None:
    with fault(world), pytest.raises((AssertionError, grpc.RpcError)):
        column(world, method(name))
    column(world, method(name))
