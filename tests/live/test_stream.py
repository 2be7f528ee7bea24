"""The stream of changes: two web processes answer, a third one runs the jobs and tells them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from agendum.core import clock
from tests.makers.world import Person, SmallWorld, connect, make_membership, make_person, make_small_world
from tests.processes import PATIENCE, Serving, environment, serving

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("processes")]

RIGHTS = (
    "timetable_access",
    "create_records_access",
    "edit_records_access",
    "delete_records_access",
    "records_edit_date_and_master_access",
)


class Desk:
    """A business on a server of two web processes, whose jobs run in a command of their own."""

    def __init__(self, server: Serving, small: SmallWorld, db: Any) -> None:
        self.server, self.small, self.db = server, small, db
        self.business = small.business
        self.http = httpx.AsyncClient(base_url=server.url, timeout=PATIENCE)

    def headers(self, person: Person | None) -> dict[str, str]:
        user = f", User {person.token}" if person else ""
        return {"Authorization": f"Bearer {self.small.partner_token}{user}"}

    async def book(self, member_id: int, hour: int) -> int:
        at = f"{(clock.now().astimezone(self.business.zone) + timedelta(days=3)).date()}T{hour:02}:00:00"
        wanted = {"staff_id": member_id, "services": [{"id": self.business.haircut}], "client": None, "datetime": at}
        answer = await self.ask("POST", "records", {**wanted, "seance_length": 3600, "save_if_busy": True})
        return answer["data"][0]["id"]

    async def ask(self, method: str, path: str, body: Any = None, id_: int | str = "") -> Any:
        path = f"/{path}/{self.business.location_id}/{id_}".rstrip("/")
        answer = await self.http.request(method, path, json=body, headers=self.headers(self.business.owner))
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    @asynccontextmanager
    async def watch(self, person: Person) -> AsyncGenerator[Stream]:
        path = f"/company/{self.business.location_id}/events/stream"
        async with self.http.stream("GET", path, headers=self.headers(person)) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "text/event-stream"
            lines = answer.aiter_lines()
            assert await anext(lines) == "retry: 1000"
            yield Stream(lines)

    async def refused(self, person: Person | None) -> int:
        path = f"/company/{self.business.location_id}/events/stream"
        return (await self.http.get(path, headers=self.headers(person))).status_code

    async def colleague(self, **limits: Any) -> Person:
        """Somebody who sees appointments, of one team member or a position where `limits` say so."""
        person, chain_id = await make_person(self.db, "Carl Colleague"), self.business.chain_id
        await make_membership(self.db, chain_id, person, self.business.location_id, role="custom", rights=RIGHTS)
        await self.db.execute("UPDATE memberships SET rights = rights || $1 WHERE user_id = $2", limits, person.id)
        return person


class Stream:
    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self, seconds: float = 10) -> dict[str, Any]:
        """The next change."""
        async with asyncio.timeout(seconds):
            async for line in self._lines:
                if line.startswith("data:"):
                    return json.loads(line[5:])
        raise AssertionError("the stream has ended")

    async def end(self) -> None:
        """Reads on until it ends."""
        async with asyncio.timeout(10):
            async for _ in self._lines:
                pass


@pytest.fixture
def server(folder: Path) -> Iterator[Serving]:
    with serving(folder, "--workers", "2", worker="false") as running:
        jobs = subprocess.Popen(
            [sys.executable, "-m", "agendum", "worker", "--data-dir", str(folder)],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        yield running
        with contextlib.suppress(ProcessLookupError):
            os.kill(jobs.pid, signal.SIGTERM)
        jobs.wait(PATIENCE)


@pytest.fixture
async def desk(server: Serving) -> AsyncIterator[Desk]:
    db = await connect(server.dsn)
    desk = Desk(server, await make_small_world(db, rights=RIGHTS), db)
    yield desk
    await desk.http.aclose()
    await db.close()


async def test_changes_reach_every_process_within_a_second(desk: Desk) -> None:
    b = desk.business
    async with AsyncExitStack() as held:
        streams = [await held.enter_async_context(desk.watch(b.receptionist)) for _ in range(6)]
        made = await desk.book(b.anna, 10)
        assert [await one.next() for one in streams] == [_change(made, "create")] * 6  # the worker has started by now
        began = time.monotonic()
        await desk.ask("DELETE", "record", id_=made)
        assert [await one.next() for one in streams] == [_change(made, "delete")] * 6
        assert time.monotonic() - began < 1.5  # a second on a machine that does nothing else
        began = time.monotonic()
        desk.server.stop()
        assert time.monotonic() - began < 10  # open streams hold nothing up
        for one in streams:
            with contextlib.suppress(httpx.RemoteProtocolError):
                await one.end()


async def test_who_sees_some_calendars_is_told_of_these(desk: Desk) -> None:
    b = desk.business
    annas, stylists = await desk.colleague(master_id=b.anna), await desk.colleague(position_id=await _position(desk))
    recent = await desk.colleague(last_days_count=1)
    async with desk.watch(annas) as anna, desk.watch(stylists) as stylist, desk.watch(recent) as young:
        await desk.book(b.peter, 10)
        hers = await desk.book(b.anna, 11)
        assert await anna.next() == _change(hers, "create")
        assert await stylist.next() == _change(hers, "create")
        seen = (await desk.ask("GET", "record", id_=hers))["data"]
        moved = {name: seen[name] for name in ("datetime", "seance_length", "client")}
        moved |= {"services": [{"id": b.haircut}], "staff_id": b.peter, "save_if_busy": True}
        await desk.ask("PUT", "record", moved, hers)
        assert await anna.next() == _change(hers, "update")  # it has left her calendar
        await desk.ask("DELETE", "record", id_=hers)
        last = await desk.book(b.anna, 12)
        assert await anna.next() == _change(last, "create")
        told = [await young.next() for _ in range(5)]
        assert [one["status"] for one in told] == ["create", "create", "update", "delete", "create"]


async def test_only_who_may_see_appointments_watches_and_only_as_long(desk: Desk) -> None:
    assert await desk.refused(None) == 401
    assert await desk.refused(desk.small.stranger) == 403
    assert await desk.refused(desk.business.limited) == 403
    colleague = await desk.colleague()
    async with desk.watch(colleague) as stream:
        await desk.db.execute("UPDATE memberships SET rights = '{}' WHERE user_id = $1", colleague.id)
        await desk.db.execute("SELECT pg_notify('agendum_cache', 'user:*')")
        await desk.book(desk.business.anna, 10)
        await stream.end()


def _change(id_: int, status: str) -> dict[str, Any]:
    return {"resource": "record", "resource_id": id_, "status": status}


async def _position(desk: Desk) -> int:
    return await desk.db.fetchval("SELECT position_id FROM team_members WHERE id = $1", desk.business.anna)
