"""Feeds of a resource end to end: a snapshot and its changes, resumed anywhere, and never more than is in sight."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from rapport.customers.v1 import changes_service_pb2, contact_service_pb2, resources_pb2
from rapport.mesh.v1 import changes_pb2
from rapport.users.v1 import resources_pb2 as users_pb2
from rapport.users.v1 import user_service_pb2

from mesh.events.envelope import stream_of
from mesh.events.relay import Relay
from mesh.resource import changes, watching
from mesh.resource.scopes import Breadth
from mesh.runtime.client import TENANT_HEADER
from mesh.testing.local import LocalMesh
from mesh.testing.postgres import postgres_server
from mesh.testing.redis import RedisServer, redis_server
from tests.resources.test_scopes import granted, put_users

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.testing.local import Member

CONTACTS = "/rapport.customers.v1.ContactService/"
READ = "/rapport.customers.v1.ChangesService/ReadContactChanges"
_SECONDS = 20.0


class Feeds:
    """A mesh over a real Redis, whose relay publishes when it is told to."""

    def __init__(self, mesh: LocalMesh, redis: RedisServer, folder: Path) -> None:
        self.mesh, self.redis = mesh, redis
        store = mesh.host("customers").store
        poke = folder / "relay"
        now_us = mesh.clock.now_us
        self._relay = Relay(store, source="customers", redis_url=redis.url, now_us=now_us, poke_path=poke)

    def publish(self) -> None:
        """Bring everything that is committed to Redis, and to the other services."""
        while self._relay.publish_due():
            pass
        self.mesh.deliver()

    def create(self, member: Member, **values: Any) -> str:
        """A contact of the member's."""
        request = contact_service_pb2.CreateContactRequest(contact=resources_pb2.Contact(**values))
        made = self.mesh.call(f"{CONTACTS}CreateContact", request, token=member.token)
        self.publish()
        return str(made.id)

    def update(self, member: Member, identity: str, **values: Any) -> None:
        """Change a contact."""
        request = contact_service_pb2.UpdateContactRequest(contact=resources_pb2.Contact(id=identity, **values))
        self.mesh.call(f"{CONTACTS}UpdateContact", request, token=member.token)
        self.publish()

    def delete(self, member: Member, identity: str) -> None:
        """Delete a contact."""
        self.mesh.call(
            f"{CONTACTS}DeleteContact", contact_service_pb2.DeleteContactRequest(id=identity), token=member.token
        )
        self.publish()

    @contextmanager
    def watch(self, member: Member, cursor: str = "", text: str = "") -> Iterator[Feed]:
        """WatchContacts of a member."""
        request = contact_service_pb2.WatchContactsRequest(cursor=cursor, filter=text)
        feed = Feed(self.mesh.call(f"{CONTACTS}WatchContacts", request, token=member.token, timeout=_SECONDS))
        try:
            yield feed
        finally:
            feed.replies.cancel()

    @contextmanager
    def read(self, member: Member, cursor: str = "") -> Iterator[Feed]:
        """ReadContactChanges of a member's tenant, as another service asks for it."""
        request = changes_service_pb2.ReadContactChangesRequest(cursor=cursor)
        metadata = [(TENANT_HEADER, member.tenant)]
        feed = Feed(self.mesh.call(READ, request, identity="users", metadata=metadata, timeout=_SECONDS))
        try:
            yield feed
        finally:
            feed.replies.cancel()


class Feed:
    """A stream of changes that is being read."""

    def __init__(self, replies: Any) -> None:
        self.replies = replies

    def next(self) -> Any:
        """The next message, heartbeats left out."""
        return next(m for m in self.replies if m.kind != changes_pb2.CHANGE_KIND_HEARTBEAT)

    def snapshot(self) -> list[Any]:
        """The messages of a snapshot, from its beginning to its end."""
        told = [self.next()]
        assert kind(told[0]) == "SNAPSHOT_STARTED"
        while kind(told[-1]) != "SNAPSHOT_COMPLETE":
            told.append(self.next())
        return told

    def ids(self) -> list[str]:
        """The ids in a snapshot."""
        return [message.contact.id for message in self.snapshot()[1:-1]]


def kind(message: Any) -> str:
    return changes_pb2.ChangeKind.Name(message.kind).removeprefix("CHANGE_KIND_")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def feeds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeds]:
    with ExitStack() as stack:
        url = ""
        if request.param == "postgresql":
            url = stack.enter_context(postgres_server()).url("feeds_{service}")
        redis = stack.enter_context(redis_server())
        home = tmp_path_factory.mktemp(request.param)
        opened = LocalMesh(home, database_url=url, redis_url=redis.url)
        stack.callback(opened.close)
        yield Feeds(opened, redis, home)


@pytest.fixture
def member(feeds: Feeds, request: pytest.FixtureRequest) -> Member:
    """The owner of a tenant of the test's own."""
    number = abs(hash(request.node.nodeid)) % 10**9
    return feeds.mesh.sign_up(f"feeds-{number}")


