"""Log-in with a second factor; on each engine."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from rapport.users.v1 import factor_service_pb2, resources_pb2, session_service_pb2

from mesh.testing.local import PASSWORD
from services.users.domain.codes import STEP_SECONDS, accepted_step, code_at
from services.users.domain.guesses import FREE
from services.users.service import second_factors, sessions
from tests.resources.identity.signing_in import SESSIONS, answered, later, listed, log_in, refresh, tenant, works
from tests.resources.identity.test_refresh import together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.testing.local import LocalMesh, Member

FACTORS = "/rapport.users.v1.FactorService/"
Kind = resources_pb2.Factor


class Device:
    """What shows somebody's codes: each code is of a later step than the one before, by a clock that is set anew."""

    def __init__(self, mesh: LocalMesh, who: Member, monkeypatch: pytest.MonkeyPatch) -> None:
        self.mesh, self.who = mesh, who
        self.step = mesh.host("users").environment.wall.now_us() // 1_000_000 // STEP_SECONDS
        monkeypatch.setattr(second_factors, "accepted_step", self._accepted)
        begun = self.ask("BeginTotp", password=PASSWORD)
        self.secret = base64.b32decode(begun.secret)

    def _accepted(self, secret: bytes, code: str, now_seconds: int, last_step: int) -> int:
        """The rule, at the time of the device."""
        del now_seconds
        return accepted_step(secret, code, self.step * STEP_SECONDS + 3, last_step)

    def ask(self, name: str, **fields: str) -> Any:
        request = getattr(factor_service_pb2, f"{name}Request")(**fields)
        return self.mesh.call(f"{FACTORS}{name}", request, token=self.who.token)

    def code(self) -> str:
        self.step += 1
        return code_at(self.secret, self.step)

    def confirm(self) -> Sequence[str]:
        return list(self.ask("ConfirmTotp", code=self.code()).recovery_codes)


@pytest.fixture
def device(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> Device:
    return Device(mesh, tenant(mesh), monkeypatch)


def complete(mesh: LocalMesh, token: str, code: str) -> Any:
    request = session_service_pb2.CompleteLogInRequest(token=token, code=code)
    return mesh.call(f"{SESSIONS}CompleteLogIn", request)


def test_a_secret_counts_when_a_first_code_has_confirmed_it(mesh: LocalMesh, device: Device) -> None:
    assert log_in(mesh, device.who).access_token
    assert not device.ask("GetFactors").HasField("totp_confirm_time")
    assert answered(lambda: device.ask("ConfirmTotp", code="000000")) == "CODE_WRONG"
    assert len(device.confirm()) == 10
    state = device.ask("GetFactors")
    assert state.HasField("totp_confirm_time")
    assert state.recovery_code_count == 10
    begun = log_in(mesh, device.who)
    assert (begun.access_token, begun.refresh_token) == ("", "")
    assert not begun.HasField("user")
    assert answered(lambda: device.ask("BeginTotp", password=PASSWORD)) == "TOTP_IN_USE"


def test_what_the_password_leaves_completes_its_log_in_and_does_nothing_else(mesh: LocalMesh, device: Device) -> None:
    device.confirm()
    begun = log_in(mesh, device.who)
    assert begun.session.assurance_level == 1
    assert answered(lambda: listed(mesh, begun.pending_token)) == "UNAUTHENTICATED"
    assert answered(lambda: refresh(mesh, begun.pending_token)) == "CAPABILITY_INVALID"
    done = complete(mesh, begun.pending_token, device.code())
    assert done.session.assurance_level == 2
    assert [factor.kind for factor in done.session.factors] == [Kind.KIND_PASSWORD, Kind.KIND_TOTP]
    assert works(mesh, done.access_token)
    assert answered(lambda: refresh(mesh, done.refresh_token)) == "OK"
    assert answered(lambda: complete(mesh, begun.pending_token, device.code())) == "SESSION_ENDED"


def test_a_code_works_once_however_many_send_it_at_once(mesh: LocalMesh, device: Device) -> None:
    device.confirm()
    begun = [log_in(mesh, device.who).pending_token for _ in range(4)]
    code = device.code()
    answers = together(*[lambda token=token: complete(mesh, token, code) for token in begun])
    assert sorted(str(each) for each in answers if isinstance(each, str)) == ["CODE_WRONG"] * 3
    assert answered(lambda: complete(mesh, begun[0], code)) in ("CODE_WRONG", "SESSION_ENDED")


def test_a_recovery_code_works_once_and_other_ones_end_those_before(mesh: LocalMesh, device: Device) -> None:
    first, second, third, *_ = device.confirm()
    done = complete(mesh, log_in(mesh, device.who).pending_token, first.lower())
    assert [factor.kind for factor in done.session.factors] == [Kind.KIND_PASSWORD, Kind.KIND_RECOVERY_CODE]
    pending = log_in(mesh, device.who).pending_token
    assert answered(lambda: complete(mesh, pending, first)) == "CODE_WRONG"
    others = device.ask("ReplaceRecoveryCodes", password=PASSWORD, code=second).recovery_codes
    assert answered(lambda: complete(mesh, pending, third)) == "CODE_WRONG"
    assert answered(lambda: complete(mesh, pending, others[0])) == "OK"
    assert device.ask("GetFactors").recovery_code_count == 9


def test_a_log_in_waits_ten_minutes_for_its_code(mesh: LocalMesh, device: Device) -> None:
    device.confirm()
    begun = log_in(mesh, device.who)
    later(mesh, 601)
    mesh.deliver()
    assert answered(lambda: complete(mesh, begun.pending_token, device.code())) == "CAPABILITY_INVALID"
    ended = {each.id: each for each in listed(mesh, device.who.token, ended=True)}
    assert ended[begun.session.id].end_reason == resources_pb2.Session.END_REASON_EXPIRED


def test_wrong_codes_make_the_user_wait(mesh: LocalMesh, device: Device) -> None:
    device.confirm()
    pending = log_in(mesh, device.who).pending_token
    for _ in range(FREE):
        assert answered(lambda: complete(mesh, pending, "000000")) == "CODE_WRONG"
    assert answered(lambda: complete(mesh, pending, device.code())) == "CODE_WRONG"
    later(mesh, 1)
    assert answered(lambda: complete(mesh, pending, device.code())) == "OK"


def test_without_it_the_password_is_enough_again(mesh: LocalMesh, device: Device) -> None:
    device.confirm()
    wrong = answered(lambda: device.ask("RemoveTotp", password="not-this-password", code=device.code()))
    assert wrong == "PASSWORD_WRONG"
    device.ask("RemoveTotp", password=PASSWORD, code=device.code())
    assert works(mesh, log_in(mesh, device.who).access_token)
    assert device.ask("GetFactors").recovery_code_count == 0


def test_neither_the_secret_nor_the_codes_stand_in_a_database(mesh: LocalMesh, device: Device) -> None:
    codes = device.confirm()
    everything = str([mesh.dump(name) for name in mesh.services])
    for secret in (*codes, *(code.replace("-", "") for code in codes), base64.b32encode(device.secret).decode()):
        assert secret not in everything
    assert str(device.secret)[2:-1] not in everything


def test_log_ins_that_wait_for_a_code_push_nobody_out(
    mesh: LocalMesh, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has the password alone must not be able to sign its user out."""
    device.confirm()
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 3)
    for _ in range(5):
        log_in(mesh, device.who)
    assert works(mesh, device.who.token)
