"""A day at the desk, over HTTP alone: who calls, who comes late, who does not come, and what it all comes to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from agendum.core import clock
from agendum.core.rights import KINDS
from tests.conftest import World
from tests.makers.world import Business, connect, make_small_world
from tests.scenarios.api import Desk

pytestmark = pytest.mark.anyio

NORA, MAX, OLGA, PAUL = "+13155550171", "+13155550172", "+13155550173", "+13155550174"


@dataclass
class Day:
    """The receptionist's day, tomorrow; its clock is set by `time`. `visitor` is a client at the booking page."""

    desk: Desk
    visitor: Desk
    business: Business

    @property
    def here(self) -> int:
        return self.business.location_id

    @property
    def date(self) -> date:
        return (self._began.astimezone(self.business.zone) + timedelta(days=1)).date()

    def __post_init__(self) -> None:
        self._began = clock.now()

    def at(self, wall: str) -> str:
        return f"{self.date}T{wall}:00"

    def time(self, wall: str) -> None:
        """It is now so late."""
        clock.shift_clock(timedelta())
        moment = datetime.fromisoformat(self.at(wall)).replace(tzinfo=self.business.zone)
        clock.shift_clock(moment - clock.now())

    def wish(self, wall: str, phone: str, name: str, **more: Any) -> dict[str, Any]:
        """A haircut by Anna, unless something else is said."""
        b = self.business
        service: dict[str, Any] = {"id": b.haircut}
        who = {"phone": phone, "name": name}
        wanted = {"staff_id": b.anna, "services": [service], "client": who, "datetime": self.at(wall)}
        return wanted | {"seance_length": 3600} | more

    async def book(self, wall: str, phone: str, name: str, *, status: int = 201, **more: Any) -> Any:
        body = self.wish(wall, phone, name, **more)
        made = await self.desk("POST", f"/records/{self.here}", body, status=status)
        return made[0] if status == 201 else None

    async def change(self, record: Any, wall: str, phone: str, name: str, **more: Any) -> Any:
        path = f"/record/{self.here}/{record['id']}"
        await self.desk("PUT", path, self.wish(wall, phone, name, **more), status=201)
        return await self.desk("GET", path)

    async def edit_visit(self, record: Any, attendance: int, **more: Any) -> Any:
        body = {"attendance": attendance, "comment": record["comment"], **more}
        return await self.desk("PUT", f"/visits/{record['visit_id']}/{record['id']}", body)

    async def calendar(self, **query: Any) -> list[tuple[str, str, int]]:
        """Who stands in it, from when, and whether he came."""
        day = {"start_date": self.date, "end_date": self.date}
        found = await self.desk("GET", f"/records/{self.here}", **day, **query)
        return [(one["client"]["name"], one["datetime"][11:16], one["attendance"]) for one in found]

    async def free(self, member: int) -> set[str]:
        path = f"/book_times/{self.here}/{member}/{self.date}"
        slots = await self.visitor("GET", path, **{"service_ids[]": self.business.haircut})
        return {slot["time"] for slot in slots}

    async def sums(self, record: Any) -> tuple[Any, ...]:
        """Of a client: visits, missed ones, spent, paid, balance; the same wherever they are read."""
        client_id = record["client"]["id"]
        card = await self.desk("GET", f"/client/{self.here}/{client_id}")
        sums = await self.desk("GET", f"/v2/locations/{self.here}/clients/{client_id}/attendances_statistic")
        facts = sums["attributes"]
        names = ("successful_attendances_count", "failed_attendances_count", "spent_amount", "paid_amount")
        shown = (card["visits"], card["failed_visits"], card["spent"], card["paid"], card["balance"])
        assert shown == (*(facts[name] for name in names), facts["balance_amount"])
        return shown


@pytest.fixture
async def day(world: World) -> AsyncIterator[Day]:
    db = await connect(world.dsn)
    small = await make_small_world(db, rights=[name for name, kind in KINDS.items() if kind == "allow"])
    await db.close()
    desk = Desk(world.http, small.partner_token, small.business.receptionist.token)
    try:
        yield Day(desk, Desk(world.http, small.partner_token), small.business)
    finally:
        clock.shift_clock(timedelta())


