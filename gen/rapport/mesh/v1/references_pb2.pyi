from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MoveReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MOVE_REASON_UNSPECIFIED: _ClassVar[MoveReason]
    MOVE_REASON_HAND_OVER: _ClassVar[MoveReason]
    MOVE_REASON_MERGE: _ClassVar[MoveReason]
    MOVE_REASON_DELETE: _ClassVar[MoveReason]
MOVE_REASON_UNSPECIFIED: MoveReason
MOVE_REASON_HAND_OVER: MoveReason
MOVE_REASON_MERGE: MoveReason
MOVE_REASON_DELETE: MoveReason

class ReferencesMoved(_message.Message):
    __slots__ = ("type", "from_id", "to_id", "reason")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    FROM_ID_FIELD_NUMBER: _ClassVar[int]
    TO_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    type: str
    from_id: str
    to_id: str
    reason: MoveReason
    def __init__(self, type: _Optional[str] = ..., from_id: _Optional[str] = ..., to_id: _Optional[str] = ..., reason: _Optional[_Union[MoveReason, str]] = ...) -> None: ...
