"""Documents keep what they promise: links lead somewhere, commands and settings exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mesh.cli.main import COMMANDS
from mesh.runtime.variables import VARIABLES
from tests.hygiene.sources import ROOT, Source, sources

if TYPE_CHECKING:
    from pathlib import Path

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
TARGET = re.compile(r"^([a-z][a-z-]*):.*", re.MULTILINE)
MAKE = re.compile(r"(?:^|`|\s|&& )make ([a-z][a-z-]*)\b", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
SETTING = re.compile(r"\b(?:MESH_[A-Z_]+|(?:MIGRATION_)?DATABASE_URL|REDIS_URL|SMTP_URL|SSL_CERT_FILE)\b")


def documents() -> list[Source]:
    """Every Markdown file."""
    return [source for source in sources() if source.path.endswith(".md")]


def anchors(text: str) -> set[str]:
    """The anchors that a forge makes of the headings."""
    headings = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def link_faults(source: Source, root: Path) -> list[str]:
    """Relative links to files or headings that do not exist."""
    faults = []
    for link in LINK.findall(re.sub(r"```.*?```", "", source.text, flags=re.DOTALL)):
        if "://" in link or link.startswith("mailto:"):
            continue
        file, _, anchor = link.partition("#")
        target = (root / source.path).parent / file if file else root / source.path
        inside = target.resolve().is_relative_to(root.resolve())
        if not inside or not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            faults.append(f"{source.path}: {link} leads nowhere")
    return faults


def command_faults(source: Source, makefile: str) -> list[str]:
    """`make` commands in code that the Makefile does not know."""
    known = set(TARGET.findall(makefile))
    code = re.sub("^#.*", "", source.text, flags=re.MULTILINE) if source.path == ".ci/run" else _code(source.text)
    return [f"{source.path}: make {name} does not exist" for name in MAKE.findall(code) if name not in known]


def _code(text: str) -> str:
    return "\n".join(CODE.findall(text))


def test_every_link_leads_somewhere() -> None:
    faults = [fault for source in documents() for fault in link_faults(source, ROOT)]

    assert not faults, "\n".join(faults)


def test_every_command_of_a_document_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    runner = Source(".ci/run", (ROOT / ".ci" / "run").read_text())
    faults = [fault for source in (*documents(), runner) for fault in command_faults(source, makefile)]

    assert not faults, "\n".join(faults)


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())
    described = set(re.findall(r"^([a-z][a-z-]*):.*## .+$", makefile, re.MULTILINE))

    assert phony == described


def test_the_settings_of_the_readme_are_those_that_are_read() -> None:
    read = set(SETTING.findall((ROOT / "mesh" / "runtime" / "settings.py").read_text()))
    told = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))

    assert told == read == set(VARIABLES)


def test_the_commands_of_the_readme_do_what_they_say_of_themselves() -> None:
    told = re.findall(r"^\| `mesh ([\w-]+)` \| (.*) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)

    assert told
    assert set(told) <= set(COMMANDS.items())


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    names = sorted(path.name for path in folder.glob("[0-9]*.md"))
    listed = (folder / "README.md").read_text()

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert [name for name in names if f"({name})" not in listed] == []


@pytest.mark.parametrize("link", ["missing.md", "../outside.md", "#no-such-heading", "other.md#none"])
def test_a_broken_link_is_found(link: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Here\n")
    (tmp_path / "other.md").write_text("# There\n")

    assert len(link_faults(Source("a.md", f"[text]({link})"), tmp_path)) == 1


@pytest.mark.parametrize("link", ["other.md", "#here-i-am", "other.md#there", "https://example.com/x"])
def test_a_good_link_passes(link: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Here `I` am\n")
    (tmp_path / "other.md").write_text("# There\n")

    assert link_faults(Source("a.md", f"[text]({link})"), tmp_path) == []


@pytest.mark.parametrize("text", ["run `make fly`", "```\nmake fly\n```", "`make up && make fly`"])
def test_a_command_that_does_not_exist_is_found(text: str) -> None:
    assert command_faults(Source("README.md", text), "up: ## start\n") == ["README.md: make fly does not exist"]


def test_prose_about_making_is_no_command() -> None:
    assert command_faults(Source("README.md", "services make calls"), "up: ## start\n") == []
