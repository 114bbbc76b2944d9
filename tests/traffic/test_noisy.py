"""A tenant at ten times its limit beside one that keeps to it, with and without the noise in turn."""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from typing import TYPE_CHECKING

import httpx
import pytest

from mesh.testing.company import found, good
from mesh.testing.running import running_mesh
from mesh.testing.traffic import traffic

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.testing.traffic import Result

# Calls a second that a tenant may make of a service, what one makes, and what the other does.
LIMITS, NOISE, QUIET = "READ=1800/60", 300.0, 20.0
ROUNDS, SECONDS = 6, 12
P99 = 1.2


@pytest.mark.chaos
@pytest.mark.timeout(600)
@pytest.mark.shows("operation.noisy")
def test_a_noisy_tenant_leaves_the_waits_of_others_as_they_are(tmp_path: Path) -> None:
    p99: dict[bool, list[float]] = {False: [], True: []}
    with running_mesh(tmp_path, MESH_LIMITS=LIMITS) as mesh:
        noisy, quiet = found(mesh, "noisy").owner.token, mesh.token()
        headers = {"authorization": f"Bearer {noisy}"}
        good(httpx.post(f"{mesh.url}/v1/contacts", json={"familyName": "Noise"}, headers=headers, timeout=30))
        for number in range(2 * ROUNDS):
            noise = bool(number % 2)
            with ExitStack() as stack:
                if noise:
                    loud = stack.enter_context(traffic(mesh, rate=NOISE, writes=0, token=noisy, seconds=SECONDS))
                with traffic(mesh, rate=QUIET, writes=0, token=quiet, seconds=SECONDS) as running:
                    pass
            result: Result = running.result
            print(f"\n{'with' if noise else 'without'} noise: {result}")
            assert not result.failures
            p99[noise].append(result.p99)
            if noise:
                refused = len(loud.result.failures) / loud.result.calls
                assert refused > 0.5, f"{refused:.0%} of the noise were refused"
    ratio = statistics.median(p99[True]) / statistics.median(p99[False])
    print(f"\np99 with noise: {ratio:.2f} of that without")
    assert ratio <= P99
