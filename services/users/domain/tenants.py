"""The rules of tenants: what they settle on, and the passwords of those who sign up."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING

from google.type import dayofweek_pb2

from mesh.contract.failure import Failure

if TYPE_CHECKING:
    from rapport.users.v1 import resources_pb2

# Beginnings of what attackers try first; a password that holds little else is guessed at once.
_COMMON = ("password", "passwort", "qwerty", "letmein", "welcome", "iloveyou", "123456", "abc123", "changeme")
_MIN_REST = 6
# Shorter parts of a name stand in many words by chance.
_MIN_NAME = 4


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
