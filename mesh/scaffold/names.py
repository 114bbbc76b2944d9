"""The names of a new service and of its first resource, and what may not be a name."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_SERVICE = re.compile(r"[a-z][a-z0-9]{1,29}")
_RESOURCE = re.compile(r"(?=.{2,24}$)[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)*")
_VOWELS = "aeiou"


class NameRefused(ValueError):
    """A name that cannot be one; the text says why."""


@dataclass(frozen=True, slots=True)
class Names:
    """All spellings that templates use. resource: as in `SupportPlan`; prefix: of its ids, as in `spl`."""

    service: str
    resource: str
    prefix: str

    def tokens(self) -> dict[str, str]:
        """What stands in templates between two `@`, and what takes its place."""
        words = re.findall(r"[A-Z][a-z0-9]+", self.resource)
        plural = [*words[:-1], plural_of(words[-1])]
        return {
            "service": self.service,
            "prefix": self.prefix,
            "Thing": self.resource,
            "Things": "".join(plural),
            "thing": "_".join(words).lower(),
            "things": "_".join(plural).lower(),
            "THING": "_".join(words).upper(),
            "collection": "-".join(plural).lower(),
            "word": " ".join(words).lower(),
            "a_word": f"{'an' if words[0][0].lower() in _VOWELS else 'a'} {' '.join(words).lower()}",
            "words": " ".join(plural).lower(),
        }


def names(service: str, resource: str, prefix: str, *, services: Collection[str], prefixes: Collection[str]) -> Names:
    """The names of a service; an empty resource or prefix is made from it.

    services, prefixes: those that are taken.

    Raises:
        NameRefused: one of them is taken, or cannot be a name.
    """
    if not _SERVICE.fullmatch(service) or keyword.iskeyword(service):
        msg = f"{service!r} cannot be the name of a service: use 2 to 30 lower-case letters and digits, as in projects"
        raise NameRefused(msg)
    if service in services or service in ("mesh", "policy", "type"):
        msg = f"there is {service} already"
        raise NameRefused(msg)
    resource = resource or singular_of(service).capitalize()
    if not _RESOURCE.fullmatch(resource) or plural_of(resource) == resource:
        msg = f"{resource!r} cannot be the name of a resource: write it as in SupportPlan"
        raise NameRefused(msg)
    chosen = prefix or _prefix(resource, prefixes)
    if not re.fullmatch(r"[a-z]{2,4}", chosen) or chosen in prefixes:
        msg = f"{chosen!r} cannot be the prefix of ids: use 2 to 4 letters that no other resource has"
        raise NameRefused(msg)
    return Names(service, resource, chosen)


def plural_of(word: str) -> str:
    """As English regularly makes it."""
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"


def singular_of(word: str) -> str:
    """What has this plural; a word that is none stays."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _prefix(resource: str, taken: Collection[str]) -> str:
    """Three letters of the name that are free."""
    letters = resource.lower()
    consonants = letters[0] + "".join(c for c in letters[1:] if c not in _VOWELS)
    offered = [letters[:3], consonants[:3], *(letters[0] + letters[i] + letters[-1] for i in range(1, len(letters)))]
    return next((each for each in offered if len(each) == 3 and each.isalpha() and each not in taken), "")
