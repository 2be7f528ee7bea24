"""The process that watches: signals, children that fall, a PostgreSQL that is gone."""

from __future__ import annotations

import contextlib
import http.client
import signal
import socket
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from typing import Any, Self, TypeAlias

import psycopg
import structlog

from agendum.config import Settings
from agendum.core.db.embedded import EmbeddedError, EmbeddedPostgres
from agendum.serve.children import Child
from agendum.serve.ground import ServeError, listen_address

Ready: TypeAlias = Callable[[], None]

_GRACE = 10.0  # seconds for requests and jobs under way when we stop
_LAST_WORD = 8.0  # seconds after which running jobs are put back instead of finished
_ONE_PRESS = 0.5  # seconds in which a second signal is the same wish: a terminal and a supervisor may both send one

_log = structlog.get_logger("agendum.serve")


class Stop:
    """Ctrl-C, SIGTERM and a closed terminal. They interrupt what runs, or while `counted` they only wake `wait`."""

    def __init__(self) -> None:
        self.count, self.counted = 0, False
        self._last = 0.0
        self.wake, self._woken = socket.socketpair()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self.wake.setblocking(False)
        self._woken.setblocking(False)
        signal.set_wakeup_fd(self._woken.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # ignored: by nohup
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, *_: object) -> None:
        now = time.monotonic()
        if now > self._last + _ONE_PRESS:
            self.count, self._last = self.count + 1, now
            if not self.counted:
                raise KeyboardInterrupt

    def drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self.wake.recv(1024)


class Pulse:
    """A connection that does nothing: its end tells that the embedded server is gone."""

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self._postgres, self._due = postgres, 0.0
        self._connection: psycopg.Connection[Any] | None = self._connect()

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._postgres.dsn("agendum"), autocommit=True, application_name="agendum watch")

    @property
    def sentinel(self) -> int | None:
        return None if self._connection is None else self._connection.fileno()

    @property
    def due(self) -> float:
        """When to try again, of a server that does not start."""
        return self._due

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def beats(self) -> bool:
        """Asked when `sentinel` is ready: the server may also have had something to say."""
        with contextlib.suppress(psycopg.Error):
            if self._connection is not None:
                self._connection.execute("")
                return True
        self._connection = None
        return False

    def revive(self) -> None:
        """Start the server again, which waits for its recovery. After a failure it is due in five seconds."""
        try:
            self._postgres.start()
            self._connection = self._connect()
        except (EmbeddedError, psycopg.Error) as error:
            self._due = time.monotonic() + 5
            _log.error("PostgreSQL does not start", error=str(error))
        else:
            _log.info("PostgreSQL is back")


def watch(children: Sequence[Child], pulse: Pulse | None, stop: Stop, settings: Settings, ready: Ready) -> bool:
    """Keep them all alive until we are told to stop, then end the children; True if all came to their own end.

    Raises ServeError when a child falls before the server has answered once.
    """
    stop.counted, answered = True, False
    try:
        for child in children:
            child.start()
        while not stop.count:
            fallen = _look(children, pulse, stop, 0.05 if not answered else None)
            if answered:
                continue
            if fallen:
                raise ServeError(f"the process `{fallen[0].name}` does not start: the log above says why")
            if answered := _answers(settings):
                _log.info("serving", url=settings.public_url, processes=[child.name for child in children])
                ready()
    finally:
        _log.info("stopping")
        in_peace = _end(children, stop)
        stop.counted = False
    return in_peace


def _look(children: Sequence[Child], pulse: Pulse | None, stop: Stop, timeout: float | None) -> list[Child]:
    """Wait until something happens, and mend it. Gives the children that have fallen."""
    watched = [stop.wake.fileno(), *(child.sentinel for child in children)]
    due = [child.due for child in children if child.sentinel is None]
    if pulse is not None:
        watched.append(pulse.sentinel)
        due += [pulse.due] if pulse.sentinel is None else []
    if due:
        soon = max(0.0, min(due) - time.monotonic())
        timeout = soon if timeout is None else min(soon, timeout)
    happened = wait([item for item in watched if item is not None], timeout)
    stop.drain()
    if stop.count:
        return []
    fallen = [child for child in children if child.has_fallen()]
    now = time.monotonic()
    if pulse is not None and pulse.sentinel in happened and not pulse.beats():
        _log.warning("PostgreSQL is gone and is started again")
    if pulse is not None and pulse.sentinel is None and now >= pulse.due:
        stop.counted = False  # recovery may take long: let a signal interrupt it
        with contextlib.suppress(KeyboardInterrupt):
            pulse.revive()
        stop.counted = True
    for child in children:
        if child.sentinel is None and now >= child.due and not stop.count:
            child.start()
    return fallen


def _end(children: Sequence[Child], stop: Stop) -> bool:
    """Requests and jobs under way are finished. A second wish to stop ends the processes at once."""
    wishes, began, killed, nudged = stop.count, time.monotonic(), False, False
    for child in children:
        child.signal(signal.SIGTERM)
    while alive := [child for child in children if not child.has_ended()]:
        took = time.monotonic() - began
        if took > _LAST_WORD and not nudged:
            nudged = True
            for child in alive:
                child.signal(signal.SIGTERM)
        if not killed and (stop.count > max(wishes, 1) or took > _GRACE):
            killed = True
            _log.warning("killing what does not end", processes=[child.name for child in alive])
            for child in alive:
                child.signal(signal.SIGKILL)
        wait([stop.wake.fileno(), *(child.sentinel for child in alive if child.sentinel is not None)], 0.5)
        stop.drain()
    return not killed


def _answers(settings: Settings) -> bool:
    host = listen_address(settings.host, settings.port)
    connection = http.client.HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), settings.port, 2)  # noqa: S104
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
