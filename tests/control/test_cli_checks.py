"""`mesh check`, `mesh doctor` and `mesh migrate` as an operator types them."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING
from unittest import mock

import psycopg
import pytest

from mesh.checks.registry import all_checks
from mesh.cli.main import main
from mesh.contract.catalog import all_services
from mesh.runtime.ports import free_port
from mesh.runtime.settings import given
from mesh.runtime.variables import VARIABLES
from mesh.testing.postgres import postgres_server

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "a-canary-that-nobody-may-see"


class Operator:
    """Types commands for one home; they run in this process, which has imported already what they need."""

    def __init__(self, home: Path, **variables: str) -> None:
        self.home = home
        kept = {name: text for name, text in os.environ.items() if name not in given(VARIABLES)}
        self.environment = {**kept, "MESH_HOME": str(home), "MESH_EDGE_PORT": str(free_port()), **variables}

    def mesh(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
        with mock.patch.dict(os.environ, self.environment, clear=True), redirect_stdout(out), redirect_stderr(err):
            status = main(arguments)
        return subprocess.CompletedProcess(arguments, status, _text(out), _text(err))

    def revision(self, service: str, revision: str = "") -> str:
        """What the database says; `revision`: have it say that."""
        with closing(sqlite3.connect(self.home / "data" / f"{service}.db")) as connection, connection:
            if revision:
                connection.execute("UPDATE mesh_version SET version_num = ?", (revision,))
            ((found,),) = connection.execute("SELECT version_num FROM mesh_version").fetchall()
            return str(found)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path / "home")


def test_a_check_of_what_does_not_run_ends_with_three_and_of_what_is_broken_with_one(operator: Operator) -> None:
    assert operator.mesh("migrate").returncode == 0

    told = operator.mesh("check", "-o", "json")
    assert told.returncode == 3, told.stdout
    document = json.loads(told.stdout)
    assert [each["name"] for each in document["checks"]] == [check.name for check in all_checks()]
    assert document["failed"] == 0
    assert document["ok"] + document["skipped"] == len(all_checks())

    operator.revision("users", "0002")
    broken = operator.mesh("check", "--only", "store")
    assert broken.returncode == 1
    assert "users is at revision 0002 of mesh" in broken.stdout
    assert "-> Bring them to this code's schema: mesh migrate." in broken.stdout
    assert "edge." not in broken.stdout


def test_a_check_that_asks_for_no_mesh_ends_with_zero(operator: Operator) -> None:
    assert operator.mesh("migrate").returncode == 0

    assert operator.mesh("check", "--only", "store.migrated", "--only", "machine.libraries").returncode == 0


def test_a_check_waits_until_all_is_well(operator: Operator) -> None:
    command = [sys.executable, "-m", "mesh.cli.main", "check", "--only", "store.answers", "--wait", "60"]
    with subprocess.Popen(command, env=operator.environment, stdout=subprocess.PIPE, text=True) as waiting:
        assert operator.mesh("migrate").returncode == 0
        said, _ = waiting.communicate(timeout=60)

    assert waiting.returncode == 0, said
    assert said.startswith("ok ")


def test_a_check_that_does_not_exist_is_wrong_usage(operator: Operator) -> None:
    wrong = operator.mesh("check", "--only", "store.migrate")

    assert wrong.returncode == 2
    assert wrong.stderr == "mesh: there is no check 'store.migrate'; all names: mesh check --list\n"
    listed = json.loads(operator.mesh("check", "--list", "-o", "json").stdout)
    assert {each["name"] for each in listed} == {check.name for check in all_checks()}
    assert all(each["proves"].endswith(".") for each in listed)


def test_every_check_has_a_remedy_of_one_sentence_and_says_what_it_proves() -> None:
    for check in all_checks():
        assert " " in check.proves, check.name
        assert check.proves.endswith("."), check.name
        assert check.remedy.endswith("."), check.name
    assert len({check.name for check in all_checks()}) == len(all_checks())


@pytest.mark.shows("operation.migrate")
def test_a_migration_says_what_it_would_do_does_it_and_does_it_once(operator: Operator) -> None:
    plan = operator.mesh("migrate", "users", "--dry-run", "-o", "json")
    assert plan.returncode == 0, plan.stderr
    planned = json.loads(plan.stdout)
    assert planned["migrated"] is False
    assert {row["service"] for row in planned["databases"]} == {"users"}
    by_branch = {row["branch"]: row for row in planned["databases"]}
    assert by_branch["mesh"]["at"] == 0
    assert by_branch["mesh"]["revisions"][0] == "0001_mesh"
    assert "tenants" in by_branch["service"]["tables"]
    assert not operator.home.exists()

    done = json.loads(operator.mesh("migrate", "-o", "json").stdout)
    assert done["migrated"] is True
    assert {row["service"] for row in done["databases"]} == set(all_services())
    again = operator.mesh("migrate")
    assert again.returncode == 0
    assert again.stdout.endswith("every database is at this code's schema\n")
    assert operator.mesh("check", "--only", "store").returncode == 0


@pytest.mark.shows("operation.migrate")
def test_a_database_that_is_ahead_is_refused_and_no_other_is_touched(operator: Operator) -> None:
    assert operator.mesh("migrate", "users").returncode == 0
    head = int(operator.revision("users"))
    operator.revision("users", f"{head + 1:04}")

    refused = operator.mesh("migrate")

    assert refused.returncode == 1
    assert f"users is at revision {head + 1:04} of mesh, and this code at {head:04}" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert not (operator.home / "data" / "customers.db").exists()
    assert operator.mesh("migrate", "nobody").returncode == 2


@pytest.mark.shows("operation.migrate")
def test_a_migration_on_postgresql_makes_databases_and_puts_fences_up_again(tmp_path: Path) -> None:
    with postgres_server() as server:
        operator = Operator(tmp_path, DATABASE_URL=server.url("mig_{service}"))
        plan = json.loads(operator.mesh("migrate", "--dry-run", "-o", "json").stdout)
        assert all(row["at"] == 0 for row in plan["databases"])
        assert operator.mesh("check", "--only", "store.answers").returncode == 1

        assert operator.mesh("migrate").returncode == 0
        assert operator.mesh("check", "--only", "store", "--only", "tenancy").returncode == 0
        with psycopg.connect(server.url("mig_customers"), autocommit=True) as connection:
            connection.execute("ALTER TABLE contacts NO FORCE ROW LEVEL SECURITY")
        broken = operator.mesh("check", "--only", "tenancy.row-level-security")
        assert broken.returncode == 1
        assert "mesh migrate --fences" in broken.stdout
        assert operator.mesh("migrate", "--fences").returncode == 0
        assert operator.mesh("check", "--only", "tenancy").returncode == 0

        server.stop()
        away = operator.mesh("migrate")
        assert away.returncode == 1
        assert away.stderr.count("\n") == 1
        assert "Traceback" not in away.stderr


@pytest.mark.shows("operation.doctor")
def test_a_report_is_made_where_nothing_runs_and_holds_no_secret(tmp_path: Path) -> None:
    home = tmp_path / "home"
    logs = home / "logs"
    logs.mkdir(parents=True)
    (logs / "users-1.log").write_text(
        "it answered\n"
        f"could not connect to postgresql://rapport:{SECRET}@db/users as jo.doe@example.com with password={SECRET}\n"
        f"authorization: bearer eyJhbGciOi.{SECRET}.x and sk_{SECRET.replace('-', '_')} and {'ab' * 32}\n"
        '{"time_us":1,"service":"users","method":"rapport.users.v1.UserService/GetUser","code":5}\n'
        '{"time_us":1,"service":"users","method":"rapport.users.v1.UserService/ListUsers","code":13}\n'
    )
    (home / "run").mkdir()
    (home / "run" / "lock").write_text("1")
    operator = Operator(
        home, MESH_SECRET=SECRET.encode().hex().ljust(64, "0"), MESH_SECRT=SECRET,
        REDIS_URL=f"redis://:{SECRET}@127.0.0.1:{free_port()}/0",
    )  # fmt: skip

    told = operator.mesh("doctor")
    document = operator.mesh("doctor", "-o", "json")

    for text in (told.stdout, told.stderr, document.stdout, document.stderr):
        assert SECRET not in text
        assert SECRET.replace("-", "_") not in text
        assert SECRET.encode().hex() not in text
        assert "jo.doe" not in text
        assert "ab" * 32 not in text
    assert told.returncode == 1
    report = json.loads(document.stdout)
    assert report["machine"]["cores"] >= 1
    assert report["versions"]["grpcio"]
    assert report["settings"]["MESH_HOME"] == str(home)
    assert report["mesh"]["left_over"] == [str(home / "run" / "lock")]
    assert len(report["last_errors"]["users-1.log"]) == 4
    failed = {each["name"] for each in report["checks"] if each["verdict"] == "failed"}
    assert {"settings.names", "events.redis", "store.answers"} <= failed
    assert "nothing reads MESH_SECRT; did you mean MESH_SECRET?" in told.stdout


@pytest.mark.shows("operation.doctor")
def test_a_report_is_made_even_of_settings_that_are_unusable(tmp_path: Path) -> None:
    told = Operator(tmp_path, MESH_PROFILE="nonsense").mesh("doctor")

    assert told.returncode == 1
    assert "MESH_PROFILE must be one of" in told.stdout
    assert "python:" in told.stdout
