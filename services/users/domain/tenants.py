"""The rules of tenants: what they settle on, how they end, and the passwords of those who sign up."""

from __future__ import annotations

import zoneinfo

from google.type import dayofweek_pb2
from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure

# Beginnings of what attackers try first; a password that holds little else is guessed at once.
_COMMON = ("password", "passwort", "qwerty", "letmein", "welcome", "iloveyou", "123456", "abc123", "changeme")
_MIN_REST = 6
# Shorter parts of a name stand in many words by chance.
_MIN_NAME = 4
WAIT_US = 30 * 24 * 3600 * 1_000_000
"""How long a tenant lives on after its deletion was asked for."""

_State = resources_pb2.Tenant.State
ACTIVE, DELETING = _State.STATE_ACTIVE, _State.STATE_DELETING
SUSPENDED, DELETED = _State.STATE_SUSPENDED, _State.STATE_DELETED


def check_time_zone(name: str) -> str:
    """The zone, `Etc/UTC` where none is named.

    Raises:
        Failure: TIME_ZONE_UNKNOWN.
    """
    zone = name or "Etc/UTC"
    if zone not in zoneinfo.available_timezones():
        raise Failure("TIME_ZONE_UNKNOWN", fields={"time_zone": "is no name of the IANA database"})
    return zone


def decide_tenant(tenant: resources_pb2.Tenant) -> resources_pb2.Tenant:
    """The tenant as it will be kept: what is left open gets its default.

    Raises:
        Failure: TIME_ZONE_UNKNOWN.
    """
    try:
        tenant.time_zone = check_time_zone(tenant.time_zone)
    except Failure as failure:
        raise Failure(failure.reason, fields={f"tenant.{k}": text for k, text in failure.fields.items()}) from None
    tenant.display_name = tenant.display_name.strip() or tenant.slug
    tenant.currency_code = tenant.currency_code or "USD"
    tenant.locale = tenant.locale or "en"
    tenant.week_start = tenant.week_start or dayofweek_pb2.MONDAY
    tenant.fiscal_year_start = tenant.fiscal_year_start or 1
    return tenant


def ask_deletion(tenant: resources_pb2.Tenant, now_us: int) -> None:
    """Have the tenant deleted in 30 days; one that is being deleted keeps its day."""
    if not tenant.HasField("delete_time"):
        tenant.delete_time.FromMicroseconds(now_us)
        tenant.purge_time.FromMicroseconds(now_us + WAIT_US)
        tenant.state = DELETING


def cancel_deletion(tenant: resources_pb2.Tenant) -> None:
    """Have the tenant live on."""
    tenant.ClearField("delete_time")
    tenant.ClearField("purge_time")
    tenant.state = ACTIVE


def end_life(tenant: resources_pb2.Tenant, now_us: int) -> None:
    """End the tenant, if its deletion is due and was not taken back."""
    if tenant.HasField("purge_time") and tenant.purge_time.ToMicroseconds() <= now_us:
        tenant.state = DELETED


def suspend(tenant: resources_pb2.Tenant) -> None:
    """Keep the users of the tenant from working; the day of a deletion stands.

    Raises:
        Failure: TENANT_STATE for a tenant that is deleted.
    """
    _check_lives(tenant)
    tenant.state = SUSPENDED


def resume(tenant: resources_pb2.Tenant) -> None:
    """Let the users of a suspended tenant work again.

    Raises:
        Failure: TENANT_STATE for a tenant that is deleted.
    """
    _check_lives(tenant)
    tenant.state = DELETING if tenant.HasField("delete_time") else ACTIVE


def may_work(tenant: resources_pb2.Tenant) -> bool:
    """Whether users of the tenant may."""
    return tenant.state in (ACTIVE, DELETING)


def _check_lives(tenant: resources_pb2.Tenant) -> None:
    if tenant.state == DELETED:
        raise Failure("TENANT_STATE", metadata={"state": _State.Name(tenant.state).removeprefix("STATE_")})


def check_password(password: str, *, slug: str, email: str, field: str, name: str = "") -> None:
    """Refuse what is guessed first (NIST SP 800-63B, 5.1.1.2): common words, repetitions, and the names given with it.

    `field` is where the caller has put it, `name` what people call the user.

    Raises:
        Failure: PASSWORD_GUESSABLE.
    """
    folded = password.casefold()
    names = [word for word in name.casefold().split() if len(word) >= _MIN_NAME]
    for word in (*_COMMON, slug.casefold(), email.partition("@")[0].casefold(), *names):
        folded = folded.replace(word, "")
    if len(set(folded)) < _MIN_REST:
        raise Failure("PASSWORD_GUESSABLE", fields={field: "is too easy to guess"})