async def test_a_day_at_the_desk(day: Day) -> None:
    b, desk, here = day.business, day.desk, day.here
    day.time("08:30")
    nora, max_, olga, paul = await _phone_bookings(day)

    # Nora is twenty minutes late, and the desk moves her.
    day.time("10:20")
    nora = await day.change(nora, "10:20", NORA, "Nora", attendance=1)
    assert (nora["datetime"][11:16], nora["attendance"]) == ("10:20", 1)
    assert not {"10:30", "11:00"} & await day.free(b.anna)
    assert await day.sums(nora) == (1, 0, 45, 0, -45)

    # She has her nails done too, for a price of her own, and pays in cash.
    services = [{"id": b.haircut}, {"id": b.manicure, "first_cost": 22.4, "discount": 10, "cost": 20.16}]
    visit = await day.edit_visit(nora, 1, services=services, fast_payment=1)
    [record] = visit["records"]
    assert [(line["title"], line["cost"]) for line in record["services"]] == [("Haircut", 45), ("Manicure", 20.16)]
    assert await day.sums(nora) == (1, 0, 65.16, 65.16, 0)
    details = await desk("GET", f"/visit/details/{here}/{nora['id']}/{nora['visit_id']}")
    assert sum(item["cost"] for item in details["items"]) == 65.16
    assert [one["amount"] for one in details["payment_transactions"]] == [65.16]
    assert (await desk("GET", f"/record/{here}/{nora['id']}"))["payment_status"] == "paid_full"

    # Max does not come.
    day.time("11:50")
    await day.edit_visit(max_, -1)
    assert await day.sums(max_) == (0, 1, 0, 0, 0)

    # Olga asks for a later hour: her massage is dragged from Peter's column into Anna's.
    assert "12:30" not in await day.free(b.peter)
    olga = await day.change(olga, "15:00", OLGA, "Olga", services=[{"id": b.massage}])
    assert olga["staff"]["name"] == "Anna"
    assert "12:30" in await day.free(b.peter)
    assert "15:00" not in await day.free(b.anna)

    # Paul cancels, and his hour is for others.
    assert "16:30" not in await day.free(b.anna)
    await desk("DELETE", f"/record/{here}/{paul['id']}", status=204)
    assert "16:30" in await day.free(b.anna)
    await desk("GET", f"/visits/{paul['visit_id']}", status=404)
    assert await day.sums(paul) == (0, 0, 0, 0, 0)

    # Olga comes, and leaves a part to be paid next time.
    day.time("15:55")
    await day.edit_visit(olga, 1, new_transactions=[{"id": 0, "amount": 20, "account_id": 0}])
    assert await day.sums(olga) == (1, 0, 45, 20, -25)
    assert (await desk("GET", f"/record/{here}/{olga['id']}"))["payment_status"] == "paid_not_full"

    # Two say how it was.
    for mark, name in ((5, "Nora"), (4, "Olga")):
        review = {"mark": mark, "text": "Thank you", "name": name}
        await desk("POST", f"/comments/{here}/{b.anna}", review, status=201)
    await _closing(day, nora, olga, paul)


async def _phone_bookings(day: Day) -> tuple[Any, Any, Any, Any]:
    """Four call in the morning; a fifth wants time that is taken."""
    b = day.business
    search = f"/company/{day.here}/clients/quick_search"
    assert await day.desk("GET", search, q="315 555-0171") == []
    assert {"10:00", "11:30", "16:30"} <= await day.free(b.anna)
    nora = await day.book("10:00", NORA, "Nora")
    assert [one["name"] for one in await day.desk("GET", search, q="315 555-0171")] == ["Nora"]
    assert [one["name"] for one in await day.desk("GET", search, q="noar")] == ["Nora"]
    max_ = await day.book("11:30", MAX, "Max", services=[{"id": b.haircut, "first_cost": 45, "discount": 10}])
    assert [line["cost"] for line in max_["services"]] == [40.5]
    olga = await day.book("12:30", OLGA, "Olga", staff_id=b.peter, services=[{"id": b.massage}])
    paul = await day.book("16:30", PAUL, "Paul", services=[{"id": b.manicure}])
    await day.book("10:30", "+13155550175", "Quentin", status=422)
    assert not {"10:00", "11:30", "16:30"} & await day.free(b.anna)
    assert await day.calendar() == [
        ("Nora", "10:00", 0),
        ("Max", "11:30", 0),
        ("Olga", "12:30", 0),
        ("Paul", "16:30", 0),
    ]
    return nora, max_, olga, paul


async def _closing(day: Day, nora: Any, olga: Any, paul: Any) -> None:
    """What the day shows when the door is shut."""
    b, desk, here = day.business, day.desk, day.here
    assert await day.calendar() == [("Nora", "10:20", 1), ("Max", "11:30", -1), ("Olga", "15:00", 1)]
    assert ("Paul", "16:30", 0) in await day.calendar(with_deleted=1)
    body = {
        "fields": ["name", "sold_amount", "paid_amount", "balance", "visit_count"],
        "order_by": "sold_amount",
        "order_by_direction": "DESC",
        "filters": [{"type": "sold_amount", "state": {"from": 0.01}}],
    }
    found = await desk("POST", f"/company/{here}/clients/search", body)
    assert [tuple(one[name] for name in body["fields"]) for one in found] == [
        ("Nora", 65.16, 65.16, 0, 1),
        ("Olga", 45, 20, -25, 1),
    ]
    history = await desk("POST", f"/company/{here}/clients/visits/search", {"client_phone": NORA})
    [past] = history["records"]
    assert [(line["cost_to_pay"], line["paid_sum"]) for line in past["services"]] == [(45, 45), (20.16, 20.16)]
    [anna] = await desk("GET", f"/company/{here}/staff/{b.anna}")
    assert (anna["votes_count"], anna["rating"]) == (2, 4.5)
    reviews = await desk("GET", f"/comments/{here}", team_member_id=b.anna)
    assert [(one["user_name"], one["rating"]) for one in reviews] == [("Olga", 4), ("Nora", 5)]
    [*_, made] = changes = await desk("GET", f"/company/{here}/changes", entity="appointment", entity_id=paul["id"])
    assert [bool(one["after"]) for one in changes] == [False, True]
    assert (made["before"], made["user"]["id"]) == (None, b.receptionist.id)
