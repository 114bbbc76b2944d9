"""Restores an archive into a mesh that does not run: everything is made beside what is there, then put in its place.

Owns the order. What may fail comes first: checksums, versions, keys, loading, rebuilding. Files come next; without
their rows they mean nothing. Then the databases are swapped, one after another, which takes milliseconds; a mark in the
home tells that it was begun, so that no mesh starts on half of it, and the next restore begins by taking it back.
"""

from __future__ import annotations

import importlib
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mesh.backup.archive import BLOBS, DATABASES, KEYS, ArchiveError, Manifest, opened, pieces_of
from mesh.backup.rebuilding import Restored, rebuild
from mesh.contract.catalog import all_services
from mesh.control import run_file
from mesh.events.envelope import stream_of
from mesh.events.redis_connection import RedisConnection
from mesh.runtime.clock import mesh_clock
from mesh.runtime.secrets import Secrets
from mesh.store.backup import engine_of, target
from mesh.store.blobs import Blobs
from mesh.store.migrate import heads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import MetaData

    from mesh.runtime.settings import Settings
    from mesh.store.backup import Target


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was restored, and how many positions of consumers were ahead of the owners that they follow."""

    manifest: Manifest
    ahead: int


def read_archive(archive: Path, settings: Settings) -> Manifest:
    """What an archive holds, after all of it was compared with its checksums.

    Raises:
        ArchiveError: it is damaged, or none of this mesh's.
    """
    with opened(archive, settings.home / "restoring") as folder:
        manifest = Manifest.read(folder)
        _check(manifest, folder, settings)
        return manifest


def restore(settings: Settings, archive: Path, *, tell: Callable[[str], None] = lambda text: None) -> Outcome:
    """Put the databases and files of an archive in the place of what is there. Whoever calls holds the mesh's lock.

    Services that the archive does not hold keep what they own; their copies are rebuilt as well.

    Raises:
        ArchiveError: the archive cannot be restored here; nothing has changed.
        StoreError, RedisUnavailable, RedisRefused: something does not answer; nothing has changed, unless the home is
            marked as half restored: then it is to be restored again.
    """
    with opened(archive, settings.home / "restoring") as folder, ExitStack() as stack:
        manifest = Manifest.read(folder)
        _check(manifest, folder, settings)
        settings = _with_key(settings, manifest, folder)
        tables: dict[str, MetaData] = {
            name: importlib.import_module(f"services.{name}.tables").metadata for name in all_services()
        }
        targets = {
            name: target(settings.migrations(name), service=name, metadata=metadata)
            for name, metadata in tables.items()
        }
        for each in targets.values():
            stack.callback(each.close)
        if run_file.restoring(settings.home):
            for each in targets.values():
                each.undo()
        for name, each in targets.items():
            tell(f"the database of {name}")
            if name in manifest.services:
                each.load(folder / DATABASES / name, manifest.services[name])
            else:
                each.keep()
        databases = {name: Restored(each.connection, tables[name]) for name, each in targets.items()}
        _set_clock(settings, manifest)
        now_us = mesh_clock(settings).now_us()
        ahead = rebuild(databases, created_us=manifest.created_us, now_us=now_us)
        for each in targets.values():
            each.prepare()
        for name in manifest.services:
            tell(f"the files of {name}")
            _put_blobs(settings, name, folder / BLOBS / name)
        _drop_streams(settings, targets)
        _swap(settings, targets, archive)
        for name in manifest.services:
            _remove_strangers(settings, name, folder / BLOBS / name)
    return Outcome(manifest, ahead)


def _check(manifest: Manifest, folder: Path, settings: Settings) -> None:
    """Whether this release, these engines and these keys can take it."""
    engine = engine_of(settings.migrations("any"))
    if manifest.engine != engine:
        msg = f"the archive is of {manifest.engine} and goes into nothing else; DATABASE_URL names {engine}"
        raise ArchiveError(msg)
    strangers = sorted(manifest.services.keys() - set(all_services()))
    if strangers:
        msg = f"the archive holds services that this release does not have: {', '.join(strangers)}"
        raise ArchiveError(msg)
    for name, saved in manifest.services.items():
        if not (folder / DATABASES / name).is_dir():
            msg = f"the archive lacks the database of {name}"
            raise ArchiveError(msg)
        known = heads(name)
        wrong = {table for table, number in saved.revisions.items() if number > known.get(table, 0)}
        if wrong or "mesh_version" not in saved.revisions:
            msg = f"the schema of {name} is not one of this release or before it; the archive is of {manifest.release}"
            raise ArchiveError(msg)


def _with_key(settings: Settings, manifest: Manifest, folder: Path) -> Settings:
    """The settings with a master key that opens what the archive holds: the mesh's own, or the archive's."""
    own = settings.home / "secrets" / "root.key"
    if not settings.secret and not own.exists() and (folder / KEYS).exists():
        own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        own.touch(mode=0o600)
        own.write_bytes((folder / KEYS).read_bytes())
    if not settings.secret:
        settings = replace(settings, secret=f"file:{own}")
    try:
        held = {master.id.hex() for master in Secrets.from_settings(settings).masters()}
    except OSError:
        held = set()
    if manifest.master_key not in held:
        msg = (
            f"the archive's secrets are sealed with master key {manifest.master_key}, which this mesh does not have; "
            f"name it with MESH_SECRET or put it at {own} (it was kept at {manifest.key_reference})"
        )
        raise ArchiveError(msg)
    return settings


def _set_clock(settings: Settings, manifest: Manifest) -> None:
    """Rows of a mesh whose clock was moved ahead must not lie in its future."""
    if settings.virtual_time and manifest.clock_offset:
        settings.home.mkdir(parents=True, exist_ok=True)
        settings.clock_file.write_bytes(bytes.fromhex(manifest.clock_offset))


def _put_blobs(settings: Settings, service: str, folder: Path) -> None:
    blobs = Blobs(settings.blobs_url, service)
    for tenant, key, path in _blobs_of(folder):
        blobs.put(tenant, key, pieces_of(path))


def _remove_strangers(settings: Settings, service: str, folder: Path) -> None:
    """Files that came after the backup have no rows any more."""
    blobs = Blobs(settings.blobs_url, service)
    known = {(tenant, key) for tenant, key, _ in _blobs_of(folder)}
    for tenant, key in [(t, info.key) for t, info in blobs.everything() if (t, info.key) not in known]:
        blobs.delete(tenant, key)


def _blobs_of(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Tenant, key and file of each."""
    for path in folder.rglob("*"):
        if path.is_file():
            tenant, _, key = str(path.relative_to(folder)).partition("/")
            yield tenant, key, path


def _drop_streams(settings: Settings, services: Mapping[str, Target]) -> None:
    """Redis holds nothing that the databases do not publish again, and what it holds may never have happened."""
    if not settings.redis_url:
        shutil.rmtree(settings.home / "redis", ignore_errors=True)
        return
    redis = RedisConnection(settings.redis_url)
    try:
        redis.call("DEL", *map(stream_of, services))
    finally:
        redis.close()


def _swap(settings: Settings, targets: Mapping[str, Target], archive: Path) -> None:
    run_file.mark_restoring(settings.home, str(archive))
    try:
        for each in targets.values():
            each.swap()
    except BaseException:
        undone = [each.undo() for each in targets.values()]
        if all(undone):
            run_file.mark_restoring(settings.home, "")
        raise
    run_file.mark_restoring(settings.home, "")
