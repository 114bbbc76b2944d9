"""Time of day, ids, randomness and environment are handed in; each is read in one room, so that tests can hold it."""

from __future__ import annotations

import pytest

from tests.hygiene.sources import Source, imports, python, uses
from tests.hygiene.test_imports import names_any

CLOCK = {
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.strftime", "time.clock_gettime",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
}  # fmt: skip
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb", "os.putenv", "os.unsetenv"}
RANDOM = {"uuid", "random", "secrets", "os.urandom", "os.getrandom", "numpy.random"}

# Room: what may be read there, and why not handed in.
ROOMS: dict[str, tuple[set[str], str]] = {
    "mesh/runtime/clock.py": (CLOCK, "the clock itself"),
    "mesh/runtime/settings.py": (ENVIRONMENT, "the settings themselves"),
    "mesh/runtime/ids.py": (RANDOM, "the ids themselves"),
    "mesh/runtime/vault.py": ({"os.urandom"}, "nonces of sealed values must not be foreseeable, in tests either"),
    "mesh/cli/secrets.py": ({"os.urandom"}, "makes the next master key of a mesh that keeps its own"),
    "mesh/runtime/client.py": ({"uuid"}, "a request id is a UUID by contract (AIP-155), and names no resource"),
    "mesh/cli/demo.py": ({"secrets", "uuid"}, "makes the demo owner's password, and request ids as any outside client"),
    "mesh/cli/seed.py": ({"random"}, "puts the demo tenant's contacts together by their number, the same each time"),
    "mesh/control/plan.py": ({"secrets"}, "makes the root secret of a mesh that was given none"),
    "mesh/control/redis_process.py": ({"secrets"}, "makes the password of the embedded Redis at each start"),
}


def room_faults(source: Source) -> list[str]:
    """What a module reads outside the rooms."""
    kept = CLOCK | ENVIRONMENT | RANDOM
    allowed = ROOMS.get(source.path, (set(), ""))[0]
    tree = source.tree
    found = {names_any(name, kept) for name in (*imports(tree), *uses(tree))} - {""}
    return [f"{source.path} reads {name}" for name in sorted(found) if not names_any(name, allowed)]


def test_nothing_reads_the_world_outside_its_room() -> None:
    product = (s for s in python("mesh/", "services/") if not s.path.startswith("mesh/testing/"))

    faults = [fault for source in product for fault in room_faults(source)]
    assert not faults, "\n".join(faults)


def test_every_room_is_needed() -> None:
    present = {source.path: source for source in python("mesh/", "services/")}
    unused = [
        path
        for path, (allowed, _) in ROOMS.items()
        if path not in present
        or not any(names_any(n, allowed) for n in (*imports(present[path].tree), *uses(present[path].tree)))
    ]

    assert unused == []


@pytest.mark.parametrize(
    "text",
    [
        "import time\nnow = time.time()",
        "from time import time_ns\nnow = time_ns()",
        "import datetime as dt\nnow = dt.datetime.now(dt.UTC)",
        "from datetime import datetime\ndef f(): return datetime.now()",
        "import datetime\nday = datetime.date.today()",
        "import os\nhome = os.environ['HOME']",
        "from os import getenv",
        "import uuid",
        "from random import choice",
        "import secrets",
        "import os\nkey = os.urandom(32)",
    ],
)
def test_a_planted_read_is_found(text: str) -> None:
    assert len(room_faults(Source("services/customers/service.py", text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "import time\nstarted = time.monotonic()",
        "import time\nstarted = time.perf_counter_ns()",
        "import datetime\nepoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)",
        "import os\npid = os.getpid()",
        "from mesh.runtime.secrets import Secrets",
    ],
)
def test_what_is_no_read_of_the_world_passes(text: str) -> None:
    assert room_faults(Source("mesh/runtime/chain.py", text)) == []
