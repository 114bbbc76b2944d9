"""`mesh call`: calls a public method over the edge, and says what else makes the same call."""

from __future__ import annotations

import difflib
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format

from mesh.cli import equivalents, methods, output, place
from mesh.cli.outcome import BadUsage, Failed, running
from mesh.cli.people import ROLES, sign_in
from mesh.cli.token import add_who
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    import grpc
    from google.protobuf.message import Message

    from mesh.runtime.settings import Settings

EXAMPLES = (
    """mesh call ContactService/ListContacts -d '{"page_size": 2}'""",
    "mesh call customers.ContactService/CountContacts --as viewer",
    """mesh call ListContacts -d '{"page_size": 2}' --print all""",
)
_HEADER = re.compile(r"([0-9A-Za-z_.-]+)[=:] ?(.*)")
_UNKNOWN = re.compile(r'Message type "[\w.]*?(\w+)" has no field named "([^"]*)".*Available Fields(.*)', re.DOTALL)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("method", help="as in customers.ContactService/ListContacts, ContactService/ListContacts")
    data = "the request as JSON, @file, or - for standard input (default: an empty one)"
    parser.add_argument("-d", "--data", default="{}", metavar="JSON", help=data)
    caller = parser.add_mutually_exclusive_group()
    add_who(caller)
    caller.add_argument("--token", default="", metavar="T", help="a bearer token that is there already")
    caller.add_argument("--anonymous", action="store_true", help="send no token")
    parser.add_argument("-H", "--header", action="append", default=[], metavar="K=V", help="further metadata")
    parser.add_argument("--print", choices=(*equivalents.FORMS, "all"), help="call nothing; print what does the same")
    parser.add_argument("--edge", default="", metavar="URL", help="the edge of a mesh elsewhere")
    parser.add_argument("--cacert", type=Path, metavar="FILE", help="authorities to believe of an edge over TLS")
    parser.add_argument(
        "--reflect", action="store_true", help="ask the edge for its contracts, not those that are here"
    )
    parser.add_argument("--timeout", type=float, metavar="S", help="seconds to wait (default: the contract's deadline)")


def run(arguments: argparse.Namespace) -> int:
    """Call, and print the reply as JSON; of a stream one reply a line. Status 1: the call was refused."""
    settings = read_settings()
    headers = [_header(each) for each in arguments.header]
    if not arguments.edge:
        running(settings)
    url, own = arguments.edge or settings.edge_url, None if arguments.edge else _own_certificate(settings)
    trust = arguments.cacert or own
    reflect = arguments.reflect or not methods.known_here()
    if not reflect:
        # A wrong name is told before anything is asked.
        method, request = _request(methods.by_contract(), arguments)
    with place.edge_channel(url, trust, place.own_name(own) if own else "") as channel:
        if reflect:
            method, request = _request(_reflected(channel), arguments)
        if arguments.print:
            where = _place(settings, arguments, method, headers, url, trust)
            print(equivalents.texts(arguments.print, method, request, where))
            return 0
        token = arguments.token
        if method.signed_in and not (token or arguments.anonymous):
            token = sign_in(settings, arguments.who)
        metadata = [*headers, *([("authorization", f"Bearer {token}")] if token else [])]
        _call(channel, method, request, metadata, arguments.timeout or method.deadline)
    if sys.stderr.isatty():
        print(
            output.coloured("the same by curl, grpcurl or Python: --print all", output.DIM, sys.stderr), file=sys.stderr
        )
    return 0


def _own_certificate(settings: Settings) -> Path | None:
    return settings.edge_certificate / "tls.crt" if settings.edge_certificate else None


def _header(text: str) -> tuple[str, str]:
    match = _HEADER.fullmatch(text)
    if not match:
        msg = f"a header is written as in x-request-id=42, not {text!r}"
        raise BadUsage(msg)
    return match[1].lower(), match[2]


