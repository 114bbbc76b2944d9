"""Blobs: bytes too large for a row, in a local folder or in S3, one implementation over obstore for both.

Owns names and bounds: every key lies below its service and its tenant, and a key of another tenant cannot be named.
It knows nothing of what is in a blob, and it is no part of any transaction: whoever writes one keeps its key in a row,
and a blob without a row is rubbish that deleting by prefix removes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore import exceptions
from obstore.store import LocalStore, S3Store

from mesh.store.errors import StoreError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from obstore.store import ObjectStore

MAX_BYTES = 2 << 30
"""No blob is larger unless its writer sets a lower bound."""
_PIECE = 1 << 20
_PAGE = 500
_SECONDS = 20
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}){0,7}")


class BlobNotFound(StoreError):
    """There is no blob of this key."""


class BlobTooLarge(StoreError):
    """More bytes than the caller allows; a blob that was being written is not there."""


class BlobKeyError(ValueError):
    """A key that cannot be one: a programmer's fault, never a caller's."""


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """A blob by its key, with its size in bytes."""

    key: str
    size: int


class Blobs:
    """The blobs of one service. Thread-safe. Every method takes the tenant first, and reaches no other's blobs.

    Keys are up to eight parts of letters, digits, `_`, `-` and `.` with slashes between, as in `imports/imp_01/0001`.
    Each method raises Unavailable where the store cannot be reached, BlobKeyError for what is no key.
    """

    def __init__(self, url: str, service: str) -> None:
        self._store = _open(url)
        self._service = service

    def put(self, tenant: str, key: str, content: bytes | Iterable[bytes], *, limit: int = MAX_BYTES) -> int:
        """Write a blob, over the one that was there, and return its size; it appears whole or not at all.

        Raises BlobTooLarge for more than `limit` bytes.
        """
        path = self._path(tenant, key)
        if isinstance(content, bytes):
            if len(content) > limit:
                raise BlobTooLarge(key)
            with _errors(key):
                obstore.put(self._store, path, content)
            return len(content)
        counted = _Counted(content, limit)
        with _errors(key):
            try:
                obstore.put(self._store, path, iter(counted))
            except BaseException:
                # The reader's own error is the cause; obstore tells it as one of its own.
                if counted.error is not None:
                    raise counted.error from None
                raise
        return counted.size

    def get(self, tenant: str, key: str, *, limit: int) -> bytes:
        """The whole blob. Raises BlobNotFound, and BlobTooLarge for more than `limit` bytes."""
        with _errors(key):
            found = obstore.get(self._store, self._path(tenant, key))
            if found.meta["size"] > limit:
                raise BlobTooLarge(key)
            return bytes(found.bytes())

    def part(self, tenant: str, key: str, start: int, length: int) -> bytes:
        """Up to `length` bytes from `start`; nothing behind the end. Raises BlobNotFound."""
        with _errors(key):
            size = int(obstore.head(self._store, self._path(tenant, key))["size"])
            if start >= size or length <= 0:
                return b""
            return bytes(obstore.get_range(self._store, self._path(tenant, key), start=start, end=start + length))

    def stream(self, tenant: str, key: str) -> Iterator[bytes]:
        """The blob in pieces of about a megabyte. Raises BlobNotFound at the first."""
        with _errors(key):
            for piece in obstore.get(self._store, self._path(tenant, key)).stream(min_chunk_size=_PIECE):
                yield bytes(piece)

    def size(self, tenant: str, key: str) -> int:
        """The size in bytes. Raises BlobNotFound."""
        with _errors(key):
            return int(obstore.head(self._store, self._path(tenant, key))["size"])

    def list(self, tenant: str, prefix: str = "") -> Iterator[BlobInfo]:
        """The tenant's blobs below a prefix of whole parts, in no order that both stores share."""
        root = f"{self._path(tenant, prefix) if prefix else self._root(tenant)}/"
        cut = len(self._root(tenant)) + 1
        with _errors(prefix):
            for page in obstore.list(self._store, prefix=root, chunk_size=_PAGE):
                for meta in page:
                    yield BlobInfo(meta["path"][cut:], int(meta["size"]))

    def everything(self) -> Iterator[tuple[str, BlobInfo]]:
        """The blobs of all tenants, each with its tenant: for backups alone."""
        cut = len(self._service) + 1
        with _errors(self._service):
            for page in obstore.list(self._store, prefix=f"{self._service}/", chunk_size=_PAGE):
                for meta in page:
                    tenant, _, key = meta["path"][cut:].partition("/")
                    yield tenant, BlobInfo(key, int(meta["size"]))

    def delete(self, tenant: str, prefix: str) -> int:
        """Delete the blob of this key and all below it; how many there were. Harmless where there is none."""
        keys = [info.key for info in self.list(tenant, prefix)]
        with _errors(prefix):
            for start in range(0, len(keys), _PAGE):
                obstore.delete(self._store, [self._path(tenant, key) for key in keys[start : start + _PAGE]])
        try:
            self.size(tenant, prefix)
        except BlobNotFound:
            return len(keys)
        with _errors(prefix):
            obstore.delete(self._store, self._path(tenant, prefix))
        return len(keys) + 1

    def _root(self, tenant: str) -> str:
        if not _TENANT.fullmatch(tenant):
            raise BlobKeyError("a blob needs a tenant")
        return f"{self._service}/{tenant}"

    def _path(self, tenant: str, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise BlobKeyError(f"{key!r} is no key of a blob")
        return f"{self._root(tenant)}/{key}"


class _Counted:
    """The pieces of a blob while they are written: counted, and with the error that ended them, if any."""

    def __init__(self, pieces: Iterable[bytes], limit: int) -> None:
        self._pieces = pieces
        self._limit = limit
        self.size = 0
        self.error: BaseException | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._pieces:
                self.size += len(piece)
                if self.size > self._limit:
                    raise BlobTooLarge("the blob")  # noqa: TRY301 - it must end the write like the reader's own error
                yield piece
        except BaseException as error:
            self.error = error
            raise


class _errors:  # noqa: N801 - reads as a block
    """Turns obstore's errors into the store's; its words may name paths and stay in the cause."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (exceptions.NotFoundError, FileNotFoundError)):
            raise BlobNotFound(self._key) from error
        if isinstance(error, (exceptions.BaseError, OSError)):
            raise Unavailable("the blobs cannot be reached") from error


def _open(url: str) -> ObjectStore:
    """The store of a `file:///folder` or `s3://[key:secret@]bucket[/prefix][?region=..&endpoint=..]`."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStore(Path(unquote(parts.path)), automatic_cleanup=False, mkdir=True)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme != "s3" or not parts.hostname or set(query) - {"region", "endpoint"}:
        raise ValueError("blobs are kept at file:///folder or s3://bucket/prefix?region=&endpoint=")
    config: Any = dict(query)
    if parts.username:
        config["access_key_id"] = unquote(parts.username)
        config["secret_access_key"] = unquote(parts.password or "")
    return S3Store(
        parts.hostname,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={
            "timeout": timedelta(seconds=_SECONDS),
            "allow_http": query.get("endpoint", "").startswith("http://"),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=_SECONDS)},
    )
