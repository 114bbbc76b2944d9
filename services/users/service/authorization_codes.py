"""Authorization codes: what a client gets by the browser, and turns into tokens once, within a minute.

A code says all that is known of it, signed, and stands nowhere. When it is used, its digest is kept beside the session
that was made of it: whoever can prove all that belongs to the code and comes with it again ends that session.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, bindparam, delete, insert, select

from mesh.contract import base64url
from mesh.contract.failure import Failure
from mesh.store.statement import TENANT, Statement
from services.users.domain.authorization import challenge_of
from services.users.domain.oauth import OAuthError
from services.users.oauth_tables import used_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rapport.users.v1 import resources_pb2

    from mesh.runtime.call import Call, Commit
    from services.users.domain.authorization import Asked
    from services.users.domain.oauth import TokenRequest

KIND = "oauth-clients.code"
CODE_SECONDS = 60
_LONGEST = 4000
_c = used_codes.c
_FIND = Statement(
    select(_c.session_id).where(_c.tenant_id == TENANT, _c.digest == bindparam("digest")), name="find used code"
)
_USE = Statement(insert(used_codes), name="use code")
_OLD = (
    select(_c.digest)
    .where(_c.tenant_id == TENANT, _c.expire_us < bindparam("before", type_=BigInteger))
    .order_by(_c.expire_us)
    .limit(10)
)
_CLEAN = Statement(delete(used_codes).where(_c.tenant_id == TENANT, _c.digest.in_(_OLD)), name="forget old codes")


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was redeemed rightly. `digest` names it; `session_id` is the session of the user's own."""

    digest: bytes
    expires_us: int
    session_id: str
    scopes: Sequence[str]
    nonce: str


def mint_code(call: Call, tenant: str, client: resources_pb2.OauthClient, session_id: str, asked: Asked) -> str:
    """A code for a client, good for a minute."""
    said = [client.id, session_id, _short(asked.redirect_uri), asked.challenge, asked.nonce, asked.scope]
    ends_us = call.environment.clock.now_us() + CODE_SECONDS * 1_000_000
    subject = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    # Its nonce sets it apart from every other one; that it works once, used_codes remembers.
    return call.environment.capabilities.mint(KIND, tenant, subject, expires_us=ends_us, single_use=True)


def open_code(call: Call, tenant: str, client: resources_pb2.OauthClient, request: TokenRequest) -> Code:
    """The code that a client sends with all that belongs to it. Whether it was used before, the write tells.

    Raises:
        OAuthError: invalid_grant, whether it is forged, ended, somebody else's, or not proven.
    """
    sent, address, verifier = request.needs("code"), request.needs("redirect_uri"), request.needs("code_verifier")
    try:
        held = call.environment.capabilities.check(KIND, sent[:_LONGEST], call.environment.clock.now_us())
    except Failure:
        raise wrong_grant() from None
    client_id, session_id, returned, challenge, nonce, scope = json.loads(held.subject)
    proven = hmac.compare_digest(challenge_of(verifier).encode(), challenge.encode())
    if held.tenant != tenant or client_id != client.id or returned != _short(address) or not proven:
        raise wrong_grant()
    return Code(held.digest, held.expires_us, session_id, scope.split(" "), nonce)


def made_of(commit: Commit, code: Code) -> str:
    """The session that was made of a code before; nothing, where it was not. The user is held."""
    rows = commit.read(_FIND, digest=code.digest)
    return str(rows[0][0]) if rows else ""


def use_code(commit: Commit, code: Code, session_id: str) -> None:
    """Keep what was made of a code, and forget those that have ended."""
    commit.write(_USE, digest=code.digest, session_id=session_id, expire_us=code.expires_us)
    commit.write(_CLEAN, before=commit.now_us)


def wrong_grant() -> OAuthError:
    """The refusal of what is no grant of the client's, or is none any more."""
    return OAuthError("invalid_grant", "The grant is unknown, has ended, or is another client's.")


def _short(uri: str) -> str:
    return base64url.encode(hashlib.sha256(uri.encode()).digest())
