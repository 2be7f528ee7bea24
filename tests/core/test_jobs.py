"""Notices and jobs over a real database: what commits is done, once, and what fails or dies is done again."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import msgspec
import pytest
from prometheus_client import REGISTRY

from agendum.core import clock, housekeeping
from agendum.core.jobs import Jobs, Work, enqueue
from agendum.core.outbox import Notice, tell
from agendum.core.worker import Worker
from conftest import World

pytestmark = pytest.mark.anyio


class Baked(Notice, kw_only=True):
    kind: ClassVar[str] = "test.baked"

    loaf: str


class Burnt(Notice, kw_only=True):
    kind: ClassVar[str] = "test.burnt"

    at: datetime


class Order(msgspec.Struct):
    loaf: str


@pytest.fixture(autouse=True)
def clock_in_step() -> Iterator[None]:
    yield
    clock.shift_clock(timedelta())


@pytest.fixture
async def bakery(world: World) -> Bakery:
    await world.server.pools.write.execute("CREATE TABLE shelf (loaf text, by text)")
    return Bakery(world)


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


async def soon(happened: Awaitable[Any]) -> None:
    """What should happen within moments; ten seconds forgive a loaded machine."""
    await asyncio.wait_for(happened, 10)


# Notices


async def test_what_commits_is_heard_once_by_everyone(bakery: Bakery) -> None:
    @bakery.jobs.hear(Baked)
    async def shelve(work: Work, notice: Baked) -> None:
        await put(work, notice.loaf)

    @bakery.jobs.hear(Baked, Burnt)
    async def taste(work: Work, notice: Baked | Burnt) -> None:
        await put(work, f"a slice of {notice.loaf}" if isinstance(notice, Baked) else f"coal of {notice.at}")

    await bakery.bake("rye")
    async with bakery.world.server.pools.write.acquire() as db:
        await tell(db, Burnt(chain_id=1, location_id=1, at=datetime(2026, 9, 21, tzinfo=UTC)), clock.now())
    worker = bakery.worker()

    assert await worker.drain() == 3
    assert await worker.drain() == 0
    assert await bakery.shelf() == ["a slice of rye", "coal of 2026-09-21 00:00:00+00:00", "rye"]
    assert await bakery.queue() == []


async def test_what_rolls_back_is_never_heard(bakery: Bakery) -> None:
    @bakery.jobs.hear(Baked)
    async def shelve(work: Work, notice: Baked) -> None:
        await put(work, notice.loaf)

    async with bakery.world.server.pools.write.acquire() as db:
        change = db.transaction()
        await change.start()
        await tell(db, Baked(chain_id=1, location_id=1, loaf="rye"), clock.now())
        await enqueue(db, "bakery.deliver", Order("rye"))
        await change.rollback()

    assert await bakery.worker().drain() == 0
    assert await bakery.shelf() == []


async def test_a_notice_that_nobody_hears_goes_away(bakery: Bakery) -> None:
    await bakery.bake("rye")
    assert await bakery.worker().drain() == 0
    assert await bakery.world.server.pools.read.fetchval("SELECT count(*) FROM outbox") == 0


async def test_a_listener_may_ask_to_hear_later(bakery: Bakery) -> None:
    @bakery.jobs.hear(Baked, after=5)
    async def shelve(work: Work, notice: Baked) -> None:
        await put(work, notice.loaf)

    await bakery.bake("rye")
    worker = bakery.worker()
    assert await worker.drain() == 0
    clock.shift_clock(timedelta(seconds=6))
    assert await worker.drain() == 1


# Jobs for later


async def test_a_job_waits_for_its_time_by_our_clock(bakery: Bakery) -> None:
    seen: list[datetime] = []

    @bakery.jobs.later("bakery.deliver")
    async def deliver(work: Work, body: Order) -> None:
        seen.append(work.now)
        await put(work, body.loaf)

    begin = clock.now()
    await bakery.order("rye", at=begin + timedelta(days=40))
    await bakery.order("bun", at=begin + timedelta(days=20))
    await bakery.order("cake")
    worker = bakery.worker()

    assert (await worker.drain(), await bakery.shelf()) == (1, ["cake"])
    clock.shift_clock(timedelta(days=21))
    assert (await worker.drain(), await bakery.shelf()) == (1, ["bun", "cake"])
    assert await worker.drain(until=begin + timedelta(days=41)) == 1
    assert await bakery.shelf() == ["bun", "cake", "rye"]
    assert seen[2] == begin + timedelta(days=41)


async def test_a_key_keeps_a_job_from_waiting_twice(bakery: Bakery) -> None:
    @bakery.jobs.later("bakery.deliver")
    async def deliver(work: Work, body: Order) -> None:
        await put(work, body.loaf)

    worker = bakery.worker()
    await bakery.order("rye", at=clock.now() + timedelta(hours=1), key="table 4")
    await worker.drain()
    await bakery.order("bun", at=clock.now() + timedelta(hours=1), key="table 4")
    await bakery.order("cake", key="table 5")
    await bakery.order("tart", key="table 5")
    await worker.drain()
    assert await bakery.shelf() == ["cake"]

    clock.shift_clock(timedelta(hours=2))
    await worker.drain()
    assert await bakery.shelf() == ["cake", "rye"]
    await bakery.order("pie", key="table 4")
    await worker.drain()
    assert await bakery.shelf() == ["cake", "pie", "rye"]


async def test_a_job_causes_others_and_one_drain_runs_them_all(bakery: Bakery) -> None:
    @bakery.jobs.hear(Baked)
    async def shelve(work: Work, notice: Baked) -> None:
        await work.enqueue("bakery.deliver", Order(notice.loaf))

    @bakery.jobs.later("bakery.deliver", transaction=False)
    async def deliver(work: Work, body: Order) -> None:
        with pytest.raises(RuntimeError, match="without a transaction"):
            _ = work.db
        await work.enqueue("bakery.eat", body)

    @bakery.jobs.later("bakery.eat")
    async def eat(work: Work, body: Order) -> None:
        await put(work, body.loaf, by=work.of(str))

    await bakery.bake("rye")
    assert await bakery.worker(given=["Anna"]).drain() == 3
    assert await bakery.world.server.pools.read.fetch("SELECT * FROM shelf") == [("rye", "Anna")]


def test_two_jobs_of_one_name_are_refused() -> None:
    jobs = Jobs()

    @jobs.later("bakery.deliver")
    @jobs.later("bakery.deliver")
    async def deliver(work: Work, body: Order) -> None: ...

    with pytest.raises(RuntimeError, match=r"two jobs of one name among .*bakery\.deliver"):
        Worker(None, "", [jobs])  # type: ignore[arg-type]


# Failures


async def test_a_failed_job_is_tried_again_later_and_held_in_the_end(bakery: Bakery) -> None:
    tries: list[tuple[int, bool]] = []

    @bakery.jobs.hear(Baked, retry=(10, 60))
    async def shelve(work: Work, notice: Baked) -> None:
        tries.append((work.attempt, work.is_last_attempt))
        await put(work, notice.loaf)
        raise ValueError("no room on the shelf")

    await bakery.bake("rye")
    worker = bakery.worker()
    assert await worker.drain() == 1
    assert await worker.drain() == 0, "the second try waits"
    clock.shift_clock(timedelta(seconds=11))
    assert await worker.drain() == 1
    assert await worker.drain() == 0
    clock.shift_clock(timedelta(seconds=72))
    assert await worker.drain() == 1
    clock.shift_clock(timedelta(days=9))
    assert await worker.drain() == 0

    assert tries == [(1, False), (2, False), (3, True)]
    assert await bakery.shelf() == [], "what a failed try wrote is gone"
    assert await bakery.queue() == [("shelve", "failed")]
    log = "SELECT traceback FROM pgqueuer_log WHERE status = 'failed'"
    assert "no room on the shelf" in str(await bakery.world.server.pools.read.fetchval(log))


async def test_a_second_try_may_succeed(bakery: Bakery) -> None:
    @bakery.jobs.hear(Baked)
    async def shelve(work: Work, notice: Baked) -> None:
        if work.attempt == 1:
            raise ValueError("not yet")
        await put(work, notice.loaf)

    before = REGISTRY.get_sample_value("agendum_job_runs_total", {"job": "shelve", "outcome": "retried"}) or 0
    await bakery.bake("rye")
    worker = bakery.worker()
    await worker.drain()
    clock.shift_clock(timedelta(minutes=1))
    await worker.drain()
    assert await bakery.shelf() == ["rye"]
    assert await bakery.queue() == []
    after = REGISTRY.get_sample_value("agendum_job_runs_total", {"job": "shelve", "outcome": "retried"})
    assert after == before + 1


async def test_an_interrupted_job_is_run_again(bakery: Bakery) -> None:
    inside = asyncio.Event()

    @bakery.jobs.hear(Baked)
    async def shelve(work: Work, notice: Baked) -> None:
        await put(work, notice.loaf)
        if work.attempt == 1:
            inside.set()
            await asyncio.Event().wait()

    await bakery.bake("rye")
    drain = asyncio.create_task(bakery.worker().drain())
    await soon(inside.wait())
    drain.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drain
    assert await bakery.shelf() == []

    assert await bakery.worker().drain() == 1
    assert await bakery.shelf() == ["rye"]


KILLED = """
import asyncio, sys
import msgspec
from agendum.app import open_server
from agendum.config import load_settings
from agendum.core.jobs import Jobs, Work
from agendum.core.worker import Worker

