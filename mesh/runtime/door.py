"""The HTTP door: what a call knows of the plain HTTP request it came as, and the HTTP answer it gives.

It carries statuses and headers between a handler and the edge, both only from short lists. It never reads a body: that
is in the request, as the bytes that were sent.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mesh.contract.failure import invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import grpc

# The edge sets the HTTP status from it, on the routes of doors alone, and sends it to nobody.
STATUS_HEADER = "x-rapport-status"
# What the transcoder keeps of the request line.
_ORIGINAL_PATH = "x-envoy-original-path"
_READ = re.compile(r"authorization|cookie|if-match|if-none-match|user-agent|webhook-[a-z-]+|x-[a-z-]+-signature")
_SENT = frozenset(
    {
        *("cache-control", "content-disposition", "content-security-policy", "etag", "location", "pragma"),
        *("referrer-policy", "retry-after", "set-cookie", "www-authenticate", "x-content-type-options"),
    },
)
_LINE = re.compile(r"[\x20-\x7e]*")


# What a request may hold beside the body.
ROOM = 64 * 1024


class Door:
    """A request through the door. `query` is raw, without its question mark; `headers` have names in lower case.

    `plain`: it came as plain HTTP, and not by gRPC.
    """

    __slots__ = ("_answer", "headers", "plain", "query")

    def __init__(self, context: grpc.ServicerContext) -> None:
        pairs: Any = context.invocation_metadata()
        sent: dict[str, str] = dict(pairs)
        self.plain = _ORIGINAL_PATH in sent
        self.query = sent.get(_ORIGINAL_PATH, "").partition("?")[2]
        self.headers: Mapping[str, str] = MappingProxyType(
            {name: value for name, value in sent.items() if _READ.fullmatch(name)}
        )
        self._answer: tuple[tuple[str, str], ...] = ()

    def answer(self, status: int, headers: Mapping[str, str]) -> None:
        """Answer with this HTTP status and these headers, of those that a door may send, beside the body.

        Raises:
            ValueError: a status that ends no request, a header that is not on the list, or a value of several lines.
        """
        if not 200 <= status <= 599:  # the final ones of RFC 9110
            msg = f"{status} is no final HTTP status"
            raise ValueError(msg)
        for name, value in headers.items():
            if name not in _SENT or not _LINE.fullmatch(value):
                msg = f"a door does not send the header {name}, or not with such a value"
                raise ValueError(msg)
        self._answer = ((STATUS_HEADER, str(status)), *headers.items())

    @property
    def answered(self) -> tuple[tuple[str, str], ...]:
        """What the handler said, to be sent ahead of the body."""
        return self._answer


def admit(data: bytes, largest: int, context: grpc.ServicerContext) -> Door:
    """The door of a request.

    Raises:
        Failure: INVALID_ARGUMENT, where it is larger than its contract says.
    """
    if len(data) > largest + ROOM:
        raise invalid("body", f"is larger than {largest} bytes")
    return Door(context)
