"""OWN, TEAM and ALL through the edge: every way to read a contact tells the same, and that is what the grants say.

What each person may reach is worked out here once more, from teams, owners and grants alone.
"""

from __future__ import annotations

import csv
import json
import random
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing.company import Company, found, good
from mesh.testing.eventually import eventually
from mesh.testing.planted import planted
from mesh.testing.running import RunningMesh, running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CONTACTS = "/v1/contacts"
READ, WRITE, DELETE, EXPORT = (f"contacts.{verb}" for verb in ("read", "write", "delete", "export"))
OWN, TEAM, ALL = SCOPES = ("SCOPE_OWN", "SCOPE_TEAM", "SCOPE_ALL")
NOTHING = ""
TREE = {"north": "", "coast": "north", "inland": "north", "port": "coast", "beach": "coast", "mine": "inland"}


@dataclass
class World:
    """A company as its founder knows it: the teams, who is in which and may do what, and who owns each contact."""

    company: Company
    above: dict[str, str] = field(default_factory=dict)
    """Of each team, the one above."""
    team: dict[str, str] = field(default_factory=dict)
    """Of each user."""
    grants: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """Of each person, the scope by permission."""
    owner: dict[str, str] = field(default_factory=dict)
    """Of each contact."""
    clients: dict[str, httpx.Client] = field(default_factory=dict)
    """Of each person."""

    def line(self, team: str) -> set[str]:
        """A team and all above it."""
        return {team} | self.line(self.above[team]) if team else set()

    def reached(self, person: str, permission: str) -> set[str]:
        """The contacts that a grant holds for."""
        scope, near = self.grants[person].get(permission, NOTHING), {person}
        if scope == TEAM:
            near |= {user for user, team in self.team.items() if self.team[person] in self.line(team)}
        return {contact for contact, owner in self.owner.items() if scope == ALL or (scope and owner in near)}

    def verdict(self, person: str, permission: str, contact: str) -> int:
        """The status of a change of a contact."""
        if not self.grants[person].get(permission):
            return 403
        if contact not in self.reached(person, READ):
            return 404
        return 200 if contact in self.reached(person, permission) else 403


def drawn(chance: random.Random, people: int) -> list[dict[str, str]]:
    """What each of so many people may do; all scopes of reading are among it."""
    choices = (*SCOPES, NOTHING)
    grants = []
    for number in range(people):
        read = SCOPES[number] if number < len(SCOPES) else chance.choice(choices)
        more = {permission: chance.choice(choices) for permission in (WRITE, DELETE, EXPORT)}
        grants.append({permission: scope for permission, scope in {READ: read, **more}.items() if scope})
    return grants


def build(mesh: RunningMesh, slug: str, stack: ExitStack, seed: int, *, people: int, contacts: int) -> World:
    """A company with a tree of teams, people in them with roles of their own, and contacts that anybody may own."""
    chance = random.Random(seed)  # a replayable test
    world = World(found(mesh, slug))
    owner, teams = world.company.owner, {"": ""}
    for name, parent in TREE.items():
        teams[name] = owner.ask("POST", "/v1/teams", {"displayName": name, "parentId": teams[parent]})["id"]
        world.above[teams[name]] = teams[parent]
    world.team[owner.id] = ""
    places = [teams["coast"], *(chance.choice(list(teams.values())) for _ in range(people - 1))]
    chance.shuffle(places)
    for number, grants in enumerate(drawn(chance, people)):
        asked = [{"permission": permission, "scope": scope} for permission, scope in grants.items()]
        role = owner.ask("POST", "/v1/custom-roles", {"displayName": f"Role {number}", "grants": asked})["id"]
        # Who reads for a team is in one that has teams above and below.
        team = teams["coast"] if number == SCOPES.index(TEAM) else places[number]
        person = world.company.add(f"p{number}@{slug}.example", "ROLE_UNSPECIFIED", team=team, roles=[role])
        world.team[person.id], world.grants[person.id] = team, grants
        headers = {"authorization": f"Bearer {person.token}"}
        world.clients[person.id] = stack.enter_context(
            httpx.Client(base_url=mesh.url, headers=headers, timeout=15, transport=httpx.HTTPTransport(retries=1))
        )
    users = list(world.team)
    owners = users + [chance.choice(users) for _ in range(contacts - len(users))]
    sent = [{"givenName": f"Row {n}", "externalId": f"row-{n}", "ownerId": who} for n, who in enumerate(owners)]
    made = owner.ask("POST", f"{CONTACTS}:batchCreate", {"contacts": sent})["contacts"]
    assert [contact["ownerId"] for contact in made] == owners
    world.owner = {contact["id"]: contact["ownerId"] for contact in made}
    return world


