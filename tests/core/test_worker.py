"""The worker as a process runs it: woken, stopped, killed, cut off from its database."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from agendum.core.jobs import Work
from tests.makers.bakery import Baked, Bakery, Order, at_work, put, soon

pytestmark = pytest.mark.anyio


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

    assert await bakery.queue() == [("core.shelve", "queued")]
    assert await bakery.worker().drain() == 1
    assert await bakery.shelf() == ["rye"]


async def test_a_worker_outlives_the_connections_to_its_database(bakery: Bakery) -> None:
    shelved: asyncio.Queue[str] = asyncio.Queue()

    @bakery.jobs.hear(Baked, transaction=False)
    async def shelve(work: Work, notice: Baked) -> None:
        await shelved.put(notice.loaf)

    async with at_work(bakery.worker()):
        await bakery.bake("rye")
        assert await soon(shelved.get()) == "rye"
        others = "datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'agendum%'"
        killed = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}"
        assert await bakery.world.server.pools.write.fetchval(killed) >= 3
        await bakery.bake("bun")
        assert await soon(shelved.get()) == "bun"


async def test_a_running_worker_keeps_the_times(bakery: Bakery) -> None:
    swept = asyncio.Event()

    @bakery.jobs.every("* * * * * *")
    async def sweep(work: Work) -> None:
        await put(work, "dust")
        swept.set()

    async with at_work(bakery.worker()):
        await soon(swept.wait())


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
