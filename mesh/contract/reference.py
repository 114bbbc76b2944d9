"""docs/reference.md: every RPC, resource and reason in tables. A pure function of catalog and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.contract.error_schema import HTTP_STATUS
from mesh.contract.method import AccessKind
from mesh.contract.reasons import common_reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mesh.contract.catalog import Catalog
    from mesh.contract.method import Access, MethodContract
    from mesh.contract.reasons import Reason

_HEAD = """# Reference

Generated from the protobuf contracts by `make gen`. Access, deadline and reasons are those of the policy option of each
RPC; limits of single fields stand in [openapi.json](../gen/openapi.json) and in the `.proto` files.
"""


def reference(catalog: Catalog, comments: Mapping[str, str]) -> str:
    """The whole document, the same for the same contracts."""
    lines = [_HEAD]
    for service in catalog.services():
        lines += [f"## {service}", ""]
        for area, methods in catalog.areas().items():
            if methods[0].service == service:
                lines += [f"### {area.rpartition('.')[2]}", "", comments.get(area, ""), ""]
                lines += [*_table(_METHODS, (_method(method, comments) for method in methods)), ""]
        ours = [method for method in catalog.methods.values() if method.service == service]
        own = {name: method.reasons[name] for method in ours for name in method.own_reasons}
        if own:
            lines += [f"Reasons of `{service}`:", "", *_table(_REASONS, map(_reason, own.values())), ""]
    lines += ["## Resources", "", *_table(_RESOURCES, _resources(catalog)), ""]
    lines += ["## Reasons that any RPC may fail with", ""]
    lines += _table(_REASONS, map(_reason, common_reasons().values()))
    return "\n".join(lines) + "\n"


_METHODS = ("RPC", "what it does", "access", "deadline", "repeatable", "JSON", "fails with")
_RESOURCES = ("resource", "ids", "collection", "owner", "deletion")
_REASONS = ("reason", "code", "HTTP", "message")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _method(method: MethodContract, comments: Mapping[str, str]) -> tuple[str, ...]:
    repeatable = "by request_id" if method.takes_request_id else _REPEATABLE[method.idempotency.name]
    return (
        method.name,
        comments.get(f"{method.area}.{method.name}", ""),
        who_may_call(method.access) + _how_sure(method),
        f"{method.deadline:g} s",
        repeatable,
        "<br>".join(f"`{route.verb} {route.template}`" for route in method.routes) or "inside the mesh only",
        "<br>".join(f"`{name}`" for name in method.own_reasons),
    )


_REPEATABLE = {"NO_SIDE_EFFECTS": "reads only", "IDEMPOTENT": "yes", "UNKNOWN": "no"}


def who_may_call(access: Access) -> str:
    """Who may call, in words."""
    match access.kind:
        case AccessKind.PERMISSION:
            return f"`{access.permission}`"
        case AccessKind.SERVICE:
            return "any service" if "*" in access.peers else f"services {', '.join(sorted(access.peers))}"
        case AccessKind.CAPABILITY:
            return f"token for `{access.capability}`"
        case AccessKind.SELF:
            return "signed in"
        case AccessKind.PUBLISHABLE_KEY:
            return "publishable key"
        case AccessKind.ANONYMOUS:
            return "anybody"


def _how_sure(method: MethodContract) -> str:
    """What the caller's session must have proven, in words."""
    if method.assurance is None:
        return ""
    level = ", by two factors" if method.assurance.level > 1 else ""
    return level + (f", proven within {method.assurance.within / 60:g} min" if method.assurance.within else "")


def _reason(reason: Reason) -> tuple[str, ...]:
    return f"`{reason.name}`", reason.code_name, str(HTTP_STATUS[reason.code]), reason.message


def _resources(catalog: Catalog) -> Iterator[tuple[str, ...]]:
    for resource in catalog.resources.values():
        span = f" for {resource.retention / 86400:g} days" if resource.retention else ""
        kept = f"can be undone{span}" if resource.soft_delete else "final"
        yield f"`{resource.type}`", f"`{resource.prefix}_...`", resource.collection, resource.owner_field, kept
