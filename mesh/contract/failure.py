"""How pure code says that a call fails: with a reason of the contract. Only the errors link turns it into a status."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Failure(Exception):
    """A call fails for a declared reason.

    reason: name of a common reason or of one in the method's `fails_with`. fields: what is wrong by field path, as in
    `contact.emails[1].address`. metadata: every changing word of the failure. retry_after: seconds to wait, or None.
    headers: what stands beside the error, by header.
    """

    def __init__(
        self,
        reason: str,
        *,
        fields: Mapping[str, str] | None = None,
        metadata: Mapping[str, str] | None = None,
        retry_after: float | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fields = dict(fields or {})
        self.metadata = dict(metadata or {})
        self.retry_after = retry_after
        self.headers = headers


def invalid(field: str, description: str) -> Failure:
    """The failure for one invalid field."""
    return Failure("INVALID_ARGUMENT", fields={field: description})


class below:  # noqa: N801 - reads as a function in a with statement
    """Place the fields that a failure names below a path of the request; nothing is placed below an empty one."""

    # Every write enters one or two: it is no generator, which would cost three times as much.
    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        path = self._path
        if isinstance(error, Failure) and path:
            fields = {f"{path}.{name}" if name else path: text for name, text in error.fields.items()}
            raise Failure(error.reason, fields=fields, metadata=error.metadata) from None


def whereabouts(error: BaseException) -> str:
    """Where an error came from, innermost first, without its text: that may hold a person's data or a secret."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
