"""What other services know of tenants and principals: soon when it changes, and for a while when `users` is away."""

from __future__ import annotations

import datetime
import time
from typing import TYPE_CHECKING, Any

import pytest

from mesh.testing.company import found, reason
from mesh.testing.eventually import eventually
from mesh.testing.outage import kept_down
from mesh.testing.planted import planted
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.testing.company import Company

# The last zone where a day ends and the first where it begins: it is never the same day in both.
WEST, EAST = "Etc/GMT+12", "Pacific/Kiritimati"
TOLD_SECONDS = 5.0
# A copy that is renewed and given up sooner than in earnest, so that the test sees both.
_SHORT = "FRESH_SECONDS, STALE_SECONDS = 0.3, 12.0"
_DEAF = "Directory.hear = lambda self, event: None"


def born_today_in_the_east(company: Company) -> tuple[int, str]:
    """How a contact is answered that was born today, in the zone where it is latest."""
    today = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=14)
    date = {"year": today.year, "month": today.month, "day": today.day}
    answer = company.owner.send("POST", "/v1/contacts", {"givenName": "Ada", "birthDate": date})
    return (200, "") if answer.is_success else reason(answer)


def check_told(company: Company) -> None:
    """The tenant moves; the other service counts its days in the new zone within five seconds."""
    assert born_today_in_the_east(company) == (400, "BIRTH_DATE_INVALID")
    company.owner.ask("PATCH", "/v1/tenant", {"timeZone": EAST})
    eventually(lambda: born_today_in_the_east(company) == (200, ""), within=TOLD_SECONDS, of="the zone being known")


@pytest.mark.shows("seams.directory")
def test_a_changed_time_zone_reaches_the_other_service_within_five_seconds(tmp_path: Path) -> None:
    with running_mesh(tmp_path, options=("--no-demo",)) as mesh:
        check_told(found(mesh, "movers", time_zone=WEST))


def test_a_process_that_hears_nothing_of_users_is_late(tmp_path: Path) -> None:
    fault = planted(tmp_path / "fault", "mesh.runtime.directory", _DEAF)
    with running_mesh(tmp_path / "home", options=("--no-demo",), **fault) as mesh:
        company = found(mesh, "deaf", time_zone=WEST)
        with pytest.raises(AssertionError):
            check_told(company)


@pytest.mark.shows("seams.directory")
def test_while_users_is_down_calls_go_on_for_a_while_and_fresh_ones_fail(tmp_path: Path) -> None:
    settings = planted(tmp_path / "short", "mesh.runtime.directory", _SHORT)
    with running_mesh(tmp_path / "home", options=("--no-demo",), **settings) as mesh:
        company = found(mesh, "alone")
        field: dict[str, Any] = {"key": "shoe_size", "displayName": "Shoe size", "type": "FIELD_TYPE_NUMBER"}
        made = company.owner.ask("POST", "/v1/contact-fields", field)["id"]

        def listed() -> int:
            return company.owner.send("GET", "/v1/contacts").status_code

        assert listed() == 200
        known = time.monotonic()
        with kept_down(mesh, "users-1"):
            # Behind the age at which an entry is renewed, and short of the one at which it is given up.
            while time.monotonic() < known + 5:
                assert listed() == 200
            assert reason(company.owner.send("DELETE", f"/v1/contact-fields/{made}")) == (503, "UNAVAILABLE")
            assert listed() == 200
            eventually(lambda: listed() == 503, within=30, of="entries being given up")
        eventually(lambda: listed() == 200, within=60, of="users being back")
        assert company.owner.send("DELETE", f"/v1/contact-fields/{made}").is_success
