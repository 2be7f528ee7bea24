"""A change of working time is felt by whoever books next, in every process, and races with nobody."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from tests.makers.world import SmallWorld, connect, make_small_world
from tests.processes import copy_of, place, pristine, serving, wish
from tests.schedule.conftest import RIGHTS, Desk, work

__all__ = ["pristine"]
pytestmark = pytest.mark.anyio


async def test_bookings_and_a_day_off_at_once_end_in_one_order_or_the_other(desk: Desk) -> None:
    b = desk.business
    await desk.set_days({"team_member_id": b.anna, "dates": [str(desk.day(3))], "slots": work("18:00-26:00")})
    times = [desk.at("20:00"), desk.at("22:00"), desk.at("00:30", 4)]
    off = {"schedules_to_delete": [{"team_member_id": b.anna, "dates": [str(desk.day(3)), str(desk.day(4))]}]}
    path = f"/company/{desk.here}/staff/schedule"
    wishes = [desk.book(desk.wish(b.haircut, at, staff=b.anna), phone=f"+1315555010{n}") for n, at in enumerate(times)]
    answers = await asyncio.gather(*wishes, desk.call("PUT", path, user=b.owner, json=off))
    came = Counter(answer.status_code for answer in answers[:-1])
    assert answers[-1].status_code == 200
    assert set(came) <= {201, 422}
    days = {
        "start_date": str(desk.day(3)),
        "end_date": str(desk.day(4)),
        "staff_ids": b.anna,
        "include": "busy_intervals",
    }
    shown = await desk.entries(**days)
    assert sum(len(one["busy_intervals"]) for one in shown) == came[201], "what was booked before stays and shows"
    for at in times:
        assert (await desk.book(desk.wish(b.haircut, at, staff=b.anna))).status_code == 422


async def test_two_who_set_the_same_days_end_with_the_days_of_one(desk: Desk) -> None:
    b, days = desk.business, [str(desk.day(n)) for n in range(1, 15)]
    shifts = [work("08:00-12:00"), work("13:00-17:00")]
    items: list[Any] = [
        {"team_member_id": member, "dates": dates, "slots": slots}
        for slots, dates in ((shifts[0], days), (shifts[1], days[::-1]))
        for member in (b.anna, b.peter)
    ]
    await asyncio.gather(desk.set_days(*items[:2]), desk.set_days(*items[3:1:-1]))
    shown = await desk.entries(start_date=days[0], end_date=days[-1])
    assert len({str(one["slots"]) for one in shown}) == 1


@pytest.mark.xdist_group("processes")
async def test_a_day_set_in_one_process_is_booked_in_another(pristine: Path) -> None:
    with (
        copy_of(pristine) as folder,
        place() as elsewhere,
        serving(folder) as one,
        serving(elsewhere, database_url=one.dsn, data_dir=elsewhere) as other,
    ):
        db = await connect(one.dsn)
        small: SmallWorld = await make_small_world(db, rights=RIGHTS)
        await db.close()
        await anyio.to_thread.run_sync(set_here_and_book_there, small, one.url, other.url)


def set_here_and_book_there(small: SmallWorld, here: str, there: str) -> None:
    b = small.business
    token = f"Bearer {small.partner_token}, User {b.owner.token}"
    with (
        httpx.Client(base_url=here, headers={"Authorization": token}, timeout=60) as desk,
        httpx.Client(base_url=there, headers={"Authorization": token}, timeout=60) as client,
    ):

        def book(at: str) -> int:
            return client.post(f"/book_record/{b.location_id}", json=wish(small, at)).status_code

        day = wish(small, "10:00")["appointments"][0]["datetime"][:10]
        times = f"/book_times/{b.location_id}/{b.anna}/{day}"
        assert "10:00" in [slot["time"] for slot in client.get(times).json()["data"]]
        item = {"team_member_id": b.anna, "dates": [day]}
        for body, status, free in (
            ({"schedules_to_delete": [item]}, 422, 0),
            ({"schedules_to_set": [{**item, "slots": work("20:00-22:00")}]}, 201, 5),
        ):
            assert desk.put(f"/company/{b.location_id}/staff/schedule", json=body).status_code == 200
            assert len(client.get(times, params={"service_ids[]": b.haircut}).json()["data"]) == free
            assert book("20:00") == status
        chair = {"title": "Chair", "services": [b.manicure]}
        made = desk.post(f"/resources/{b.location_id}", json=chair).json()["data"]
        instances = {"instances": [{}, {}]}
        assert desk.put(f"/resources/{b.location_id}/{made['id']}", json=instances).status_code == 200
        assert book("21:00") == 201
