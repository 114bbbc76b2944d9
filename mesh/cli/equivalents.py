"""What else makes the same call: a curl, a grpcurl and a Python text that work when they are pasted into a shell.

Pure: texts from a method, a request and a place. A token never stands in them: `$(mesh token)` does, or `$TOKEN`.
"""

from __future__ import annotations

import base64
import json
import pprint
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from google.protobuf import json_format

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from google.protobuf.descriptor import Descriptor
    from google.protobuf.message import Message

    from mesh.cli.methods import Method

FORMS = ("curl", "grpcurl", "python")
_VARIABLE = re.compile(r"\{([a-z0-9_.]+)(?:=[^}]*)?\}")
_HTTP_BODY = "google.api.HttpBody"


@dataclass(frozen=True, slots=True)
class Place:
    """Where and as whom: the edge's `url`, the file of the `certificate` that it shows, and commands as typed here.

    token: shell text of the bearer token, as in `$(mesh token)`; empty: none is sent. headers: further ones.
    reflects: whether the edge tells grpcurl its contracts.
    """

    url: str
    certificate: Path | None
    token: str
    headers: Sequence[tuple[str, str]]
    python: str
    grpcurl: str
    reflects: bool

    @property
    def target(self) -> str:
        """Host and port."""
        return self.url.partition("://")[2]


def texts(form: str, method: Method, request: Message, place: Place) -> str:
    """The text of one form, or of `all`, each below a line that names it."""
    makers = {"curl": _curl, "grpcurl": _grpcurl, "python": _python}
    if form != "all":
        return makers[form](method, request, place)
    return "\n\n".join(f"# {name}\n{make(method, request, place)}" for name, make in makers.items())


def _content(request: Message) -> dict[str, Any]:
    found: dict[str, Any] = json_format.MessageToDict(request)
    return found


def _json(content: object) -> str:
    return shlex.quote(json.dumps(content, ensure_ascii=False))


def _headers(place: Place) -> Iterator[str]:
    if place.token:
        yield f'-H "authorization: Bearer {place.token}"'
    yield from (f"-H {shlex.quote(f'{name}: {value}')}" for name, value in place.headers)


def _curl(method: Method, request: Message, place: Place) -> str:
    """By the method's first JSON route."""
    if not method.routes:
        return f"# {method.short_name} has no JSON route"
    route = method.routes[0]
    rest = type(request)()
    rest.CopyFrom(request)
    path = _VARIABLE.sub(lambda match: quote(_taken(rest, match[1]), safe=""), route.template)
    words = ["curl", "-sS"]
    if place.certificate:
        words.append(f"--cacert {shlex.quote(str(place.certificate))}")
    if method.descriptor.server_streaming and method.descriptor.output_type.full_name != _HTTP_BODY:
        words.append("-N -H 'accept: application/x-ndjson'")
    words += _headers(place)
    before = ""
    if route.body:
        before, sent = _body(rest, route.body)
        words += sent
        rest.ClearField(route.body) if route.body != "*" else rest.Clear()
    if route.verb != ("POST" if route.body else "GET"):
        words.append(f"-X {route.verb}")
    pairs = list(_query(rest.DESCRIPTOR, json_format.MessageToDict(rest, preserving_proto_field_name=True), ""))
    query = f"?{urlencode(pairs, safe=',:')}" if pairs else ""
    return f"{before}{' '.join(words)} {shlex.quote(f'{place.url}{path}{query}')}"


def _taken(message: Message, path: str) -> str:
    """The value of a field that stands in the path; it is not sent a second time."""
    *parents, last = path.split(".")
    holder: Any = message
    for name in parents:
        holder = getattr(holder, name)
    value = getattr(holder, last)
    holder.ClearField(last)
    return str(value)


def _body(rest: Message, body: str) -> tuple[str, list[str]]:
    """What comes before curl, and the arguments that carry the body."""
    part: Any = rest if body == "*" else getattr(rest, body)
    if part.DESCRIPTOR.full_name != _HTTP_BODY:
        return "", ["-H 'content-type: application/json'", f"-d {_json(_content(part))}"]
    kind = f"-H {shlex.quote(f'content-type: {part.content_type}')}" if part.content_type else ""
    encoded = base64.b64encode(part.data).decode()
    return f"printf %s {encoded} | base64 -d | ", [*filter(None, [kind]), "--data-binary @-"]


