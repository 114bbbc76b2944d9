"""A dirty file of 100,000 rows becomes contacts through the edge and over a kill -9, each with the verdict it earns."""

from __future__ import annotations

import base64
import contextlib
import os
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from mesh.resource.csv_files import UTF_8_MARK
from mesh.testing.eventually import eventually
from mesh.testing.running import RunningMesh, running_mesh

ROWS = 100_000
PART = 1 << 20
# Of the thread that imports, on a core that does so many additions in so many seconds: seconds that pass depend on what
# else the machine does, and those that a thread is busy on who shares the core.
CPU_SECONDS = 60
_LOOP, _LOOP_SECONDS = 10_000_000, 0.3
GROWTH_BYTES = 150 << 20
COLUMNS = {
    "Key": "external_id",
    "Vorname": "given_name",
    "Name": "family_name",
    "E-Mail": "emails",
    "Beruf": "job_title",
}
PATH = "/v1/contact-imports"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(800)]


@dataclass
class Expected:
    """What the generator knows of a row that it wrote: the verdict, and the column to blame."""

    verdict: str
    reason: str = ""
    column: str = ""


# Of a thousand rows: what becomes of so many, what is wrong with them, and which cells say so.
REFUSED, MADE = "ROW_VERDICT_FAILED", "ROW_VERDICT_CREATED"
DIRT: list[tuple[int, Expected, dict[str, str]]] = [
    (20, Expected(REFUSED, "INVALID_ARGUMENT", "E-Mail"), {"mail": "no address"}),
    (40, Expected("ROW_VERDICT_SKIPPED", "MATCHED"), {"key": "again"}),
    (10, Expected(REFUSED, "INVALID_ARGUMENT", "Beruf"), {"job": "y" * 201}),
    (10, Expected(REFUSED, "ROW_RAGGED"), {"more": "x;surplus"}),
    (10, Expected(REFUSED, "INVALID_ARGUMENT", "Name"), {"name": "a\0b"}),
    (10, Expected(REFUSED, "EMAIL_REPEATED", "E-Mail"), {"mail": '"twice@example.com; twice@example.com"'}),
    (30, Expected(MADE), {"name": '"two\r\nlines; and ""quotes"""', "job": "=HYPERLINK(1)"}),
    (870, Expected(MADE), {}),
]


def dirty_file(count: int, seed: int = 7) -> tuple[bytes, list[Expected]]:
    """A file with a mark, `;`, CRLF, blank lines and every kind of dirt, and what is to become of its rows."""
    chance, lines, expected = random.Random(seed), [b"Key;Vorname;Name;E-Mail;Beruf;Unused"], []
    keys = ["k0"]
    weights = [weight for weight, _, _ in DIRT]
    for number, (_, verdict, dirt) in enumerate(chance.choices(DIRT, weights, k=count)):
        first = number == 0  # clean, so that a key is there to be repeated
        cells = {"key": f"k{number}", "mail": f"p{number}@example.com", "name": "Müller", "job": "Käufer", "more": "x"}
        cells |= {} if first else dirt
        due = Expected(MADE) if first else verdict
        if cells["key"] == "again":
            cells["key"] = chance.choice(keys)
        elif due.verdict == MADE:
            keys.append(cells["key"])
        row = "{key};Ann;{name};{mail};{job};{more}".format(**cells)
        # A file put together from two systems: some rows are written in Windows-1252.
        lines.append(row.encode("windows-1252" if chance.random() < 0.05 else "utf-8"))
        lines += [b""] if chance.random() < 0.01 else []
        expected.append(due)
    return UTF_8_MARK + b"\r\n".join(lines), expected


