"""TagService: deletion and merging, by which whatever has a tag loses it or gets another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2, tag_service_pb2
from rapport.mesh.v1 import references_pb2

from mesh.resource import move_order
from mesh.resource.resource import Resource
from mesh.resource.writing import NO_FACTS, change, delete, locked
from services.customers.domain.tags import check_merge, decide_tag
from services.customers.tables import tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.runtime.call import Call, Write


class TagMethods:
    """The methods of TagService that are more than the standard ones; `release` refuses to let go of a tag in use."""

    def __init__(self, release: Callable[[Write, str], None]) -> None:
        self._release = release
        self.tags = Resource(resources_pb2.Tag, tags, decide=decide_tag)

    def delete_tag(self, call: Call, request: tag_service_pb2.DeleteTagRequest) -> resources_pb2.Tag:
        """The tag marked as deleted; deleting it again changes nothing."""
        with call.commit() as commit:
            gone = locked(commit, self.tags, request.id)[self.tags.deleted] is not None
            if not gone:
                self._release(commit, request.id)
            deleted = delete(commit, self.tags, request.id, request.etag)
            if not gone:
                self._move(commit, request.id, "")
            return commit.reply(deleted)

    def merge_tag(self, call: Call, request: tag_service_pb2.MergeTagRequest) -> resources_pb2.Tag:
        """The tag that has ended; it says what it has become part of."""
        with call.commit() as commit:
            # In the order of their ids: two merges never wait for each other.
            rows = {each: locked(commit, self.tags, each) for each in sorted({request.id, request.into_id})}
            tag: resources_pb2.Tag = self.tags.build(resources_pb2.Tag, rows[request.id])
            into: resources_pb2.Tag = self.tags.build(resources_pb2.Tag, rows[request.into_id])
            if tag.merged_into_id == into.id:
                commit.audit(f"tags/{tag.id}")
                return commit.reply(tag)
            check_merge(tag, into)
            self._release(commit, tag.id)

            def end(after: resources_pb2.Tag) -> None:
                after.delete_time.FromMicroseconds(commit.now_us)
                after.merged_into_id = into.id

            merged, changed = change(commit, self.tags, rows[tag.id], end, NO_FACTS, kind="Deleted")
            self._move(commit, tag.id, into.id)
            commit.audit(f"tags/{tag.id}", changed)
            return commit.reply(merged)

    def _move(self, write: Write, from_id: str, to_id: str) -> None:
        """Let what has a tag have another one, or none. A merge, since only a merge changes what is kept in a list."""
        move_order.tell(write, self.tags.contract.type, from_id, to_id, references_pb2.MOVE_REASON_MERGE)
