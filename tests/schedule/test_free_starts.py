"""When can somebody begin? The engine's rules one by one, for Anna on a Wednesday in Riga."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agendum.core.db.sql import Connection
from agendum.schedule.rules import Grid, any_moment, only
from tests.schedule.model import Asked, Busy, Rule, Service, Span, World, moment
from tests.schedule.stored import Engine, store

pytestmark = pytest.mark.anyio

RIGA = ZoneInfo("Europe/Riga")
WEDNESDAY = date(2026, 7, 15)
ANNA, CABIN, OTHER_CABIN = 1, 11, 12
HAIRCUT, MASSAGE, YOGA = 1, 2, 3
chains = count(1)


def at(clock: str) -> int:
    """The minute of a time on the Wednesday, or as in "Tue 22:00" on a date beside it."""
    day, _, wall = clock.rpartition(" ")
    hours, minutes = wall.split(":")
    midnight = datetime(2026, 7, {"Tue": 14, "": 15, "Thu": 16}[day], tzinfo=RIGA)
    return int(midnight.timestamp()) // 60 + int(hours) * 60 + int(minutes)


def span(text: str) -> Span:
    begin, end = text.split(" to ")
    return at(begin), at(end)


def busy(text: str, **facts: Any) -> Busy:
    return Busy(*span(text), **facts)


def service(minutes: int = 30, pause: int = 0, *, needs_cabin: bool = False, seats: int = 1) -> Service:
    return Service({ANNA: minutes * 60}, pause * 60, seats, (1,) if needs_cabin else ())


async def anna(
    db: Connection,
    *works: str,
    asked: tuple[int, ...] = (HAIRCUT,),
    taken: dict[int, list[Busy]] | None = None,
    services: dict[int, Service] | None = None,
    cabins: tuple[int, ...] = (CABIN,),
    now: str = "Tue 12:00",
    by_request: tuple[int, str] | None = None,
    **rule: Any,
) -> Engine:
    """Anna in a world of her own; the grid is half-hourly unless `rule` says otherwise."""
    spans = [span(text) for text in works]
    grid: dict[str, Any] = {"weekday": 3, "step": 1800, **rule}
    world = World(
        zone=RIGA.key,
        work={
            ANNA: {
                day: [s for s in spans if moment(s[0]).astimezone(RIGA).date() == day]
                for day in (WEDNESDAY - timedelta(days=1), WEDNESDAY, WEDNESDAY + timedelta(days=1))
            }
        },
        busy=taken or {},
        services=services or {HAIRCUT: service()},
        resources={1: list(cabins)},
        rules=(Rule(**grid),),
    )
    given_away = ((by_request[0], *span(by_request[1])),) if by_request else ()
    await store(db, chain_id := next(chains), world)
    question = Asked(asked, (ANNA,), moment(at(now)), taken=given_away)
    return await Engine.of(db, chain_id, world, question, (WEDNESDAY,))


async def offered(engine: Engine, grid: Grid | None = None) -> str:
    """Her starts, by the clock on the wall."""
    found = await engine.starts(grid)
    return " ".join(moment(minute).astimezone(RIGA).strftime("%H:%M") for _, minute in sorted(found.get(WEDNESDAY, [])))


async def test_she_is_free_where_she_works_and_is_not_busy(db: Connection) -> None:
    engine = await anna(db, "9:00 to 12:00", taken={ANNA: [busy("10:00 to 10:40")]})
    assert await offered(engine) == "09:00 09:30 11:00 11:30"


async def test_an_overbooked_appointment_keeps_her_busy_too(db: Connection) -> None:
    over = [busy("9:00 to 10:00"), busy("9:30 to 10:30", is_overbooked=True)]
    assert await offered(await anna(db, "9:00 to 12:00", taken={ANNA: over})) == "10:30 11:00 11:30"


async def test_the_technical_break_must_fit_as_well(db: Connection) -> None:
    engine = await anna(db, "9:00 to 11:00", services={HAIRCUT: service(60, pause=30)})
    assert await offered(engine) == "09:00 09:30"


async def test_services_follow_one_another_and_the_longest_break_follows_them(db: Connection) -> None:
    services = {HAIRCUT: service(60, pause=30), MASSAGE: service(60, pause=15)}
    engine = await anna(db, "9:00 to 12:00", asked=(HAIRCUT, MASSAGE), services=services)
    assert await offered(engine) == "09:00 09:30"


async def test_without_a_service_there_is_room_for_her_shortest_one(db: Connection) -> None:
    services = {HAIRCUT: service(60), MASSAGE: service(45, pause=30)}
    assert await offered(await anna(db, "9:00 to 10:30", asked=(), services=services)) == "09:00 09:30"


async def test_a_night_shift_belongs_to_both_of_its_dates(db: Connection) -> None:
    engine = await anna(db, "Tue 22:00 to 1:00", "22:30 to Thu 2:00", services={HAIRCUT: service(60)})
    assert await offered(engine) == "00:00 22:30 23:00 23:30"


async def test_the_tail_of_a_night_shift_makes_a_working_date(db: Connection) -> None:
    dates = (WEDNESDAY, WEDNESDAY + timedelta(days=1))
    assert await (await anna(db, "Tue 22:00 to 1:00")).working_dates(dates, (ANNA,)) == [WEDNESDAY]
    assert await (await anna(db, "Tue 22:00 to 0:00")).working_dates(dates, (ANNA,)) == []
    assert await (await anna(db, "22:00 to 24:30")).working_dates(dates, (ANNA,)) == list(dates)


async def test_a_grid_by_schedule_counts_from_the_beginning_of_the_shift(db: Connection) -> None:
    engine = await anna(db, "Tue 22:50 to 1:00", "9:10 to 11:00", kind="schedule", step=2400)
    assert await offered(engine) == "00:10 09:10 09:50 10:30"


async def test_a_grid_by_schedule_begins_anew_with_each_date_of_somebody_who_never_rests(db: Connection) -> None:
    engine = await anna(db, "Tue 0:00 to 0:00", "0:00 to 24:00", kind="schedule", step=7 * 3600)
    assert await offered(engine) == "00:00 07:00 14:00 21:00"


async def test_time_off_of_a_whole_day_ends_on_the_minute(db: Connection) -> None:
    """24 hours are the longest that can be busy, and the engine looks no further back."""
    engine = await anna(db, "9:00 to 12:00", taken={ANNA: [busy("Tue 10:00 to 10:00")]}, first=36_000)
    assert await offered(engine) == "10:00 10:30 11:00 11:30"
    engine = await anna(db, "0:00 to 2:00", taken={ANNA: [busy("Tue 0:30 to 0:30")]})
    assert await offered(engine) == "00:30 01:00 01:30"


async def test_flexible_offers_the_moment_at_which_she_gets_free(db: Connection) -> None:
    engine = await anna(db, "9:00 to 11:00", taken={ANNA: [busy("9:00 to 10:07")]}, is_flexible=True)
    assert await offered(engine) == "10:07 10:30"
    assert await offered(engine, only(engine.grid, moment(at("10:07")))) == "10:07"
    assert await offered(engine, only(engine.grid, moment(at("10:08")))) == ""
    assert await engine.first_of_members() == {(ANNA, at("10:07"))}


async def test_flexible_keeps_to_the_hours_of_online_booking(db: Connection) -> None:
    shift = [busy("9:00 to 10:00"), busy("11:00 to 11:20")]
    hours: dict[str, Any] = {"first": 36_000, "last": 39_600}
    engine = await anna(db, "9:00 to 12:00", taken={ANNA: shift}, kind="schedule", step=2700, is_flexible=True, **hours)
    assert await offered(engine) == "10:00 10:30"


async def test_predefined_and_flexible_gives_each_start_once(db: Connection) -> None:
    times: dict[str, Any] = {"kind": "predefined", "timeslots": (32_400, 36_000, 39_600), "is_flexible": True}
    engine = await anna(db, "9:00 to 11:00", taken={ANNA: [busy("9:30 to 10:10")]}, **times)
    assert await offered(engine) == "09:00 10:10"


async def test_what_the_same_request_has_taken_is_taken(db: Connection) -> None:
    engine = await anna(db, "9:00 to 11:00", by_request=(ANNA, "9:30 to 10:00"))
    assert await offered(engine) == "09:00 10:00 10:30"


async def test_a_cabin_is_needed_for_just_the_part_of_its_service(db: Connection) -> None:
    services = {HAIRCUT: service(30), MASSAGE: service(30, pause=30, needs_cabin=True)}
    for asked, starts in (((HAIRCUT, MASSAGE), "09:00 10:00 10:30"), ((MASSAGE, HAIRCUT), "09:00 09:30 10:30")):
        engine = await anna(
            db, "9:00 to 12:00", asked=asked, services=services, taken={CABIN: [busy("10:00 to 10:30")]}
        )
        assert await offered(engine) == starts


async def test_one_free_cabin_is_enough_and_none_too_few(db: Connection) -> None:
    massage: dict[str, Any] = {"services": {HAIRCUT: service(30, needs_cabin=True)}}
    taken = {CABIN: [busy("Tue 10:00 to 10:00")], OTHER_CABIN: [busy("9:30 to 11:00")]}
    both = await anna(db, "9:00 to 11:00", taken=taken, cabins=(CABIN, OTHER_CABIN), **massage)
    assert await offered(both) == "09:00 10:00 10:30"
    asked = await anna(
        db, "9:00 to 11:00", taken=taken, cabins=(CABIN, OTHER_CABIN), by_request=(CABIN, "10:00 to 10:30"), **massage
    )
    assert await offered(asked) == "09:00 10:30"
    assert await offered(await anna(db, "9:00 to 11:00", cabins=(), **massage)) == ""


GROUP: dict[str, Any] = {"asked": (YOGA,), "services": {YOGA: service(60, needs_cabin=True, seats=4)}}


@pytest.mark.parametrize(
    ("session", "starts"),
    [
        ({"seats_taken": 3}, "09:00 10:15 11:30"),
        ({"seats_taken": 4}, "09:00 11:30"),  # no seat left
        ({"seats_taken": 1, "service": HAIRCUT}, "09:00 11:30"),
        ({"seats_taken": 1, "service": None}, "09:00 11:30"),
    ],
)
async def test_clients_join_a_running_session_whatever_else_is_taken(
    db: Connection, session: dict[str, Any], starts: str
) -> None:
    """It has the cabin, it is off the grid, and it is what keeps Anna busy."""
    session = {"service": YOGA, "seats": 4, **session}
    taken = {ANNA: [busy("10:15 to 11:15", **session)], CABIN: [busy("10:15 to 11:15")]}
    assert await offered(await anna(db, "9:00 to 12:30", taken=taken, **GROUP)) == starts


async def test_a_session_of_another_length_is_not_the_one_asked_for(db: Connection) -> None:
    taken = {ANNA: [busy("10:15 to 11:45", service=YOGA, seats=4)]}
    assert await offered(await anna(db, "9:00 to 12:00", taken=taken, **GROUP)) == "09:00"


async def test_a_session_outside_her_working_time_is_joined_within_the_hours_of_online_booking(
    db: Connection,
) -> None:
    taken = {ANNA: [busy(hours, service=YOGA, seats=4) for hours in ("7:15 to 8:15", "19:00 to 20:00")]}
    assert await offered(await anna(db, taken=taken, **GROUP)) == "07:15 19:00"
    assert await offered(await anna(db, taken=taken, **GROUP, first=28_800)) == "19:00"
    assert await offered(await anna(db, taken=taken, **GROUP, delay=8 * 3600, now="0:00")) == "19:00"


async def test_a_session_on_a_date_of_listed_times_is_joined_unless_the_list_is_empty(db: Connection) -> None:
    """Whether the listed times have passed does not matter."""
    taken = {ANNA: [busy("15:00 to 16:00", service=YOGA, seats=4)]}
    for times, starts in (((32_400,), "15:00"), ((), "")):
        listed: dict[str, Any] = {"kind": "predefined", "timeslots": times, "now": "10:00"}
        assert await offered(await anna(db, "9:00 to 12:00", taken=taken, **GROUP, **listed)) == starts


async def test_several_services_share_no_session(db: Connection) -> None:
    taken = {ANNA: [busy("10:00 to 11:00", service=YOGA, seats=4)]}
    group: dict[str, Any] = {"asked": (YOGA, YOGA), "services": {YOGA: service(30, seats=4)}}
    assert await offered(await anna(db, "9:00 to 12:00", taken=taken, **group)) == "09:00 11:00"


async def test_nothing_longer_than_24_hours_is_offered(db: Connection) -> None:
    """For that no calendar has room, however long somebody works."""
    days = "Tue 0:00 to 0:00", "0:00 to 24:00", "Thu 0:00 to Thu 24:00"
    for minutes, starts in ((600, "00:00 12:00"), (610, "")):
        services = {HAIRCUT: service(840), MASSAGE: service(minutes)}
        engine = await anna(db, *days, asked=(HAIRCUT, MASSAGE), services=services, step=43_200)
        assert await offered(engine) == starts


async def test_the_desk_is_bound_by_time_and_not_by_the_grid(db: Connection) -> None:
    engine = await anna(db, "9:00 to 11:00", taken={ANNA: [busy("9:00 to 10:07")]}, now="10:20", first=36_000)
    for clock, possible in (("10:06", False), ("10:07", True), ("10:29", True), ("10:31", False)):
        assert bool(await offered(engine, any_moment(moment(at(clock)), RIGA))) is possible
