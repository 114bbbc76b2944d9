"""The processes of this machine as the kernel shows them to their owner."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """A process that runs: its arguments, and the folder it works in (empty where that is not ours to see)."""

    pid: int
    arguments: tuple[str, ...]
    folder: str


def listed() -> Mapping[int, Process]:
    """Every process, without those that have ended and wait for their parent."""
    found = (_process(int(entry.name)) for entry in _PROC.iterdir() if entry.name.isdecimal())
    return {process.pid: process for process in found if process is not None}


def home_of(pid: int) -> str:
    """MESH_HOME of a process; empty where it has none, or is not ours to look at."""
    try:
        variables = (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    return next((v.partition(b"=")[2].decode(errors="replace") for v in variables if v.startswith(b"MESH_HOME=")), "")


def open_file_limit(pid: int) -> int:
    """How many files a process may have open; -1: not to be seen."""
    try:
        lines = (_PROC / str(pid) / "limits").read_text(encoding="ascii").splitlines()
    except OSError:
        return -1
    soft = next(line.split()[3] for line in lines if line.startswith("Max open files"))
    return int(soft) if soft.isdecimal() else -1


def age_seconds(pid: int) -> float | None:
    """How long a process runs; None where there is none."""
    told = _stat(pid)
    if not told:
        return None
    up = float((_PROC / "uptime").read_text(encoding="ascii").split()[0])
    return up - int(told[19]) / os.sysconf("SC_CLK_TCK")


def parent_of(pid: int) -> int:
    """The process that started another one; 0: none, or there is no such process."""
    told = _stat(pid)
    return int(told[1]) if told else 0


def _stat(pid: int) -> list[str]:
    """What the kernel counts of a process, from its state on; nothing where there is none."""
    try:
        return (_PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _process(pid: int) -> Process | None:
    folder = _PROC / str(pid)
    try:
        arguments = (folder / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
    except OSError:
        return None
    try:
        works_in = str((folder / "cwd").readlink())
    except OSError:
        works_in = ""
    # One that has ended has no arguments any more.
    return Process(pid, tuple(arguments), works_in) if arguments != [""] else None
