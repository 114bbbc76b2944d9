"""Which promises of `contract.json` a newer one takes back: policies that `buf breaking` does not look at.

Each finding is one sentence that begins with what it is about; the same difference always gives the same sentence,
so that it can be allowed by quoting it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# From closed to open: a method may move to the left unseen, never to the right. A capability compares with none.
_ACCESS = ("service", "permission", "self", "publishable_key", "anonymous")
_IDEMPOTENCY = ("UNKNOWN", "IDEMPOTENT", "NO_SIDE_EFFECTS")
_RATE = ("READ", "WRITE", "COSTLY", "CREDENTIAL")
_SENSITIVITY = ("", "SENSITIVITY_PII", "SENSITIVITY_SECRET")
_ALLOWED = re.compile(r"^- `([^`]+)`: +(\S.*)$")


def loosened(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Every promise of the old contract that the new one does not keep, sorted."""
    findings: list[str] = []
    for kind, compare in (("methods", _method), ("resources", _resource), ("fields", _field), ("reasons", _reason)):
        for name, before in old.get(kind, {}).items():
            after = new.get(kind, {}).get(name)
            if after is None and kind in ("methods", "resources"):
                findings.append(f"{name}: removed")
            else:
                findings += [f"{name}: {finding}" for finding in compare(before, after)]
    return sorted(findings)


def allowed(changes: str) -> dict[str, str]:
    """The findings that CHANGES.md allows for the next release, with the reason of each.

    Only lines of the form ``- `finding`: reason`` below the heading `## Unreleased` count.
    """
    section = re.split(r"^## ", changes, flags=re.MULTILINE)
    unreleased = "".join(text for text in section if text.startswith("Unreleased"))
    lines = (_ALLOWED.match(line) for line in unreleased.splitlines())
    return {line[1]: line[2] for line in lines if line}


def _access(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    was, now = old["access"], new["access"]
    if was != now:
        if "capability" in (was, now) or _ACCESS.index(now) > _ACCESS.index(was):
            yield f"access loosened from {was} to {now}"
        return
    for key in ("permission", "capability"):
        if old[key] != new[key]:
            yield f"{key} changed from {old[key]} to {new[key]}"
    if now == "self" and new.get("scope") and new["scope"] != old.get("scope"):
        yield f"opened to clients with the scope {new['scope']}"
    added = sorted(set(new["peers"]) - set(old["peers"]))
    if added and "*" not in old["peers"]:
        yield f"peers added: {', '.join(added)}"


def _method(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    yield from _access(old, new)
    if new["deadline_seconds"] > old["deadline_seconds"]:
        yield f"deadline longer: {old['deadline_seconds']:g} s to {new['deadline_seconds']:g} s"
    yield from _weaker("idempotency", _IDEMPOTENCY, old, new)
    yield from _weaker("rate", _RATE, old, new)
    if old["audit"] and old["audit"] != new["audit"]:
        yield f"audit {old['audit']} {'changed to ' + new['audit'] if new['audit'] else 'dropped'}"
    if new.get("largest_body", 0) > old.get("largest_body", 0) > 0:
        yield f"larger body: {old['largest_body']} to {new['largest_body']} bytes"
    if old["fresh"] and not new["fresh"]:
        yield "no longer fresh"
    yield from _less_sure(old, new)
    if old.get("in_person") and not new.get("in_person"):
        yield "no longer in person only"
    for route in old["http"]:
        if route not in new["http"]:
            yield f"route {route} removed"


def _less_sure(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    was, now = old.get("assurance_level", 0), new.get("assurance_level", 0)
    if now < was:
        yield f"assurance weaker: level {was} to {now}"
    within, after = old.get("assurance_seconds", 0), new.get("assurance_seconds", 0)
    if within and now and (not after or after > within):
        yield f"assurance weaker: a proof within {within:g} s to {after:g} s"


def _resource(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in ("collection", "prefix"):
        if old[key] != new[key]:
            yield f"{key} changed from {old[key]} to {new[key]}"
    if old["owner_field"] and old["owner_field"] != new["owner_field"]:
        yield f"owner field {old['owner_field']} dropped"
    if old.get("self_field") and old["self_field"] != new.get("self_field"):
        yield f"self field {old['self_field']} dropped"
    if old["soft_delete"] and not new["soft_delete"]:
        yield "soft delete dropped"
    if new["retention_seconds"] < old["retention_seconds"]:
        yield f"retention shorter: {old['retention_seconds']:.12g} s to {new['retention_seconds']:.12g} s"
    if new.get("silent") and not old.get("silent"):
        yield "events dropped"


def _field(old: Mapping[str, str], new: Mapping[str, str] | None) -> Iterator[str]:
    now = new or {}
    was = old.get("sensitivity", "")
    if _SENSITIVITY.index(now.get("sensitivity", "")) < _SENSITIVITY.index(was):
        yield f"sensitivity weaker than {was}"
    if old.get("on_delete") and now.get("on_delete") != old["on_delete"]:
        yield f"on_delete changed from {old['on_delete']}"


def _reason(old: str, new: str | None) -> Iterator[str]:
    # A reason that no method fails with any more breaks nobody; another status for it does.
    if new is not None and new != old:
        yield f"code changed from {old} to {new}"


def _weaker(key: str, order: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if order.index(new[key]) < order.index(old[key]):
        yield f"{key} weaker: {old[key]} to {new[key]}"
