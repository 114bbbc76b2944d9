"""The sessions that commands go on with, so that a script which asks for a token at each call ends none of its own.

They lie under the home, readable by its user alone. What the mesh refuses is thrown away, and a new one begun.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mesh.cli import demo
from mesh.cli.edge_client import EdgeError, get, post
from mesh.runtime.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from mesh.runtime.settings import Settings

    Session = dict[str, Any]

_SPARE = 60
"""A token is handed out with so many seconds left, at least."""
_PROVEN = 45 * 60
"""Seconds after which the password is proven again: what is sensitive asks for a proof of the last hour."""


def token(settings: Settings, person: Mapping[str, str], password: Callable[[], str]) -> str:
    """A bearer token of a person, given by `tenant` and `email`, from the session that is kept, else from a new one.

    password: asked only where it is needed; it may ask whoever types.

    Raises:
        EdgeError: the edge refused the log-in, or cannot be reached.
    """
    name = f"{person['email']}@{person['tenant']}"
    with _alone(settings):
        kept = _read(settings)
        session = _continued(settings, kept.pop(name, None), person)
        if session is None:
            made = demo.begin(settings, {**person, "password": password()})
            session = {"id": made["session"]["id"], "refresh": made["refreshToken"], "proven": _now(), **_access(made)}
        demo.write_file(_file(settings), {**kept, name: session})
    return str(session["access"])


def _continued(settings: Settings, session: Session | None, person: Mapping[str, str]) -> Session | None:
    """The session with a token that is good now; None where there is none any more."""
    if session is None:
        return None
    try:
        if session["expires"] < _now() + _SPARE:
            return _refreshed(settings, session)
        if session["proven"] < _now() - _PROVEN and "password" in person:
            return _proven(settings, session, person["password"])
        get(f"{settings.edge_url}/v1/sessions/{session['id']}", session["access"], settings.edge_certificate)
    except EdgeError as error:
        if not error.reason:
            raise  # nobody said that the session has ended
        return None
    except KeyError:
        return None
    return session


def _refreshed(settings: Settings, session: Session) -> Session:
    url = f"{settings.edge_url}/v1/sessions:refresh"
    made = post(url, {"token": session["refresh"]}, certificate=settings.edge_certificate)
    return {**session, "refresh": made["refreshToken"], **_access(made)}


def _proven(settings: Settings, session: Session, password: str) -> Session:
    url = f"{settings.edge_url}/v1/sessions:verify"
    made = post(url, {"password": password}, session["access"], settings.edge_certificate)
    return {**session, "proven": _now(), **_access(made)}


def _access(made: Mapping[str, Any]) -> Session:
    return {"access": made["accessToken"], "expires": datetime.fromisoformat(made["expireTime"]).timestamp()}


def _now() -> float:
    return SystemClock().now_us() / 1_000_000


def _file(settings: Settings) -> Path:
    return settings.home / "sessions.json"


def _read(settings: Settings) -> dict[str, Session]:
    try:
        found: dict[str, Session] = json.loads(_file(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One at a time: a refresh token works once, and two at once would end the session."""
    descriptor = os.open(settings.home / "sessions.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
