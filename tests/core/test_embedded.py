"""The embedded PostgreSQL, as its operator meets it: real servers, real processes, real kills."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, LiteralString

import asyncpg
import psutil
import psycopg
import pytest

from agendum.core.db.embedded import EmbeddedError, EmbeddedPostgres, claim

AS_ROOT = os.geteuid() == 0

# Another Agendum process: uses the server until its input is closed. Ctrl-C reaches it also when these tests were
# started in the background, where a shell has it ignored.
USER = """
import signal
import sys
from pathlib import Path
from agendum.core.db.embedded import EmbeddedPostgres
signal.signal(signal.SIGINT, signal.default_int_handler)
with EmbeddedPostgres(Path(sys.argv[1])) as server:
    print(server.dsn("agendum"), flush=True)
    sys.stdin.read()
"""
SERVE = """
import sys
from pathlib import Path
from agendum.core.db.embedded import claim
with claim(Path(sys.argv[1])):
    print("serving", flush=True)
    sys.stdin.read()
"""

Another = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def pristine() -> Iterator[Path]:
    """A stopped cluster with one table, to be copied: making one takes most of a second."""
    with TemporaryDirectory() as folder:
        with EmbeddedPostgres(Path(folder)) as server:
            ask(server.dsn("agendum"), "CREATE TABLE visit (id bigint PRIMARY KEY, client text)")
        yield Path(folder)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Not pytest's own: every run of pytest on the machine closes the folder above that to the server's user."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def data(tmp_path: Path, pristine: Path) -> Iterator[Path]:
    """A data folder with a cluster of its own; whatever still runs there in the end is ended."""
    folder = tmp_path / "data"
    shutil.copytree(pristine, folder)
    yield folder
    with contextlib.suppress(OSError, psutil.NoSuchProcess):
        if (left := postmaster(folder)).name() == "postgres":
            left.send_signal(signal.SIGQUIT)


@pytest.fixture
def another() -> Iterator[Another]:
    """Start another Agendum process on a data folder; it is killed at the end if it is still there."""
    started: list[subprocess.Popen[str]] = []

    def start(folder: Path, script: str = USER) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(folder)],
            stdin=pipe,
            stdout=pipe,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ask(dsn: str, sql: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        answer = connection.execute(sql, values or None)
        return answer.fetchall() if answer.description else []


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def leave(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=60)
    assert process.returncode == 0


def postmaster(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "postgres/postmaster.pid").read_text().split()[0]))


def server_started(dsn: str) -> object:
    return ask(dsn, "SELECT pg_postmaster_start_time()")


def assert_stopped(dsn: str) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(dsn)


class Writers:
    """Clients that insert rows as fast as they can and keep count of those that the server acknowledged."""

    def __init__(self, dsn: str, clients: int = 4) -> None:
        self.acknowledged: list[int] = []
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(dsn, at * 1_000_000)) for at in range(clients)]
        for thread in self._threads:
            thread.start()

    def _write(self, dsn: str, row: int) -> None:
        try:
            with psycopg.connect(dsn, autocommit=True) as connection:
                while True:
                    connection.execute("INSERT INTO visit VALUES (%s, 'Ada')", (row,))
                    self.acknowledged.append(row)
                    row += 1
                    if len(self.acknowledged) >= 200:
                        self._enough.set()
        except psycopg.OperationalError:
            self._enough.set()

    def busy(self) -> "Writers":
        assert self._enough.wait(60)
        assert len(self.acknowledged) >= 200
        return self

    def join(self) -> set[int]:
        for thread in self._threads:
            thread.join(60)
        return set(self.acknowledged)


def rows(dsn: str) -> set[int]:
    return {row for (row,) in ask(dsn, "SELECT id FROM visit")}


# ---- a plain life


def test_a_first_start_gives_a_database_that_can_do_what_agendum_needs(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "new" / "data") as server:
        dsn = server.dsn("agendum")
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert ask(dsn, "SELECT current_setting(%s)", name) == [("on",)]
        assert ask(dsn, "SHOW timezone") == [("UTC",)]
        assert ask(dsn, "SHOW listen_addresses") == [("",)]

        ask(dsn, "CREATE EXTENSION btree_gist")
        ask(dsn, "CREATE EXTENSION pg_trgm")
        ask(
            dsn,
            "CREATE TABLE busy (chain_id bigint, owner bigint, during tstzrange,"
            " EXCLUDE USING gist (chain_id WITH =, owner WITH =, during WITH &&))",
        )
        book: LiteralString = "INSERT INTO busy VALUES (%s, 7, tstzrange(%s::timestamptz, %s::timestamptz))"
        ask(dsn, book, 1, "2026-03-02 10:00Z", "2026-03-02 11:00Z")
        ask(dsn, book, 1, "2026-03-02 11:00Z", "2026-03-02 12:00Z")
        ask(dsn, book, 2, "2026-03-02 10:00Z", "2026-03-02 11:00Z")
        with pytest.raises(psycopg.errors.ExclusionViolation):
            ask(dsn, book, 1, "2026-03-02 10:59Z", "2026-03-02 11:00Z")

        # Letters of every language are letters, on every machine.
        assert ask(dsn, "SELECT upper('жанна élan'), similarity('Иванова', 'Иванов') > 0.5") == [("ЖАННА ÉLAN", True)]


@pytest.mark.anyio
async def test_asyncpg_takes_the_dsn_of_any_database(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        ask(server.dsn("agendum"), 'CREATE DATABASE "test 1/ä"')
        connection = await asyncpg.connect(server.dsn("test 1/ä"))
        assert await connection.fetchval("SELECT current_database()") == "test 1/ä"
        await connection.close()


def test_a_restart_keeps_the_data_and_the_server_takes_new_settings(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        ask(server.dsn("agendum"), "INSERT INTO visit VALUES (1, 'Ada')")
    with EmbeddedPostgres(data, settings={"max_connections": "20", "work_mem": "3MB"}) as server:
        assert ask(server.dsn("agendum"), "SELECT id, client FROM visit") == [(1, "Ada")]
        assert ask(server.dsn("agendum"), "SHOW max_connections") == [("20",)]


def test_the_data_folder_may_have_a_very_long_path(pristine: Path, tmp_path: Path) -> None:
    data = tmp_path / ("a long name, with spaces and 'quotes' " * 3) / ("и" * 60)
    shutil.copytree(pristine, data)
    with EmbeddedPostgres(data) as server, psycopg.connect(server.dsn("agendum")) as connection:
        socket_folder = Path(connection.info.host)
        assert len(bytes(socket_folder)) < 80
        assert socket_folder.stat().st_mode & 0o077 == 0
        assert socket_folder.stat().st_uid == (data / "postgres").stat().st_uid
    shutil.rmtree(socket_folder)


# ---- several processes


def test_a_second_process_uses_the_same_server_and_the_last_one_out_stops_it(data: Path, another: Another) -> None:
    with EmbeddedPostgres(data) as server:
        dsn = server.dsn("agendum")
        began = server_started(dsn)
        colleague = another(data)
        assert first_line(colleague) == dsn
        assert server_started(dsn) == began
    assert server_started(dsn) == began
    leave(colleague)
    assert_stopped(dsn)


def test_two_processes_that_start_at_once_share_one_new_server(tmp_path: Path, another: Another) -> None:
    data = tmp_path / "data"
    (data / "postgres.new").mkdir(parents=True)  # somebody was killed while making a cluster
    (data / "postgres.new" / "PG_VERSION").touch()
    both = [another(data), another(data)]
    dsns = [first_line(process) for process in both]
    assert dsns[0] == dsns[1]
    leave(both[0])
    assert ask(dsns[0], "SELECT 1") == [(1,)]
    leave(both[1])
    assert_stopped(dsns[0])


def test_many_come_and_go_at_once_and_nobody_is_refused(data: Path) -> None:
    def come_and_go(_: int) -> int:
        with EmbeddedPostgres(data) as server:
            return ask(server.dsn("agendum"), "SELECT 1")[0][0]

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(come_and_go, range(18))) == [1] * 18
    assert_stopped(EmbeddedPostgres(data).dsn("agendum"))


def test_ctrl_c_in_the_terminal_ends_agendum_and_not_the_server(data: Path, another: Another) -> None:
    colleague = another(data)
    dsn = first_line(colleague)
    began = server_started(dsn)
    with EmbeddedPostgres(data):
        os.killpg(colleague.pid, signal.SIGINT)  # what a terminal does: to the whole foreground group
        colleague.wait(60)
        assert server_started(dsn) == began


def test_one_serve_at_a_time_holds_the_folder(tmp_path: Path, another: Another) -> None:
    serving = another(tmp_path, SERVE)
    assert first_line(serving) == "serving"
    with pytest.raises(EmbeddedError, match=rf"already served by process {serving.pid}\b"), claim(tmp_path):
        pass
    serving.kill()
    serving.wait(60)
    with claim(tmp_path):
        pass
    with claim(tmp_path):
        pass


# ---- crashes


def test_a_killed_server_loses_no_acknowledged_row(data: Path) -> None:
    server = EmbeddedPostgres(data)
    writers = Writers(server.start()).busy()
    postmaster(data).kill()
    dsn = server.start()
    assert writers.join() <= rows(dsn)
    server.stop()
    assert_stopped(dsn)


def test_when_everything_is_killed_the_next_start_recovers_it(data: Path, another: Another) -> None:
    owner = another(data)
    writers = Writers(first_line(owner)).busy()
    postgres = postmaster(data)
    for process in (owner, postgres, *postgres.children()):
        with contextlib.suppress(psutil.NoSuchProcess):  # a child may be quicker
            process.kill()
    acknowledged = writers.join()
    with EmbeddedPostgres(data) as server:
        assert acknowledged <= rows(server.dsn("agendum"))


def test_a_server_whose_owner_was_killed_lives_on_for_the_next_one(data: Path, another: Another) -> None:
    owner = another(data)
    dsn = first_line(owner)
    began = server_started(dsn)
    owner.kill()
    owner.wait(60)
    with EmbeddedPostgres(data) as server:
        assert server.dsn("agendum") == dsn
        assert server_started(dsn) == began
    assert_stopped(dsn)


def test_a_process_that_outlives_its_killed_server_is_ended(data: Path) -> None:
    server = EmbeddedPostgres(data)
    client = psycopg.connect(server.start())
    client.execute("INSERT INTO visit VALUES (1, 'never committed')")
    orphan = psutil.Process(client.info.backend_pid)
    orphan.suspend()  # it cannot notice that its postmaster dies, and keeps the shared memory
    postmaster(data).kill()
    assert rows(server.start()) == set()
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
    with pytest.raises(psycopg.OperationalError):
        client.commit()
    server.stop()


def test_what_a_killed_server_left_does_not_disturb_when_its_number_is_taken(data: Path) -> None:
    """After a restart of a container the old process numbers belong to other programs."""
    with EmbeddedPostgres(data):
        ours, theirs = str(postmaster(data).pid), str(os.getpid())
        left = {name: (data / "postgres" / name).read_text() for name in ("postmaster.pid", ".s.PGSQL.5432.lock")}
    for name, text in left.items():
        (data / "postgres" / name).write_text(text.replace(ours, theirs, 1))
    with EmbeddedPostgres(data) as server:
        assert ask(server.dsn("agendum"), "SELECT 1") == [(1,)]
        assert psutil.pid_exists(os.getpid())


# ---- what cannot run says why


@pytest.mark.parametrize(
    ("breakage", "reason"),
    [
        ("echo 15 > PG_VERSION", "written by PostgreSQL 15 and this Agendum brings 18: dump it"),
        ("printf short > global/pg_control", 'could not read file "global/pg_control": read 5 of'),
        ("rm -r pg_wal", 'required WAL directory "pg_wal" does not exist'),
        ("rm pg_wal/0*", "could not locate a valid checkpoint record"),
        ("rm agendum.cluster", "was not made by Agendum"),
        ("rm -r * && touch holiday.jpg", "is no PostgreSQL cluster"),
        ("cd .. && rm -r postgres && touch postgres", "Not a directory"),
    ],
)
def test_a_broken_cluster_is_named_with_its_reason_and_left_alone(data: Path, breakage: str, reason: str) -> None:
    subprocess.run(["sh", "-c", breakage], cwd=data / "postgres", check=True)
    with pytest.raises(EmbeddedError) as refusal:
        EmbeddedPostgres(data).start()
    assert reason in str(refusal.value)
    assert str(data) in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert (data / "postgres").exists()


def test_a_wrong_setting_is_named(data: Path) -> None:
    with pytest.raises(EmbeddedError, match='invalid value for parameter "shared_buffers": "lots"'):
        EmbeddedPostgres(data, settings={"shared_buffers": "lots"}).start()


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "data"):
        reason = rf"(File exists|Not a directory): '{folder}': give another data folder"
        with pytest.raises(EmbeddedError, match=reason):
            EmbeddedPostgres(folder).start()
        with pytest.raises(EmbeddedError, match=reason), claim(folder):
            pass


@pytest.mark.skipif(not AS_ROOT, reason="only root can meet a folder of somebody else that it may enter")
def test_root_runs_the_server_as_somebody_else_and_opens_no_more_than_the_way(tmp_path: Path, pristine: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copytree(pristine, home / "data")
    with EmbeddedPostgres(home / "data") as server:
        assert ask(server.dsn("agendum"), "SELECT 1") == [(1,)]
        assert postmaster(home / "data").uids().effective != 0
    # To others the home is as closed as before.
    stranger = subprocess.run(["test", "-x", home], user=12345, group=12345, extra_groups=[], check=False)
    assert stranger.returncode == 1
