"""A TLS door before a PostgreSQL of a test, whose build knows none: it speaks TLS with clients and passes bytes on.

It lets nobody in who does not ask for TLS first, as a server does whose rules are all `hostssl`.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Iterator
    from pathlib import Path

_SSL_REQUEST = (8).to_bytes(4) + (80877103).to_bytes(4)
_PIECE = 1 << 16
_END_SECONDS = 10.0


@contextmanager
def tls_door(port: int, certificate: Path) -> Iterator[int]:
    """The loopback port of the door before `port`; `certificate` is a folder with `tls.crt` and `tls.key`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "tls.crt", certificate / "tls.key")

    async def enter(reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if await reader.readexactly(len(_SSL_REQUEST)) == _SSL_REQUEST:
                writer.write(b"S")
                await writer.drain()
                await writer.start_tls(context)
                inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(_pass(reader, inner_writer), _pass(inner_reader, writer))
        writer.close()

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(enter, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, name="tls door")
    thread.start()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(_END_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_END_SECONDS)
        loop.close()


async def _pass(reader: StreamReader, writer: StreamWriter) -> None:
    """Until one side ends, which the other one is told."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    writer.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for each in others:
        each.cancel()
    await asyncio.gather(*others, return_exceptions=True)
