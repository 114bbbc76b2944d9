"""`mesh routes`, `mesh contract` and `mesh config` say what the contracts and the settings say, and nothing secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mesh.contract.catalog import load
from mesh.runtime import variables
from mesh.runtime.variables import REDACTED, VARIABLES, redacted

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.control.conftest import Ended

    Command = Callable[..., "Ended"]

OPENAPI = Path(__file__).resolve().parents[2] / "gen" / "openapi.json"
SECRETS = ("hunter2", "5ec7e7", "ab" * 32, "cd" * 32)


@pytest.mark.shows("operation.config")
def test_the_routes_are_those_of_the_published_document(nowhere: Command) -> None:
    told = {(row["verb"], row["path"].replace("{contact.id}", "{id}")) for row in nowhere("routes", "-o", "json").json}
    document = json.loads(OPENAPI.read_text())["paths"]
    published = {(verb.upper(), path) for path, item in document.items() for verb in item if verb != "parameters"}

    assert len(told) == len(published)
    assert len(told & published) > 0.9 * len(published), "they differ in the names of variables alone"


def test_routes_are_found_by_a_part_of_their_path_or_method(nowhere: Command) -> None:
    found = nowhere("routes", "SIGNUP", "-o", "json").json

    assert [(row["verb"], row["path"], row["access"]) for row in found] == [("POST", "/v1/tenants:signUp", "anonymous")]
    assert nowhere("routes", "no-such-thing").out == "no such route\n"


@pytest.mark.shows("operation.config")
def test_methods_are_shown_with_what_it_takes_and_fails_with(nowhere: Command) -> None:
    services = {row["service"]: row["methods"] for row in nowhere("contract", "-o", "json").json}
    for service, number in services.items():
        assert len(nowhere("contract", service, "-o", "json").json) == number
    catalog = load()
    for method in (methods[-1] for methods in catalog.areas().values()):
        shown = nowhere("contract", method.full_name, "-o", "json").json
        assert shown["deadline_s"] == method.deadline
        assert {row["reason"] for row in shown["reasons"]} == set(method.reasons)
        assert {name.partition(".")[0].removesuffix("[]") for name in (row["field"] for row in shown["fields"])} == set(
            method.request.DESCRIPTOR.fields_by_name
        )


def test_a_contract_that_does_not_exist_is_told_with_its_neighbour(nowhere: Command) -> None:
    ended = nowhere("contract", "ContactService/CreateContac")

    assert ended.status == 2
    assert "did you mean customers.ContactService/CreateContact" in ended.err


def test_what_a_person_reads_names_field_limit_and_reason(nowhere: Command) -> None:
    shown = nowhere("contract", "CreateContact").out

    assert "contact.given_name" in shown
    assert "max_len: 200" in shown
    assert "CONTACT_UNIDENTIFIED" in shown


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:hunter2@db/{service}?sslmode=require&password=5ec7e7")
    monkeypatch.setenv("REDIS_URL", "rediss://:hunter2@cache:6379/0")
    monkeypatch.setenv("MESH_BLOBS_URL", "s3://key:hunter2@bucket/prefix?region=eu")
    monkeypatch.setenv("MESH_SECRET", "ab" * 32)
    monkeypatch.setenv("MESH_SECRET_PREVIOUS", "cd" * 32)
    monkeypatch.setenv("MESH_PROFIL", "test")


@pytest.mark.shows("operation.config")
def test_settings_are_shown_with_their_source_and_without_what_is_secret(nowhere: Command, settings: None) -> None:
    ended = nowhere("config", "-o", "json")
    monitored = {row["variable"]: row for row in ended.json}

    assert set(monitored) == set(VARIABLES)
    assert not [secret for secret in SECRETS if secret in ended.out]
    assert monitored["REDIS_URL"]["value"] == f"rediss://:{REDACTED}@cache:6379/0"
    assert monitored["MESH_SECRET"]["value"] == REDACTED
    assert {monitored["REDIS_URL"]["source"], monitored["MESH_PROFILE"]["source"]} == {"environment", "default"}
    assert ended.err == "mesh: MESH_PROFIL is no setting and changes nothing; did you mean MESH_PROFILE?\n"


def test_a_file_that_holds_a_secret_may_be_named() -> None:
    assert redacted(VARIABLES["MESH_SECRET"], "file:/etc/key") == "file:/etc/key"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////srv/rapport/{service}.db",
        "file:///srv/a b/blobs",
        "s3://bucket/prefix?region=eu&endpoint=http://s3:1",
    ],
)
def test_a_url_without_a_secret_is_shown_as_it_is_written(url: str) -> None:
    assert redacted(VARIABLES["DATABASE_URL"], url) == url


def test_a_setting_that_is_shown_as_it_is_would_be_seen(
    nowhere: Command, settings: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variables, "_without_credentials", lambda url: url)

    with pytest.raises(AssertionError):
        test_settings_are_shown_with_their_source_and_without_what_is_secret(nowhere, settings)


def test_a_wrong_setting_ends_with_2_in_one_line(nowhere: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESH_EDGE_PORT", "http")
    ended = nowhere("config")

    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "mesh: MESH_EDGE_PORT must be a port number, not 'http'\n"
