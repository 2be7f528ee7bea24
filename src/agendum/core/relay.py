"""From the outbox to the queue: a job for each listener of a notice, as the notice is removed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

import asyncpg
import msgspec
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from prometheus_client import Gauge, Histogram

from agendum.core import clock
from agendum.core.db.sql import load
from agendum.core.jobs import Job, JobOrder, payload_of
from agendum.core.live import announce

sql = load(__file__)

# A connection without our types: PgQueuer writes its own jsonb.
Plain: TypeAlias = asyncpg.Connection

BATCH = 200
WAITED = Histogram(
    "agendum_outbox_wait_seconds",
    "How long a notice waited in the outbox",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300),
)
AGE = Gauge(
    "agendum_outbox_age_seconds",
    "Age of the oldest notice in the outbox, looked up every 15 s",
    multiprocess_mode="mostrecent",
)
JOBS = Gauge(
    "agendum_jobs",
    "Jobs that are due and wait, and jobs held as failed, looked up every 15 s",
    ("state",),
    multiprocess_mode="mostrecent",
)


class Relay:
    """Knows who hears what. Notices of the kinds `announced` are told to every process besides."""

    def __init__(self, jobs: Sequence[Job], announced: Collection[str] = ()) -> None:
        self._announced = announced
        self._listeners: dict[str, list[Job]] = {}
        for job in jobs:
            for kind in filter(None, job.reads):
                self._listeners.setdefault(kind, []).append(job)

    async def pass_on(self, connection: Plain) -> int:
        """Turn the oldest notices into jobs and remove them; how many there were, at most BATCH.

        Several relays may do this at once: each takes what no other one holds. Ids are given before
        the commit, so the order is theirs only among what had been committed; jobs run side by side anyway.
        """
        if not await sql.outbox_has_rows.value(connection):  # an empty pass costs one statement and no NOTIFY
            return 0
        async with connection.transaction():
            taken = await sql.take_notices.rows(connection, size=BATCH)
            rows = sorted(taken, key=lambda row: row["id"])
            orders = [order for row in rows for order in self._orders(row)]
            if orders:
                await _enqueue(connection, orders)
            await announce(connection, ((row["kind"], row["body"]) for row in rows if row["kind"] in self._announced))
        for row in rows:
            WAITED.observe(max((clock.now() - row["created_at"]).total_seconds(), 0))
        return len(rows)

    def _orders(self, row: asyncpg.Record) -> list[_Order]:
        body = msgspec.Raw(row["body"].encode())
        if row["kind"] == JobOrder.kind:
            order = msgspec.json.decode(body, type=JobOrder)
            key = None if order.key is None else f"{order.name}:{order.key}"
            return [_Order(order.name, payload_of("", order.body), order.at, key)]
        payload = payload_of(row["kind"], body)
        return [
            _Order(job.name, payload, row["created_at"] + job.after if job.after else None)
            for job in self._listeners.get(row["kind"], [])
        ]


class _Order(msgspec.Struct, frozen=True):
    name: str
    payload: bytes
    due: datetime | None
    key: str | None = None


async def _enqueue(connection: Plain, orders: list[_Order]) -> None:
    """PgQueuer goes by the database's clock; the header keeps the due time by ours, for `Worker.drain`."""
    now = clock.now()
    await Queries(AsyncpgDriver(connection)).enqueue(
        [order.name for order in orders],
        [order.payload for order in orders],
        [0] * len(orders),
        [max(order.due - now, timedelta()) if order.due else None for order in orders],
        [order.key for order in orders],
        [{"due": order.due.isoformat()} if order.due else {} for order in orders],
        on_conflict="skip",
    )


async def measure(connection: Plain) -> None:
    """Look at what waits, for the metrics."""
    row = await sql.queue_state.row(connection, at=clock.now())
    assert row is not None
    AGE.set(0 if row["oldest"] is None else max((clock.now() - row["oldest"]).total_seconds(), 0))
    JOBS.labels("due").set(row["due"])
    JOBS.labels("failed").set(row["failed"])
