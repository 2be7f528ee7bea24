"""Taking and giving back time: what occupies a calendar goes through `hold`, what leaves it through `let_go`. And what
there is to take: working time and resources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType

from agendum.catalog.actions.services import needs_changed
from agendum.chains.actions import update_location
from agendum.chains.wire import LocationFields
from agendum.core.audit import Author, note_new, watch
from agendum.core.clock import local_midnight
from agendum.core.db.sql import Connection, load
from agendum.core.errors import Conflict, Forbidden, Invalid, NotFound
from agendum.core.outbox import tell
from agendum.schedule.availability import Need, Question, as_array, starts
from agendum.schedule.errors import TimeTaken
from agendum.schedule.facts import CALENDAR, RESOURCE, SCHEDULE
from agendum.schedule.notices import ScheduleChanged, ScheduleCreated, ScheduleDeleted
from agendum.schedule.rules import DayPlan, Grid, Problem, Sight, match_instances, spans_of
from agendum.schedule.wire import CalendarSettingsPatch, InstanceBody, ResourceBody, ResourcePatch

sql = load(__file__)

MOST_DAYS = 5_000  # of one request
HORIZON = 732  # days ahead within which online bookings lie


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Wanted time: of one team member (`asked.needs` has one) from `at`, if `grid` lets it begin then."""

    location_id: int
    tz: ZoneInfo
    asked: Question
    grid: Grid
    at: datetime

    @property
    def need(self) -> Need:
        return self.asked.needs[0]

    @property
    def ends_at(self) -> datetime:
        return self.at + timedelta(seconds=self.need.length)

    @property
    def is_plain(self) -> bool:
        """Whether nothing but its team member's working and busy time decides if it is to be had."""
        return self.grid.is_fixed and not self.need.requirements and self.need.shared_service_id is None


async def lock(db: Connection, chain_id: int, spans: Iterable[tuple[int, datetime, datetime]], tz: ZoneInfo) -> None:
    """Lock the day rows that these spans of owners touch, in one order for all, so that nobody waits in a ring."""
    pairs = sorted({(owner, day) for owner, from_at, till in spans for day in dates_of(from_at, till, tz)})
    wanted = {"owner_ids": [owner for owner, _ in pairs], "dates": [day for _, day in pairs]}
    rows = await sql.lock_days.rows(db, chain_id=chain_id, **wanted)
    if len(rows) < len(pairs):
        await sql.make_days.run(db, chain_id=chain_id, **wanted)
        await sql.lock_days.rows(db, chain_id=chain_id, **wanted)


async def instances_of(db: Connection, claims: Sequence[Claim]) -> dict[int, list[int]]:
    """The instances of every resource that the claims need, by resource, in the order in which they are filled."""
    resource_ids = sorted({need.resource_id for claim in claims for need in claim.need.requirements})
    found: dict[int, list[int]] = {}
    if resource_ids:
        rows = await sql.resource_instances.rows(db, chain_id=claims[0].asked.chain_id, resource_ids=resource_ids)
        for row in rows:
            found.setdefault(row["resource_id"], []).append(row["id"])
    return found


async def lock_claims(
    db: Connection, claims: Sequence[Claim], *, and_spans: Sequence[tuple[int, datetime, datetime]] = ()
) -> dict[int, list[int]]:
    """Lock all that these claims touch, and further spans of owners. Gives the instances, as `instances_of`."""
    instances = await instances_of(db, claims)
    spans = [*and_spans, *((claim.need.member_id, claim.at, claim.ends_at) for claim in claims)]
    for claim in claims:
        for need in claim.need.requirements:
            spans += [(owner, claim.at, claim.ends_at) for owner in instances.get(need.resource_id, ())]
    await lock(db, claims[0].asked.chain_id, spans, claims[0].tz)
    return instances


async def hold(db: Connection, claim: Claim, instances: dict[int, list[int]], *, seats: int = 1) -> int:
    """Take the time of a locked claim. Gives the id of the busy row. Raises TimeTaken when it is not to be had."""
    need = claim.need
    if not len(claim.grid):
        raise TimeTaken()
    # Time is all that decides about a plain claim; of shares, resources and grids the engine knows.
    if not claim.is_plain and not await starts(db, claim.asked, claim.grid):
        raise TimeTaken()
    if need.shared_service_id is not None and (shared := await _join(db, claim)) is not None:
        return shared
    chosen = await _choose_instances(db, claim, instances) if need.requirements else []
    busy_id = await sql.hold.value(db, date=claim.at.astimezone(claim.tz).date(), **taking(claim, chosen, seats=seats))
    if busy_id is None:
        raise TimeTaken()
    return busy_id


