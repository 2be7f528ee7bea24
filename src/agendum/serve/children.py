"""The processes that work: what they do, and how one is started again."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.process import BaseProcess
from typing import NoReturn, TypeAlias

import asyncpg
import msgspec
import structlog
import uvloop
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server as Granian
from prometheus_client.multiprocess import mark_process_dead

from agendum import app
from agendum.config import Settings
from agendum.core import logs
from agendum.core.cache import CacheListener
from agendum.core.worker import Worker
from agendum.serve.ground import listen_address, outlets

Main: TypeAlias = Callable[[Settings, str], Awaitable[None]]

_YOUNG = 10.0  # seconds that a child has to live for its next restart to be immediate
_SLOWEST = 10.0  # seconds between two starts of a child that keeps falling
_CONTEXT = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")

_log = structlog.get_logger("agendum.serve")


async def web(settings: Settings, dsn: str) -> None:
    """Answer requests until SIGTERM; those under way are finished."""
    server = await app.open_server(settings, dsn)
    granian = Granian(
        app.build_app(settings, server, listener=CacheListener(dsn, server.live)),
        listen_address(settings.host, settings.port),
        settings.port,
        interface=Interfaces.ASGI,
        backlog=1024,
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig={"formatters": {}, "handlers": {}, "loggers": {"_granian": {}, "granian.access": {}}},
    )

    def stop() -> None:
        server.live.close()
        granian.stop()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    collect_seldom()
    await granian.serve()


def collect_seldom() -> None:
    """What start-up made stays for ever: no collection need look at it again. What a request makes goes with the last
    name for it, hardly ever in a ring: looking for rings every 700 objects is a tenth of a request's time."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 100)


async def jobs(settings: Settings, dsn: str) -> None:
    """Run jobs until SIGTERM; those under way are finished, or put back at a second one."""
    server = await app.open_server(msgspec.structs.replace(settings, rate_limit="off"), dsn)
    listener = CacheListener(dsn)
    await listener.start()
    work = asyncio.create_task(Worker(server, dsn, app.JOBS, given=[outlets(settings)], announced=app.ANNOUNCED).run())
    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as a child it leaves Ctrl-C to the watcher
            asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await work
    finally:
        await listener.stop()
        await server.pools.close()


def run(main: Main, settings: Settings, dsn: str) -> None:
    """Run one of the above on an event loop of its own."""

    async def start() -> None:
        await main(settings, dsn)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(start())


def _be_child(name: str, main: Main, settings: Settings, dsn: str) -> NoReturn:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all; the watcher decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logs.set_up(settings.log_level, settings.log_format)

    async def until_parent_ends(settings: Settings, dsn: str) -> None:
        parent = multiprocessing.parent_process()
        assert parent is not None
        asyncio.get_running_loop().add_reader(parent.sentinel, os._exit, 1)
        await main(settings, dsn)

    try:
        run(until_parent_ends, settings, dsn)
    except (OSError, asyncpg.PostgresError) as error:
        _log.error("the database is out of reach", process=name, error=str(error) or repr(error))
        os._exit(1)
    except Exception:
        _log.exception("a bug ended this process", process=name)
        os._exit(1)
    os._exit(0)


class Child:
    """A process that is started again when it falls, at once or, while it keeps falling young, after a pause."""

    def __init__(self, name: str, main: Main, settings: Settings, dsn: str) -> None:
        self.name = name
        self._args = (name, main, settings, dsn)
        self._process: BaseProcess | None = None
        self._began = self._pause = 0.0
        self.due = 0.0  # monotonic time of the next start, of one that has fallen

    @property
    def sentinel(self) -> int | None:
        """Becomes ready when the process ends; None while there is none."""
        return None if self._process is None else self._process.sentinel

    def start(self) -> None:
        self._began = time.monotonic()
        self._process = _CONTEXT.Process(target=_be_child, args=self._args, name=self.name)
        self._process.start()

    def has_fallen(self) -> bool:
        """True once for each end, which is logged; `due` says when to start it again."""
        process = self._process
        if process is None or process.is_alive():
            return False
        self._forget(process)
        now = time.monotonic()
        self._pause = 0.0 if now > self._began + _YOUNG else min(max(2 * self._pause, 0.5), _SLOWEST)
        self.due = now + self._pause
        _log.error("a process ended and is started again", process=self.name, code=process.exitcode, pause=self._pause)
        return True

    def signal(self, number: int) -> None:
        if self._process is not None and self._process.is_alive() and self._process.pid:
            os.kill(self._process.pid, number)

    def has_ended(self) -> bool:
        if self._process is not None and not self._process.is_alive():
            self._forget(self._process)
        return self._process is None

    def _forget(self, process: BaseProcess) -> None:
        process.join()
        if process.pid and "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            mark_process_dead(process.pid)
        self._process = None
