"""A real server on a real socket, in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server as Granian

from agendum.app import build_app, open_server
from agendum.config import load_settings
from agendum.core import cache

_START = 30  # seconds


def _await_answer(port: int) -> None:
    """The socket opens in a thread of the web server's own, soon after it says that it has started."""
    deadline = time.monotonic() + _START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, "nothing listens"
        else:
            return


@contextmanager
def live_server(dsn: str) -> Generator[str]:
    """Serve a database for as long as the block lasts; gives the server's address without a trailing slash."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    listening = threading.Event()
    stop: list[Any] = []
    failures: list[BaseException] = []

    folder = tempfile.TemporaryDirectory(prefix="agendum-live-")

    async def serve() -> None:
        settings = load_settings({}, rate_limit="off", log_requests="off", base_url=address, data_dir=folder.name)
        server = await open_server(settings, dsn)
        server.live.close()  # a stream ends as soon as it has begun: nobody here waits for more
        app: Any = build_app(settings, server, listener=cache.CacheListener(dsn))
        granian = Granian(app, port=port, interface=Interfaces.ASGI, log_enabled=False, websockets=False)
        loop = asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(granian.stop))
        granian.on_startup(lambda: loop.call_later(0, listening.set))
        await granian.serve()

    def run() -> None:
        try:
            uvloop.run(serve())
        except BaseException as error:
            failures.append(error)
        finally:
            listening.set()

    thread = threading.Thread(target=run, name="live server", daemon=True)
    thread.start()
    try:
        assert listening.wait(_START), "the server did not start"
        assert not failures, failures
        _await_answer(port)
        yield address
    finally:
        for end in stop:
            end()
        thread.join(_START)
        folder.cleanup()
        cache.drop_everywhere_here()
