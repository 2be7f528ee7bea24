"""The working weeks of the demo's team: each of another kind, as hours of the location's wall clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from agendum.core.clock import instant

Hours = tuple[tuple[float, float], ...]  # from and till, in hours since midnight; over 24 is the next day

_WEEKDAYS = (1, 2, 3, 4, 5)


class Schedule(NamedTuple):
    """Hours on some weekdays (1 Monday .. 7 Sunday), or with `rota` on so many days and off on as many."""

    hours: Hours
    weekdays: tuple[int, ...] = ()
    rota: int = 0

    def works_on(self, day: date) -> bool:
        if self.rota:
            return day.toordinal() % (2 * self.rota) < self.rota
        return day.isoweekday() in self.weekdays


SCHEDULES: dict[str, Schedule] = {
    "early": Schedule(((8, 12), (12.5, 16.5)), _WEEKDAYS),
    "late": Schedule(((12, 16), (16.5, 21)), (2, 3, 4, 5, 6)),
    "four long days": Schedule(((9, 14), (15, 20)), (3, 4, 5, 6)),
    "night": Schedule(((18, 26),), (4, 5, 6, 7)),
    "split day": Schedule(((8, 12), (16, 20)), _WEEKDAYS),
    "weekends": Schedule(((10, 14), (15, 19)), (5, 6, 7)),
    "part time": Schedule(((9, 13),), (1, 3, 5)),
    "two on, two off": Schedule(((10, 15), (15.5, 20)), rota=2),
    "office hours": Schedule(((9, 17),), _WEEKDAYS),
}


class Absence(msgspec.Struct, frozen=True):
    """Dates from `first` to `last` on which somebody is away; `kind` as in days.off_kind."""

    member_id: int
    first: date
    last: date
    kind: int


def working_hours(name: str, day: date, tz: ZoneInfo) -> list[tuple[int, int]]:
    """The working intervals that begin on a date, as seconds since the epoch."""
    schedule = SCHEDULES[name]
    if not schedule.works_on(day):
        return []
    return [(_seconds(day, begin, tz), _seconds(day, end, tz)) for begin, end in schedule.hours]


def absence_on(absences: Sequence[Absence], member_id: int, day: date) -> Absence | None:
    """Why a team member is away on a date, if he is."""
    for absence in absences:
        if absence.member_id == member_id and absence.first <= day <= absence.last:
            return absence
    return None


def _seconds(day: date, hours: float, tz: ZoneInfo) -> int:
    return int(instant(day, round(hours * 3600), tz).timestamp())