def _query(descriptor: Descriptor, content: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """A pair for each scalar; what a query has no place for (lists of messages, maps) stands in bodies."""
    for name, value in content.items():
        field = descriptor.fields_by_name[name]
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from _query(field.message_type, each, f"{prefix}{name}.")
            else:
                yield f"{prefix}{name}", str(each).lower() if isinstance(each, bool) else str(each)


def _grpcurl(method: Method, request: Message, place: Place) -> str:
    """By reflection, so that it needs no file."""
    if not place.reflects:
        return "# grpcurl needs reflection, which the edge does not offer in production"
    security = f"-cacert {shlex.quote(str(place.certificate))}" if place.certificate else "-plaintext"
    words = [shlex.quote(place.grpcurl), security, *_headers(place)]
    content = _content(request)
    if content:
        words.append(f"-d {_json(_masks_as_paths(request, content))}")
    return " ".join([*words, place.target, method.full_name])


def _masks_as_paths(message: Message, content: dict[str, Any]) -> dict[str, Any]:
    """What grpcurl reads: it takes a field mask as the message that it is, not in its JSON form."""
    found = dict(content)
    for field, value in message.ListFields():
        kind, name = field.message_type, field.json_name
        if kind is None or kind.GetOptions().map_entry:
            continue
        if kind.full_name == "google.protobuf.FieldMask":
            found[name] = {"paths": list(value.paths)}
        elif not kind.full_name.startswith("google.") and field.is_repeated:
            found[name] = [_masks_as_paths(*each) for each in zip(value, found[name], strict=True)]
        elif not kind.full_name.startswith("google."):
            found[name] = _masks_as_paths(value, found[name])
    return found


def _python(method: Method, request: Message, place: Place) -> str:
    """With the generated stubs."""
    service, input_type = method.descriptor.containing_service, method.descriptor.input_type
    package, _, stubs = _module(service.file.name).rpartition(".")
    request_package, _, messages = _module(input_type.file.name).rpartition(".")
    imports = sorted({f"from {package} import {stubs}_grpc", f"from {request_package} import {messages}"})
    metadata = [f"({name.lower()!r}, {value!r})" for name, value in place.headers]
    if place.token:
        metadata.insert(0, '("authorization", "Bearer " + os.environ["TOKEN"])')
    given = f", metadata=[{', '.join(metadata)}]" if metadata else ""
    content = pprint.pformat(_content(request), width=100, sort_dicts=False)
    made = f"json_format.ParseDict({content}, {messages}.{input_type.name}())"
    channel = f"grpc.insecure_channel({place.target!r})"
    if place.certificate:
        trusted = f'open({str(place.certificate)!r}, "rb").read()'
        channel = f"grpc.secure_channel({place.target!r}, grpc.ssl_channel_credentials({trusted}))"
    call = f"stub.{method.descriptor.name}(request{given}, timeout={method.deadline:g})"
    asked = [f"reply = {call}", "print(json_format.MessageToJson(reply))"]
    if method.descriptor.server_streaming:
        asked = [f"for reply in {call}:", "    print(json_format.MessageToJson(reply, indent=None))"]
    lines = [
        *(["import os", ""] if place.token else []),
        "import grpc",
        "from google.protobuf import json_format",
        *imports,
        "",
        f"request = {made}",
        f"with {channel} as channel:",
        f"    stub = {stubs}_grpc.{service.name}Stub(channel)",
        *(f"    {line}" for line in asked),
    ]
    token = f'TOKEN="{place.token}" ' if place.token else ""
    return "\n".join([f"{token}{shlex.quote(place.python)} - <<'END'", *lines, "END"])


def _module(file: str) -> str:
    return f"{file.removesuffix('.proto').replace('/', '.')}_pb2"
