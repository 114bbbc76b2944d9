"""The rules of fields that tenants define, and of their values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st
from rapport.customers.v1 import resources_pb2
from rapport.type.v1 import custom_field_pb2 as kinds

from mesh.contract.failure import Failure
from mesh.resource import custom_rules
from mesh.resource.custom_rules import Field, archive, check_limits, decide_field, left_out, normalise, parse_text

CHOICE = {"choices": frozenset({"retail", "mining"}), "open_choices": frozenset({"retail"})}


def field(kind: str, key: str = "x", **more: Any) -> Field:
    return Field(
        id="cfd_1", key=key, type=kinds.FieldType.Value(f"FIELD_TYPE_{kind}"), generation=1, ready=True, **more
    )


def definition(**more: Any) -> resources_pb2.ContactField:
    return resources_pb2.ContactField(
        **{"key": "industry", "display_name": "Industry", "type": kinds.FIELD_TYPE_TEXT, **more}
    )


def values(**held: Any) -> Struct:
    made = Struct()
    made.update(held)
    return made


def refused(*of: Field, before: Struct | None = None, **held: Any) -> dict[str, str]:
    with pytest.raises(Failure) as caught:
        normalise({each.key: each for each in of}, before, values(**held))
    return caught.value.fields


def kept(of: Field, value: Any) -> Any:
    after = values(x=value)
    normalise({"x": of}, None, after)
    return after["x"] if "x" in after.fields else None


@pytest.mark.parametrize(
    ("kind", "sent", "stays"),
    [
        ("TEXT", "  Zoe\u0308 ", "Zoë"),
        ("TEXT", "   ", None),
        ("TEXT", None, None),
        ("NUMBER", -0.0, 0.0),
        ("NUMBER", 12.5, 12.5),
        ("BOOLEAN", False, False),
        ("DATE", "2024-02-29", "2024-02-29"),
        ("TIME", "2026-01-31T09:00:00+02:00", "2026-01-31T07:00:00.000000Z"),
        ("CHOICE", "retail", "retail"),
    ],
)
def test_a_value_is_kept_in_one_form(kind: str, sent: Any, stays: Any) -> None:
    assert kept(field(kind, **(CHOICE if kind == "CHOICE" else {})), sent) == stays


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("TEXT", 1),
        ("TEXT", "x" * 501),
        ("TEXT", "a\x00b"),
        ("NUMBER", "1"),
        ("NUMBER", 0.1 + 0.2),
        ("NUMBER", 1234567890123456.0),
        ("NUMBER", float("nan")),
        ("NUMBER", float("inf")),
        ("BOOLEAN", "true"),
        ("DATE", "2023-02-29"),
        ("TIME", "2026-01-31T09:00:00"),
        ("TIME", "0001-01-01T00:00:00+14:00"),
        ("CHOICE", "mining"),
        ("CHOICE", "other"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_name(kind: str, sent: Any) -> None:
    assert set(refused(field(kind, **(CHOICE if kind == "CHOICE" else {})), x=sent)) == {"custom.x"}


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 12))
def test_a_decimal_of_fifteen_digits_survives(digits: int, places: int) -> None:
    exact = Decimal(digits).scaleb(-places)
    found = parse_text(field("NUMBER"), str(exact))
    assert isinstance(found, float)
    assert Decimal(repr(found)) == exact
    assert kept(field("NUMBER"), found) == found


def test_all_faults_are_told_at_once() -> None:
    assert set(refused(field("DATE"), field("NUMBER", "y"), x="soon", y="1", z=1)) == {
        "custom.x",
        "custom.y",
        "custom.z",
    }


def test_a_value_that_does_not_change_stays_though_its_choice_is_archived() -> None:
    after = values(x="mining")
    normalise({"x": field("CHOICE", **CHOICE)}, values(x="mining"), after)
    assert after["x"] == "mining"


def test_a_required_value_is_asked_of_new_resources_and_cannot_be_lost() -> None:
    needed = field("TEXT", required=True)
    assert set(refused(needed)) == {"custom.x"}
    assert set(refused(needed, before=values(x="a"))) == {"custom.x"}
    normalise({"x": needed}, Struct(), Struct())


def test_values_of_a_hidden_field_stay_whatever_is_sent() -> None:
    after = values(x="b", old="changed")
    normalise({"x": field("TEXT")}, values(x="a", old="kept"), after)
    assert dict(after) == {"x": "b", "old": "kept"}


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"key": ""}, "key"),
        ({"key": "family_name"}, "key"),
        ({"display_name": " "}, "display_name"),
        ({"type": 0}, "type"),
        ({"type": kinds.FIELD_TYPE_CHOICE}, "choices"),
        ({"choices": [kinds.FieldChoice(key="a", display_name="A")]}, "choices"),
        (
            {"type": kinds.FIELD_TYPE_CHOICE, "choices": [kinds.FieldChoice(key="a", display_name="A")] * 2},
            "choices[1].key",
        ),
    ],
)
def test_a_definition_that_says_too_little_is_refused(more: dict[str, Any], place: str) -> None:
    with pytest.raises(Failure) as caught:
        decide_field(None, definition(**more), frozenset({"family_name"}))
    assert set(caught.value.fields) == {place}


def test_a_choice_that_is_left_out_is_archived_where_it_is_used() -> None:
    keys = ("a", "b", "c")
    before = definition(choices=[kinds.FieldChoice(key=key, display_name=key) for key in keys])
    after = definition(choices=before.choices[:1])
    assert left_out(before, after) == {"b", "c"}
    archive(before, after, {"c"})
    assert [(choice.key, choice.archived) for choice in after.choices] == [("a", False), ("c", True)]


def test_a_field_is_prepared_again_whenever_its_rows_may_be_of_the_past() -> None:
    plain = decide_field(None, definition(), frozenset())
    assert (plain.generation, plain.state) == (0, kinds.FIELD_STATE_ACTIVE)
    indexed = decide_field(plain, definition(filterable=True), frozenset())
    assert (indexed.generation, indexed.state) == (1, kinds.FIELD_STATE_BUILDING)
    deleted = definition(filterable=True, generation=1, state=kinds.FIELD_STATE_ACTIVE)
    deleted.delete_time.seconds = 1
    back = decide_field(deleted, definition(filterable=True, generation=1), frozenset())
    assert (back.generation, back.state) == (2, kinds.FIELD_STATE_BUILDING)


def test_a_tenant_has_a_bounded_number_of_fields() -> None:
    many = [field("TEXT", f"x{number}") for number in range(custom_rules.MAX_FIELDS)]
    check_limits(many[1:], field("TEXT"))
    with pytest.raises(Failure):
        check_limits(many, field("TEXT"))
    indexed = [field("TEXT", f"x{number}", filterable=True) for number in range(custom_rules.MAX_INDEXED)]
    check_limits(indexed[1:], field("TEXT", unique=True))
    check_limits(indexed, field("TEXT"))
    with pytest.raises(Failure):
        check_limits(indexed, field("TEXT", unique=True))


def test_a_rule_that_took_every_number_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(field("NUMBER"), x=0.1 + 0.2)
    monkeypatch.setattr(custom_rules, "MAX_DIGITS", 99)
    assert kept(field("NUMBER"), 0.1 + 0.2) == 0.1 + 0.2
