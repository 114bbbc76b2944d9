"""The archive of a backup: a folder of files, or the same as one tar file, with the checksum of every file.

Owns the layout and whether an archive is whole. `SHA256SUMS` is in the form that `sha256sum -c` reads. Nobody but its
owner may read an archive: it holds what the databases hold.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tarfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from mesh.store.backup import Saved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FORMAT = 1
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
DATABASES, BLOBS, KEYS = "databases", "blobs", "secrets/master.keys"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_PIECE = 1 << 20
_TARS = {".tar": "w", ".tgz": "w:gz", ".gz": "w:gz"}


class ArchiveError(ValueError):
    """An archive cannot be used; the text says why, for an operator."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself.

    created_us: the moment that it holds, in microseconds since 1970, on the mesh's clock. engine: `sqlite` or
    `postgresql`. master_key: the id of the key that its secrets are sealed with. key_reference: where that was kept.
    clock_offset: how far the mesh's clock was ahead of the machine's, as the file of the clock holds it, in hex.
    """

    release: str
    created_us: int
    engine: str
    services: Mapping[str, Saved]
    blobs: Mapping[str, int]
    master_key: str
    key_reference: str
    with_secrets: bool
    clock_offset: str = ""
    format: int = field(default=FORMAT)

    def write(self, folder: Path) -> None:
        """Write it into an archive."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """That of an archive.

        Raises:
            ArchiveError: there is none, or it is one that this release cannot read.
        """
        try:
            content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            if content["format"] != FORMAT:
                msg = f"the archive has format {content['format']}; this release reads {FORMAT}"
                raise ArchiveError(msg)
            content["services"] = {name: Saved.read(saved) for name, saved in content["services"].items()}
            return cls(**content)
        except (OSError, KeyError, TypeError, AttributeError, json.JSONDecodeError, UnicodeDecodeError) as error:
            msg = "the archive has no manifest that can be read"
            raise ArchiveError(msg) from error


@contextmanager
def created(target: Path) -> Iterator[Path]:
    """A folder to fill, which becomes the archive when the block ends well; otherwise nothing stays.

    Raises:
        ArchiveError: something is there already.
    """
    if target.exists():
        msg = f"{target} is there already"
        raise ArchiveError(msg)
    folder = target.with_name(f"{target.name}.partial")
    packed = target.with_name(f"{target.name}.packing")
    shutil.rmtree(folder, ignore_errors=True)
    packed.unlink(missing_ok=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
        _seal(folder)
        mode = _TARS.get(target.suffix)
        if mode is None:
            folder.replace(target)
        else:
            packed.touch(mode=0o600)
            with tarfile.open(packed, mode) as tar:  # type: ignore[call-overload]  # a mode that is not a literal
                for path in _files(folder):
                    tar.add(folder / path, path, recursive=False)
            packed.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        packed.unlink(missing_ok=True)


@contextmanager
def opened(archive: Path, scratch: Path) -> Iterator[Path]:
    """The folder of a whole archive. `scratch` is a folder for what is unpacked; it goes afterwards.

    Raises:
        ArchiveError: it is damaged, incomplete or none.
    """
    if archive.is_dir():
        _check(archive)
        yield archive
        return
    try:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700, parents=True)
        try:
            with tarfile.open(archive) as tar:
                tar.extractall(scratch, filter="data")
        except (tarfile.TarError, OSError, EOFError, ValueError) as error:
            msg = f"{archive} is no archive of a backup, or damaged"
            raise ArchiveError(msg) from error
        _check(scratch)
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def digest(pieces: Iterable[bytes]) -> str:
    """SHA-256 as hex."""
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file in pieces of a megabyte."""
    with path.open("rb") as read:
        while piece := read.read(_PIECE):
            yield piece


def _seal(folder: Path) -> None:
    """Write the checksums of all there is; the archive is its owner's alone."""
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    lines = [f"{digest(pieces_of(folder / path))}  {path}\n" for path in _files(folder)]
    sums = folder / SUMS
    sums.touch(mode=0o600)
    sums.write_text("".join(lines), encoding="utf-8")


def _check(folder: Path) -> None:
    """Compare every file with its checksum."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        msg = "the archive has no checksums: it is none, or incomplete"
        raise ArchiveError(msg) from error
    matches = [_LINE.fullmatch(line) for line in lines]
    told = {match[2]: match[1] for match in matches if match}
    there = {path for path in _files(folder) if path != SUMS}
    wrong = {*there ^ told.keys(), *(p for p in there & told.keys() if digest(pieces_of(folder / p)) != told[p])}
    if wrong or len(told) != len(lines):
        named = f": {', '.join(sorted(wrong)[:3])}" if wrong else ""
        msg = f"the archive is damaged, {max(len(wrong), 1)} of its files are not what was backed up{named}"
        raise ArchiveError(msg)


def _files(folder: Path) -> list[str]:
    """The files of an archive, by alphabet; nothing else counts, least of all a link that leads elsewhere."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(str(path.relative_to(folder)) for path in found)
