"""`mesh contract`: what the contracts say of all services, of one, or of one method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from buf.validate import validate_pb2
from google.api import field_behavior_pb2
from google.protobuf import text_format
from rapport.policy.v1 import policy_pb2

from mesh.cli import methods, output
from mesh.contract.catalog import load
from mesh.contract.error_schema import HTTP_STATUS
from mesh.contract.reference import who_may_call
from mesh.contract.resource import behaviors, sensitivity

if TYPE_CHECKING:
    import argparse

    from google.protobuf.descriptor import Descriptor, FieldDescriptor

    from mesh.contract.catalog import Catalog
    from mesh.contract.method import MethodContract

EXAMPLES = ("mesh contract", "mesh contract customers", "mesh contract ContactService/CreateContact -o json")
_REPEATABLE = {"NO_SIDE_EFFECTS": "reads only", "IDEMPOTENT": "yes", "UNKNOWN": "no"}
_TYPES = {1: "double", 2: "float", 3: "int64", 4: "uint64", 5: "int32", 8: "bool", 9: "string", 12: "bytes",
          13: "uint32"}  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    which = "a service, as in customers or ContactService, or a method (default: all services)"
    parser.add_argument("which", nargs="?", default="", metavar="service|method", help=which)
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it. Nothing needs to run for this."""
    catalog = load()
    which = arguments.which
    if not which:
        output.show(_services(catalog), arguments.output)
        return 0
    own = [m for m in catalog.methods.values() if which in (m.service, m.area, m.area.rpartition(".")[2])]
    if own:
        output.show([_row(method) for method in own], arguments.output)
        return 0
    names = {method.full_name: method for method in catalog.methods.values()}
    method = names[methods.find(which, names)]
    found = {**_row(method), **_more(method)}
    if arguments.output == output.JSON:
        output.print_json(found)
    else:
        _print(found)
    return 0


def _services(catalog: Catalog) -> list[dict[str, Any]]:
    return [
        {
            "service": service,
            "methods": sum(m.service == service for m in catalog.methods.values()),
            "public": sum(m.service == service and m.access.public for m in catalog.methods.values()),
            "resources": [r.collection for r in catalog.resources.values() if r.service == service],
        }
        for service in catalog.services()
    ]


def _row(method: MethodContract) -> dict[str, Any]:
    repeatable = "by request_id" if method.takes_request_id else _REPEATABLE[method.idempotency.name]
    return {
        "method": methods.short(method.full_name),
        "access": who_may_call(method.access).replace("`", ""),
        "deadline_s": method.deadline,
        "rate": method.rate,
        "repeatable": repeatable,
        "audit": method.audit,
    }


def _more(method: MethodContract) -> dict[str, Any]:
    return {
        "fresh": method.fresh,
        "in_person": method.in_person,
        "routes": [f"{route.verb} {route.template}" for route in method.routes],
        "request": str(method.request.DESCRIPTOR.full_name),
        "reply": ("stream of " if method.server_streaming else "") + str(method.reply.DESCRIPTOR.full_name),
        "fields": _fields(method.request.DESCRIPTOR),
        "reasons": [
            {"reason": each.name, "code": each.code_name, "http": HTTP_STATUS[each.code], "message": each.message}
            for each in sorted(method.reasons.values(), key=lambda each: each.name not in method.own_reasons)
        ],
    }


def _fields(descriptor: Descriptor) -> list[dict[str, Any]]:
    """The fields of a request; of a resource in it those that a caller may set."""
    found = []
    for field in descriptor.fields:
        found.append(_field(field, field.name))
        nested = field.message_type
        if nested is not None and nested.full_name.startswith("rapport.") and not nested.GetOptions().map_entry:
            marks = "[]" if field.is_repeated else ""
            found += [
                _field(each, f"{field.name}{marks}.{each.name}")
                for each in nested.fields
                if field_behavior_pb2.OUTPUT_ONLY not in behaviors(each)
            ]
    return found


def _field(field: FieldDescriptor, name: str) -> dict[str, Any]:
    """Its name, type, whether it must be there, its rules as protobuf writes them, and how sensitive it is."""
    kind = field.message_type.full_name if field.message_type else field.enum_type.full_name if field.enum_type else ""
    rules = text_format.MessageToString(field.GetOptions().Extensions[validate_pb2.field], as_one_line=True)
    level = policy_pb2.Sensitivity.Name(sensitivity(field)).removeprefix("SENSITIVITY_")
    return {
        "field": name,
        "type": ("repeated " if field.is_repeated else "") + (kind or _TYPES.get(field.type, "number")),
        "required": field_behavior_pb2.REQUIRED in behaviors(field),
        "sensitivity": "" if level == "UNSPECIFIED" else level,
        "rules": rules.strip(),
    }


def _print(found: dict[str, Any]) -> None:
    fields, reasons = found.pop("fields"), found.pop("reasons")
    output.show(found, output.TABLE)
    print()
    output.show(fields, output.TABLE, nothing="It takes nothing.")
    print()
    output.show(reasons, output.TABLE)