async def hold_anyway(db: Connection, claim: Claim, instances: dict[int, list[int]], *, seats: int = 1) -> int:
    """Take the time of a locked claim although it is taken or not worked: what the desk overbooks. The row is marked,
    and is left out of the constraint, never of what is busy. Gives its id."""
    chosen = await _choose_instances(db, claim, instances, anyway=True) if claim.need.requirements else []
    return await sql.hold_anyway.value(db, **taking(claim, chosen, seats=seats))


def taking(claim: Claim, instances: Sequence[tuple[int, datetime, datetime]] = (), *, seats: int) -> dict[str, Any]:
    """The time of a claim, and of instances with it, as the statements that take it want it."""
    return {
        "chain_id": claim.asked.chain_id,
        "location_id": claim.location_id,
        "team_member_id": claim.need.member_id,
        "starts_at": claim.at,
        "ends_at": claim.ends_at,
        "service_id": claim.need.shared_service_id,
        "seats": seats,
        "instance_ids": as_array([owner for owner, _, _ in instances]),
        "instance_from": as_array([from_at for _, from_at, _ in instances]),
        "instance_till": as_array([till for _, _, till in instances]),
    }


async def take_seats(db: Connection, chain_id: int, busy_id: int, seats: int) -> None:
    """Sit down in time that is shared and locked, and has room."""
    await sql.take_seats.run(db, chain_id=chain_id, id=busy_id, seats=seats)


async def let_go(db: Connection, chain_id: int, busy_id: int, *, seats: int = 1) -> None:
    """Give an appointment's time back; shared time goes with its last client. Its days must be locked."""
    if not await sql.leave_seats.value(db, chain_id=chain_id, id=busy_id, seats=seats):
        await sql.let_go.run(db, chain_id=chain_id, id=busy_id)


async def _join(db: Connection, claim: Claim) -> int | None:
    row = await sql.shared_time.row(
        db,
        chain_id=claim.asked.chain_id,
        owner_id=claim.need.member_id,
        service_id=claim.need.shared_service_id,
        starts_at=claim.at,
        ends_at=claim.ends_at,
    )
    if row is None:
        return None
    await take_seats(db, claim.asked.chain_id, row["id"], 1)
    return row["id"]


async def _choose_instances(
    db: Connection, claim: Claim, instances: dict[int, list[int]], *, anyway: bool = False
) -> list[tuple[int, datetime, datetime]]:
    """The first free instance for each part of the appointment that needs one; with `anyway` the first, free or not."""
    owners = [owner for need in claim.need.requirements for owner in instances.get(need.resource_id, ())]
    rows = await sql.busy_of_owners.rows(
        db, chain_id=claim.asked.chain_id, owner_ids=owners, from_at=claim.at, till=claim.ends_at
    )
    taken = [(row["owner_id"], row["starts_at"], row["ends_at"]) for row in rows]
    chosen: list[tuple[int, datetime, datetime]] = []
    for need in claim.need.requirements:
        from_at = claim.at + timedelta(seconds=need.after)
        till = from_at + timedelta(seconds=need.length)
        for owner in instances.get(need.resource_id, ()):
            if not any(o == owner and a < till and b > from_at for o, a, b in taken):
                chosen.append((owner, from_at, till))
                taken.append((owner, from_at, till))
                break
        else:
            if not anyway:
                raise TimeTaken()
            chosen += [(owner, from_at, till) for owner in instances.get(need.resource_id, ())[:1]]
    return chosen


def dates_of(from_at: datetime, till: datetime, tz: ZoneInfo) -> list[date]:
    """The local dates that a span touches."""
    first = from_at.astimezone(tz).date()
    last = (till.astimezone(UTC) - timedelta(microseconds=1)).astimezone(tz).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


