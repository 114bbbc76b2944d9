"""A promise of the last release cannot be taken back unseen: each way of loosening it is planted and must be found."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorSet

from mesh.contract.loosened import allowed, loosened
from scripts import contract_diff, gen

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
METHOD = "rapport.payments.v1.PaymentService/CapturePayment"
OPEN = "rapport.payments.v1.PaymentService/LookUpPayment"
CONTRACT: dict[str, Any] = {
    "methods": {
        METHOD: {
            "access": "permission",
            "permission": "payments.write",
            "peers": [],
            "capability": "",
            "deadline_seconds": 3.0,
            "idempotency": "IDEMPOTENT",
            "rate": "COSTLY",
            "audit": "payment.captured",
            "fails_with": ["ALREADY_CAPTURED"],
            "fresh": True,
            "assurance_level": 2,
            "assurance_seconds": 600.0,
            "largest_body": 1024,
            "http_door": False,
            "http": ["POST /v1/payments/{id}:capture"],
            "standard": "",
        },
        OPEN: {
            "access": "service",
            "permission": "",
            "peers": ["pipeline"],
            "capability": "",
            "deadline_seconds": 2.0,
            "idempotency": "NO_SIDE_EFFECTS",
            "rate": "READ",
            "audit": "",
            "fails_with": [],
            "fresh": False,
            "http_door": False,
            "http": [],
            "standard": "",
        },
    },
    "resources": {
        "payments.rapport/Payment": {
            "collection": "payments",
            "prefix": "pay",
            "owner_field": "owner_id",
            "self_field": "payer_id",
            "soft_delete": True,
            "retention_seconds": 2592000,
            "silent": False,
        }
    },
    "fields": {
        "rapport.payments.v1.Payment.card": {"sensitivity": "SENSITIVITY_SECRET"},
        "rapport.payments.v1.Payment.contact_id": {"on_delete": "ON_DELETE_RESTRICT"},
    },
    "reasons": {"payments.rapport/ALREADY_CAPTURED": "FAILED_PRECONDITION"},
}


def changed(kind: str, name: str, **values: object) -> dict[str, Any]:
    """The contract with some values of one entry replaced."""
    contract = copy.deepcopy(CONTRACT)
    contract[kind][name] |= values
    return contract


@pytest.mark.parametrize(
    ("name", "values", "finding"),
    [
        (METHOD, {"access": "self", "permission": ""}, "access loosened from permission to self"),
        (METHOD, {"access": "anonymous", "permission": ""}, "access loosened from permission to anonymous"),
        (METHOD, {"access": "publishable_key"}, "access loosened from permission to publishable_key"),
        (METHOD, {"access": "capability"}, "access loosened from permission to capability"),
        (OPEN, {"access": "permission"}, "access loosened from service to permission"),
        (METHOD, {"permission": "payments.read"}, "permission changed from payments.write to payments.read"),
        (OPEN, {"peers": ["marketing", "pipeline"]}, "peers added: marketing"),
        (OPEN, {"peers": ["*"]}, "peers added: *"),
        (METHOD, {"deadline_seconds": 3.5}, "deadline longer: 3 s to 3.5 s"),
        (METHOD, {"idempotency": "UNKNOWN"}, "idempotency weaker: IDEMPOTENT to UNKNOWN"),
        (OPEN, {"idempotency": "IDEMPOTENT"}, "idempotency weaker: NO_SIDE_EFFECTS to IDEMPOTENT"),
        (METHOD, {"rate": "WRITE"}, "rate weaker: COSTLY to WRITE"),
        (METHOD, {"audit": ""}, "audit payment.captured dropped"),
        (METHOD, {"audit": "payment.taken"}, "audit payment.captured changed to payment.taken"),
        (METHOD, {"fresh": False}, "no longer fresh"),
        (METHOD, {"assurance_level": 1}, "assurance weaker: level 2 to 1"),
        (METHOD, {"assurance_seconds": 900.0}, "assurance weaker: a proof within 600 s to 900 s"),
        (METHOD, {"assurance_seconds": 0.0}, "assurance weaker: a proof within 600 s to 0 s"),
        (METHOD, {"largest_body": 2048}, "larger body: 1024 to 2048 bytes"),
        (METHOD, {"http": []}, "route POST /v1/payments/{id}:capture removed"),
    ],
)
def test_a_loosened_method_is_found(name: str, values: dict[str, object], finding: str) -> None:
    assert loosened(CONTRACT, changed("methods", name, **values)) == [f"{name}: {finding}"]


def test_a_method_that_is_opened_to_clients_is_found() -> None:
    old, new = (
        changed("methods", METHOD, access="self", permission="", **scope) for scope in ({}, {"scope": "openid"})
    )

    assert loosened(old, new) == [f"{METHOD}: opened to clients with the scope openid"]
    assert loosened(new, old) == []


@pytest.mark.parametrize(
    ("values", "finding"),
    [
        ({"owner_field": ""}, "owner field owner_id dropped"),
        ({"self_field": ""}, "self field payer_id dropped"),
        ({"soft_delete": False}, "soft delete dropped"),
        ({"retention_seconds": 60}, "retention shorter: 2592000 s to 60 s"),
        ({"prefix": "pmt"}, "prefix changed from pay to pmt"),
        ({"collection": "charges"}, "collection changed from payments to charges"),
        ({"silent": True}, "events dropped"),
    ],
)
def test_a_loosened_resource_is_found(values: dict[str, object], finding: str) -> None:
    name = "payments.rapport/Payment"

    assert loosened(CONTRACT, changed("resources", name, **values)) == [f"{name}: {finding}"]


@pytest.mark.parametrize("kind", ["methods", "resources"])
def test_a_removed_entry_is_found(kind: str) -> None:
    contract = copy.deepcopy(CONTRACT)
    name = next(iter(contract[kind]))
    del contract[kind][name]

    assert loosened(CONTRACT, contract) == [f"{name}: removed"]


def test_a_field_handled_with_less_care_is_found() -> None:
    contract = copy.deepcopy(CONTRACT)
    contract["fields"] = {"rapport.payments.v1.Payment.card": {"sensitivity": "SENSITIVITY_PII"}}

    assert loosened(CONTRACT, contract) == [
        "rapport.payments.v1.Payment.card: sensitivity weaker than SENSITIVITY_SECRET",
        "rapport.payments.v1.Payment.contact_id: on_delete changed from ON_DELETE_RESTRICT",
    ]


def test_another_status_for_a_reason_is_found() -> None:
    contract = copy.deepcopy(CONTRACT)
    contract["reasons"]["payments.rapport/ALREADY_CAPTURED"] = "ABORTED"

    assert loosened(CONTRACT, contract) == [
        "payments.rapport/ALREADY_CAPTURED: code changed from FAILED_PRECONDITION to ABORTED"
    ]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (METHOD, {"access": "service", "peers": ["pipeline"]}),
        (METHOD, {"deadline_seconds": 1.0}),
        (METHOD, {"idempotency": "NO_SIDE_EFFECTS"}),
        (METHOD, {"rate": "CREDENTIAL"}),
        (METHOD, {"fails_with": []}),
        (METHOD, {"http": ["POST /v1/payments/{id}:capture", "POST /v1/captures"]}),
        (OPEN, {"peers": []}),
        (OPEN, {"audit": "payment.read"}),
    ],
)
def test_a_tightened_or_widened_method_passes(name: str, values: dict[str, object]) -> None:
    assert loosened(CONTRACT, changed("methods", name, **values)) == []


def test_new_entries_pass() -> None:
    assert loosened({"methods": {}, "resources": {}}, CONTRACT) == []


def test_only_unreleased_lines_with_a_reason_allow() -> None:
    unreleased = "## Unreleased\n- `first: finding`: why\n- `no reason`:\n- second\n"
    text = f"- `above: no`: r\n{unreleased}## 1.0.0\n- `old: one`: was\n"

    assert allowed(text) == {"first: finding": "why"}


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The descriptor image of the present protos."""
    target = tmp_path_factory.mktemp("image") / "image.binpb"
    gen.write_image(target)
    return target


