"""The grid of start times: which moments of a date may be offered, before anyone asks who is free.

A grid is a list of segments for `free_starts` (see queries.sql). A date has one segment, two where the clock changes
(each half keeps the wall clock's rhythm), and none where nothing may be offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from agendum.core.clock import instant, local_midnight

DAY = 86_400
LONGEST = DAY  # seconds that one appointment may take


class GridRule(msgspec.Struct, frozen=True, kw_only=True):
    """Start times of a weekday (1 Monday .. 7 Sunday) or a date; seconds from local midnight.

    kind `timeslots`: first + n * step on the wall clock; `schedule`: from the start of each working interval by step;
    `predefined`: exactly `timeslots`. `delay`: seconds from now to the nearest start.
    """

    weekday: int | None = None
    date: date | None = None
    timeslots: tuple[int, ...] = ()
    first: int = 0
    last: int = DAY - 1
    step: int = 900
    delay: int = 0
    kind: Literal["predefined", "schedule", "timeslots"] = "timeslots"
    is_flexible: bool = False


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """When a client may book: not before `lead` seconds from now, not after the date `horizon` days from today."""

    now: datetime
    lead: int = 0
    horizon: int = 90


class Grid(msgspec.Struct, frozen=True):
    """Segments as columns, ready to be a statement's arrays."""

    dates: list[date]
    froms: list[datetime]
    tills: list[datetime]
    bases: list[datetime | None]
    steps: list[int]
    flexible: list[bool]
    slot_segments: list[int]
    slots: list[datetime]

    def __len__(self) -> int:
        return len(self.dates)


def rule_of(day: date, rules: Sequence[GridRule], default: GridRule) -> GridRule:
    """The rule of a date: the date's own, else its weekday's, else the default."""
    found = default
    for rule in rules:
        if rule.date == day:
            return rule
        if rule.weekday == day.isoweekday():
            found = rule
    return found


def lay_grid(days: Iterable[date], tz: ZoneInfo, rules: Sequence[GridRule], default: GridRule, window: Window) -> Grid:
    """The segments of these dates that lie within the window."""
    grid = Grid([], [], [], [], [], [], [], [])
    today = window.now.astimezone(tz).date()
    last_day = today + timedelta(days=window.horizon)
    for day in days:
        if not today <= day <= last_day:
            continue
        rule = rule_of(day, rules, default)
        earliest = window.now + timedelta(seconds=max(window.lead, rule.delay))
        midnight, end = local_midnight(day, tz), local_midnight(day + timedelta(days=1), tz)
        if earliest >= end:
            continue
        if rule.kind == "predefined":
            _add_slots(grid, day, tz, rule, max(earliest, midnight), end)
        else:
            _add_steps(grid, day, tz, rule, earliest, midnight, end)
    return grid


def only(grid: Grid, start: datetime) -> Grid:
    """The same grid with nothing left of it but one moment: is this start time offered?"""
    one = timedelta(microseconds=1)
    at = [i for i in range(len(grid)) if grid.froms[i] <= start < grid.tills[i]]
    place = {old + 1: new + 1 for new, old in enumerate(at)}
    kept = [
        (place[segment], slot)
        for segment, slot in zip(grid.slot_segments, grid.slots, strict=True)
        if slot == start and segment in place
    ]
    return Grid(
        [grid.dates[i] for i in at],
        [start] * len(at),
        [start + one] * len(at),
        [grid.bases[i] for i in at],
        [grid.steps[i] for i in at],
        [grid.flexible[i] for i in at],
        [segment for segment, _ in kept],
        [slot for _, slot in kept],
    )


def any_moment(start: datetime, tz: ZoneInfo) -> Grid:
    """A grid of this one start time whatever the settings say: the desk is not bound by the grid."""
    one = timedelta(microseconds=1)
    return Grid([start.astimezone(tz).date()], [start], [start + one], [start], [1], [False], [], [])


def _add_steps(
    grid: Grid, day: date, tz: ZoneInfo, rule: GridRule, earliest: datetime, midnight: datetime, end: datetime
) -> None:
    step = timedelta(seconds=rule.step)
    # A last start time may lie past midnight on the wall clock of the day; it belongs to the next date.
    for begin, stop in _halves(midnight, end, tz):
        opens = max(begin, _at_wall(day, rule.first, tz, begin))
        closes = min(stop, _at_wall(day, rule.last, tz, begin) + timedelta(microseconds=1))
        base = None
        if rule.kind == "timeslots":
            # On the wall clock of this half, the grid begins at `first`; it may begin before the half does.
            base = _at_wall(day, rule.first, tz, begin)
        from_at = max(opens, earliest)
        if from_at < closes:
            _add(grid, day, from_at, closes, base, int(step.total_seconds()), flexible=rule.is_flexible)


def _add_slots(grid: Grid, day: date, tz: ZoneInfo, rule: GridRule, from_at: datetime, end: datetime) -> None:
    starts = sorted({instant(day, seconds, tz) for seconds in rule.timeslots})
    starts = [start for start in starts if from_at <= start < end]
    if starts or rule.is_flexible:
        _add(grid, day, from_at, end, from_at, 0, flexible=rule.is_flexible)
        grid.slot_segments.extend([len(grid)] * len(starts))
        grid.slots.extend(starts)


def _add(
    grid: Grid,
    day: date,
    from_at: datetime,
    till: datetime,
    base: datetime | None,
    step: int,
    *,
    flexible: bool,
) -> None:
    grid.dates.append(day)
    grid.froms.append(from_at)
    grid.tills.append(till)
    grid.bases.append(base)
    grid.steps.append(step)
    grid.flexible.append(flexible)


def _halves(midnight: datetime, end: datetime, tz: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The stretches of a day with one offset from UTC: one, or two around a clock change."""
    if _offset(midnight, tz) == _offset(end - timedelta(seconds=1), tz):
        return [(midnight, end)]
    low, high = midnight, end  # bisect to the second at which the offset changes
    before = _offset(midnight, tz)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if _offset(middle, tz) == before else (low, middle)
    return [(midnight, high), (high, end)]


def _at_wall(day: date, seconds: int, tz: ZoneInfo, begin: datetime) -> datetime:
    """A wall-clock time by the offset of the half that begins so; it may lie outside that half."""
    return (_naive(day, seconds) - _offset(begin, tz)).replace(tzinfo=UTC)


def _naive(day: date, seconds: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001


def _offset(moment: datetime, tz: ZoneInfo) -> timedelta:
    offset = moment.astimezone(tz).utcoffset()
    assert offset is not None
    return offset
