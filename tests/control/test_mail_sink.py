"""The mail server that comes with the mesh keeps what it is handed, within bounds, and sends nothing."""

from __future__ import annotations

import smtplib
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mesh.control import mail_sink
from mesh.control.mailbox import LARGEST, Mailbox
from mesh.runtime.ports import free_port
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control.test_cli_usage import Command


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The port of a running sink, whose folder is `mail`; it ends when it is asked to."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "mesh.control.mail_sink", str(port), str(tmp_path / "mail")])
    try:
        eventually(lambda: mail_sink.answers(f"smtp://127.0.0.1:{port}"), within=60, of="the mail sink")
        yield port
    finally:
        process.terminate()
        assert process.wait(30) == 0


def test_what_is_handed_over_is_kept(port: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost", timeout=30) as client:
        client.ehlo()
        assert client.has_extn("smtputf8")
        client.sendmail("us@example.com", ["ada@example.com"], b"Subject: hello\r\n\r\n..dots\r\n.\r\nend\r\n")
        with pytest.raises(smtplib.SMTPException):
            client.sendmail("us@example.com", ["ada@example.com"], b"x" * (LARGEST + 1))

    kept = Mailbox(tmp_path / "mail")
    (number,) = kept.numbers()
    mail = kept.read(number)
    assert mail is not None
    assert (mail.recipient, mail.subject, mail.part("plain")) == ("ada@example.com", "hello", "..dots\n.\nend\n")
    assert mail.time_us > 0


def test_the_command_says_where_mails_are_when_they_are_not_here(
    nowhere: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nowhere("mail", "-o", "json").out.strip() == "[]"
    assert nowhere("mail", "show").status == 1
    assert nowhere("mail", "-n", "0").status == 2
    monkeypatch.setenv("SMTP_URL", "smtps://mail.example.com")
    ended = nowhere("mail")
    assert ended.status == 2
    assert "SMTP_URL" in ended.err


def test_mails_are_followed_as_they_come(port: int, tmp_path: Path, nowhere: Command) -> None:
    del port
    ended = nowhere("mail", "--follow", "--seconds", "0.3", "-o", "json")
    assert (ended.status, ended.out) == (0, "")
