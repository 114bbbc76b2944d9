"""A Chromium without a window, driven through its pipe (DevTools Protocol), with a device that keeps passkeys."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = shutil.which("chromium") or ""
_FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--remote-debugging-pipe"),
)
_DEVICE = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Page:
    """One page of the browser."""

    reading: int
    writing: int
    session: str = ""
    buffered: bytes = b""
    number: int = field(default=0)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a command."""
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result

    def run(self, script: str) -> Any:
        """What an asynchronous script in the page comes to."""
        wrapped = f"(async () => {{ {script} }})()"
        done = self.ask("Runtime.evaluate", expression=wrapped, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self.buffered:
            read = os.read(self.reading, 65_536)
            assert read, "the browser has ended"
            self.buffered += read
        line, _, self.buffered = self.buffered.partition(b"\0")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def page(url: str, profile: Path) -> Iterator[Page]:
    """A page of this address in a browser that ends with the block, whose device verifies its user without asking."""
    for_browser, writing = os.pipe()
    reading, of_browser = os.pipe()

    def place() -> None:
        # Where the browser expects its pipe, whatever numbers it got here.
        first, second = os.dup(for_browser), os.dup(of_browser)
        os.dup2(first, 3)
        os.dup2(second, 4)

    command = [PROGRAM, *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
    # No thread of this process holds a lock that the child would wait for before it becomes the browser.
    quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, close_fds=False, preexec_fn=place, **quiet) as browser:  # noqa: PLW1509
        os.close(for_browser)
        os.close(of_browser)
        try:
            opened = Page(reading, writing)
            target = opened.ask("Target.createTarget", url=url)["targetId"]
            opened.session = opened.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            opened.ask("WebAuthn.enable")
            opened.ask("WebAuthn.addVirtualAuthenticator", options=_DEVICE)
            yield opened
        finally:
            os.close(reading)
            os.close(writing)
            browser.terminate()
