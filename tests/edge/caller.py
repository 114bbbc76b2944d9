"""A caller over gRPC, at the edge or inside the mesh, from several threads until told to end. Run as a process."""

import json
import sys
import threading
from collections import Counter

import grpc
from rapport.customers.v1 import contact_service_pb2, contact_service_pb2_grpc


def main(target: str, token: str, threads: int) -> None:
    xds = target.startswith("xds:")
    channel = grpc.secure_channel(target, grpc.xds_channel_credentials()) if xds else grpc.insecure_channel(target)
    grpc.channel_ready_future(channel).result(timeout=10)
    stub = contact_service_pb2_grpc.ContactServiceStub(channel)
    metadata = [("authorization", f"Bearer {token}")] if token else None
    ended = threading.Event()
    told: Counter[str] = Counter()

    def call() -> None:
        while not ended.is_set():
            try:
                answer = stub.GetContact(contact_service_pb2.GetContactRequest(id="x"), timeout=5, metadata=metadata)
                told[answer.id] += 1
            except grpc.RpcError as error:
                told[error.code().name] += 1

    callers = [threading.Thread(target=call) for _ in range(threads)]
    for caller in callers:
        caller.start()
    print("calling", flush=True)
    sys.stdin.readline()
    ended.set()
    for caller in callers:
        caller.join()
    print(json.dumps(told), flush=True)
    channel.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
