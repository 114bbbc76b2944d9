"""The models of SCIM, as a process has them that has just begun."""

from __future__ import annotations

import subprocess
import sys

WHOLE = """
from services.users.domain.scim.models import Group, TOLERANT, User
sent = {"displayName": "Sales", "members": [{"value": "usr_1", "type": "User"}]}
(member,) = Group.model_validate(sent, scim_policy=TOLERANT).members
assert member.value == "usr_1", "a model that is not whole drops what it is sent"
assert all(model.__scim_info__.field_by_name for model in (Group, User, type(member)))
"""


def test_models_are_whole_before_anything_has_looked_at_them() -> None:
    done = subprocess.run([sys.executable, "-c", WHOLE], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
