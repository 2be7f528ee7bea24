"""Time as the product sees it: an injectable now, local days, and the offset form of the wire."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_shift = timedelta(seconds=float(os.environ.get("AGENDUM_CLOCK_SHIFT", "0")))


def now() -> datetime:
    """The present instant, in UTC. Tests and demos may shift it with `shift_clock`."""
    return datetime.now(UTC) + _shift


def shift_clock(by: timedelta) -> None:
    """Let `now` run ahead (or behind) by a span; scenario tests move through months this way."""
    global _shift
    _shift = by


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises zoneinfo.ZoneInfoNotFoundError."""
    return ZoneInfo(name)


def local_midnight(day: date, tz: ZoneInfo) -> datetime:
    """The instant at which a local day begins, in UTC; where midnight is skipped, the first instant after it."""
    return instant(day, 0, tz)


def instant(day: date, seconds: int, tz: ZoneInfo) -> datetime:
    """The instant of a wall-clock time given as seconds from midnight (86400 and more: the next day), in UTC.

    A wall-clock time that the clock change skips is taken with the offset from before the change; one that occurs
    twice means the first.
    """
    wall = datetime.combine(day, time.min) + timedelta(seconds=seconds)
    return wall.replace(tzinfo=tz).astimezone(UTC)


def parse_when(text: str, tz: ZoneInfo) -> datetime:
    """Read an ISO 8601 date-time. Without an offset it means the wall clock of `tz`. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    return (moment.replace(tzinfo=tz) if moment.tzinfo is None else moment).astimezone(UTC)


def wire_time(moment: datetime, tz: ZoneInfo) -> str:
    """ISO 8601 to the second with the zone's offset at that moment: 2026-09-21T23:00:00-05:00."""
    return moment.astimezone(tz).isoformat(timespec="seconds")


def within_reach(day: date) -> bool:
    """A year that clocks can still add to and take from."""
    return 1970 <= day.year <= 2200
