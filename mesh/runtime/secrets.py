"""The mesh's master keys, and keys for one purpose each, derived from them (HKDF, RFC 5869).

The first master key is the current one: whatever is made, signed or sealed, is made with it. The ones before only check
and open what was made with them. Keys that come from a file are read again when it changes, so that every process
follows a rotation without being started anew. This module seals nothing: that is the vault's.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mesh.runtime.settings import Settings

_SIZE = 32
_ID_SIZE = 8
_MOST = 16
_FILE = "file:"
_RECENT_SECONDS = 1.0


class Master:
    """One master key. `id` names it in what it sealed and tells nothing about it."""

    def __init__(self, root: bytes) -> None:
        if len(root) < _SIZE:
            msg = "a master key (MESH_SECRET) must be at least 32 bytes, as hex"
            raise ValueError(msg)
        self.root = root
        self._derived: dict[str, bytes] = {}
        self.id = self.key("master key id")[:_ID_SIZE]

    def key(self, purpose: str) -> bytes:
        """A key of 32 bytes for this purpose; purposes are few and known beforehand."""
        found = self._derived.get(purpose)
        if found is None:
            derived = HKDF(hashes.SHA256(), _SIZE, salt=None, info=purpose.encode()).derive(self.root)
            found = self._derived[purpose] = derived
        return found


class Secrets:
    """The master keys, the current one first, and what is derived from them. Thread-safe.

    file: one key a line, as hex, which come before the given ones; it is read again whenever it has changed.
    """

    def __init__(self, *given: bytes, file: Path | None = None) -> None:
        self._given = given
        self._file = file
        self._lock = threading.Lock()
        self._seen = (0, 0)
        self._look_at = 0.0
        self._masters = _masters(given) if file is None else self._read(file)

    @classmethod
    def from_settings(cls, settings: Settings) -> Secrets:
        """The keys of this mesh: MESH_SECRET, as hex or as `file:/path`, and MESH_SECRET_PREVIOUS."""
        previous = [bytes.fromhex(each) for each in settings.secret_previous]
        if settings.secret.startswith(_FILE):
            return cls(*previous, file=Path(settings.secret.removeprefix(_FILE)))
        return cls(bytes.fromhex(settings.secret), *previous)

    def masters(self) -> tuple[Master, ...]:
        """All master keys, the current one first."""
        if self._file is not None and self._changed(self._file):
            with self._lock:
                if self._changed(self._file):
                    self._masters = self._read(self._file)
        return self._masters

    def roots(self) -> tuple[bytes, ...]:
        """The master keys themselves, the current one first: for a backup that is asked for them."""
        return tuple(master.root for master in self.masters())

    def key(self, purpose: str) -> bytes:
        """The key of 32 bytes that is used for this purpose now."""
        return self.masters()[0].key(purpose)

    def recent(self, purpose: str) -> bytes:
        """The key that was used for this purpose within the last second, for what is made often and soon forgotten."""
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + _RECENT_SECONDS
            self.masters()
        return self._masters[0].key(purpose)

    def keys(self, purpose: str) -> tuple[bytes, ...]:
        """The keys that are accepted for this purpose, the one in use first."""
        return tuple(master.key(purpose) for master in self.masters())

    def _changed(self, file: Path) -> bool:
        try:
            return _state(file) != self._seen
        except OSError:
            # It is being replaced, or its volume is away: the keys read last are still the keys.
            return False

    def _read(self, file: Path) -> tuple[Master, ...]:
        state = _state(file)
        found = _masters([*map(bytes.fromhex, file.read_text(encoding="ascii").split()), *self._given])
        self._seen = state
        return found


def add_current(path: Path, key: bytes) -> None:
    """Make this the current key of a file of keys, whose others become previous ones; whole or not at all."""
    _replace(path, [key.hex(), *path.read_text(encoding="ascii").split()])


def _replace(path: Path, lines: Sequence[str]) -> None:
    fresh = path.with_name(f".{path.name}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


def drop(path: Path, ids: Collection[bytes]) -> int:
    """Take previous keys with these ids out of a file of keys, whole or not at all; how many there were."""
    current, *previous = path.read_text(encoding="ascii").split()
    kept = [each for each in previous if Master(bytes.fromhex(each)).id not in ids]
    if len(kept) < len(previous):
        _replace(path, [current, *kept])
    return len(previous) - len(kept)


def _masters(roots: Sequence[bytes]) -> tuple[Master, ...]:
    distinct = tuple(dict.fromkeys(roots))
    if not distinct or len(distinct) > _MOST:
        msg = f"a mesh has one to {_MOST} master keys"
        raise ValueError(msg)
    return tuple(Master(root) for root in distinct)


def _state(file: Path) -> tuple[int, int]:
    now = file.stat()
    return now.st_mtime_ns, now.st_ino
