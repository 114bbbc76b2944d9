"""`mesh seed`: as many contacts as are asked for, each once, also after an interruption."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from mesh.cli import demo, seed
from mesh.cli.edge_client import EdgeError
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.control.conftest import Ended

    Command = Callable[..., "Ended"]


def crowd(command: Command) -> list[str]:
    """External ids of the contacts beyond the demo tenant's own."""
    found = command("call", "ListContacts", "-d", '{"filter": "external_id = \\"demo-0000*\\"", "page_size": 200}')
    assert found.status == 0, found.err
    return sorted(contact["externalId"] for contact in json.loads(found.out).get("contacts", []))


def test_what_an_interrupted_run_has_added_is_not_added_again(command: Command) -> None:
    settings = read_settings()
    there = demo.CONTACTS
    with mock.patch.object(seed, "_BATCH", 10), mock.patch.object(seed, "_AT_ONCE", 1):
        sent = demo.add
        # The answer to the second batch is lost, and the run ends there.
        answers = iter((None, EdgeError("cannot be reached", "INTERRUPTED")))

        def losing(*arguments: object) -> None:
            sent(*arguments)  # type: ignore[arg-type]
            if (lost := next(answers, None)) is not None:
                raise lost

        with mock.patch.object(demo, "add", losing):
            ended = command("seed", "--contacts", str(there + 30))
        assert ended.status == 1
        assert "cannot be reached" in ended.err

        ended = command("seed", "--contacts", str(there + 30))
    assert ended.status == 0, ended.err
    assert ended.out == f"the demo tenant has {there + 30} contacts\n"
    assert crowd(command) == [f"demo-{number:07}" for number in range(there + 1, there + 31)]
    assert (demo.read_credentials(settings) or {})["contacts"] == there + 30

    with mock.patch.object(demo, "add", side_effect=AssertionError):
        assert command("seed", "--contacts", "20").out == f"the demo tenant has {there + 30} contacts\n"


def test_a_call_that_may_come_again_is_sent_again(command: Command) -> None:
    there = int((demo.read_credentials(read_settings()) or {}).get("contacts", demo.CONTACTS))
    sent, answers = demo.add, iter((EdgeError("busy", "OVERLOADED"), EdgeError("ended", "UNAUTHENTICATED")))

    def refusing(*arguments: object) -> None:
        if (refused := next(answers, None)) is not None:
            raise refused
        sent(*arguments)  # type: ignore[arg-type]

    with mock.patch.object(demo, "add", refusing), mock.patch.object(seed, "_PAUSE_SECONDS", 0):
        ended = command("seed", "--contacts", str(there + 5))
    assert ended.status == 0, ended.err
    assert f"demo-{there + 5:07}" in crowd(command)


@pytest.mark.parametrize("number", ["0", "-3", str(seed.MOST + 1)])
def test_a_number_that_makes_no_sense_is_refused(command: Command, number: str) -> None:
    ended = command("seed", f"--contacts={number}")
    assert ended.status == 2
    assert str(seed.MOST) in ended.err


def test_without_a_demo_tenant_it_says_how_to_get_one(nowhere: Command) -> None:
    ended = nowhere("seed")
    assert ended.status == 1
    assert "mesh up" in ended.err
