"""The full chain: users and customers in this process with 100,000 contacts, on SQLite. Prints what a client needs.

Leaves the same contacts in a plain table, and the public key of its tokens, for the baselines.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

import plain_table
from rapport.customers.v1 import contact_service_pb2, resources_pb2
from rapport.users.v1 import session_service_pb2

from mesh.testing.local import LocalMesh

CONTACTS = 100_000
BATCH = 100


def contact(number: int) -> resources_pb2.Contact:
    """A contact of ordinary size."""
    return resources_pb2.Contact(
        given_name=f"Given{number % 1000}",
        family_name=f"Family{number % 5000}",
        job_title="Head of Purchasing",
        external_id=f"bench-{number}",
        emails=[resources_pb2.EmailAddress(address=f"person{number}@example.com", label="work")],
    )


def main(home: str) -> None:
    mesh = LocalMesh(Path(home))
    owner = mesh.sign_up("bench")
    table = Path(home) / plain_table.NAME
    plain_table.make(table)
    ids = []
    for start in range(0, CONTACTS, BATCH):
        request = contact_service_pb2.BatchCreateContactsRequest(contacts=map(contact, range(start, start + BATCH)))
        reply = mesh.call("/rapport.customers.v1.ContactService/BatchCreateContacts", request, token=owner.token)
        ids += [made.id for made in reply.contacts]
        plain_table.add(table, owner.tenant, reply.contacts)
    (Path(home) / "ids").write_text("\n".join(ids))
    keys = mesh.call("/rapport.users.v1.SessionService/GetJwks", session_service_pb2.GetJwksRequest()).keys
    (Path(home) / "token.json").write_text(json.dumps({"x": keys[0].x, "issuer": mesh.settings.issuer}))
    sample = mesh.call(
        "/rapport.customers.v1.ContactService/GetContact",
        contact_service_pb2.GetContactRequest(id=ids[0]),
        token=owner.token,
    )
    ready = {"port": mesh.port("customers"), "token": owner.token, "contact": sample.SerializeToString().hex()}
    ready |= {"database": mesh.settings.database("customers").removeprefix("sqlite:///"), "tenant": owner.tenant}
    ready["json"] = plain_table.reply(sample)
    # As mesh.runtime.process does it.
    gc.freeze()
    print(json.dumps(ready), flush=True)
    sys.stdin.read()
    mesh.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
