from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class FieldBuildContinued(_message.Message):
    __slots__ = ("resource", "field_id", "slot", "cursor")
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    FIELD_ID_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    resource: str
    field_id: str
    slot: str
    cursor: str
    def __init__(self, resource: _Optional[str] = ..., field_id: _Optional[str] = ..., slot: _Optional[str] = ..., cursor: _Optional[str] = ...) -> None: ...