@pytest.fixture
def baseline(tmp_path: Path, image: Path) -> Path:
    """A baseline that equals the present."""
    shutil.copyfile(image, tmp_path / "image.binpb")
    shutil.copyfile(ROOT / "gen" / "contract.json", tmp_path / "contract.json")
    return tmp_path


def test_the_present_contract_breaks_nothing_of_the_last_release(image: Path) -> None:
    changes = (ROOT / "protos" / "CHANGES.md").read_text()

    found = contract_diff.problems(image, ROOT / "gen" / "contract.json", ROOT / "protos" / "baseline", changes)

    assert found == []


def _rename_a_field(files: FileDescriptorSet) -> None:
    message = next(m for f in files.file for m in f.message_type if m.name == "Contact")
    message.field[6].name = "first_name"
    message.field[6].json_name = "firstName"


def _change_a_type(files: FileDescriptorSet) -> None:
    message = next(m for f in files.file for m in f.message_type if m.name == "ListContactsRequest")
    message.field[0].type = FieldDescriptorProto.TYPE_STRING


def _remove_a_method(files: FileDescriptorSet) -> None:
    service = next(s for f in files.file for s in f.service if s.name == "ContactService")
    del service.method[0]


@pytest.mark.parametrize("plant", [_rename_a_field, _change_a_type, _remove_a_method])
def test_a_changed_message_is_found_and_can_be_allowed(
    plant: Callable[[FileDescriptorSet], None], image: Path, baseline: Path, tmp_path: Path
) -> None:
    files = FileDescriptorSet.FromString(image.read_bytes())
    plant(files)
    planted = tmp_path / "planted.binpb"
    planted.write_bytes(files.SerializeToString())
    contract = ROOT / "gen" / "contract.json"

    found = contract_diff.problems(planted, contract, baseline, "")
    lines = "".join(f"- `{finding}`: agreed with every client\n" for finding in found)

    assert found
    assert contract_diff.problems(planted, contract, baseline, f"## Unreleased\n{lines}") == []