class Order(msgspec.Struct):
    loaf: str

jobs = Jobs()

@jobs.later("bakery.deliver")
async def deliver(work: Work, body: Order) -> None:
    await work.db.execute("INSERT INTO shelf VALUES ('half a loaf', '')")
    print("inside", flush=True)
    await asyncio.Event().wait()

async def main() -> None:
    server = await open_server(load_settings({}, rate_limit="off"), sys.argv[1])
    await Worker(server, sys.argv[1], [jobs]).run()

asyncio.run(main())
"""


async def test_the_job_of_a_killed_process_is_run_by_another(bakery: Bakery) -> None:
    @bakery.jobs.later("bakery.deliver")
    async def deliver(work: Work, body: Order) -> None:
        await put(work, body.loaf)

    await bakery.order("rye")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, bakery.world.dsn, stdout=pipe)
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 30) == b"inside\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()

    assert await bakery.worker().drain() == 0, "its heart may still beat"
    assert await bakery.worker(stale_after=timedelta(0)).drain() == 1
    assert await bakery.shelf() == ["rye"]


# Many at once


async def test_two_workers_share_the_jobs(bakery: Bakery) -> None:
    @bakery.jobs.hear(Baked)
    async def shelve(work: Work, notice: Baked) -> None:
        await put(work, notice.loaf)

    loaves = [f"loaf {number:02}" for number in range(60)]
    for first in range(0, 60, 10):
        await bakery.bake(*loaves[first : first + 10])
    ran = await asyncio.gather(bakery.worker().drain(), bakery.worker().drain())
    assert sum(ran) == 60
    assert await bakery.shelf() == loaves


async def test_of_two_runs_of_one_job_one_commits(bakery: Bakery) -> None:
    inside, both = asyncio.Event(), asyncio.Barrier(2)

    @bakery.jobs.hear(Baked)
    async def shelve(work: Work, notice: Baked) -> None:
        await put(work, notice.loaf)
        inside.set()
        await both.wait()

    await bakery.bake("rye")
    first = asyncio.create_task(bakery.worker().drain())
    await soon(inside.wait())
    hasty = bakery.worker(stale_after=timedelta(0)).drain()
    await soon(asyncio.gather(first, hasty))
    assert await bakery.shelf() == ["rye"]
    assert await bakery.queue() == []


# The running worker


async def shelving(bakery: Bakery) -> Callable[[str], Awaitable[None]]:
    """A listener, and a way to wait until it has shelved a loaf."""
    done: dict[str, asyncio.Event] = {}

    @bakery.jobs.hear(Baked)
    async def shelve(work: Work, notice: Baked) -> None:
        await put(work, notice.loaf)
        done.setdefault(notice.loaf, asyncio.Event()).set()

    async def shelved(loaf: str) -> None:
        await soon(done.setdefault(loaf, asyncio.Event()).wait())

    return shelved


async def test_a_running_worker_hears_when_woken_and_by_itself(bakery: Bakery) -> None:
    shelved = await shelving(bakery)
    worker = bakery.worker()
    async with at_work(worker):
        await bakery.bake("rye")
        worker.wake()
        await shelved("rye")
        await bakery.bake("bun")
        await shelved("bun")
    assert await bakery.shelf() == ["bun", "rye"]
    assert await bakery.queue() == []


async def test_two_running_workers_do_each_job_once(bakery: Bakery) -> None:
    shelved = await shelving(bakery)
    loaves = [f"loaf {number:02}" for number in range(40)]
    async with at_work(bakery.worker()), at_work(bakery.worker()):
        for loaf in loaves:
            await bakery.bake(loaf)
        for loaf in loaves:
            await shelved(loaf)
    assert await bakery.shelf() == loaves


async def test_stopping_finishes_what_runs(bakery: Bakery) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    @bakery.jobs.hear(Baked)
    async def shelve(work: Work, notice: Baked) -> None:
        inside.set()
        await go_on.wait()
        await put(work, notice.loaf)

    await bakery.bake("rye")
    running = asyncio.create_task(bakery.worker().run())
    await soon(inside.wait())
    running.cancel()
    _, pending = await asyncio.wait([running], timeout=0.3)
    assert pending, "the worker waits for its job"
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(running), 10)
    assert await bakery.shelf() == ["rye"]
    assert await bakery.queue() == []


async def test_stopping_twice_leaves_the_job_to_others(bakery: Bakery) -> None:
    inside = asyncio.Event()

    @bakery.jobs.hear(Baked)
    async def shelve(work: Work, notice: Baked) -> None:
        await put(work, notice.loaf)
        if work.attempt == 1:
            inside.set()
            await asyncio.Event().wait()

    await bakery.bake("rye")
    running = asyncio.create_task(bakery.worker().run())
    await soon(inside.wait())
    running.cancel()
    await asyncio.wait([running], timeout=0.3)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(running), 10)

    assert await bakery.queue() == [("shelve", "queued")]
    assert await bakery.worker().drain() == 1
    assert await bakery.shelf() == ["rye"]


async def test_a_worker_outlives_the_connections_to_its_database(bakery: Bakery) -> None:
    shelved = await shelving(bakery)
    async with at_work(bakery.worker()):
        await bakery.bake("rye")
        await shelved("rye")
        others = "datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'agendum%'"
        killed = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}"
        assert await bakery.world.server.pools.write.fetchval(killed) >= 3
        await bakery.bake("bun")
        await shelved("bun")
    assert await bakery.shelf() == ["bun", "rye"]


# Timed jobs


async def test_a_timed_job_runs_once_each_time(bakery: Bakery) -> None:
    @bakery.jobs.every("0 4 * * *")
    async def sweep(work: Work) -> None:
        await put(work, f"{work.now:%Y-%m-%d}")

    two = [bakery.worker(), bakery.worker()]
    assert await two[0].drain() == 0, "known from now on, due at four"
    for days in (1, 2):
        clock.shift_clock(timedelta(days=days))
        assert sum(await asyncio.gather(*(worker.drain() for worker in two))) == 1
        assert await two[0].drain() == 0
    assert len(await bakery.shelf()) == 2


async def test_a_running_worker_keeps_the_times(bakery: Bakery) -> None:
    swept = asyncio.Event()

    @bakery.jobs.every("* * * * * *")
    async def sweep(work: Work) -> None:
        await put(work, "dust")
        swept.set()

    async with at_work(bakery.worker()):
        await soon(swept.wait())


async def test_old_answers_and_logs_are_thrown_away(bakery: Bakery) -> None:
    keys = """INSERT INTO idempotency_keys (caller, key, request, created_at)
              VALUES ('', 'old', '', $1::timestamptz - interval '4 days'), ('', 'young', '', $1)"""
    await bakery.world.server.pools.write.execute(keys, clock.now() + timedelta(days=60))
    bakery.jobs = housekeeping.jobs
    await bakery.worker().drain()
    await bakery.bake("rye")
    assert await bakery.world.server.pools.write.fetchval("SELECT count(*) FROM pgqueuer_log") == 0

    clock.shift_clock(timedelta(days=60))
    assert await bakery.worker().drain() == 1
    assert await bakery.world.server.pools.read.fetch("SELECT key FROM idempotency_keys") == [("young",)]
