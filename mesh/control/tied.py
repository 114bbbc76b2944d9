"""Becomes another program that does not outlive the supervisor: `python -I -S tied.py <parent pid> <program>...`.

A program of its own instead of a hook between fork and exec, because such hooks are not safe with threads. It is run by
path and imports nothing of the mesh, so that it costs milliseconds.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Ask the kernel for SIGKILL when the parent's thread ends, make sure that it lives, and become the program."""
    parent, program = int(arguments[0]), arguments[1:]
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        sys.exit(f"cannot be tied to the supervisor: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != parent:
        sys.exit("the supervisor is gone")
    os.execv(program[0], program)  # noqa: S606  # becoming the program is the point


if __name__ == "__main__":
    main(sys.argv[1:])