@pytest.mark.parametrize("stream", ["read", "watch"])
def test_a_feed_tells_what_is_and_then_what_becomes_of_it(feeds: Feeds, member: Member, stream: str) -> None:
    ids = [feeds.create(member, given_name=name) for name in ("Ann", "Ben")]
    with getattr(feeds, stream)(member) as feed:
        assert feed.ids() == ids
        feeds.update(member, ids[0], given_name="Anna")
        told = feed.next()
        assert (kind(told), told.contact.given_name, told.sequence) == ("CHANGED", "Anna", 2)
        assert "given_name" in told.changed_paths
        new = feeds.create(member, given_name="Cyd")
        told = feed.next()
        assert (kind(told), told.contact.id, told.sequence) == ("CHANGED", new, 1)


@pytest.mark.parametrize("stream", ["read", "watch"])
def test_a_feed_goes_on_from_a_cursor_in_either_phase(feeds: Feeds, member: Member, stream: str) -> None:
    ids = [feeds.create(member, given_name=name) for name in ("Ann", "Ben", "Cyd")]
    open_feed = getattr(feeds, stream)
    with open_feed(member) as feed:
        told = feed.snapshot()
    feeds.update(member, ids[0], given_name="Anna")
    with open_feed(member, cursor=told[1].cursor) as feed:
        rest = [feed.next() for _ in range(4)]
        assert [(kind(m), m.contact.id) for m in rest] == [
            ("CURRENT", ids[1]),
            ("CURRENT", ids[2]),
            ("SNAPSHOT_COMPLETE", ""),
            ("CHANGED", ids[0]),
        ]
    with open_feed(member, cursor=told[-1].cursor) as feed:
        assert feed.next().contact.given_name == "Anna"
    feeds.update(member, ids[0], given_name="Anne")
    with open_feed(member, cursor=rest[-1].cursor) as feed:
        assert feed.next().contact.given_name == "Anne"


@pytest.mark.parametrize("stream", ["read", "watch"])
def test_a_cursor_that_the_stream_no_longer_reaches_gets_a_fresh_snapshot(
    feeds: Feeds, member: Member, stream: str
) -> None:
    ids = [feeds.create(member, given_name="Ann")]
    with getattr(feeds, stream)(member) as feed:
        told = feed.snapshot()
    connection = feeds.redis.connection()
    connection.call("DEL", stream_of("customers"))
    connection.close()
    ids.append(feeds.create(member, given_name="Ben"))
    for cursor in (told[-1].cursor, told[1].cursor):
        with getattr(feeds, stream)(member, cursor=cursor) as feed:
            assert feed.ids() == ids


def test_neither_phase_tells_what_others_are_called(feeds: Feeds, member: Member) -> None:
    feeds.publish()
    identity = feeds.create(member, given_name="Ann", owner_id=member.id)
    for stream in (feeds.read, feeds.watch):
        with stream(member) as feed:
            current = feed.snapshot()[1].contact
            feeds.update(member, identity, job_title=stream.__name__)
            changed = feed.next().contact
            assert (current.owner_id, changed.owner_id) == (member.id, member.id)
            assert (current.owner_name, changed.owner_name) == ("", "")


def test_who_may_see_his_own_is_told_of_no_other_and_when_one_leaves_his_sight(feeds: Feeds, member: Member) -> None:
    other = feeds.mesh.member(member, users_pb2.ROLE_OWNER)
    feeds.publish()
    mine = feeds.create(member, given_name="Mine", owner_id=member.id)
    theirs = feeds.create(member, given_name="Theirs", owner_id=other.id)
    with granted({"contacts.read": Breadth.OWN, "contacts.write": Breadth.ALL}), feeds.watch(member) as feed:
        assert feed.ids() == [mine]
        with granted({"contacts.read": Breadth.ALL, "contacts.write": Breadth.ALL}):
            feeds.update(other, theirs, given_name="Nothing to tell")
            feeds.update(other, mine, owner_id=other.id)
        told = feed.next()
        assert (kind(told), told.contact) == ("REMOVED", resources_pb2.Contact(id=mine))


def test_a_team_that_changes_begins_the_feed_anew(feeds: Feeds, member: Member) -> None:
    put_users(feeds.mesh, member.tenant, {"usr_a": "tem_north", "usr_b": "tem_south"})
    first, second = (
        feeds.mesh.insert(member.tenant, resources_pb2.Contact(display_name="C", owner_id=owner)).id
        for owner in ("usr_a", "usr_b")
    )
    feeds.publish()
    with mock.patch.object(changes, "_SIGHT_SECONDS", 0.1), ExitStack() as stack:
        stack.enter_context(granted({"contacts.read": Breadth.TEAM}, ("tem_north",)))
        feed = stack.enter_context(feeds.watch(member))
        assert feed.ids() == [first]
        put_users(feeds.mesh, member.tenant, {"usr_c": "tem_north"})
        third = feeds.mesh.insert(member.tenant, resources_pb2.Contact(display_name="C", owner_id="usr_c")).id
        told = feed.snapshot()
        assert {m.contact.id for m in told} >= {first}, "the owner joined"
        stack.enter_context(granted({"contacts.read": Breadth.TEAM}, ("tem_south",)))
        while (ids := feed.ids()) != [second]:
            assert set(ids) <= {first, third}, "the reader moved to another team"
        with feeds.watch(member, cursor=told[-1].cursor) as resumed:
            assert resumed.ids() == [second], "a cursor of another sight"


