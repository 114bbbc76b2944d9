"""Bearer tokens of sessions that have proven little, or long ago."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

_HOUR_US = 3_600_000_000


def token(mesh: LocalMesh, who: Member, *, level: int, age: float) -> str:
    """A bearer token of a session that has this level, by proofs that are `age` seconds old."""
    session = resources_pb2.Session(id=f"ses_{'0' * 26}", user_id=who.id, assurance_level=level)
    session.factors.add().verify_time.FromMicroseconds(mesh.clock.now_us() - int(age * 1_000_000))
    session.expire_time.FromMicroseconds(mesh.clock.now_us() + _HOUR_US)
    methods: Any = mesh.service("users").methods["rapport.users.v1.SessionService"]
    made: str = methods.tokens.of_session(methods.tokens.key(), who.tenant, session, 1)[0]
    return made
