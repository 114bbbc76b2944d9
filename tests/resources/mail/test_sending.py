"""Messages are sent once or not at all, whatever the mail server does and wherever a process ends; on each engine."""

from __future__ import annotations

import uuid
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from rapport.notifications.v1 import message_service_pb2

from mesh.resource.attempt_runner import LEASE_US
from mesh.resource.attempts import Outcome, Verdict
from mesh.testing import mail_server
from services.notifications.domain.delivery import MOST_TRIES
from services.notifications.service import sending, smtp
from tests.resources.mail.mailing import MESSAGES, fresh, later, message, runner, send, told, work

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member
    from mesh.testing.mail_server import MailServer


def test_a_message_is_handed_over_once_and_what_it_was_given_is_forgotten(
    mesh: LocalMesh, owner: Member, server: MailServer
) -> None:
    email, twice = fresh(), str(uuid.uuid4())
    first = send(mesh, owner, email, twice)
    assert send(mesh, owner, email, twice) == first

    work(mesh, server)

    (taken,) = server.to(email)
    mail = message_from_bytes(taken.content, policy=policy.default)
    assert mail["Message-ID"] == f"<{first.id}@rapport.localhost>"
    assert "<tenant_name>" in mail.get_body(("plain",)).get_content()
    assert "&lt;tenant_name&gt;" in mail.get_body(("html",)).get_content()
    sent = message(mesh, owner, first.id)
    assert told(sent) == ("SENT", "", 250, 1)
    assert sent.HasField("send_time")
    assert "tenant_name" not in str(
        [row for row in mesh.dump("notifications")["messages"] if first.id in map(str, row)]
    )
    assert first.id not in str(mesh.dump("notifications")["attempts"])


@pytest.mark.parametrize(
    ("step", "answer", "reason", "code"),
    [
        (mail_server.CONNECT, "421 too busy", "MAIL_SERVER_REFUSED", 421),
        (mail_server.CONNECT, mail_server.HANG_UP, "MAIL_SERVER_AWAY", 0),
        (mail_server.FROM, "451 later", "SENDER_REFUSED", 451),
        (mail_server.TO, "450 greylisted", "RECIPIENT_REFUSED", 450),
        (mail_server.TO, mail_server.HANG_UP, "CONNECTION_LOST", 0),
        (mail_server.TO, mail_server.SILENCE, "CONNECTION_LOST", 0),
        (mail_server.DATA, "452 full", "CONTENT_REFUSED", 452),
        (mail_server.DATA, mail_server.HANG_UP, "CONNECTION_LOST", 0),
        (mail_server.END, "451 cannot check it now", "CONTENT_REFUSED", 451),
    ],
)
def test_what_may_pass_is_tried_again_and_then_sent_once(
    mesh: LocalMesh, owner: Member, server: MailServer, monkeypatch: pytest.MonkeyPatch,
    step: str, answer: str, reason: str, code: int,
) -> None:  # fmt: skip
    if answer == mail_server.SILENCE:
        monkeypatch.setattr(smtp, "STEP_SECONDS", 0.5)
    email = fresh()
    identity = send(mesh, owner, email).id
    server.plan(step, answer)

    work(mesh, server)
    assert told(message(mesh, owner, identity)) == ("QUEUED", reason, code, 1)
    assert server.to(email) == []

    monkeypatch.undo()
    later(mesh)
    work(mesh, server)
    assert told(message(mesh, owner, identity)) == ("SENT", "", 250, 2)
    assert len(server.to(email)) == 1


@pytest.mark.parametrize(
    ("step", "answer", "reason"),
    [
        (mail_server.FROM, "550 not you", "SENDER_REFUSED"),
        (mail_server.TO, "550 no such user", "RECIPIENT_REFUSED"),
        (mail_server.END, "554 looks like spam", "CONTENT_REFUSED"),
    ],
)
def test_what_is_refused_for_good_is_not_tried_again(
    mesh: LocalMesh, owner: Member, server: MailServer, step: str, answer: str, reason: str
) -> None:
    email = fresh()
    identity = send(mesh, owner, email).id
    server.plan(step, answer)

    work(mesh, server)
    later(mesh)
    work(mesh, server)

    assert told(message(mesh, owner, identity)) == ("FAILED", reason, int(answer[:3]), 1)
    assert server.to(email) == []


