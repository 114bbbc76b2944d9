"""What a contract may not leave open about references: each fault is planted in a contract and named by its message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from google.api import field_behavior_pb2, resource_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from rapport.policy.v1 import policy_pb2

from mesh.contract import catalog
from mesh.contract.catalog import ContractError, load
from mesh.contract.references import faults
from mesh.contract.resource import ResourceContract, resource_contract

Field = descriptor_pb2.FieldDescriptorProto
CLEAR, KEEP = policy_pb2.ON_DELETE_CLEAR, policy_pb2.ON_DELETE_KEEP
PERSON, MINE, DRILL = "people.rapport/Person", "quarries.rapport/Mine", "quarries.rapport/Drill"


@dataclass(frozen=True)
class Declared:
    """A field of a contract."""

    name: str
    target: str = ""
    on_delete: int = 0
    title_of: str = ""
    output_only: bool = False
    repeated: bool = False
    kind: Field.Type.ValueType = Field.TYPE_STRING

    def proto(self, number: int) -> Field:
        label = Field.LABEL_REPEATED if self.repeated else Field.LABEL_OPTIONAL
        field = Field(name=self.name, number=number, type=self.kind, label=label)
        if self.target:
            field.options.Extensions[resource_pb2.resource_reference].type = self.target
        if self.on_delete or self.title_of:
            policy = field.options.Extensions[policy_pb2.field]
            policy.on_delete = policy_pb2.OnDelete.ValueType(self.on_delete)
            policy.title_of = self.title_of
        if self.output_only:
            field.options.Extensions[field_behavior_pb2.field_behavior].append(field_behavior_pb2.OUTPUT_ONLY)
        return field


def contract(kind: str, *fields: Declared, **policy: Any) -> ResourceContract:
    """The contract of a resource of a type, in a descriptor pool of its own."""
    service, _, name = kind.partition(".rapport/")
    file = descriptor_pb2.FileDescriptorProto(name="made.proto", package=f"rapport.{service}.v1", syntax="proto3")
    message = file.message_type.add(name=name, field=[field.proto(n) for n, field in enumerate(fields, 1)])
    declared = message.options.Extensions[policy_pb2.resource]
    declared.MergeFrom(policy_pb2.ResourcePolicy(type=kind, prefix="abc", collection=f"{name.lower()}s", **policy))
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    found = resource_contract(pool.FindMessageTypeByName(f"{file.package}.{name}"))
    assert found is not None
    return found


def found_in(drill: ResourceContract, **of_person: Any) -> list[str]:
    """What is wrong with a drill, where there are people of another service and mines of its own."""
    person = contract(PERSON, Declared("display_name"), **{"title_field": "display_name", **of_person})
    mine = contract(MINE, Declared("display_name"), title_field="display_name")
    return list(faults(drill, {PERSON: person, MINE: mine, DRILL: drill}))


def test_a_contract_that_leaves_nothing_open_has_no_fault() -> None:
    drill = contract(
        DRILL,
        Declared("owner_id", PERSON, CLEAR),
        Declared("owner_name", title_of="owner_id", output_only=True),
        Declared("mine_id", MINE, KEEP),
        Declared("crew_ids", PERSON, KEEP, repeated=True),
        owner_field="owner_id",
        parent_field="mine_id",
    )
    assert found_in(drill) == []


OWNER = Declared("owner_id", PERSON, CLEAR)
CREW = Declared("crew_ids", PERSON, KEEP, repeated=True)
TITLE = "quarries.rapport/Drill.owner_name is no OUTPUT_ONLY string beside the reference "


@pytest.mark.parametrize(
    ("fields", "policy", "message"),
    [
        (
            [Declared("owner_id", "people.rapport/Ghost", CLEAR)],
            {},
            "quarries.rapport/Drill.owner_id refers to people.rapport/Ghost, which is no resource",
        ),
        (
            [Declared("owner_id", PERSON)],
            {},
            "quarries.rapport/Drill.owner_id does not say what becomes of it when its target is deleted (on_delete)",
        ),
        (
            [Declared("crew_ids", PERSON, CLEAR, repeated=True)],
            {},
            "quarries.rapport/Drill.crew_ids is repeated and can only be kept (on_delete: KEEP)",
        ),
        (
            [OWNER, Declared("sharing")],
            {"owner_field": "owner_id", "sharing_field": "sharing"},
            f"{DRILL}: sharing_field 'sharing' is no such enum, or there is no owner",
        ),
        ([OWNER, Declared("owner_name", title_of="boss_id", output_only=True)], {}, f"{TITLE}'boss_id'"),
        ([OWNER, Declared("owner_name", title_of="owner_id")], {}, f"{TITLE}'owner_id'"),
        (
            [OWNER, Declared("owner_name", title_of="owner_id", output_only=True, repeated=True)],
            {},
            f"{TITLE}'owner_id'",
        ),
        (
            [OWNER, Declared("owner_name", title_of="owner_id", output_only=True, kind=Field.TYPE_INT64)],
            {},
            f"{TITLE}'owner_id'",
        ),
        ([CREW, Declared("owner_name", title_of="crew_ids", output_only=True)], {}, f"{TITLE}'crew_ids'"),
        (
            [Declared("owner_id")],
            {"owner_field": "owner_id"},
            "quarries.rapport/Drill: owner_field 'owner_id' is no reference",
        ),
        ([CREW], {"owner_field": "crew_ids"}, "quarries.rapport/Drill: owner_field 'crew_ids' is no reference"),
        (
            [Declared("mine_id")],
            {"parent_field": "mine_id"},
            "quarries.rapport/Drill: parent_field 'mine_id' is no reference within the service",
        ),
        (
            [OWNER],
            {"parent_field": "owner_id"},
            "quarries.rapport/Drill: parent_field 'owner_id' is no reference within the service",
        ),
    ],
)
def test_a_fault_is_named_with_its_field(fields: list[Declared], policy: dict[str, str], message: str) -> None:
    assert found_in(contract(DRILL, *fields, **policy)) == [message]


@pytest.mark.parametrize("of_person", [{"silent": True}, {"title_field": ""}])
def test_what_tells_nothing_of_itself_cannot_be_referred_to(of_person: dict[str, Any]) -> None:
    message = "quarries.rapport/Drill.owner_id refers to people.rapport/Person, which has no events or no title_field"
    assert found_in(contract(DRILL, OWNER), **of_person) == [message]


def test_no_service_starts_with_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    load()
    fault = found_in(contract(DRILL, Declared("owner_id", PERSON)))
    monkeypatch.setattr(catalog, "faults", lambda *_: fault)
    with pytest.raises(ContractError, match="on_delete"):
        load()
