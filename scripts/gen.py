"""Make `gen/` and `docs/reference.md` from `protos/`: stubs, typed protocols and clients, contract.json, openapi.json.

The pictures of docs/architecture.md are drawn from the contracts too.

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
    BUILD.mkdir(exist_ok=True)
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


def write_image(target: Path, gen: Path = ROOT / "gen") -> None:
    """The contracts with their comments, also those in `gen`, as one descriptor set: what buf lints and compares."""
    sources = [str(path.relative_to(root)) for root in (PROTOS, gen) for path in root.glob("rapport/**/*.proto")]
    options = (f"--descriptor_set_out={target}", "--include_source_info", "--include_imports")
    protoc(f"-I{gen}", *options, sources=sorted(sources))


def write_stubs(gen: Path) -> None:
    """Messages with their types, and the stubs that Python clients outside the mesh use."""
    protoc(f"--python_out={gen}", f"--pyi_out={gen}", f"--grpc_python_out={gen}")
    protoc(f"--python_out={gen}", f"--pyi_out={gen}", sources=["buf/validate/validate.proto"])
    for stub in gen.glob("rapport/**/*_pb2_grpc.py"):
        if "class " not in stub.read_text():
            stub.unlink()


def write_derived(gen: Path) -> None:
    """The events and the feed that every resource has, and what every service answers of persons."""
    stubs = (f"--grpc_python_out={gen}",)
    for module, options in (("event_protos", ()), ("changes_protos", stubs), ("subject_protos", stubs)):
        before = set(gen.glob("rapport/*/v1/*.proto"))
        derive(f"mesh.contract.{module}", gen)
        new = sorted(str(path.relative_to(gen)) for path in {*gen.glob("rapport/*/v1/*.proto")} - before)
        protoc(f"-I{gen}", f"--python_out={gen}", f"--pyi_out={gen}", *options, sources=new)


def derive(module: str, gen: Path, *more: Path) -> None:
    """Run a module's `write(gen, *more)` in a process of its own: it imports the stubs just written, and no older."""
    program = (
        "import sys; old, *paths = sys.argv[1:]; sys.path = [paths[0], *(p for p in sys.path if p != old)]; "
        f"from {module} import write; write(*paths)"
    )
    paths = [str(path) for path in (ROOT / "gen", gen, *more)]
    subprocess.run([sys.executable, "-c", program, *paths], check=True, cwd=ROOT)


def differences(left: Path, right: Path) -> list[str]:
    """Paths of files that are not the same in both trees."""

    def files(root: Path) -> set[Path]:
        return {p.relative_to(root) for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts}

    both = files(left) & files(right)
    changed = {path for path in both if not filecmp.cmp(left / path, right / path, shallow=False)}
    return sorted(str(path) for path in changed | (files(left) ^ files(right)))


def put(fresh: Path, target: Path, changed: Sequence[str]) -> None:
    """Bring the changed files of `target` to what `fresh` holds; all others keep their time."""
    for path in changed:
        if (fresh / path).exists():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(fresh / path, target / path)
        else:
            (target / path).unlink()


def main() -> None:
    """Write the trees aside, then compare them or put them in place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail where a file is not what the protos say"
    )
    check = parser.parse_args().check
    image = BUILD / "image.binpb"
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        fresh, reference = Path(folder) / "gen", Path(folder) / "reference.md"
        fresh.mkdir()
        write_stubs(fresh)
        write_derived(fresh)
        write_image(image, fresh)
        derive("mesh.contract.generate", fresh, image, reference)
        changed = differences(fresh, ROOT / "gen")
        docs = ROOT / "docs"
        derive("mesh.contract.pictures", fresh, docs / "architecture.md", Path(folder) / "architecture.md")
        written = ("reference.md", "architecture.md")
        outdated = [each for each in written if not _same(Path(folder) / each, docs / each)]
        if check and (changed or outdated):
            sys.exit("not what the protos say, run `make gen`: " + ", ".join([*changed, *outdated]))
        put(fresh, ROOT / "gen", changed)
        put(reference.parent, docs, outdated)


def _same(left: Path, right: Path) -> bool:
    return right.exists() and filecmp.cmp(left, right, shallow=False)


if __name__ == "__main__":
    main()
