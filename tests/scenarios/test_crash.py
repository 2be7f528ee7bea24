"""Kill -9 of everything in the middle of the day, ten times: what a client was told stays true."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from agendum.app import JOBS, open_server
from agendum.config import load_settings
from agendum.core.db.embedded import EmbeddedPostgres
from agendum.core.worker import Worker
from agendum.messaging.senders import Outlets
from tests.makers.world import connect
from tests.processes import Serving, free_port, serving
from tests.scenarios.salon import HALF_HOURS, ZONE, Salon, make_salon, offences, slot

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("processes")]

ROUNDS, CLIENTS = 10, 16


class Storm:
    """Clients who book at random. `told` are the bookings that were answered 201: their ids, keys and times."""

    def __init__(self, salon: Salon, rng: Random) -> None:
        self.salon, self.rng = salon, rng
        self.told: list[dict[str, Any]] = []
        self.unexpected: list[str] = []
        self._phones = count(13155500000)

    async def until_killed(self, server: Serving, http: httpx.AsyncClient, bookings: int) -> None:
        """Book until so many more are told, then kill the server while the others still wait for their answers."""
        wanted, enough = len(self.told) + bookings, asyncio.Event()
        clients = [asyncio.create_task(self._book(http, wanted, enough)) for _ in range(CLIENTS)]
        await asyncio.wait_for(enough.wait(), 60)
        await asyncio.to_thread(server.kill)
        await asyncio.gather(*clients)

    async def _book(self, http: httpx.AsyncClient, wanted: int, enough: asyncio.Event) -> None:
        rng, salon = self.rng, self.salon
        while True:
            if len(self.told) >= wanted:
                enough.set()
            at, member_id = slot(rng.randint(1, 40), rng.randrange(HALF_HOURS)), rng.choice([0, *salon.members])
            service_id = rng.choice([salon.haircut, salon.haircut, salon.massage, salon.yoga])
            body = salon.booking(str(next(self._phones)), service_id, member_id, at)
            try:
                answer = await http.post(f"/book_record/{salon.location_id}", json=body)
            except (httpx.TransportError, AttributeError):  # the latter is anyio's, of a socket that falls as it opens
                if not enough.is_set():
                    raise
                return
            if answer.status_code == 201:
                self.told += [{"at": at, **booked} for booked in answer.json()["data"]]
            elif answer.status_code != 422 and not enough.is_set():
                self.unexpected.append(answer.text)

    async def read_back(self, http: httpx.AsyncClient, first: int = 0) -> None:
        """Every booking that was told, from the one with this number on, is there as it was booked."""
        for booking in self.told[first:]:
            path = f"/book_record/{self.salon.location_id}/{booking['record_id']}/{booking['record_hash']}"
            seen = (await http.get(path)).raise_for_status().json()
            at = booking["at"].astimezone(ZONE).isoformat()
            assert (seen["id"], seen["datetime"], seen["deleted"]) == (booking["record_id"], at, False)
            assert len(seen["services"]) == 1


async def test_what_was_answered_201_survives_ten_crashes(folder: Path) -> None:
    with EmbeddedPostgres(folder) as postgres:
        salon = await make_salon(postgres.dsn("agendum"), members=8)
    storm, port, known = Storm(salon, Random(2026)), free_port(), 0
    for _ in range(ROUNDS):
        with serving(folder, "--workers", "2", port=port) as server:
            async with salon.client(server.url) as http:
                await storm.read_back(http, known)
                known = len(storm.told)
                assert await offences(server.dsn) == {}
                await storm.until_killed(server, http, bookings=storm.rng.randint(10, 40))
            assert storm.unexpected == [], server.said[-10_000:]
    with serving(folder, port=port, worker="off") as server:
        async with salon.client(server.url) as http:
            await storm.read_back(http)
        assert await offences(server.dsn) == {}
        confirmed = await confirmations(server.dsn)
        assert set(confirmed.values()) == {1}
        assert {booking["record_id"] for booking in storm.told} <= set(confirmed)
        assert server.stop() == 0


async def confirmations(dsn: str) -> dict[int, int]:
    """How often each booking in the database was confirmed to its client, once all jobs have run."""
    server = await open_server(load_settings({}, rate_limit="off"), dsn)
    db = await connect(dsn)
    try:
        await Worker(server, dsn, JOBS, given=[Outlets()], stale_after=timedelta(0)).drain()
        rows = await db.fetch(
            """SELECT a.id, count(m.id) AS times FROM appointments a
                 LEFT JOIN messages m ON m.chain_id = a.chain_id AND m.appointment_id = a.id AND m.kind = 'booked'
                GROUP BY a.id"""
        )
    finally:
        await db.close()
        await server.pools.close()
    return {row["id"]: row["times"] for row in rows}
