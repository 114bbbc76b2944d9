"""The processes of the running mesh: that they run, serve, stay, are where they were planned, and of one code."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from mesh.checks.check import Skipped, check
from mesh.checks.processes import age_seconds, parent_of
from mesh.control import run_file
from mesh.control.certificates import OPERATOR
from mesh.runtime import credentials
from mesh.runtime.roles import PACK, WORKER
from mesh.runtime.version import code_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.checks.view import View
    from mesh.control.run_file import Instance

_STEADY_SECONDS = 600.0
_MOST_RESTARTS = 5
_HEALTH_SECONDS = 1.0
_SAMPLE = re.compile(r"(\w+)\{(.*)\} (\S+)")
_LABEL = re.compile(r'(\w+)="([^"]*)"')
_CODE = "rapport_code_info"
_LOGS = "See what it says (mesh logs), mend it, then: mesh restart."


@check(
    "instances.run-file",
    "The run file is that of the control plane that holds this home.",
    remedy="Stop what holds it and start anew: mesh down, mesh up.",
)
def run_file_is_current(view: View) -> Iterator[str]:
    """The keeper holds the lock, and is the parent of the control plane, which writes the file."""
    holder = run_file.holder(view.settings.home)
    if holder is None:
        raise Skipped("no mesh runs here")
    if run_file.read(view.settings.home) is None:
        yield "other code than this wrote it, or nobody"
    elif holder not in (view.run().pid, parent_of(view.run().pid)):
        yield f"process {holder} holds the home, and the file is of process {view.run().pid}"


@check(
    "instances.control",
    "The control plane answers.",
    remedy="See what it says (MESH_HOME/logs/mesh.log), and start it anew: mesh down, mesh up.",
    running=True,
)
def control(view: View) -> Iterator[str]:
    """Ask it for the mesh's metrics."""
    try:
        view.metrics()
    except Skipped:
        yield "the control plane does not answer"


@check(
    "instances.running",
    "Every process that the control plane started runs, and every service has one.",
    remedy=_LOGS,
    running=True,
)
def running(view: View) -> Iterator[str]:
    """Compare the run file with the machine's processes."""
    hosted = set()
    for instance in view.run().instances:
        hosted |= set(instance.services)
        if instance.pid not in view.processes():
            yield f"{instance.name} is {instance.state}, and has no process"
    for service in sorted(set(view.services()) - hosted):
        yield f"{service} has no instance"


@check(
    "instances.serving",
    "Every instance says of itself that it serves (grpc.health.v1), over mutual TLS.",
    remedy=_LOGS,
    running=True,
)
def serving(view: View) -> Iterator[str]:
    """Ask all of them at once, as the operator."""
    asked = []
    own = view.settings.certificates(OPERATOR.name)
    for instance in _instances(view):
        channel = credentials.channel(own, view.settings.host, instance.port, _identity(instance))
        stub = health_pb2_grpc.HealthStub(channel)
        request = health_pb2.HealthCheckRequest()
        asked.append((instance, channel, stub.Check.future(request, timeout=_HEALTH_SECONDS, wait_for_ready=True)))
    for instance, channel, answer in asked:
        try:
            status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.result().status)
        except grpc.RpcError as error:
            status = error.code().name
        channel.close()
        if status != "SERVING":
            yield f"{instance.name} says {status}"


@check(
    "instances.steady",
    "No process is started again and again.",
    remedy=_LOGS,
    running=True,
)
def steady(view: View) -> Iterator[str]:
    """Look for restarts of a process that is young."""
    for instance in view.run().instances:
        age = age_seconds(instance.pid) if instance.pid else 0.0
        if instance.restarts > _MOST_RESTARTS and age is not None and age < _STEADY_SECONDS:
            yield f"{instance.name} was started {instance.restarts} times again, lately {age:.0f} s ago"


@check(
    "instances.pinned",
    "Every instance runs on the one core that was planned for it.",
    remedy="Start the instance anew: mesh restart; nothing else should change the affinity of its process.",
    running=True,
)
def pinned(view: View) -> Iterator[str]:
    """Ask the kernel."""
    for instance in _instances(view):
        if instance.core is not None and os.sched_getaffinity(instance.pid) != {instance.core}:
            yield f"{instance.name} may run on other cores than {instance.core}"


@check(
    "instances.code",
    "Every instance runs the same code as the control plane.",
    remedy="Start the instances anew, one after the other: mesh restart.",
    running=True,
)
def code(view: View) -> Iterator[str]:
    """Compare what they tell of themselves."""
    told = _codes(view)
    expected = told.get("control", "")
    for name, found in sorted(told.items()):
        if found != expected:
            yield f"{name} runs other code than the control plane"


@check(
    "instances.control-code",
    "The control plane runs the code that lies on disk.",
    remedy="Start the mesh anew: mesh down, mesh up.",
    running=True,
)
def control_code(view: View) -> Iterator[str]:
    """Compare with this command's own."""
    if _codes(view).get("control", "") != code_version():
        yield "the control plane was started with other code than this command"


@check(
    "instances.relays",
    "One process of every service publishes its events: it holds the lease of the relay.",
    remedy="End whoever holds the lease and is no instance (on SQLite: it locks <database>.relay), or: mesh restart.",
    running=True,
)
def relays(view: View) -> Iterator[str]:
    """Count those who lead, by service, where all processes tell."""
    silent = [labels["instance"] for labels, up in _samples(view, "rapport_instance_up") if not up]
    if silent:
        raise Skipped(f"{', '.join(silent)} does not tell (see instances.serving)")
    leads: dict[str, float] = {}
    for labels, value in _samples(view, "rapport_relay_leads"):
        leads[labels["service"]] = leads.get(labels["service"], 0) + value
    for service, number in sorted(leads.items()):
        if number != 1:
            yield f"{number:.0f} processes publish the events of {service}"


def _instances(view: View) -> list[Instance]:
    """Those of services that run and listen."""
    return [
        instance
        for instance in view.run().instances
        if instance.services and instance.port and instance.pid in view.processes()
    ]


def serving_calls(view: View) -> list[Instance]:
    """Those that take calls, by the control plane's verdict."""
    return [each for each in _instances(view) if each.state == "healthy" and each.role != WORKER]


def _identity(instance: Instance) -> str:
    """Whose certificate an instance has."""
    return instance.services[0] if len(instance.services) == 1 else PACK


def _codes(view: View) -> dict[str, str]:
    """The version of the code that every process tells, by its name."""
    return {labels["instance"]: labels["code"] for labels, _ in _samples(view, _CODE)}


def _samples(view: View, family: str) -> Iterator[tuple[dict[str, str], float]]:
    """Labels and value of every sample of a family."""
    for line in view.metrics():
        if line.startswith(f"{family}{{"):
            sample = _SAMPLE.fullmatch(line)
            if sample:
                yield dict(_LABEL.findall(sample[2])), float(sample[3])


CHECKS = (run_file_is_current, control, running, serving, steady, pinned, code, control_code, relays)
