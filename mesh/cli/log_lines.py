"""The lines of all processes' logs in one form: read where they stand, put into one order, and followed.

Services and the edge write JSON, Redis, Envoy and the control plane what they have always written. Calls leave ids,
codes and sizes in the logs and never a value of a field, so nothing here can show one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from mesh.cli.output import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

LEVELS = ("debug", "info", "warning", "error")
CODES = (
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
)  # fmt: skip
CONTROL, EDGE = "mesh", "edge"
# Of a file that is only looked at from its end.
_TAIL_BYTES = 512 * 1024
_LONGEST = 16_384
# A caller that has gone is nobody's failure.
_GOOD = ("", "OK", "CANCELLED")
# Codes that are our fault, not the caller's.
_FAULTS = ("UNKNOWN", "INTERNAL", "UNAVAILABLE", "DATA_LOSS")
_PYTHON = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) ([A-Z]+) ")
_ENVOY = re.compile(r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})\]\[\d+\]\[(\w+)\]")
_REDIS = re.compile(r"\d+:[A-Z] (\d{2} \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3}) ([.\-*#]) ")
_FORMS = ((_PYTHON, "%Y-%m-%d %H:%M:%S"), (_ENVOY, "%Y-%m-%d %H:%M:%S.%f"), (_REDIS, "%d %b %Y %H:%M:%S.%f"))
_OWN_LEVELS = {"critical": "error", "warn": "warning", "trace": "debug", ".": "debug", "-": "info", "*": "info",
               "#": "warning"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a process's log: when in microseconds since 1970, and for a call what it says of it."""

    time_us: int
    process: str
    level: str
    text: str
    call: Mapping[str, Any] = field(default_factory=dict)

    @property
    def service(self) -> str:
        """The service, or the process that is none, as in `edge`."""
        name, _, number = self.process.rpartition("-")
        return str(self.call.get("service") or (name if number.isdigit() else self.process))

    @property
    def at_edge(self) -> bool:
        """Whether an Envoy wrote it; while one takes over from another there are two."""
        return self.process.partition("-")[0] == EDGE

    @property
    def tenant(self) -> str:
        """The tenant that a call was made for."""
        return str(self.call.get("tenant", ""))

    @property
    def trace(self) -> str:
        """The trace id of a call in hex; the edge's request id is one where the caller brought none."""
        given = str(self.call.get("trace") or "").split("-")
        return given[1] if len(given) == 4 else str(self.call.get("request_id") or "").replace("-", "")

    @property
    def code(self) -> str:
        """The name of the status code of a call; empty: it is none."""
        number = self.call.get("code", self.call.get("grpc_status"))
        return CODES[number] if isinstance(number, int) and 0 <= number < len(CODES) else ""

    def as_json(self) -> dict[str, Any]:
        """Stable keys; `call` is there for calls."""
        found = {"time": rfc3339(self.time_us), "process": self.process, "level": self.level, "service": self.service,
                 "tenant": self.tenant, "trace": self.trace, "text": self.text}  # fmt: skip
        return {**found, "call": dict(self.call)} if self.call else found


class LogFile:
    """One process's log, read line by line. A line without a time of its own belongs to the one before."""

    def __init__(self, path: Path, *, whole: bool) -> None:
        self._name = path.stem
        self._path = path
        self._before = path.with_name(f"{path.name}.1") if whole else None
        self._file = path.open("rb")
        self._rest = b""
        self._time_us, self._level = 0, "info"
        if not whole:
            self.skip(_TAIL_BYTES)

    def skip(self, kept: int = 0) -> None:
        """Go on near the end, before the last bytes that are `kept`."""
        size = self._path.stat().st_size
        if size > kept:
            self._file.seek(size - kept)
            if kept:
                self._file.readline()

    def read(self) -> Iterator[Line]:
        """What was written since; a line that is not complete yet is left for the next time."""
        if self._before is not None and self._before.exists():
            yield from map(self._line, self._before.read_bytes().splitlines())
        self._before = None
        if self._path.exists() and self._path.stat().st_size < self._file.tell():
            # Moved aside for its size.
            self._file.seek(0)
            self._rest = b""
        *lines, self._rest = (self._rest + self._file.read()).split(b"\n")
        yield from (self._line(line) for line in lines if line)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _line(self, raw: bytes) -> Line:
        line = parse(self._name, raw[:_LONGEST].decode(errors="replace"), self._time_us, self._level)
        self._time_us, self._level = line.time_us, line.level
        return line


