"""The baseline: a bare synchronous gRPC server that answers every call with the same contact. Prints its port."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from rapport.customers.v1 import contact_service_pb2, resources_pb2

from mesh.runtime.credentials import server_credentials


class _Echo(grpc.GenericRpcHandler):
    def __init__(self, contact: resources_pb2.Contact) -> None:
        self._handler = grpc.unary_unary_rpc_method_handler(
            lambda request, context: contact,
            request_deserializer=contact_service_pb2.GetContactRequest.FromString,
            response_serializer=resources_pb2.Contact.SerializeToString,
        )

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        return self._handler


def main(certificates: str, contact: str) -> None:
    server = grpc.server(
        ThreadPoolExecutor(8), handlers=[_Echo(resources_pb2.Contact.FromString(bytes.fromhex(contact)))]
    )
    port = server.add_secure_port("127.0.0.1:0", server_credentials(Path(certificates)))
    server.start()
    print(port, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main(*sys.argv[1:])
