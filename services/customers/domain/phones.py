"""Phone numbers as people write them, and as they are dialled from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.customers.domain.keys import phone_key
from services.customers.domain.texts import tidy

if TYPE_CHECKING:
    from rapport.customers.v1 import resources_pb2

    Reachable = resources_pb2.Contact | resources_pb2.Company


def derive_phones(before: Reachable | None, after: Reachable, region_code: str) -> None:
    """Tidy the numbers, and set what they come to in E.164.

    Those that stay keep what they came to: a tenant that moves to another country does not change whom it calls.
    """
    known = dict(zip((phone.number for phone in before.phones), before.e164_phones, strict=False)) if before else {}
    for phone in after.phones:
        phone.number = tidy(phone.number)
    numbers = [phone.number for phone in after.phones]
    del after.e164_phones[:]
    after.e164_phones.extend(known.get(number) or phone_key(number, region_code) for number in numbers)
