"""Jobs that make a file, part by part, and the link that it is downloaded by.

The job's resource has, besides `job` and `creator_id`, the fields `parts` (number, size, digest), `size` and
`expire_time`. A part is kept before the record that names it: a process that is killed between leaves nothing that is
missed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import quote

from google.api import httpbody_pb2
from google.protobuf.message import Message
from rapport.type.v1 import job_pb2

from mesh.contract.failure import Failure
from mesh.resource.file_parts import part_key
from mesh.resource.jobs import ENDED, Chunk, JobKind, TakenAway
from mesh.resource.reading import seen
from mesh.store.blobs import BlobNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call
    from mesh.runtime.environment import Environment
    from mesh.runtime.stream import StreamCall

M = TypeVar("M", bound=Message)

KEPT_SECONDS = 7 * 24 * 3600
LINK_SECONDS = 600
MAX_BYTES = 2 << 30
_MAX_PARTS = 2_000


@dataclass(frozen=True, slots=True)
class Written:
    """The next part of a file: its bytes, how much of `job.total` they are, and where the next one begins, if any."""

    content: bytes
    count: int
    cursor: bytes


@dataclass(frozen=True, slots=True)
class FileLink:
    """The link that the file of a resource is downloaded by; only who made the resource, its `creator_id`, gets one.

    available(record, now): whether there is a file, at a time in microseconds; unavailable: the reason where not.
    """

    resource: Resource[Any]
    available: Callable[[Any, int], bool]
    unavailable: str

    @property
    def capability(self) -> str:
        """What these links are for, as contracts name it."""
        return f"{self.resource.contract.collection}.download"

    def link(self, call: Call, identity: str, reply: M) -> M:
        """The reply with the `path` that the caller's file is downloaded by for ten minutes, and `expire_time`.

        Raises:
            Failure: NOT_FOUND; PERMISSION_DENIED for another one's file; `unavailable`.
        """
        collection = self.resource.contract.collection
        record = seen(call, self.resource, identity)
        if record.creator_id != call.identity.principal:
            # What is in the file is what its creator may read; that may be more than the caller may.
            raise Failure("PERMISSION_DENIED")
        with call.commit() as commit:
            self._check(record, commit.now_us)
            ends_us, told = commit.now_us + LINK_SECONDS * 1_000_000, cast("Any", reply)
            token = call.environment.capabilities.mint(
                self.capability, commit.tenant, identity, expires_us=ends_us, single_use=False
            )
            told.path = f"/v1/{collection}:download?token={token}"
            told.expire_time.FromMicroseconds(ends_us)
            commit.audit(f"{collection}/{identity}")
            return commit.reply(reply)

    def record(self, call: StreamCall) -> Any:
        """The resource whose file the capability of the call is for.

        Raises:
            Failure: `unavailable`; CAPABILITY_INVALID, where its creator may not work any more.
        """
        rows = call.read(self.resource.by_id, id=call.capability.subject if call.capability else "")
        if not rows:
            raise Failure(self.unavailable)
        record: Any = self.resource.build(self.resource.message, rows[0])
        if not call.environment.directory.find(call.identity.tenant, record.creator_id).active:
            raise Failure("CAPABILITY_INVALID")
        self._check(record, call.environment.clock.now_us())
        return record

    def answer(self, call: StreamCall, name: str) -> None:
        """Answer with a file of this name."""
        attachment = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        call.answer(200, {"content-disposition": attachment, "cache-control": "no-store"})

    def _check(self, record: Any, now_us: int) -> None:
        if not self.available(record, now_us):
            raise Failure(self.unavailable)


@dataclass(frozen=True, slots=True)
class FileJob:
    """A kind of job that makes files.

    name: as in `audit-export`. method: path of the method whose access the creator must still have at every part.
    write(chunk) gives the next part. unavailable: the reason of a download that there is none of, or not any more.
    folder: where among the blobs of the service its files are; empty: below the name of their collection. personal: its
    files tell of persons, so that those which are there go when one is erased; another one is soon made. kept_seconds:
    how long a file is there.
    """

    name: str
    method: str
    resource: Resource[Any]
    write: Callable[[Chunk], Written]
    unavailable: str = "EXPORT_UNAVAILABLE"
    folder: str = ""
    personal: bool = False
    kept_seconds: int = KEPT_SECONDS
    kind: JobKind = field(init=False)
    links: FileLink = field(init=False)

    def __post_init__(self) -> None:
        kind = JobKind(
            name=self.name,
            method=self.method,
            resource=self.resource,
            step=self._step,
            clear=self._clear,
            kept_seconds=self.kept_seconds,
        )
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "links", FileLink(self.resource, _is_there, self.unavailable))

    def link(self, call: Call, identity: str, reply: M) -> M:
        """The reply with the `path` that the caller's file is downloaded by, see FileLink.link()."""
        return self.links.link(call, identity, reply)

    def download(
        self, call: StreamCall, *, name: Callable[[Any], str], content_type: Callable[[Any], str]
    ) -> Iterator[httpbody_pb2.HttpBody]:
        """The file that the capability of the call is for, in pieces of about a megabyte.

        Raises:
            Failure: `unavailable`; CAPABILITY_INVALID, where its creator may not work any more.
        """
        record, tenant = self.links.record(call), call.identity.tenant
        self.links.answer(call, name(record))
        try:
            for part in record.parts:
                for piece in call.environment.blobs.stream(tenant, part_key(self._folder(record.id), part)):
                    yield httpbody_pb2.HttpBody(content_type=content_type(record), data=piece)
        except BlobNotFound:
            raise Failure(self.unavailable) from None

    def _step(self, chunk: Chunk) -> None:
        """One part of the file."""
        made, blobs = self.write(chunk), chunk.call.environment.blobs
        part = chunk.record.parts.add(
            number=len(chunk.record.parts) + 1,
            size=len(made.content),
            digest=hashlib.sha256(made.content).hexdigest(),
        )
        key = part_key(self._folder(chunk.id), part)
        blobs.put(chunk.tenant, key, made.content)
        try:
            with chunk.commit() as write:
                after = write.record
                if len(after.parts) >= _MAX_PARTS or after.size + part.size > MAX_BYTES:
                    raise Failure("FILE_TOO_LARGE")
                after.parts.add().CopyFrom(part)
                after.size += part.size
                after.job.done += made.count
                if made.cursor:
                    write.go_on(made.cursor)
                else:
                    after.job.total = after.job.done
                    after.expire_time.FromMicroseconds(write.now_us + self.kept_seconds * 1_000_000)
                    write.end()
        except TakenAway:
            blobs.delete(chunk.tenant, key)
            raise

    def check(self, call: Call) -> None:
        """Refuse while a file is being written.

        Raises:
            Failure: CONFLICT.
        """
        for identity in self._folders(call):
            for row in call.read(self.resource.by_id, id=identity):
                if self.resource.build(self.resource.message, row).job.state not in ENDED:
                    raise Failure("CONFLICT")

    def drop(self, call: Call, count: Callable[[str], None]) -> None:
        """Remove the files that the tenant has, all of them, each counted before; done again it is harmless.

        Raises:
            Failure: CONFLICT, while one is being written.
        """
        self.check(call)
        for identity in self._folders(call):
            count(f"files of {self.resource.contract.collection}")
            self._clear(call.environment, call.identity.tenant, identity)

    def _folders(self, call: Call) -> list[str]:
        blobs = call.environment.blobs.list(call.identity.tenant, self._folder("").rstrip("/"))
        return sorted({blob.key.split("/")[1] for blob in blobs})

    def _clear(self, environment: Environment, tenant: str, identity: str) -> None:
        environment.blobs.delete(tenant, self._folder(identity))

    def _folder(self, identity: str) -> str:
        return f"{self.folder or self.resource.contract.collection}/{identity}"


def _is_there(record: Any, now_us: int) -> bool:
    return bool(record.job.state == job_pb2.JOB_STATE_SUCCEEDED and record.expire_time.ToMicroseconds() > now_us)
