"""Where passkeys may be used: the domain that they are of, and the pages of it, as the settings say.

No address is a domain to browsers (WebAuthn, 5.1.3): a mesh on one machine is reached as `localhost`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

LOCALHOST = "localhost"
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class PasskeySite:
    """The domain, as in `crm.example.com`, and the pages that may ask for its passkeys, by origin."""

    domain: str = LOCALHOST
    origins: tuple[str, ...] = ()

    def check(self, origin: str) -> None:
        """Refuse a page that is not of the domain.

        Raises:
            ValueError: the text says what is asked for.
        """
        if not _is_within(origin, self.domain):
            msg = f"must hold pages of {self.domain}, not {origin!r}"
            raise ValueError(msg)


def passkey_site(domain: str, origins: Sequence[str], *, reached: str, others: Sequence[str]) -> PasskeySite:
    """The site; without a domain that of the URL where people are reached, without origins that URL and its kin.

    `others`: pages that browsers may call from; those of other domains are left out, as no browser lets them ask.
    """
    url = urlsplit(reached)
    host = _named(url.hostname or "") or LOCALHOST
    of = domain or host
    usual = (f"{url.scheme}://{host}{f':{url.port}' if url.port else ''}", *others)
    return PasskeySite(of, tuple(origins) or tuple(each for each in usual if _is_within(each, of)))


def read_passkey_domain(text: str) -> str:
    """A domain in lower case, or nothing, as it stands.

    Raises:
        ValueError: it is none; the text says what is asked for.
    """
    if text and not (_DOMAIN.fullmatch(text) and _named(text)):
        msg = f"must be a domain as in crm.example.com, not {text!r}"
        raise ValueError(msg)
    return text


def _is_within(origin: str, domain: str) -> bool:
    host = urlsplit(origin).hostname or ""
    return host == domain or host.endswith(f".{domain}")


def _named(host: str) -> str:
    """A host that has a name; nothing for an address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return ""
