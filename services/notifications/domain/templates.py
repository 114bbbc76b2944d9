"""Templates: what a message may say, in which languages, what it must be given, and which events ask for it.

A template is a file of the service. Each language has a subject, paragraphs and, where the template has a link, the
words on it; the mail's HTML and its plain text are both made of these, so that they say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mesh.contract.failure import Failure, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf.message import Message

FALLBACK = "en"
"""The language that every template has."""
_SECOND_US = 1_000_000


class TemplateFault(ValueError):
    """A template contradicts itself; the service does not start."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a message says in one language; `action` is what stands on its link. All of it is Jinja."""

    subject: str
    paragraphs: tuple[str, ...]
    action: str = ""

    def parts(self) -> tuple[str, ...]:
        """Every text of it."""
        return (self.subject, self.action, *self.paragraphs)


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event that asks for a message: dotted paths within it say to whom, in which language, and with what."""

    email: str
    display_name: str
    locale: str
    link_id: str
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """One template. link: the kind of the capability that it links to; empty: none. life_us: how long it is of worth.

    data: the names it takes, each of which must be given. triggers: by full name of an event.
    """

    name: str
    version: int
    link: str
    life_us: int
    data: frozenset[str]
    triggers: Mapping[str, Trigger]
    wordings: Mapping[str, Wording]

    def wording(self, locale: str) -> tuple[str, Wording]:
        """The nearest language that there is, and what the message says in it."""
        return nearest(self.wordings, locale)


@dataclass(frozen=True, slots=True)
class Asked:
    """A message as somebody asked for it."""

    email: str
    display_name: str
    locale: str
    link_id: str
    data: Mapping[str, str]


def nearest(wordings: Mapping[str, Wording], locale: str) -> tuple[str, Wording]:
    """The language of a BCP 47 tag, less and less of it until there is one: `de-CH-1996`, `de-CH`, `de`, `en`."""
    known = {tag.lower(): tag for tag in wordings}
    parts = locale.replace("_", "-").lower().split("-")
    for length in range(len(parts), 0, -1):
        tag = known.get("-".join(parts[:length]))
        if tag:
            return tag, wordings[tag]
    return FALLBACK, wordings[FALLBACK]


def read_template(name: str, content: Mapping[str, Any]) -> Template:
    """The template that a file declares.

    Raises:
        TemplateFault: it lacks the fallback language, or its texts speak of what it does not take.
    """
    wordings = {
        tag: Wording(each["subject"], tuple(each["paragraphs"]), each.get("action", ""))
        for tag, each in content["wordings"].items()
    }
    template = Template(
        name=name,
        version=content["version"],
        link=content.get("link", ""),
        life_us=content["life_hours"] * 3600 * _SECOND_US,
        data=frozenset(content["data"]),
        triggers={event: _trigger(each) for event, each in content.get("on", {}).items()},
        wordings=wordings,
    )
    _check(template)
    return template


def _trigger(content: Mapping[str, Any]) -> Trigger:
    return Trigger(
        email=content["email"],
        display_name=content.get("display_name", ""),
        locale=content["locale"],
        link_id=content.get("link_id", ""),
        data=content["data"],
    )


def _check(template: Template) -> None:
    if FALLBACK not in template.wordings:
        raise TemplateFault(f"{template.name} has no wording in {FALLBACK}")
    for tag, wording in template.wordings.items():
        unknown = {name for part in wording.parts() for name in _spoken_of(template.name, part)} - template.data
        if unknown:
            raise TemplateFault(
                f"{template.name}, {tag}, speaks of {', '.join(sorted(unknown))}, which it does not take"
            )
        if bool(template.link) != bool(wording.action):
            raise TemplateFault(f"{template.name}, {tag}: a link needs words on it, and words a link")
    for event, trigger in template.triggers.items():
        if set(trigger.data) != template.data or bool(trigger.link_id) != bool(template.link):
            raise TemplateFault(f"{template.name} is not given what it takes by {event}")


def _spoken_of(name: str, text: str) -> set[str]:
    try:
        return meta.find_undeclared_variables(ImmutableSandboxedEnvironment(undefined=StrictUndefined).parse(text))
    except TemplateError as error:
        raise TemplateFault(f"{name}: {error}") from error


def asked_by(trigger: Trigger, event: Message) -> Asked:
    """The message that an event asks for."""

    def value(path: str) -> str:
        return str(reduce(getattr, path.split("."), event)) if path else ""

    return Asked(
        email=value(trigger.email),
        display_name=value(trigger.display_name),
        locale=value(trigger.locale),
        link_id=value(trigger.link_id),
        data={name: value(path) for name, path in trigger.data.items()},
    )


def check_asked(template: Template | None, asked: Asked) -> Template:
    """The template, if there is one and it is given what it takes.

    Raises:
        Failure: INVALID_ARGUMENT on the field at fault.
    """
    if template is None:
        raise invalid("template", "is no template")
    missing, unknown = sorted(template.data - set(asked.data)), sorted(set(asked.data) - template.data)
    if missing or unknown:
        told = [f"lacks {', '.join(missing)}"] if missing else []
        told += [f"has {', '.join(unknown)}, which the template does not take"] if unknown else []
        raise Failure("INVALID_ARGUMENT", fields={"data": " and ".join(told)})
    if bool(template.link) != bool(asked.link_id):
        raise invalid("link_id", "is needed by the template" if template.link else "has no place in the template")
    return template
