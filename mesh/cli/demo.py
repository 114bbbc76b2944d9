"""The demo tenant: signed up once through the edge, with people who do not exist."""

from __future__ import annotations

import json
import os
import secrets
import uuid
from typing import TYPE_CHECKING, Any

from mesh.cli.edge_client import EdgeError, post

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from faker import Faker

    from mesh.runtime.settings import Settings

CONTACTS = 300
_BATCH = 100
_SEED = 20260101
_SLUG = "demo"
_OWNER = "owner@example.com"
_DOMAINS = ("example.com", "example.org", "example.net")


class DemoError(RuntimeError):
    """The demo tenant could not be created; the text says why."""


def create(settings: Settings) -> None:
    """Create the demo tenant with its contacts, unless that is done; an interrupted run is taken up again.

    Raises:
        DemoError: the edge refused something.
    """
    credentials = read_credentials(settings)
    if credentials is not None and credentials["seeded"]:
        return
    try:
        if credentials is None:
            credentials = _sign_up(settings)
        token = log_in(settings, credentials)
        batches = list(_batches())
        for number, contacts in enumerate(batches):
            add(settings, credentials, token, str(number), contacts)
    except EdgeError as error:
        raise DemoError(str(error)) from error
    write_credentials(settings, {**credentials, "seeded": True, "contacts": CONTACTS})
    print(f"  demo tenant with {CONTACTS} contacts is there", flush=True)


def add(
    settings: Settings, credentials: Mapping[str, Any], token: str, name: str, contacts: Sequence[Mapping[str, Any]]
) -> None:
    """Create a batch of contacts. `name` is the same whenever this is repeated: what arrived before arrives only once.

    Raises:
        EdgeError: the edge refused.
    """
    body = {"contacts": contacts, "requestId": str(uuid.uuid5(uuid.UUID(credentials["run"]), name))}
    post(f"{settings.edge_url}/v1/contacts:batchCreate", body, token, settings.edge_certificate)


def read_credentials(settings: Settings) -> dict[str, Any] | None:
    """Tenant, address and password of the demo tenant's owner, and how far its contacts are there; or None."""
    try:
        found: dict[str, Any] = json.loads(_file(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if found.keys() >= {"tenant", "email", "password", "run", "seeded"} else None


def log_in(settings: Settings, credentials: Mapping[str, Any]) -> str:
    """A bearer token of a session of its own; else as begin()."""
    return str(begin(settings, credentials)["accessToken"])


def begin(settings: Settings, credentials: Mapping[str, Any]) -> dict[str, Any]:
    """A new session, as LogIn answers.

    Raises:
        EdgeError: the edge refused, or wants a second factor.
    """
    body = {key: credentials[key] for key in ("tenant", "email", "password")}
    answer = post(f"{settings.edge_url}/v1/sessions:logIn", body, certificate=settings.edge_certificate)
    if not answer.get("accessToken"):
        msg = f"{credentials['email']} logs in with a second factor; hand a token over with --token"
        raise EdgeError(msg)
    return answer


def _sign_up(settings: Settings) -> dict[str, Any]:
    """Create the tenant. Its password is kept before it is used, so that an interruption locks nobody out."""
    pending = _file(settings).with_name(".demo.json")
    try:
        credentials: dict[str, Any] = json.loads(pending.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        credentials = {
            "tenant": _SLUG,
            "email": _OWNER,
            "password": password(),
            "run": str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)),
            "seeded": False,
        }
        write_file(pending, credentials)
    body = {
        "slug": credentials["tenant"],
        "displayName": "Demo Trading",
        "timeZone": "Australia/Sydney",
        "currencyCode": "AUD",
        "ownerEmail": credentials["email"],
        "ownerDisplayName": "Demo Owner",
        "ownerPassword": credentials["password"],
    }
    try:
        post(f"{settings.edge_url}/v1/tenants:signUp", body, certificate=settings.edge_certificate)
    except EdgeError as error:
        if error.reason != "SLUG_TAKEN":
            raise
        # An interrupted run signed up before; log-in will show whether it was this one.
    write_credentials(settings, credentials)
    pending.unlink()
    return credentials


def _batches() -> Iterator[list[dict[str, Any]]]:
    found = people()
    for start in range(0, CONTACTS, _BATCH):
        yield found[start : start + _BATCH]


def people() -> list[dict[str, Any]]:
    """The contacts of the demo tenant, the same each time."""
    from faker import Faker

    fake = Faker("en_AU")
    fake.seed_instance(_SEED)
    return [_person(fake, number) for number in range(1, CONTACTS + 1)]


def _person(fake: Faker, number: int) -> dict[str, Any]:
    given, family = fake.first_name(), fake.last_name()
    local = f"{given}.{family}.{number}".lower().replace(" ", "").replace("'", "")
    born = fake.date_of_birth(minimum_age=20, maximum_age=75)
    return {
        "givenName": given,
        "familyName": family,
        "emails": [{"address": f"{local}@{_DOMAINS[number % len(_DOMAINS)]}", "label": "work"}],
        "phones": [{"number": fake.numerify("+61 4## ### ###"), "label": "mobile"}],
        "jobTitle": fake.job(),
        "addresses": [
            {
                "regionCode": "AU",
                "postalCode": fake.postcode(),
                "administrativeArea": fake.state_abbr(),
                "locality": fake.city(),
                "addressLines": [fake.street_address()],
            }
        ],
        "birthDate": {"year": born.year, "month": born.month, "day": born.day},
        "externalId": f"demo-{number:04d}",
    }


def password() -> str:
    """A password for one of the demo tenant's people."""
    return secrets.token_urlsafe(18)


def _file(settings: Settings) -> Path:
    return settings.home / "demo.json"


def write_credentials(settings: Settings, credentials: Mapping[str, Any]) -> None:
    """Keep what `read_credentials` reads."""
    write_file(_file(settings), credentials)


def write_file(file: Path, content: Mapping[str, Any]) -> None:
    """Replace a file that only the user of this home may read."""
    fresh = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(content, out)
    fresh.replace(file)
