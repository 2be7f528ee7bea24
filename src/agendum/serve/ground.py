"""What serving stands on: the data folder, the port, the embedded server, the ways out for messages."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import time
from collections.abc import Generator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import psutil

from agendum.config import ConfigError, Settings
from agendum.core.db.embedded import EmbeddedError, EmbeddedPostgres, claim
from agendum.messaging.senders import Outlets


class ServeError(ConfigError):
    """Why it cannot serve, in one line that says what to do."""


@contextlib.contextmanager
def held_folder(data_dir: Path) -> Generator[None]:
    """The data folder for this process alone. Raises EmbeddedError naming who else holds it."""
    deadline = time.monotonic() + 5
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(claim(data_dir))
                break
            except EmbeddedError:
                # The children of a killed watcher hold the folder until they have seen that it is gone.
                if _lives(data_dir / "serve.lock") or time.monotonic() > deadline:
                    raise
            time.sleep(0.02)
        yield


def _lives(lock: Path) -> bool:
    try:
        return psutil.Process(int(lock.read_text())).status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError):
        return True
    except psutil.NoSuchProcess:
        return False


def listen_address(host: str, port: int) -> str:
    """The IP address of a host name. Raises ServeError."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise ServeError(f"--host {host}: {error.strerror}") from None
    return str(found[0][4][0])


def check_port(settings: Settings) -> None:
    """Raises ServeError when the address is not ours to listen on. The workers share it: they would not notice."""
    host, port = listen_address(settings.host, settings.port), settings.port
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reasons = {
                errno.EADDRINUSE: f"port {port} of {host} is in use: stop what listens there or give another --port",
                errno.EACCES: f"port {port} needs more rights: give a --port above 1023, behind a reverse proxy",
                errno.EADDRNOTAVAIL: f"this machine has no address {host}: give another --host",
            }
            raise ServeError(
                reasons.get(error.errno or 0, f"cannot listen on {host}:{port}: {error.strerror}")
            ) from None


def embedded(settings: Settings) -> AbstractContextManager[EmbeddedPostgres]:
    """The PostgreSQL of the data folder, with room for the pools of all processes."""
    wanted = (settings.workers + 1) * (2 * settings.pool_size + 3) + 20
    return EmbeddedPostgres(settings.data_path, settings={"max_connections": str(max(200, wanted))})


def outlets(settings: Settings) -> Outlets:
    """Where messages go. Raises ServeError for an address that cannot be."""
    try:
        return Outlets(settings.smtp_url, settings.mail_from, settings.sms_url)
    except ValueError as error:
        raise ServeError(str(error)) from None


def forget_metrics() -> None:
    """What former processes counted: a start begins at zero."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        for file in Path(folder).glob("*.db"):
            file.unlink(missing_ok=True)
