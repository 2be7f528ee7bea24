"""Notices as they happen, for whoever watches: from the relay, which is about to remove them from the outbox, by one
NOTIFY a batch to every process, and from there as server-sent events to the streams of a location.

A booking does nothing for it. A process that lost its connection cannot know what it missed: its streams then say so.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Any, TypeAlias

import asyncpg
import msgspec
from litestar.types import Message, Receive, Scope, Send
from prometheus_client import Gauge

from agendum.core.errors import AppError, TooManyRequests

CHANNEL = "agendum_notices"
HEARTBEAT = 15.0  # seconds of silence after which a stream says that it lives
LIFE = 900.0  # seconds after which a stream ends, for its watcher to come again with fresh rights
PAYLOAD = 7_900  # bytes; PostgreSQL takes less than 8,000
WAITING = 1_000  # notices that a slow watcher may leave unread before they are dropped for one word of a gap
STREAMS = 20  # of one user in one process

OPEN = Gauge("agendum_live_streams", "Open streams of changes", multiprocess_mode="livesum")


class Told(msgspec.Struct, array_like=True):
    """A notice on its way: its kind and its fields."""

    kind: str
    body: dict[str, Any]


Say: TypeAlias = Callable[[list[Told]], Awaitable[list[bytes]]]
"""What a stream sends for notices, one JSON text an event. Raises AppError when its watcher may see no more."""


async def announce(connection: asyncpg.Connection, notices: Iterable[tuple[str, str]]) -> None:
    """Tell every process of notices, as (kind, body as JSON), when this transaction commits."""
    for payload in _payloads(f'["{kind}",{body}]' for kind, body in notices):
        await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)


def _payloads(texts: Iterable[str]) -> Generator[str]:
    batch, size = list[str](), 2
    for text in texts:
        length = len(text.encode()) + 1
        if batch and size + length > PAYLOAD:
            yield f"[{','.join(batch)}]"
            batch, size = [], 2
        batch.append(text)
        size += length
    if batch:
        yield f"[{','.join(batch)}]"


class Watcher:
    """What one stream has still to send."""

    def __init__(self) -> None:
        self._waiting: list[Told] = []
        self._awake = asyncio.Event()
        self.is_over = self.has_gap = False

    def tell(self, told: Told) -> None:
        if len(self._waiting) < WAITING:
            self._waiting.append(told)
        else:
            self.miss()
        self._awake.set()

    def miss(self) -> None:
        self._waiting.clear()
        self.has_gap = True
        self._awake.set()

    def end(self) -> None:
        self.is_over = True
        self._awake.set()

    async def take(self, seconds: float) -> list[Told]:
        """What has come, as soon as there is something; nothing after so many seconds, at a gap and at the end."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._awake.wait(), seconds)
        self._awake.clear()
        taken, self._waiting = self._waiting, []
        return taken


class Live:
    """The streams of this process, by location."""

    def __init__(self) -> None:
        self._watchers: dict[int, set[Watcher]] = {}
        self._users: dict[int, int] = {}
        self._is_closed = False

    @contextmanager
    def watch(self, location_id: int, user_id: int) -> Generator[Watcher]:
        watcher = Watcher()
        watcher.is_over = self._is_closed
        watchers = self._watchers.setdefault(location_id, set())
        watchers.add(watcher)
        self._users[user_id] = self._users.get(user_id, 0) + 1
        OPEN.inc()
        try:
            yield watcher
        finally:
            OPEN.dec()
            watchers.discard(watcher)
            if not watchers:
                self._watchers.pop(location_id, None)
            self._users[user_id] -= 1
            if not self._users[user_id]:
                del self._users[user_id]

    def check_room(self, user_id: int) -> None:
        """Raises TooManyRequests when a user holds as many streams as he may."""
        if self._users.get(user_id, 0) >= STREAMS:
            raise TooManyRequests(retry_after=60)

    def hear(self, payload: str) -> None:
        """What `announce` said."""
        for told in msgspec.json.decode(payload, type=list[Told]):
            for watcher in self._watchers.get(told.body["location_id"], ()):
                watcher.tell(told)

    def miss(self) -> None:
        """The connection was lost: nobody knows what was said meanwhile."""
        for watcher in self._all():
            watcher.miss()

    def close(self) -> None:
        """End all streams, and those that still come, so that the process may end."""
        self._is_closed = True
        for watcher in self._all():
            watcher.end()

    def _all(self) -> list[Watcher]:
        return [watcher for watchers in self._watchers.values() for watcher in watchers]


class EventStream:
    """An answer that goes on: server-sent events of a location, for one user."""

    media_type = b"text/event-stream"

    def __init__(self, live: Live, location_id: int, user_id: int, say: Say) -> None:
        live.check_room(user_id)
        self._live, self._location_id, self._user_id, self._say = live, location_id, user_id, say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", self.media_type), (b"x-accel-buffering", b"no")]
        with self._live.watch(self._location_id, self._user_id) as watcher:
            leaving = asyncio.create_task(_end_when_left(receive, watcher))
            try:
                start: Message = {"type": "http.response.start", "status": 200, "headers": headers}  # type: ignore[assignment]
                await send(start)
                await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
                async for text in self._texts(watcher):
                    await send({"type": "http.response.body", "body": text, "more_body": True})
            finally:
                leaving.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _texts(self, watcher: Watcher) -> AsyncIterator[bytes]:
        end = asyncio.get_running_loop().time() + LIFE
        while not watcher.is_over and asyncio.get_running_loop().time() < end:
            told = await watcher.take(HEARTBEAT)
            try:
                events = await self._say(told)
            except AppError:
                return
            if watcher.has_gap:
                watcher.has_gap = False
                yield b"event: gap\ndata: {}\n\n"
            elif events:
                yield b"".join(b"data: " + event + b"\n\n" for event in events)
            elif not told:
                yield b": alive\n\n"


async def _end_when_left(receive: Receive, watcher: Watcher) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    watcher.end()
