"""Hashes of passwords that are made in processes of their own (mesh.runtime.hasher), for the threads of this one.

A thread that hashes here would let others have the core, and not the interpreter's lock: who waits for that lock waits
for a thread that is not let run.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from threading import local
from typing import IO, Any, cast

import argon2

from mesh.runtime.hasher import IDLE


class _Process:
    """One process that hashes, for one thread."""

    def __init__(self, time: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mesh.runtime.hasher", time],
            # It needs to find its modules, and to know nothing else of this one.
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        atexit.register(self.close)

    def ask(self, line: bytes) -> bytes:
        """The answer to a line.

        Raises:
            ConnectionError: the process has ended.
        """
        sent, answers = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        sent.write(line)
        sent.flush()
        answer = answers.readline()
        if not answer:
            raise ConnectionResetError
        return answer

    def close(self) -> None:
        """Have it end after what it does now."""
        atexit.unregister(self.close)
        self._process.kill()
        with suppress(BrokenPipeError), self._process:
            pass


class Hasher:
    """What argon2.PasswordHasher does, at the same costs, elsewhere. Each thread has a process, which it keeps."""

    def __init__(self, *, time_cost: int, memory_cost: int, parallelism: int) -> None:
        self._costs = time_cost, memory_cost, parallelism
        self._here = argon2.PasswordHasher(*self._costs)

    def hash(self, password: str) -> str:
        """The hash to keep."""
        return str(self._ask(password=password)["hash"])

    def verify(self, kept: str, password: str) -> bool:
        """True.

        Raises:
            argon2.exceptions.VerifyMismatchError: the password has another hash.
            argon2.exceptions.InvalidHashError: what was kept is none.
        """
        answer = self._ask(password=password, kept=kept)
        if "fault" in answer:
            raise argon2.exceptions.InvalidHashError(answer["fault"])
        if not answer["matches"]:
            raise argon2.exceptions.VerifyMismatchError
        return True

    def check_needs_rehash(self, kept: str) -> bool:
        """Whether a hash was made with other costs."""
        return self._here.check_needs_rehash(kept)

    def _ask(self, **sent: str) -> dict[str, Any]:
        line = json.dumps({"costs": self._costs, **sent}).encode() + b"\n"
        try:
            answer = _process().ask(line)
        except ConnectionError:
            # It was ended by somebody, as where memory was short.
            _replace()
            answer = _process().ask(line)
        answered: dict[str, Any] = json.loads(answer)
        return answered


_OWN = local()


def take_time(time: str) -> None:
    """Have the hashes of this thread take their time so: IDLE, if it says nothing, or LATE."""
    _OWN.time = time


def _process() -> _Process:
    if not hasattr(_OWN, "process"):
        _OWN.process = _Process(getattr(_OWN, "time", IDLE))
    process: _Process = _OWN.process
    return process


def _replace() -> None:
    _OWN.process.close()
    del _OWN.process
