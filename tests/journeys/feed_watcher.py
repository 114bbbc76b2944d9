"""A client that watches contacts, as a program of its own: it can be killed, and goes on from what it wrote down.

Run with the protocol (ndjson, sse or grpc), the edge's address, a token and a file; each message is a line of it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import httpx
from google.protobuf import json_format
from rapport.customers.v1 import contact_service_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

_ACCEPTED = {"ndjson": "application/x-ndjson", "sse": "text/event-stream"}
_WATCH = "/rapport.customers.v1.ContactService/WatchContacts"


def read(path: Path) -> list[dict[str, Any]]:
    """The messages of a file, without the line that a killed watcher did not finish."""
    found = []
    for line in path.read_bytes().splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def over_http(protocol: str, address: str, token: str, cursor: str) -> Iterator[dict[str, Any]]:
    """The messages as the edge writes them in JSON."""
    headers = {"authorization": f"Bearer {token}", "accept": _ACCEPTED[protocol]}
    with httpx.Client(base_url=f"http://{address}", headers=headers, timeout=30) as client:
        query = {"cursor": cursor} if cursor else {}
        with client.stream("GET", "/v1/contacts:watch", params=query) as answer:
            answer.raise_for_status()
            for line in answer.iter_lines():
                if line.strip():
                    yield json.loads(line.removeprefix("data:"))


def over_grpc(address: str, token: str, cursor: str) -> Iterator[dict[str, Any]]:
    """The messages over gRPC, written as the edge writes them."""
    with grpc.insecure_channel(address) as channel:
        watch = channel.unary_stream(
            _WATCH,
            request_serializer=contact_service_pb2.WatchContactsRequest.SerializeToString,
            response_deserializer=contact_service_pb2.WatchContactsResponse.FromString,
        )
        request = contact_service_pb2.WatchContactsRequest(cursor=cursor)
        for message in watch(request, metadata=[("authorization", f"Bearer {token}")], timeout=300):
            yield json_format.MessageToDict(message)


def main(protocol: str, address: str, token: str, path: Path) -> None:
    """Watch until killed; a stream that ends is begun again where it was."""
    with path.open("a", buffering=1) as log:
        log.write("\n")  # ends the line of one that was killed
        while True:
            told = read(path)
            cursor = told[-1]["cursor"] if told else ""
            try:
                feed = over_grpc(address, token, cursor)
                for message in feed if protocol == "grpc" else over_http(protocol, address, token, cursor):
                    log.write(json.dumps(message) + "\n")
            except (grpc.RpcError, httpx.HTTPError):
                time.sleep(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:4], Path(sys.argv[4]))