@pytest.mark.shows("seams.job")
def test_a_dirty_file_is_imported_over_a_kill_with_a_verdict_per_row(tmp_path: Path) -> None:
    data, expected = dirty_file(ROWS)
    with running_mesh(tmp_path) as mesh:
        headers = {"authorization": f"Bearer {mesh.token()}"}
        with httpx.Client(base_url=mesh.url, headers=headers, timeout=60) as client:
            identity = uploaded(client, data)
            preview = called(client, "GET", f"{PATH}/{identity}:preview")
            assert [row.get("reason", "") for row in preview["contactImportRows"]] == [e.reason for e in expected[:100]]
            first = Usage(mesh)
            called(client, "POST", f"{PATH}/{identity}:start")
            eventually(lambda: done(client, identity) > len(data) // 3, within=200, of="a third of the file")
            first.note()
            assert done(client, identity) < len(data) * 3 // 4, "the file is done before anything can be killed"
            os.kill(first.pid, signal.SIGKILL)
            # What a process takes until it serves is not the import's.
            eventually(lambda: first.pid != pid_of(mesh) and serves(mesh), within=60, of="the next process")
            second, slow = Usage(mesh), slowness()
            eventually(
                lambda: second.note() and state(client, identity) != "JOB_STATE_RUNNING", within=500, of="the end"
            )

            record = called(client, "GET", f"{PATH}/{identity}")
            assert record["job"]["state"] == "JOB_STATE_SUCCEEDED"
            check(client, identity, expected)
            print(f"{first.cpu:.0f} + {second.cpu:.0f} s of work, {first.growth >> 20} and {second.growth >> 20} MiB")
            assert second.cpu > 0, "all was done before the kill"
            assert first.cpu + second.cpu < CPU_SECONDS * slow, f"{first.cpu:.0f} + {second.cpu:.0f} s, {slow:.1f}"
            assert max(first.growth, second.growth) < GROWTH_BYTES


def check(client: httpx.Client, identity: str, expected: list[Expected]) -> None:
    """Every row has exactly the verdict it earns, and every contact that was made is there once."""
    told = list(pages(client, "/v1/contact-import-rows", f'import_id = "{identity}"', "contactImportRows"))
    assert [int(row["number"]) for row in told] == list(range(1, len(expected) + 1))
    for row, due in zip(told, expected, strict=True):
        found = Expected(row["verdict"], row.get("reason", ""), row.get("column", ""))
        assert found == due, f"row {row['number']}: {found}, not {due}"
    made = [row["contactId"] for row in told if row["verdict"] == "ROW_VERDICT_CREATED"]
    kept = [c["id"] for c in pages(client, "/v1/contacts", 'external_id = "k*"', "contacts")]
    assert len(set(made)) == len(made)
    assert sorted(kept) == sorted(made)


def slowness() -> float:
    """How many times as long as on a fast core of its own fixed work takes now; at least 1."""
    began = time.process_time()
    total = 0
    for number in range(_LOOP):
        total += number
    return max(1.0, (time.process_time() - began) / _LOOP_SECONDS)


class Usage:
    """CPU seconds of the busiest thread, which is the job's, and memory of the customers process from now on."""

    def __init__(self, mesh: RunningMesh) -> None:
        self.pid = pid_of(mesh)
        self._cpu, self._memory = self._now()
        self.cpu, self.growth = 0.0, 0

    def note(self) -> bool:
        """Look, while the process is there."""
        cpu, memory = self._now()
        self.cpu = max(seconds - self._cpu.get(thread, 0.0) for thread, seconds in cpu.items())
        self.growth = max(self.growth, memory - self._memory)
        return True

    def _now(self) -> tuple[dict[str, float], int]:
        process, tick = Path(f"/proc/{self.pid}"), os.sysconf("SC_CLK_TCK")
        cpu: dict[str, float] = {}
        for thread in (process / "task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
                fields = _fields(thread)
                cpu[thread.name] = (int(fields[11]) + int(fields[12])) / tick
        return cpu, int(_fields(process)[21]) * os.sysconf("SC_PAGE_SIZE")


def _fields(process: Path) -> list[str]:
    """What /proc tells of a process or a thread, from its state on; see proc(5)."""
    return (process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()


def pid_of(mesh: RunningMesh) -> int:
    """The process of the customers instance."""
    return next(int(each["pid"]) for each in mesh.instances() if each["name"] == "customers-1")


def serves(mesh: RunningMesh) -> bool:
    """Whether the customers instance takes calls."""
    return any(each["name"] == "customers-1" and each["state"] == "healthy" for each in mesh.instances())


def uploaded(client: httpx.Client, data: bytes) -> str:
    """The id of an import with the file in parts."""
    columns = [{"column": column, "field": field} for column, field in COLUMNS.items()]
    described = {"fileName": "dirty.csv", "columns": columns, "matchKey": "MATCH_KEY_EXTERNAL_ID"}
    identity = str(called(client, "POST", PATH, described)["id"])
    for number, start in enumerate(range(0, len(data), PART), 1):
        content = base64.b64encode(data[start : start + PART]).decode()
        called(client, "POST", f"{PATH}/{identity}:upload", {"partNumber": number, "content": content})
    return identity


def called(
    client: httpx.Client, verb: str, path: str, body: Any = None, query: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The answer to a call that must pass; what an instance that was killed could not answer is asked again."""
    for _ in range(60):
        answer = client.request(verb, path, params=query, json={} if verb == "POST" and body is None else body)
        if answer.status_code not in (429, 503, 504):
            break
        time.sleep(0.2)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def state(client: httpx.Client, identity: str) -> str:
    return str(called(client, "GET", f"{PATH}/{identity}")["job"]["state"])


def done(client: httpx.Client, identity: str) -> int:
    return int(called(client, "GET", f"{PATH}/{identity}")["job"].get("done", 0))


def pages(client: httpx.Client, path: str, text: str, field: str) -> Any:
    """All items of a list in the order of their ids."""
    token = ""
    while True:
        query = {"filter": text, "order_by": "id", "page_size": 200, "page_token": token}
        answer = called(client, "GET", path, query=query)
        yield from answer.get(field, [])
        token = answer.get("nextPageToken", "")
        if not token:
            return
