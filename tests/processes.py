"""Agendum as its operator runs it: real processes on a data folder of their own, started, stopped and killed.

Tests of them carry `pytestmark = pytest.mark.xdist_group("processes")`: one after the other, not side by side.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil
import pytest

from agendum.core.clock import now
from agendum.core.db.embedded import EmbeddedPostgres
from tests.makers.world import SmallWorld, connect, make_small_world

T = TypeVar("T")

PATIENCE = 60.0  # seconds for a start on a busy machine


def environment(**settings: object) -> dict[str, str]:
    """The environment of a command: no settings but these, in which requests are neither limited nor logged."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AGENDUM_")}
    plain.pop("PYTHONDONTWRITEBYTECODE", None)  # to compile our modules anew would take most of each start
    wanted = {"rate_limit": "off", "log_format": "text", "log_requests": "off", **settings}
    return plain | {f"AGENDUM_{name.upper()}": str(value) for name, value in wanted.items()}


def agendum(*arguments: str, feed: str = "", **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command of the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "agendum", *arguments],
        env=environment(**settings),
        input=feed,
        text=True,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Serving:
    """A running `agendum serve`. `banner` is what it printed when it was ready."""

    def __init__(self, folder: Path, *arguments: str, port: int | None = None, **settings: object) -> None:
        self.folder, self.port = folder, port or free_port()
        self.log = folder.with_name(f"{folder.name}.log")
        place = () if "database_url" in settings else ("--data-dir", str(folder))
        command = [sys.executable, "-m", "agendum", "serve", *place, "--port", str(self.port), *arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment(**settings), stdout=subprocess.PIPE, stderr=log, start_new_session=True
            )
        self.banner = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"

    @property
    def dsn(self) -> str:
        return EmbeddedPostgres(self.folder).dsn("agendum")

    @property
    def said(self) -> str:
        """The log so far."""
        return self.log.read_text()

    def await_ready(self) -> Serving:
        """Until it says that it answers. Raises AssertionError with the log when it ends instead."""
        assert self.process.stdout
        text, deadline = b"", time.monotonic() + PATIENCE
        while b"is ready" not in text or not text.endswith(b"\n\n"):
            assert time.monotonic() < deadline, f"not ready in time: {self.said}"
            if select.select([self.process.stdout], [], [], 1)[0]:
                piece = os.read(self.process.stdout.fileno(), 4096)
                assert piece, f"ended with {self.process.wait()}: {self.said}"
                text += piece
        self.banner = text.decode()
        return self

    def http(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE)

    def web(self) -> list[psutil.Process]:
        """Its processes that listen."""
        return self._children(listening=True)

    def jobs(self) -> list[psutil.Process]:
        """Its processes that do not."""
        return self._children(listening=False)

    def _children(self, *, listening: bool) -> list[psutil.Process]:
        found: list[psutil.Process] = []
        for process in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if bool(process.net_connections("tcp")) == listening and lives(process):
                    found.append(process)
        return found

    def postgres(self) -> list[psutil.Process]:
        """All processes of its database server, the postmaster first: its number need not be the lowest."""
        found = list(postgres_of(self.folder))
        numbers = {process.pid for process in found}
        return sorted(found, key=lambda process: lives(process) and process.ppid() in numbers)

    def stop(self, number: int = signal.SIGINT) -> int:
        """As by Ctrl-C; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """Everything at once, by kill -9: the watcher, what it has started, and the database server."""
        doomed = [psutil.Process(self.process.pid)]
        doomed += doomed[0].children(recursive=True)
        for process in [*doomed, *self.postgres()]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait(PATIENCE)

    def clean_up(self) -> None:
        if self.process.poll() is None:
            self.kill()
        if self.process.stdout:
            self.process.stdout.close()


def lives(process: psutil.Process) -> bool:
    """False also for one that ended and that nobody has asked about yet."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def postgres_of(folder: Path) -> Iterator[psutil.Process]:
    """Living server processes of a data folder: they work in its cluster."""
    for process in psutil.process_iter(["name"]):
        if process.info["name"] == "postgres" and lives(process):
            with contextlib.suppress(psutil.Error, OSError):
                if Path(process.cwd()) == (folder / "postgres").resolve():
                    yield process


@contextlib.contextmanager
def serving(folder: Path, *arguments: str, port: int | None = None, **settings: object) -> Generator[Serving]:
    """A ready `agendum serve`; killed at the end if it still runs."""
    server = Serving(folder, *arguments, port=port, **settings)
    try:
        yield server.await_ready()
    finally:
        server.clean_up()


@contextlib.contextmanager
def place() -> Generator[Path]:
    """A new folder; what PostgreSQL still runs in its `data` at the end is killed.

    Not one of pytest's: every session that begins takes the rights of other users from the folder above those, also
    from the user that PostgreSQL runs as.
    """
    with tempfile.TemporaryDirectory(prefix="agendum-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        try:
            yield folder
        finally:
            for process in postgres_of(folder / "data"):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()


@contextlib.contextmanager
def copy_of(pristine: Path) -> Generator[Path]:
    """A data folder copied from another one."""
    with place() as folder:
        shutil.copytree(pristine, folder / "data")
        yield folder / "data"


@pytest.fixture(scope="session")
def pristine() -> Iterator[Path]:
    """A data folder with a migrated, empty database, to be copied: making one takes seconds."""
    with place() as folder:
        done = agendum("migrate", "--data-dir", str(folder / "data"))
        assert (done.returncode, done.stdout) == (0, "The database is up to date.\n"), done.stderr
        yield folder / "data"


@pytest.fixture
def folder(pristine: Path) -> Iterator[Path]:
    """A data folder of this test alone, with a migrated, empty database."""
    with copy_of(pristine) as data:
        yield data


# ---- what tests ask and do


def until(look: Callable[[], T], seconds: float = 30) -> T:
    """What `look` gives as soon as that is something. Raises AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := look()):
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)
    return value


def small_world(dsn: str) -> SmallWorld:
    async def make() -> SmallWorld:
        db = await connect(dsn)
        try:
            return await make_small_world(db)
        finally:
            await db.close()

    return asyncio.run(make())


def wish(small: SmallWorld, clock: str) -> dict[str, Any]:
    """A haircut by Anna in three days."""
    b = small.business
    day = (now().astimezone(b.zone) + timedelta(days=3)).date()
    wanted = {"id": 1, "services": [b.haircut], "staff_id": b.anna, "datetime": f"{day}T{clock}:00"}
    return {"phone": "+13155550199", "fullname": "Ada", "appointments": [wanted]}


def partner(small: SmallWorld) -> dict[str, str]:
    return {"Authorization": f"Bearer {small.partner_token}"}


def refusal(*arguments: str, feed: str = "", **settings: object) -> str:
    """The one line with which a command says why not."""
    done = agendum(*arguments, feed=feed, log_level="error", **settings)
    assert done.returncode == 1, done
    [line] = done.stderr.splitlines()
    return line.removeprefix("Error: ")
