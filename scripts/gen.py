"""Make `gen/` from `protos/`: stubs, typed protocols and clients, contract.json and openapi.json.

Third-party `.proto` files come from the installed wheels; they are never committed. `--check` fails where the
committed tree differs from what the protos say.
"""

from __future__ import annotations

import argparse
import filecmp
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
PROTOS = ROOT / "protos"
BUILD = ROOT / "build"


def rules_descriptor() -> Path:
    """Write the descriptors of protovalidate's rules, which its wheel ships without a `.proto` file."""
    from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, field_mask_pb2, timestamp_pb2
    from protovalidate._gen.buf.validate import validate_pb

    files = descriptor_pb2.FileDescriptorSet()
    for module in (descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2):
        descriptor_pool.Default().FindFileByName(module.DESCRIPTOR.name).CopyToProto(files.file.add())
    rules = validate_pb._DESC  # noqa: SLF001 - the only form in which the wheel holds the descriptor
    files.file.append(descriptor_pb2.FileDescriptorProto.FromString(rules.proto.to_binary()))
    target = BUILD / "validate.binpb"
    target.write_bytes(files.SerializeToString())
    return target


def protoc(*arguments: str, sources: Sequence[str] = ()) -> None:
    """Run the protoc of grpcio-tools over these sources, or over all our contracts."""
    import google.api
    import grpc_tools

    includes = [
        PROTOS,
        Path(next(iter(google.api.__path__))).parent.parent,
        Path(grpc_tools.__file__).parent / "_proto",
    ]
    sources = sources or sorted(str(path.relative_to(PROTOS)) for path in PROTOS.glob("rapport/**/*.proto"))
    command = [sys.executable, "-m", "grpc_tools.protoc", *(f"-I{path}" for path in includes)]
    subprocess.run([*command, f"--descriptor_set_in={rules_descriptor()}", *arguments, *sources], check=True)


def write_stubs(gen: Path) -> None:
    """Messages with their types, and the stubs that Python clients outside the mesh use."""
    protoc(f"--python_out={gen}", f"--pyi_out={gen}", f"--grpc_python_out={gen}")
    protoc(f"--python_out={gen}", f"--pyi_out={gen}", sources=["buf/validate/validate.proto"])
    for stub in gen.glob("rapport/**/*_pb2_grpc.py"):
        if "class " not in stub.read_text():
            stub.unlink()


def write_derived(gen: Path) -> None:
    """What is a function of the descriptors, in a process of its own: it imports the stubs just written."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from mesh.contract.generate import write; write(sys.argv[1])"
    )
    subprocess.run([sys.executable, "-c", program, str(gen)], check=True, cwd=ROOT)


def differences(left: Path, right: Path) -> list[str]:
    """Paths of files that are not the same in both trees."""

    def files(root: Path) -> set[Path]:
        return {p.relative_to(root) for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts}

    both = files(left) & files(right)
    changed = {path for path in both if not filecmp.cmp(left / path, right / path, shallow=False)}
    return sorted(str(path) for path in changed | (files(left) ^ files(right)))


def main() -> None:
    """Write the tree aside, then compare it or put it in place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if gen/ is not what the protos say")
    check = parser.parse_args().check
    BUILD.mkdir(exist_ok=True)
    protoc(f"--descriptor_set_out={BUILD / 'image.binpb'}", "--include_source_info", "--include_imports")
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        fresh = Path(folder)
        write_stubs(fresh)
        write_derived(fresh)
        changed = differences(fresh, ROOT / "gen")
        if check and changed:
            sys.exit("gen/ differs from the protos, run `make gen`: " + ", ".join(changed))
        if changed:
            shutil.rmtree(ROOT / "gen", ignore_errors=True)
            shutil.copytree(fresh, ROOT / "gen", ignore=shutil.ignore_patterns("__pycache__"))


if __name__ == "__main__":
    main()
