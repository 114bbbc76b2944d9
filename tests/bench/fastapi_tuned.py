"""A baseline: FastAPI with nothing left to take away that is still FastAPI and SQLAlchemy Core. Prints its port.

uvloop, httptools, one kept autocommit connection called on the loop (a thread costs more than the read), one statement
built once, lists copied into the reply as the text they are stored as, orjson, verified tokens kept, no reply model.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import time
from pathlib import Path

import orjson
import plain_table
import uvicorn
from bearer import Bearer, Refused
from fastapi import FastAPI, Request, Response
from sqlalchemy import bindparam, column, create_engine, select, table

CONTACTS = table("contacts", *map(column, plain_table.COLUMNS))
GET = select(*(CONTACTS.c[name] for name in plain_table.SERVED)).where(
    CONTACTS.c.tenant_id == bindparam("tenant"), CONTACTS.c.id == bindparam("id")
)
_KEPT = 10_000


class Tokens:
    """Verified claims by token, until they expire."""

    def __init__(self, bearer: Bearer) -> None:
        self._bearer = bearer
        self._kept: dict[str, tuple[str, str, int]] = {}

    def check(self, header: str) -> tuple[str, str, int] | None:
        """Tenant, user and expiry, or None."""
        known = self._kept.get(header)
        if known is None:
            try:
                claims = self._bearer.claims(header.removeprefix("Bearer "))
            except Refused:
                return None
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            known = self._kept[header] = (claims["tenant"], claims["sub"], claims["exp"])
        return known if known[2] > time.time() else None


def application(home: Path) -> FastAPI:
    app = FastAPI(openapi_url=None)
    engine = create_engine(f"sqlite:///{home / plain_table.NAME}", isolation_level="AUTOCOMMIT")
    execute, tokens = engine.connect().execute, Tokens(Bearer(home))
    log = os.open(home / "tuned.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def answer(identifier: str, caller: tuple[str, str, int] | None) -> tuple[int, bytes]:
        if caller is None:
            return 401, b'{"detail":"Unauthorized"}'
        row = execute(GET, {"tenant": caller[0], "id": identifier}).first()
        if row is None:
            return 404, b'{"detail":"Not Found"}'
        found = dict(zip(plain_table.SERVED, row, strict=True))
        for name in plain_table.LISTS:
            found[name] = orjson.Fragment(found[name])
        return 200, orjson.dumps(found)

    @app.get("/v1/contacts/{identifier}")
    async def get_contact(identifier: str, request: Request) -> Response:
        began = time.perf_counter_ns()
        caller = tokens.check(request.headers.get("authorization", ""))
        status, body = answer(identifier, caller)
        line = {
            "time_us": time.time_ns() // 1000,
            "method": "get_contact",
            "code": status,
            "ms": round((time.perf_counter_ns() - began) / 1e6, 3),
            "tenant": caller[0] if caller else "",
            "principal": caller[1] if caller else "",
        }
        os.write(log, orjson.dumps(line) + b"\n")
        return Response(body, status, media_type="application/json")

    return app


def main(home: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    config = uvicorn.Config(
        application(Path(home)),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
    )
    gc.collect()
    gc.freeze()
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
