"""Files that are kept in parts: how their blobs are called, and their bytes for whoever looks for a value in them.

A value may stand where two pieces of a part meet, or two parts: it stands whole in one of what is given.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mesh.store.blobs import BlobInfo, Blobs

PIECE, OVERLAP = 1 << 20, 1_600
"""Bytes that are looked at in one go, and those that are read again with what follows: no value is longer."""
_MOST_ENDS = 16
"""In how many ways a file may end before a part, where parts were brought anew."""
_PART = re.compile(r"(.+/)(\d{7})-[0-9a-f]{16}")


def part_key(folder: str, part: Any) -> str:
    """Where a part's bytes are: two turns of the same part that differ do not meet."""
    return f"{folder}/{part.number:07}-{part.digest[:16]}"


class Files:
    """Blobs of a tenant, by their keys; `keys` are in order."""

    def __init__(self, blobs: Blobs, tenant: str, infos: Iterable[BlobInfo]) -> None:
        self._blobs, self._tenant = blobs, tenant
        self._sizes = {info.key: info.size for info in infos}
        self.keys = sorted(self._sizes)
        # A part that was brought anew stands beside what it was before: which of them is the file's is not asked.
        self._versions: dict[str, dict[int, list[str]]] = {}
        for key in self.keys:
            if match := _PART.fullmatch(key):
                self._versions.setdefault(match[1], {}).setdefault(int(match[2]), []).append(key)

    def pieces(self, key: str, offset: int = 0) -> Iterator[tuple[bytes, int]]:
        """The bytes from an offset on, and where to go on behind each piece; 0 where that is the end."""
        while True:
            piece = self._blobs.part(self._tenant, key, offset, PIECE)
            offset = offset + PIECE - OVERLAP if len(piece) == PIECE else 0
            yield piece, offset
            if not offset:
                return

    def seams(self, key: str) -> Iterator[bytes]:
        """The first bytes of a part, with what may stand before them in the file."""
        head = self._blobs.part(self._tenant, key, 0, OVERLAP)
        yield from (end + head for end in self._before(key))

    def _before(self, key: str) -> Iterable[bytes]:
        match = _PART.fullmatch(key)
        if match is None:
            return ()
        versions = self._versions[match[1]]
        earlier: list[Sequence[str]] = []
        for number in sorted((each for each in versions if each < int(match[2])), reverse=True):
            earlier.append(versions[number])
            if all(self._sizes[each] >= OVERLAP for each in versions[number]):
                break
        ends = [b""] if earlier else []
        for keys in reversed(earlier):
            tails = [self._tail(each) for each in keys]
            ends = list(dict.fromkeys((end + tail)[-OVERLAP:] for tail in tails for end in ends))[:_MOST_ENDS]
        return ends

    def _tail(self, key: str) -> bytes:
        return self._blobs.part(self._tenant, key, max(0, self._sizes[key] - OVERLAP), OVERLAP)
