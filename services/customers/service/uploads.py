"""Files that were uploaded for imports: looked through for a person who is erased, and removed where they tell of them.

What was looked through is remembered by the process, so that the next batch goes on behind it: a part of a file never
changes its bytes.
"""

from __future__ import annotations

import hashlib
import itertools
import threading
import time
from typing import TYPE_CHECKING, Any

from rapport.type.v1 import job_pb2

from mesh.contract.failure import Failure
from mesh.contract.traces import EMAIL, PHONE, plain, readings
from mesh.resource.file_parts import Files
from mesh.resource.jobs import ENDED, end_job, keep_record, locked_record
from services.customers.service.quoted import tracer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rapport.mesh.v1 import subject_pb2

    from mesh.resource.resource import Resource
    from mesh.resource.subjects import Count
    from mesh.runtime.call import Call

_FOLDER = "imports"
_SECONDS = 8.0
"""How long one batch looks; the rest is for the next."""
_MOST_CLEAN = 200_000
_SEPARATORS = str.maketrans("", "", " ()./-")


class _Late(Exception):
    """The time of this batch is over."""


class _Look:
    """What finds a person in texts. Almost none needs the slow look, as it holds nothing of them, squeezed."""

    def __init__(self, subject: subject_pb2.Subject) -> None:
        self.digest = hashlib.sha256(subject.SerializeToString(deterministic=True)).digest()
        self.finished = 0
        self._tracer = tracer_of(subject)
        self._emails = sorted({plain(EMAIL, each) for each in subject.emails} - {""})
        self._numbers = sorted({plain(PHONE, each) for each in subject.phones} - {""})

    def is_in(self, data: bytes) -> bool:
        """Whether bytes of a file tell of the person."""
        return any(map(self._is_in, readings(data)))

    def _is_in(self, text: str) -> bool:
        folded, squeezed = text.casefold(), text.translate(_SEPARATORS)
        likely = any(each in folded for each in self._emails) or any(each in squeezed for each in self._numbers)
        return likely and self._tracer.is_in(text)


class Uploads:
    """The files of these imports."""

    def __init__(self, imports: Resource[Any]) -> None:
        self._imports = imports
        self._clean: set[bytes] = set()
        self._lock = threading.Lock()

    def check(self, call: Call) -> None:
        """Refuse while an import is at work.

        Raises:
            Failure: CONFLICT.
        """
        for identity in self._folders(call):
            for row in call.read(self._imports.by_id, id=identity):
                _check(self._imports.build(self._imports.message, row))

    def erase(self, call: Call, subject: subject_pb2.Subject, count: Count) -> bool:
        """Remove the next file that tells of the person, and count it; whether there may be more.

        One part that takes all of the time counts as telling.

        Raises:
            Failure: CONFLICT, where an import is at work with it.
        """
        look, ends = _Look(subject), time.monotonic() + min(_SECONDS, call.remaining() / 2)
        for identity in self._folders(call):
            blobs, tenant = call.environment.blobs, call.identity.tenant
            files = Files(blobs, tenant, blobs.list(tenant, f"{_FOLDER}/{identity}"))
            try:
                tells = any(self._tells(call, look, files, at, ends) for at in range(len(files.keys)))
            except _Late:
                if look.finished:
                    return True
                tells = True
            if tells:
                self._remove(call, identity, files.keys, count)
                return True
        return False

    @staticmethod
    def _folders(call: Call) -> list[str]:
        blobs = call.environment.blobs.list(call.identity.tenant, _FOLDER)
        return sorted({blob.key.split("/")[1] for blob in blobs})

    def _tells(self, call: Call, look: _Look, files: Files, at: int, ends: float) -> bool:
        key = files.keys[at]
        # Where a part before it is brought anew, others meet here, and this one stands further behind.
        named = f"{call.identity.tenant}/{key}/{at}".encode()
        known = hashlib.blake2b(named, key=look.digest, digest_size=16).digest()
        if known in self._clean:
            return False
        for data in itertools.chain(files.seams(key), (piece for piece, _ in files.pieces(key))):
            if time.monotonic() >= ends:
                raise _Late
            if look.is_in(data):
                return True
        with self._lock:
            if len(self._clean) >= _MOST_CLEAN:
                self._clean.clear()
            self._clean.add(known)
        look.finished += 1
        return False

    def _remove(self, call: Call, identity: str, keys: Sequence[str], count: Count) -> None:
        """Take the file from its import first: one that was only described, or tried, is not started without it."""
        if call.read(self._imports.by_id, id=identity):
            with call.service_write() as write:
                before, version = locked_record(write, self._imports, identity)
                _check(before)
                after = type(before)()
                after.CopyFrom(before)
                after.ClearField("parts")
                if before.job.state not in ENDED:
                    end_job(after, job_pb2.JOB_STATE_CANCELLED, write.now_us)
                keep_record(write, self._imports, before, after, version)
                if before.parts:
                    count(write, "files of contact-imports")
        for key in keys:
            call.environment.blobs.delete(call.identity.tenant, key)


def _check(record: Any) -> None:
    if record.job.state in (job_pb2.JOB_STATE_PENDING, job_pb2.JOB_STATE_RUNNING):
        # It leaves the person out from here on; what becomes of its file is known at its end.
        raise Failure("CONFLICT")
