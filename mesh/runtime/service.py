"""What a service hands to the runtime, and how its contract and that become handlers."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mesh.contract.catalog import ContractError, load_service
from mesh.contract.python import snake
from mesh.events.heeded import Heeded
from mesh.resource import erased, following
from mesh.resource.changes import changes_handler
from mesh.resource.standard import standard_handler
from mesh.resource.subject_service import AREA, SubjectMethods
from mesh.resource.subjects import BesideSubjects
from mesh.resource.watching import watch_handler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import grpc
    from rapport.users.v1 import directory_service_pb2

    from mesh.contract.method import MethodContract
    from mesh.events.envelope import Event
    from mesh.resource.attempts import AttemptKind
    from mesh.resource.jobs import JobKind
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Write
    from mesh.runtime.chain import Chain


@dataclass(frozen=True, slots=True)
class Service:
    """A service as its `service` module builds it.

    resources: what the standard methods work on. methods: by proto service, the object with the methods that are more.
    consumes: by event type, the effect on this service's own database. subscribes: the services whose events it reads.
    jobs: the kinds of long work it does. attempts: the kinds of effects that it makes outside of its database.
    beside_subjects: what it holds of persons beside the rows of its database.
    look_up, keys and exchange are given by `users` alone, which answers itself what all others and the edge ask it;
    exchange(api_key) is a short-lived token, or None for what is no key now.
    """

    name: str
    resources: Sequence[Resource[Any]] = ()
    methods: Mapping[str, object] = field(default_factory=dict)
    consumes: dict[str, Callable[[Write, Event], None]] = field(default_factory=dict)
    subscribes: Sequence[str] = ()
    jobs: Sequence[JobKind] = ()
    attempts: Sequence[AttemptKind] = ()
    beside_subjects: BesideSubjects = field(default_factory=BesideSubjects)
    look_up: Callable[[str, str], directory_service_pb2.LookUpPrincipalResponse | None] | None = None
    keys: Callable[[], Mapping[str, Any]] | None = None
    exchange: Callable[[str], str | None] | None = None

    def effects(self) -> Mapping[str, Callable[[Write, Event], None]]:
        """By event type, what the service does of its own and what follows from the references in its contract."""
        followed = erased.guarded(following.effects(self.resources), hears_deletions=True)
        return following.together(erased.guarded(self.consumes), followed)

    def sources(self) -> tuple[str, ...]:
        """The services whose events it reads, by alphabet."""
        return tuple(sorted({*self.subscribes, *following.sources(self.resources)}))

    def heeds(self) -> Heeded:
        """Which of their events it takes in."""
        return Heeded(self.sources(), self.effects())


class Deferred:
    """The methods of an area that is seldom called and slow to import: they are made with the first call.

    That a method has nobody who serves it is not found out when the process starts, but when it is called.
    """

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = functools.cache(make)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """A handler by its name."""

        def serve(call: Any, request: Any) -> Any:
            return getattr(self._make(), name)(call, request)

        return serve


def handlers(service: Service, chain: Chain) -> dict[str, grpc.RpcMethodHandler]:
    """The gRPC handler of every method of the service's contract, by path.

    Raises:
        ContractError: a method has nobody who serves it.
    """
    resources = {resource.contract.type: resource for resource in service.resources}
    followed = {}
    for resource in service.resources:
        if not resource.contract.silent:
            plural = resource.contract.plural.title().replace("_", "")
            followed[f"Read{resource.contract.name}Changes"] = (changes_handler, resource)
            followed[f"Watch{plural}"] = (watch_handler, resource)
    served, contracts = {}, load_service(service.name).methods
    methods = {**_of_subjects(service, contracts.values()), **service.methods}
    for path, method in contracts.items():
        handler = getattr(methods.get(method.area), snake(method.name), None)
        if handler is None and method.standard and method.standard.resource.type in resources:
            handler = standard_handler(method, resources[method.standard.resource.type])
        if handler is None and method.name in followed:
            make, resource = followed[method.name]
            handler = make(method, resource)
        if handler is None:
            msg = f"{method.full_name} is in the contract and nobody serves it"
            raise ContractError(msg)
        served[path] = (chain.stream if method.server_streaming else chain.unary)(method, handler)
    return served


def _of_subjects(service: Service, methods: Iterable[MethodContract]) -> dict[str, object]:
    """What answers of persons, by proto service; nothing where nobody else may ask."""
    found = {method.name: method for method in methods if method.area.endswith(f".{AREA}")}
    return {next(iter(found.values())).area: SubjectMethods(service, found)} if found else {}
