"""How a command ends: the exit statuses, and the exceptions that stand for them. `mesh.cli.main` alone maps them.

Read by every command, so it imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.control import run_file

if TYPE_CHECKING:
    from mesh.control.run_file import Run
    from mesh.runtime.settings import Settings

OK, FAILED, USAGE, NOT_RUNNING = 0, 1, 2, 3
# As a shell tells a process that SIGINT or SIGPIPE ended.
INTERRUPTED, PIPE_CLOSED = 130, 141


class Failed(Exception):
    """The command could not do what was asked. The text is one line for the operator: what is wrong, and what to do."""

    status = FAILED


class BadUsage(Failed):
    """The arguments, or the settings, are not usable."""

    status = USAGE


class NotRunning(Failed):
    """The mesh, or the service that is needed, does not run here."""

    status = NOT_RUNNING


def running(settings: Settings) -> Run:
    """What the mesh in this home says of itself.

    Raises:
        NotRunning: none runs here.
    """
    now = run_file.read(settings.home) if run_file.holder(settings.home) else None
    if now is None:
        msg = "no mesh runs here; start one: mesh up"
        raise NotRunning(msg)
    return now


def instance_port(settings: Settings, service: str) -> int:
    """The loopback port of a healthy instance of a service.

    Raises:
        NotRunning: there is none.
    """
    for instance in running(settings).instances:
        if service in instance.services and instance.state == "healthy":
            return instance.port
    msg = f"no healthy {service} runs here; look at it: mesh ps"
    raise NotRunning(msg)
