"""What a request may say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.descriptor import FieldDescriptor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mesh.contract.method import AccessKind, Verb
from mesh.testing.breakages import breakages
from mesh.testing.messages import is_output_only
from tests.contract.refusals import check_declared, refusal_of
from tests.contract.shapes import resource_of, updates

if TYPE_CHECKING:
    from mesh.contract.method import MethodContract
    from tests.contract.world import World

_EXAMPLES = 15
# A credential that passes costs a password hash, which is meant to be slow.
_COSTLY_EXAMPLES = 5
_MALFORMED = b"\xff\xff\xff"


def always(method: MethodContract) -> bool:
    del method
    return True


def invalid_input(world: World, method: MethodContract) -> None:
    """Every field rule, broken alone, is INVALID_ARGUMENT on its field; bytes that are no message are it, too."""
    valid = world.request(method)
    before = world.everything()
    world.refuses(method, _MALFORMED, "INVALID_ARGUMENT")
    for broken in breakages(valid):
        if method.access.kind is AccessKind.CAPABILITY and broken.path == "token":
            # A credential before it is a field.
            world.refuses(method, broken.message, "UNAUTHENTICATED")
            continue
        refusal = world.refuses(method, broken.message, "INVALID_ARGUMENT")
        assert broken.path in refusal.fields, f"{method.full_name}: {broken.rule} on {broken.path}: {refusal.fields}"
    assert world.everything() == before
    # The counter-proof: unbroken, the same request passes.
    world.call(method, valid)


def random_input(world: World, method: MethodContract) -> None:
    """Whatever is sent, the answer is a reply or a declared refusal, never a fault."""
    examples = _COSTLY_EXAMPLES if method.rate == "CREDENTIAL" else _EXAMPLES

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(world.random_requests(method), world.random_requests(method), st.binary(max_size=30)))
    def answers(request: Any) -> None:
        try:
            world.call(method, request)
        except grpc.RpcError as error:
            refusal = refusal_of(error)
            assert refusal.code not in ("INTERNAL", "UNKNOWN"), f"{method.full_name}: {refusal.text}"
            check_declared(method, refusal)

    answers()


def takes_resource(method: MethodContract) -> bool:
    verbs = (Verb.CREATE, Verb.BATCH_CREATE, Verb.UPDATE, Verb.BATCH_UPDATE)
    return method.standard is not None and method.standard.verb in verbs


def output_only(world: World, method: MethodContract) -> None:
    """What only the server sets is ignored, whether a mask names it or not (AIP-203)."""
    assert method.standard is not None
    resource, field = method.standard.resource, method.standard.field
    changes = updates(method, world.request(method))
    for mask in [[], sorted(resource.output_only), ["*"]] if changes else [None]:
        request = world.request(method)
        if mask is None:
            sent = getattr(request, field)[0] if method.standard.verb is Verb.BATCH_CREATE else getattr(request, field)
        else:
            sent = getattr(updates(method, request)[0], resource.singular)
        address = sent.id
        planted = _plant(sent)
        if mask is not None:
            sent.id = address
            updates(method, request)[0].update_mask.paths.extend(mask)
        kept = resource_of(method, world.call(method, request))
        for name, value in planted.items():
            if name != "id" or not address:
                assert getattr(kept, name) != value, f"{method.full_name} takes {name} from the client"
        assert world.read(resource, kept.id, world.tenant) == kept


def _plant(resource: Any) -> dict[str, Any]:
    """Put something telling into every output-only field."""
    planted: dict[str, Any] = {}
    for field in resource.DESCRIPTOR.fields:
        if not is_output_only(field) or field.is_repeated:
            continue
        if field.message_type:
            part = getattr(resource, field.name)
            setattr(
                part, "seconds" if "seconds" in part.DESCRIPTOR.fields_by_name else part.DESCRIPTOR.fields[0].name, 77
            )
        elif field.type == FieldDescriptor.TYPE_STRING:
            setattr(resource, field.name, "con_" + "7" * 26 if field.name == "id" else "planted@example.com")
        elif field.type == FieldDescriptor.TYPE_BYTES:
            setattr(resource, field.name, b"planted")
        else:
            setattr(resource, field.name, field.enum_type.values[-1].number if field.enum_type else 77)
        value = getattr(resource, field.name)
        planted[field.name] = type(value).FromString(value.SerializeToString()) if field.message_type else value
    return planted
