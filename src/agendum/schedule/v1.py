"""Who works when, the calendar of a location, its resources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any

from agendum.chains.facts import LocationFacts, location_facts
from agendum.core.audit import author_of
from agendum.core.clock import local_midnight, within_reach
from agendum.core.db.sql import load
from agendum.core.envelope import Answer, Done, Message
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.permissions import MEMBER, may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.schedule import actions
from agendum.schedule.rules import DayPlan, Problem, Sight, plan_of, plan_of_days, sight_of
from agendum.schedule.wire import (
    CalendarDatesQuery,
    CalendarSettings,
    CalendarSettingsPatch,
    Day,
    DayBody,
    Resource,
    ResourceBody,
    ResourcePatch,
    ScheduleBody,
    ScheduleEntry,
    ScheduleQuery,
    Session,
)

routes = Routes("/api/v1", group="schedule-and-resources")
sql = load(__file__)

SEES, SETS = may("timetable_access"), may("schedule_edit_access")
KEEPS_RESOURCES = may("settings_services_edit_services_related_resource_access")
YEAR = 366  # days: the longest stretch of one answer
STEP = 900  # seconds between the start times of the calendar


@routes.get("/schedule/{location_id}/{team_member_id}/{start_date}/{end_date}", needs=SEES)
async def get_team_member_schedule(
    call: Call, team_member_id: int, start_date: date, end_date: date
) -> Annotated[bytes, Answer[list[Day]]]:
    """Every date of a team member from one to another, worked or not; dates as 20260930 or 2026-09-30."""
    return await _member_schedule(call, team_member_id, start_date, end_date)


@routes.put("/schedule/{location_id}/{team_member_id}/{start_date}/{end_date}", needs=SETS, status=201)
async def update_team_member_schedule(
    call: Call, team_member_id: int, start_date: date, end_date: date, body: list[DayBody] | DayBody
) -> Annotated[bytes, Answer[list[Day]]]:
    """Set some days (or one) of a team member between two dates; the others stay. Answers all of them."""
    plans, problems = plan_of_days(team_member_id, [body] if isinstance(body, DayBody) else body)
    problems += [
        Problem(plan.field, f"{plan.date} is not between {start_date} and {end_date}.")
        for plan in plans
        if not start_date <= plan.date <= end_date
    ]
    await _set(call, plans, problems)
    return await _member_schedule(call, team_member_id, start_date, end_date)


@routes.put("/schedule/{location_id}/{team_member_id}", needs=SETS, status=201)
async def schedule_team_member_update_deprecated(
    call: Call, team_member_id: int, body: list[DayBody]
) -> Annotated[bytes, Answer[list[Day]]]:
    """Set some days of a team member. Deprecated: PUT /company/{location_id}/staff/schedule does more."""
    plans, problems = plan_of_days(team_member_id, body)
    if not plans and not problems:
        problems = [Problem("body", "At least one day is needed.")]
    await _set(call, plans, problems)
    days = [plan.date for plan in plans]
    return await _member_schedule(call, team_member_id, min(days), max(days))


@routes.get("/company/{location_id}/staff/schedule", needs=SEES)
async def get_team_member_schedule_list(
    call: Call, query: ScheduleQuery
) -> Annotated[bytes, Answer[list[ScheduleEntry]]]:
    """The days on which the team works or is away for a reason, the heavier team member first.

    With `busy_intervals` also what is booked; booked time on a day off shows as a day without slots.
    """
    place, sight = await _place(call), await _sight(call)
    first, last = _month_asked(query, call.now.astimezone(place.tz).date())
    first = first if sight.since is None else max(first, sight.since)
    return await _entries(call, place, query.staff_ids or None, first, last, sight=sight, include=query.include)


@routes.put("/company/{location_id}/staff/schedule", needs=SETS, errors_by_field=True)
async def set_team_member_schedule(call: Call, body: ScheduleBody) -> Annotated[bytes, Answer[list[ScheduleEntry]]]:
    """Set and delete days of the team, all or none. Appointments on them stay, and keep showing as busy.

    Answers the schedules of those concerned from the first changed date to the last.
    """
    plans, problems = plan_of(body)
    if not plans and not problems:
        problems = [Problem("schedules_to_set", "There is nothing to set and nothing to delete.")]
    await _set(call, plans, problems)
    members, days = sorted({plan.member_id for plan in plans}), [plan.date for plan in plans]
    return await _entries(call, await _place(call), members, min(days), max(days), whole=True)


@routes.get("/timetable/dates/{location_id}/{date}", needs=SEES)
async def get_appointment_calendar_dates(
    call: Call, date: date, query: CalendarDatesQuery
) -> Annotated[bytes, Answer[list[date]]]:
    """Dates on which somebody (or `staff_id`) works, from the given one on for a year."""
    place, sight = await _place(call), await _sight(call)
    _check_dates(date=date)
    if query.staff_id:
        await _check_member(call, query.staff_id, sight)
    first = date if sight.since is None else max(date, sight.since)
    found = await sql.calendar_dates.value(
        call.db,
        chain_id=call.chain_id,
        location_id=call.location_id,
        first=first,
        last=max(first, date) + timedelta(days=YEAR),
        zone=place.timezone,
        only_member=query.staff_id or sight.member_id,
        only_position=sight.position_id,
    )
    return _answer(found)


@routes.get("/timetable/seances/{location_id}/{team_member_id}/{date}", needs=SEES)
async def get_appointment_calendar_sessions(
    call: Call, team_member_id: int, date: date
) -> Annotated[bytes, Answer[list[Session]]]:
    """The working time of a date in steps of 15 minutes from the start of each interval, and which of them are free.

    The small hours of a night shift belong to the date on which they lie.
    """
    place, sight = await _place(call), await _sight(call)
    _check_dates(date=date)
    await _check_member(call, team_member_id, sight)
    if sight.since is not None and date < sight.since:
        return _answer("[]")
    found = await sql.calendar_sessions.value(
        call.db,
        chain_id=call.chain_id,
        member_id=team_member_id,
        date=date,
        from_at=local_midnight(date, place.tz),
        till=local_midnight(date + timedelta(days=1), place.tz),
        zone=place.timezone,
        step=STEP,
    )
    return _answer(found)


@routes.get("/company/{location_id}/settings/timetable", needs=SEES)
async def get_appointment_calendar_settings(call: Call) -> Answer[CalendarSettings]:
    """What the calendar of a location is set to."""
    return Answer(data=await _settings(call))


@routes.patch("/company/{location_id}/settings/timetable", needs=may("settings_basis_access"))
async def update_appointment_calendar_settings(call: Call, body: CalendarSettingsPatch) -> Answer[CalendarSettings]:
    """Change what the calendar of a location is set to."""
    await actions.set_calendar(call.db, call.chain_id, call.location_id, body, author_of(call), call.now)
    return Answer(data=await _settings(call))


@routes.get("/resources/{location_id}", needs=MEMBER)
async def get_resource_list(call: Call) -> Annotated[bytes, Answer[list[Resource]]]:
    """The rooms and devices of a location, each with its instances and with the services that need one."""
    await _place(call)
    row = await _resources(call, None)
    return _answer(f"[{row['entries'] or ''}]", row["count"])


@routes.post("/resources/{location_id}", needs=KEEPS_RESOURCES)
async def create_resource(call: Call, body: ResourceBody) -> Annotated[bytes, Answer[Resource]]:
    """Add a resource with its instances and the services that need it."""
    await _place(call)
    resource_id = await actions.add_resource(call.db, call.chain_id, call.location_id, body, author_of(call), call.now)
    return _answer((await _resources(call, resource_id))["entries"])


@routes.put("/resources/{location_id}/{resource_id}", needs=KEEPS_RESOURCES)
async def update_resource(call: Call, resource_id: int, body: ResourcePatch) -> Annotated[bytes, Answer[Resource]]:
    """Change what is given of a resource. 409 when an instance would go that has time given away."""
    place = await _place(call)
    await actions.change_resource(
        call.db, call.chain_id, place.id, resource_id, body, place.tz, author_of(call), call.now
    )
    return _answer((await _resources(call, resource_id))["entries"])


@routes.delete("/resources/{location_id}/{resource_id}", needs=KEEPS_RESOURCES)
async def delete_resource(call: Call, resource_id: int) -> Done:
    """Delete a resource. 409 while an instance of it has time given away."""
    place = await _place(call)
    await actions.delete_resource(call.db, call.chain_id, place.id, resource_id, place.tz, author_of(call), call.now)
    return Done(meta=Message("Deleted"))


async def _place(call: Call) -> LocationFacts:
    return await location_facts(call.db, call.chain_id, call.location_id)


async def _sight(call: Call) -> Sight:
    place = await _place(call)
    rights = call.membership.rights if call.membership is not None else {}
    return sight_of(rights, call.now.astimezone(place.tz).date())


async def _set(call: Call, plans: Sequence[DayPlan], problems: list[Problem]) -> None:
    place, sight = await _place(call), await _sight(call)
    await actions.set_schedule(
        call.db, call.chain_id, place.id, plans, problems, sight, place.tz, author_of(call), call.now
    )


async def _member_schedule(call: Call, member_id: int, first: date, last: date) -> bytes:
    place, sight = await _place(call), await _sight(call)
    _check_span(first, last, "start_date", "end_date")
    await _check_member(call, member_id, sight)
    first = first if sight.since is None else max(first, sight.since)
    rows = await sql.team_days.rows(call.db, **_days_of(call, place, [member_id], first, last))
    slots = {row["date"]: row["slots"] for row in rows}
    days = [
        f'{{"date":"{day}","is_working":{int(bool(slots.get(day)))},"slots":[{slots.get(day, "")}]}}'
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]
    return _answer(f"[{','.join(days)}]")


async def _entries(
    call: Call,
    place: LocationFacts,
    member_ids: list[int] | None,
    first: date,
    last: date,
    *,
    sight: Sight | None = None,
    include: Sequence[str] = (),
    whole: bool = False,
) -> bytes:
    asked = _days_of(call, place, member_ids, first, last, sight=sight, whole=whole)
    asked["with_kind"] = "off_day_type" in include
    row: Any
    if "busy_intervals" in include:
        from_at, till = local_midnight(first, place.tz), local_midnight(last + timedelta(days=1), place.tz)
        row = await sql.team_schedule_and_busy.row(call.db, **asked, from_at=from_at, till=till)
    else:
        row = await sql.team_schedule.row(call.db, **asked)
    return _answer(row["entries"], row["count"])


def _days_of(
    call: Call,
    place: LocationFacts,
    member_ids: list[int] | None,
    first: date,
    last: date,
    *,
    sight: Sight | None = None,
    whole: bool = False,
) -> dict[str, Any]:
    """What `team_days` takes."""
    return {
        "chain_id": call.chain_id,
        "location_id": place.id,
        "member_ids": member_ids,
        "only_member": sight.member_id if sight else None,
        "only_position": sight.position_id if sight else None,
        "first": first,
        "last": last,
        "zone": place.timezone,
        "whole": whole,
    }


async def _check_member(call: Call, member_id: int, sight: Sight) -> None:
    """Raises NotFound for a team member of elsewhere, Forbidden for one beyond the user's sight."""
    rows = await sql.members_here.rows(call.db, chain_id=call.chain_id, location_id=call.location_id, ids=[member_id])
    if not rows:
        raise NotFound("Team member not found.")
    if not sight.covers(rows[0]["id"], rows[0]["position_id"]):
        raise Forbidden()


