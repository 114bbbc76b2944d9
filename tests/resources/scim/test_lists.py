"""Lists, filters and orders of SCIM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from scim2_models import ScimFilter

from services.users.domain.scim import models
from tests.resources.scim.directory import directory

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh


def test_pages_filters_and_orders(mesh: LocalMesh) -> None:
    _, source = directory(mesh, "scim-lists")
    made = [source.user(f"u{n}@lists.example", displayName=f"User {n}", active=bool(n % 2))["id"] for n in range(5)]
    whole = source.ask("ListScimUsers")
    assert whole["totalResults"] == 6
    pages = [source.ask("ListScimUsers", start_index=n, count=2) for n in (1, 3, 5, 7)]
    assert [each["totalResults"] for each in pages] == [6] * 4
    assert [r["id"] for p in pages for r in p["Resources"]] == [r["id"] for r in whole["Resources"]]
    counted = source.ask("ListScimUsers", count=0)
    assert (counted["totalResults"], counted["Resources"]) == (6, [])

    for text, wanted in (
        ("active eq false", [0, 2, 4]),
        ('not (active eq true) and userName sw "u2"', [2]),
        ('userName co "@LISTS" and active eq true', [1, 3]),
        ('displayName ew "3" or userName eq "U0@lists.example"', [0, 3]),
        ('emails[type eq "work" and value co "u4"]', [4]),
        ('emails.value eq "u1@lists.example"', [1]),
        ('urn:ietf:params:scim:schemas:core:2.0:User:userName eq "u1@lists.example"', [1]),
        ('userName eq "u1@lists.example*"', []),
        ('meta.lastModified gt "2020-01-01T00:00:00Z" and userName sw "u"', [0, 1, 2, 3, 4]),
        ('meta.created lt "2020-01-01T00:00:00Z"', []),
        ("externalId pr", []),
    ):
        assert source.found(text) == [made[n] for n in wanted], text
    backwards = source.found('userName sw "u"', sort_by="userName", sort_order="descending", count=2)
    assert backwards == [made[4], made[3]]
    search = {"filter": "active eq false", "count": 1, "startIndex": 2, "attributes": ["userName"]}
    (only,) = source.ask("SearchScimUsers", search)["Resources"]
    assert set(only) == {"schemas", "id", "userName"}
    assert only["id"] == made[2]
    assert "emails" not in source.ask("GetScimUser", id=made[0], excluded_attributes="emails")


_ATOMS = st.sampled_from(
    [
        *(
            f'userName {op} "{text}"'
            for op in ("eq", "ne", "sw")
            for text in ("p1@twin.example", "P2@Twin.example", "p")
        ),
        *(f"active {op} {value}" for op in ("eq", "ne") for value in ("true", "false")),
        *(f'externalId {op} "{text}"' for op in ("eq", "ge") for text in ("k1", "K1", "k*", 'q\\"')),
        *(f'emails.value eq "{text}"' for text in ("p1@twin.example", "other@twin.example")),
        *(f'emails[value eq "{text}"]' for text in ("P1@twin.example", "x")),
        'meta.created gt "2000-01-01T00:00:00Z"',
        'meta.lastModified le "2000-01-01T01:00:00+01:00"',
        "externalId pr",
        'id eq "x"',
    ]
)
_FILTERS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda text: f"not ({text})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})"),
    ),
    max_leaves=4,
)


def test_the_database_says_of_a_filter_what_looking_through_says(mesh: LocalMesh) -> None:
    _, source = directory(mesh, "scim-twin")
    source.user("p1@twin.example", externalId="k1")
    source.user("P2@twin.example", externalId="K1", active=False)
    source.user("plain", externalId="k*", emails=[{"value": "other@twin.example"}])
    source.user("p4@twin.example", externalId='q"\\')
    everybody = [models.User.model_validate(each) for each in source.ask("ListScimUsers")["Resources"]]

    @settings(max_examples=60, deadline=None, database=None)
    @given(_FILTERS)
    def agrees(text: str) -> None:
        wanted = ScimFilter[models.User](text)
        assert source.found(text) == [each.id for each in everybody if wanted.match(each)], text

    agrees()
