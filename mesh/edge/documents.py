"""What the edge serves as it is: the OpenAPI document, a page that shows it, and the page that links of mails open."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from importlib import metadata, resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import rapport

from mesh.contract.catalog import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WHEEL = "drf-spectacular-sidecar"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Document:
    """A file under a path, with the headers it is served with; or, with `location`, a redirection."""

    path: str
    file: Path
    etag: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    location: str = ""


def documents() -> tuple[Document, ...]:
    """All documents whose files are there: in production images the page's files may be left out."""
    return tuple(_documents())


def _documents() -> Iterator[Document]:
    described = Path(next(iter(rapport.__path__))).parent / "openapi.json"
    if described.is_file():
        yield _document("/openapi.json", described, "application/json")
    page = Path(str(resources.files(__package__))) / "page"
    for kind in sorted(load().minting()):
        yield _document(f"/links/{kind}", page / "link.html", "text/html; charset=utf-8")
    yield _document("/links/link.js", page / "link.js", "text/javascript; charset=utf-8")
    bundle = _bundle()
    if not bundle:
        return
    yield Document("/", page, location="/docs")
    yield _document("/docs", page / "index.html", "text/html; charset=utf-8")
    yield _document("/docs/start.js", page / "start.js", "text/javascript; charset=utf-8")
    for name, kind in (
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("favicon-32x32.png", "image/png"),
    ):
        yield _document(f"/docs/{name}", bundle / name, kind)
    yield _document("/favicon.ico", bundle / "favicon-32x32.png", "image/png")


def _bundle() -> Path | None:
    """The folder with swagger-ui's files; their wheel is a Django application that is never imported."""
    try:
        files = metadata.files(_WHEEL) or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == "swagger-ui-bundle.js":
            return Path(str(file.locate())).parent.resolve()
    return None


def _document(path: str, file: Path, kind: str) -> Document:
    etag = f'"{hashlib.sha256(file.read_bytes()).hexdigest()[:32]}"'
    headers = {
        "content-type": kind,
        "etag": etag,
        "cache-control": "no-cache",
        "x-content-type-options": "nosniff",
        "content-security-policy": _POLICY,
        "referrer-policy": "no-referrer",
    }
    return Document(path, file, etag, MappingProxyType(headers))
