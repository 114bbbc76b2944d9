"""An S3 for tests: moto's server in a process of its own, on loopback, empty at its start and gone afterwards."""

from __future__ import annotations

import ssl
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from mesh.runtime.ports import free_port
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

_REGION = "us-east-1"
_CREDENTIALS = "only:for-tests"


@contextmanager
def s3_server(bucket: str, certificate: Path | None = None) -> Iterator[str]:
    """The URL of an empty bucket as MESH_BLOBS_URL takes it, for as long as the block lasts.

    certificate: folder with `tls.crt`, `tls.key` and `ca.crt` for 127.0.0.1; None: plaintext.
    """
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    scheme, trust = "http", ssl.create_default_context()
    if certificate is not None:
        scheme, trust = "https", ssl.create_default_context(cafile=certificate / "ca.crt")
        command += ["-s", "-c", str(certificate / "tls.crt"), "-k", str(certificate / "tls.key")]
    with tempfile.TemporaryDirectory(prefix="rapport-s3-") as folder:
        process = subprocess.Popen(command, cwd=Path(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            endpoint = f"{scheme}://127.0.0.1:{port}"
            eventually(lambda: _made(endpoint, bucket, process, trust), within=60, of="the start of the S3 server")
            yield f"s3://{_CREDENTIALS}@{bucket}/mesh?region={_REGION}&endpoint={endpoint}"
        finally:
            process.kill()
            process.wait(timeout=20)


def _made(endpoint: str, bucket: str, process: subprocess.Popen[bytes], trust: ssl.SSLContext) -> bool:
    if process.poll() is not None:
        msg = "the S3 server ended at once"
        raise RuntimeError(msg)
    try:
        headers = {"host": f"s3.{_REGION}.amazonaws.com"}
        return httpx.put(f"{endpoint}/{bucket}", headers=headers, timeout=5, verify=trust).status_code == 200
    except httpx.TransportError:
        return False
