"""Many clients want the same at once: one winner a place, clean refusals for the others, nothing lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from tests.makers.world import Person, connect, make_person
from tests.processes import Serving, copy_of, serving
from tests.scenarios.salon import HALF_HOURS, ZONE, Salon, make_salon, offences, slot

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("processes")]


@pytest.fixture(scope="module")
def server(pristine: Path) -> Iterator[Serving]:
    """Two workers over one database, for all races: each brings its own salon."""
    with copy_of(pristine) as folder, serving(folder, "--workers", "2") as started:
        yield started
        assert started.stop() == 0


def outcomes(answers: list[httpx.Response]) -> Counter[tuple[int, int]]:
    """How often each status came, with the code of the refusal."""
    return Counter(
        (answer.status_code, 0 if answer.status_code == 201 else answer.json()["meta"]["errors"][0]["code"])
        for answer in answers
    )


async def rush(server: Serving, salon: Salon, service_id: int, member_id: int, at: datetime, clients: int) -> Any:
    """So many clients book the same at once; what came of it."""
    path = f"/book_record/{salon.location_id}"
    async with salon.client(server.url, clients) as http:
        bodies = [salon.booking(str(13155510000 + n), service_id, member_id, at) for n in range(clients)]
        return outcomes(await asyncio.gather(*(http.post(path, json=body) for body in bodies)))


async def living(server: Serving, salon: Salon) -> int:
    db = await connect(server.dsn)
    try:
        sql = "SELECT count(*) FROM appointments WHERE chain_id = $1 AND deleted_at IS NULL"
        return await db.fetchval(sql, salon.chain_id)
    finally:
        await db.close()


async def test_of_200_clients_one_gets_the_slot(server: Serving) -> None:
    salon = await make_salon(server.dsn, members=1)
    came = await rush(server, salon, salon.haircut, salon.members[0], slot(3, 4), 200)
    assert came == {(201, 0): 1, (422, 433): 199}
    assert await living(server, salon) == 1
    assert await offences(server.dsn) == {}


async def test_of_200_clients_as_many_as_there_are_members_get_any_of_them(server: Serving) -> None:
    salon = await make_salon(server.dsn, members=4)
    at = slot(3, 4)
    assert await rush(server, salon, salon.haircut, salon.members[2], at, 1) == {(201, 0): 1}
    assert await rush(server, salon, salon.haircut, 0, at, 200) == {(201, 0): 3, (422, 436): 197}
    assert await living(server, salon) == 4
    assert await offences(server.dsn) == {}


async def test_one_cabin_serves_one_client_whoever_is_free(server: Serving) -> None:
    salon = await make_salon(server.dsn, members=4)
    assert await rush(server, salon, salon.massage, 0, slot(3, 4), 100) == {(201, 0): 1, (422, 436): 99}
    assert await living(server, salon) == 1
    assert await offences(server.dsn) == {}


async def test_of_50_people_one_gets_the_last_seat(server: Serving) -> None:
    salon = await make_salon(server.dsn, members=1)
    member_id, at = salon.members[0], slot(3, 4)
    assert await rush(server, salon, salon.yoga, member_id, at, 4) == {(201, 0): 4}
    assert await rush(server, salon, salon.yoga, member_id, at, 50) == {(201, 0): 1, (422, 433): 49}
    assert await living(server, salon) == 5
    assert await offences(server.dsn) == {}


@dataclass
class Visitor:
    """A client who books, moves and cancels, one thing after the other, and remembers what he was told.

    `visits`: his bookings by id, each with its key and its time, None for cancelled ones.
    """

    salon: Salon
    person: Person
    rng: Random
    visits: dict[int, tuple[str, datetime | None]] = field(default_factory=dict[int, tuple[str, datetime | None]])
    came: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])

    async def spend_the_day(self, http: httpx.AsyncClient, wishes: int) -> None:
        for _ in range(wishes):
            mine = [(id_, key) for id_, (key, at) in self.visits.items() if at is not None]
            wish = self.rng.choices(("book", "move", "cancel"), (4, 3, 2))[0] if mine else "book"
            at = slot(self.rng.randint(3, 4), self.rng.randrange(HALF_HOURS // 2))
            if wish == "book":
                answer = await self._book(http, at)
            else:
                id_, key = self.rng.choice(mine)
                answer = await (self._move(http, id_, key, at) if wish == "move" else self._cancel(http, id_, key))
            self.came[wish, answer.status_code] += 1

    async def _book(self, http: httpx.AsyncClient, at: datetime) -> httpx.Response:
        salon, rng = self.salon, self.rng
        service_id = rng.choice([salon.haircut, salon.massage, salon.yoga])
        body = salon.booking(self.person.phone, service_id, rng.choice([0, *salon.members]), at)
        answer = await http.post(f"/book_record/{salon.location_id}", json=body)
        if answer.status_code == 201:
            [made] = answer.json()["data"]
            self.visits[made["record_id"]] = (made["record_hash"], at)
        return answer

    async def _move(self, http: httpx.AsyncClient, id_: int, key: str, at: datetime) -> httpx.Response:
        tokens = {"Authorization": f"Bearer {self.salon.partner_token}, User {self.person.token}"}
        path = f"/book_record/{self.salon.location_id}/{id_}"
        answer = await http.put(path, json={"datetime": at.isoformat()}, headers=tokens)
        if answer.status_code == 200:
            self.visits[id_] = (key, at)
        return answer

    async def _cancel(self, http: httpx.AsyncClient, id_: int, key: str) -> httpx.Response:
        answer = await http.delete(f"/user/records/{id_}/{key}")
        if answer.status_code == 200:
            self.visits[id_] = (key, None)
        return answer


async def test_2000_bookings_moves_and_cancellations_over_few_slots(server: Serving) -> None:
    salon = await make_salon(server.dsn, members=3)
    db = await connect(server.dsn)
    try:
        people = [await make_person(db, f"Visitor {n}") for n in range(40)]
    finally:
        await db.close()
    visitors = [Visitor(salon, person, Random(person.phone)) for person in people]
    async with salon.client(server.url) as http:
        await asyncio.gather(*(visitor.spend_the_day(http, 50) for visitor in visitors))
        came = sum((visitor.came for visitor in visitors), Counter[tuple[str, int]]())
        assert set(came) <= {("book", 201), ("book", 422), ("move", 200), ("move", 422), ("cancel", 200)}, came
        assert came.total() == 2000
        assert min(came["book", 201], came["move", 200], came["cancel", 200]) > 50
        assert await offences(server.dsn) == {}
        for id_, (key, at) in ((id_, visit) for visitor in visitors for id_, visit in visitor.visits.items()):
            seen = (await http.get(f"/book_record/{salon.location_id}/{id_}/{key}")).raise_for_status().json()
            assert seen["deleted"] is (at is None)
            assert at is None or seen["datetime"] == at.astimezone(ZONE).isoformat()
    told = sum(at is not None for visitor in visitors for _, at in visitor.visits.values())
    assert await living(server, salon) == told