def test_the_feed_of_a_deactivated_user_ends(feeds: Feeds, member: Member) -> None:
    leaver = feeds.mesh.member(member, users_pb2.ROLE_OWNER)
    with mock.patch.object(changes, "_SIGHT_SECONDS", 0.1), feeds.watch(leaver) as feed:
        feed.snapshot()
        request = user_service_pb2.DeactivateUserRequest(id=leaver.id, successor_id=member.id)
        feeds.mesh.call("/rapport.users.v1.UserService/DeactivateUser", request, token=member.token)
        feeds.publish()
        with pytest.raises(grpc.RpcError) as ended:
            feed.next()
        assert ended.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_deleted_rows_are_removed_and_purged_ones_in_no_snapshot(feeds: Feeds, member: Member) -> None:
    identity = feeds.create(member, given_name="Ann")
    with feeds.watch(member) as watched, feeds.read(member) as read:
        watched.snapshot(), read.snapshot()
        feeds.delete(member, identity)
        told = watched.next()
        assert (kind(told), told.contact.id) == ("REMOVED", identity)
        assert read.next().contact.HasField("delete_time")
    with feeds.watch(member) as watched, feeds.read(member) as read:
        assert (watched.ids(), read.ids()) == ([], [identity])
    resource = feeds.mesh.resource(contract := feeds.mesh.service("customers").resources[0].contract)
    with feeds.mesh.writing("customers", member.tenant) as write:
        write.now_us += int((contract.retention + 1) * 1_000_000)
        assert resource.purge(write, identity)
    with feeds.read(member) as read:
        assert read.ids() == []


def check_unseen(feeds: Feeds, member: Member) -> None:
    """What is done to a row that was deleted before is nobody's to see."""
    identity = feeds.create(member, given_name="Ann")
    feeds.delete(member, identity)
    resource = feeds.mesh.resource(feeds.mesh.service("customers").resources[0].contract)
    with feeds.watch(member) as watched, feeds.read(member) as read:
        assert (watched.ids(), read.ids()) == ([], [identity])
        with feeds.mesh.writing("customers", member.tenant) as write:
            row = write.read(resource.by_ids, ids=[identity])[0]
            before, after = (resource.build(resource.message, row) for _ in range(2))
            after.job_title = "Nobody sees it"
            resource.update(write, "Updated", before, after, row[0], settle=False)
        seen = feeds.create(member, given_name="Ben")
        assert [read.next().contact.id for _ in range(2)] == [identity, seen]
        assert watched.next().contact.id == seen


def test_a_change_of_what_was_deleted_before_is_told_to_nobody_who_may_not_see_it(feeds: Feeds, member: Member) -> None:
    check_unseen(feeds, member)


def test_a_feed_that_tells_what_becomes_of_deleted_rows_is_noticed(feeds: Feeds, member: Member) -> None:
    with mock.patch.object(watching, "_was_deleted", return_value=False), pytest.raises(AssertionError):
        check_unseen(feeds, member)


def test_a_filter_holds_for_the_snapshot_and_for_the_changes(feeds: Feeds, member: Member) -> None:
    ann, ben = (feeds.create(member, given_name=name) for name in ("Ann", "Ben"))
    with feeds.watch(member, text='given_name = "An*"') as feed:
        assert feed.ids() == [ann]
        feeds.update(member, ben, job_title="Nothing to tell")
        feeds.update(member, ben, given_name="Anders")
        assert [(kind(m), m.contact.id) for m in [feed.next()]] == [("CHANGED", ben)]
        feeds.update(member, ann, given_name="Zoe")
        told = feed.next()
        assert (kind(told), told.contact) == ("REMOVED", resources_pb2.Contact(id=ann))
        feeds.update(member, ann, given_name="Zoes")
        feeds.delete(member, ann)
        feeds.delete(member, ben)
        told = feed.next()
        assert (kind(told), told.contact.id) == ("REMOVED", ben)


def test_a_cursor_goes_with_its_filter_and_a_filter_with_fields_of_the_contact(feeds: Feeds, member: Member) -> None:
    with feeds.watch(member, text="given_name:*") as feed:
        cursor = feed.snapshot()[-1].cursor
    for more in ({"cursor": cursor, "text": ""}, {"text": 'owner_name = "Ann"'}, {"text": "given_name ="}):
        with feeds.watch(member, **more) as feed, pytest.raises(grpc.RpcError) as refused:
            feed.next()
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_without_the_look_at_what_was_in_sight_a_row_stays_with_who_lost_it(feeds: Feeds, member: Member) -> None:
    with (
        mock.patch.object(watching.InSight, "_was_in_sight", return_value=False),
        mock.patch(f"{__name__}._SECONDS", 2.0),
        pytest.raises(grpc.RpcError, match="DEADLINE_EXCEEDED"),
    ):
        test_who_may_see_his_own_is_told_of_no_other_and_when_one_leaves_his_sight(feeds, member)
