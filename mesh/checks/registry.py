"""All checks there are, in the order in which they are made: what others need comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.checks import certificates, clocks, contract, edge, events, instances, machine, settings, store, tenancy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.checks.check import Check


def all_checks() -> tuple[Check, ...]:
    """Every check."""
    families = (machine, settings, contract, certificates, store, tenancy, events, clocks, instances, edge)
    return tuple(each for family in families for each in family.CHECKS)


def chosen(names: Sequence[str]) -> tuple[Check, ...]:
    """The checks of these names or families, all of them where none is named.

    Raises:
        ValueError: one names nothing; the text says which.
    """
    found = all_checks()
    for name in names:
        if not any(_is(each, name) for each in found):
            msg = f"there is no check {name!r}; all names: mesh check --list"
            raise ValueError(msg)
    return tuple(each for each in found if not names or any(_is(each, name) for name in names))


def _is(each: Check, name: str) -> bool:
    return name in (each.name, each.name.partition(".")[0])