def parse(process: str, text: str, time_us: int = 0, level: str = "info") -> Line:
    """A line of a process; `time_us` and `level`: of the line before."""
    if text.startswith("{"):
        try:
            return _call(process, json.loads(text))
        except (ValueError, KeyError, TypeError):
            return Line(time_us, process, level, text)
    for pattern, form in (
        (_PYTHON, "%Y-%m-%d %H:%M:%S"),
        (_ENVOY, "%Y-%m-%d %H:%M:%S.%f"),
        (_REDIS, "%d %b %Y %H:%M:%S.%f"),
    ):
        match = pattern.match(text)
        if match:
            # All of them write the machine's own time.
            when = int(datetime.strptime(match[1], form).astimezone(UTC).timestamp() * 1_000_000)
            when += int(match[2]) * 1000 if pattern is _PYTHON else 0
            own = match[match.lastindex or 1].lower()
            return Line(when, process, _OWN_LEVELS.get(own, own), text[match.end() :].strip())
    return Line(time_us, process, level, text)


def _call(process: str, said: dict[str, Any]) -> Line:
    time_us = said.pop("time_us", None)
    if time_us is None:
        time_us = int(datetime.fromisoformat(said.pop("time")).timestamp() * 1_000_000)
    line = Line(int(time_us), process, "info", "", said)
    status = said.get("status") or 0
    level = "info"
    if line.code not in _GOOD or status >= 400:
        level = "error" if said.get("fault") or line.code in _FAULTS or status >= 500 else "warning"
    return Line(line.time_us, process, level, _said(line), said)


def _said(line: Line) -> str:
    """A call in words."""
    said = line.call
    if line.at_edge:
        words = [said.get("method"), said.get("path"), said.get("status"), line.code, f"{said.get('milliseconds')} ms"]
        return " ".join(str(word) for word in words if word)
    peer, reason = str(said.get("peer", "")).rpartition("/")[2], said.get("reason")
    words = [
        said.get("method"), line.code, reason if reason != line.code else "", said.get("fault"), f"{said.get('ms')} ms",
        peer and f"from {peer}", said.get("tenant"), said.get("principal"),
    ]  # fmt: skip
    return " ".join(str(word) for word in words if word)


class Logs:
    """All logs of a folder; those of processes that come later are found too. `names`: of these processes alone."""

    def __init__(self, folder: Path, names: Iterable[str] = (), *, whole: bool = False, live: bool = False) -> None:
        self._folder, self._names, self._whole = folder, frozenset(names), whole
        self._files: dict[str, LogFile] = {}
        self._find()
        if live:
            for file in self._files.values():
                file.skip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    def _find(self) -> None:
        for path in self._folder.glob("*.log"):
            if path.stem not in self._files and (not self._names or path.stem in self._names):
                self._files[path.stem] = LogFile(path, whole=self._whole)

    def read(self) -> list[Line]:
        """What was written since the last time, in order of time."""
        lines = [line for file in self._files.values() for line in file.read()]
        return sorted(lines, key=lambda line: line.time_us)

    def follow(self, wait: Callable[[], None]) -> Iterator[Line]:
        """What is written from now on, in order of time; `wait` is called where there is nothing more to read.

        A line is held back for one wait, so that one that another process wrote before it can come before it.
        """
        held: list[Line] = []
        while True:
            self._find()
            fresh = self.read()
            last_us = held[-1].time_us if held else 0
            earlier = [line for line in fresh if line.time_us <= last_us]
            yield from sorted([*held, *earlier], key=lambda line: line.time_us)
            held = fresh[len(earlier) :]
            wait()
