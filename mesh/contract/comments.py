"""The comments of `.proto` files by the full name of what they describe, from a descriptor set's source info."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

# What the numbers of a source path mean, by the kind of element they are read in (descriptor.proto).
_CHILDREN: Mapping[str, Mapping[int, str]] = {
    "file": {4: "message_type", 5: "enum_type", 6: "service", 7: "extension"},
    "message_type": {2: "field", 3: "nested_type", 4: "enum_type", 6: "extension", 8: "oneof_decl"},
    "nested_type": {2: "field", 3: "nested_type", 4: "enum_type", 6: "extension", 8: "oneof_decl"},
    "enum_type": {2: "value"},
    "service": {2: "method"},
}


def read_comments(files: FileDescriptorSet) -> dict[str, str]:
    """Leading comments as one line each, by full name as in `rapport.customers.v1.Contact.id`."""
    return {name: text for file in files.file for name, text in _of_file(file)}


def _of_file(file: FileDescriptorProto) -> Iterator[tuple[str, str]]:
    for location in file.source_code_info.location:
        name = _name(file, location.path) if location.leading_comments else ""
        if name:
            yield f"{file.package}.{name}", " ".join(location.leading_comments.split())


def _name(file: FileDescriptorProto, path: Sequence[int]) -> str:
    """The name a source path leads to; nothing where it leads to an option or another detail."""
    kind, element, names = "file", file, []
    for number, index in zip(path[::2], path[1::2], strict=False):
        kind = _CHILDREN.get(kind, {}).get(number, "")
        if not kind:
            return ""
        element = getattr(element, kind)[index]
        names.append(element.name)
    return ".".join(names) if len(path) % 2 == 0 else ""
