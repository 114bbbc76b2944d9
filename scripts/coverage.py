"""Write docs/coverage.md: every promise of docs/coverage.toml, the tests that show it, and how they ended last.

`--check` writes nothing and fails where the committed page says something else, or a test shows what nobody promised.
Of tests that were skipped, as a machine has no browser, it says so and believes the page.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "coverage.md"


def page(promises: dict[str, Any], shown: dict[str, dict[str, str]]) -> str:
    """The page as text."""
    lines = [
        "# What is shown to work",
        "",
        "Every promise, and the tests that show it. Written by `make coverage` from the last run; OPEN: no test",
        "shows it yet.",
    ]
    for group, content in promises.items():
        states = {row: state(shown.get(f"{group}.{row}", {})) for row in content["rows"]}
        passed = sum(found == "PASS" for found in states.values())
        lines += ["", f"## {content['title']}: {passed} of {len(states)}", "", "| promise | state | shown by |"]
        lines += ["| --- | --- | --- |"]
        for row, text in content["rows"].items():
            tests = ", ".join(functions(shown.get(f"{group}.{row}", {})))
            lines.append(f"| {text} | {states[row]} | {tests} |")
    return "\n".join(lines) + "\n"


def state(outcomes: dict[str, str]) -> str:
    """What the tests of a promise say together."""
    if not outcomes:
        return "OPEN"
    if "failed" in outcomes.values():
        return "FAIL"
    return "PASS" if "passed" in outcomes.values() else "NOT RUN"


def functions(outcomes: dict[str, str]) -> list[str]:
    """The test functions among test ids, each once."""
    return sorted({f"`{node.partition('[')[0].rpartition('::')[2]}`" for node in outcomes})


def main() -> None:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is out of date")
    check = parser.parse_args().check
    promises = tomllib.loads((ROOT / "docs" / "coverage.toml").read_text())
    results = ROOT / "build" / "shown.json"
    shown = json.loads(results.read_text()) if results.exists() else {}
    known = {f"{group}.{row}" for group, content in promises.items() for row in content["rows"]}
    unknown = sorted(set(shown) - known)
    if unknown:
        sys.exit(f"tests show what docs/coverage.toml does not promise: {', '.join(unknown)}")
    if check:
        skipped = {test for tests in shown.values() for test, ended in tests.items() if ended == "not run"}
        for test in sorted(skipped):
            print(f"not run here: {test}")
        shown = {row: dict.fromkeys(tests, "passed") | {t: e for t, e in tests.items() if e == "failed"}
                 for row, tests in shown.items()}  # fmt: skip
    text = page(promises, shown)
    if check and PAGE.read_text() != text:
        sys.exit("docs/coverage.md is not what the last run showed; run `make coverage`")
    if not check:
        PAGE.write_text(text)


if __name__ == "__main__":
    main()
