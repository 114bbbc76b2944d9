from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class ChangeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANGE_KIND_UNSPECIFIED: _ClassVar[ChangeKind]
    CHANGE_KIND_SNAPSHOT_STARTED: _ClassVar[ChangeKind]
    CHANGE_KIND_CURRENT: _ClassVar[ChangeKind]
    CHANGE_KIND_SNAPSHOT_COMPLETE: _ClassVar[ChangeKind]
    CHANGE_KIND_CHANGED: _ClassVar[ChangeKind]
    CHANGE_KIND_REMOVED: _ClassVar[ChangeKind]
    CHANGE_KIND_HEARTBEAT: _ClassVar[ChangeKind]
    CHANGE_KIND_MERGED: _ClassVar[ChangeKind]
CHANGE_KIND_UNSPECIFIED: ChangeKind
CHANGE_KIND_SNAPSHOT_STARTED: ChangeKind
CHANGE_KIND_CURRENT: ChangeKind
CHANGE_KIND_SNAPSHOT_COMPLETE: ChangeKind
CHANGE_KIND_CHANGED: ChangeKind
CHANGE_KIND_REMOVED: ChangeKind
CHANGE_KIND_HEARTBEAT: ChangeKind
CHANGE_KIND_MERGED: ChangeKind
