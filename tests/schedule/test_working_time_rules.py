"""Working time as it is written, in zones whose clocks do what clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agendum.schedule.rules import DayPlan, Problem, spans_of, wall_moment, working_time
from agendum.schedule.wire import Slot

NEW_YORK, HAVANA, LORD_HOWE = ZoneInfo("America/New_York"), ZoneInfo("America/Havana"), ZoneInfo("Australia/Lord_Howe")
HOUR = 3600


def hours(day: date, zone: ZoneInfo, *intervals: tuple[float, float]) -> list[float]:
    """How long each interval of a day lasts."""
    seconds = [(int(begin * HOUR), int(end * HOUR)) for begin, end in intervals]
    spans = spans_of(DayPlan(member_id=1, date=day, intervals=seconds, field=""), zone)
    return [(end - begin) / timedelta(hours=1) for begin, end in spans]


@pytest.mark.parametrize(
    ("day", "zone", "interval", "expected"),
    [
        (date(2027, 3, 13), NEW_YORK, (22, 30), [7]),  # the night that loses an hour
        (date(2027, 3, 14), NEW_YORK, (0, 24), [23]),
        (date(2027, 3, 14), NEW_YORK, (2, 3), []),
        (date(2027, 3, 14), NEW_YORK, (1.5, 2.5), [0.5]),
        (date(2027, 3, 14), NEW_YORK, (2.5, 3.5), [0.5]),
        (date(2027, 11, 6), NEW_YORK, (22, 30), [9]),  # and the one that gains it
        (date(2027, 11, 7), NEW_YORK, (1, 2), [2]),
        (date(2027, 3, 14), HAVANA, (0, 2), [1]),  # midnight itself is skipped
        (date(2027, 3, 13), HAVANA, (20, 24), [4]),
        (date(2026, 10, 4), LORD_HOWE, (1, 4), [2.5]),  # half an hour
    ],
)
def test_an_interval_lasts_as_long_as_the_clock_says(
    day: date, zone: ZoneInfo, interval: tuple[float, float], expected: list[float]
) -> None:
    assert hours(day, zone, interval) == expected


def test_a_time_that_does_not_exist_is_the_moment_of_the_change() -> None:
    change = datetime(2027, 3, 14, 7, tzinfo=UTC)
    for minutes in (120, 121, 150, 179, 180):
        assert wall_moment(date(2027, 3, 14), minutes * 60, NEW_YORK) == change
    assert wall_moment(date(2027, 3, 13), (24 + 2) * HOUR + 1800, NEW_YORK) == change


def test_intervals_come_in_any_order_and_go_out_in_theirs() -> None:
    problems: list[Problem] = []
    found = working_time([Slot("15:00", "24:00"), Slot("9:00", "12:00:00")], "slots", problems)
    assert (found, problems) == ([(9 * HOUR, 12 * HOUR), (15 * HOUR, 24 * HOUR)], [])
