"""Notices and jobs over a real database: what commits is done, once, and what fails is done again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY

from agendum.core import clock, housekeeping
from agendum.core.jobs import Jobs, Work, enqueue
from agendum.core.outbox import tell
from agendum.core.worker import Worker
from tests.makers.bakery import Baked, Bakery, Burnt, Order, put, soon

pytestmark = pytest.mark.anyio


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
    assert await bakery.queue() == [("core.shelve", "failed")]
    log = "SELECT traceback FROM pgqueuer_log WHERE status = 'failed'"
    assert "no room on the shelf" in str(await bakery.world.server.pools.read.fetchval(log))


async def test_a_second_try_may_succeed(bakery: Bakery) -> None:
    @bakery.jobs.hear(Baked)
    async def shelve(work: Work, notice: Baked) -> None:
        if work.attempt == 1:
            raise ValueError("not yet")
        await put(work, notice.loaf)

    before = REGISTRY.get_sample_value("agendum_job_runs_total", {"job": "core.shelve", "outcome": "retried"}) or 0
    await bakery.bake("rye")
    worker = bakery.worker()
    await worker.drain()
    clock.shift_clock(timedelta(minutes=1))
    await worker.drain()
    assert await bakery.shelf() == ["rye"]
    assert await bakery.queue() == []
    after = REGISTRY.get_sample_value("agendum_job_runs_total", {"job": "core.shelve", "outcome": "retried"})
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
