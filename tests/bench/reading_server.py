"""The floor of a service: a bare synchronous gRPC server that reads the contact and writes a line. Prints its port.

Nothing is checked, counted or traced, and no other tenant kept out: one read by key of the same table with the driver,
one message made of the row, one line of the call. What this costs beyond an echo no chain can save.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bare_server
from rapport.customers.v1 import resources_pb2

from mesh.resource.mapping import compile_builder, stored_columns
from services.customers.tables import contacts

if TYPE_CHECKING:
    import grpc
    from rapport.customers.v1 import contact_service_pb2

_COLUMNS = stored_columns(contacts, resources_pb2.Contact)
_READ = f"SELECT {', '.join(column.name for column in _COLUMNS)}, '' FROM contacts WHERE tenant_id = ? AND id = ?"


class _Reading:
    def __init__(self, database: Path, tenant: str) -> None:
        self._database, self._tenant = database, tenant
        self._local = threading.local()
        self._log = os.open(database.with_name("reads.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._build = compile_builder(contacts, resources_pb2.Contact)

    def get(self, request: contact_service_pb2.GetContactRequest, context: grpc.ServicerContext) -> Any:
        began = time.perf_counter_ns()
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = sqlite3.connect(self._database, isolation_level=None)
        (row,) = connection.execute(_READ, (self._tenant, request.id)).fetchall()
        contact = self._build(resources_pb2.Contact, row)
        os.write(self._log, f'{{"method":"GetContact","took_ns":{time.perf_counter_ns() - began}}}\n'.encode())
        return contact


def main(certificates: str, database: str, tenant: str) -> None:
    bare_server.serve(certificates, _Reading(Path(database), tenant).get)


if __name__ == "__main__":
    main(*sys.argv[1:])