def _reflected(channel: grpc.Channel) -> list[methods.Method]:
    import grpc

    try:
        return methods.by_reflection(channel)
    except grpc.RpcError as error:
        msg = f"the edge does not tell its contracts ({_code(error)}); in production it never does"
        raise Failed(msg) from error


def _request(known: Sequence[methods.Method], arguments: argparse.Namespace) -> tuple[methods.Method, Message]:
    """The method that is meant, and its request."""
    by_name = {each.full_name: each for each in known}
    method = by_name[methods.find(arguments.method, by_name)]
    try:
        text = _text(arguments.data)
        return method, json_format.Parse(text, method.request())
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{arguments.data[1:]} cannot be read"
        raise BadUsage(msg) from error
    except json_format.ParseError as error:
        raise BadUsage(_misfit(method.descriptor.input_type.name, str(error))) from error


def _misfit(request: str, error: str) -> str:
    """Why a request does not take a text, in one line."""
    unknown = _UNKNOWN.search(error)
    if not unknown:
        return f"{request} does not take this: {error.partition(' Available')[0]}"
    near = difflib.get_close_matches(unknown[2], re.findall(r"'(\w+)'", unknown[3]), n=1)
    return f"{unknown[1]} has no field {unknown[2]}" + (f"; did you mean {near[0]}?" if near else "")


def _text(data: str) -> str:
    if data == "-":
        return sys.stdin.read()
    return Path(data[1:]).read_text(encoding="utf-8") if data.startswith("@") else data


def _place(
    settings: Settings,
    arguments: argparse.Namespace,
    method: methods.Method,
    headers: Sequence[tuple[str, str]],
    url: str,
    trust: Path | None,
) -> equivalents.Place:
    """The same call's place in a shell. A token that was handed over is not repeated: the shell has it as $TOKEN."""
    as_whom = [] if arguments.who == ROLES[0] else ["--as", arguments.who]
    token = "$TOKEN" if arguments.token else f"$({place.command(settings, 'token', *as_whom)})"
    return equivalents.Place(
        url=url,
        certificate=trust,
        token="" if arguments.anonymous or not (method.signed_in or arguments.token) else token,
        headers=headers,
        python=place.program("python"),
        grpcurl=place.program("grpcurl"),
        reflects=bool(arguments.edge) or not settings.production,
    )


def _call(
    channel: grpc.Channel,
    method: methods.Method,
    request: Message,
    metadata: Sequence[tuple[str, str]],
    timeout: float,
) -> None:
    import grpc

    stream = method.descriptor.server_streaming
    make = channel.unary_stream if stream else channel.unary_unary
    callee = make(
        f"/{method.full_name}",
        request_serializer=method.request.SerializeToString,
        response_deserializer=method.reply.FromString,
    )
    try:
        answer = callee(request, timeout=timeout, metadata=metadata)
        for reply in answer if stream else [answer]:
            content = json_format.MessageToDict(reply, always_print_fields_with_no_presence=True)
            indent = 2 if not stream and sys.stdout.isatty() else None
            print(json.dumps(content, indent=indent, ensure_ascii=False), flush=stream)
    except grpc.RpcError as error:
        raise Failed("\n  ".join(_refusal(error))) from error


def _code(error: Any) -> str:
    return str(error.code().name)


def _refusal(error: grpc.RpcError) -> Iterator[str]:
    """What a failed call says: code, reason and text, then a line for each field at fault and when to try again."""
    from google.rpc import error_details_pb2, status_pb2

    details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
    info, fields, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    for each in status_pb2.Status.FromString(details).details:
        for known in (info, fields, retry):
            each.Unpack(known)
    reason = f" {info.reason}" if info.reason not in ("", _code(error)) else ""
    metadata = "".join(f" {name}={value}" for name, value in sorted(info.metadata.items()))
    yield f"{_code(error)}{reason}: {error.details()}{f' ({metadata.strip()})' if metadata else ''}"
    for violation in fields.field_violations:
        yield f"{violation.field}: {violation.description}"
    if retry.HasField("retry_delay"):
        yield f"try again in {retry.retry_delay.ToTimedelta().total_seconds():g} s"
