"""`mesh up --watch` over a copy of the code, as a developer has it in a terminal."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

import mesh as product
from mesh.control import run_file
from mesh.runtime.ports import free_port
from mesh.testing.eventually import eventually

ROOT = Path(product.__file__).parent.parent
CODE = ("mesh", "services", "gen", "protos", "docs", "scripts")
# What stands in the code of users and is told at the edge, to anybody.
TOLD = "The body has a broken escape."
WITHIN = 120.0
_EVERY = 0.02


class Watched:
    """The mesh, the terminal, and the folder in which its developer works."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.root, self.home, self.port = folder / "code", folder / "home", free_port()
        for name in CODE:
            shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
        self.url = f"http://127.0.0.1:{self.port}"
        self.code = self.root / "services" / "users" / "domain" / "oauth.py"
        path = os.pathsep.join((str(self.root), str(self.root / "gen")))
        own = {"PYTHONPATH": path, "MESH_HOME": str(self.home), "MESH_EDGE_PORT": str(self.port)}
        self.file = folder / "said"
        with self.file.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mesh.cli.main", "up", "--watch", "--no-demo", *words],
                env={**os.environ, **own, "MESH_LIMITS": "CREDENTIAL=600000/100000"},
                stdout=out, stderr=out, cwd=folder, start_new_session=True,
            )  # fmt: skip

    def says(self, text: str, after: int = 0) -> int:
        """Wait until it is said behind a place; the place behind it."""
        said = lambda: self.file.read_text()[after:]  # noqa: E731
        eventually(lambda: text in said(), within=WITHIN, of=f"{text!r} in {said()}")
        return after + said().index(text) + len(text)

    @property
    def place(self) -> int:
        """The end of what was said so far."""
        return len(self.file.read_text())

    def ask(self, client: httpx.Client, path: str = "/oauth/token") -> tuple[int, str]:
        """The status and what is told of a request for a token that cannot be read."""
        answer = client.post(path, content=b"%", headers={"content-type": "application/x-www-form-urlencoded"})
        return answer.status_code, answer.json().get("error_description", "")

    def answers_anew(self, file: Path, text: str, told: str) -> float:
        """Save a change of users; the seconds until the edge gives no other answer than `told`.

        It is asked all the while, and answers each time: with this, or with what was told before.
        """
        place, heard = self.place, []
        with httpx.Client(base_url=self.url, trust_env=False, timeout=30) as client:
            before = self.ask(client)
            began = time.monotonic()
            file.write_text(text)
            while "restarted users" not in self.file.read_text()[place:]:
                heard.append((self.ask(client), time.monotonic() - began))
                assert heard[-1][1] < WITHIN, self.file.read_text()[place:]
                time.sleep(_EVERY)
            heard.append((self.ask(client), time.monotonic() - began))
        wanted = (400, told)
        assert {answer for answer, _ in heard} <= {before, wanted}, "a call was lost"
        assert heard[-1][0] == wanted
        others = [at for at, (answer, _) in enumerate(heard) if answer != wanted]
        return heard[others[-1] + 1 if others else 0][1]

    def instances(self) -> dict[str, int]:
        """The processes of services, by name."""
        now = run_file.read(self.home)
        return {each.name: each.pid for each in now.instances if each.services} if now else {}

    def control(self) -> int:
        """The process of the control plane."""
        now = run_file.read(self.home)
        return now.pid if now else 0

    def pids(self) -> list[int]:
        """Of all that runs."""
        now = run_file.read(self.home)
        found = [run_file.holder(self.home), *((now.pid, *(i.pid for i in now.instances)) if now else ())]
        return [pid for pid in found if pid]

    def end(self) -> None:
        """Ctrl-C, which leaves nothing."""
        pids = self.pids()
        os.kill(self.process.pid, signal.SIGINT)
        assert self.process.wait(60) == 130
        assert not [pid for pid in pids if run_file.runs(pid)]
