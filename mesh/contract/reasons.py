"""Why a call can fail: the reasons that contracts declare, with their status codes and sentences (AIP-193)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from google.rpc import code_pb2
from rapport.policy.v1 import policy_pb2
from rapport.type.v1 import reason_pb2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf.descriptor import EnumDescriptor


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: `name` is what clients switch on, `code` a google.rpc.Code number, `message` fixed text."""

    name: str
    code: int
    message: str

    @property
    def code_name(self) -> str:
        """The canonical name of the status code, as in `NOT_FOUND`."""
        return str(code_pb2.Code.Name(code_pb2.Code.ValueType(self.code)))


def read_reasons(enum: EnumDescriptor) -> Mapping[str, Reason]:
    """The reasons of a `CommonReason` or `ErrorReason` enum by their names without the enum's prefix."""
    prefix = "COMMON_REASON_" if enum.name == "CommonReason" else "ERROR_REASON_"
    reasons = {}
    for value in enum.values:
        if value.number == 0:
            continue
        policy = value.GetOptions().Extensions[policy_pb2.reason]
        if not policy.code or not policy.message:
            msg = f"{enum.full_name}.{value.name} has no (rapport.policy.v1.reason) with code and message"
            raise ValueError(msg)
        name = value.name.removeprefix(prefix)
        reasons[name] = Reason(name, policy.code, policy.message)
    return MappingProxyType(reasons)


@cache
def common_reasons() -> Mapping[str, Reason]:
    """The reasons that any method may fail with."""
    return read_reasons(reason_pb2.CommonReason.DESCRIPTOR)