async def set_schedule(
    db: Connection,
    chain_id: int,
    location_id: int,
    plans: Sequence[DayPlan],
    problems: list[Problem],
    sight: Sight,
    tz: ZoneInfo,
    author: Author,
    at: datetime,
) -> None:
    """Give these days of team members their work, all or none. What is booked on them stays booked.

    `problems` are those found so far. Raises Invalid with every one, NotFound for a team member of elsewhere, Forbidden
    for one beyond the user's sight.
    """
    ids = sorted({plan.member_id for plan in plans})
    known = {row["id"]: row for row in await sql.members_here.rows(db, **_place(chain_id, location_id), ids=ids)}
    for plan in plans:
        member = known.get(plan.member_id)
        if member is None:
            raise NotFound(f"Team member {plan.member_id} not found.")
        if not sight.covers(member["id"], member["position_id"]) or (sight.since and plan.date < sight.since):
            raise Forbidden()
        if not member["has_access_timetable"]:
            problems.append(Problem(plan.field, f"Team member {plan.member_id} has no timetable."))
        elif plan.intervals and member["fired_on"] is not None and plan.date > member["fired_on"]:
            problems.append(Problem(plan.field, f"{plan.date}: team member {plan.member_id} is dismissed by then."))
    if len(plans) > MOST_DAYS:
        problems.append(Problem("body", f"At most {MOST_DAYS} days in one request."))
    _refuse(problems)
    if not plans:
        return
    # A night shift is booked by the date on which its hours lie, so the day after is locked too.
    await lock(db, chain_id, [(p.member_id, *_bounds(p.date, p.date + timedelta(days=1), tz)) for p in plans], tz)
    spans = [(n, span) for n, plan in enumerate(plans, 1) for span in spans_of(plan, tz)]
    days = {"owner_ids": [plan.member_id for plan in plans], "dates": [plan.date for plan in plans]}
    seen = await watch(db, SCHEDULE, chain_id, location_id, ids, dates=days["dates"], zone=tz.key)
    changes = await sql.set_days.rows(
        db,
        chain_id=chain_id,
        **days,
        off_kinds=[plan.off_kind for plan in plans],
        span_days=[n for n, _ in spans],
        froms=[begin for _, (begin, _) in spans],
        tills=[end for _, (_, end) in spans],
    )
    if (clash := await sql.overlapping_days.row(db, chain_id=chain_id, **days)) is not None:
        field = next((p.field for p in plans if (p.member_id, p.date) == (clash["owner_id"], clash["date"])), "body")
        message = f"The work of {clash['date']} runs into that of the next day (team member {clash['owner_id']})."
        _refuse([Problem(field, message)])
    await seen.note(author, at)
    for change in changes:
        if change["changed"]:
            kind = ScheduleChanged if change["worked"] else ScheduleCreated
            notice = kind if change["works"] else ScheduleDeleted
            await tell(db, notice(**_place(chain_id, location_id), team_member_id=change["owner_id"]), at)


async def add_resource(
    db: Connection, chain_id: int, location_id: int, body: ResourceBody, author: Author, at: datetime
) -> int:
    """A new resource with its instances. Raises Invalid for a service that the location does not give."""
    title = body.title.strip()
    await _check_resource(db, chain_id, location_id, title, body.services)
    facts = {"title": title, "description": body.description}
    resource_id = await sql.add_resource.value(db, **_place(chain_id, location_id), **facts, at=at)
    titles = [item.title or f"{title} #{n}" for n, item in enumerate(body.instances or [InstanceBody()], 1)]
    await sql.add_instances.run(db, chain_id=chain_id, resource_id=resource_id, titles=titles)
    await sql.link_services.run(db, chain_id=chain_id, resource_id=resource_id, service_ids=body.services)
    await note_new(db, author, RESOURCE, chain_id, location_id, [resource_id], at)
    await needs_changed(db, chain_id, location_id, set(body.services), at)
    return resource_id


async def change_resource(
    db: Connection,
    chain_id: int,
    location_id: int,
    resource_id: int,
    patch: ResourcePatch,
    tz: ZoneInfo,
    author: Author,
    at: datetime,
) -> None:
    """Change what the patch names. Raises NotFound, Invalid, and Conflict when an instance that goes has time given
    away."""
    present_title = await _lock_resource(db, chain_id, location_id, resource_id)
    seen = await watch(db, RESOURCE, chain_id, location_id, [resource_id])
    title = None if isinstance(patch.title, UnsetType) else patch.title.strip()
    services = [] if isinstance(patch.services, UnsetType) else patch.services
    await _check_resource(db, chain_id, location_id, title, services)
    description = None if isinstance(patch.description, UnsetType) else patch.description
    await sql.change_resource.run(db, chain_id=chain_id, id=resource_id, title=title, description=description, at=at)
    if not isinstance(patch.instances, UnsetType):
        rows = await sql.titled_instances.rows(db, chain_id=chain_id, resource_id=resource_id)
        present = {row["id"]: row["title"] for row in rows}
        plan = match_instances(present, patch.instances, title or present_title)
        _refuse(plan.problems)
        if plan.gone:
            await _retire(db, chain_id, plan.gone, tz, at)
        kept = {"ids": list(plan.kept), "titles": list(plan.kept.values())}
        await sql.rename_instances.run(db, chain_id=chain_id, **kept)
        await sql.add_instances.run(db, chain_id=chain_id, resource_id=resource_id, titles=plan.new)
    before = after = await _needing(db, chain_id, location_id, resource_id)
    if not isinstance(patch.services, UnsetType):
        links = {"chain_id": chain_id, "resource_id": resource_id, "service_ids": services}
        await sql.unlink_services.run(db, **links)
        await sql.link_services.run(db, **links)
        after = set(services)
    await seen.note(author, at)
    is_renamed = title not in (None, present_title)
    await needs_changed(db, chain_id, location_id, before | after if is_renamed else before ^ after, at)


