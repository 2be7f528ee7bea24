"""The grid of start times: which moments of a date may be offered, before anyone asks who is free; and working time as
it is written.

A grid is a list of segments for `free_starts` (see queries/engine.sql). A date has one segment, two where the clock
changes (each half keeps the wall clock's rhythm), and none where nothing may be offered.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from agendum.core.clock import instant, local_midnight, within_reach
from agendum.schedule.wire import DayBody, InstanceBody, ScheduleBody, Slot

DAY = 86_400
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::00)?")


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

    @property
    def is_fixed(self) -> bool:
        """Whether a grid of one moment has that moment wherever working time begins."""
        return bool(self.slots) or any(
            base is not None and step and (at - base) % step == 0
            for at, base, step in zip(self.froms, self.bases, self.steps, strict=True)
        )


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


def in_a_row(grids: Iterable[Grid]) -> Grid:
    """One grid of the segments of all of these, one grid's after another's."""
    row = Grid([], [], [], [], [], [], [], [])
    for grid in grids:
        row.slot_segments.extend(len(row) + place for place in grid.slot_segments)
        row.slots.extend(grid.slots)
        row.dates.extend(grid.dates)
        row.froms.extend(grid.froms)
        row.tills.extend(grid.tills)
        row.bases.extend(grid.bases)
        row.steps.extend(grid.steps)
        row.flexible.extend(grid.flexible)
    return row


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


# ---- working time as it is written


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a part of a request: an item of `meta.errors`."""

    field: str
    message: str
    code: int = 422


class DayPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a team member's date is to be: its intervals (seconds from midnight), or why it is off. `field` is the place
    in the request."""

    member_id: int
    date: date
    intervals: Sequence[tuple[int, int]] = ()
    off_kind: int | None = None
    field: str


def plan_of(body: ScheduleBody) -> tuple[list[DayPlan], list[Problem]]:
    """The days that a request sets and deletes, and all that is wrong with it."""
    plans, problems = list[DayPlan](), list[Problem]()
    for n, item in enumerate(body.schedules_to_set):
        place = f"schedules_to_set[{n}]"
        intervals = working_time(item.slots, f"{place}.slots", problems)
        for day, field in _read_dates(item.dates, f"{place}.dates", problems):
            plans.append(DayPlan(member_id=item.team_member_id, date=day, intervals=intervals, field=field))
    for n, item in enumerate(body.schedules_to_delete):
        for day, field in _read_dates(item.dates, f"schedules_to_delete[{n}].dates", problems):
            plans.append(DayPlan(member_id=item.team_member_id, date=day, off_kind=item.off_day_type, field=field))
    return plans, problems + _twice(plans)


def plan_of_days(member_id: int, days: Sequence[DayBody]) -> tuple[list[DayPlan], list[Problem]]:
    """The days of one team member, given one by one, and all that is wrong with them."""
    plans, problems = list[DayPlan](), list[Problem]()
    for n, item in enumerate(days):
        intervals = working_time(item.slots, f"[{n}].slots", problems) if item.is_working else ()
        for day in read_day(item.date, f"[{n}].date", problems):
            plans.append(DayPlan(member_id=member_id, date=day, intervals=intervals, field=f"[{n}].date"))
    return plans, problems + _twice(plans)


def working_time(slots: Sequence[Slot], field: str, problems: list[Problem]) -> list[tuple[int, int]]:
    """Intervals in seconds from midnight, in order. What is reversed, overlaps or is no time is told by its name."""
    found: list[tuple[int, int, int]] = []
    for n, slot in enumerate(slots):
        begin, end = _seconds_of(slot.from_), _seconds_of(slot.to)
        said = f"{slot.from_}-{slot.to}"
        if begin is None or end is None:
            problems.append(Problem(f"{field}[{n}]", f"{said}: expected times such as 09:00."))
        elif end <= begin:
            hint = "after midnight the hours count on (24:00, 26:00)"
            problems.append(Problem(f"{field}[{n}]", f"{said}: an interval ends after it begins; {hint}."))
        elif begin >= DAY or end - begin > DAY:
            problems.append(Problem(f"{field}[{n}]", f"{said}: it begins on its date and lasts at most 24 hours."))
        else:
            found.append((begin, end, n))
    found.sort()
    for before, after in itertools.pairwise(found):
        if after[0] < before[1]:
            one, other = slots[before[2]], slots[after[2]]
            message = f"{other.from_}-{other.to} overlaps {one.from_}-{one.to}."
            problems.append(Problem(f"{field}[{after[2]}]", message))
    if not slots:
        problems.append(Problem(field, "A working day has at least one interval."))
    return [(begin, end) for begin, end, _ in found]


def spans_of(plan: DayPlan, tz: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The working time of a day as instants. What the clock change skips is not worked; a repeated hour is, twice."""
    spans = [(wall_moment(plan.date, a, tz), wall_moment(plan.date, b, tz)) for a, b in plan.intervals]
    return [(begin, end) for begin, end in spans if begin < end]


