from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PurgeDue(_message.Message):
    __slots__ = ("resource", "table", "move", "tenant")
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    MOVE_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    resource: DeletedResource
    table: str
    move: str
    tenant: str
    def __init__(self, resource: _Optional[_Union[DeletedResource, _Mapping]] = ..., table: _Optional[str] = ..., move: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class DeletedResource(_message.Message):
    __slots__ = ("type", "id")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    type: str
    id: str
    def __init__(self, type: _Optional[str] = ..., id: _Optional[str] = ...) -> None: ...
