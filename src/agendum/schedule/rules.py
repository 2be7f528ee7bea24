"""The grid of start times: which moments of a date may be offered, before anyone asks who is free.

A grid is a list of segments for `free_starts` (see queries.sql). A date has one segment, two where the clock changes
(each half keeps the wall clock's rhythm), and none where nothing may be offered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from agendum.core.clock import instant, local_midnight

DAY = 86_400


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
    """Segments as columns, ready to be a statement's arrays. Moments are whole seconds since 1970 (UTC): as integers
    they reach the database several times faster than as timestamps."""

    dates: list[date]
    froms: list[int]
    tills: list[int]
    bases: list[int | None]
    steps: list[int]
    flexible: list[bool]
    slot_segments: list[int]
    slots: list[int]

    def __len__(self) -> int:
        return len(self.dates)


class Segment(msgspec.Struct, frozen=True):
    """One stretch of a date's start times, before anyone knows what time it is."""

    from_at: int
    till: int
    base: int | None
    step: int
    slots: tuple[int, ...] = ()


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
    now = math.ceil(window.now.timestamp())
    for day in days:
        if today <= day <= last_day:
            rule = rule_of(day, rules, default) if rules else default
            earliest = now + max(window.lead, rule.delay)
            for segment in segments(day, tz, rule):
                if segment.till > earliest:
                    _add(grid, day, segment, max(segment.from_at, earliest), rule.is_flexible)
    return grid


def only(grid: Grid, start: datetime) -> Grid:
    """The same grid with nothing left of it but one moment: is this start time offered?"""
    at = int(start.timestamp())
    part = Grid([], [], [], [], [], [], [], [])
    if start.microsecond:
        return part
    for n in range(len(grid)):
        if grid.froms[n] <= at < grid.tills[n]:
            slots = [slot for place, slot in zip(grid.slot_segments, grid.slots, strict=True) if place == n + 1]
            segment = Segment(at, at + 1, grid.bases[n], grid.steps[n], tuple(slot for slot in slots if slot == at))
            _add(part, grid.dates[n], segment, at, grid.flexible[n])
    return part


def any_moment(start: datetime, tz: ZoneInfo) -> Grid:
    """A grid of this one start time whatever the settings say: the desk is not bound by the grid."""
    at = int(start.timestamp())
    return Grid([start.astimezone(tz).date()], [at], [at + 1], [at], [1], [False], [], [])


@lru_cache(maxsize=100_000)
def segments(day: date, tz: ZoneInfo, rule: GridRule) -> tuple[Segment, ...]:
    """All that a rule lets begin on a date: one segment, two around a clock change."""
    midnight, end = local_midnight(day, tz), local_midnight(day + timedelta(days=1), tz)
    if rule.kind == "predefined":
        starts = sorted({instant(day, seconds, tz) for seconds in rule.timeslots})
        slots = tuple(_seconds(start) for start in starts if midnight <= start < end)
        return (Segment(_seconds(midnight), _seconds(end), None, 0, slots),) if slots or rule.is_flexible else ()
    found: list[Segment] = []
    for begin, stop in _halves(midnight, end, tz):
        first = _at_wall(day, rule.first, tz, begin)
        opens = max(begin, first)
        closes = min(stop, _at_wall(day, rule.last, tz, begin) + timedelta(seconds=1))
        if opens < closes:
            # On the wall clock of this half, the grid begins at `first`, even where that lies before the half.
            base = _seconds(first) if rule.kind == "timeslots" else None
            found.append(Segment(_seconds(opens), _seconds(closes), base, rule.step))
    return tuple(found)


@lru_cache(maxsize=100_000)
def day_bounds(day: date, tz: ZoneInfo) -> tuple[int, int]:
    """The first second of a local date and that of the next, since 1970."""
    return _seconds(local_midnight(day, tz)), _seconds(local_midnight(day + timedelta(days=1), tz))


def _add(grid: Grid, day: date, segment: Segment, from_at: int, flexible: bool) -> None:
    grid.dates.append(day)
    grid.froms.append(from_at)
    grid.tills.append(segment.till)
    grid.bases.append(segment.base)
    grid.steps.append(segment.step)
    grid.flexible.append(flexible)
    for slot in segment.slots:
        grid.slot_segments.append(len(grid))
        grid.slots.append(slot)


def _halves(midnight: datetime, end: datetime, tz: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The stretches of a day with one offset from UTC: one, or two around a clock change."""
    before = _offset(midnight, tz)
    if before == _offset(end - timedelta(seconds=1), tz):
        return [(midnight, end)]
    low, high = midnight, end  # bisect to the second at which the offset changes
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if _offset(middle, tz) == before else (low, middle)
    return [(midnight, high), (high, end)]


def _at_wall(day: date, seconds: int, tz: ZoneInfo, begin: datetime) -> datetime:
    """A wall-clock time by the offset of the half that begins so; it may lie outside that half."""
    naive = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001
    return (naive - _offset(begin, tz)).replace(tzinfo=UTC)


def _offset(moment: datetime, tz: ZoneInfo) -> timedelta:
    offset = moment.astimezone(tz).utcoffset()
    assert offset is not None
    return offset


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
