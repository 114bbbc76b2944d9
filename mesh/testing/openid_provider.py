"""A small OpenID provider on loopback that can be made to fail in every way: where a real one would not.

It shows no pages: whoever a test says signs in at once.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from services.users.domain.authorization import challenge_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLIENT_ID, CLIENT_SECRET = "rapport at work", "s3cret/of+the:tenant"  # of a provider that ends with the test
_BITS, _EXPONENT = 2048, 65537


class Provider:
    """What it knows and how it behaves; tests change it as they like.

    claims: what ID tokens say beside what they must. faults: by path, the status and body of an answer instead.
    told: what the userinfo endpoint tells. asked: the paths that were asked for, in their order. client: its client,
    and the secret. checks_client: whether that is asked for. takes_codes_once: whether it remembers which have come.
    """

    def __init__(self) -> None:
        self.url = ""
        self.claims: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.faults: dict[str, tuple[int, bytes]] = {}
        self.document: dict[str, Any] = {}
        self.asked: list[str] = []
        self.slow_seconds = 0.0
        self.client = (CLIENT_ID, CLIENT_SECRET)
        self.checks_client = True
        self.takes_codes_once = True
        self.keys: dict[str, Any] = {}
        self.signs = ""
        self._codes: dict[str, dict[str, Any]] = {}
        self.rotate()

    def rotate(self) -> None:
        """Sign with another key from now on, and publish no other one."""
        self.signs = f"key-{len(self._codes)}-{time.monotonic_ns()}"
        self.keys = {self.signs: rsa.generate_private_key(_EXPONENT, _BITS)}

    def arrive(self, address: str, subject: str, **claims: Any) -> dict[str, str]:
        """What the browser brings back from an address, where a person has signed in."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{time.monotonic_ns()}"
        self._codes[code] = {"asked": asked, "claims": {"sub": subject, **claims}}
        return {"state": asked["state"], "code": code, "iss": self.url}

    def answer(self, verb: str, path: str, sent: str, authorization: str) -> tuple[int, bytes]:
        """What it answers."""
        self.asked.append(path)
        if self.slow_seconds:
            time.sleep(self.slow_seconds)
        if path in self.faults:
            return self.faults[path]
        found: dict[str, Callable[[], dict[str, Any]]] = {
            "/.well-known/openid-configuration": self._discovery,
            "/keys": self._published,
            "/me": lambda: self.told,
        }
        if path in found:
            return 200, json.dumps(found[path]()).encode()
        return self._token(dict(parse_qsl(sent)), authorization) if path == "/token" else (404, b"{}")

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/me",
            "authorization_response_iss_parameter_supported": True,
            **self.document,
        }

    def _published(self) -> dict[str, Any]:
        keys = self.keys.items()
        return {
            "keys": [
                {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig"} for kid, key in keys
            ]
        }

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, bytes]:
        name, _, secret = base64.b64decode(authorization.partition(" ")[2]).decode().partition(":")
        if self.checks_client and (unquote_plus(name), unquote_plus(secret)) != self.client:
            return 401, b'{"error": "invalid_client"}'
        known = self._codes.get(form.get("code", ""))
        if self.takes_codes_once:
            self._codes.pop(form.get("code", ""), None)
        if known is None:
            return 400, b'{"error": "invalid_grant"}'
        asked = known["asked"]
        if (challenge_of(form["code_verifier"]), form["redirect_uri"]) != (
            asked["code_challenge"],
            asked["redirect_uri"],
        ):
            return 400, b'{"error": "invalid_grant"}'
        token = self.signed({"nonce": asked["nonce"], "auth_time": int(time.time()), **known["claims"]})
        return 200, json.dumps({"token_type": "Bearer", "access_token": "at", "id_token": token}).encode()

    def signed(self, claims: dict[str, Any]) -> str:
        """An ID token."""
        now = int(time.time())
        usual = {"iss": self.url, "aud": self.client[0], "iat": now, "exp": now + 300}
        key = self.keys[self.signs]
        return jwt.encode({**usual, **claims, **self.claims}, key, algorithm="RS256", headers={"kid": self.signs})


@contextmanager
def openid_provider() -> Iterator[Provider]:
    """A provider that listens until the end of the block."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            sent = self.rfile.read(length).decode()
            status, body = provider.answer(
                self.command, urlsplit(self.path).path, sent, self.headers.get("authorization", "")
            )
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815  # names of http.server

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
