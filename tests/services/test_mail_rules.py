"""What a mail says and how it is written, when it is tried again, and what settings of mail are taken."""

from __future__ import annotations

import dataclasses
import datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateError

from mesh.contract import catalog
from mesh.contract.failure import Failure
from mesh.runtime.mail_route import MAIL_FROM, Security, mail_route
from mesh.runtime.variables import REDACTED, VARIABLES, redacted
from services.notifications import CALLS
from services.notifications.domain import mails
from services.notifications.domain.delivery import FIRST_PAUSE_US, LONGEST_PAUSE_US, MOST_TRIES, pause_us
from services.notifications.domain.mails import AddressFault, Rendered, compose, one_line, render, to_ascii
from services.notifications.domain.templates import Asked, TemplateFault, Wording, check_asked, nearest, read_template
from services.notifications.service.templates import event_class, read_layout, read_templates

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
TEMPLATES = read_templates()
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def written(subject: str, name: str = "", recipient: str = "ada@example.com") -> Any:
    """A mail as whoever receives it reads it."""
    content = compose(
        Rendered(subject, "text\n.\n", "<p>text</p>"),
        sender="no-reply@crm.example.com",
        sender_name="Rapport",
        recipient=recipient,
        recipient_name=name,
        message_id="msg_1@crm.example.com",
        date=NOON,
        language="en",
    )
    assert b"\n" not in content.replace(b"\r\n", b"")
    return message_from_bytes(content, policy=policy.default)


def said(wording: Wording, link: str = "", **data: str) -> Rendered:
    return render(wording, read_layout(), language="en", data=data, link=link)


# ---- what it says


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_says_the_same_in_html_and_in_text_in_every_language(name: str) -> None:
    template = TEMPLATES[name]
    link = "https://crm.example.com/links/x#secret" if template.link else ""
    for tag, wording in template.wordings.items():
        data = dict.fromkeys(template.data, "Ada & <Co>")
        found = render(wording, read_layout(), language=tag, data=data, link=link)

        assert "<Co>" not in found.html
        assert "&amp;amp;" not in found.html
        assert ("Ada &amp; &lt;Co&gt;" in found.html) == ("Ada & <Co>" in found.text)
        assert found.html.count(link) == (2 if link else found.html.count(link))
        assert link in found.text
        assert f'lang="{tag}"' in found.html
        assert "{" not in found.text
        assert "{" not in found.subject


def test_every_template_is_given_by_its_events_what_it_takes() -> None:
    events = [(each, event) for template in TEMPLATES.values() for event, each in template.triggers.items()]
    assert len(events) >= 4
    for trigger, event in events:
        for path in filter(None, (trigger.email, trigger.locale, trigger.link_id, *trigger.data.values())):
            message: Any = event_class(event)()
            for part in path.split("."):
                message = getattr(message, part)
            assert isinstance(message, str)


def test_what_is_minted_for_templates_is_minted_by_whom_the_service_calls() -> None:
    minting = catalog.load().minting()
    assert {minting[each.link].service for each in TEMPLATES.values() if each.link} <= CALLS


def test_data_is_no_template_and_no_markup() -> None:
    found = said(Wording("{{ a }}", ("{{ a }}",)), a="{{ 7 * 7 }} <script>alert(1)</script>")

    assert "49" not in found.text
    assert "<script>" not in found.html
    assert "{{ 7 * 7 }}" in found.subject


@pytest.mark.parametrize(
    "attack", ["{{ ().__class__.__mro__ }}", "{{ a.__class__ }}", "{% for _ in a.mro() %}{% endfor %}"]
)
def test_a_template_does_not_reach_beyond_its_data(attack: str) -> None:
    with pytest.raises(TemplateError):
        said(Wording("subject", (attack,)), a="x")


@given(_TEXT, _TEXT)
def test_nothing_in_a_subject_or_a_name_begins_another_header(subject: str, name: str) -> None:
    mail = written(one_line(f"S {subject}"), f"N {name}")

    assert mail["Bcc"] is None
    assert set(mail.keys()) == {
        *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"),
        "Content-Language",
    }
    assert mail["To"].addresses[0].addr_spec == "ada@example.com"
    assert len(mail["To"].addresses) == 1


def test_a_line_break_in_a_name_or_a_subject_is_a_space() -> None:
    mail = written(one_line("Hello\r\nBcc: eve@example.com"), "Ada\r\nBcc: eve@example.com")

    assert mail["Subject"] == "Hello Bcc: eve@example.com"
    assert mail["To"].addresses[0].display_name == "Ada Bcc: eve@example.com"
    assert mail["Bcc"] is None


