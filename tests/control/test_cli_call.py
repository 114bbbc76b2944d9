"""`mesh call` against a real mesh, and what it prints for other tools, pasted into a shell."""

from __future__ import annotations

import itertools
import json
import subprocess
from concurrent import futures
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.api import httpbody_pb2
from google.protobuf import json_format

from mesh.cli import equivalents, methods, place
from mesh.cli.outcome import NotRunning
from mesh.cli.place import program
from mesh.control.certificates import Authority, Identity
from mesh.runtime.clock import SystemClock
from mesh.testing.messages import Samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from google.protobuf.message import Message

    from mesh.testing.running import RunningMesh
    from tests.control.conftest import Ended

    Command = Callable[..., Ended]

LIST = "rapport.customers.v1.ContactService/ListContacts"


def pasted(mesh: RunningMesh, text: str, **variables: str) -> str:
    """What a shell prints."""
    done = subprocess.run(
        ["bash", "-c", text],
        env={**mesh.environment, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.parametrize(
    "name",
    [
        "ListContacts",
        "ContactService/ListContacts",
        "customers.ContactService/ListContacts",
        "customers.ContactService.ListContacts",
        "contactservice/listcontacts",
        f"/{LIST}",
    ],
)
def test_a_method_is_found_by_the_names_people_give_it(name: str) -> None:
    assert methods.find(name, [each.full_name for each in methods.by_contract()]) == LIST


@pytest.mark.shows("operation.call")
def test_a_call_prints_the_reply_as_json(command: Command) -> None:
    ended = command("call", "ContactService/ListContacts", "-d", '{"page_size": 2}')

    assert (ended.status, ended.err) == (0, "")
    assert len(ended.json["contacts"]) == 2


@pytest.mark.shows("operation.call")
def test_without_contracts_here_the_edge_is_asked_for_them(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> list[methods.Method]:
        pytest.fail("the contracts are not here")

    monkeypatch.setattr(methods, "known_here", lambda: False)
    monkeypatch.setattr(methods, "by_contract", away)

    ended = command("call", "CountContacts")

    assert ended.json["count"] >= 300


@pytest.mark.shows("operation.call")
def test_a_refusal_says_code_reason_and_each_field(command: Command) -> None:
    ended = command("call", "CreateContact", "-d", '{"contact": {"emails": [{"address": "nope"}]}}')

    assert (ended.status, ended.out) == (1, "")
    assert ended.err.splitlines()[0] == "mesh: INVALID_ARGUMENT: The request has invalid fields."
    assert "  contact.emails[0].address: must be a valid email address" in ended.err.splitlines()


@pytest.mark.shows("operation.call")
def test_a_role_of_the_demo_tenant_may_do_what_it_may(command: Command) -> None:
    assert command("call", "CountContacts", "--as", "viewer").status == 0
    refused = command("call", "CreateContact", "--as", "viewer", "-d", '{"contact": {"given_name": "Ada"}}')
    assert refused.status == 1
    assert "permission=contacts.write" in refused.err
    assert command("call", "CountContacts", "--as", "viewer@example.com@demo").status == 0
    assert "UNAUTHENTICATED" in command("call", "CountContacts", "--anonymous").err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["CountContact"], "there is no public method CountContact; did you mean customers.ContactService/Count"),
        (["ListContacts", "-d", "{"], "ListContactsRequest does not take this"),
        (["ListContacts", "-d", '{"pageSzie": 1}'], "has no field pageSzie; did you mean pageSize?"),
        (["ListContacts", "-d", "@nothing-here.json"], "nothing-here.json cannot be read"),
        (["ListContacts", "-H", "nonsense"], "a header is written as in"),
        (["ListContacts", "--as", "emperor"], "'emperor' is neither a role"),
    ],
)
def test_wrong_usage_is_told_in_one_line(command: Command, words: list[str], told: str) -> None:
    ended = command("call", *words)

    assert (ended.status, ended.out) == (2, "")
    assert told in ended.err
    assert ended.err.count("\n") == 1


def test_the_request_may_come_from_a_file_or_a_pipe(operated: RunningMesh, command: Command) -> None:
    file = operated.home / "request.json"
    file.write_text('{"page_size": 1}')

    assert len(command("call", "ListContacts", "-d", f"@{file}").json["contacts"]) == 1
    piped = pasted(operated, f"{program('mesh')} call ListContacts -d - < {file} | {program('python')} -m json.tool")
    assert len(json.loads(piped)["contacts"]) == 1


@pytest.fixture(scope="module")
def token(operated: RunningMesh) -> str:
    return operated.token()


@pytest.fixture(scope="module")
def contact(operated: RunningMesh) -> dict[str, Any]:
    """A contact with a name that needs quoting everywhere."""
    given = {"contact": {"givenName": 'D\'Arcy "$HOME" `é`'}}
    made: dict[str, Any] = json.loads(operated.mesh("call", "CreateContact", "-d", json.dumps(given)))
    return made


