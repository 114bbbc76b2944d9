"""`mesh logs` and `mesh tap` on a real mesh: merged, ordered, narrowed, followed, and without a value of any field."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.cli import log_lines
from mesh.cli.log_lines import Logs, parse
from mesh.cli.place import program
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mesh.testing.running import RunningMesh
    from tests.control.conftest import Ended

    Command = Callable[..., "Ended"]

TRACE = "4bf92f3577b34da6a3ce929d0e0e47{:02d}"


@pytest.fixture(scope="module")
def token(operated: RunningMesh) -> str:
    return operated.token()


def send(mesh: RunningMesh, token: str, path: str = "/v1/contacts?page_size=1", trace: str = "") -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"} | (
        {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"} if trace else {}
    )
    return httpx.get(f"{mesh.url}{path}", headers=headers, timeout=15)


def rows(ended: Ended) -> list[dict[str, Any]]:
    assert ended.status == 0, ended.err
    return [json.loads(line) for line in ended.out.splitlines()]


@pytest.mark.parametrize(
    ("process", "text", "level", "said"),
    [
        ("mesh", "2026-11-23 01:24:55,967 WARNING x y ended", "warning", "x y ended"),
        ("edge", "[2026-11-23 01:24:55.967][12][warning][config] gone", "warning", "[config] gone"),
        ("redis", "30818:M 23 Nov 2026 01:24:55.967 * Ready", "info", "Ready"),
        ("edge", '{"time": "2026-11-23T01:24:55.967Z", "status": 503, "milliseconds": 2}', "error", "503 2 ms"),
        ("a-1", '{"time_us": 1795397095967000, "method": "a/B", "code": 5, "ms": 1}', "warning", "a/B NOT_FOUND 1 ms"),
    ],
)
def test_lines_of_every_origin_have_a_time_a_level_and_a_text(process: str, text: str, level: str, said: str) -> None:
    line = parse(process, text)

    assert line.time_us == 1_795_397_095_967_000
    assert (line.level, line.text) == (level, said)


def test_a_line_without_a_time_belongs_to_the_one_before_it(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("2026-11-23 01:00:00,000 ERROR x broke\nTraceback: y\nnot complete")
    (tmp_path / "b.log").write_text("2026-11-23 00:59:59,000 INFO x first\n2026-11-23 01:00:01,000 INFO x last\n")

    with Logs(tmp_path) as logs:
        lines = logs.read()

    assert [line.text for line in lines] == ["x first", "x broke", "Traceback: y", "x last"]
    assert lines[2].level == "error"


@pytest.mark.shows("operation.logs")
def test_the_lines_of_one_call_are_found_in_every_process_in_order(
    operated: RunningMesh, command: Command, token: str
) -> None:
    trace = TRACE.format(1)
    assert send(operated, token, trace=trace).status_code == 200

    def found() -> list[dict[str, Any]] | None:
        lines = rows(command("logs", "--trace", trace, "-o", "json"))
        return lines if {"edge", "customers-1"} <= {line["process"] for line in lines} else None

    lines = eventually(found, within=15, of="the edge's and the service's line")
    assert [line["time"] for line in lines] == sorted(line["time"] for line in lines)
    assert {line["trace"] for line in lines} == {trace}
    assert rows(command("logs", "--trace", f"00-{trace}-00f067aa0ba902b7-01", "-o", "json")) == lines


@pytest.mark.shows("operation.logs")
def test_lines_are_narrowed_by_process_level_tenant_and_time(
    operated: RunningMesh, command: Command, token: str
) -> None:
    assert send(operated, token, "/v1/contacts/con_00000000000000000000000000").status_code == 404
    lines = rows(command("logs", "--service", "customers", "--level", "warning", "-o", "json"))
    assert {line["service"] for line in lines} == {"customers"}
    assert {line["level"] for line in lines} <= {"warning", "error"}
    tenant = lines[-1]["tenant"]
    assert tenant.startswith("ten_")
    assert {line["tenant"] for line in rows(command("logs", "--tenant", tenant, "-o", "json"))} == {tenant}
    assert rows(command("logs", "--tenant", "ten_of_nobody", "-o", "json")) == []
    assert {line["process"] for line in rows(command("logs", "mesh", "redis", "-o", "json"))} == {"mesh", "redis"}
    assert rows(command("logs", "--since", "0s", "-o", "json")) == []
    assert len(rows(command("logs", "-n", "3", "-o", "json"))) == 3


def test_what_cannot_be_shown_is_told_by_the_exit_status(command: Command) -> None:
    assert command("logs", "--since", "soon").err == "mesh: 'soon' is no span; write it as in 10m or 1h30m\n"
    assert "there is no log of customer-1; there are" in command("logs", "customer-1").err


@pytest.mark.shows("operation.logs-of-no-call")
def test_a_call_that_left_no_line_is_told_and_ends_with_1(command: Command) -> None:
    unknown = TRACE.format(9)
    for words in (("logs", "--trace", unknown), ("logs", "--trace", unknown, "-o", "json")):
        told = command(*words)
        assert (told.status, told.out) == (1, "")
        assert told.err == f"mesh: no line of the call {unknown} is in the logs of this mesh\n"
    assert command("logs", "customers-1", "--trace", unknown).err.endswith("is in the logs of customers-1\n")
    assert command("logs", "--since", "0s").status == 0, "nothing new is an answer"


def test_logs_of_no_mesh_and_calls_of_no_mesh_end_with_3(nowhere: Command) -> None:
    assert nowhere("logs").status == 3
    assert nowhere("tap").status == 3


class Watcher:
    """A command that goes on, and the lines that it has printed."""

    def __init__(self, mesh: RunningMesh, *words: str) -> None:
        self.file = mesh.home / f"watched-{len(list(mesh.home.glob('watched-*')))}"
        with self.file.open("wb") as out:
            self.process = subprocess.Popen(
                [program("python"), "-m", "mesh.cli.main", *words], stdout=out, stderr=out, env=dict(mesh.environment)
            )

    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_text().splitlines()]

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@pytest.fixture
def watch(operated: RunningMesh) -> Iterator[Callable[..., Watcher]]:
    made: list[Watcher] = []

    def start(*words: str) -> Watcher:
        made.append(Watcher(operated, *words))
        return made[-1]

    yield start
    for each in made:
        each.process.kill()
        each.process.wait()


def until(watcher: Watcher, act: Callable[[], Any], good: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Act until the watcher shows what it should: it may begin to watch after the first act."""

    def seen() -> dict[str, Any] | None:
        act()
        return next((row for row in watcher.rows() if good(row)), None)

    return eventually(seen, within=30, of="what was watched for")


