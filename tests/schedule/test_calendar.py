"""What the calendar of a location shows: dates that are worked, the steps of a day, its settings."""

from __future__ import annotations

from typing import Any

import pytest

from agendum.core import clock
from tests.makers.schedule import make_busy
from tests.schedule.conftest import Desk, work

pytestmark = pytest.mark.anyio


async def steps(desk: Desk, ahead: int = 3) -> dict[str, bool]:
    """The steps of a day of Anna's: is each free?"""
    found = await desk.ask("GET", f"/timetable/seances/{desk.here}/{desk.business.anna}/{desk.day(ahead)}")
    return {one["time"]: one["is_free"] for one in found}


async def test_the_steps_of_a_day_are_its_work_less_what_is_taken(desk: Desk) -> None:
    b = desk.business
    await desk.set_days(
        {"staff_id": b.anna, "dates": [str(desk.day(3))], "slots": work("09:00-10:00", "12:10-12:50")},
        {"staff_id": b.anna, "dates": [str(desk.day(4))]},
    )
    hour = ["09:00", "09:15", "09:30", "09:45"]
    assert await steps(desk) == dict.fromkeys([*hour, "12:10", "12:25", "12:40"], True)
    assert await steps(desk, 4) == {}
    begin, end = (clock.parse_when(desk.at(at), b.zone) for at in ("09:20", "09:30"))
    await make_busy(desk.db, b.chain_id, desk.here, b.anna, begin, end, kind="break")
    assert [time for time, free in (await steps(desk)).items() if not free] == ["09:15"]
    await desk.ask("GET", f"/timetable/seances/{desk.here}/{b.yuki}/{desk.day(3)}", 404)


async def test_dates_are_those_on_which_somebody_works(desk: Desk) -> None:
    b = desk.business
    night = {"team_member_id": b.anna, "dates": [str(desk.day(5))], "slots": work("20:00-25:00")}
    off = [{"team_member_id": m, "dates": [str(desk.day(n)) for n in range(1, 9)]} for m in (b.anna, b.peter)]
    await desk.set_days(*off)
    await desk.set_days(night)
    path = f"/timetable/dates/{desk.here}"
    assert (await desk.ask("GET", f"{path}/{desk.day(1)}"))[:3] == [str(desk.day(n)) for n in (5, 6, 9)]
    peters = await desk.ask("GET", f"{path}/{desk.day(1)}", params={"staff_id": b.peter})
    assert (peters[0], len(peters)) == (str(desk.day(9)), 35)
    assert (await desk.ask("GET", f"{path}/{desk.day(6)}"))[0] == str(desk.day(6))
    assert await desk.ask("GET", f"{path}/{desk.day(400)}") == []
    await desk.ask("GET", path + f"/{desk.day(1)}", 404, params={"staff_id": b.yuki})
    await desk.ask("GET", path + "/0001-01-01", 422)


async def test_settings_have_defaults_and_change_by_what_is_sent(desk: Desk) -> None:
    b = desk.business
    path = f"/company/{desk.here}/settings/timetable"
    fresh: dict[str, Any] = {
        "record_type": 0,
        "activity_record_clients_count_max": 1,
        "is_show_newsletter_agreement": False,
        "is_show_personal_data_processing_agreement": False,
    }
    assert await desk.ask("GET", path) == fresh
    wanted = {"record_type": 2, "activity_record_clients_count_max": 12}
    assert await desk.ask("PATCH", path, json=wanted) == fresh | wanted
    more = {"is_show_newsletter_agreement": True}
    assert await desk.ask("PATCH", path, json=more) == fresh | wanted | more
    assert await desk.ask("GET", path) == fresh | wanted | more
    assert (await desk.get(f"/company/{desk.here}"))["record_type_id"] == 2
    for bad in (
        {"record_type": 3},
        {"activity_record_clients_count_max": 0},
        {"activity_record_clients_count_max": 256},
    ):
        assert (await desk.ask("PATCH", path, 422, json=bad))["errors"][0]["field"] == next(iter(bad))
    await desk.ask("PATCH", path, 403, json=wanted, user=b.limited)
