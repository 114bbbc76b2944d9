"""Mails that are kept: as they came, in bounds, for their owner's eyes, whatever somebody has put into them."""

from __future__ import annotations

from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.control import mailbox
from mesh.control.mailbox import Mail, Mailbox

if TYPE_CHECKING:
    from pathlib import Path


def content(
    subject: str = "Grüße", text: str = "see https://a.example/x#secret and https://a.example/x#secret"
) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail.set_content(text)
    mail.add_alternative("<p>hello</p>", subtype="html")
    return mail.as_bytes()


def test_a_mail_is_kept_as_it_came_for_each_recipient(tmp_path: Path) -> None:
    kept, came = Mailbox(tmp_path / "mail"), content()
    kept.keep("us@example.com", ["a@example.com", "b@example.com"], came, 7)

    assert kept.numbers() == [2, 1]
    first = kept.read(1)
    assert first == Mail(1, 7, "us@example.com", "a@example.com", came)
    assert first is not None
    assert (first.subject, first.links()) == ("Grüße", ["https://a.example/x#secret"])
    assert first.part("html").strip() == "<p>hello</p>"
    assert kept.read(3) is None
    assert Mailbox(tmp_path / "nothing").numbers() == []
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0
    assert (tmp_path / "mail" / "1.eml").stat().st_mode & 0o077 == 0


def check_bound(folder: Path) -> None:
    kept = Mailbox(folder)
    for _ in range(5):
        kept.keep("us@example.com", ["a@example.com"], content(), 7)
    assert kept.numbers() == [5, 4, 3]


def test_the_oldest_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST", 3)
    check_bound(tmp_path)


def test_without_a_bound_mails_would_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: nothing is removed."""
    monkeypatch.setattr(mailbox, "MOST", 1_000)
    with pytest.raises(AssertionError):
        check_bound(tmp_path)


@given(st.binary(max_size=400))
def test_whatever_is_no_mail_is_shown_without_a_failure(garbage: bytes) -> None:
    mail = Mail(1, 0, "", "", garbage)

    assert mail.subject.isprintable()
    assert isinstance(mail.part("plain") + mail.part("html"), str)
    assert isinstance(mail.links(), list)


def test_a_charset_that_there_is_not_is_no_failure() -> None:
    mail = Mail(1, 0, "", "", b"Subject: =?utf-8?b?G1szMW0=?=\nContent-Type: text/plain; charset=nonsense-8\n\nhello\n")

    assert mail.part("plain") in ("", "hello\n")
    assert "\x1b" not in mail.subject