def test_without_the_cleaning_of_lines_a_break_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: what the standard library refuses is no longer made harmless before."""
    monkeypatch.setattr(mails, "one_line", lambda text: text)
    with pytest.raises(ValueError, match="CR"):
        written("fine", "Ada\r\nBcc: eve@example.com")


def test_a_mail_is_what_mail_servers_expect() -> None:
    mail = written("Grüße an Zoë", "Zoë")

    assert mail["Subject"] == "Grüße an Zoë"
    assert str(mail["Date"]) == "Thu, 01 Jan 2026 12:00:00 +0000"
    assert mail["Message-ID"] == "<msg_1@crm.example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("address", "ascii_form"),
    [
        ("ada@example.com", "ada@example.com"),
        ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@faß.example", "ada@xn--fa-hia.example"),
        ("zoë@例え.example", "zoë@xn--r8jz45g.example"),
    ],
)
def test_a_domain_is_written_as_the_dns_knows_it(address: str, ascii_form: str) -> None:
    assert to_ascii(address) == ascii_form


@pytest.mark.parametrize(
    "address", ["", "ada", "@example.com", "ada@", "a b@example.com", "ada@exa\nmple.com", "a@-x-.example"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(AddressFault):
        to_ascii(address)


# ---- templates


@pytest.mark.parametrize(
    ("locale", "tag"),
    [("de", "de"), ("de-CH", "de"), ("de_AT", "de"), ("DE-ch-1996", "de"), ("fr", "en"), ("", "en"), ("en-GB", "en")],
)
def test_a_language_that_there_is_not_becomes_its_nearest(locale: str, tag: str) -> None:
    assert nearest({"en": Wording("", ()), "de": Wording("", ())}, locale)[0] == tag


def declared(**changed: Any) -> dict[str, Any]:
    wording = {"subject": "{{ a }}", "paragraphs": ["{{ a }}"]}
    return {"version": 1, "life_hours": 1, "data": ["a"], "wordings": {"en": wording}, **changed}


@pytest.mark.parametrize(
    "changed",
    [
        {"wordings": {"de": {"subject": "", "paragraphs": []}}},
        {"wordings": {"en": {"subject": "{{ b }}", "paragraphs": []}}},
        {"wordings": {"en": {"subject": "{{ a", "paragraphs": []}}},
        {"link": "users.confirm-email"},
        {"on": {"rapport.users.v1.EmailChanged": {"email": "old_email", "locale": "locale", "data": {}}}},
    ],
)
def test_a_template_that_contradicts_itself_is_refused(changed: dict[str, Any]) -> None:
    read_template("sound", declared())
    with pytest.raises(TemplateFault):
        read_template("faulty", declared(**changed))


@pytest.mark.parametrize(
    ("data", "link_id", "field"),
    [({}, "", "data"), ({"a": "", "b": ""}, "", "data"), ({"a": ""}, "inv_1", "link_id")],
)
def test_a_message_gives_its_template_what_it_takes(data: dict[str, str], link_id: str, field: str) -> None:
    template = read_template("one", declared())
    asked = Asked("ada@example.com", "", "", link_id, data)

    with pytest.raises(Failure) as refused:
        check_asked(template, asked)
    assert list(refused.value.fields) == [field]
    assert check_asked(template, dataclasses.replace(asked, data={"a": ""}, link_id="")) is template
    with pytest.raises(Failure):
        check_asked(None, asked)


# ---- tries


@given(st.text(max_size=30), st.integers(0, MOST_TRIES - 1))
def test_pauses_grow_stay_bounded_and_differ(identity: str, tries: int) -> None:
    pause = pause_us(identity, tries)

    assert pause is not None
    assert min(FIRST_PAUSE_US << tries, LONGEST_PAUSE_US) // 2 <= pause <= LONGEST_PAUSE_US
    assert pause == pause_us(identity, tries)


def test_tries_end_and_those_that_failed_together_do_not_come_back_together() -> None:
    assert pause_us("msg_1", MOST_TRIES) is None
    assert len({pause_us(f"msg_{number}", 3) for number in range(100)}) > 90


# ---- links and settings


def test_a_secret_is_minted_by_one_method_for_services_that_says_whom_it_is_for() -> None:
    methods = list(catalog.load().methods.values())
    minting = next(method for method in methods if method.mints)
    public = next(method for method in methods if method.access.capability == minting.mints)
    lacking = next(m for m in methods if not m.access.public and not m.mints and m.service == minting.service)

    catalog._check_minting(methods)
    for faulty in (
        dataclasses.replace(minting, mints="users.nothing"),
        dataclasses.replace(minting, access=public.access),
        dataclasses.replace(lacking, mints=minting.mints),
        minting,
    ):
        others = methods if faulty in (minting, lacking) else [each for each in methods if each is not minting]
        with pytest.raises(catalog.ContractError):
            catalog._check_minting([*others, faulty])


def test_a_mail_server_is_named_by_a_url_and_its_password_is_shown_nowhere() -> None:
    route = mail_route(
        "smtp+starttls://ada:p%40ss@mail.example.com", "Büro <office@example.com>", "https://crm.example.com"
    )

    assert route is not None
    assert (route.host, route.port, route.security) == ("mail.example.com", 587, Security.STARTTLS)
    assert (route.user, route.password, route.sender_name, route.sender) == (
        "ada",
        "p@ss",
        "Büro",
        "office@example.com",
    )
    assert "p@ss" not in repr(route)
    assert redacted(VARIABLES["SMTP_URL"], "smtps://ada:hunter2@mail:465") == f"smtps://ada:{REDACTED}@mail:465"
    assert mail_route("", MAIL_FROM, "") is None


@pytest.mark.parametrize("url", ["mail.example.com", "http://mail", "smtp://", "smtp://mail:0x1", "smtp://mail/path"])
def test_what_is_no_mail_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://") as refused:
        mail_route(url, MAIL_FROM, "")
    assert "mail.example.com" not in str(refused.value)
    assert "0x1" not in str(refused.value)


@pytest.mark.parametrize("sender", ["nobody", "a@", "x <y>", "Eve\r\nBcc: a@b.example <a@b.example>"])
def test_a_sender_is_an_address(sender: str) -> None:
    with pytest.raises(ValueError, match="address"):
        mail_route("", sender, "")
