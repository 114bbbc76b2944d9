"""`mesh tenant`: suspends a tenant, and lets it work again, as only the operator of the product can.

`users` does it, asked with the operator's own certificate; there is no public call for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.users.v1 import resources_pb2, tenant_life_service_pb2

from mesh.cli.outcome import Failed, instance_port
from mesh.contract.failure import Failure
from mesh.control.certificates import OPERATOR
from mesh.runtime.client import Caller, CallFailed
from mesh.runtime.credentials import channel
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

EXAMPLES = ("mesh tenant suspend demo",)
_OWNER = "users"
_AREA = "/rapport.users.v1.TenantLifeService"
_VERBS: Mapping[str, tuple[str, Any]] = {
    "suspend": (f"{_AREA}/SuspendTenant", tenant_life_service_pb2.SuspendTenantRequest),
    "resume": (f"{_AREA}/ResumeTenant", tenant_life_service_pb2.ResumeTenantRequest),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("verb", choices=tuple(_VERBS), help="what to do")
    parser.add_argument("slug", help="slug of the tenant, as in acme-hardware")


def run(arguments: argparse.Namespace) -> int:
    """Do it, and say what the tenant is like now."""
    settings = read_settings()
    port = instance_port(settings, _OWNER)
    path, request = _VERBS[arguments.verb]
    caller = Caller(lambda _: channel(settings.certificates(OPERATOR.name), settings.host, port, _OWNER))
    try:
        tenant: Any = caller.unary(path, request(slug=arguments.slug), resources_pb2.Tenant, None)
    except CallFailed as failed:
        msg = f"{arguments.slug} could not be changed ({failed.code.name})"
        raise Failed(msg) from failed
    except Failure as failure:
        msg = f"{_OWNER} does not answer ({failure.reason})"
        raise Failed(msg) from failure
    finally:
        caller.close()
    state = resources_pb2.Tenant.State.Name(tenant.state).removeprefix("STATE_").lower()
    print(f"{tenant.slug} is {state}")
    return 0
