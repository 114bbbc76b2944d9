"""`mesh trace`: the spans of one call through all services, as a tree with times."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING

from mesh.cli import output
from mesh.cli.outcome import Failed, running
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from mesh.control.spans import Stored

EXAMPLES = ("mesh trace --last", "mesh trace --slow -o json")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="?", default="", help="trace id, a traceparent, or an x-request-id of the edge")
    which.add_argument("--last", action="store_true", help="the trace that began last")
    which.add_argument("--slow", action="store_true", help="the trace whose first call took longest")
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the spans that the control plane has of the last 15 minutes."""
    from mesh.control import spans

    settings = read_settings()
    now = running(settings)
    wanted = "last" if arguments.last else "slow" if arguments.slow else trace_id(arguments.id)
    found = spans.ask(settings.certificates("operator"), (settings.host, now.spans_port), wanted)
    if not found:
        msg = "no such trace in the last 15 minutes; was the call sampled?"
        raise Failed(msg)
    if arguments.output == output.JSON:
        output.print_json([asdict(span) for span in found])
        return 0
    print(f"trace {found[0].trace}")
    for line in tree(found):
        print(line)
    return 0


def trace_id(given: str) -> str:
    """The 32 hex digits in what people have at hand."""
    parts = given.split("-")
    return parts[1] if len(parts) == 4 and len(parts[1]) == 32 else given.replace("-", "")


def tree(found: Sequence[Stored]) -> Iterator[str]:
    """A line per span below its parent: when it began and how long it took in milliseconds, where and what."""
    known = {span.span for span in found}
    below: dict[str, list[Stored]] = defaultdict(list)
    for span in found:
        below[span.parent if span.parent in known else ""].append(span)
    began = min(span.start_us for span in found)

    def lines(parent: str, depth: int) -> Iterator[str]:
        for span in below.pop(parent, ()):
            times = f"{(span.start_us - began) / 1000:10.2f} {span.duration_us / 1000:10.2f} ms"
            status = f"  {span.status}" if span.status else ""
            yield f"{times}  {'  ' * depth}{span.instance} {span.kind.lower()} {span.name}{status}"
            yield from lines(span.span, depth + 1)

    yield from lines("", 0)