@pytest.mark.shows("operation.logs")
@pytest.mark.shows("operation.usage")
def test_followed_lines_come_as_they_are_written_until_ctrl_c(
    operated: RunningMesh, token: str, watch: Callable[..., Watcher]
) -> None:
    trace = TRACE.format(2)
    follower = watch("logs", "-f", "--trace", trace, "-o", "json")

    until(follower, lambda: send(operated, token, trace=trace), lambda row: row["process"] == "customers-1")

    assert follower.interrupt() == 130
    assert all(row["trace"] == trace for row in follower.rows())


@pytest.mark.shows("operation.tap")
def test_a_tap_shows_who_calls_whom_and_how_it_ended_and_no_value_of_a_field(
    operated: RunningMesh, token: str, watch: Callable[..., Watcher]
) -> None:
    everything = watch("tap", "-o", "json")
    missing = watch("tap", "ContactService/GetContact", "--status", "NOT_FOUND", "-n", "1", "-o", "json")
    secret = "Zebediah-Quillfeather"

    def act() -> None:
        send(operated, token, "/v1/contacts/con_00000000000000000000000000")
        send(operated, "nonsense")
        body = {"givenName": secret, "emails": [{"address": f"{secret}@example.com"}]}
        httpx.post(f"{operated.url}/v1/contacts", json=body, headers={"authorization": f"Bearer {token}"}, timeout=15)

    got = until(missing, act, lambda row: True)
    assert (got["from"], got["to"], got["method"]) == ("edge", "customers-1", "customers.ContactService/GetContact")
    assert (got["code"], got["tenant"][:4], got["principal"][:4]) == ("NOT_FOUND", "ten_", "usr_")
    assert got["ms"] >= 0
    assert missing.process.wait(20) == 0, "it ends after one"

    made = until(everything, act, lambda row: row["method"] == "customers.ContactService/CreateContact")
    assert made["in"] > len(secret)
    refused = until(everything, act, lambda row: row["from"] == "client")
    assert (refused["to"], refused["code"]) == ("edge", "UNAUTHENTICATED")
    assert everything.interrupt() == 130
    assert secret.casefold() not in everything.file.read_text().casefold()


def test_a_status_or_a_method_that_does_not_exist_is_wrong_usage(command: Command) -> None:
    assert command("tap", "--status", "TEAPOT").status == 2
    assert "did you mean" in command("tap", "ContactService/GetContacts").err


def test_lines_that_are_not_ordered_would_be_seen(
    operated: RunningMesh, command: Command, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        log_lines.Logs, "read", lambda self: [line for file in self._files.values() for line in file.read()][::-1]
    )

    with pytest.raises(AssertionError):
        test_the_lines_of_one_call_are_found_in_every_process_in_order(operated, command, token)


def test_a_reader_that_goes_is_no_reason_to_complain(operated: RunningMesh) -> None:
    text = f"{program('mesh')} logs -n 1000000 | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", text], env=dict(operated.environment), capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] in ("0", "141")


def test_the_table_of_processes_names_every_core_the_first_too(command: Command) -> None:
    cores = {row["name"]: str(row["core"]) for row in command("ps", "-o", "json").json if row["core"] is not None}
    told = (line.split() for line in command("ps").out.splitlines()[1:])
    assert "0" in cores.values()
    assert {name: core for name, *_, core, _ in told if name in cores} == cores
