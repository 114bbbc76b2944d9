"""The rules of tags: a word that no other one has, whatever its case."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from mesh.contract.failure import Failure
from services.customers.domain.texts import tidy

if TYPE_CHECKING:
    from rapport.customers.v1 import resources_pb2


def decide_tag(before: resources_pb2.Tag | None, after: resources_pb2.Tag, facts: object) -> resources_pb2.Tag:
    """The tag as it will be kept.

    Raises:
        Failure: TAG_UNNAMED.
    """
    del before, facts
    after.display_name = tidy(after.display_name)
    after.folded_name = folded(after.display_name)
    if not after.folded_name:
        raise Failure("TAG_UNNAMED", fields={"display_name": "is empty"})
    return after


def folded(word: str) -> str:
    """A word without regard to case and to how its characters are composed."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", tidy(word)).casefold())


def check_merge(tag: resources_pb2.Tag, into: resources_pb2.Tag) -> None:
    """Refuse to merge what is gone, or a tag with itself.

    Raises:
        Failure: TAG_MERGED.
    """
    for field, each in (("id", tag), ("into_id", into)):
        if each.HasField("delete_time"):
            raise Failure("TAG_MERGED", fields={field: "was deleted or merged before"})
    if tag.id == into.id:
        raise Failure("TAG_MERGED", fields={"into_id": "is the tag itself"})
