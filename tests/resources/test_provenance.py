"""Of each field of a contact it is known who or what wrote it last, whichever way it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.type.v1 import provenance_pb2
from rapport.users.v1 import api_key_service_pb2 as keys
from rapport.users.v1 import directory_service_pb2, resources_pb2

from mesh.testing.local import Member
from tests.resources.customers_calls import call, outcome, tenant
from tests.resources.customers_merges import contact, merge, settle, undo
from tests.resources.test_privacy import erase, upload

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh

PERSON, IMPORT, MERGE, PROGRAM = (
    provenance_pb2.PROVENANCE_SOURCE_PERSON,
    provenance_pb2.PROVENANCE_SOURCE_IMPORT,
    provenance_pb2.PROVENANCE_SOURCE_MERGE,
    provenance_pb2.PROVENANCE_SOURCE_API_CLIENT,
)


def told(mesh: LocalMesh, owner: Member, identity: str) -> dict[str, tuple[int, str, str]]:
    """By path, the source of a field, who is behind it and what it came through."""
    fields = call(mesh, owner, "GetContactProvenance", id=identity).fields
    assert len({each.path for each in fields}) == len(fields), "a field stands once"
    return {each.path: (each.source, each.actor_id, each.through) for each in fields}


def key_of(mesh: LocalMesh, owner: Member) -> tuple[str, Member]:
    """An API key of the owner's, and who calls with it."""
    both = ("contacts.read", "contacts.write")
    grants: Any = [{"permission": each, "scope": directory_service_pb2.SCOPE_ALL} for each in both]
    asked = keys.CreateApiKeyRequest(api_key=resources_pb2.ApiKey(grants=grants))
    made = mesh.call("/rapport.users.v1.ApiKeyService/CreateApiKey", asked, token=owner.token)
    exchange = mesh.service("users").exchange
    assert exchange is not None
    token = exchange(made.secret)
    assert token is not None
    return made.api_key.id, Member(owner.tenant, owner.slug, made.api_key.id, "", token)


def test_each_way_of_writing_is_told(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "ways")
    me = (PERSON, owner.id, "")
    ann = contact(mesh, owner, givenName="Ann", familyName="Bell", emails=[{"address": "ann@ways.example"}])
    assert told(mesh, owner, ann.id) == dict.fromkeys(("owner_id", "given_name", "family_name", "emails"), me)

    identity, program = key_of(mesh, owner)
    call(mesh, program, "UpdateContact", contact={"id": ann.id, "jobTitle": "Buyer", "familyName": "Bell"})
    found = told(mesh, owner, ann.id)
    assert found["job_title"] == (PROGRAM, owner.id, f"api-keys/{identity}")
    assert found["family_name"] == me, "what did not change comes from where it came"

    columns = [{"column": name, "field": name} for name in ("emails", "family_name")]
    asked = {"columns": columns, "matchKey": "MATCH_KEY_EMAIL", "onMatch": "ON_MATCH_OVERWRITE"}
    made = call(mesh, owner, "CreateContactImport", contactImport=asked)
    upload(mesh, owner, made.id, "emails,family_name\nann@ways.example,Cole\n")
    call(mesh, owner, "StartContactImport", id=made.id)
    mesh.work("customers")
    found = told(mesh, owner, ann.id)
    assert found["family_name"] == (IMPORT, owner.id, f"contact-imports/{made.id}")
    assert found["given_name"] == me
    settle(mesh)
    assert told(mesh, owner, ann.id) == found, "what follows from events is derived, and comes from nobody"
    call(mesh, owner, "RevertContactImport", id=made.id)
    mesh.work("customers")
    assert call(mesh, owner, "GetContact", id=ann.id).family_name == "Bell"
    assert told(mesh, owner, ann.id) == found, "what an import is taken back by comes through it, too"


def test_a_merge_says_which_contact_a_field_came_from(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "merged-from")
    ann = contact(mesh, owner, givenName="Ann")
    bea = contact(mesh, owner, givenName="Anne", jobTitle="Buyer", emails=[{"address": "b@merged.example"}])
    cyd = contact(mesh, owner, familyName="Bell")
    merged = merge(mesh, owner, ann.id, bea.id, cyd.id)
    found = told(mesh, owner, ann.id)
    assert found["job_title"] == found["emails"] == (MERGE, owner.id, f"contacts/{bea.id}")
    assert found["family_name"] == (MERGE, owner.id, f"contacts/{cyd.id}")
    assert found["given_name"] == (PERSON, owner.id, "")
    assert told(mesh, owner, bea.id) == found, "an id that leads on is led"

    undo(mesh, owner, merged.contact_merge.id)
    assert told(mesh, owner, bea.id)["job_title"] == (PERSON, owner.id, "")


def test_it_is_seen_by_whom_the_contact_is_and_goes_with_it(mesh: LocalMesh) -> None:
    owner, stranger = tenant(mesh, "seen"), tenant(mesh, "unseen")
    ann = contact(mesh, owner, givenName="Ann")
    assert outcome(mesh, stranger, "GetContactProvenance", id=ann.id) == "NOT_FOUND"
    settle(mesh)
    erase(mesh, owner, ann.id)
    assert outcome(mesh, owner, "GetContactProvenance", id=ann.id) == "NOT_FOUND"
    assert not [row for row in mesh.dump("customers")["field_sources"] if ann.id in row]
