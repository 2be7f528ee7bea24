"""A bakery: notices, jobs and a table to look at, for trying the machinery that every domain's jobs use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import msgspec

from agendum.core import clock
from agendum.core.jobs import Jobs, Work, enqueue
from agendum.core.outbox import Notice, tell
from agendum.core.worker import Worker
from tests.conftest import World

T = TypeVar("T")


class Baked(Notice, kw_only=True):
    kind: ClassVar[str] = "test.baked"

    loaf: str


class Burnt(Notice, kw_only=True):
    kind: ClassVar[str] = "test.burnt"

    at: datetime


class Order(msgspec.Struct):
    loaf: str


class Bakery:
    """A world with a table of its own, and jobs that put something on it."""

    def __init__(self, world: World) -> None:
        self.world, self.jobs = world, Jobs()

    def worker(self, **options: Any) -> Worker:
        return Worker(self.world.server, self.world.dsn, [self.jobs], **options)

    async def bake(self, *loaves: str) -> None:
        async with self.world.server.pools.write.acquire() as db, db.transaction():
            for loaf in loaves:
                await tell(db, Baked(chain_id=1, location_id=1, loaf=loaf), clock.now())

    async def order(self, loaf: str, *, at: datetime | None = None, key: str | None = None) -> None:
        async with self.world.server.pools.write.acquire() as db, db.transaction():
            await enqueue(db, "bakery.deliver", Order(loaf), at=at, key=key)

    async def shelf(self) -> list[str]:
        rows = await self.world.server.pools.read.fetch("SELECT loaf FROM shelf ORDER BY loaf")
        return [row["loaf"] for row in rows]

    async def queue(self) -> list[tuple[str, str]]:
        rows = await self.world.server.pools.read.fetch("SELECT entrypoint, status::text FROM pgqueuer ORDER BY id")
        return [(row["entrypoint"], row["status"]) for row in rows]


async def put(work: Work, loaf: str, by: str = "") -> None:
    await work.db.execute("INSERT INTO shelf VALUES ($1, $2)", loaf, by)


@asynccontextmanager
async def at_work(worker: Worker) -> AsyncGenerator[asyncio.Task[None]]:
    """The worker running in the background."""
    task = asyncio.create_task(worker.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def soon(happened: Awaitable[T]) -> T:
    """What should happen within moments; ten seconds forgive a loaded machine."""
    return await asyncio.wait_for(happened, 10)
