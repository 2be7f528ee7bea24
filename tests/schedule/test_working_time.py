"""Who works when: set, read, refused, and felt by booking at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agendum.core import clock
from tests.booking.test_statements import watch
from tests.makers.chains import make_member_of_staff
from tests.makers.world import make_event, put
from tests.schedule.conftest import Desk, work

pytestmark = pytest.mark.anyio

NIGHT = work("18:00-26:00")


async def entry(desk: Desk, member: int, ahead: int, **query: Any) -> Any:
    """The entry of a day; None when it is not there."""
    day = str(desk.day(ahead))
    found = await desk.entries(start_date=day, end_date=day, **query)
    return next((one for one in found if one["team_member_id"] == member), None)


async def test_what_is_set_comes_back_and_booking_offers_nothing_else(desk: Desk) -> None:
    b = desk.business
    assert "15:00" in await desk.times(b.anna, b.haircut)
    data = await desk.set_days(
        {"staff_id": b.anna, "dates": [str(desk.day(3)), str(desk.day(4))], "slots": work("14:00-15:30", "10:00-12:00")}
    )
    assert [(one["staff_id"], one["date"], one["slots"]) for one in data] == [
        (b.anna, str(desk.day(n)), work("10:00-12:00", "14:00-15:30")) for n in (3, 4)
    ]
    assert (await entry(desk, b.anna, 3))["slots"] == work("10:00-12:00", "14:00-15:30")
    assert await desk.times(b.anna, b.haircut) == [
        "10:00",
        "10:15",
        "10:30",
        "10:45",
        "11:00",
        "14:00",
        "14:15",
        "14:30",
    ]
    assert (await desk.book(desk.wish(b.haircut, desk.at("16:00"), staff=b.anna))).status_code == 422
    assert (await entry(desk, b.peter, 3))["slots"] == work("09:00-18:00"), "others stay as they were"


async def test_setting_and_deleting_is_one_transaction(desk: Desk) -> None:
    b = desk.business
    both = (
        {"team_member_id": b.anna, "dates": [str(desk.day(3))], "slots": work("10:00-12:00")},
        {"team_member_id": b.peter, "dates": [str(desk.day(3))]},
    )
    stranger = {"team_member_id": b.yuki, "dates": [str(desk.day(3))]}
    refused = await desk.set_days(*both, stranger, status=404)
    assert str(b.yuki) in refused["message"]
    assert (await entry(desk, b.anna, 3))["slots"] == work("09:00-18:00")
    data = await desk.set_days(*both)
    assert [(one["team_member_id"], one["slots"]) for one in data] == [(b.anna, work("10:00-12:00")), (b.peter, [])]
    assert await entry(desk, b.peter, 3) is None
    assert await desk.times(b.peter, b.haircut) == []


@pytest.mark.parametrize(
    ("slots", "field", "said"),
    [
        (work("09:00-13:00", "12:00-18:00"), "slots[1]", "12:00-18:00 overlaps 09:00-13:00"),
        (work("14:00-18:00", "09:00-15:00"), "slots[0]", "14:00-18:00 overlaps 09:00-15:00"),
        (work("18:00-09:00"), "slots[0]", "18:00-09:00"),
        (work("10:00-10:00"), "slots[0]", "10:00-10:00"),
        (work("25:00-26:00"), "slots[0]", "25:00-26:00"),
        (work("01:00-26:00"), "slots[0]", "01:00-26:00"),
        (work("9-18"), "slots[0]", "9-18"),
        (work("09:61-18:00"), "slots[0]", "09:61-18:00"),
        ([], "slots", "at least one interval"),
    ],
)
async def test_a_bad_interval_is_named_and_nothing_is_written(desk: Desk, slots: Any, field: str, said: str) -> None:
    b = desk.business
    good = {"team_member_id": b.peter, "dates": [str(desk.day(3))], "slots": work("10:00-12:00")}
    bad = {"team_member_id": b.anna, "dates": [str(desk.day(3))], "slots": slots}
    refused = await desk.set_days(good, bad, status=422)
    [(where, messages)] = refused["errors"].items()
    assert where == f"schedules_to_set[1].{field}"
    assert said in messages[0]
    assert (await entry(desk, b.peter, 3))["slots"] == work("09:00-18:00")


async def test_every_fault_of_a_request_is_told_at_once(desk: Desk) -> None:
    b, day = desk.business, str(desk.day(3))
    refused = await desk.set_days(
        {"team_member_id": b.anna, "dates": [day], "slots": work("09:00-08:00", "10:00-nine")},
        {"team_member_id": b.anna, "dates": ["tomorrow", day]},
        status=422,
    )
    assert set(refused["errors"]) == {
        "schedules_to_set[0].slots[0]",
        "schedules_to_set[0].slots[1]",
        "schedules_to_delete[0].dates[0]",
        "schedules_to_delete[0].dates[1]",  # the day that the first item sets
    }
    assert (await desk.set_days(status=422))["errors"].keys() == {"schedules_to_set"}


async def test_a_night_shift_belongs_to_the_date_on_which_it_begins(desk: Desk) -> None:
    b = desk.business
    await desk.set_days(
        {"team_member_id": b.anna, "dates": [str(desk.day(3))], "slots": NIGHT},
        {"team_member_id": b.anna, "dates": [str(desk.day(4))]},
    )
    assert (await entry(desk, b.anna, 3))["slots"] == NIGHT
    assert await entry(desk, b.anna, 4) is None
    assert (await desk.times(b.anna, b.haircut, 3))[-1] == "23:45"
    assert await desk.times(b.anna, b.haircut, 4) == ["00:00", "00:15", "00:30", "00:45", "01:00"]
    [made] = (await desk.book(desk.wish(b.haircut, desk.at("00:30", 4), staff=b.anna))).json()["data"]
    shown = await entry(desk, b.anna, 4, **{"include[]": "busy_intervals"})
    assert [(one["entity_id"], one["from"], one["to"]) for one in shown["busy_intervals"]] == [
        (made["record_id"], "00:30:00", "01:30:00")
    ]


async def test_a_night_shift_may_not_run_into_the_next_days_work(desk: Desk) -> None:
    b = desk.business
    await desk.set_days({"team_member_id": b.anna, "dates": [str(desk.day(4))], "slots": work("01:00-05:00")})
    refused = await desk.set_days({"team_member_id": b.anna, "dates": [str(desk.day(3))], "slots": NIGHT}, status=422)
    assert refused["errors"].keys() == {"schedules_to_set[0].dates[0]"}
    assert (await entry(desk, b.anna, 3))["slots"] == work("09:00-18:00")
    await desk.set_days({"team_member_id": b.anna, "dates": [str(desk.day(4))], "slots": work("02:00-05:00")})
    await desk.set_days({"team_member_id": b.anna, "dates": [str(desk.day(3))], "slots": NIGHT})


async def test_intervals_that_touch_are_one(desk: Desk) -> None:
    b = desk.business
    await desk.set_days(
        {"team_member_id": b.anna, "dates": [str(desk.day(3))], "slots": work("09:00-12:00", "12:00-24:00")}
    )
    assert (await entry(desk, b.anna, 3))["slots"] == work("09:00-24:00")


async def test_work_is_by_the_locations_clock_also_where_it_changes(desk: Desk) -> None:
    b = desk.business
    for day, slots, hours in (
        ("2027-03-14", work("01:00-04:00"), [1, 3]),  # New York has no 02:00
        ("2027-11-07", work("00:00-03:00"), [0, 1, 1, 2]),  # and twice 01:00
    ):
        [shown] = await desk.set_days({"team_member_id": b.anna, "dates": [day], "slots": slots})
        assert shown["slots"] == slots
        steps = await desk.ask("GET", f"/timetable/seances/{desk.here}/{b.anna}/{day}")
        assert [int(step["time"][:2]) for step in steps[::4]] == hours
    [shown] = await desk.set_days({"team_member_id": b.anna, "dates": ["2027-03-14"], "slots": work("02:15-03:30")})
    assert shown["slots"] == work("03:00-03:30"), "what the clock skips is not worked"


async def test_a_location_in_the_east_has_its_own_days(desk: Desk) -> None:
    b, day = desk.business, desk.day(5)
    path = f"/company/{b.far_location_id}/staff/schedule"
    body = {"schedules_to_set": [{"staff_id": b.yuki, "dates": [str(day)], "slots": work("00:00-24:00")}]}
    [shown] = await desk.ask("PUT", path, json=body)
    assert (shown["date"], shown["slots"]) == (str(day), work("00:00-24:00"))
    begins = await desk.db.fetchval("SELECT lower(work) FROM days WHERE owner_id = $1 AND date = $2", b.yuki, day)
    assert begins.isoformat() == f"{day - timedelta(days=1)}T15:00:00+00:00"
    assert (await desk.call("PUT", path, user=b.receptionist, json=body)).status_code == 403


async def test_booked_time_on_a_day_off_stays_and_shows(desk: Desk) -> None:
    b = desk.business
    [made] = (await desk.book(desk.wish(b.haircut, desk.at("10:00"), staff=b.anna))).json()["data"]
    at = clock.parse_when(desk.at("15:00"), b.zone)
    event_id = await make_event(desk.db, b.chain_id, desk.here, b.anna, b.manicure, at)
    await desk.set_days({"team_member_id": b.anna, "dates": [str(desk.day(3))], "off_day_type": 3})
    assert await entry(desk, b.anna, 3) is not None, "a day off for a reason"
    shown = await entry(desk, b.anna, 3, **{"include[]": ["busy_intervals", "off_day_type"]})
    assert (shown["slots"], shown["off_day_type"]) == ([], 3)
    assert shown["busy_intervals"] == [
        {"entity_type": "record", "entity_id": made["record_id"], "from": "10:00:00", "to": "11:00:00"},
        {"entity_type": "activity", "entity_id": event_id, "from": "15:00:00", "to": "16:00:00"},
    ]
    await desk.set_days({"team_member_id": b.anna, "dates": [str(desk.day(3))]})
    assert await entry(desk, b.anna, 3) is None
    assert (await entry(desk, b.anna, 3, include="busy_intervals"))["slots"] == []
    path = f"/book_record/{desk.here}/{made['record_id']}/{made['record_hash']}"
    assert (await desk.call("GET", path)).json()["deleted"] is False
    assert await desk.times(b.anna, b.haircut) == []


async def test_everybody_who_shares_a_time_is_shown(desk: Desk) -> None:
    b = desk.business
    await desk.db.execute("UPDATE services SET seats = 3 WHERE id = $1", b.manicure)
    wish = desk.wish(b.manicure, desk.at("10:00"), staff=b.anna)
    made = [(await desk.book(wish, phone=f"+1315555019{n}")).json()["data"][0]["record_id"] for n in (1, 2)]
    shown = await entry(desk, b.anna, 3, include="busy_intervals")
    assert [one["entity_id"] for one in shown["busy_intervals"]] == made


async def test_the_list_is_filtered_sorted_and_counted(desk: Desk) -> None:
    b = desk.business
    days = {"start_date": str(desk.day(1)), "end_date": str(desk.day(2))}
    answer = (await desk.call("GET", f"/company/{desk.here}/staff/schedule", user=b.owner, params=days)).json()
    seen = [(one["team_member_id"], one["date"]) for one in answer["data"]]
    assert seen == [(m, str(desk.day(n))) for m in (b.anna, b.peter) for n in (1, 2)], "the heavier first"
    assert answer["meta"] == {"count": 4}
    assert answer["data"][0].keys() == {"team_member_id", "staff_id", "date", "slots"}
    only = await desk.entries(**days, **{"staff_ids[]": [b.peter, b.yuki]})
    assert {one["staff_id"] for one in only} == {b.peter}
    assert len({one["date"] for one in await desk.entries()}) == 31, "today and thirty days"
    refused = await desk.ask(
        "GET",
        f"/company/{desk.here}/staff/schedule",
        422,
        params={"start_date": "2026-02-02", "end_date": "2026-02-01"},
    )
    assert refused["errors"][0]["field"] == "end_date"
    for query in ({"include": "coffee"}, {"start_date": "soon"}, {"start_date": "0001-01-01"}):
        await desk.ask("GET", f"/company/{desk.here}/staff/schedule", 422, params=query)


async def test_a_member_is_read_and_set_by_dates(desk: Desk) -> None:
    b = desk.business
    first, last = desk.day(2), desk.day(4)
    path = f"/schedule/{desk.here}/{b.anna}/{first}/{last}"
    body = [
        {"date": f"{desk.day(2)}T23:00:00.000-05:00", "is_working": True, "slots": work("10:00-14:30", "15:00-22:00")},
        {"date": str(desk.day(3)), "is_working": False, "slots": []},
    ]
    expected = [
        {"date": str(desk.day(2)), "is_working": 1, "slots": work("10:00-14:30", "15:00-22:00")},
        {"date": str(desk.day(3)), "is_working": 0, "slots": []},
        {"date": str(desk.day(4)), "is_working": 1, "slots": work("09:00-18:00")},
    ]
    assert await desk.ask("PUT", path, 201, json=body) == expected
    assert await desk.ask("GET", f"/schedule/{desk.here}/{b.anna}/{first:%Y%m%d}/{last:%Y%m%d}") == expected
    single = {"date": str(desk.day(3)), "is_working": True, "slots": work("08:00-09:00")}
    answer = await desk.ask("PUT", f"/schedule/{desk.here}/{b.anna}", 201, json=[single])
    assert answer == [{**single, "is_working": 1}]
    assert (await desk.ask("PUT", path, 201, json=single | {"is_working": False}))[1] == expected[1], (
        "one may come alone"
    )
    outside = await desk.ask("PUT", path, 422, json=[{**single, "date": str(desk.day(5))}])
    assert outside["errors"][0]["field"] == "[0].date"
    for member in (b.yuki, 9_999_999):
        await desk.ask("GET", f"/schedule/{desk.here}/{member}/{first}/{last}", 404)
        await desk.ask("PUT", f"/schedule/{desk.here}/{member}", 404, json=[single])
    await desk.ask("PUT", f"/schedule/{desk.here}/{b.anna}", 422, json=[])
    await desk.ask("GET", f"/schedule/{desk.here}/{b.anna}/{last}/{first}", 422)


async def test_a_dismissed_member_is_given_no_work_and_shown_none(desk: Desk) -> None:
    b = desk.business
    gone = await make_member_of_staff(desk.db, b.chain_id, desk.here, "Gone", fired_on=desk.day(-2))
    item: dict[str, Any] = {
        "team_member_id": gone,
        "dates": [str(desk.day(-3)), str(desk.day(3))],
        "slots": work("10:00-12:00"),
    }
    refused = await desk.set_days(item, status=422)
    assert refused["errors"].keys() == {"schedules_to_set[0].dates[1]"}
    await desk.set_days(item | {"dates": item["dates"][:1]})
    assert (await entry(desk, gone, -3))["slots"] == work("10:00-12:00")
    assert (await desk.set_days({"team_member_id": gone, "dates": [str(desk.day(3))]})) == []


async def test_who_has_no_timetable_is_given_no_work(desk: Desk) -> None:
    b = desk.business
    await desk.db.execute("UPDATE team_members SET has_access_timetable = false WHERE id = $1", b.anna)
    item = {"team_member_id": b.anna, "dates": [str(desk.day(3))]}
    assert "has no timetable" in (await desk.set_days(item | {"slots": work("10:00-12:00")}, status=422))["message"]
    await desk.set_days(item, status=422)
    assert (await entry(desk, b.anna, 3))["slots"] == work("09:00-18:00")


EXTREMES = ["", " ", "x" * 5000, "0001-01-01", "9999-12-31", "2026-02-30", str(2**63), "-1", "\u0661\u0662:00"]


@pytest.mark.parametrize("value", [*EXTREMES, 12, -1, 1.5, 2**70, None, True, [], {}, [[]]], ids=str)
async def test_no_value_of_any_field_is_a_bug(desk: Desk, value: Any) -> None:
    b = desk.business
    day: dict[str, Any] = {"date": str(desk.day(3)), "is_working": True, "slots": work("10:00-12:00")}
    item: dict[str, Any] = {"team_member_id": b.anna, "dates": [str(desk.day(3))], "slots": work("10:00-12:00")}
    room: dict[str, Any] = {"title": "Room", "instances": [{"title": "One"}], "services": [b.haircut]}
    slot = {"from": value, "to": "12:00"}
    calls: list[tuple[str, str, Any]] = [
        ("PUT", f"/schedule/{desk.here}/{b.anna}", [day | {name: value}]) for name in day
    ]
    calls += [("PUT", f"/schedule/{desk.here}/{b.anna}", [day | {"slots": [slot]}])]
    calls += [
        ("PUT", f"/company/{desk.here}/staff/schedule", {"schedules_to_set": [item | {name: value}]}) for name in item
    ]
    calls += [("PUT", f"/company/{desk.here}/staff/schedule", {"schedules_to_delete": [item | {"dates": [value]}]})]
    calls += [("POST", f"/resources/{desk.here}", room | {name: value}) for name in room]
    calls += [("POST", f"/resources/{desk.here}", room | {"instances": [{"title": value}]})]
    for name in ("record_type", "activity_record_clients_count_max", "is_show_newsletter_agreement"):
        calls.append(("PATCH", f"/company/{desk.here}/settings/timetable", {name: value}))
    for method, path, body in calls:
        answer = await desk.call(method, path, user=b.owner, json=body)
        assert answer.status_code < 500, (method, path, body, answer.text)
    for name in ("start_date", "end_date", "staff_ids[]", "include[]"):
        query = {name: str(value)}
        answer = await desk.call("GET", f"/company/{desk.here}/staff/schedule", user=b.owner, params=query)
        assert answer.status_code < 500, (query, answer.text)


async def test_others_hear_of_each_member_once_and_only_of_changes(desk: Desk) -> None:
    b, far = desk.business, 60  # beyond the days that he works
    item: dict[str, Any] = {
        "team_member_id": b.anna,
        "dates": [str(desk.day(far)), str(desk.day(far + 1))],
        "slots": work("10:00-12:00"),
    }
    await desk.set_days(item, {"team_member_id": b.peter, "dates": [str(desk.day(3))]})
    await desk.set_days(item)
    await desk.set_days(item | {"dates": item["dates"][:1], "slots": work("10:00-13:00")})
    place = {"chain_id": b.chain_id, "location_id": desk.here}
    assert await desk.notices("schedule") == [
        ("schedule.created", {**place, "team_member_id": b.anna}),
        ("schedule.deleted", {**place, "team_member_id": b.peter}),
        ("schedule.changed", {**place, "team_member_id": b.anna}),
    ]


async def limit(desk: Desk, **rights: Any) -> None:
    """Give the receptionist these limits."""
    sql = "UPDATE memberships SET rights = rights || $2 WHERE user_id = $1"
    await desk.db.execute(sql, desk.business.receptionist.id, rights)


async def test_who_may_see_one_member_sees_and_sets_nobody_else(desk: Desk) -> None:
    b = desk.business
    await limit(desk, master_id=b.peter)
    me: dict[str, Any] = {"user": b.receptionist}
    path = f"/company/{desk.here}/staff/schedule"
    assert {one["staff_id"] for one in await desk.ask("GET", path, **me)} == {b.peter}
    span = f"{desk.day(1)}/{desk.day(2)}"
    assert len(await desk.ask("GET", f"/schedule/{desk.here}/{b.peter}/{span}", **me)) == 2
    await desk.ask("GET", f"/schedule/{desk.here}/{b.anna}/{span}", 403, **me)
    await desk.ask("GET", f"/timetable/seances/{desk.here}/{b.anna}/{desk.day(1)}", 403, **me)
    item = {"dates": [str(desk.day(3))], "slots": work("10:00-12:00")}
    await desk.set_days({"team_member_id": b.anna, **item}, status=403, **me)
    await desk.set_days({"team_member_id": b.peter, **item}, **me)
    await desk.set_days({"team_member_id": b.anna, "dates": [str(desk.day(5))]})
    await desk.set_days({"team_member_id": b.peter, "dates": [str(desk.day(6))]})
    found = await desk.ask("GET", f"/timetable/dates/{desk.here}/{desk.day(5)}", **me)
    assert found[:2] == [str(desk.day(5)), str(desk.day(7))]


async def test_the_position_and_the_past_may_be_limited_too(desk: Desk) -> None:
    b = desk.business
    position = await desk.db.fetchval("SELECT position_id FROM team_members WHERE id = $1", b.anna)
    await limit(desk, position_id=position, last_days_count=1)
    me: dict[str, Any] = {"user": b.receptionist}
    today = desk.day(0)
    found = await desk.ask(
        "GET",
        f"/company/{desk.here}/staff/schedule",
        params={"start_date": str(desk.day(-5)), "end_date": str(today)},
        **me,
    )
    assert [(one["staff_id"], one["date"]) for one in found] == [(b.anna, str(desk.day(n))) for n in (-1, 0)]
    late = {"team_member_id": b.anna, "dates": [str(desk.day(-2))]}
    await desk.set_days(late, status=403, **me)
    await desk.set_days(late)


async def test_a_list_costs_one_statement(desk: Desk) -> None:
    b = desk.business
    for number in range(18):
        member = await make_member_of_staff(desk.db, b.chain_id, desk.here, f"Member {number}")
        for ahead in range(31):
            await put(desk.db, "days", chain_id=b.chain_id, owner_id=member, date=desk.day(ahead), off_kind=1)
    query = {"include[]": ["busy_intervals", "off_day_type"]}
    for _ in range(2):
        assert len(await desk.entries(**query)) == 20 * 31
    seen = watch(desk)
    await desk.entries(**query)
    assert len(seen) == 1, "\n".join(seen)
