"""What a check is, and how checks are made and ended. It knows none of them: mesh.checks.registry does."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mesh.checks.view import View

OK, FAILED, SKIPPED = "ok", "failed", "skipped"
_MOST_PROBLEMS = 20


class Skipped(Exception):
    """There is nothing to check, or something that another check tells of is in the way; the text says what."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold.

    name: family and thing, as in `redis.persistence`. proves: what is so when it is ok. remedy: one sentence for the
    operator. look: yields what is wrong, each in a line without secrets; or raises Skipped. running: a mesh must run.
    """

    name: str
    proves: str
    remedy: str
    look: Callable[[View], Iterable[str]]
    running: bool


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended: `ok`, `failed` with its problems and the remedy, or `skipped` with the reason."""

    name: str
    verdict: str
    proves: str
    problems: tuple[str, ...]
    reason: str
    remedy: str
    milliseconds: float


def check(
    name: str, proves: str, *, remedy: str, running: bool = False
) -> Callable[[Callable[[View], Iterable[str]]], Check]:
    """Make a check of the function that looks."""

    def made(look: Callable[[View], Iterable[str]]) -> Check:
        return Check(name, proves, remedy, look, running)

    return made


def results(checks: Iterable[Check], view: View) -> Iterator[Result]:
    """Each check's result, in their order, as soon as it is there."""
    for each in checks:
        began = time.monotonic()
        problems, reason = _looked(each, view)
        verdict = SKIPPED if reason else FAILED if problems else OK
        spent = round((time.monotonic() - began) * 1000, 1)
        remedy = each.remedy if problems else ""
        yield Result(each.name, verdict, each.proves, problems[:_MOST_PROBLEMS], reason, remedy, spent)


def _looked(each: Check, view: View) -> tuple[tuple[str, ...], str]:
    """The problems, and why it was skipped; a fault of the check itself is a problem too, told without its text."""
    try:
        if each.running:
            view.run()
        return tuple(each.look(view)), ""
    except Skipped as skipped:
        return (), str(skipped)
    except Exception as error:  # noqa: BLE001  # one check that cannot be made must not hide the others
        return (f"this could not be checked: {type(error).__name__}",), ""