def wall_moment(day: date, seconds: int, tz: ZoneInfo) -> datetime:
    """The instant of a wall-clock time; of one that the clock change skips, the change."""
    day, seconds = day + timedelta(days=seconds // DAY), seconds % DAY
    found = instant(day, seconds, tz)
    local = found.astimezone(tz)
    if local.date() == day and local.hour * 3600 + local.minute * 60 == seconds:
        return found
    return _halves(local_midnight(day, tz), local_midnight(day + timedelta(days=1), tz), tz)[-1][0]


def read_day(text: str, field: str, problems: list[Problem]) -> list[date]:
    """The date that a text (a date or a date-time) begins with, if it is one of this age."""
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        problems.append(Problem(field, f"{text}: expected a date such as 2026-09-30."))
        return []
    if not within_reach(day):
        problems.append(Problem(field, f"{text}: the year must be between 1970 and 2200."))
        return []
    return [day]


def _read_dates(texts: Sequence[str], field: str, problems: list[Problem]) -> list[tuple[date, str]]:
    if not texts:
        problems.append(Problem(field, "At least one date is needed."))
    return [(day, f"{field}[{n}]") for n, text in enumerate(texts) for day in read_day(text, f"{field}[{n}]", problems)]


def _twice(plans: Sequence[DayPlan]) -> list[Problem]:
    seen: set[tuple[int, date]] = set()
    found: list[Problem] = []
    for plan in plans:
        key = (plan.member_id, plan.date)
        if key in seen:
            found.append(Problem(plan.field, f"{plan.date} of team member {plan.member_id} is there twice."))
        seen.add(key)
    return found


def _seconds_of(text: str) -> int | None:
    """Seconds from midnight of HH:MM (or HH:MM:00), at most 48:00."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    seconds = int(match[1]) * 3600 + int(match[2]) * 60
    return seconds if seconds <= 2 * DAY else None


# ---- what a membership lets see


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """Whose working time a user may see and set: one team member's, those of a position, or (None) everybody's; and
    from which date on."""

    member_id: int | None
    position_id: int | None
    since: date | None

    def covers(self, member_id: int, position_id: int | None) -> bool:
        return self.member_id in (None, member_id) and self.position_id in (None, position_id)


def sight_of(rights: Mapping[str, Any], today: date) -> Sight:
    """The calendar's limits of a membership: 0 is none."""
    days = _limit(rights, "last_days_count")
    return Sight(
        member_id=_limit(rights, "master_id"),
        position_id=_limit(rights, "position_id"),
        since=None if days is None else today - timedelta(days=min(days, 36_500)),
    )


def _limit(rights: Mapping[str, Any], name: str) -> int | None:
    value = rights.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


class InstancePlan(msgspec.Struct, frozen=True):
    """What becomes of a resource's instances: titles of those that stay by id, titles of new ones, ids that go."""

    kept: dict[int, str]
    new: list[str]
    gone: list[int]
    problems: list[Problem]


def match_instances(present: Mapping[int, str], wanted: Sequence[InstanceBody], title: str) -> InstancePlan:
    """Lay the wanted instances over those that are there: by id, the others in order. Ids stay as long as the number
    does."""
    problems = [] if wanted else [Problem("instances", "A resource has at least one instance.")]
    named = [item.id for item in wanted if item.id is not None]
    for n, item in enumerate(wanted):
        if item.id is not None and (item.id not in present or named.count(item.id) > 1):
            problems.append(Problem(f"instances[{n}].id", f"{item.id} is not an instance of this resource, or twice."))
    others = iter([instance_id for instance_id in present if instance_id not in named])
    kept, new = dict[int, str](), list[str]()
    for n, item in enumerate(wanted, 1):
        instance_id = item.id if item.id is not None else next(others, None)
        if instance_id is None:
            new.append(item.title or f"{title} #{n}")
        else:
            kept[instance_id] = item.title or present.get(instance_id, "")
    return InstancePlan(kept, new, [one for one in present if one not in kept], problems)
