"""What a resource does where its service says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.protobuf.message import Message

    from mesh.runtime.call import View, Write


def accept(before: Message | None, after: Any, facts: Any) -> Any:
    """The rule of a resource that has none."""
    del before, facts
    return after


def at_once(write: Write) -> None:
    """What writes of a resource wait for that need not take turns."""
    del write


def nothing(write: Write, before: Message | None, after: Any) -> None:
    """What is settled with a resource that has nothing beside its row."""
    del write, before, after


def keep(write: Write, identity: str) -> None:
    """What vanishes with a resource that has nothing beside its row."""
    del write, identity


def needed(write: Write, after: Any) -> bool:
    """Whether a resource says nothing any more that always says something."""
    del write, after
    return False


def no_facts(view: View, resources: Sequence[Message]) -> None:
    """The facts of a rule that needs none."""
    del view, resources
