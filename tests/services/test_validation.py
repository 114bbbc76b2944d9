"""What is refused before any field rule is looked at."""

from __future__ import annotations

import pytest
from rapport.customers.v1 import contact_service_pb2, resources_pb2

from mesh.contract.failure import Failure
from mesh.runtime.validation import parse

Request = contact_service_pb2.CreateContactRequest


@pytest.mark.parametrize(
    ("contact", "path"),
    [
        (resources_pb2.Contact(given_name="a\0b"), "contact.given_name"),
        (
            resources_pb2.Contact(
                emails=[resources_pb2.EmailAddress(address="a@b.example"), resources_pb2.EmailAddress(label="\0")]
            ),
            "contact.emails[1].label",
        ),
    ],
)
def test_a_text_with_nul_is_refused_with_its_path(contact: resources_pb2.Contact, path: str) -> None:
    with pytest.raises(Failure) as refused:
        parse(Request, Request(contact=contact).SerializeToString())

    assert list(refused.value.fields) == [path]


def test_a_zero_byte_that_is_no_text_is_no_fault() -> None:
    contact = resources_pb2.Contact(given_name="")
    data = Request(contact=contact).SerializeToString()

    assert b"\0" in data
    assert parse(Request, data) == Request(contact=contact)


def test_bytes_that_are_no_message_are_refused() -> None:
    with pytest.raises(Failure) as refused:
        parse(Request, b"\xff\xff")

    assert refused.value.reason == "INVALID_ARGUMENT"
