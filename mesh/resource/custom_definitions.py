"""What a process knows of the fields that tenants have defined for one resource: a bounded copy, checked by version.

Reads trust it for 5 seconds. Writes compare its version in their own transaction, so that no value is ever kept by a
definition of the past, and no definition changes while one is being kept.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from mesh.resource.custom_rules import Field
from mesh.store.mesh_tables import custom_versions
from mesh.store.statement import TENANT, Statement, insert_ignore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mesh.runtime.call import View, Write

FRESH_SECONDS = 5.0
_TENANTS = 1024

_KEY = (custom_versions.c.tenant_id == TENANT, custom_versions.c.resource == bindparam("of"))
_VERSION = select(custom_versions.c.version).where(*_KEY)
_READ = Statement(_VERSION, name="custom version")
_SHARED = Statement(_VERSION.with_for_update(read=True), name="share custom version")
_LOCKED = Statement(_VERSION.with_for_update(), name="lock custom version")
_FIRST = insert_ignore(custom_versions, ["resource"], name="first custom version")
_NEXT = Statement(
    update(custom_versions).where(*_KEY).values(version=bindparam("new_version")), name="next custom version"
)


class Definitions:
    """The live definitions of one resource type, by key. `load` reads them all by means of a read function."""

    def __init__(self, of: str, load: Callable[[Any], Sequence[Any]]) -> None:
        self._of = of
        self._load = load
        self._known: OrderedDict[str, tuple[int, float, Mapping[str, Field]]] = OrderedDict()
        self._lock = Lock()

    def for_reading(self, view: View) -> Mapping[str, Field]:
        """The fields, at most 5 seconds old."""
        tenant = view.identity.tenant
        known = self._known.get(tenant)
        if known is not None and time.monotonic() - known[1] < FRESH_SECONDS:
            return known[2]
        return self._current(tenant, self._version(view.read(_READ, of=self._of)), view.read)

    def for_writing(self, write: Write) -> Mapping[str, Field]:
        """The fields as they are and stay until the write ends."""
        if self not in write.known:
            version = self._version(write.read(_SHARED, of=self._of))
            write.known[self] = self._current(write.tenant, version, write.read)
        fields: Mapping[str, Field] = write.known[self]
        return fields

    def change(self, write: Write) -> None:
        """Count a change of a definition; from here on until the write ends nobody else writes values."""
        write.write(_FIRST, resource=self._of, version=0)
        version = self._version(write.read(_LOCKED, of=self._of))
        write.known.pop(self, None)
        write.write(_NEXT, of=self._of, new_version=version + 1)
        write.transaction.after_commit(lambda: self._forget(write.tenant))

    def of_this_write(self, write: Write) -> list[Field]:
        """The fields as the write itself sees them."""
        return [Field.of(definition) for definition in self._load(write.read)]

    @staticmethod
    def _version(rows: Sequence[Sequence[Any]]) -> int:
        return int(rows[0][0]) if rows else 0

    def _current(self, tenant: str, version: int, read: Any) -> Mapping[str, Field]:
        known = self._known.get(tenant)
        fields = known[2] if known is not None and known[0] == version else None
        if fields is None:
            fields = {d.key: Field.of(d) for d in self._load(read)} if version else {}
        with self._lock:
            self._known[tenant] = (version, time.monotonic(), fields)
            self._known.move_to_end(tenant)
            if len(self._known) > _TENANTS:
                self._known.popitem(last=False)
        return fields

    def _forget(self, tenant: str) -> None:
        with self._lock:
            self._known.pop(tenant, None)
