"""JSON to gRPC: Envoy's transcoder, told the public services' descriptors."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from google.protobuf import descriptor_pb2
from google.rpc import error_details_pb2, status_pb2

from mesh.control.resources import DISABLED, ENABLED, FILTERS
from mesh.runtime.door import ROOM

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from google.protobuf.descriptor import FileDescriptor

    from mesh.contract.catalog import Catalog

NAME = "envoy.filters.http.grpc_json_transcoder"
DOORS = "doors"
# How a stream is printed that is no JSON array, by what a client accepts.
PRINTED = {"text/event-stream": "stream_sse_style_delimited", "application/x-ndjson": "stream_newline_delimited"}
LARGEST_REQUEST = 4 * 1024 * 1024
LARGEST_REPLY = 8 * 1024 * 1024


def services(catalog: Catalog) -> tuple[str, ...]:
    """The proto services with at least one public method."""
    return tuple(area for area, methods in catalog.areas().items() if any(m.access.public for m in methods))


def descriptors(files: Iterable[FileDescriptor], public: Container[str]) -> descriptor_pb2.FileDescriptorSet:
    """The files with everything they import, imports first.

    Of the services in them only those in `public`: a public type may stand in the file of an internal service.
    """
    found: dict[str, descriptor_pb2.FileDescriptorProto] = {}

    def add(file: FileDescriptor) -> None:
        if file.name in found:
            return
        for imported in file.dependencies:
            add(imported)
        copy = found[file.name] = descriptor_pb2.FileDescriptorProto()
        file.CopyToProto(copy)
        for message in copy.message_type:
            _name_for_json(message)
        kept = [each for each in copy.service if f"{copy.package}.{each.name}" in public]
        del copy.service[:]
        copy.service.extend(kept)

    for file in files:
        add(file)
    return descriptor_pb2.FileDescriptorSet(file=found.values())


def _name_for_json(message: descriptor_pb2.DescriptorProto) -> None:
    """Write out the JSON names, which protoc's Python leaves out and grpcurl goes by."""
    for field in message.field:
        head, *rest = field.name.split("_")
        field.json_name = field.json_name or head + "".join(part[:1].upper() + part[1:] for part in rest)
    for nested in message.nested_type:
        _name_for_json(nested)


def filters(catalog: Catalog) -> list[dict[str, Any]]:
    """All forms of the filter: the usual one, and those that routes choose instead.

    A route could hold a configuration of its own. But Envoy would keep all descriptors once more for each such route.
    """
    usual = transcoder(catalog)
    printing = usual["print_options"]
    forms = {kind: usual | {"print_options": printing | {option: True}} for kind, option in PRINTED.items()}
    forms[DOORS] = _of_doors(catalog, usual)
    return [
        {"name": NAME, "typed_config": usual},
        *({"name": name, "typed_config": form, "disabled": True} for name, form in forms.items()),
    ]


def chosen(name: str) -> dict[str, Any]:
    """What a route says that has another form than the usual one: that of doors, or one of those in `PRINTED`."""
    return {NAME: DISABLED, name: ENABLED}


def _of_doors(catalog: Catalog, usual: dict[str, Any]) -> dict[str, Any]:
    """The configuration for HTTP doors: their query is the handler's to read, and their bodies may be larger."""
    largest = max((method.largest_body for method in catalog.methods.values()), default=0)
    return usual | {
        "request_validation_options": {},
        "ignore_unknown_query_parameters": True,
        "max_request_body_size": max(LARGEST_REQUEST, largest + ROOM),
    }


def transcoder(catalog: Catalog) -> dict[str, Any]:
    """The filter's usual configuration."""
    public = services(catalog)
    files = [m.descriptor.containing_service.file for m in catalog.methods.values() if m.area in public]
    # Without the types of error details Envoy cannot print a status that carries them and sends an empty body.
    files += [error_details_pb2.DESCRIPTOR, status_pb2.DESCRIPTOR]
    return {
        "@type": FILTERS + "grpc_json_transcoder.v3.GrpcJsonTranscoder",
        "proto_descriptor_bin": base64.b64encode(
            descriptors(files, public).SerializeToString(deterministic=True)
        ).decode(),
        "services": list(public),
        "convert_grpc_status": True,
        # Fields with presence that are not set stay out also with this option.
        "print_options": {"always_print_primitive_fields": True},
        # An unknown method goes on to the routes, which tell 405 from 404.
        "request_validation_options": {
            "reject_unknown_query_parameters": True,
            "reject_binding_body_field_collisions": True,
        },
        # Forms and most HTTP clients write a blank in a query as a plus.
        "query_param_unescape_plus": True,
        "max_request_body_size": LARGEST_REQUEST,
        "max_response_body_size": LARGEST_REPLY,
    }
