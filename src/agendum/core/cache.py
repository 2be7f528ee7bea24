"""Look-ups kept in the process, dropped in every process when the data behind them changes.

A writer calls `forget(db, cache, key)` inside its transaction: PostgreSQL delivers the NOTIFY at commit, and each
process (the writer's too) drops the entry. A value that was being loaded while its key was dropped is not kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Generator, Hashable, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

import asyncpg
import structlog

from agendum.core.db.sql import Connection
from agendum.core.live import CHANNEL as NOTICES
from agendum.core.live import Live

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

CHANNEL = "agendum_cache"
_caches: dict[str, list[Cache[Any, Any]]] = {}
_own: ContextVar[list[tuple[str, str]] | None] = ContextVar("forgotten by this write", default=None)
_log = structlog.get_logger("agendum.cache")


class Cache(Generic[K, V]):
    """Least recently used values by key. `name` is what NOTIFY carries; keys travel as text. What other caches forget
    (`dropped_with`) this one forgets, too."""

    def __init__(self, name: str, *, size: int = 10_000, dropped_with: Sequence[str] = ()) -> None:
        self.name, self._size = name, size
        self._values: OrderedDict[str, V] = OrderedDict()
        self._generation = 0
        for one in (name, *dropped_with):
            _caches.setdefault(one, []).append(self)

    def peek(self, key: K) -> V | None:
        return self._values.get(str(key))

    async def get(self, key: K, load: Callable[[], Awaitable[V | None]]) -> V | None:
        """The kept value, or what `load` gives; None is not kept."""
        text = str(key)
        if (value := self._values.get(text)) is not None:
            return value
        generation = self._generation
        value = await load()
        if value is not None:
            self._keep({text: value}, generation)
        return value

    async def get_many(self, keys: Collection[K], load: Callable[[list[K]], Awaitable[dict[K, V]]]) -> dict[K, V]:
        """The kept values, and for the other keys what `load` gives at once."""
        found = {key: value for key in keys if (value := self._values.get(str(key))) is not None}
        if missing := [key for key in keys if key not in found]:
            generation = self._generation
            loaded = await load(missing)
            self._keep({str(key): value for key, value in loaded.items()}, generation)
            found |= loaded
        return found

    def _keep(self, values: dict[str, V], generation: int) -> None:
        """Keep what was loaded since `generation`, unless something was dropped meanwhile."""
        if generation == self._generation:
            self._values |= values
            while len(self._values) > self._size:
                self._values.popitem(last=False)

    def drop(self, key: str | None) -> None:
        """Forget one key, or all with None."""
        self._generation += 1
        if key is None:
            self._values.clear()
        else:
            self._values.pop(key, None)


async def forget(db: Connection, cache: str, key: object) -> None:
    """Have every process drop `key` of the cache called `cache` when this transaction commits."""
    if (own := _own.get()) is not None:
        own.append((cache, str(key)))
    await db.execute("SELECT pg_notify($1, $2)", CHANNEL, f"{cache}:{key}")


@contextmanager
def dropping_own() -> Generator[None]:
    """What is forgotten within the block is dropped from this process as the block ends, not only when its NOTIFY comes
    back: whoever is answered after the commit sees the change. The edge puts it around each write."""
    token = _own.set([])
    try:
        yield
    finally:
        for cache, key in _own.get() or []:
            _drop(cache, key)
        _own.reset(token)


def _drop(name: str, key: str) -> None:
    for cache in _caches.get(name, ()):
        cache.drop(None if key == "*" else key)


def drop_everywhere_here() -> None:
    """Drop all caches of this process: what it heard may have gaps."""
    for caches in _caches.values():
        for cache in caches:
            cache.drop(None)


class CacheListener:
    """Keeps one connection that LISTENs; after a lost connection everything is dropped before it listens again.

    With `live` it hears of notices too, for the streams of this process."""

    def __init__(self, dsn: str, live: Live | None = None) -> None:
        self._dsn, self._live = dsn, live
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())
        await asyncio.wait_for(self._ready.wait(), 30)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        pause = 0.1
        while True:
            lost = asyncio.Event()
            try:
                connection = await asyncpg.connect(self._dsn)
                connection.add_termination_listener(_setter(lost))
                await connection.add_listener(CHANNEL, _heard)
                if self._live is not None:
                    await connection.add_listener(NOTICES, _passer(self._live))
                    self._live.miss()
                drop_everywhere_here()
                self._ready.set()
                pause = 0.1
                await lost.wait()
                drop_everywhere_here()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("cache listener lost its connection", error=str(error))
            # Without a listener no entry can be trusted for long.
            drop_everywhere_here()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)


def _setter(event: asyncio.Event) -> Callable[[object], None]:
    return lambda _connection: event.set()


def _heard(_connection: object, _pid: int, _channel: str, payload: object) -> None:
    name, _, key = str(payload).partition(":")
    _drop(name, key)


def _passer(live: Live) -> Callable[[object, int, str, object], None]:
    return lambda _connection, _pid, _channel, payload: live.hear(str(payload))
