"""Whether grants allow something: the one rule that calls are decided by, and that explanations of rights repeat.

Which rows a scope reaches is asked of the store in a call (`mesh/resource/scopes.py`); `reaches` says the same of one
row whose owner is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

# users.v1.Scope; constants, since links are loaded before any contract.
SCOPE_OWN, SCOPE_TEAM, SCOPE_ALL = 1, 2, 3


def breadth(grants: Mapping[str, int], permission: str, can_be_partial: Callable[[str], bool]) -> int:
    """The scope with which grants allow what asks for a permission; 0 where they do not.

    A narrower scope than ALL is enough where the store can tell whose a row is, as `can_be_partial` says.
    """
    scope = grants.get(permission, 0)
    return scope if scope >= SCOPE_ALL or (scope and can_be_partial(permission)) else 0


def reaches(scope: int, me: str, teams: Collection[str], *, owner: str, owner_team: str) -> bool:
    """Whether a scope reaches what `owner`, who is in `owner_team`, owns; `teams`: the caller's team and all below."""
    if scope >= SCOPE_ALL:
        return True
    if scope >= SCOPE_OWN and owner and owner == me:
        return True
    return scope >= SCOPE_TEAM and bool(owner) and owner_team in teams
