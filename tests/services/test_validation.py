"""What is refused before any field rule is looked at."""

from __future__ import annotations

import dataclasses

import pytest
from rapport.customers.v1 import contact_service_pb2, resources_pb2
from rapport.users.v1 import api_key_service_pb2

from mesh.contract import catalog
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


@pytest.mark.parametrize(
    ("seconds", "nanos", "is_fit"),
    [(-62135596800, 0, True), (253402300799, 999_999_999, True), (-62135596801, 0, False), (253402300800, 0, False),
     (0, -1, False), (0, 1_000_000_000, False)],
)  # fmt: skip
def test_a_time_that_no_calendar_has_is_refused_with_its_path(seconds: int, nanos: int, *, is_fit: bool) -> None:
    request = api_key_service_pb2.CreateApiKeyRequest()
    request.api_key.expire_time.seconds, request.api_key.expire_time.nanos = seconds, nanos
    data = request.SerializeToString()
    if is_fit:
        assert parse(type(request), data) == request
        return
    with pytest.raises(Failure) as refused:
        parse(type(request), data)
    assert list(refused.value.fields) == ["api_key.expire_time"]


def test_bytes_that_are_no_message_are_refused() -> None:
    with pytest.raises(Failure) as refused:
        parse(Request, b"\xff\xff")

    assert refused.value.reason == "INVALID_ARGUMENT"


def test_a_door_that_takes_a_request_id_is_refused() -> None:
    methods = catalog.load_service("customers").methods
    door = methods["/rapport.customers.v1.ImportService/UploadContactImportBytes"]
    repeated = methods["/rapport.customers.v1.ImportService/StartContactImport"]
    catalog._check_door("here", door)
    with pytest.raises(catalog.ContractError, match="request_id"):
        catalog._check_door("here", dataclasses.replace(door, request=repeated.request))
