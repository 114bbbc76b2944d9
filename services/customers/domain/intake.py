"""The rules of webhooks that bring contacts: how they are signed (Standard Webhooks 1.0), read and answered."""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from google.protobuf import json_format
from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mesh.contract.failure import Failure

TOLERANCE_SECONDS = 300
KEPT_US = 30 * 24 * 3600 * 1_000_000
_PREFIX = "whsec_"
_VERSION = "v1,"
_MOST_SIGNATURES = 20
_DEEPEST = 20
_ID = re.compile(r"[!-~]{1,200}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
# What a sender is told for what it sent; every other failure is this service's own.
_STATUSES = {
    "INVALID_ARGUMENT": 400,
    "CONTACT_UNIDENTIFIED": 400,
    "EMAIL_REPEATED": 400,
    "BIRTH_DATE_INVALID": 400,
    "ALREADY_EXISTS": 409,
    "CONTACT_DELETED": 409,
    "CONTACT_ERASED": 409,
}


class Answered(Exception):
    """A webhook is answered without an effect: it is refused, or came before. `body` is JSON."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__()
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Webhook:
    """What the headers of a webhook say. `signatures` are in base64."""

    id: str
    timestamp: str
    signatures: tuple[str, ...]


def secret_of(key: bytes) -> str:
    """A key as it is handed out."""
    return _PREFIX + base64.b64encode(key).decode()


def sign(key: bytes, webhook_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a webhook, as the header carries it."""
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return _VERSION + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def read_headers(headers: Mapping[str, str]) -> Webhook:
    """What the headers of a webhook say; names are in lower case.

    Raises:
        Answered: one is missing or malformed.
    """
    webhook_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    wrong = {
        name: "is missing or malformed"
        for name, value, form in (("webhook-id", webhook_id, _ID), ("webhook-timestamp", timestamp, _TIMESTAMP))
        if not form.fullmatch(value)
    }
    if wrong:
        raise refusal(400, "HEADER_INVALID", wrong)
    signatures = headers.get("webhook-signature", "").split(" ")[:_MOST_SIGNATURES]
    return Webhook(webhook_id, timestamp, tuple(signatures))


def check_signature(key: bytes, webhook: Webhook, body: bytes, now_us: int) -> None:
    """Let a webhook pass that was signed with the key, over these bytes, about now; several signatures may be tried.

    Raises:
        Answered: 401.
    """
    expected = sign(key, webhook.id, webhook.timestamp, body).encode()
    found = [hmac.compare_digest(expected, each.encode()) for each in webhook.signatures]
    if not any(found):
        raise refusal(401, "SIGNATURE_INVALID")
    if abs(now_us - int(webhook.timestamp) * 1_000_000) > TOLERANCE_SECONDS * 1_000_000:
        raise refusal(401, "TIMESTAMP_EXPIRED")


def read_contact(body: bytes) -> resources_pb2.Contact:
    """The contact in the body of a webhook.

    Raises:
        Failure: INVALID_ARGUMENT, where it is no JSON, or no contact.
    """
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise invalid("body", "is no JSON") from None
    if not isinstance(content, dict):
        raise invalid("body", "is no JSON object")
    contact = resources_pb2.Contact()
    try:
        json_format.ParseDict(content, contact, max_recursion_depth=_DEEPEST)
    except (json_format.ParseError, TypeError, ValueError, AttributeError):
        raise invalid("body", "is not a contact in the JSON form of protobuf") from None
    return contact


def same_person(sent: resources_pb2.Contact, external_id: str) -> bool:
    """Whether a contact with this `external_id`, found by its e-mail address, may be the one that was sent."""
    return not sent.external_id or not external_id


def answer_of(contact_id: str, outcome: str) -> bytes:
    """The body of the answer to a webhook that was taken."""
    return orjson.dumps({"contactId": contact_id, "outcome": outcome})


def refusal(status: int, error: str, fields: Mapping[str, str] | None = None) -> Answered:
    """The answer to a webhook that is refused."""
    content: dict[str, Any] = {"error": error}
    if fields:
        content["fields"] = dict(fields)
    return Answered(status, orjson.dumps(content))


def refusal_of(failure: Failure) -> Answered | None:
    """The answer for a failure that is the sender's; None where it is not."""
    status = _STATUSES.get(failure.reason)
    return refusal(status, failure.reason, failure.fields) if status else None
