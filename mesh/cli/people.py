"""The people of the demo tenant: its owner, and one for each further role, who is invited when first asked for.

Their passwords lie under the home, readable by its user alone; none is ever printed.
"""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mesh.cli import demo, sessions
from mesh.cli.edge_client import EdgeError, get, post
from mesh.cli.outcome import BadUsage, Failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mesh.runtime.settings import Settings

ROLES = ("owner", "member", "viewer")
"""The built-in roles of a tenant."""


def sign_in(settings: Settings, who: str) -> str:
    """A bearer token for a role of the demo tenant, or for `address@tenant`, whose password a person types once.

    Raises:
        BadUsage: `who` is neither.
        Failed: the edge refused, or there is no demo tenant.
    """
    try:
        if who in ROLES:
            person = _owner(settings) if who == ROLES[0] else _joined(settings, who)
            return sessions.token(settings, _login(person), lambda: str(person["password"]))
        email, _, tenant = who.rpartition("@")
        if "@" not in email or not tenant:
            roles = ", ".join(ROLES)
            msg = f"{who!r} is neither a role ({roles}) nor an address and a tenant, as in ada@example.com@demo"
            raise BadUsage(msg)
        known = _known(settings, email, tenant)
        return sessions.token(
            settings, known or {"tenant": tenant, "email": email}, lambda: _typed(known, email, tenant)
        )
    except EdgeError as error:
        raise Failed(str(error)) from error


def _owner(settings: Settings) -> Mapping[str, Any]:
    found = demo.read_credentials(settings)
    if found is None:
        msg = "there is no demo tenant here; create it: mesh up"
        raise Failed(msg)
    return found


def _login(person: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(person[key]) for key in ("tenant", "email", "password")}


def _known(settings: Settings, email: str, tenant: str) -> dict[str, str] | None:
    """How somebody logs in whose password is kept here."""
    for person in (demo.read_credentials(settings) or {}, *_read(settings).values()):
        if (person.get("email"), person.get("tenant")) == (email, tenant):
            return _login(person)
    return None


def _typed(known: Mapping[str, str] | None, email: str, tenant: str) -> str:
    """The password that is known here, else one that a person types."""
    if known is not None:
        return known["password"]
    if not sys.stdin.isatty():
        msg = f"the password of {email} is not known here; sign in at a terminal, or hand a token over with --token"
        raise Failed(msg)
    return getpass.getpass(f"Password of {email} at {tenant}: ")


def _joined(settings: Settings, role: str) -> Mapping[str, Any]:
    """The demo tenant's person of a role; an interrupted invitation is taken up again."""
    owner = _owner(settings)
    with _alone(settings):
        people = _read(settings)
        person = people.get(role)
        if person is None:
            person = people[role] = {
                "tenant": owner["tenant"], "email": f"{role}@example.com", "password": demo.password(),
                "invitation": "", "joined": False,
            }  # fmt: skip
            _write(settings, people)
        if person["joined"]:
            return person
        token = demo.log_in(settings, owner)
        if not person["invitation"]:
            offer = {"email": person["email"], "role": f"ROLE_{role.upper()}"}
            made = post(f"{settings.edge_url}/v1/invitations", offer, token, settings.edge_certificate)
            person["invitation"] = made["id"]
            _write(settings, people)
        _accept(settings, token, person, role)
        person["joined"] = True
        _write(settings, people)
        return person


def _accept(settings: Settings, token: str, person: Mapping[str, Any], role: str) -> None:
    from mesh.cli.link import secrets_of

    tenant = get(f"{settings.edge_url}/v1/tenant", token, settings.edge_certificate)["id"]
    (secret,) = secrets_of(settings, "invitation", tenant, [person["invitation"]])
    body = {"token": secret, "displayName": f"Demo {role.title()}", "password": person["password"]}
    try:
        post(f"{settings.edge_url}/v1/invitations:accept", body, certificate=settings.edge_certificate)
    except EdgeError as error:
        # Accepted before an interruption: to log in will show whether it was by this password.
        if error.reason != "INVITATION_CLOSED":
            raise


def _read(settings: Settings) -> dict[str, dict[str, Any]]:
    try:
        found: dict[str, dict[str, Any]] = json.loads((settings.home / "people.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _write(settings: Settings, people: Mapping[str, Any]) -> None:
    demo.write_file(settings.home / "people.json", people)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One invitation at a time, whoever asks."""
    descriptor = os.open(settings.home / "people.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
