"""Asks the edge whether it serves, as any caller would."""

from __future__ import annotations

import http.client
import ssl
from typing import TYPE_CHECKING

from mesh.edge.door import HEALTHZ

if TYPE_CHECKING:
    from mesh.runtime.settings import Settings

_SECONDS = 1.0
_EVERYWHERE = "0.0.0.0"  # noqa: S104  # compared with, not bound to


def status(settings: Settings) -> int:
    """The HTTP status of the edge's own health; 0: nobody answers."""
    connection = _connection(settings)
    try:
        connection.request("GET", HEALTHZ)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _connection(settings: Settings) -> http.client.HTTPConnection:
    host = "127.0.0.1" if settings.edge_host == _EVERYWHERE else settings.edge_host
    if not settings.edge_certificate:
        return http.client.HTTPConnection(host, settings.edge_port, timeout=_SECONDS)
    # It is asked whether it answers, and told nothing: whose certificate it shows is the callers' concern.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection(host, settings.edge_port, timeout=_SECONDS, context=context)
