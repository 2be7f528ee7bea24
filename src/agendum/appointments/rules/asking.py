"""From what a list is asked for to the bounds of its statement."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from agendum.appointments.rules.allowing import Desk
from agendum.appointments.wire.records import RecordsQuery
from agendum.core.clock import local_midnight, parse_when, within_reach
from agendum.core.errors import Invalid

BEGIN, END = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
_FEW = timedelta(days=7)  # of one location: so many appointments are counted while they are read
_POINTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")

By = Literal["client", "changed", "made", "day", "start", "whole"]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which appointments, and by which index they are found: `day` are the few of a span of starts and nothing else,
    `whole` all of a location.

    Spans of starts and of creation end before their `till`, changes with it.
    """

    by: By
    client_id: int | None = None
    member_ids: list[int] | None = None
    created_user_id: int | None = None
    from_at: datetime = BEGIN
    till: datetime = END
    created_from: datetime = BEGIN
    created_till: datetime = END
    changed_from: datetime = BEGIN
    changed_till: datetime = END
    with_deleted: bool = False
    count: int = 1
    skip: int = 0

    def arguments(self) -> dict[str, Any]:
        """For the statement that finds them."""
        return {name: getattr(self, name) for name in (*_ALL, *_MORE[self.by])}


_ALL = ("member_ids", "from_at", "till", "with_deleted", "count", "skip")
_MADE = ("created_user_id", "created_from", "created_till")
_CHANGED = ("changed_from", "changed_till")
_MORE = {
    "day": (),
    "whole": (),
    "start": (),
    "made": _MADE,
    "changed": (*_MADE, *_CHANGED),
    "client": ("client_id", *_MADE, *_CHANGED),
}


def read_date(text: str, name: str) -> date:
    """A date as yyyy-mm-dd or dd.mm.yyyy, whatever follows it. Raises Invalid."""
    text = text.strip().strip("'\"")
    try:
        if pointed := _POINTED.fullmatch(text):
            found = date(int(pointed[3]), int(pointed[2]), int(pointed[1]))
        else:
            found = date.fromisoformat(text[:10])
    except ValueError:
        raise Invalid(f"{name}: expected a date such as 2026-09-30.", field=name) from None
    if not within_reach(found):
        raise Invalid(f"{name}: the year must be between 1970 and 2200.", field=name)
    return found


def read_moment(text: str, tz: ZoneInfo, name: str) -> datetime:
    """A moment in whole seconds; without an offset by the location's clock. Raises Invalid."""
    return _moment(text, tz, name).replace(microsecond=0)


def _moment(text: str, tz: ZoneInfo, name: str) -> datetime:
    try:
        found = parse_when(text, tz)
        if within_reach(found.date()):
            return found
    except (ValueError, OverflowError):
        pass
    raise Invalid(f"{name}: expected a date and time such as 2026-09-30T10:00:00.", field=name)


def day_span(first: str | None, last: str | None, tz: ZoneInfo, names: tuple[str, str]) -> tuple[datetime, datetime]:
    """From the begin of one local date to the end of another, either of which may be open. Raises Invalid."""
    begin = local_midnight(read_date(first, names[0]), tz) if first else BEGIN
    end = local_midnight(read_date(last, names[1]) + timedelta(days=1), tz) if last else END
    return begin, end


def asked_of(query: RecordsQuery, desk: Desk, tz: ZoneInfo) -> Asked:
    """What a list of appointments asks for, as far as the user's sight reaches. Raises Invalid."""
    from_at, till = day_span(query.start_date, query.end_date, tz, ("start_date", "end_date"))
    created = day_span(query.c_start_date, query.c_end_date, tz, ("c_start_date", "c_end_date"))
    changed_from = _change(query.changed_after, tz, "changed_after", BEGIN)
    changed_till = _change(query.changed_before, tz, "changed_before", END)
    if desk.lens.sight.since is not None:
        from_at = max(from_at, local_midnight(desk.lens.sight.since, tz))
    by: By = "start"
    if query.client_id is not None:
        by = "client"
    elif (changed_from, changed_till) != (BEGIN, END):
        by = "changed"
    elif query.created_user_id is not None or created != (BEGIN, END):
        by = "made"
    elif till - from_at <= _FEW:
        by = "day"
    elif (from_at, till, desk.member_ids(query.team_member_id)) == (BEGIN, END, None):
        by = "whole"
    return Asked(
        by=by,
        client_id=query.client_id,
        member_ids=desk.member_ids(query.team_member_id),
        created_user_id=query.created_user_id,
        from_at=from_at,
        till=till,
        created_from=created[0],
        created_till=created[1],
        changed_from=changed_from,
        changed_till=changed_till,
        with_deleted=query.with_deleted,
        count=query.count,
        skip=(query.page - 1) * query.count,
    )


def _change(text: str | None, tz: ZoneInfo, name: str, default: datetime) -> datetime:
    if not text:
        return default
    if len(text.strip()) == 10:
        day = read_date(text, name)
        return local_midnight(day if default is BEGIN else day + timedelta(days=1), tz)
    return _moment(text, tz, name)
