"""`mesh secrets`: which master keys secrets at rest are sealed with, and new keys while the mesh runs."""

from __future__ import annotations

import importlib
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mesh.cli import output
from mesh.cli.outcome import Failed
from mesh.cli.stores import all_tenants, opened_stores
from mesh.contract.catalog import all_services
from mesh.control import plan
from mesh.control.certificates import EDGE, OPERATOR, Authority, Identity, control
from mesh.control.keys import OWNER
from mesh.runtime.clock import SystemClock
from mesh.runtime.ids import Ids
from mesh.runtime.resealing import census, reseal
from mesh.runtime.secrets import Secrets, add_current, drop
from mesh.runtime.settings import read_settings
from mesh.runtime.vault import SealError, Vault

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from mesh.runtime.settings import Settings
    from mesh.store.store import Store

EXAMPLES = ("mesh secrets status", "mesh secrets status -o json")
_KEY_BYTES = 32
_EMBEDDED = "secrets/root.key"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    actions.add_parser("status", help="count sealed values by the key that they are under")
    rotate = actions.add_parser("rotate", help="seal everything with the current master key, while the mesh runs")
    rotate.add_argument("--signing", action="store_true", help="publish the next key that tokens are signed with")
    rotate.add_argument(
        "--drop", action="store_true", help="forget the mesh's own older keys; links and page tokens of theirs end"
    )
    rotate.add_argument("--certificates", action="store_true", help="renew the certificates of all processes now")
    rotate.add_argument("--revoke", action="store_true", help="with --signing: end all tokens of older keys as well")
    for each in actions.choices.values():
        output.add_output(each)


def run(arguments: argparse.Namespace) -> int:
    """Do it. Status 1: a database does not answer, or a value does not open with the keys there are."""
    settings = read_settings()
    settings = replace(settings, secret=plan.root_secret(settings))
    if arguments.action == "rotate" and arguments.certificates:
        output.show({"renewed": _renew(settings)}, arguments.output)
        return 0
    try:
        with opened_stores(settings) as stores:
            if arguments.action == "status":
                found = _status(settings, stores)
            elif arguments.signing:
                found = _rotate_signing(settings, stores, revoke=arguments.revoke)
            else:
                found = _rotate(settings, stores, drops=arguments.drop)
    except SealError as error:
        raise Failed(str(error)) from error
    if arguments.output == output.TABLE and (counts := found.pop("values", None)) is not None:
        output.show(found, output.TABLE)
        print()
        output.show(counts, output.TABLE, nothing="nothing is sealed")
    else:
        output.show(found, arguments.output)
    return 0


def _renew(settings: Settings) -> Sequence[str]:
    """New certificates beside the old ones; every process takes up its own within seconds."""
    authority = Authority(settings.home / "certs", settings.trust_domain, SystemClock())
    return authority.renew((control(settings.host), EDGE, OPERATOR, *map(Identity, all_services())), now=True)


def _status(settings: Settings, stores: Mapping[str, Store]) -> dict[str, Any]:
    """`current` and `previous`: ids of the master keys; `unused`: of those, what nothing is sealed with any more.

    `values`: counts by service, column and id.
    """
    masters = [master.id.hex() for master in Secrets.from_settings(settings).masters()]
    tenants = all_tenants(stores)
    counts = [
        {"service": name, "column": column, "key": key, "values": count}
        for name, store in stores.items()
        for (column, key), count in sorted(census(store, tenants).items())
    ]
    used = {each["key"] for each in counts}
    unused = [each for each in masters[1:] if each not in used]
    return {"current": masters[0], "previous": masters[1:], "unused": unused, "values": counts}


def _rotate(settings: Settings, stores: Mapping[str, Store], *, drops: bool) -> dict[str, Any]:
    """Everything under the current key. A mesh that keeps its own key under its home gets a new one first.

    Where older ones are dropped there is no new one: they go when nothing is sealed with them any more.
    """
    embedded = settings.home / _EMBEDDED
    owned = settings.secret == f"file:{embedded}"
    if owned and not drops:
        add_current(embedded, os.urandom(_KEY_BYTES))
    secrets = Secrets.from_settings(settings)
    tenants = all_tenants(stores)
    done = {name: reseal(store, Vault(name, secrets), tenants) for name, store in stores.items()}
    found: dict[str, Any] = {"current": secrets.masters()[0].id.hex(), "resealed": done}
    if drops:
        unused = map(bytes.fromhex, _status(settings, stores)["unused"])
        found["dropped"] = drop(embedded, set(unused)) if owned else 0
    return found


def _rotate_signing(settings: Settings, stores: Mapping[str, Store], *, revoke: bool) -> dict[str, Any]:
    """The next signing key; it signs when everybody has heard of it. Revoking waits for that."""
    signing = importlib.import_module(f"services.{OWNER}.service.signing")
    clock = SystemClock()
    beside = (stores[OWNER], Vault(OWNER, Secrets.from_settings(settings)), Ids(clock), clock)
    keys = signing.SigningKeys(*beside)
    found: dict[str, Any] = {"next": keys.add(), "signs_in_seconds": signing.PUBLISHED_SECONDS}
    id_tokens = importlib.import_module(f"services.{OWNER}.service.id_tokens")
    identity = signing.SigningKeys(*beside, id_tokens.KEYS, lazy=True)
    if identity.published():
        found["next_of_id_tokens"] = identity.add()
    if revoke:
        time.sleep(signing.PUBLISHED_SECONDS + signing.REREAD_SECONDS)
        found["revoked"] = keys.revoke_others()
        identity.revoke_others()
    return found
