"""A backup from before an erasure brings the person back; the receipt, which outlives it, says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.backup.restoring import restore
from mesh.backup.saving import back_up
from tests.resources.test_privacy import erase, person, verify
from tests.services.test_restoring import of_its_own, opened

if TYPE_CHECKING:
    from pathlib import Path


SERVICES = ("customers", "notifications", "users")


def test_who_comes_back_with_an_old_backup_is_found(tmp_path: Path) -> None:
    with opened(of_its_own(tmp_path / "home")) as mesh:
        owner = mesh.sign_up("restored")
        ann = person(mesh, owner)
        back_up(mesh.settings, tmp_path / "archive", SERVICES, release="1")
        done = erase(mesh, owner, ann.id)
        assert verify(mesh, owner, done).erased
    restore(mesh.settings, tmp_path / "archive")
    with opened(mesh.settings) as mesh:
        again = mesh._log_in(owner.tenant, owner.slug, owner.id, owner.email)
        found = verify(mesh, again, done)
        assert not found.erased
        assert ("contacts", ann.id) in {(each.kind, each.id) for each in found.remnants}
        # What the backup did not know of is done once more.
        assert verify(mesh, again, erase(mesh, again, ann.id)).erased
        assert verify(mesh, again, done).erased
