"""Runs the jobs: the relay and PgQueuer's queue, for as long as the process lives; or all that is due, once.

A job left by a killed process is run by another one when its heartbeat has been silent for `stale_after`.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta

import asyncpg
import structlog
from croniter import croniter
from pgqueuer import PgQueuer, RetryRequested
from pgqueuer.db import AsyncpgDriver
from pgqueuer.models import Job as Row
from pgqueuer.models import Schedule, TracebackRecord
from pgqueuer.queries import Queries
from prometheus_client import Counter, Histogram

from agendum.core import clock
from agendum.core.db.sql import load
from agendum.core.jobs import Job, Jobs, Work
from agendum.core.relay import BATCH, Plain, Relay, measure
from agendum.core.server import Server

sql = load(__file__)

POLL = 0.25  # seconds between two looks into the outbox when nobody calls wake()
MEASURE = 15.0  # seconds between two measurements
STALE = timedelta(seconds=60)
TASKS = 20  # jobs that a process has in hand; those that talk to slow servers wait here
TRANSACTIONS = 4  # of these, how many hold a connection: requests need the pool too

RUNS = Counter("agendum_job_runs_total", "Runs of jobs, by name and outcome", ("job", "outcome"))
SECONDS = Histogram("agendum_job_seconds", "Time that a job took, by name", ("job",))

_log = structlog.get_logger("agendum.jobs")


class _DoneBeforeError(Exception):
    """Another run of the same job has committed."""


class Worker:
    """The jobs of `modules` over one server. `given` are objects that jobs find by their type, see Work.of;
    notices of the kinds `announced` are told to every process, see `agendum.core.live`.

    `dsn` is for two connections of its own, one of which LISTENs and so cannot go through a pooler; the jobs
    themselves use the server's pool.
    """

    def __init__(
        self,
        server: Server,
        dsn: str,
        modules: Sequence[Jobs],
        *,
        given: Sequence[object] = (),
        announced: Collection[str] = (),
        stale_after: timedelta = STALE,
    ) -> None:
        self._server, self._dsn, self._stale_after = server, dsn, stale_after
        jobs = [job for module in modules for job in module.items]
        self._jobs = {job.name: job for job in jobs}
        if len(self._jobs) < len(jobs):
            raise RuntimeError(f"two jobs of one name among {sorted(job.name for job in jobs)}")
        self._given = {type(thing): thing for thing in given}
        self._relay = Relay(jobs, announced)
        self._awake = asyncio.Event()
        self._transactions = asyncio.Semaphore(TRANSACTIONS)

    def wake(self) -> None:
        """Have the relay look at once. For its own event loop, after a commit that told something."""
        self._awake.set()

    async def run(self) -> None:
        """Run jobs until cancelled; the running ones are finished first. Cancelled twice, it stops these too,
        and they are run again later."""
        stop = asyncio.Event()
        parts = [asyncio.create_task(self._keep_up(part, stop)) for part in (self._serve_queue, self._serve_outbox)]
        try:
            await asyncio.wait(parts)
        finally:
            stop.set()
            self.wake()
            try:
                await asyncio.wait(parts)
            finally:
                for part in parts:
                    part.cancel()
                await asyncio.gather(*parts, return_exceptions=True)

    async def _keep_up(self, part: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event) -> None:
        """Run a part of the worker anew whenever it falls, with the database or otherwise."""
        pause = 0.1
        while not stop.is_set():
            began = time.monotonic()
            try:
                await part(stop)
            except Exception as error:
                pause = 0.1 if time.monotonic() - began > 30 else min(pause * 2, 5)
                _log.warning("worker starts again", part=part.__name__, error=repr(error), seconds=pause)
                await _sleep(stop, pause)

    async def _serve_queue(self, stop: asyncio.Event) -> None:
        async with _connection(self._dsn) as connection:
            queue = PgQueuer(AsyncpgDriver(connection))
            self._register(queue)

            def lost(_: object) -> None:
                queue.shutdown.set()

            connection.add_termination_listener(lost)
            ending = asyncio.create_task(_pass_on(stop, queue.shutdown))
            try:
                await queue.run(
                    dequeue_timeout=timedelta(seconds=10),
                    batch_size=TASKS // 2,
                    max_concurrent_tasks=TASKS,
                    shutdown_on_listener_failure=True,
                    heartbeat_timeout=self._stale_after,
                )
            finally:
                ending.cancel()
            if not stop.is_set():
                raise ConnectionError("the queue's connection is lost")

    def _register(self, queue: PgQueuer) -> None:
        for job in self._jobs.values():

            async def run(row: Row, job: Job = job) -> None:
                await self._attempt(job, row, clock.now())

            queue.entrypoint(job.name, accepts_context=False, on_failure="hold")(run)
            if job.cron:

                async def start(_: Schedule, job: Job = job) -> None:
                    await _start_timed(Queries(queue.connection), job)

                queue.schedule(job.name, job.cron, accepts_context=False)(start)

    async def _serve_outbox(self, stop: asyncio.Event) -> None:
        measured = 0.0
        async with _connection(self._dsn) as connection:
            while not stop.is_set():
                self._awake.clear()
                if await self._relay.pass_on(connection) == BATCH:
                    continue
                if time.monotonic() - measured > MEASURE:
                    await measure(connection)
                    measured = time.monotonic()
                await _sleep(self._awake, POLL)

    async def drain(self, until: datetime | None = None) -> int:
        """Run all that is due at `until` (now, by `core.clock`) and what that causes; how many jobs ran.

        For the command line and for tests. A job that fails is put off as ever, until that is due.
        """
        moment, ran = until or clock.now(), 0
        async with _connection(self._dsn) as connection:
            queries = Queries(AsyncpgDriver(connection))
            claim = {
                "names": list(self._jobs),
                "until": moment,
                "left": [job.id for job in await queries.stale_jobs(self._stale_after, limit=1000)],
                "worker": uuid.uuid4(),
            }
            while True:
                moved = await self._relay.pass_on(connection) + await self._start_due(connection, moment)
                row = await sql.claim_job.row(connection, **claim)
                if row is not None:
                    await self._run_claimed(queries, Row.model_validate(dict(row)), moment)
                    ran += 1
                elif not moved:
                    return ran

    async def _run_claimed(self, queries: Queries, row: Row, moment: datetime) -> None:
        """What PgQueuer does around a job."""
        try:
            await self._attempt(self._jobs[row.entrypoint], row, moment)
        except RetryRequested as retry:
            await queries.retry_job(row, retry.delay, TracebackRecord.from_exception(retry, row.id))
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise asyncio.CancelledError from None
        except Exception as error:
            await queries.log_jobs([(row, "failed", TracebackRecord.from_exception(error, row.id))])
        else:
            await queries.log_jobs([(row, "successful", None)])

    async def _start_due(self, connection: Plain, moment: datetime) -> int:
        started = 0
        for job in filter(lambda job: job.cron, self._jobs.values()):
            times = croniter(job.cron, start_time=moment)
            schedule = {
                "cron": " ".join(times.expressions),
                "name": job.name,
                "next": times.get_next(datetime),
            }
            await sql.begin_schedule.run(connection, **schedule)
            if await sql.take_schedule.value(connection, **schedule, until=moment):
                await _start_timed(Queries(AsyncpgDriver(connection)), job)
                started += 1
        return started

    async def _attempt(self, job: Job, row: Row, now: datetime) -> None:
        """Run a job once. Raises RetryRequested to have it run again, any other exception to have it held."""
        if (row.headers or {}).get("done"):
            return
        work = Work(
            server=self._server,
            now=now,
            job_id=row.id,
            attempt=row.attempts + 1,
            is_last_attempt=row.attempts >= len(job.retry),
            given=self._given,
        )
        outcome, began = "done", time.perf_counter()
        try:
            await self._perform(job, work, row.payload)
        except _DoneBeforeError:
            outcome = "done before"
        except asyncio.CancelledError:
            # PgQueuer would drop a job whose task was cancelled.
            outcome = "interrupted"
            raise RetryRequested(reason="interrupted") from None
        except Exception as error:
            log = _log.bind(job=job.name, id=row.id, attempt=work.attempt)
            if work.is_last_attempt:
                outcome = "failed"
                log.exception("job failed for good, it is held in the queue")
                raise
            outcome, delay = "retried", timedelta(seconds=job.retry[row.attempts])
            log.warning("job failed", error=repr(error), again_in=delay.total_seconds())
            await self._put_off(row, now + delay)
            raise RetryRequested(delay, repr(error)) from error
        finally:
            RUNS.labels(job.name, outcome).inc()
            SECONDS.labels(job.name).observe(time.perf_counter() - began)
        self.wake()

    async def _perform(self, job: Job, work: Work, payload: bytes | None) -> None:
        if not job.transaction:
            await job.run(work, *job.arguments(payload))
            return
        async with self._transactions, self._server.pools.write.acquire() as db, db.transaction():
            work.transaction = db
            await job.run(work, *job.arguments(payload))
            if not await sql.finish_job.value(db, id=work.job_id):
                raise _DoneBeforeError

    async def _put_off(self, row: Row, due: datetime) -> None:
        """Without it a drain would run the job too early, no more."""
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            async with self._server.pools.write.acquire() as db:
                await sql.put_off_job.run(db, due=due, id=row.id)


async def _start_timed(queries: Queries, job: Job) -> None:
    """A timed job goes through the queue as well. One that is still waiting or running is not doubled."""
    await queries.enqueue(job.name, None, dedupe_key=job.name, headers={}, on_conflict="skip")


@contextlib.asynccontextmanager
async def _connection(dsn: str) -> AsyncGenerator[Plain]:
    """A connection without our types, closed politely, or at once when the server does not answer."""
    settings = {"application_name": "agendum jobs", "timezone": "UTC"}
    connection: Plain = await asyncpg.connect(dsn, timeout=10, command_timeout=30, server_settings=settings)
    try:
        yield connection
    finally:
        with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await connection.close(timeout=2)


async def _sleep(event: asyncio.Event, seconds: float) -> None:
    """Sleep unless the event happens."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


async def _pass_on(cause: asyncio.Event, effect: asyncio.Event) -> None:
    await cause.wait()
    effect.set()
