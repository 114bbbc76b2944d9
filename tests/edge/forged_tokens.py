"""The tokens that nobody may get in with, each by the name of what is wrong with it.

A case is a function of a forge. Those of `SIGNED` bear a good signature of the mesh's own key: only a careless signer
of ours, or a stolen key, makes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding

from mesh.contract import base64url
from tests.edge.forging import FIELD, ORDER, flipped, mac, moved, nothing, packed, respelled, thumbprint

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.edge.forging import Forge

    Case = Callable[[Forge], str]

_SPELLINGS = ("none", "None", "NONE", "nOnE", "none ", "n\\u006fne", "", "null", "HS0")

UNSIGNED: dict[str, Case] = {
    **{f"alg {alg!r}": lambda f, a=alg: f.headed(alg=a, sign=nothing) for alg in _SPELLINGS},
    "alg none under the good signature": lambda f: f.headed(alg="none"),
    "alg none of any key": lambda f: f.headed("kid", alg="none", sign=nothing),
    "alg missing": lambda f: f.headed("alg", sign=nothing),
    "alg null": lambda f: f.headed(alg=None, sign=nothing),
    "alg a list": lambda f: f.headed(alg=["none", "EdDSA"], sign=nothing),
    "alg a number": lambda f: f.headed(alg=0, sign=nothing),
    "no signature": lambda f: f.headed(sign=nothing),
    "an unsecured token within": lambda f: f.headed(cty="JWT", alg="none", sign=nothing),
}

SECRETS: dict[str, Callable[[Forge], bytes]] = {
    "bytes": lambda f: f.raw,
    "PEM": lambda f: f.encoded(Encoding.PEM),
    "PEM without its last line end": lambda f: f.encoded(Encoding.PEM).strip(),
    "DER": lambda f: f.encoded(Encoding.DER),
    "JWK": lambda f: packed(f.jwk),
    "JWKS": lambda f: packed({"keys": [f.jwk]}),
    "x of its JWK": lambda f: base64url.encode(f.raw).encode(),
    "name": lambda f: f.kid.encode(),
    "nothing": lambda _: b"",
}
CONFUSED: dict[str, Case] = {
    **{
        f"HS256 keyed with the public key's {form}": lambda f, s=secret: f.headed(alg="HS256", sign=mac("sha256", s(f)))
        for form, secret in SECRETS.items()
    },
    "HS384 keyed with the public key": lambda f: f.headed(alg="HS384", sign=mac("sha384", f.raw)),
    "HS512 keyed with the public key": lambda f: f.headed(alg="HS512", sign=mac("sha512", f.raw)),
    "EdDSA over an HMAC": lambda f: f.headed(sign=mac("sha512", f.raw)),
    "RS256 of another's": lambda f: f.by_rsa("RS256"),
    "PS256 of another's": lambda f: f.by_rsa("PS256"),
    "ES256 of another's": lambda f: f.by_curve("ES256"),
    "EdDSA over an RSA signature": lambda f: f.by_rsa("EdDSA"),
    "EdDSA over an ECDSA signature": lambda f: f.by_curve("EdDSA"),
    "RS256 over the good signature": lambda f: f.headed(alg="RS256"),
    "ES256 over the good signature": lambda f: f.headed(alg="ES256"),
    "ES256 with r and s of zero": lambda f: f.headed(alg="ES256", sign=lambda _: bytes(64)),
    "ES256 with r and s of the order": lambda f: f.headed(alg="ES256", sign=lambda _: ORDER.to_bytes(32, "big") * 2),
    "Ed448": lambda f: f.headed(alg="Ed448"),
    "Ed25519 by its other name": lambda f: f.headed(alg="Ed25519"),
    "EdDSA in small letters": lambda f: f.headed(alg="eddsa"),
}

_KIDS: dict[str, Any] = {
    "unknown": "key_unknown", "of a path": "../../../../../../dev/null", "of a file": "file:///dev/null",
    "of SQL": "x' UNION SELECT 'secret' -- ", "of a command": "key|/bin/true", "of a URL": "https://evil.test/jwks.json",
    "empty": "", "null": None, "a number": 1, "a list": ["@"], "an object": {"kid": "@"}, "true": True,
    "with a zero byte": "@\0", "with a blank": "@ ", "of 3,000 letters": "k" * 3000, "with a line break": "@\r\nx: y",
}  # fmt: skip
KEYS: dict[str, Case] = {
    # Signed with nothing and with a secret that such a name would lead to.
    "kid of an empty file, HS256": lambda f: f.headed(kid="../../../../dev/null", alg="HS256", sign=mac("sha256", b"")),
    "kid of SQL, HS256": lambda f: f.headed(
        kid="' UNION SELECT 'secret' --", alg="HS256", sign=mac("sha256", b"secret")
    ),
    "another's key under the good name": lambda f: f.headed(sign=f.stranger.sign),
    "the good key under another good name": lambda f: f.headed(kid=f.other_kid),
    "another's key in jwk": lambda f: f.headed(jwk=f.strangers_jwk, sign=f.stranger.sign),
    "another's key in jwk alone": lambda f: f.headed("kid", jwk=f.strangers_jwk, sign=f.stranger.sign),
    "another's key behind jku": lambda f: f.headed(jku="https://evil.test/jwks", kid="k", sign=f.stranger.sign),
    "another's key behind jku with our host": lambda f: f.headed(
        jku=f"{f.claims['iss']}@evil.test/jwks", sign=f.stranger.sign
    ),
    "another's key behind x5u": lambda f: f.headed(x5u="https://evil.test/c.pem", sign=f.stranger.sign),
    "another's key in x5c": lambda f: f.headed(x5c=["MIIB"], x5t=thumbprint(b"MIIB"), sign=f.stranger.sign),
}

# Header members that a signer of ours never writes, under its good signature.
HEADERS: dict[str, Case] = {
    **{f"kid {name}": lambda f, k=kid: f.headed(kid=_named(f, k)) for name, kid in _KIDS.items()},
    "kid missing": lambda f: f.headed("kid"),
    "our own key in jwk": lambda f: f.headed(jwk=f.jwk),
    "jku": lambda f: f.headed(jku="https://evil.test/jwks"),
    "x5u": lambda f: f.headed(x5u="https://evil.test/c.pem"),
    "x5c": lambda f: f.headed(x5c=["MIIB"]),
    "x5t": lambda f: f.headed(**{"x5t#S256": thumbprint(b"")}),
    "crit of an unknown member": lambda f: f.headed(crit=["exp2"], exp2=1),
    "crit of a missing member": lambda f: f.headed(crit=["exp"]),
    "crit of b64": lambda f: f.headed(crit=["b64"], b64=False),
    "crit empty": lambda f: f.headed(crit=[]),
    "crit a text": lambda f: f.headed(crit="exp"),
    "b64 without crit": lambda f: f.headed(b64=False),
    "compressed": lambda f: f.headed(zip="DEF"),
    "a token within": lambda f: f.spelled(packed({**f.header, "cty": "JWT"}), f.good().encode()),
    "alg twice, the good one last": lambda f: f.heading('{"alg":"none",@}'),
    "alg twice, the good one first": lambda f: f.heading('{@,"alg":"none"}'),
    "kid twice": lambda f: f.heading('{"kid":"other",@}'),
    "typ twice": lambda f: f.heading('{"typ":"JWT",@}'),
    "typ missing": lambda f: f.headed("typ"),
    "typ JWT": lambda f: f.headed(typ="JWT"),
    "typ of a refresh token": lambda f: f.headed(typ="rt+jwt"),
    "typ of an ID token": lambda f: f.headed(typ="id+jwt"),
    "typ in capitals": lambda f: f.headed(typ="AT+JWT"),
    "typ null": lambda f: f.headed(typ=None),
    "typ a list": lambda f: f.headed(typ=["at+jwt"]),
    "header a list": lambda f: f.heading('["EdDSA"]'),
    "header a text": lambda f: f.heading('"EdDSA"'),
    "header null": lambda f: f.heading("null"),
    "header empty": lambda f: f.heading(b""),
    "header with a byte order mark": lambda f: f.heading(b"\xef\xbb\xbf" + packed(f.header)),
    "header in UTF-16": lambda f: f.heading(packed(f.header).decode().encode("utf-16")),
    "header no UTF-8": lambda f: f.heading(packed(f.header)[:-1] + b',"a":"\xff"}'),
}

_TIMES: dict[str, Any] = {
    "null": None, "a text": "2000000000", "true": True, "a list": [2000000000], "an object": {}, "negative": -1,
    "zero": 0,
}  # fmt: skip
TIMES: dict[str, Case] = {
    **{f"exp {name}": lambda f, e=exp: f.claiming(exp=e) for name, exp in _TIMES.items()},
    "exp missing": lambda f: f.claiming("exp"),
    "exp a second ago": lambda f: f.claiming(exp=f.now - 1),
    "exp an hour ago": lambda f: f.claiming(exp=f.now - 3600),
    "exp as soon as issued": lambda f: f.claiming(iat=f.now - 900, exp=f.now - 900),
    "exp a float": lambda f: f.claiming(exp=f.now + 600.5),
    "exp a float without a fraction": lambda f: f.claiming(exp=float(f.now + 600)),
    "exp NaN": lambda f: f.saying('{@,"exp":NaN}'),
    "exp infinite": lambda f: f.claiming(exp=float("inf")),
    "exp of a thousand digits": lambda f: f.claiming(exp=10**1000),
    "exp 1e400": lambda f: f.saying(_replaced(f, "exp", "1e400")),
    "exp in a hundred years": lambda f: f.claiming(exp=f.now + 100 * 366 * 86400),
    "exp in two days": lambda f: f.claiming(exp=f.now + 2 * 86400),
    "exp beyond any clock": lambda f: f.claiming(exp=2**63),
    "exp twice, past and future": lambda f: f.saying('{"exp":1,@}'),
    "exp twice, future and past": lambda f: f.saying('{@,"exp":1}'),
    "nbf in an hour": lambda f: f.claiming(nbf=f.now + 3600),
    "nbf a text": lambda f: f.claiming(nbf="soon"),
    "nbf NaN": lambda f: f.saying('{@,"nbf":NaN}'),
    "iat missing": lambda f: f.claiming("iat"),
    "iat in an hour": lambda f: f.claiming(iat=f.now + 3600, exp=f.now + 4000),
    "iat a text": lambda f: f.claiming(iat="now"),
    "iat negative": lambda f: f.claiming(iat=-1),
    "iat long ago": lambda f: f.claiming(iat=f.now - 3 * 86400),
}

CLAIMS: dict[str, Case] = {
    "aud missing": lambda f: f.claiming("aud"),
    "aud another": lambda f: f.claiming(aud="another"),
    "aud in capitals": lambda f: f.claiming(aud="RAPPORT"),
    "aud longer": lambda f: f.claiming(aud="rapport.evil.test"),
    "aud empty": lambda f: f.claiming(aud=""),
    "aud null": lambda f: f.claiming(aud=None),
    "aud no list": lambda f: f.claiming(aud=[]),
    "aud a list of others": lambda f: f.claiming(aud=["another", "third"]),
    "aud a list with ours": lambda f: f.claiming(aud=["another", "rapport"]),
    "aud a list of ours alone": lambda f: f.claiming(aud=["rapport"]),
    "aud an object": lambda f: f.claiming(aud={"rapport": True}),
    "aud twice": lambda f: f.saying('{"aud":"another",@}'),
    "iss missing": lambda f: f.claiming("iss"),
    "iss another": lambda f: f.claiming(iss="https://another.test"),
    "iss longer": lambda f: f.claiming(iss=f"{f.claims['iss']}/"),
    "iss in capitals": lambda f: f.claiming(iss=f.claims["iss"].upper()),
    "iss a list": lambda f: f.claiming(iss=[f.claims["iss"]]),
    "iss null": lambda f: f.claiming(iss=None),
    "sub missing": lambda f: f.claiming("sub"),
    "sub null": lambda f: f.claiming(sub=None),
    "sub empty": lambda f: f.claiming(sub=""),
    "sub a number": lambda f: f.claiming(sub=1),
    "sub a list": lambda f: f.claiming(sub=[f.claims["sub"]]),
    "sub with a zero byte": lambda f: f.claiming(sub=f"{f.claims['sub']}\0"),
    "sub with a line break": lambda f: f.claiming(sub=f"{f.claims['sub']}\n"),
    "sub with wide letters": lambda f: f.claiming(sub=f.claims["sub"].replace("u", "\uff55")),
    "sub half a letter": lambda f: f.saying(_replaced(f, "sub", r'"\ud800"')),
    "sub twice": lambda f: f.saying('{"sub":"usr_other",@}'),
    "tenant missing": lambda f: f.claiming("tenant"),
    "tenant empty": lambda f: f.claiming(tenant=""),
    "tenant null": lambda f: f.claiming(tenant=None),
    "tenant a list": lambda f: f.claiming(tenant=[f.claims["tenant"], "ten_other"]),
    "tenant twice": lambda f: f.saying('{"tenant":"ten_other",@}'),
    "epoch missing": lambda f: f.claiming("epoch"),
    "epoch a text": lambda f: f.claiming(epoch="9999"),
    "epoch a float": lambda f: f.claiming(epoch=1.0),
    "epoch true": lambda f: f.claiming(epoch=True),
    "epoch negative": lambda f: f.claiming(epoch=-1),
    "acr a text": lambda f: f.claiming(acr="9"),
    "acr true": lambda f: f.claiming(acr=True),
    "auth_time a text": lambda f: f.claiming(auth_time=str(f.now)),
    "scope a list": lambda f: f.claiming(scope=["contacts.read"]),
    "act an object": lambda f: f.claiming(act={"sub": "usr_other"}),
    "sid a number": lambda f: f.claiming(sid=1),
    "via true": lambda f: f.claiming(via=True),
    "claims a list": lambda f: f.saying("[]"),
    "claims a text": lambda f: f.saying('"usr_1"'),
    "claims null": lambda f: f.saying("null"),
    "claims empty": lambda f: f.saying(b""),
    "claims nothing": lambda f: f.saying("{}"),
    "claims no JSON": lambda f: f.saying("{@"),
    "claims with a comma too many": lambda f: f.saying("{@,}"),
    "claims with a comment": lambda f: f.saying("{/**/@}"),
    "claims with a byte order mark": lambda f: f.saying(b"\xef\xbb\xbf" + packed(dict(f.claims))),
    "claims no UTF-8": lambda f: f.saying(packed(dict(f.claims))[:-1] + b',"a":"\xff"}'),
    "claims twice in a row": lambda f: f.saying("{@}{@}"),
    "claims 1,000 deep": lambda f: f.saying('{@,"a":' + "[" * 1000 + "]" * 1000 + "}"),
    "claims of 5,000 letters": lambda f: f.claiming(pad="x" * 5000),
    "claims of 50,000 letters": lambda f: f.claiming(pad="x" * 50_000),
}


def _of_files(f: Forge) -> str:
    """A token whose claims need `-` or `_`, written with `+` and `/` and signed like that."""
    claims = base64url.encode(packed(dict(f.claims))[:-1] + b',"a":"???~~~>>>"}')
    signed = f"{base64url.encode(packed(f.header))}.{claims.replace('-', '+').replace('_', '/')}"
    return f"{signed}.{base64url.encode(f.private.sign(signed.encode()))}"


def _as_json(f: Forge) -> str:
    protected, payload, signature = f.good().split(".")
    return packed({"protected": protected, "payload": payload, "signature": signature}).decode()


SPELLED: dict[str, Case] = {
    "nothing": lambda _: "",
    "no token": lambda _: "nonsense",
    "a dot": lambda _: ".",
    "dots": lambda _: "..",
    "4,000 dots": lambda _: "." * 4000,
    "header alone": lambda f: f.parts(lambda p: p[:1]),
    "without the signature's part": lambda f: f.parts(lambda p: p[:2]),
    "an empty signature": lambda f: f.parts(lambda p: [*p[:2], ""]),
    "an empty header": lambda f: f.parts(lambda p: ["", *p[1:]]),
    "empty claims": lambda f: f.parts(lambda p: [p[0], "", p[2]]),
    "a part more": lambda f: f.parts(lambda p: [*p, p[2]]),
    "an empty part more": lambda f: f.parts(lambda p: [*p, ""]),
    "an empty part before": lambda f: f.parts(lambda p: ["", *p]),
    "as an encrypted one": lambda f: f.parts(lambda p: [*p, p[1], p[2]]),
    "an encrypted one": lambda f: f.headed(alg="dir", enc="A256GCM") + ".AAAA.AAAA",
    "as JSON": _as_json,
    "parts in another order": lambda f: f.parts(lambda p: [p[1], p[0], p[2]]),
    **{
        f"{name} cut by {letters}": lambda f, n=number, c=letters: f.parts(lambda p: _cut(p, n, c))
        for number, name in enumerate(("header", "claims", "signature"))
        for letters in (1, 2, 8)
    },
    **{
        f"{name} with padding": lambda f, n=number: f.parts(lambda p: _with(p, n, p[n] + "=" * (-len(p[n]) % 4 or 1)))
        for number, name in enumerate(("header", "claims", "signature"))
    },
    **{
        f"{name} with a {what} within": lambda f, n=number, c=char: f.parts(
            lambda p: _with(p, n, f"{p[n][:9]}{c}{p[n][9:]}")
        )
        for number, name in enumerate(("header", "claims", "signature"))
        for what, char in (("blank", " "), ("line break", "\n"), ("zero byte", "\0"), ("plus", "+"), ("letter é", "é"))
    },
    "signature in another spelling": lambda f: f.parts(lambda p: _with(p, 2, respelled(p[2]))),
    "claims in the alphabet of files": _of_files,
    "a dot as %2e": lambda f: f.good().replace(".", "%2e"),
    "a blank before": lambda f: f" {f.good()}",
    "a comma behind": lambda f: f"{f.good()},",
    "two tokens": lambda f: f"{f.good()}, {f.good()}",
    "in quotes": lambda f: f'"{f.good()}"',
    "Bearer twice": lambda f: f"Bearer {f.good()}",
    "the claims of another token": lambda f: ".".join(
        [f.good().split(".")[0], f.claiming(sub="usr_other").split(".")[1], f.good().split(".")[2]]
    ),
}

SIGNATURES: dict[str, Case] = {
    "zero": lambda f: f.signed(bytes(64)),
    "ones": lambda f: f.signed(b"\xff" * 64),
    "a byte short": lambda f: f.signed(lambda s: s[:-1]),
    "a byte long": lambda f: f.signed(lambda s: s + b"\0"),
    "R of zero": lambda f: f.signed(lambda s: bytes(32) + s[32:]),
    "S of zero": lambda f: f.signed(lambda s: s[:32] + bytes(32)),
    "R the neutral point, S of zero": lambda f: f.signed((1).to_bytes(32, "little") + bytes(32)),
    "R a point of order 2, S of zero": lambda f: f.signed((FIELD - 1).to_bytes(32, "little") + bytes(32)),
    "R not in its one form": lambda f: f.signed((FIELD + 1).to_bytes(32, "little") + bytes(32)),
    "S moved by the order": lambda f: f.signed(lambda s: moved(s, 1)),
    "S moved by seven orders": lambda f: f.signed(lambda s: moved(s, 7)),
    "S the order": lambda f: f.signed(lambda s: s[:32] + ORDER.to_bytes(32, "little")),
    "S with its highest bit": lambda f: f.signed(lambda s: s[:63] + bytes([s[63] | 0x80])),
    "S turned around": lambda f: f.signed(lambda s: s[:32] + s[:31:-1]),
    "halves swapped": lambda f: f.signed(lambda s: s[32:] + s[:32]),
    **{f"bit {bit} of the signature": lambda f, b=bit: f.signed(lambda s: flipped(s, b)) for bit in range(0, 512, 73)},
    **{f"bit {bit} of the header": lambda f, b=bit: f.parts(lambda p: _flip(p, 0, b)) for bit in range(0, 400, 37)},
    **{f"bit {bit} of the claims": lambda f, b=bit: f.parts(lambda p: _flip(p, 1, b)) for bit in range(0, 1600, 97)},
}

SIGNED = {**HEADERS, **TIMES, **CLAIMS}
CASES: dict[str, Case] = {**UNSIGNED, **CONFUSED, **KEYS, **SIGNED, **SPELLED, **SIGNATURES}


def _named(f: Forge, kid: Any) -> Any:
    """A kid in which `@` stands for the good one."""
    if isinstance(kid, str):
        return kid.replace("@", f.kid)
    return [f.kid] if isinstance(kid, list) else {"kid": f.kid} if isinstance(kid, dict) else kid


def _replaced(f: Forge, claim: str, text: str) -> str:
    """Good claims with one of them written as it is given."""
    return "{" + packed({k: v for k, v in f.claims.items() if k != claim}).decode()[1:-1] + f',"{claim}":{text}}}'


def _with(parts: list[str], number: int, text: str) -> list[str]:
    return [*parts[:number], text, *parts[number + 1 :]]


def _cut(parts: list[str], number: int, letters: int) -> list[str]:
    return _with(parts, number, parts[number][:-letters])


def _flip(parts: list[str], number: int, bit: int) -> list[str]:
    return _with(parts, number, base64url.encode(flipped(base64url.decode(parts[number]), bit)))