async def _resources(call: Call, resource_id: int | None) -> Any:
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    return await sql.resources_of.row(call.db, **place, id=resource_id)


async def _settings(call: Call) -> CalendarSettings:
    row = await sql.calendar_settings.row(call.db, chain_id=call.chain_id, location_id=call.location_id)
    if row is None:
        raise NotFound("Location not found.")
    return CalendarSettings(
        record_type=row["record_type"],
        activity_record_clients_count_max=row["event_seats_most"],
        is_show_newsletter_agreement=row["show_newsletter_consent"],
        is_show_personal_data_processing_agreement=row["show_personal_data_consent"],
    )


def _answer(data: str, count: int | None = None) -> bytes:
    """The envelope around JSON that is written already."""
    meta = "[]" if count is None else f'{{"count":{count}}}'
    return f'{{"success":true,"data":{data},"meta":{meta}}}'.encode()


def _month_asked(query: ScheduleQuery, today: date) -> tuple[date, date]:
    month = timedelta(days=30)
    _check_dates(start_date=query.start_date, end_date=query.end_date)
    if query.start_date is None and query.end_date is not None:
        first, last = query.end_date - month, query.end_date
    else:
        first = query.start_date or today
        last = query.end_date or first + month
    _check_span(first, last, "start_date", "end_date")
    return first, last


def _check_span(first: date, last: date, first_field: str, last_field: str) -> None:
    _check_dates(**{first_field: first, last_field: last})
    if last < first:
        raise Invalid(f"{last_field} is before {first_field}.", field=last_field)
    if (last - first).days > YEAR:
        raise Invalid(f"{last_field}: at most a year after {first_field}.", field=last_field)


def _check_dates(**days: date | None) -> None:
    for field, day in days.items():
        if day is not None and not within_reach(day):
            raise Invalid(f"{field}: the year must be between 1970 and 2200.", field=field)
