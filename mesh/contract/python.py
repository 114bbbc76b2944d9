"""Writes the typed Python of a contract: for each proto service a protocol to implement and a client to call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from google.protobuf.descriptor import Descriptor

    from mesh.contract.catalog import Catalog
    from mesh.contract.method import MethodContract


def snake(name: str) -> str:
    """`BatchGetContacts` as `batch_get_contacts`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def write_python(everything: Catalog, gen: Path) -> None:
    """Write `<area>_rpc.py` beside each `<area>_pb2.py` that declares a service."""
    for area, methods in everything.areas().items():
        source = methods[0].descriptor.containing_service.file.name.removesuffix(".proto")
        (gen / f"{source}_rpc.py").write_text(_module(area, methods))


def _module(area: str, methods: Sequence[MethodContract]) -> str:
    name = area.rpartition(".")[2]
    types = {t.DESCRIPTOR.full_name: t.DESCRIPTOR for m in methods for t in (m.request, m.reply)}
    imports = sorted({_import(descriptor) for descriptor in types.values()})
    custom = [method for method in methods if not method.standard]
    lines = [
        f'"""Typed Python of {area}. Generated from its contract; do not edit."""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import TYPE_CHECKING, Protocol",
        "",
        *imports,
        "",
        "if TYPE_CHECKING:",
        *(["    from collections.abc import Iterator", ""] if any(m.server_streaming for m in methods) else []),
        "    from mesh.runtime.call import Call",
        "    from mesh.runtime.client import Caller",
        "",
        "",
        f"class {name}Methods(Protocol):",
        f'    """What the service implements of {name} beyond its standard methods."""',
        "",
    ]
    for method in custom:
        request = _type(method.request.DESCRIPTOR)
        lines += [f"    def {snake(method.name)}(self, call: Call, request: {request}) -> {_reply(method)}: ...", ""]
    lines += [
        "",
        f"class {name}Client:",
        f'    """Calls {name}."""',
        "",
        f'    AREA = "{area}"',
        "",
        "    def __init__(self, caller: Caller) -> None:",
        "        self._caller = caller",
        "",
    ]
    for method in methods:
        request, reply = _type(method.request.DESCRIPTOR), _type(method.reply.DESCRIPTOR)
        verb = "stream" if method.server_streaming else "unary"
        given = f"self, request: {request}, *, timeout: float | None = None"
        lines += [
            f"    def {snake(method.name)}({given}) -> {_reply(method)}:",
            f'        """{method.name}, within `timeout` seconds at most."""',
            f'        return self._caller.{verb}("{method.path}", request, {reply}, timeout)',
            "",
        ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _reply(method: MethodContract) -> str:
    reply = _type(method.reply.DESCRIPTOR)
    return f"Iterator[{reply}]" if method.server_streaming else reply


def _python_module(descriptor: Descriptor) -> tuple[str, str]:
    package, _, file = str(descriptor.file.name).removesuffix(".proto").rpartition("/")
    return package.replace("/", "."), f"{file}_pb2"


def _import(descriptor: Descriptor) -> str:
    package, module = _python_module(descriptor)
    return f"from {package} import {module}"


def _type(descriptor: Descriptor) -> str:
    return f"{_python_module(descriptor)[1]}.{descriptor.name}"
