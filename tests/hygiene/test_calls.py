"""Who calls whom. Each service declares whom it calls, and calls run in no circle, so that no outage feeds itself.

A question that a worker has for the owner of an event that did not arrive is no such call: nobody waits for it. Nor is
what all services are asked of a person: their SubjectService calls nobody, so it closes no circle.
"""

from __future__ import annotations

import importlib
import re
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from mesh.contract.catalog import all_services, load
from mesh.contract.references import references_of
from tests.hygiene.sources import Source, imports, python

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CALLS: dict[str, set[str]] = {
    service: set(importlib.import_module(f"services.{service}").CALLS) for service in all_services()
}
# The layers of the mesh that are part of every service.
INSIDE = ("mesh/contract/", "mesh/store/", "mesh/resource/", "mesh/events/", "mesh/runtime/")
_CLIENT = re.compile(r"^rapport\.(\w+)\.v1\.\w+_(?:rpc|service_pb2|service_pb2_grpc)\b")
_PATH = re.compile(r"""["']/rapport\.(\w+)\.v1\.\w+/""")


def called(source: Source) -> set[str]:
    """The services whose methods a file names: by their clients, by their requests, or by a path."""
    matches = [match for name in imports(source.tree) if (match := _CLIENT.match(name))]
    return {match[1] for match in (*matches, *_PATH.finditer(source.text))}


def made(services: Iterable[str], sources: Iterable[Source]) -> dict[str, set[str]]:
    """The calls that services make: their own, those of the mesh in them, and for the owners of what they refer to."""
    graph: dict[str, set[str]] = {service: set() for service in services}
    for source in sources:
        callers = [source.path.split("/")[1]] if source.path.startswith("services/") else graph
        for caller in callers:
            graph.get(caller, set()).update(called(source))
    for resource in load().resources.values():
        graph[resource.service].update(field.service for field in references_of(resource))
    return {caller: callees - {caller} for caller, callees in graph.items()}


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Services that call each other in turn, if there are such."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_services_call_whom_they_are_declared_to_call_and_nobody_else() -> None:
    assert made(all_services(), python(*INSIDE, "services/")) == CALLS


def test_calls_run_in_no_circle() -> None:
    assert circle(CALLS) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("services/users/service/users.py", "from rapport.customers.v1 import contact_rpc"),
        (
            "services/users/service/users.py",
            "import rapport.customers.v1.contact_service_pb2_grpc",
        ),
        ("services/users/service/users.py", "PATH = '/rapport.customers.v1.ContactService/GetContact'"),
        ("mesh/resource/follower.py", "def f():\n    from rapport.customers.v1 import contact_service_pb2"),
    ],
)
def test_a_planted_call_is_found_and_closes_a_circle(path: str, text: str) -> None:
    graph = made(all_services(), [*python(*INSIDE, "services/"), Source(path, text)])
    assert graph["users"] == {"customers"}
    assert set(circle(graph)) == {"users", "customers"}
