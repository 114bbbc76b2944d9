"""`mesh events`: how far consumers are behind, and what to do with events that failed too often."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mesh.cli import output
from mesh.cli.instants import span
from mesh.cli.outcome import FAILED, BadUsage, Failed
from mesh.cli.stores import all_tenants, opened_redis, opened_stores
from mesh.contract.catalog import load_service
from mesh.events.backlog import Backlog
from mesh.events.inbox import Inbox
from mesh.resource.republish import republish
from mesh.resource.resource import Resource
from mesh.runtime.clock import mesh_clock
from mesh.runtime.settings import read_settings
from mesh.store.mesh_tables import MESH

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from mesh.runtime.settings import Settings
    from mesh.store.store import Store

EXAMPLES = ("mesh events lag --most 10000", "mesh events parked -o json")
_MOST = 1000


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    lag = actions.add_parser("lag", help="what waits to be published or handled")
    lag.add_argument("--most", type=int, metavar="N", help="fail when any number is larger, for monitors")
    actions.add_parser("parked", help="list events that failed five times")
    replay = actions.add_parser("replay", help="let the parked events of an aggregate be tried again")
    discard = actions.add_parser("discard", help="take the parked events of an aggregate as handled")
    for each in (replay, discard):
        each.add_argument("service", help="the service that could not handle them")
        each.add_argument("tenant", help="as `parked` shows it")
        each.add_argument("aggregate", help="as `parked` shows it")
    again = actions.add_parser("republish", help="publish again what consumers may have lost; repeating it is harmless")
    again.add_argument("--since", required=True, metavar="SPAN", help="what has changed since then, as in 1h or 3d")
    again.add_argument("--service", help="of this service alone (default: all)")
    for each in actions.choices.values():
        output.add_output(each)


def run(arguments: argparse.Namespace) -> int:
    """Do it. Status 1: failed, too far behind, or nothing was parked there; 2: wrong usage; 3: no mesh to look at."""
    settings = read_settings()
    with opened_stores(settings) as stores:
        if arguments.action == "lag":
            return _lag(settings, stores, arguments)
        if arguments.action == "parked":
            output.show(_parked(settings, stores), arguments.output, nothing="nothing is parked")
        elif arguments.action == "republish":
            _republish(settings, stores, arguments)
        else:
            _mend(settings, stores, arguments)
    return 0


def _lag(settings: Settings, stores: Mapping[str, Store], arguments: argparse.Namespace) -> int:
    with opened_redis(settings) as redis:
        backlog = Backlog(stores, redis)
        lags = backlog.lags()
        standings = backlog.standings(mesh_clock(settings).now_us())
    streams, services = [asdict(each) for each in lags], [asdict(each) for each in standings]
    if arguments.output == output.JSON:
        output.print_json({"streams": streams, "services": services})
    else:
        output.show(streams, output.TABLE, nothing="no consumer waits on a stream")
        print()
        output.show(services, output.TABLE)
    numbers = [lag.behind + lag.pending for lag in lags] + [s.unpublished + s.parked for s in standings]
    return FAILED if arguments.most is not None and max(numbers, default=0) > arguments.most else 0


def _inbox(settings: Settings, store: Store) -> Inbox:
    return Inbox(store, {}, now_us=mesh_clock(settings).now_us)


def _parked(settings: Settings, stores: Mapping[str, Store]) -> list[dict[str, Any]]:
    """What is parked, the oldest first in each service. Of a payload only its type is told."""
    return [
        {
            "service": name,
            "tenant": parked.event.tenant,
            "aggregate": parked.event.aggregate,
            "type": parked.event.type,
            "source": parked.event.source,
            "event": parked.event.id,
            "cause": parked.cause,
            "reason": parked.reason,
            "queued": parked.queued,
            "since": output.rfc3339(parked.parked_us),
        }
        for name, store in stores.items()
        for parked in _inbox(settings, store).list_parked(_MOST)
    ]


def _known(stores: Mapping[str, Store], service: str) -> Store:
    if service not in stores:
        msg = f"there is no service {service!r}; there are {', '.join(stores)}"
        raise BadUsage(msg)
    return stores[service]


def _mend(settings: Settings, stores: Mapping[str, Store], arguments: argparse.Namespace) -> None:
    store = _known(stores, arguments.service)
    inbox = _inbox(settings, store)
    act = inbox.replay if arguments.action == "replay" else inbox.discard
    number = act(arguments.tenant, arguments.aggregate)
    if not number:
        msg = "nothing is parked there; see: mesh events parked"
        raise Failed(msg)
    output.show({"service": arguments.service, "action": arguments.action, "events": number}, arguments.output)


def _republish(settings: Settings, stores: Mapping[str, Store], arguments: argparse.Namespace) -> None:
    """From what the owners hold now; whoever has it already drops it."""
    try:
        back_us = span(arguments.since) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        msg = f"{arguments.since!r} is no span; write it as in 1h or 3d"
        raise BadUsage(msg) from None
    if arguments.service:
        _known(stores, arguments.service)
    since_us = max(0, mesh_clock(settings).now_us() - back_us)
    tenants = all_tenants(stores)
    done = [
        {"service": name, "resources": republish(store, since_us, resources=_resources(store), tenants=tenants)}
        for name, store in stores.items()
        if arguments.service in (None, name)
    ]
    output.show(done, arguments.output)


def _resources(store: Store) -> list[Resource[Any]]:
    """What the service owns, by its contract."""
    contracts = load_service(store.service).resources.values()
    tables = {**MESH.tables, **store.metadata.tables}
    return [Resource(each.message, tables[each.plural]) for each in contracts if not each.silent]
