"""Whatever is sent is answered, within bounds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.resources.scim.directory import ORIGIN, PATCH, Directory, directory

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member


@pytest.mark.shows("people.scim-bounds")
@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("(" * 13 + 'id eq "x"' + ")" * 13, "invalidFilter"),
        ("(" * 900 + 'id eq "x"' + ")" * 900, "invalidFilter"),
        (" or ".join(['id eq "x"'] * 41), "invalidFilter"),
        ('userName eq "\x00"', ""),
        ("userName", "invalidFilter"),
        ('shoeSize eq "9"', "invalidFilter"),
        ("userName gt", "invalidFilter"),
        ('active co "t"', "invalidFilter"),
    ],
    ids=lambda value: str(value)[:20].replace("\x00", "NUL"),
)
def test_filters_have_bounds(mesh: LocalMesh, text: str, keyword: str) -> None:
    _, source = bounded(mesh)
    assert source.fails("ListScimUsers", filter=text) == ("INVALID_ARGUMENT", keyword)


def bounded(mesh: LocalMesh) -> tuple[Member, Directory]:
    """One tenant for all that is refused."""
    kept: Any = mesh.__dict__.setdefault("scim_bounds", SimpleNamespace())
    if not hasattr(kept, "both"):
        kept.both = directory(mesh, "scim-bounds")
    both: tuple[Member, Directory] = kept.both
    return both


def test_bodies_have_bounds_and_nothing_that_is_sent_is_a_fault(mesh: LocalMesh) -> None:
    owner, source = bounded(mesh)
    deep: Any = "x"
    for _ in range(20):
        deep = [deep]
    for body, keyword in (
        (b"no json", "invalidSyntax"),
        (b"[]", "invalidSyntax"),
        (b"[" * 5000 + b"]" * 5000, "invalidSyntax"),
        ({"userName": "a@b.example", "title": deep}, "invalidSyntax"),
        ({"userName": "a\x00@b.example"}, "invalidValue"),
        ({"userName": 5}, "invalidValue"),
        ({"displayName": "x"}, "invalidValue"),
        ({"userName": "nobody"}, "invalidValue"),
        ({"userName": "a@b.example", "active": "maybe"}, "invalidValue"),
        ({"userName": "a@b.example", "emails": [{"value": "no address"}]}, ""),
        ({"userName": "a@b.example", "displayName": "x" * 201}, ""),
        ({"userName": "a@b.example", "roles": [{"value": "king"}]}, "invalidValue"),
        ({"userName": "a@b.example", "roles": [{"value": "member"}, {"value": "viewer"}]}, "invalidValue"),
    ):
        assert source.fails("CreateScimUser", body) == ("INVALID_ARGUMENT", keyword), body
    for operations, keyword in (
        ([{"op": "remove"}], "noTarget"),
        ([{"op": "explode", "path": "userName"}], "invalidValue"),
        ([{"op": "remove", "path": "userName"}], "mutability"),
        ([{"op": "remove", "path": "emails"}], "mutability"),
        ([{"op": "replace", "path": "id", "value": "x"}], "mutability"),
        ([{"op": "replace", "path": "groups", "value": []}], "mutability"),
        ([{"op": "replace", "path": "emails[", "value": "x"}], "invalidPath"),
        ([{"op": "replace", "path": "(" * 999, "value": "x"}], "invalidPath"),
        ([{"op": "replace", "path": "displayName", "value": "x"}] * 101, "tooMany"),
        ("x", "invalidValue"),
        ([], "invalidValue"),
    ):
        body = {"schemas": [PATCH], "Operations": operations}
        assert source.fails("PatchScimUser", body, id=owner.id) == ("INVALID_ARGUMENT", keyword), operations
    for members in ([{"value": f"usr_{'0' * 26}"}], [{"value": "x"}], [{"value": owner.id, "type": "Group"}], [{}]):
        assert source.fails("CreateScimGroup", {"displayName": "G", "members": members})[0] == "INVALID_ARGUMENT"
    assert source.found('displayName eq "G"', "Groups") == [], "nothing is left of what failed"
    assert source.fails("ListScimUsers", attributes="id", excluded_attributes="name")[0] == "INVALID_ARGUMENT"


def test_failures_read_as_scim_where_plain_http_asked(mesh: LocalMesh) -> None:
    _, source = bounded(mesh)
    plain = ((ORIGIN, "/scim/v2/Users"),)
    for name, fields, told in (
        ("GetScimUser", {"id": f"usr_{'0' * 26}"}, ("404", None)),
        ("GetScimUser", {"id": "nobody"}, ("404", None)),
        ("ListScimUsers", {"filter": "x"}, ("400", "invalidFilter")),
        ("GetScimSchema", {"uri": "urn:x"}, ("404", None)),
    ):
        body = source.ask(name, headers=plain, **fields)
        assert (body["status"], body.get("scimType")) == told
        assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
        assert body["detail"]


def test_a_full_group_is_changed_within_the_deadline(mesh: LocalMesh) -> None:
    owner, source = directory(mesh, "scim-full")
    team = source.ask("CreateScimGroup", {"displayName": "Full"})
    ids = [owner.id, *(source.user(f"m{n}@full.example")["id"] for n in range(60))]
    grown = source.patch(team, *({"op": "add", "path": "members", "value": [{"value": each}]} for each in ids))
    assert sorted(each["value"] for each in grown["members"]) == sorted(ids)
    left = source.patch(team, *({"op": "remove", "path": f'members[value eq "{each}"]'} for each in ids[1:]))
    assert [each["value"] for each in left["members"]] == [owner.id]