@pytest.mark.shows("operation.call")
@pytest.mark.parametrize("form", equivalents.FORMS)
def test_what_is_printed_works_as_pasted(
    operated: RunningMesh, command: Command, contact: dict[str, Any], token: str, form: str
) -> None:
    title = f"O'Neil & {form}? 100%"
    calls = {
        "ListContacts": {"pageSize": 2, "orderBy": "create_time desc", "filter": 'job_title = "a b"'},
        "UpdateContact": {"contact": {"id": contact["id"], "jobTitle": title}, "updateMask": "jobTitle"},
        "GetContact": {"id": contact["id"]},
        "BatchGetContacts": {"ids": [contact["id"]]},
        "GetJwks": {},
    }
    if form != "curl":
        # Each costs a start of Python; routes with their paths and queries are curl's alone.
        del calls["GetJwks"], calls["BatchGetContacts"]
    by_name = {each.descriptor.name: each for each in methods.by_contract()}
    # The first one signs in by itself, as the others would: each costs a start of Python.
    given = {name: ["--token", token] if name != "ListContacts" else [] for name in calls}
    printed = {
        name: command("call", name, "-d", json.dumps(data), *given[name], "--print", form).out
        for name, data in calls.items()
    }

    answers = {name: pasted(operated, text, TOKEN=token) for name, text in printed.items()}

    for name, data in calls.items():
        if name != "UpdateContact":
            expected = command("call", name, "-d", json.dumps(data), "--token", token).out
            reply = by_name[name].reply
            assert json_format.Parse(answers[name], reply()) == json_format.Parse(expected, reply()), printed[name]
    assert json.loads(answers["GetContact"])["jobTitle"] == title
    assert json.loads(answers["GetContact"])["givenName"] == contact["givenName"]


@pytest.mark.shows("operation.call")
@pytest.mark.parametrize("form", equivalents.FORMS)
def test_a_stream_is_printed_reply_by_reply(operated: RunningMesh, command: Command, form: str, token: str) -> None:
    words = ["call", "WatchContacts", "--token", token]
    ended = command(*words, "--timeout", "1")
    assert ended.status == 1
    assert "DEADLINE_EXCEEDED" in ended.err
    replies = [json.loads(line) for line in ended.out.splitlines()]
    assert len(replies) > 100
    first = next(reply["contact"]["id"] for reply in replies if "contact" in reply)

    printed = command(*words, "--print", form).out
    cut = "| head -c 3000"
    text = printed.replace("<<'END'", f"<<'END' 2>/dev/null {cut}") if form == "python" else f"{printed.strip()} {cut}"
    assert first in pasted(operated, text, TOKEN=token)


def test_a_token_that_was_handed_over_is_not_printed(command: Command, token: str) -> None:
    printed = command("call", "ListContacts", "--token", token, "--print", "all").out

    assert token not in printed
    assert printed.count("$TOKEN") == 3


def told_by_grpc(channel: grpc.Channel, method: methods.Method, request: Message, token: str) -> Message | int:
    """The reply, or the code of a refusal."""
    call = channel.unary_unary(
        f"/{method.full_name}",
        request_serializer=method.request.SerializeToString,
        response_deserializer=method.reply.FromString,
    )
    try:
        reply: Message = call(request, timeout=10, metadata=[("authorization", f"Bearer {token}")])
    except grpc.RpcError as error:
        return int(error.code().value[0])
    return reply


def test_curl_is_answered_like_grpc_by_every_method_that_reads(operated: RunningMesh, token: str) -> None:
    samples = Samples(itertools.count(), lambda prefix, _: f"{prefix}_{'0' * 26}", {})
    where = equivalents.Place(operated.url, None, "$TOKEN", [], program("python"), program("grpcurl"), reflects=True)
    asked, texts = [], []
    with grpc.insecure_channel(operated.target) as channel:
        for method in methods.by_contract():
            if method.routes[0].verb == "GET" and method.signed_in and not method.descriptor.server_streaming:
                request = samples.message(method.request)
                if "page_token" in request.DESCRIPTOR.fields_by_name:
                    request.ClearField("page_token")
                asked.append((method, told_by_grpc(channel, method, request, token)))
                texts.append(equivalents.texts("curl", method, request, where))
    answers = pasted(operated, " && echo && ".join(texts), TOKEN=token).splitlines()

    assert len(asked) > 20
    for (method, told), answer, text in zip(asked, answers, texts, strict=True):
        if method.reply is httpbody_pb2.HttpBody:  # a door answers in words of its own, with its errors too
            assert ("error" in answer.lower()) if isinstance(told, int) else json.loads(answer) == json.loads(told.data)
        elif isinstance(told, int):
            assert json.loads(answer)["code"] == told, text
        else:
            assert json_format.Parse(answer, method.reply()) == told, text


def test_a_query_that_loses_a_field_would_be_seen(
    operated: RunningMesh, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(equivalents, "_query", lambda *_: iter(()))

    with pytest.raises(AssertionError):
        test_curl_is_answered_like_grpc_by_every_method_that_reads(operated, token)


def test_nothing_is_called_where_nothing_runs(nowhere: Command) -> None:
    ended = nowhere("call", "ListContacts")

    assert (ended.status, ended.err) == (3, "mesh: no mesh runs here; start one: mesh up\n")
    assert nowhere("call", "ListContacts", "--edge", "http://127.0.0.1:1").status == 3


def test_an_edge_over_tls_is_believed_by_its_own_certificate_under_its_own_name(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "outside", SystemClock())
    authority.renew([Identity("edge", ("crm.example.com",)), Identity("other", ("crm.example.com",))])
    own = [(tmp_path / "edge" / name).read_bytes() for name in ("tls.key", "tls.crt")]
    server = grpc.server(futures.ThreadPoolExecutor(1))
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(own[0], own[1])]))
    server.start()
    url = f"https://127.0.0.1:{port}"
    try:
        certificate = tmp_path / "edge" / "tls.crt"
        assert place.own_name(certificate) in ("edge", "crm.example.com")
        place.edge_channel(url, certificate, place.own_name(certificate)).close()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(place, "_CONNECT", 1.0)
            with pytest.raises(NotRunning):
                place.edge_channel(url, tmp_path / "other" / "tls.crt", "crm.example.com")
    finally:
        server.stop(0)
