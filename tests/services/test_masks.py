"""Update masks: what they reach, what they leave alone, and what changed."""

from __future__ import annotations

import math
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import assume, given
from hypothesis import strategies as st
from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure
from mesh.contract.masks import apply_mask, changed_paths, effective_paths
from mesh.testing.messages import strategy

Contact = resources_pb2.Contact
FIELDS = [field.name for field in Contact.DESCRIPTOR.fields]
FROZEN = frozenset({"id", "etag", "create_time"})
contacts = strategy(Contact.DESCRIPTOR, lambda prefix: [], depth=2)


def singular(message: Any) -> dict[str, bytes | None]:
    """Each field of a message alone, as bytes; None where it is absent. Says nothing about how masks do it."""
    parts = {}
    for name in FIELDS:
        part = type(message)()
        part.CopyFrom(message)
        for other in FIELDS:
            if other != name:
                part.ClearField(other)
        parts[name] = part.SerializeToString(deterministic=True) or None
    return parts


@given(contacts, contacts, st.lists(st.sampled_from(FIELDS), max_size=4))
def test_a_mask_copies_its_fields_and_leaves_all_others(target: Any, sent: Any, mask: list[str]) -> None:
    before, wanted = singular(target), singular(sent)
    apply_mask(target, sent, mask)
    assert singular(target) == {name: (wanted if name in mask else before)[name] for name in FIELDS}


@given(contacts, contacts)
def test_the_changed_paths_are_the_fields_that_differ(before: Any, after: Any) -> None:
    numbers = (value.number_value for each in (before, after) for value in each.custom.fields.values())
    assume(all(map(math.isfinite, numbers)))  # others are no custom fields, and not to be written as JSON
    one, other = singular(before), singular(after)
    expected = {name for name in FIELDS if one[name] != other[name]} - {"custom"}
    values = [dict(json_format.MessageToDict(each.custom)) for each in (before, after)]
    missing = object()
    expected |= {
        f"custom.{key}"
        for key in {*values[0], *values[1]}
        if values[0].get(key, missing) != values[1].get(key, missing)
    }
    assert set(changed_paths(before, after)) == expected
    assert changed_paths(before, before) == []


@given(contacts)
def test_without_a_mask_what_is_present_changes(sent: Any) -> None:
    present = {name for name, part in singular(sent).items() if part is not None}
    assert set(effective_paths(sent, [], FROZEN)) == present - FROZEN


def test_a_star_means_every_field_but_the_frozen_ones() -> None:
    assert effective_paths(Contact(), ["*"], FROZEN) == [name for name in FIELDS if name not in FROZEN]


def test_a_path_is_taken_once_and_a_frozen_one_not_at_all() -> None:
    mask = ["given_name", "id", "given_name", "birth_date.year", "create_time.seconds"]
    assert effective_paths(Contact(), mask, FROZEN) == ["given_name", "birth_date.year"]


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "nobody",
        "given_name.x",
        "emails.address",
        "emails[0]",
        "birth_date.",
        ".birth_date",
        "birth_date.x",
        "*.",
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(Failure) as caught:
        effective_paths(Contact(), [path], FROZEN)
    assert caught.value.reason == "INVALID_ARGUMENT"
    assert set(caught.value.fields) == {"update_mask"}


def test_a_deep_path_changes_a_part_of_a_message() -> None:
    target, sent = Contact(), Contact()
    target.birth_date.year, target.birth_date.month, target.birth_date.day = 1980, 2, 29
    sent.birth_date.year, sent.birth_date.day = 1999, 31
    apply_mask(target, sent, ["birth_date.year"])
    assert (target.birth_date.year, target.birth_date.month, target.birth_date.day) == (1999, 2, 29)


def test_an_empty_optional_text_is_present_and_an_absent_one_clears() -> None:
    target = Contact(given_name="Ann", family_name="Lee")
    apply_mask(target, Contact(given_name=""), ["given_name", "family_name"])
    assert target.HasField("given_name")
    assert not target.HasField("family_name")
