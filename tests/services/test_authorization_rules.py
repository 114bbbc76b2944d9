"""Authorization requests and OAuth clients: what is read of them, and where people may be sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure
from services.users.domain.authorization import (
    Asked,
    Refused,
    Standing,
    Step,
    Unanswerable,
    answered,
    challenge_of,
    go_on,
    next_step,
    read_asked,
    read_query,
    read_sent,
)
from services.users.domain.oauth import FORM
from services.users.domain.oauth_clients import (
    CODE,
    PUBLIC,
    REFRESH,
    OauthClientFacts,
    client_id_of,
    decide_client,
    origin_of,
    read_client_id,
    registered,
    uri_fault,
)

FACTS = OauthClientFacts("ten_" + "0" * 26, ["contacts.read"])
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


def client(**fields: Any) -> resources_pb2.OauthClient:
    """A client that will do, with some other fields."""
    usual: dict[str, Any] = {
        "id": "oac_" + "0" * 26,
        "redirect_uris": ["https://a.example/cb"],
        "scopes": ["openid", "contacts.read"],
        "grant_types": [CODE],
    }
    return resources_pb2.OauthClient(**(usual | fields))


def asked(prompt: str = "", max_age: str = "", **more: str) -> Asked:
    sent = {
        "client_id": "c",
        "redirect_uri": "https://a.example/cb",
        "response_type": "code",
        "scope": "openid",
        "code_challenge": challenge_of("v" * 43),
        "code_challenge_method": "S256",
    }
    sent |= {name: value for name, value in {"prompt": prompt, "max_age": max_age, **more}.items() if value}
    return read_asked(sent, client())


def test_the_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    for none in ("", "a" * 42, "a" * 129, "a" * 42 + "/"):
        assert not challenge_of(none)


@pytest.mark.parametrize(
    ("uri", "public", "good"),
    [
        ("https://a.example/cb", False, True),
        ("https://a.example:8443/cb?x=1", False, True),
        ("http://localhost:3000/cb", False, True),
        ("http://127.0.0.1/cb", True, True),
        ("com.example.app:/cb", True, True),
        ("com.example.app:/cb", False, False),
        ("myapp:/cb", True, False),
        ("http://a.example/cb", False, False),
        ("http://127.0.0.1.evil.example/cb", True, False),
        ("https://a.example/cb#x", False, False),
        ("https://user@a.example/cb", False, False),
        ("https://*.a.example/cb", False, False),
        ("https:///cb", False, False),
        ("javascript:alert(1)", True, False),
        ("data:text/html,x", True, False),
        ("//a.example/cb", False, False),
        ("/cb", False, False),
        ("https://a.example/\ncb", False, False),
        ("https://a.example\\@evil.example/", False, False),
        ("https://[::1/cb", False, False),
    ],
)
def test_people_are_sent_only_where_it_is_safe(uri: str, public: bool, good: bool) -> None:  # noqa: FBT001
    assert (not uri_fault(uri, public=public)) is good


def test_an_address_is_compared_as_it_stands_but_for_the_port_of_a_device() -> None:
    known = ["https://a.example/cb", "http://127.0.0.1/cb", "http://[::1]:1/cb"]
    for same in known:
        assert registered(same, known, public=False)
    for other in (
        "https://a.example/cb/",
        "https://a.example/CB",
        "https://a.example/cb?x",
        "https://a.example:443/cb",
    ):
        assert not registered(other, known, public=True)
    assert registered("http://127.0.0.1:5173/cb", known, public=True)
    assert registered("http://[::1]:5173/cb", known, public=True)
    assert not registered("http://127.0.0.1:5173/cb", known, public=False)
    assert not registered("http://127.0.0.1:5173/other", known, public=True)
    assert not registered("http://127.0.0.1:80@evil.example/cb", known, public=True)
    assert not registered("http://localhost:5173/cb", ["http://localhost/cb"], public=True), "a name can be spoofed"


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"redirect_uris": []}, "redirect_uris"),
        ({"redirect_uris": ["http://a.example/"]}, "redirect_uris[0]"),
        ({"redirect_uris": ["https://a.example/"] * 2}, "redirect_uris"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["openid", "unknown.read"]}, "scopes[1]"),
        ({"scopes": ["openid", "offline_access"]}, "grant_types"),
        ({"grant_types": [REFRESH]}, "grant_types"),
        ({"grant_types": [0]}, "grant_types"),
    ],
)
def test_a_client_that_contradicts_itself_is_refused(fields: dict[str, Any], fault: str) -> None:
    with pytest.raises(Failure) as refused:
        decide_client(None, client(**fields), FACTS)
    assert list(refused.value.fields) == [fault]


def test_a_client_is_known_by_its_tenant_and_its_id() -> None:
    made = decide_client(None, client(), FACTS)
    assert read_client_id(made.client_id) == (FACTS.tenant, made.id)
    assert client_id_of(FACTS.tenant, made.id) == made.client_id
    for none in ("", "oc_", made.client_id + "0", made.client_id.upper(), f" {made.client_id}"):
        assert read_client_id(none) == ("", "")


def test_a_scope_that_the_product_no_longer_has_may_stay() -> None:
    before = client(scopes=["openid", "gone.read"])
    assert decide_client(before, client(scopes=["openid", "gone.read"]), FACTS)


@given(st.dictionaries(TEXT, TEXT, min_size=1, max_size=5))
def test_a_query_is_read_as_it_was_written(sent: dict[str, str]) -> None:
    assert read_query(urlencode(sent)) == sent
    with pytest.raises(Unanswerable):
        read_query(urlencode([*sent.items(), next(iter(sent.items()))]))


@pytest.mark.parametrize("query", ["a=%ff", "a", "x=" + "1" * 9000, "&".join(f"a{n}=1" for n in range(60))])
def test_a_query_that_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(Unanswerable):
        read_query(query)


@given(st.dictionaries(TEXT, TEXT, min_size=1, max_size=5))
def test_a_form_is_read_like_a_query(sent: dict[str, str]) -> None:
    body = urlencode(sent).encode()
    assert read_sent("Application/X-WWW-Form-Urlencoded; charset=utf-8", body) == sent
    for kind, data in (("application/json", body), ("", body), (FORM, body + b"&x=\xff")):
        with pytest.raises(Unanswerable):
            read_sent(kind, data)


@given(TEXT, TEXT)
def test_an_answer_is_added_to_the_address_and_changes_nothing_else(code: str, state: str) -> None:
    for uri in ("https://a.example/cb", "https://a.example/cb?x=1", "com.example.app:/cb"):
        made = answered(uri, {"code": code, "state": state, "empty": ""})
        assert made.startswith(uri)
        read = dict(parse_qsl(urlsplit(made).query, keep_blank_values=True))
        assert {name: read[name] for name in ("code", "state")} == {"code": code, "state": state}
        assert "empty" not in read
        assert "\n" not in made


def test_what_has_to_happen_before_a_code() -> None:
    done = Standing(signed_in=True, level=1, consented=["openid"], age=100)
    strong = Standing(signed_in=True, level=2, wanted=2, consented=["openid"], age=100)
    for request, who, step in (
        (asked(), Standing(signed_in=False), Step.SIGN_IN),
        (asked(), done, Step.CODE),
        (asked(), strong, Step.CODE),
        (asked("login"), done, Step.SIGN_IN),
        (asked("select_account"), done, Step.SIGN_IN),
        (asked("consent"), done, Step.CONSENT),
        (asked("none"), done, Step.CODE),
        (asked(max_age="99"), done, Step.SIGN_IN),
        (asked(max_age="100"), done, Step.CODE),
        (asked(max_age="0"), Standing(signed_in=True, level=1, consented=["openid"]), Step.SIGN_IN),
        (asked(), Standing(signed_in=True, needs_code=True, level=1, wanted=2), Step.SECOND_FACTOR),
        (asked(), Standing(signed_in=True, level=1, wanted=2), Step.TOO_WEAK),
        (asked(scope="openid contacts.read"), done, Step.CONSENT),
    ):
        assert next_step(request, client(), who) is step
    assert next_step(asked(), client(skips_consent=True), Standing(signed_in=True, level=1)) is Step.CODE


@pytest.mark.shows("openid.impostors")
@pytest.mark.parametrize("uri", ["http://127.0.0.1:5173/cb", "http://[::1]/cb", "com.example.app:/cb"])
def test_a_program_that_any_other_one_may_pretend_to_be_is_asked_about_each_time(uri: str) -> None:
    allowed = Standing(signed_in=True, level=1, consented=["openid"])
    for more in ({}, {"skips_consent": True}):
        public = client(redirect_uris=[uri], type=PUBLIC, **more)
        assert next_step(asked(redirect_uri=uri), public, allowed) is Step.CONSENT
        with pytest.raises(Refused, match="consent_required"):
            next_step(asked("none", redirect_uri=uri), public, allowed)
        assert next_step(asked(), public, allowed) is Step.CODE, "an address of https is one program's alone"
    secret = client(redirect_uris=[uri])
    assert next_step(asked(redirect_uri=uri), secret, allowed) is Step.CODE, "a secret tells it from others"


@pytest.mark.parametrize(
    ("who", "error"),
    [
        (Standing(signed_in=False), "login_required"),
        (Standing(signed_in=True, needs_code=True, level=1), "login_required"),
        (Standing(signed_in=True, level=1, wanted=2), "interaction_required"),
        (Standing(signed_in=True, level=1), "consent_required"),
    ],
)
def test_where_nobody_may_be_asked_the_client_is_told(who: Standing, error: str) -> None:
    with pytest.raises(Refused, match=error):
        next_step(asked("none"), client(), who)


def test_a_step_that_is_done_is_not_asked_for_again() -> None:
    query = urlencode({"prompt": "login consent", "max_age": "0", "state": "a b"})
    after = go_on(query, without={"login", "select_account"})
    assert dict(parse_qsl(after)) == {"prompt": "consent", "state": "a b"}
    assert dict(parse_qsl(go_on(after, without={"consent"}))) == {"state": "a b"}


def test_a_policy_names_the_place_of_an_address_and_nothing_more() -> None:
    assert origin_of("https://a.example:8443/cb?x") == "https://a.example:8443"
    assert origin_of("com.example.app:/cb") == "com.example.app:"
