"""Many desks at one visit at the same time, over real HTTP and two processes: what they do is done whole, one after the
other, or they are told so."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from agendum.core.rights import KINDS
from tests.makers.world import Business, connect, make_small_world
from tests.processes import Serving, copy_of, pristine, serving

__all__ = ["pristine"]
pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("processes")]

DESKS = 50


@pytest.fixture(scope="module")
def server(pristine: Path) -> Iterator[Serving]:
    with copy_of(pristine) as folder, serving(folder, "--workers", "2") as started:
        yield started
        assert started.stop() == 0


class Desks:
    """A business, and as many connections as there are desks."""

    def __init__(self, http: httpx.AsyncClient, business: Business, db: Any) -> None:
        self.http, self.business, self.db = http, business, db

    def wish(self, clock: str, **more: Any) -> dict[str, Any]:
        b = self.business
        wanted: dict[str, Any] = {
            "staff_id": b.anna,
            "services": [{"id": b.haircut}],
            "client": {"id": b.client_id},
            "datetime": f"2030-03-05T{clock}:00",
            "seance_length": 1800,
            "save_if_busy": True,
        }
        return wanted | more

    async def create(self, clock: str, **more: Any) -> Any:
        answer = await self.http.post(f"/records/{self.business.location_id}", json=self.wish(clock, **more))
        assert answer.status_code == 201, answer.text
        return answer.json()["data"][0]

    async def visit(self, id_: int) -> Any:
        return (await self.http.get(f"/visits/{id_}")).raise_for_status().json()["data"]

    async def at_once(self, *calls: Any) -> Counter[int]:
        answers: list[httpx.Response] = await asyncio.gather(*calls)
        return Counter(answer.status_code for answer in answers)


@pytest.fixture
async def desks(server: Serving) -> Any:
    db = await connect(server.dsn)
    allowed = [name for name, kind in KINDS.items() if kind == "allow"]
    small = await make_small_world(db, rights=allowed)
    headers = {"Authorization": f"Bearer {small.partner_token}, User {small.business.owner.token}"}
    limits = httpx.Limits(max_connections=DESKS, max_keepalive_connections=DESKS)
    async with httpx.AsyncClient(base_url=server.url, headers=headers, limits=limits, timeout=120) as http:
        yield Desks(http, small.business, db)
    await db.close()


async def test_edits_of_one_visit_are_never_mixed(desks: Desks) -> None:
    b = desks.business
    one, two = await desks.create("10:00"), await desks.create("12:00")

    def edit(n: int) -> Any:
        body = {
            "attendance": (-1, 0, 1, 2)[n % 4],
            "comment": f"Desk {n}",
            "services": [
                {"id": b.haircut, "cost": n + 1, "record_id": one["id"]},
                {"id": b.haircut, "cost": (n + 1) * 2, "record_id": two["id"]},
                {"id": b.manicure, "cost": (n + 1) * 3, "record_id": two["id"]},
            ],
            "new_transactions": [{"amount": 1}],
        }
        return desks.http.put(f"/visits/{one['visit_id']}/{one['id']}", json=body)

    assert await desks.at_once(*(edit(n) for n in range(DESKS))) == {200: DESKS}
    visit = await desks.visit(one["visit_id"])
    first, second = visit["records"]
    n = int(first["comment"].removeprefix("Desk "))
    assert [line["cost"] for line in first["services"]] == [n + 1]
    assert [line["cost"] for line in second["services"]] == [(n + 1) * 2, (n + 1) * 3]
    assert first["attendance"] == second["attendance"] == visit["attendance"] == (-1, 0, 1, 2)[n % 4]
    paid = await desks.db.fetchval("SELECT paid FROM visits WHERE id = $1", one["visit_id"])
    assert paid == DESKS, "no payment was lost"
    stats = await desks.db.fetchrow("SELECT * FROM client_stats WHERE client_id = $1", b.client_id)
    came = visit["attendance"] == 1
    assert (stats["visits_count"], stats["paid"]) == (2 if came else 0, DESKS)
    assert stats["spent"] == (Decimal((n + 1) * 6) if came else 0)


async def test_what_is_owed_is_paid_once(desks: Desks) -> None:
    made = await desks.create("10:00")
    body = {"attendance": 1, "comment": "", "fast_payment": 1}
    path = f"/visits/{made['visit_id']}/{made['id']}"
    assert await desks.at_once(*(desks.http.put(path, json=body) for _ in range(DESKS))) == {200: DESKS}
    assert await desks.db.fetch("SELECT amount FROM visit_payments WHERE visit_id = $1", made["visit_id"]) == [(45,)]


async def test_of_many_moves_the_later_are_told(desks: Desks) -> None:
    b, made = desks.business, await desks.create("10:00")
    path = f"/record/{b.location_id}/{made['id']}"
    wishes = [desks.wish(f"{11 + n % 7}:{n // 7 * 5:02}", comment=f"Desk {n}") for n in range(DESKS)]
    came = await desks.at_once(*(desks.http.put(path, json=wish) for wish in wishes))
    assert set(came) <= {201, 409}
    assert came[201] >= 1
    last = (await desks.http.get(path)).json()["data"]
    n = int(last["comment"].removeprefix("Desk "))
    assert last["datetime"].startswith(wishes[n]["datetime"]), "one desk's words beside another's time"
    held = await desks.db.fetch("SELECT starts_at FROM busy WHERE owner_id = $1", b.anna)
    assert len(held) == 1


async def test_of_many_who_want_one_time_one_gets_it(desks: Desks) -> None:
    b = desks.business
    path, wish = f"/records/{b.location_id}", desks.wish("10:00", save_if_busy=False)
    day = await desks.db.fetchval("SELECT max(date) FROM days WHERE owner_id = $1", b.anna)
    wish["datetime"] = f"{day}T10:00:00"
    came = await desks.at_once(*(desks.http.post(path, json=wish) for _ in range(DESKS)))
    assert came == {201: 1, 422: DESKS - 1}


async def test_a_clients_appointments_of_one_day_find_one_visit(desks: Desks) -> None:
    b = desks.business
    wishes = [desks.wish(f"{9 + n // 6:02}:{n % 6 * 10:02}", seance_length=600) for n in range(DESKS)]
    came = await desks.at_once(*(desks.http.post(f"/records/{b.location_id}", json=wish) for wish in wishes))
    assert came == {201: DESKS}
    assert (
        await desks.db.fetchval("SELECT count(DISTINCT visit_id) FROM appointments WHERE client_id = $1", b.client_id)
        == 1
    )


async def test_edits_deletions_and_moves_at_once_leave_the_books_right(desks: Desks) -> None:
    b = desks.business
    made = [await desks.create(f"{9 + n:02}:00", client={"id": b.client_id}) for n in range(8)]
    calls: list[Any] = []
    for n in range(DESKS):
        record = made[n % 8]
        match n % 5:
            case 0:
                calls.append(desks.http.delete(f"/record/{b.location_id}/{record['id']}"))
            case 1 | 2:
                body = {"attendance": 1, "comment": "", "fast_payment": 1 + n % 2}
                calls.append(desks.http.put(f"/visits/{record['visit_id']}/{record['id']}", json=body))
            case 3:
                wish = desks.wish(f"{9 + n % 8}:30", datetime=f"2030-03-0{6 + n % 3}T1{n % 8}:30:00", attendance=1)
                calls.append(desks.http.put(f"/record/{b.location_id}/{record['id']}", json=wish))
            case _:
                calls.append(desks.http.post(f"/records/{b.location_id}", json=desks.wish("18:00", attendance=1)))
    came = await desks.at_once(*calls)
    assert set(came) <= {200, 201, 204, 404, 409}, came
    row = await desks.db.fetchrow(BOOKS, b.client_id)
    assert (row["visits_count"], row["spent"], row["paid"]) == (row["visits"], row["sold"], row["payments"])
    assert await desks.db.fetch(LIMBO, b.client_id) == []


BOOKS = """
    WITH came AS (SELECT * FROM appointments a WHERE a.client_id = $1 AND a.attendance = 1 AND a.deleted_at IS NULL)
    SELECT t.visits_count, t.paid, t.spent, (SELECT count(*) FROM came) AS visits,
           (SELECT coalesce(sum(s.cost), 0) FROM came
              JOIN appointment_services s ON s.appointment_id = came.id) AS sold,
           (SELECT coalesce(sum(p.amount), 0) FROM visit_payments p JOIN visits v ON v.id = p.visit_id
             WHERE v.client_id = $1) AS payments
      FROM client_stats t WHERE t.client_id = $1"""
LIMBO = """
    SELECT v.id FROM visits v
     WHERE v.client_id = $1 AND (v.ended_at IS NULL) <> EXISTS (
        SELECT FROM appointments a WHERE a.visit_id = v.id AND a.deleted_at IS NULL)"""
