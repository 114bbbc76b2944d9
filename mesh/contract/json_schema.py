"""JSON Schemas (2020-12) of messages in proto3's JSON mapping, with the rules and the comments that the contract holds.

Owns the mapping of types, field behaviours and `buf.validate` rules. Knows nothing of paths or methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from buf.validate import validate_pb2
from google.api import field_behavior_pb2
from google.protobuf.descriptor import FieldDescriptor
from rapport.policy.v1 import policy_pb2

from mesh.contract.resource import behaviors, reference, sensitivity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from google.protobuf.descriptor import Descriptor, EnumDescriptor

Schema = dict[str, Any]

_INT32: Schema = {"type": "integer", "format": "int32"}
_UINT32: Schema = {"type": "integer", "format": "uint32", "minimum": 0}
_INT64: Schema = {"type": "string", "format": "int64", "pattern": "^-?[0-9]+$"}
_UINT64: Schema = {"type": "string", "format": "uint64", "pattern": "^[0-9]+$"}
_SCALARS: Mapping[int, Schema] = {
    FieldDescriptor.TYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptor.TYPE_FLOAT: {"type": "number", "format": "float"},
    FieldDescriptor.TYPE_INT64: _INT64,
    FieldDescriptor.TYPE_SINT64: _INT64,
    FieldDescriptor.TYPE_SFIXED64: _INT64,
    FieldDescriptor.TYPE_UINT64: _UINT64,
    FieldDescriptor.TYPE_FIXED64: _UINT64,
    FieldDescriptor.TYPE_INT32: _INT32,
    FieldDescriptor.TYPE_SINT32: _INT32,
    FieldDescriptor.TYPE_SFIXED32: _INT32,
    FieldDescriptor.TYPE_UINT32: _UINT32,
    FieldDescriptor.TYPE_FIXED32: _UINT32,
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
}
_WELL_KNOWN: Mapping[str, Schema] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?s$"},
    "google.protobuf.FieldMask": {"type": "string"},
    "google.protobuf.Struct": {"type": "object", "additionalProperties": True},
    "google.protobuf.ListValue": {"type": "array", "items": {}},
    "google.protobuf.Value": {},
    "google.protobuf.Empty": {"type": "object"},
    "google.protobuf.Any": {
        "type": "object",
        "required": ["@type"],
        "properties": {"@type": {"type": "string"}},
        "additionalProperties": True,
    },
    "google.protobuf.BoolValue": {"type": "boolean"},
    "google.protobuf.StringValue": {"type": "string"},
    "google.protobuf.BytesValue": {"type": "string", "contentEncoding": "base64"},
    "google.protobuf.DoubleValue": {"type": "number", "format": "double"},
    "google.protobuf.FloatValue": {"type": "number", "format": "float"},
    "google.protobuf.Int32Value": _INT32,
    "google.protobuf.UInt32Value": _UINT32,
    "google.protobuf.Int64Value": _INT64,
    "google.protobuf.UInt64Value": _UINT64,
}
_NUMBERS = frozenset({"float", "double", "int32", "uint32", "sint32", "fixed32", "sfixed32"})
# Rules of protovalidate, and what JSON Schema calls them.
_KEYWORDS: Mapping[str, Mapping[str, str]] = {
    "string": {"min_len": "minLength", "max_len": "maxLength", "pattern": "pattern", "const": "const", "in": "enum"},
    "repeated": {"min_items": "minItems", "max_items": "maxItems", "unique": "uniqueItems"},
    "map": {"min_pairs": "minProperties", "max_pairs": "maxProperties"},
}
_NUMBER_KEYWORDS: Mapping[str, str] = {
    "gte": "minimum",
    "gt": "exclusiveMinimum",
    "lte": "maximum",
    "lt": "exclusiveMaximum",
    "const": "const",
    "in": "enum",
}
_FORMATS: Mapping[str, str] = {
    "email": "email",
    "hostname": "hostname",
    "ipv4": "ipv4",
    "ipv6": "ipv6",
    "uri": "uri",
    "uri_ref": "uri-reference",
    "uuid": "uuid",
}


class Schemas:
    """Collects the components that the messages asked for need. Not safe for threads; one instance per document."""

    def __init__(self, comments: Mapping[str, str]) -> None:
        self._comments = comments
        self._components: dict[str, Schema] = {}

    def components(self) -> dict[str, Schema]:
        """Every schema asked for so far and those they refer to, by name."""
        return dict(sorted(self._components.items()))

    def message(self, descriptor: Descriptor, *, partial: bool = False) -> Schema:
        """The schema of a message: a reference, or in place for a well-known type.

        A partial one demands no field of the message: the body of an update names only what changes.
        """
        if descriptor.full_name in _WELL_KNOWN:
            return dict(_WELL_KNOWN[descriptor.full_name])
        partial = partial and bool(_required(descriptor.fields))
        name = component_name(descriptor.full_name) + (".Changes" if partial else "")
        if name not in self._components:
            self._components[name] = {}  # a message may hold itself
            self._components[name] = self.properties(descriptor, partial=partial)
        return {"$ref": f"#/components/schemas/{name}"}

    def properties(
        self, descriptor: Descriptor, *, without: frozenset[str] = frozenset(), partial: bool = False
    ) -> Schema:
        """The schema of a message in place, less the fields named."""
        fields = [field for field in descriptor.fields if field.name not in without]
        schema: Schema = {"type": "object"}
        if text := self.comment(descriptor.full_name):
            schema["description"] = text
        schema["properties"] = {field.json_name: self.field(field) for field in fields}
        needed = _required(fields)
        if needed and not partial:
            schema["required"] = needed
        return schema

    def field(self, field: FieldDescriptor) -> Schema:
        """The schema of a field with its description, rules and behaviour."""
        entry = field.message_type if field.message_type and field.message_type.GetOptions().map_entry else None
        rules = field.GetOptions().Extensions[validate_pb2.field]
        if entry:
            value = entry.fields_by_name["value"]
            schema = {"type": "object", "additionalProperties": self._value(value, rules.map.values)}
        elif field.is_repeated:
            schema = {"type": "array", "items": self._value(field, rules.repeated.items)}
        else:
            schema = self._value(field, rules)
        if entry or field.is_repeated:
            schema |= _keywords(rules)
        return schema | self._notes(field)

    def _value(self, field: FieldDescriptor, rules: validate_pb2.FieldRules) -> Schema:
        if field.enum_type:
            return self._enum(field.enum_type)
        schema = self.message(field.message_type) if field.message_type else dict(_SCALARS[field.type])
        return schema | _keywords(rules)

    def _enum(self, enum: EnumDescriptor) -> Schema:
        name = component_name(enum.full_name)
        if name not in self._components:
            # A value's name has the scope of the enum's parent, yet its comment is filed under the enum.
            notes = [f"- `{v.name}`: {self.comment(f'{enum.full_name}.{v.name}')}".rstrip(": ") for v in enum.values]
            text = "\n".join([self.comment(enum.full_name), "", *notes]).strip()
            self._components[name] = {"type": "string", "enum": [v.name for v in enum.values], "description": text}
        return {"$ref": f"#/components/schemas/{name}"}

    def _notes(self, field: FieldDescriptor) -> Schema:
        declared = behaviors(field)
        texts = [self.comment(field.full_name)]
        notes: Schema = {}
        if field_behavior_pb2.OUTPUT_ONLY in declared:
            notes["readOnly"] = True
        if field_behavior_pb2.INPUT_ONLY in declared:
            notes["writeOnly"] = True
        if field_behavior_pb2.IMMUTABLE in declared:
            texts.append("Set when the resource is created and never changed.")
        oneof = field.containing_oneof
        # `optional` is a oneof of one field to protobuf, not to people.
        if oneof and len(oneof.fields) > 1:
            texts.append(f"At most one of {', '.join(f'`{other.json_name}`' for other in oneof.fields)} is set.")
        if sensitivity(field):
            name = policy_pb2.Sensitivity.Name(sensitivity(field))
            notes["x-rapport-sensitivity"] = name.removeprefix("SENSITIVITY_")
            if sensitivity(field) == policy_pb2.SENSITIVITY_SECRET and field.type == FieldDescriptor.TYPE_STRING:
                notes["format"] = "password"
        if reference(field):
            notes["x-rapport-reference"] = reference(field)
        rules = [rule.message for rule in field.GetOptions().Extensions[validate_pb2.field].cel if rule.message]
        if rules:
            notes["x-rapport-rules"] = rules
        if text := " ".join(filter(None, texts)):
            notes["description"] = text
        return notes

    def comment(self, name: str) -> str:
        """The comment on an element of a contract, or nothing."""
        return self._comments.get(name, "")


def component_name(full_name: str) -> str:
    """The name of a message or enum among the components, as in `customers.v1.Contact`."""
    return full_name.removeprefix("rapport.")


def required(field: FieldDescriptor) -> bool:
    """Whether a request without the field is refused."""
    declared = field_behavior_pb2.REQUIRED in behaviors(field)
    return declared or bool(field.GetOptions().Extensions[validate_pb2.field].required)


def _required(fields: Iterable[FieldDescriptor]) -> list[str]:
    return [field.json_name for field in fields if required(field)]


def _keywords(rules: validate_pb2.FieldRules) -> Schema:
    """The rules of one field, as far as JSON Schema has words for them."""
    kind = rules.WhichOneof("type")
    if kind is None or kind.endswith("64"):  # a 64-bit integer travels as a string, which has no minimum
        return {}
    names = _KEYWORDS.get(kind, _NUMBER_KEYWORDS if kind in _NUMBERS else {})
    schema: Schema = {}
    for rule, value in getattr(rules, kind).ListFields():
        if rule.name in names:
            schema[names[rule.name]] = list(value) if rule.name == "in" else value
        elif kind == "string" and rule.name in _FORMATS and value:
            schema["format"] = _FORMATS[rule.name]
        elif kind == "string" and rule.name == "len":
            schema |= {"minLength": value, "maxLength": value}
    return schema
