"""What every place for blobs does alike: a folder, and S3 behind a real HTTP server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.store.blobs import BlobKeyError, BlobNotFound, Blobs, BlobTooLarge
from mesh.store.errors import Unavailable
from mesh.testing.s3 import s3_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What one place cannot do, and why; nothing else may be skipped.
OPT_OUTS: dict[tuple[str, str], str] = {
    (
        "s3",
        "test_nothing_half_written_is_seen",
    ): "multipart uploads that end early leave no object that could be listed",
}


@pytest.fixture(scope="session", params=["local", "s3"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    if request.param == "local":
        yield "local", f"file://{tmp_path_factory.mktemp('blobs')}"
    else:
        with s3_server("conformance") as url:
            yield "s3", url


@pytest.fixture
def blobs(place: tuple[str, str], request: pytest.FixtureRequest) -> Blobs:
    reason = OPT_OUTS.get((place[0], request.node.originalname))
    if reason:
        pytest.skip(reason)
    return Blobs(place[1], "customers")


def test_what_is_put_is_got(blobs: Blobs, tenant: str) -> None:
    content = bytes(range(256)) * 5000

    assert blobs.put(tenant, "a/b.csv", content) == len(content)
    assert blobs.get(tenant, "a/b.csv", limit=len(content)) == content
    assert blobs.size(tenant, "a/b.csv") == len(content)
    assert b"".join(blobs.stream(tenant, "a/b.csv")) == content


def test_a_blob_put_again_is_replaced(blobs: Blobs, tenant: str) -> None:
    blobs.put(tenant, "a", b"long before")
    blobs.put(tenant, "a", b"now")

    assert blobs.get(tenant, "a", limit=100) == b"now"


def test_pieces_of_any_size_become_one_blob(blobs: Blobs, tenant: str) -> None:
    pieces = [b"x" * size for size in (0, 1, 6 << 20, 3, 7 << 20)]

    size = blobs.put(tenant, "large", iter(pieces))

    assert size == blobs.size(tenant, "large") == sum(map(len, pieces))
    assert b"".join(blobs.stream(tenant, "large")) == b"".join(pieces)


def test_an_empty_blob_is_a_blob(blobs: Blobs, tenant: str) -> None:
    blobs.put(tenant, "empty", b"")

    assert blobs.get(tenant, "empty", limit=0) == b""
    assert blobs.part(tenant, "empty", 0, 10) == b""
    assert b"".join(blobs.stream(tenant, "empty")) == b""


def test_parts_are_cut_at_the_end(blobs: Blobs, tenant: str) -> None:
    blobs.put(tenant, "digits", b"0123456789")

    assert blobs.part(tenant, "digits", 0, 4) == b"0123"
    assert blobs.part(tenant, "digits", 8, 100) == b"89"
    assert blobs.part(tenant, "digits", 10, 1) == b""
    assert blobs.part(tenant, "digits", 99, 1) == b""


def test_more_than_the_limit_is_refused(blobs: Blobs, tenant: str) -> None:
    with pytest.raises(BlobTooLarge):
        blobs.put(tenant, "big", b"12345", limit=4)
    with pytest.raises(BlobTooLarge):
        blobs.put(tenant, "big", iter([b"123", b"45"]), limit=4)
    with pytest.raises(BlobNotFound):
        blobs.size(tenant, "big")
    blobs.put(tenant, "big", b"12345", limit=5)
    with pytest.raises(BlobTooLarge):
        blobs.get(tenant, "big", limit=4)


def test_what_does_not_exist_is_not_found(blobs: Blobs, tenant: str) -> None:
    for read in (
        lambda: blobs.get(tenant, "none", limit=1),
        lambda: blobs.part(tenant, "none", 0, 1),
        lambda: blobs.size(tenant, "none"),
        lambda: list(blobs.stream(tenant, "none")),
    ):
        with pytest.raises(BlobNotFound):
            read()
    assert list(blobs.list(tenant)) == []


def test_a_list_holds_what_lies_below_whole_parts(blobs: Blobs, tenant: str) -> None:
    for key in ("imports/1/a", "imports/1/b", "imports/10/a", "exports/1"):
        blobs.put(tenant, key, key.encode())

    assert {info.key for info in blobs.list(tenant)} == {"imports/1/a", "imports/1/b", "imports/10/a", "exports/1"}
    assert {(info.key, info.size) for info in blobs.list(tenant, "imports/1")} == {
        ("imports/1/a", 11),
        ("imports/1/b", 11),
    }


def test_deleting_reaches_exactly_what_lies_below(blobs: Blobs, tenant: str) -> None:
    for key in ("imports/1/a", "imports/1/b", "imports/10/a"):
        blobs.put(tenant, key, b"x")

    assert blobs.delete(tenant, "imports/1") == 2
    assert blobs.delete(tenant, "imports/1") == 0
    assert blobs.delete(tenant, "imports/10/a") == 1
    assert list(blobs.list(tenant)) == []


def test_tenants_and_services_see_only_their_own(blobs: Blobs, place: tuple[str, str], tenants: Iterator[str]) -> None:
    mine, theirs = next(tenants), next(tenants)
    blobs.put(mine, "secret", b"mine")

    with pytest.raises(BlobNotFound):
        blobs.get(theirs, "secret", limit=10)
    with pytest.raises(BlobNotFound):
        Blobs(place[1], "users").get(mine, "secret", limit=10)
    assert list(blobs.list(theirs)) == []
    assert blobs.delete(theirs, "secret") == 0
    assert blobs.get(mine, "secret", limit=10) == b"mine"


@pytest.mark.parametrize(
    "key",
    ["", "/a", "a/", "a//b", "..", "a/../b", "../other/secret", ".", "a/./b", "a\\b", "a\0", "ä", "a b", "a" * 200],
)
def test_another_tenants_key_cannot_be_named(blobs: Blobs, tenant: str, key: str) -> None:
    with pytest.raises(BlobKeyError):
        blobs.put(tenant, key, b"x")
    with pytest.raises(BlobKeyError):
        blobs.get(tenant, key, limit=1)


@pytest.mark.parametrize("stranger", ["", "..", "a/b", "customers/x", ".", "a\0"])
def test_what_is_no_tenant_is_refused(blobs: Blobs, stranger: str) -> None:
    with pytest.raises(BlobKeyError):
        blobs.put(stranger, "a", b"x")
    with pytest.raises(BlobKeyError):
        list(blobs.list(stranger))


def test_nothing_half_written_is_seen(blobs: Blobs, tenant: str) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x" * (6 << 20)
        raise RuntimeError("the source ended")

    with pytest.raises(RuntimeError, match="the source ended"):
        blobs.put(tenant, "half", broken())
    assert list(blobs.list(tenant)) == []


def test_an_s3_that_is_away_is_unavailable() -> None:
    away = Blobs("s3://k:s@bucket?region=us-east-1&endpoint=http://127.0.0.1:9", "customers")

    with pytest.raises(Unavailable):
        away.get("tenant-x", "a", limit=1)


def test_without_the_fence_the_suite_turns_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: keys that do not lie below their tenant."""
    place = ("local", f"file://{tmp_path}")
    monkeypatch.setattr(Blobs, "_root", lambda self, tenant: "customers")

    with pytest.raises(pytest.fail.Exception):
        test_tenants_and_services_see_only_their_own(Blobs(place[1], "customers"), place, iter(("mine", "theirs")))
