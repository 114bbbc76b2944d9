"""Groups by SCIM: each change is one of GroupService, by the same rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import protovalidate
from rapport.users.v1 import resources_pb2
from scim2_models import Context

from mesh.resource.writing import add, change, create, delete, gather, unknown
from mesh.runtime.validation import validate
from services.users.domain.groups import MAX_MEMBERS
from services.users.domain.scim import filters, models
from services.users.domain.scim.groups import MAX_CHANGED, Membership, fill, member_ids, patched, shown, version_of
from services.users.domain.scim.requests import read_parameters, read_patch, read_resource, refusal
from services.users.service.membership import members_of, sums_of
from services.users.service.scim.answers import answer, answer_resource, base, check_version, in_scim, unchanged
from services.users.service.scim.lists import asked, list_resources

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from google.api import httpbody_pb2
    from rapport.users.v1 import scim_service_pb2
    from scim2_models import ResponseParameters

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit
    from services.users.service.groups import GroupMethods

# Members that are read for one answer, of all of its groups.
_MOST_READ = models.MAX_COUNT_OF_MEMBERS * MAX_MEMBERS


class ScimGroups:
    """The methods of ScimService on groups."""

    def __init__(self, group: Resource[resources_pb2.Group], methods: GroupMethods) -> None:
        self._group = group
        self._groups = methods
        self._group_rules = protovalidate.Validator()

    def get_scim_group(self, call: Call, request: scim_service_pb2.GetScimGroupRequest) -> httpbody_pb2.HttpBody:
        """One group, which is not deleted."""
        parameters = read_parameters(models.Group, request.attributes, request.excluded_attributes)
        found = self._shown_groups(call, call, [self._found(call, request.id)], members=_wants_members(parameters))[0]
        version = found.meta.version if found.meta else ""
        if unchanged(call, version or ""):
            return answer(call, 304, None, {"etag": version or ""})
        return answer_resource(call, 200, found, parameters)

    def list_scim_groups(self, call: Call, request: scim_service_pb2.ListScimGroupsRequest) -> httpbody_pb2.HttpBody:
        """Groups by a query."""
        return self._listed_groups(call, request)

    def search_scim_groups(
        self, call: Call, request: scim_service_pb2.SearchScimGroupsRequest
    ) -> httpbody_pb2.HttpBody:
        """Groups by a search request."""
        return self._listed_groups(call, request)

    def create_scim_group(self, call: Call, request: scim_service_pb2.CreateScimGroupRequest) -> httpbody_pb2.HttpBody:
        """A new group with its members."""
        parameters = read_parameters(models.Group, request.attributes, request.excluded_attributes)
        sent = read_resource(models.Group, request.body, Context.RESOURCE_CREATION_REQUEST)
        group = resources_pb2.Group()
        with in_scim():
            members = _checked(member_ids(sent.members))
            self._fill_group(group, sent)
            facts = gather(call, self._group, [group])
            with call.commit() as commit:
                made = create(commit, self._group, group, facts)
                made.external_id = group.external_id
                add(commit, self._group, [made], facts)
                if members:
                    self._groups.add(commit, made.id, members)
                commit.audit(f"groups/{made.id}")
                return commit.reply(self._answer(call, commit, 201, made, parameters))

    def replace_scim_group(
        self, call: Call, request: scim_service_pb2.ReplaceScimGroupRequest
    ) -> httpbody_pb2.HttpBody:
        """The group with other attributes and other members."""
        sent = read_resource(models.Group, request.body, Context.RESOURCE_REPLACEMENT_REQUEST)

        def replaced(before: models.Group, members: Sequence[str]) -> tuple[models.Group, Sequence[str]]:
            del before, members
            return sent, member_ids(sent.members)

        return self._change_group(call, request, replaced)

    def patch_scim_group(self, call: Call, request: scim_service_pb2.PatchScimGroupRequest) -> httpbody_pb2.HttpBody:
        """The group as the operations leave it."""
        patch = read_patch(models.Group, request.body)

        return self._change_group(call, request, lambda before, members: patched(before, members, patch))

    def delete_scim_group(self, call: Call, request: scim_service_pb2.DeleteScimGroupRequest) -> httpbody_pb2.HttpBody:
        """The group is deleted, as by GroupService."""
        with call.commit() as commit:
            group = self._groups.locked(commit, request.id)
            check_version(call, version_of(group, self._memberships(commit, [group], members=False)[0]))
            delete(commit, self._group, request.id, "")
            return commit.reply(answer(call, 204, None))

    def _listed_groups(self, call: Call, request: Any) -> httpbody_pb2.HttpBody:
        search = asked(models.Group, request)
        told = _wants_members(search)
        read = told or "members" in str(search.filter or "").lower() or "members" in str(search.sort_by or "").lower()
        return list_resources(
            call,
            self._group,
            search,
            terms=filters.OF_GROUPS,
            always="",
            most=models.MAX_COUNT_OF_MEMBERS if told else models.MAX_COUNT,
            show=lambda found: self._shown_groups(call, call, found, members=read),
        )

    def _found(self, call: Call, group_id: str) -> resources_pb2.Group:
        rows = call.read(self._group.by_id, id=group_id)
        group: resources_pb2.Group | None = self._group.build(resources_pb2.Group, rows[0]) if rows else None
        if group is None or group.HasField("delete_time"):
            raise unknown(self._group, group_id)
        return group

    def _fill_group(self, group: resources_pb2.Group, sent: models.Group) -> None:
        fill(group, sent)
        validate(self._group_rules, group)

    def _shown_groups(
        self, call: Call, view: Any, found: Sequence[resources_pb2.Group], *, members: bool
    ) -> list[models.Group]:
        memberships = self._memberships(view, found, members=members)
        return [shown(group, each, base(call)) for group, each in zip(found, memberships, strict=True)]

    def _memberships(self, view: Any, found: Sequence[resources_pb2.Group], *, members: bool) -> list[Membership]:
        ids = [group.id for group in found]
        if not members:
            sums = {row[0]: Membership(int(row[1]), int(row[2])) for row in sums_of(view, ids)}
            return [sums.get(each, Membership()) for each in ids]
        rows = members_of(view, ids, _MOST_READ + 1)
        if len(rows) > _MOST_READ:
            raise refusal("tooMany", "would have to be looked for among too many members", "filter")
        read: dict[str, list[Sequence[Any]]] = {}
        for row in rows:
            read.setdefault(row[0], []).append(row)
        return [
            Membership(len(read[each]), max(row[2] for row in read[each]), [row[1] for row in read[each]])
            if each in read
            else Membership()
            for each in ids
        ]

    def _change_group(
        self,
        call: Call,
        request: Any,
        alter: Callable[[models.Group, Sequence[str]], tuple[models.Group, Sequence[str]]],
    ) -> httpbody_pb2.HttpBody:
        parameters = read_parameters(models.Group, request.attributes, request.excluded_attributes)
        facts = gather(call, self._group, [])
        with in_scim(), call.commit() as commit:
            self._groups.locked(commit, request.id)
            row = commit.read(self._group.locked, id=request.id)[0]
            before = self._group.build(resources_pb2.Group, row)
            membership = self._memberships(commit, [before], members=True)[0]
            check_version(call, version_of(before, membership))
            after, wanted = alter(shown(before, Membership(), base(call)), membership.ids)
            made, changed = change(commit, self._group, row, lambda group: self._fill_group(group, after), facts)
            had, has = set(membership.ids), set(wanted)
            come, left = [each for each in wanted if each not in had], [each for each in had if each not in has]
            _checked([*come, *left])
            if left:
                self._groups.remove(commit, made.id, left)
            if come:
                self._groups.add(commit, made.id, come)
            commit.audit(f"groups/{made.id}", [*changed, *(["members"] if come or left else [])])
            return commit.reply(self._answer(call, commit, 200, made, parameters))

    def _answer(
        self,
        call: Call,
        commit: Commit,
        status: int,
        group: resources_pb2.Group,
        parameters: ResponseParameters[Any],
    ) -> httpbody_pb2.HttpBody:
        found = self._shown_groups(call, commit, [group], members=_wants_members(parameters))[0]
        return answer_resource(call, status, found, parameters)


def _checked(ids: Sequence[str]) -> Sequence[str]:
    """Refuse to let more users come and go than one write makes.

    Raises:
        Failure: INVALID_ARGUMENT as tooMany.
    """
    if len(ids) > MAX_CHANGED:
        raise refusal("tooMany", f"more than {MAX_CHANGED} would come or go at once", "members")
    return ids


def _wants_members(parameters: ResponseParameters[Any]) -> bool:
    """Whether an answer is to tell who is in a group."""
    if parameters.attributes:
        return any(str(each).lower().rpartition(":")[2].startswith("members") for each in parameters.attributes)
    return not any(str(each).lower().rpartition(":")[2] == "members" for each in parameters.excluded_attributes or [])