@pytest.mark.parametrize("answer", [mail_server.TAKE_AND_HANG_UP, mail_server.TAKE_IN_SILENCE, mail_server.HANG_UP])
def test_an_answer_that_did_not_come_leaves_the_outcome_open_and_nothing_is_sent_again(
    mesh: LocalMesh, owner: Member, server: MailServer, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    if answer == mail_server.TAKE_IN_SILENCE:
        monkeypatch.setattr(smtp, "STEP_SECONDS", 0.5)
    email = fresh()
    identity = send(mesh, owner, email).id
    server.plan(mail_server.END, answer)

    work(mesh, server)
    later(mesh)
    work(mesh, server)

    assert told(message(mesh, owner, identity)) == ("UNKNOWN", "NO_ANSWER", 0, 1)
    assert len(server.to(email)) <= 1


def test_an_unknown_outcome_is_settled_by_somebody_who_found_out(
    mesh: LocalMesh, owner: Member, server: MailServer
) -> None:
    found_out = message_service_pb2.SettleMessageRequest
    for outcome, state, mails in (
        (found_out.OUTCOME_SENT, "SENT", 1),
        (found_out.OUTCOME_FAILED, "FAILED", 1),
        (found_out.OUTCOME_SEND_AGAIN, "SENT", 2),
    ):
        email = fresh()
        identity = send(mesh, owner, email).id
        server.plan(mail_server.END, mail_server.TAKE_AND_HANG_UP)
        work(mesh, server)

        request = found_out(id=identity, outcome=outcome)
        mesh.call(f"{MESSAGES}SettleMessage", request, token=owner.token)
        work(mesh, server)

        assert told(message(mesh, owner, identity))[0] == state
        assert len(server.to(email)) == mails
        with pytest.raises(grpc.RpcError) as refused:
            mesh.call(f"{MESSAGES}SettleMessage", request, token=owner.token)
        assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION  # type: ignore[attr-defined]


class Killed(BaseException):
    """The process ends here, as by kill -9."""


def _killed(*_: object, **__: object) -> Any:
    raise Killed


def _sent_and_killed(*arguments: Any) -> Any:
    assert smtp.deliver(*arguments).verdict is Verdict.DONE
    raise Killed


@pytest.mark.parametrize(
    ("where", "what", "state"),
    [("render", _killed, "SENT"), ("deliver", _killed, "UNKNOWN"), ("deliver", _sent_and_killed, "UNKNOWN")],
)
def test_a_worker_that_is_killed_leaves_at_most_one_mail(
    mesh: LocalMesh, owner: Member, server: MailServer, monkeypatch: pytest.MonkeyPatch,
    where: str, what: Any, state: str,
) -> None:  # fmt: skip
    email = fresh()
    identity = send(mesh, owner, email).id
    with monkeypatch.context() as patched:
        patched.setattr(sending, where, what)
        with pytest.raises(Killed):
            work(mesh, server)

    work(mesh, server)
    assert told(message(mesh, owner, identity))[0] == "QUEUED", "its lease has not ended"
    later(mesh, LEASE_US)
    work(mesh, server)
    later(mesh)
    work(mesh, server)

    assert told(message(mesh, owner, identity))[0] == state
    assert len(server.to(email)) == (0 if what is _killed and where == "deliver" else 1)


def test_a_worker_that_was_only_slow_has_the_last_word(
    mesh: LocalMesh, owner: Member, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = fresh()
    identity = send(mesh, owner, email).id

    def slow(*arguments: Any) -> Outcome:
        later(mesh, LEASE_US)
        work(mesh, server)
        assert told(message(mesh, owner, identity))[:2] == ("UNKNOWN", "INTERRUPTED")
        return smtp.deliver(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(sending, "deliver", slow)
        runner(mesh, server).turn()

    assert told(message(mesh, owner, identity))[:2] == ("SENT", "")


def test_a_server_that_stays_away_is_given_up_in_the_end(
    mesh: LocalMesh, owner: Member, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = send(mesh, owner, fresh()).id
    server.plan(mail_server.FROM, *(["451 later"] * 2 * MOST_TRIES))
    monkeypatch.setattr(sending, "pause_us", lambda identity, tries: None if tries >= 3 else 1)

    for _ in range(5):
        later(mesh, 1)
        work(mesh, server)

    assert told(message(mesh, owner, identity)) == ("FAILED", "SENDER_REFUSED", 451, 3)


def test_a_message_is_not_sent_when_it_is_too_late(mesh: LocalMesh, owner: Member, server: MailServer) -> None:
    email = fresh()
    identity = send(mesh, owner, email).id
    later(mesh, 73 * 3_600_000_000)
    work(mesh, server)

    assert told(message(mesh, owner, identity)) == ("FAILED", "EXPIRED", 0, 1)
    assert server.to(email) == []
