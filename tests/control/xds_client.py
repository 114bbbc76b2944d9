"""A client as services have it: calls over `xds:///` until told to end, and counts what it got. Run as a process."""

import json
import sys
import threading

import grpc
from rapport.customers.v1 import contact_service_pb2, contact_service_pb2_grpc


def main() -> None:
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), ended.set()), daemon=True).start()
    channel = grpc.secure_channel("xds:///rapport.customers.v1.ContactService", grpc.xds_channel_credentials())
    grpc.channel_ready_future(channel).result(timeout=10)
    stub = contact_service_pb2_grpc.ContactServiceStub(channel)
    print("ready", flush=True)
    answered: dict[str, int] = {}
    failed: list[str] = []
    while not ended.is_set():
        try:
            contact = stub.GetContact(contact_service_pb2.GetContactRequest(id="x"), timeout=2)
            answered[contact.id] = answered.get(contact.id, 0) + 1
        except grpc.RpcError as error:
            failed.append(f"{error.code().name}: {error.details()}")
    print(json.dumps({"answered": answered, "failed": failed}), flush=True)
    channel.close()


if __name__ == "__main__":
    main()