async def delete_resource(
    db: Connection, chain_id: int, location_id: int, resource_id: int, tz: ZoneInfo, author: Author, at: datetime
) -> None:
    """Delete a resource; services need it no more. Raises NotFound, and Conflict while an instance has time given
    away."""
    await _lock_resource(db, chain_id, location_id, resource_id)
    seen = await watch(db, RESOURCE, chain_id, location_id, [resource_id])
    rows = await sql.titled_instances.rows(db, chain_id=chain_id, resource_id=resource_id)
    await _retire(db, chain_id, [row["id"] for row in rows], tz, at)
    before = await _needing(db, chain_id, location_id, resource_id)
    await sql.unlink_services.run(db, chain_id=chain_id, resource_id=resource_id, service_ids=[])
    await sql.delete_resource.run(db, chain_id=chain_id, id=resource_id, at=at)
    await seen.note(author, at)
    await needs_changed(db, chain_id, location_id, before, at)


async def set_calendar(
    db: Connection, chain_id: int, location_id: int, patch: CalendarSettingsPatch, author: Author, at: datetime
) -> None:
    """Change what the patch names. What kind of appointment is usual is a fact of the location itself."""
    if not isinstance(patch.record_type, UnsetType):
        await update_location(db, chain_id, location_id, LocationFields(record_type_id=patch.record_type), author, at)
    given = {name: None if value is UNSET else value for name, value in msgspec.structs.asdict(patch).items()}
    seen = await watch(db, CALENDAR, chain_id, location_id, [location_id])
    await sql.set_calendar.run(
        db,
        **_place(chain_id, location_id),
        seats=given["activity_record_clients_count_max"],
        newsletter=given["is_show_newsletter_agreement"],
        personal_data=given["is_show_personal_data_processing_agreement"],
    )
    await seen.note(author, at)


async def _lock_resource(db: Connection, chain_id: int, location_id: int, resource_id: int) -> str:
    """Its title."""
    title = await sql.lock_resource.value(db, **_place(chain_id, location_id), id=resource_id)
    if title is None:
        raise NotFound("Resource not found.")
    return title


async def _needing(db: Connection, chain_id: int, location_id: int, resource_id: int) -> set[int]:
    """The services of the location that need a resource."""
    rows = await sql.services_needing.rows(db, **_place(chain_id, location_id), resource_id=resource_id)
    return {row["id"] for row in rows}


async def _check_resource(
    db: Connection, chain_id: int, location_id: int, title: str | None, service_ids: Sequence[int]
) -> None:
    problems = [Problem("title", "A resource has a title.")] if title == "" else []
    if service_ids:
        rows = await sql.services_here.rows(db, **_place(chain_id, location_id), ids=list(service_ids))
        known = {row["id"] for row in rows}
        problems += [
            Problem(f"services[{n}]", f"Service {service_id} is not given at this location.")
            for n, service_id in enumerate(service_ids)
            if service_id not in known
        ]
    _refuse(problems)


async def _retire(db: Connection, chain_id: int, instance_ids: Sequence[int], tz: ZoneInfo, at: datetime) -> None:
    """Take instances away. Every day that a booking could lock is locked first: none is under way unseen."""
    ids = list(instance_ids)
    first = at.astimezone(tz).date() - timedelta(days=1)
    bounds = _bounds(first, first + timedelta(days=HORIZON), tz)
    await lock(db, chain_id, [(owner, *bounds) for owner in ids], tz)
    taken = await sql.upcoming_of.row(db, chain_id=chain_id, owner_ids=ids, at=at)
    if taken is not None:
        when = taken["starts_at"].astimezone(tz).strftime("%Y-%m-%d %H:%M")
        raise Conflict(f"Instance {taken['owner_id']} is taken on {when}: move or cancel what takes it first.")
    await sql.delete_instances.run(db, chain_id=chain_id, ids=ids, at=at)
    await sql.forget_days.run(db, chain_id=chain_id, owner_ids=ids)


def _place(chain_id: int, location_id: int) -> dict[str, int]:
    return {"chain_id": chain_id, "location_id": location_id}


def _bounds(first: date, last: date, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """From the begin of one local date to the end of another."""
    return local_midnight(first, tz), local_midnight(last + timedelta(days=1), tz)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Invalid(problems[0].message, errors=[msgspec.structs.asdict(problem) for problem in problems])
