"""Public methods by the names that people give them: by the contracts here, or by reflection of an edge elsewhere."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

from google.protobuf import message_factory

from mesh.cli.outcome import BadUsage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import grpc
    from google.protobuf.descriptor import MethodDescriptor
    from google.protobuf.message import Message

    from mesh.contract.method import HttpRoute

# What a call may take where no contract says it, in seconds.
_PATIENCE = 15.0
_WITHOUT_TOKEN = ("anonymous", "capability", "publishable_key")


@dataclass(frozen=True, slots=True)
class Method:
    """A public method: `signed_in`: whether it takes a bearer token; `deadline` in seconds."""

    descriptor: MethodDescriptor = field(repr=False)
    routes: tuple[HttpRoute, ...] = ()
    signed_in: bool = True
    deadline: float = _PATIENCE

    @property
    def full_name(self) -> str:
        """As grpcurl takes it, as in `rapport.customers.v1.ContactService/GetContact`."""
        return f"{self.descriptor.containing_service.full_name}/{self.descriptor.name}"

    @property
    def short_name(self) -> str:
        """As people write it, as in `customers.ContactService/GetContact`."""
        return short(self.full_name)

    @property
    def request(self) -> type[Message]:
        """The class of requests."""
        found: type[Message] = message_factory.GetMessageClass(self.descriptor.input_type)
        return found

    @property
    def reply(self) -> type[Message]:
        """The class of replies."""
        found: type[Message] = message_factory.GetMessageClass(self.descriptor.output_type)
        return found


def short(full_name: str) -> str:
    """A full name without what all of them have in common."""
    area, slash, method = full_name.partition("/")
    parts = area.split(".")
    return f"{parts[1]}.{parts[-1]}{slash}{method}" if len(parts) == 4 and parts[0] == "rapport" else full_name


def known_here() -> bool:
    """Whether the generated contracts are installed."""
    return find_spec("rapport") is not None


def by_contract() -> list[Method]:
    """The public methods of all services, as their contracts say."""
    from mesh.contract.catalog import load

    return [
        Method(each.descriptor, each.routes, each.access.kind.value not in _WITHOUT_TOKEN, each.deadline)
        for each in load().methods.values()
        if each.access.public
    ]


def by_reflection(channel: grpc.Channel) -> list[Method]:
    """What the server at the other end of a channel says that it serves. grpc.RpcError where it does not reflect."""
    from google.protobuf import descriptor_pool
    from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

    from mesh.contract.catalog import http_routes

    database = ProtoReflectionDescriptorDatabase(channel)
    pool = descriptor_pool.DescriptorPool(database)
    services = [pool.FindServiceByName(name) for name in database.get_services() if not name.startswith("grpc.")]
    return [Method(each, http_routes(each)) for service in services for each in service.methods]


def find(wanted: str, names: Iterable[str]) -> str:
    """The full name that is meant: whole, or without package and version, or without the service's name.

    Raises:
        BadUsage: none or several are meant; the text says which it might be.
    """
    known = list(names)
    area, _, method = wanted.strip("/").replace("/", ".").rpartition(".")
    found = [name for name in known if _means(name, area, method)]
    if not found:
        found = [name for name in known if _means(name.casefold(), area.casefold(), method.casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        msg = f"{wanted} may be {_either(found)}"
        raise BadUsage(msg)
    near = _near(wanted, known)
    msg = f"there is no public method {wanted}" + (f"; did you mean {_either(near)}?" if near else "; see: mesh routes")
    raise BadUsage(msg)


def _means(name: str, area: str, method: str) -> bool:
    own, _, last = name.partition("/")
    return last == method and area in ("", own, short(own), own.rpartition(".")[2])


def _near(wanted: str, names: Sequence[str]) -> list[str]:
    """What was probably meant: people know the method's name better than its service's."""
    asked = wanted.strip("/").replace("/", ".")
    spelled = {short(name): name for name in names}
    dotted = {text.replace("/", "."): text for text in spelled}
    last = asked.rpartition(".")[2]
    by_method = {text.rpartition("/")[2]: text for text in spelled}
    found = difflib.get_close_matches(asked, dotted, n=2, cutoff=0.75)
    if found:
        return [spelled[dotted[each]] for each in found]
    return [spelled[by_method[each]] for each in difflib.get_close_matches(last, by_method, n=2, cutoff=0.7)]


def _either(names: Sequence[str]) -> str:
    return " or ".join(short(name) for name in names)
