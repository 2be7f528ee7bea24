"""The grid of start times, read off the wall: which stretches of a date may be offered at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agendum.schedule.rules import Grid, GridRule, Window, any_moment, lay_grid, only

NEW_YORK, RIGA = ZoneInfo("America/New_York"), ZoneInfo("Europe/Riga")
HOUR = 3600
MONDAY = date(2026, 7, 13)
LONG_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def lay(
    day: date,
    zone: ZoneInfo,
    rule: GridRule,
    *,
    now: datetime = LONG_BEFORE,
    lead: int = 0,
    horizon: int = 365,
    rules: Sequence[GridRule] = (),
) -> Grid:
    return lay_grid([day], zone, rules, rule, Window(now=now, lead=lead, horizon=horizon))


def wall(seconds: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(seconds, zone).strftime("%d %H:%M:%S%z")


def stretches(grid: Grid, zone: ZoneInfo) -> list[tuple[str, str]]:
    """From (inclusive) to till (exclusive) of each segment: day, wall clock, offset."""
    return [(wall(a, zone), wall(b, zone)) for a, b in zip(grid.froms, grid.tills, strict=True)]


def steps(grid: Grid, zone: ZoneInfo) -> list[list[str]]:
    """The wall clock of every start of each segment, for somebody who is always free."""
    return [
        [datetime.fromtimestamp(at, zone).strftime("%H:%M") for at in range(base, till, step) if at >= begin]
        for base, step, begin, till in zip(grid.bases, grid.steps, grid.froms, grid.tills, strict=True)
        if base is not None
    ]


def slots(grid: Grid, zone: ZoneInfo) -> list[str]:
    return [wall(slot, zone) for slot in grid.slots]


def test_an_ordinary_date_is_one_stretch_from_first_to_last() -> None:
    grid = lay(MONDAY, RIGA, GridRule(first=9 * HOUR, last=11 * HOUR, step=2400))
    assert stretches(grid, RIGA) == [("13 09:00:00+0300", "13 11:00:01+0300")]
    assert steps(grid, RIGA) == [["09:00", "09:40", "10:20", "11:00"]]


def test_without_a_rule_every_quarter_of_an_hour_is_a_start() -> None:
    [starts] = steps(lay(MONDAY, RIGA, GridRule()), RIGA)
    assert (len(starts), starts[:2], starts[-1]) == (96, ["00:00", "00:15"], "23:45")


def test_a_last_start_past_midnight_belongs_to_the_next_date() -> None:
    grid = lay(MONDAY, RIGA, GridRule(first=23 * HOUR, last=26 * HOUR, step=HOUR))
    assert stretches(grid, RIGA) == [("13 23:00:00+0300", "14 00:00:00+0300")]


@pytest.mark.parametrize(
    ("day", "zone", "halves"),
    [
        (date(2026, 3, 8), NEW_YORK, [["00:30", "01:20"], ["03:00", "03:50", "04:40"]]),
        (date(2026, 11, 1), NEW_YORK, [["00:30", "01:20"], ["01:20", "02:10", "03:00", "03:50", "04:40"]]),
        (date(2026, 3, 29), RIGA, [["00:30", "01:20", "02:10"], ["04:40"]]),
        (date(2026, 10, 25), RIGA, [["00:30", "01:20", "02:10", "03:00", "03:50"], ["03:00", "03:50", "04:40"]]),
    ],
)
def test_each_half_of_a_clock_change_keeps_the_rhythm_of_the_wall(
    day: date, zone: ZoneInfo, halves: list[list[str]]
) -> None:
    """What the clock skips is no start, what it repeats is two."""
    grid = lay(day, zone, GridRule(first=HOUR // 2, last=4 * HOUR + 2400, step=3000))
    assert steps(grid, zone) == halves


@pytest.mark.parametrize(
    ("day", "last", "till"),
    [
        (date(2026, 3, 8), HOUR, "08 01:00:01-0500"),
        (date(2026, 3, 8), 9000, "08 03:00:00-0400"),  # 02:30 does not exist: up to the change
        (date(2026, 11, 1), 1800, "01 00:30:01-0400"),
    ],
)
def test_nothing_follows_a_last_start_before_the_clock_change(day: date, last: int, till: str) -> None:
    grid = lay(day, NEW_YORK, GridRule(last=last))
    assert [end for _, end in stretches(grid, NEW_YORK)] == [till]


def test_a_repeated_last_start_closes_both_halves() -> None:
    grid = lay(date(2026, 11, 1), NEW_YORK, GridRule(first=HOUR, last=5400, step=1800))
    assert stretches(grid, NEW_YORK) == [
        ("01 01:00:00-0400", "01 01:30:01-0400"),
        ("01 01:00:00-0500", "01 01:30:01-0500"),
    ]


def test_a_date_that_does_not_exist_has_no_starts() -> None:
    apia = ZoneInfo("Pacific/Apia")
    skipped, long_before = date(2011, 12, 30), datetime(2011, 12, 1, tzinfo=UTC)
    for rule in (GridRule(), GridRule(kind="predefined", timeslots=(36_000,))):
        assert not slots(grid := lay(skipped, apia, rule, now=long_before), apia)
        assert not any(begin < till for begin, till in zip(grid.froms, grid.tills, strict=True))


def test_predefined_times_are_exactly_those_of_the_list() -> None:
    grid = lay(MONDAY, RIGA, GridRule(kind="predefined", timeslots=(15 * HOUR, 9 * HOUR, 9 * HOUR, 25 * HOUR)))
    assert slots(grid, RIGA) == ["13 09:00:00+0300", "13 15:00:00+0300"]
    assert steps(grid, RIGA) == []


def test_a_predefined_time_that_is_skipped_is_shifted_and_a_repeated_one_is_the_first() -> None:
    rule = GridRule(kind="predefined", timeslots=(9000, 5400))
    assert slots(lay(date(2026, 3, 8), NEW_YORK, rule), NEW_YORK) == ["08 01:30:00-0500", "08 03:30:00-0400"]
    assert slots(lay(date(2026, 11, 1), NEW_YORK, rule), NEW_YORK) == ["01 01:30:00-0400", "01 02:30:00-0500"]


def test_an_empty_predefined_list_closes_the_date_unless_it_is_flexible() -> None:
    assert not len(lay(MONDAY, RIGA, GridRule(kind="predefined")))
    flexible = lay(MONDAY, RIGA, GridRule(kind="predefined", is_flexible=True))
    assert stretches(flexible, RIGA) == [("13 00:00:00+0300", "14 00:00:00+0300")]


def test_the_rule_of_a_date_beats_that_of_its_weekday_and_this_the_usual_one() -> None:
    rules = [
        GridRule(date=MONDAY, first=10 * HOUR),
        GridRule(weekday=1, first=11 * HOUR),
        GridRule(date=MONDAY + timedelta(days=7), kind="predefined"),
    ]
    firsts = [
        [begin for begin, _ in stretches(lay(day, RIGA, GridRule(first=12 * HOUR), rules=order), RIGA)]
        for order in (rules, rules[::-1])
        for day in (MONDAY, MONDAY + timedelta(days=14), MONDAY + timedelta(days=1), MONDAY + timedelta(days=7))
    ]
    assert firsts == [["13 10:00:00+0300"], ["27 11:00:00+0300"], ["14 12:00:00+0300"], []] * 2


@pytest.mark.parametrize(
    ("lead", "delay", "begins"),
    [(0, 0, "13 10:20:01+0300"), (0, HOUR, "13 11:20:01+0300"), (2 * HOUR, HOUR, "13 12:20:01+0300")],
)
def test_the_longer_of_lead_and_delay_keeps_clients_off(lead: int, delay: int, begins: str) -> None:
    now = datetime(2026, 7, 13, 10, 20, 0, 500, RIGA)
    grid = lay(MONDAY, RIGA, GridRule(delay=delay), now=now, lead=lead)
    assert stretches(grid, RIGA) == [(begins, "14 00:00:00+0300")]
    assert steps(grid, RIGA)[0][0] > begins[3:8]


def test_nothing_is_left_of_a_date_that_the_delay_outlasts() -> None:
    now = datetime(2026, 7, 13, 10, 20, tzinfo=RIGA)
    assert not len(lay(MONDAY, RIGA, GridRule(delay=14 * HOUR), now=now))
    assert not len(lay(MONDAY, RIGA, GridRule(last=10 * HOUR), now=now))


def test_the_horizon_counts_dates_of_the_location_from_its_today() -> None:
    now = datetime(2026, 7, 12, 22, 30, tzinfo=UTC)  # Monday already in Riga, still Sunday in New York
    days = [MONDAY + timedelta(days=n) for n in range(-2, 5)]
    for zone, today in ((RIGA, MONDAY), (NEW_YORK, MONDAY - timedelta(days=1))):
        grid = lay_grid(days, zone, [], GridRule(), Window(now=now, horizon=2))
        assert grid.dates == [today + timedelta(days=n) for n in range(3)]


def test_only_one_moment_of_a_grid() -> None:
    grid = lay(MONDAY, RIGA, GridRule(kind="predefined", timeslots=(9 * HOUR, 15 * HOUR)))
    nine = datetime(2026, 7, 13, 9, tzinfo=RIGA)
    assert slots(only(grid, nine), RIGA) == ["13 09:00:00+0300"]
    assert stretches(only(grid, nine), RIGA) == [("13 09:00:00+0300", "13 09:00:01+0300")]
    assert slots(only(grid, nine + timedelta(minutes=1)), RIGA) == []
    assert not len(only(grid, nine + timedelta(days=1)))
    assert not len(only(grid, nine + timedelta(milliseconds=1)))


def test_the_desk_may_take_any_moment() -> None:
    odd = datetime(2026, 7, 13, 3, 7, 21, tzinfo=RIGA)
    grid = any_moment(odd, RIGA)
    assert (grid.dates, stretches(grid, RIGA)) == ([MONDAY], [("13 03:07:21+0300", "13 03:07:22+0300")])
