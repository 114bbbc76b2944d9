"""JSON calls through the edge, with the standard library alone so that commands start at once."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TIMEOUT = 15.0


class EdgeError(RuntimeError):
    """The edge refused a call or could not be reached; `reason` as in google.rpc.ErrorInfo, empty without an answer."""

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


def post(url: str, body: Mapping[str, Any], token: str = "", certificate: Path | None = None) -> dict[str, Any]:
    """Call a method by its JSON path. `certificate`: folder of the edge's own certificate, which is then believed.

    Raises:
        EdgeError: it did not succeed.
    """
    return _send("POST", url, json.dumps(body).encode(), token, certificate)


def get(url: str, token: str = "", certificate: Path | None = None) -> dict[str, Any]:
    """Ask a method by its JSON path; else as post()."""
    return _send("GET", url, None, token, certificate)


def _send(verb: str, url: str, body: bytes | None, token: str, certificate: Path | None) -> dict[str, Any]:
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, body, headers, method=verb)  # noqa: S310  # our own edge
    # No proxy: the edge is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), *_tls(certificate))
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            content: dict[str, Any] = json.load(answer)
            return content
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error) from error
    except (OSError, ValueError) as error:
        msg = f"{url} cannot be reached"
        raise EdgeError(msg) from error


def _tls(certificate: Path | None) -> list[urllib.request.HTTPSHandler]:
    if certificate is None:
        return []
    context = ssl.create_default_context(cafile=str(certificate / "tls.crt"))
    # The file names exactly the certificate that is expected, whoever signed it, and for whatever public name.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.check_hostname = False
    return [urllib.request.HTTPSHandler(context=context)]


def _refusal(error: urllib.error.HTTPError) -> EdgeError:
    try:
        status = json.load(error)
        reasons = [d["reason"] for d in status.get("details", ()) if "reason" in d]
        fields = [f"{v.get('field')}: {v.get('description')}" for d in status.get("details", ())
                  for v in d.get("fieldViolations", ())]  # fmt: skip
        text = "; ".join([str(status.get("message", error.reason)), *fields])
        return EdgeError(f"{error.code} {text}", reasons[0] if reasons else "")
    except ValueError:
        return EdgeError(f"{error.code} {error.reason}")
