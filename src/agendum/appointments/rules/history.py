"""Pages of a client's history: 25 visits, latest first, and all visits of the last date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from agendum.appointments.wire.visits import Cursor, Dates

PAGE = 25


def cut(days: Sequence[tuple[date, int]], first: date | None, last: date | None) -> Cursor:
    """The page between two dates and its neighbours. `days` are dates with their numbers of visits, latest first.

    A page is cut where it has enough; what is left of the span is the next one. After a page that has the whole span
    the next one goes on below it.
    """
    later = [day for day in days if last is not None and day[0] > last]
    within = [day for day in days if (last is None or day[0] <= last) and (first is None or day[0] >= first)]
    below = [day for day in days if first is not None and day[0] < first and (last is None or day[0] <= last)]
    current = _head(within)
    rest = within[len(current) :] or below
    before = _head(later[::-1])[::-1]
    return Cursor(previous=_dates(before), current=_dates(current), next=_dates(_head(rest)))


def _head(days: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    found: list[tuple[date, int]] = []
    for day in days:
        if sum(count for _, count in found) >= PAGE:
            break
        found.append(day)
    return found


def _dates(days: Sequence[tuple[date, int]]) -> Dates:
    if not days:
        return Dates()
    count = sum(count for _, count in days)
    return Dates(to=days[0][0].isoformat(), from_=days[-1][0].isoformat(), count=count)
