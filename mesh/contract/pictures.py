"""Draws what the contracts say in Mermaid: who owns what, who calls and follows whom, the path of one call.

Owns the parts of a document between `<!-- drawn: NAME -->` and `<!-- end -->`. It decides nothing about the rest.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.contract.catalog import Catalog, load
from mesh.contract.method import Verb
from mesh.contract.references import references_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mesh.contract.method import MethodContract

_PART = re.compile(r"(<!-- drawn: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_AUDIT = "audit-entries"


def write(_: str, document: str, target: str) -> None:
    """Write the document with its pictures drawn anew; the folder of the stubs, which comes first, is on the path."""
    catalog = load()
    calls = {name: _calls(name) for name in catalog.services()}
    drawn = {"services": services(catalog, calls), "call": call(catalog)}
    text = Path(document).read_text(encoding="utf-8")
    Path(target).write_text(
        _PART.sub(lambda match: f"{match[1]}\n```mermaid\n{drawn[match[2]]}\n```\n\n{match[3]}", text), encoding="utf-8"
    )


def _calls(service: str) -> frozenset[str]:
    """Whom a service calls; nobody while it has a contract and no code yet."""
    try:
        found: frozenset[str] = importlib.import_module(f"services.{service}").CALLS
    except ModuleNotFoundError:
        return frozenset()
    return found


def services(catalog: Catalog, calls: Mapping[str, frozenset[str]]) -> str:
    """Each service with its collections; whom it calls, and whose events it follows."""
    lines = ["flowchart LR"]
    for name in catalog.services():
        owned = sorted(r.collection for r in catalog.resources.values() if r.service == name)
        lines.append(f'  {name}["<b>{name}</b><br/>{"<br/>".join(owned)}"]')
    lines += [f"  {name} -- calls --> {callee}" for name in sorted(calls) for callee in sorted(calls[name])]
    followed: dict[tuple[str, str], set[str]] = {}
    for resource in catalog.resources.values():
        for field in references_of(resource):
            if field.service != resource.service:
                target = catalog.resources[field.target].collection
                followed.setdefault((field.service, resource.service), set()).add(target)
    sealer = next((r.service for r in catalog.resources.values() if r.collection == _AUDIT), "")
    for name in catalog.services():
        if sealer and name != sealer and any(m.audit and m.service == name for m in catalog.methods.values()):
            followed.setdefault((name, sealer), set()).add("audit records")
    lines += [
        f'  {owner} -. "{", ".join(sorted(told))}" .-> {name}' for (owner, name), told in sorted(followed.items())
    ]
    return "\n".join(lines)


def call(catalog: Catalog) -> str:
    """The path of the first audited creation by permission there is, from the client to the audit."""
    method = next(
        m
        for m in catalog.methods.values()
        if m.standard and m.standard.verb is Verb.CREATE and m.access.permission and m.audit and m.routes
    )
    sealer = next(r.service for r in catalog.resources.values() if r.collection == _AUDIT)
    return "\n".join(["sequenceDiagram", *(f"  {line}" for line in _steps(method, sealer))])


def _steps(method: MethodContract, sealer: str) -> list[str]:
    assert method.standard is not None
    name, route = method.service, method.routes[0]
    created = f"{method.standard.resource.name}Created"
    return [
        "participant client",
        "participant edge as Envoy edge",
        f"participant {name}",
        f"participant store as {name}' database",
        "participant redis as Redis Streams",
        f"participant {sealer}",
        f"client->>edge: {route.verb} {route.template}, or {method.name} over gRPC",
        "note over edge: JSON to gRPC, the token's signature",
        f"edge->>{name}: {method.area.split('.')[-1]}/{method.name}",
        f"note over {name}: at most {method.deadline:g} s, rate {method.rate}, {method.access.permission}",
        f"{name}->>{sealer}: what is not known of the caller (directory)",
        f"note over {name}: validate, gather, decide",
        f"{name}->>store: row, {created}, {method.audit}, reply in one transaction",
        f"{name}-->>client: {method.standard.resource.name}",
        "store->>redis: relay: what the outbox holds",
        f"redis->>{sealer}: {method.audit}, sealed into the tenant's chain",
    ]
