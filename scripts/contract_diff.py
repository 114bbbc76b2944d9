"""Fail where API or policy is looser than at the last release, unless protos/CHANGES.md allows it with a reason.

`buf breaking` compares the messages, `mesh.contract.loosened` the policies that buf does not look at. The baseline of
both is protos/baseline/, which only `--release` writes. Needs what `make gen` built.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from mesh.contract.loosened import allowed, loosened

ROOT = Path(__file__).resolve().parent.parent


def breaking(image: Path, baseline: Path) -> list[str]:
    """What `buf breaking` finds between two descriptor images, without line numbers, which move for no reason."""
    buf = Path(sys.executable).with_name("buf")
    compare = [buf, "breaking", image, "--against", baseline, "--config", ROOT / "buf.yaml"]
    found = subprocess.run([*map(str, compare), "--error-format", "json"], check=False, capture_output=True, text=True)
    if found.returncode not in (0, 100):  # 100: it ran and found something
        sys.exit(f"buf breaking failed: {found.stderr.strip()}")
    findings = (json.loads(line) for line in found.stdout.splitlines())
    ours = (f for f in findings if f.get("path", "rapport/").startswith("rapport/"))
    return sorted(f"{f.get('path', 'image')}: {f['message']}".replace("`", "'") for f in ours)


def problems(image: Path, contract: Path, baseline: Path, changes: str) -> list[str]:
    """What is looser than the baseline and not allowed, and what is allowed and not found."""
    old, new = (json.loads(path.read_text()) for path in (baseline / "contract.json", contract))
    findings = loosened(old, new) + breaking(image, baseline / "image.binpb")
    reasons = allowed(changes)
    unused = [f"{line}: allowed in protos/CHANGES.md and not found" for line in reasons if line not in findings]
    return [finding for finding in findings if finding not in reasons] + unused


def release(image: Path, contract: Path, baseline: Path, changes: Path) -> None:
    """Make the present contracts the baseline; what was allowed on the way stays below the version."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    baseline.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(contract, baseline / "contract.json")
    files = FileDescriptorSet.FromString(image.read_bytes())
    for file in files.file:
        file.ClearField("source_code_info")  # comments break nobody
    (baseline / "image.binpb").write_bytes(files.SerializeToString())
    write_data(baseline / "data.json")
    text = changes.read_text()
    if allowed(text):
        changes.write_text(text.replace("## Unreleased\n", f"## Unreleased\n\n## {version}\n", 1))
    print(f"protos/baseline/ is {version}")


def write_data(target: Path) -> None:
    """What this code writes to its databases, for later code to be tested on."""
    from mesh.testing.release import make

    with tempfile.TemporaryDirectory() as home:
        target.write_text(json.dumps(make(Path(home)), indent=1) + "\n")


def main() -> None:
    """Compare, and on `--release` write the baseline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", action="store_true", help="make the present contracts the baseline")
    releasing = parser.parse_args().release
    image, contract = ROOT / "build" / "image.binpb", ROOT / "gen" / "contract.json"
    baseline, changes = ROOT / "protos" / "baseline", ROOT / "protos" / "CHANGES.md"
    if baseline.exists():
        found = problems(image, contract, baseline, changes.read_text())
        if found:
            sys.exit("\n".join(["looser than the last release; protos/CHANGES.md may allow it:", *found]))
    elif not releasing:
        sys.exit("protos/baseline/ is missing; `make release` writes it")
    if releasing:
        release(image, contract, baseline, changes)


if __name__ == "__main__":
    main()