def test_a_policy_that_buf_does_not_see_is_found(image: Path, baseline: Path, tmp_path: Path) -> None:
    name = "rapport.customers.v1.ContactService/GetContact"
    contract = json.loads((ROOT / "gen" / "contract.json").read_text())
    contract["methods"][name] |= {"access": "anonymous", "permission": ""}
    planted = tmp_path / "planted.json"
    planted.write_text(json.dumps(contract))

    found = contract_diff.problems(image, planted, baseline, "")

    assert found == [f"{name}: access loosened from permission to anonymous"]


def test_an_allowance_for_nothing_is_found(image: Path, baseline: Path) -> None:
    found = contract_diff.problems(
        image, baseline / "contract.json", baseline, "## Unreleased\n- `gone: removed`: old\n"
    )

    assert found == ["gone: removed: allowed in protos/CHANGES.md and not found"]


def test_a_release_files_its_allowances_below_its_version(image: Path, tmp_path: Path) -> None:
    changes = tmp_path / "CHANGES.md"
    changes.write_text("# Changes\n\n## Unreleased\n\n- `gone: removed`: nobody called it\n")
    baseline = tmp_path / "baseline"

    contract_diff.release(image, ROOT / "gen" / "contract.json", baseline, changes)

    assert allowed(changes.read_text()) == {}
    assert "nobody called it" in changes.read_text()
    assert contract_diff.problems(image, ROOT / "gen" / "contract.json", baseline, changes.read_text()) == []
