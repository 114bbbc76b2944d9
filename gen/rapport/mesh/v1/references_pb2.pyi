from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
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

class ReferencesRestored(_message.Message):
    __slots__ = ("move", "type")
    MOVE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    move: str
    type: str
    def __init__(self, move: _Optional[str] = ..., type: _Optional[str] = ...) -> None: ...

class MergeRecord(_message.Message):
    __slots__ = ("parts", "before", "after", "made_ids")
    class Part(_message.Message):
        __slots__ = ("resource", "sequence", "move")
        RESOURCE_FIELD_NUMBER: _ClassVar[int]
        SEQUENCE_FIELD_NUMBER: _ClassVar[int]
        MOVE_FIELD_NUMBER: _ClassVar[int]
        resource: bytes
        sequence: int
        move: str
        def __init__(self, resource: _Optional[bytes] = ..., sequence: _Optional[int] = ..., move: _Optional[str] = ...) -> None: ...
    PARTS_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    MADE_IDS_FIELD_NUMBER: _ClassVar[int]
    parts: _containers.RepeatedCompositeFieldContainer[MergeRecord.Part]
    before: bytes
    after: bytes
    made_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, parts: _Optional[_Iterable[_Union[MergeRecord.Part, _Mapping]]] = ..., before: _Optional[bytes] = ..., after: _Optional[bytes] = ..., made_ids: _Optional[_Iterable[str]] = ...) -> None: ...
