"""Makes a backup while the mesh serves: all databases as of one moment, then the files that their rows name.

Writers pause for the milliseconds in which every database's moment is pinned, so that no event is in one database and
its effect missing in another. What is copied takes as long as it takes; nobody waits for it.
"""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.backup.archive import BLOBS, DATABASES, KEYS, ArchiveError, Manifest, created
from mesh.runtime.clock import mesh_clock
from mesh.runtime.secrets import Secrets
from mesh.store.backup import engine_of, source
from mesh.store.blobs import BlobNotFound, Blobs
from mesh.store.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mesh.runtime.settings import Settings
    from mesh.store.backup import Saved, Source

_log = logging.getLogger(__name__)

_TRIES = 5
_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: its manifest, and for how many milliseconds writers were paused."""

    manifest: Manifest
    paused_ms: float


def back_up(
    settings: Settings,
    target: Path,
    services: Sequence[str],
    *,
    release: str,
    with_secrets: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> Made:
    """Write the archive of these services' databases and files. `settings.secret` is there.

    tell: is told what is being done.

    Raises:
        ArchiveError: the archive cannot be written there.
        StoreError: a database or the files do not answer, or writers do not pause.
    """
    with ExitStack() as stack:
        sources: dict[str, Source] = {}
        for name in services:
            sources[name] = source(settings.migrations(name), service=name)
            stack.callback(sources[name].close)
        try:
            folder = stack.enter_context(created(target))
        except OSError as error:
            msg = f"{target} cannot be written: {error.strerror}"
            raise ArchiveError(msg) from error
        created_us, paused = _cut(settings, list(sources.values()))
        saved, blobs = {}, {}
        for name in services:
            tell(f"the database of {name}")
            saved[name] = _database(sources[name], folder / DATABASES / name)
            tell(f"the files of {name}")
            blobs[name] = _blobs(Blobs(settings.blobs_url, name), folder / BLOBS / name)
        if with_secrets:
            _write_keys(settings, folder / KEYS)
        manifest = Manifest(
            release=release,
            created_us=created_us,
            engine=engine_of(settings.database_url.replace("{service}", "any")),
            services=saved,
            blobs=blobs,
            master_key=Secrets.from_settings(settings).masters()[0].id.hex(),
            key_reference=settings.secret if settings.secret.startswith("file:") else "MESH_SECRET",
            with_secrets=with_secrets,
            clock_offset=settings.clock_file.read_bytes().hex() if settings.clock_file.exists() else "",
        )
        manifest.write(folder)
    return Made(manifest, paused)


def _cut(settings: Settings, sources: Sequence[Source]) -> tuple[int, float]:
    """Pin one moment in all databases: that moment, and the milliseconds for which writers were paused."""
    for attempt in range(1, _TRIES + 1):
        started = time.monotonic()
        try:
            for each in sources:
                each.pause()
            for each in sources:
                each.pin()
            return mesh_clock(settings).now_us(), (time.monotonic() - started) * 1000
        except Busy:
            if attempt == _TRIES:
                raise
            _log.info("writers do not pause yet")
        finally:
            for each in sources:
                each.resume()
        time.sleep(_PAUSE_SECONDS * attempt)
    raise AssertionError


def _database(source: Source, folder: Path) -> Saved:
    folder.mkdir(mode=0o700, parents=True)
    return source.save(folder)


def _blobs(blobs: Blobs, folder: Path) -> int:
    """Copy all files; how many. One whose row was deleted meanwhile may be gone: its row is deleted again later."""
    count = 0
    for tenant, info in blobs.everything():
        path = folder / tenant / info.key
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with path.open("xb") as out:
                for piece in blobs.stream(tenant, info.key):
                    out.write(piece)
            count += 1
        except BlobNotFound:
            path.unlink()
    return count


def _write_keys(settings: Settings, path: Path) -> None:
    """The master keys themselves, one a line, the current one first."""
    path.parent.mkdir(mode=0o700)
    path.touch(mode=0o600)
    path.write_text("".join(f"{key.hex()}\n" for key in Secrets.from_settings(settings).roots()), encoding="ascii")
