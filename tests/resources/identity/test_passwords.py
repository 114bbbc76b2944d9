"""Passwords: changed, reset, guessed, and hashed beside other work; on each engine."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

import argon2
import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2
from rapport.users.v1 import password_service_pb2, session_service_pb2, user_service_pb2

from mesh.runtime.identity import ADDRESS_HEADER
from mesh.testing import mail_server
from mesh.testing.local import PASSWORD
from services.users.domain import guesses as rules
from services.users.service import passwords
from tests.resources.identity.signing_in import (
    answered,
    details,
    later,
    listed,
    log_in,
    policy,
    refresh,
    tenant,
    unhurried,
    works,
)
from tests.resources.mail.mailing import work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.local import LocalMesh, Member
    from mesh.testing.mail_server import MailServer

PASSWORDS = "/rapport.users.v1.PasswordService/"
OTHER = "quarry-otter-58-beacon"
FREE = 5


@pytest.fixture
def server(mesh: LocalMesh) -> Iterator[MailServer]:
    with mail_server.mail_server() as running:
        mesh.deliver()
        work(mesh, running)
        yield running


def change(mesh: LocalMesh, token: str, new: str, old: str = PASSWORD) -> Any:
    request = password_service_pb2.ChangePasswordRequest(password=old, new_password=new)
    return mesh.call(f"{PASSWORDS}ChangePassword", request, token=token)


def ask(mesh: LocalMesh, slug: str, email: str) -> Any:
    request = password_service_pb2.RequestPasswordResetRequest(tenant=slug, email=email)
    reply = mesh.call(f"{PASSWORDS}RequestPasswordReset", request)
    mesh.deliver()
    return reply


def reset(mesh: LocalMesh, token: str, new: str) -> Any:
    request = password_service_pb2.ResetPasswordRequest(token=token, new_password=new)
    return mesh.call(f"{PASSWORDS}ResetPassword", request)


def links(mesh: LocalMesh, server: MailServer, email: str) -> list[str]:
    """The secrets of the links that an address was sent."""
    work(mesh, server)
    mails = [message_from_bytes(each.content, policy=default) for each in server.to(email)]
    texts = [str(mail.get_body(("plain",)).get_content()) for mail in mails]
    return [text.partition("#")[2].split()[0] for text in texts if "#" in text]


def strict(mesh: LocalMesh) -> Member:
    """The owner of a tenant where the fifth wrong password makes wait, for a second."""
    owner = tenant(mesh)
    policy(mesh, owner, lockout_attempts=FREE, lockout_wait=Duration(seconds=1))
    return owner


def wrong(mesh: LocalMesh, who: Member, times: int, **headers: str) -> list[str]:
    return [answered(lambda: log_in(mesh, who, "not-this-password", **headers)) for _ in range(times)]


def test_a_changed_password_ends_other_sessions_and_is_told_by_mail(mesh: LocalMesh, server: MailServer) -> None:
    owner = tenant(mesh)
    here, there = log_in(mesh, owner), log_in(mesh, owner)
    assert answered(lambda: change(mesh, here.access_token, OTHER, "not-this-password")) == "PASSWORD_WRONG"
    change(mesh, here.access_token, OTHER)
    assert works(mesh, here.access_token)
    assert not works(mesh, there.access_token)
    assert answered(lambda: refresh(mesh, there.refresh_token)) == "SESSION_ENDED"
    assert answered(lambda: refresh(mesh, here.refresh_token)) == "OK"
    assert answered(lambda: log_in(mesh, owner)) == "CREDENTIALS_INVALID"
    assert answered(lambda: log_in(mesh, owner, OTHER)) == "OK"
    work(mesh, server)
    assert len(server.to(owner.email)) == 1


@pytest.mark.parametrize("new", ["passwordpassword", "{slug}-{slug}", "aaaaaaaaaaaaaaaa"])
def test_a_password_that_is_guessed_first_is_refused(mesh: LocalMesh, new: str) -> None:
    owner = tenant(mesh)
    token = log_in(mesh, owner).access_token
    assert answered(lambda: change(mesh, token, new.format(slug=owner.slug))) == "PASSWORD_GUESSABLE"
    assert answered(lambda: change(mesh, token, "x" * 11)) == "INVALID_ARGUMENT"


def test_a_link_sets_a_password_once_and_ends_all_sessions(mesh: LocalMesh, server: MailServer) -> None:
    owner = strict(mesh)
    begun = log_in(mesh, owner)
    wrong(mesh, owner, FREE)
    assert answered(lambda: log_in(mesh, owner)) == "CREDENTIALS_INVALID"
    ask(mesh, owner.slug, owner.email.upper())
    (link,) = links(mesh, server, owner.email)
    for name in mesh.services:
        assert link not in str(mesh.dump(name)), f"a secret is kept by {name}"
    reset(mesh, link, OTHER)
    assert not works(mesh, begun.access_token)
    assert answered(lambda: refresh(mesh, begun.refresh_token)) == "SESSION_ENDED"
    assert answered(lambda: reset(mesh, link, PASSWORD)) == "CAPABILITY_USED"
    # Also the wait is over: whoever reads the mail has shown more than who guesses.
    assert answered(lambda: log_in(mesh, owner, OTHER)) == "OK"


def test_the_last_link_counts_and_ends_after_an_hour(mesh: LocalMesh, server: MailServer) -> None:
    owner = tenant(mesh)
    ask(mesh, owner.slug, owner.email)
    ask(mesh, owner.slug, owner.email)
    (first,) = links(mesh, server, owner.email)
    later(mesh, 61)
    ask(mesh, owner.slug, owner.email)
    _, second = links(mesh, server, owner.email)
    assert answered(lambda: reset(mesh, first, OTHER)) == "CAPABILITY_INVALID"
    later(mesh, 3_600)
    assert answered(lambda: reset(mesh, second, OTHER)) == "CAPABILITY_INVALID"


def test_who_asks_for_a_link_does_not_learn_who_there_is(mesh: LocalMesh, server: MailServer) -> None:
    owner = tenant(mesh)
    asked = [(owner.slug, owner.email), (owner.slug, "nobody@example.com"), ("no-such-tenant", owner.email)]
    assert len({ask(mesh, slug, email).SerializeToString() for slug, email in asked}) == 1
    request = password_service_pb2.RequestPasswordResetRequest(tenant=owner.slug)
    steps = []
    for email in (owner.email, "nobody@example.com"):
        request.email = email
        with mesh.statements("users") as done:
            mesh.call(f"{PASSWORDS}RequestPasswordReset", request)
        steps.append(list(done))
    assert steps[0] == steps[1], "the work tells what there is"
    mesh.deliver()
    work(mesh, server)
    assert server.to("nobody@example.com") == []


def test_wrong_passwords_make_an_account_wait_and_a_right_one_ends_it(mesh: LocalMesh) -> None:
    owner, neighbour = strict(mesh), tenant(mesh)
    assert set(wrong(mesh, owner, FREE)) == {"CREDENTIALS_INVALID"}
    assert answered(lambda: log_in(mesh, owner)) == "CREDENTIALS_INVALID", "it waits a second"
    assert answered(lambda: log_in(mesh, neighbour)) == "OK"
    later(mesh, 1)
    assert wrong(mesh, owner, 1) == ["CREDENTIALS_INVALID"]
    later(mesh, 1.9)
    assert answered(lambda: log_in(mesh, owner)) == "CREDENTIALS_INVALID", "it waits two seconds"
    later(mesh, 0.2)
    assert answered(lambda: log_in(mesh, owner)) == "OK"
    wrong(mesh, owner, FREE - 1)
    assert answered(lambda: log_in(mesh, owner)) == "OK", "it was all forgotten"


def test_while_an_account_waits_guesses_at_once_are_one_guess(mesh: LocalMesh) -> None:
    owner = strict(mesh)
    wrong(mesh, owner, FREE)
    later(mesh, 1)
    verified = 0
    real, nobody = passwords._HASHER, passwords._nobody()

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            nonlocal verified
            verified += kept != nobody
            return real.verify(kept, password)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", Counting())
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: wrong(mesh, owner, 1), range(8)))
    assert verified == 1


def test_an_address_that_guesses_at_many_accounts_waits(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_OF_ADDRESS", 8)
    home = {ADDRESS_HEADER: "203.0.113.77"}
    victims = [tenant(mesh) for _ in range(4)]
    for victim in victims:
        wrong(mesh, victim, 2, **home)
    with pytest.raises(grpc.RpcError) as refused:
        log_in(mesh, victims[0], **home)
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED  # type: ignore[attr-defined]
    assert details(refused.value, error_details_pb2.RetryInfo)[0].retry_delay.seconds > 60
    assert answered(lambda: log_in(mesh, victims[0], **{ADDRESS_HEADER: "203.0.113.78"})) == "OK"
    later(mesh, rules.WINDOW_US / 1_000_000)
    assert answered(lambda: log_in(mesh, victims[0], **home)) == "OK"


def test_refusals_do_the_same_work_whoever_there_is(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    asked = []
    for slug, email in ((owner.slug, owner.email), (owner.slug, "nobody@example.com")):
        request = session_service_pb2.LogInRequest(tenant=slug, email=email, password="not-this-password")
        with mesh.statements("users") as done:
            assert answered(lambda: mesh.call("/rapport.users.v1.SessionService/LogIn", request)) == (  # noqa: B023
                "CREDENTIALS_INVALID"
            )
        asked.append(list(done))
    assert asked[0] == asked[1]


def test_a_hash_of_lower_costs_is_made_anew_at_log_in(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = tenant(mesh)

    def kept() -> str:
        return next(
            text for row in mesh.dump("users")["users"] if owner.id in row for text in row if "$argon" in str(text)
        )

    assert "t=1" in kept()
    monkeypatch.setattr(passwords, "_HASHER", argon2.PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    log_in(mesh, owner)
    assert "t=2" in kept()
    assert answered(lambda: log_in(mesh, owner)) == "OK"


def test_hashes_cost_what_they_should_on_two_threads_with_every_core() -> None:
    shipped = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    assert f"m={19 * 1024},t=2,p=1" in shipped.hash(PASSWORD)
    assert passwords.AT_ONCE == 2


def test_other_calls_go_on_while_hashes_are_waited_for_and_too_many_are_refused(
    mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = tenant(mesh)
    unhurried(mesh)
    hold, most = threading.Event(), passwords.AT_ONCE + 3
    monkeypatch.setattr(passwords, "_PLACES", threading.BoundedSemaphore(most))

    class Slow:
        def verify(self, kept: str, password: str) -> bool:
            return hold.wait(30)

        def check_needs_rehash(self, kept: str) -> bool:
            return False

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    with ThreadPoolExecutor(16) as pool:
        try:
            waiting = [pool.submit(answered, lambda: log_in(mesh, owner)) for _ in range(12)]
            refused = [next_of(waiting) for _ in range(12 - most)]
            me = user_service_pb2.GetCurrentUserRequest()
            assert mesh.call("/rapport.users.v1.UserService/GetCurrentUser", me, token=owner.token).id == owner.id
            assert listed(mesh, owner.token)
        finally:
            hold.set()
        assert refused == ["OVERLOADED"] * (12 - most)
        assert [future.result() for future in waiting] == ["OK"] * most


def next_of(waiting: list[Any]) -> str:
    """The answer that comes first; it is waited for no more."""
    from concurrent.futures import FIRST_COMPLETED, wait

    done, _ = wait(waiting, 20, FIRST_COMPLETED)
    first = next(iter(done))
    waiting.remove(first)
    return str(first.result())
