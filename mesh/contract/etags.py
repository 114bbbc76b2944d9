"""Etags (AIP-154): the version of a resource in the form of an opaque, quoted string."""

from __future__ import annotations

from mesh.contract.failure import Failure


def etag(version: int) -> str:
    """The etag of a version."""
    return f'"{version:x}"'


def check_etag(given: str, version: int) -> None:
    """Refuse a given etag that is not the current one; nothing given is always right.

    Raises:
        Failure: ETAG_MISMATCH.
    """
    if given and given != etag(version):
        raise Failure("ETAG_MISMATCH")