def listed(client: httpx.Client, text: str = "", order: str = "", size: int = 100) -> list[str]:
    """The ids of all pages."""
    ids: list[str] = []
    token = ""
    while True:
        query = {"filter": text, "orderBy": order, "pageSize": size, "pageToken": token}
        page = good(client.get(CONTACTS, params=query))
        ids += [contact["id"] for contact in page.get("contacts", ())]
        token = page.get("nextPageToken", "")
        if not token:
            return ids


def counted(client: httpx.Client, text: str = "") -> int:
    answer = good(client.get(f"{CONTACTS}:count", params={"filter": text}))
    assert not answer.get("capped")
    return int(answer.get("count", 0))


def watched(client: httpx.Client) -> list[str]:
    """The ids that a feed begins with."""
    ids = []
    with client.stream("GET", f"{CONTACTS}:watch", headers={"accept": "application/x-ndjson"}) as answer:
        answer.raise_for_status()
        for line in filter(str.strip, answer.iter_lines()):
            message: Any = json.loads(line)
            if message["kind"].endswith("SNAPSHOT_COMPLETE"):
                return ids
            if "contact" in message:
                ids.append(message["contact"]["id"])
    raise AssertionError("the feed ended within its snapshot")


def exported(client: httpx.Client) -> list[str]:
    """The external ids in the file that a person exports."""
    exports = "/v1/contact-exports"
    identity = good(client.post(exports, json={"fields": ["external_id", "owner_id"]}))["id"]

    def over() -> bool:
        state = good(client.get(f"{exports}/{identity}"))["job"]["state"]
        assert state != "JOB_STATE_FAILED"
        return bool(state == "JOB_STATE_SUCCEEDED")

    eventually(over, within=30, of="the end of the export")
    path = good(client.post(f"{exports}/{identity}:link", json={}))["path"]
    file = httpx.get(str(client.base_url.join(path)), timeout=15)
    assert file.status_code == 200, file.text
    return [row["external_id"] for row in csv.DictReader(file.text.splitlines())]


def check_reading(world: World, person: str, chance: random.Random) -> None:
    """Every way to read tells of the contacts that the grant holds for, each once, and of no other."""
    client, wanted = world.clients[person], world.reached(person, READ)
    gets = {identity: client.get(f"{CONTACTS}/{identity}").status_code for identity in world.owner}
    if not world.grants[person].get(READ):
        assert set(gets.values()) == {403}
        for path in ("", ":count", ":watch", f":batchGet?ids={next(iter(world.owner))}"):
            assert client.get(f"{CONTACTS}{path}").status_code == 403, path
        return
    assert {identity for identity, status in gets.items() if status == 200} == wanted
    assert {status for identity, status in gets.items() if identity not in wanted} <= {404}
    assert counted(client) == len(wanted)
    for order in ("", "display_name desc"):
        assert sorted(listed(client, order=order, size=chance.randint(5, 30))) == sorted(wanted)
    assert sorted(watched(client)) == sorted(wanted)
    some = sorted(wanted)
    if some:
        together = good(client.get(f"{CONTACTS}:batchGet", params={"ids": some}))["contacts"]
        assert [contact["id"] for contact in together] == some
    for hidden in world.owner.keys() - wanted:
        assert client.get(f"{CONTACTS}:batchGet", params={"ids": [*some[:2], hidden]}).status_code == 404


def check_filters(world: World, person: str) -> None:
    """Whatever is asked for, nothing is found that is not in sight."""
    client, wanted = world.clients[person], world.reached(person, READ)
    if not world.grants[person].get(READ):
        return
    asked = {f'owner_id = "{user}"': {c for c, owner in world.owner.items() if owner == user} for user in world.team}
    asked[f'owner_id != "{person}"'] = {c for c, owner in world.owner.items() if owner != person}
    asked['external_id = "row*" OR display_name = "*"'] = set(world.owner)
    asked[f'NOT owner_id = "{person}" OR owner_id = "{person}"'] = set(world.owner)
    for text, matching in asked.items():
        assert set(listed(client, text)) == wanted & matching, text
        assert counted(client, text) == len(wanted & matching), text


def check_export(world: World, person: str) -> None:
    """A file holds what its maker may both read and export."""
    client = world.clients[person]
    if not world.grants[person].get(EXPORT):
        assert client.post("/v1/contact-exports", json={}).status_code == 403
        return
    wanted = world.reached(person, READ) & world.reached(person, EXPORT)
    assert sorted(exported(client)) == sorted(f"row-{list(world.owner).index(contact)}" for contact in wanted)


