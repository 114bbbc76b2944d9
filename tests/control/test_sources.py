"""Which services a change of code reaches, and what cannot be run at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.control.sources import Sources, fault

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "mesh/runtime/host.py": "from rapport.users.v1 import directory_service_pb2\n",
    "mesh/cli/up.py": "",
    "services/customers/service.py": "from rapport.users.v1 import x\n",
    "services/support/service.py": "from rapport.customers.v1 import x\n",
    "services/users/service.py": "",
    "gen/rapport/customers/v1/x.py": "",
    "gen/rapport/support/v1/x.py": "",
    "gen/rapport/users/v1/x.py": "",
    "gen/contract.json": "{}",
    "gen/openapi.json": "{}",
    "protos/rapport/users/v1/x.proto": "",
}
ALL = ("users", "customers", "support")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "reached"),
    [
        ("services/support/service.py", ("support",)),
        ("gen/rapport/support/v1/x.py", ("support",)),
        ("gen/rapport/customers/v1/x.py", ("customers", "support")),
        ("gen/rapport/users/v1/x.py", ALL),
        ("gen/contract.json", ()),
        ("gen/openapi.json", ()),
        ("mesh/runtime/host.py", ALL),
        ("mesh/cli/up.py", ()),
        ("protos/rapport/users/v1/x.proto", ()),
    ],
)
def test_a_change_reaches_the_services_that_run_it(root: Path, file: str, reached: tuple[str, ...]) -> None:
    sources = Sources(root, ALL)
    assert sources.changed() == ()

    (root / file).write_text("x = 1\n" if file != "mesh/runtime/host.py" else FILES[file] + "x = 1\n")

    changed = sources.changed()
    assert changed == (root / file,)
    assert sources.changed() == ()
    assert sources.reached(changed) == reached


@pytest.mark.parametrize(
    ("file", "steers"),
    [
        ("services/support/service.py", False),
        ("gen/rapport/support/v1/x.py", True),
        ("gen/openapi.json", True),
        ("gen/contract.json", False),
        ("mesh/control/plane.py", True),
        ("mesh/edge/routes.py", True),
        ("mesh/runtime/host.py", True),
        ("mesh/cli/up.py", False),
        ("protos/rapport/users/v1/x.proto", False),
    ],
)
def test_a_change_reaches_the_control_plane_where_it_runs_it_or_tells_the_edge_of_it(
    root: Path, file: str, *, steers: bool
) -> None:
    assert Sources(root, ALL).steers([root / file]) is steers


def test_a_file_that_python_cannot_read_is_told_with_its_line(root: Path) -> None:
    file = root / "services/users/service.py"
    assert fault(file) == ""

    file.write_text("x = 1\ndef f(:\n")

    assert fault(file).startswith(f"{file}:2: ")
