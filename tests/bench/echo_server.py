"""The baseline: a bare synchronous gRPC server that answers every call with the same contact. Prints its port."""

from __future__ import annotations

import sys

import bare_server
from rapport.customers.v1 import resources_pb2


def main(certificates: str, contact: str) -> None:
    answer = resources_pb2.Contact.FromString(bytes.fromhex(contact))
    bare_server.serve(certificates, lambda request, context: answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