def check_writing(world: World, person: str, titles: dict[str, str], chance: random.Random) -> None:
    """The unseen is unknown, what is seen and out of reach is refused, and nothing is changed by a refusal."""
    client = world.clients[person]
    by_verdict: dict[int, list[str]] = {200: [], 403: [], 404: []}
    for identity in world.owner:
        verdict = world.verdict(person, WRITE, identity)
        by_verdict[verdict].append(identity)
        title = f"Title {chance.random()}"
        assert client.patch(f"{CONTACTS}/{identity}", json={"jobTitle": title}).status_code == verdict
        if verdict == 200:
            titles[identity] = title
    for verdict, last in ((403, by_verdict[403][:1]), (404, by_verdict[404][:1]), (200, by_verdict[200][3:4])):
        batch = [*by_verdict[200][:3], *last]
        changes = [{"contact": {"id": identity, "jobTitle": f"Batch {verdict}"}} for identity in batch]
        if last:
            answer = client.post(f"{CONTACTS}:batchUpdate", json={"requests": changes})
            assert answer.status_code == verdict, answer.text
            titles.update(dict.fromkeys(batch, f"Batch {verdict}") if verdict == 200 else {})
    for identity in chance.sample(list(world.owner), 12):
        verdict = world.verdict(person, DELETE, identity)
        assert client.delete(f"{CONTACTS}/{identity}").status_code == verdict
        if verdict == 200:
            world.company.owner.ask("POST", f"{CONTACTS}/{identity}:undelete", {})


def titles_now(world: World) -> dict[str, str]:
    contacts = world.company.owner.ask("GET", f"{CONTACTS}?pageSize=100")["contacts"]
    return {contact["id"]: contact.get("jobTitle", "") for contact in contacts}


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.mark.shows("seams.scopes")
def test_everybody_sees_by_every_way_what_their_grants_hold_for(mesh: RunningMesh, stack: ExitStack) -> None:
    seed = random.SystemRandom().randrange(10_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    world = build(mesh, "scopes", stack, seed, people=8, contacts=60)
    titles: dict[str, str] = titles_now(world)
    for person in world.clients:
        check_reading(world, person, chance)
        check_filters(world, person)
        check_export(world, person)
    for person in world.clients:
        check_writing(world, person, titles, chance)
    assert titles_now(world) == titles

    readers = [person for person in world.clients if world.grants[person].get(READ)]
    for _ in range(3):
        mover = chance.choice(list(world.clients))
        world.team[mover] = chance.choice([team for team in world.above if team != world.team[mover]])
        world.company.owner.ask("PATCH", f"/v1/users/{mover}", {"teamId": world.team[mover]})

        def everybody_sees_it() -> bool:
            return all(set(listed(world.clients[each])) == world.reached(each, READ) for each in readers)

        eventually(everybody_sees_it, within=5, of="the sight from another team")
    for person in world.clients:
        check_reading(world, person, chance)


TEAM_IS_ALL = """
from mesh.resource.scopes import EVERYTHING, Breadth
honest = Listing.page
def page(self, text, order, sight, **more):
    return honest(self, text, order, EVERYTHING if sight.breadth is Breadth.TEAM else sight, **more)
Listing.page = page
"""
COUNT_WITHOUT_SCOPE = """
from mesh.resource.scopes import EVERYTHING
honest = Listing.count
Listing.count = lambda self, text, sight, **more: honest(self, text, EVERYTHING, **more)
"""


@pytest.mark.parametrize("fault", [TEAM_IS_ALL, COUNT_WITHOUT_SCOPE], ids=["team is all", "count without scope"])
def test_a_way_to_read_that_sees_more_than_the_others_is_noticed(tmp_path: Path, stack: ExitStack, fault: str) -> None:
    settings = planted(tmp_path / "fault", "mesh.resource.listing", fault)
    mesh = stack.enter_context(running_mesh(tmp_path / "home", options=("--no-demo",), **settings))
    world = build(mesh, "widened", stack, seed=1, people=3, contacts=20)
    team, all_of_it = (list(world.clients)[SCOPES.index(scope)] for scope in (TEAM, ALL))
    check_reading(world, all_of_it, random.Random(1))
    assert 0 < len(world.reached(team, READ)) < len(world.owner)
    with pytest.raises(AssertionError):
        check_reading(world, team, random.Random(1))
