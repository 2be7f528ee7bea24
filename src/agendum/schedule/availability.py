"""Asking the engine. Every question of booking becomes one call of `free_starts`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from agendum.core.db.sql import Connection, load
from agendum.schedule.facts import Offer
from agendum.schedule.rules import Grid, day_bounds, in_a_row

sql = load(__file__)


class Taken(msgspec.Struct, frozen=True):
    """Time that counts as occupied although no row says so: the other appointments of one request."""

    owner_id: int
    starts_at: datetime
    ends_at: datetime


class Requirement(msgspec.Struct, frozen=True):
    """A resource needed from `after` for `length` seconds, counted from the start of the appointment."""

    resource_id: int
    after: int
    length: int


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What an appointment asks of one team member: `length` seconds with the break, `served` without it. Where clients
    of one service share the time, a seat in it will do."""

    member_id: int
    length: int
    served: int
    requirements: tuple[Requirement, ...] = ()
    shared_service_id: int | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Who, for how long, and what else: the same for all ways of asking."""

    chain_id: int
    needs: list[Need]
    taken: list[Taken] = []


class Start(msgspec.Struct, frozen=True):
    """A moment at which this team member can begin; `date` is that of its segment."""

    need: Need
    date: date
    at: datetime


def question(
    offer: Offer,
    chain_id: int,
    service_ids: Sequence[int],
    member_ids: Sequence[int],
    taken: Sequence[Taken] = (),
) -> Question:
    """The question for services given one after another by one of these team members.

    Without services: room for the shortest thing that the team member does.
    """
    needs: list[Need] = []
    pause = offer.break_seconds(service_ids)
    is_shared = len(service_ids) == 1 and offer.services[service_ids[0]].seats > 1
    for member_id in member_ids:
        if not service_ids:
            shortest = offer.shortest(member_id)
            needs.append(Need(member_id=member_id, length=shortest, served=shortest))
            continue
        after, requirements = 0, list[Requirement]()
        for service_id in service_ids:
            length = offer.links[service_id, member_id].duration
            for resource_id in offer.services[service_id].resource_ids:
                requirements.append(Requirement(resource_id, after, length))
            after += length
        needs.append(
            Need(
                member_id=member_id,
                length=after + pause,
                served=after,
                requirements=tuple(requirements),
                shared_service_id=service_ids[0] if is_shared else None,
            )
        )
    return Question(chain_id=chain_id, needs=needs, taken=list(taken))


async def starts(db: Connection, asked: Question, grid: Grid) -> list[Start]:
    """Every start of every team member, in time order."""
    if not asked.needs or not len(grid):
        return []
    members, segments = len(asked.needs), len(grid)
    each_member = [member for _ in range(segments) for member in range(1, members + 1)]
    each_segment = [segment for segment in range(1, segments + 1) for _ in range(members)]
    found = await _ask(db, asked, grid, [None], [None], each_member, each_segment, None)
    # A moment may be both on the grid and the end of what came before.
    return sorted({(start.need.member_id, start.at): start for start in found}.values(), key=lambda start: start.at)


async def first_of_dates(db: Connection, asked: Question, grid: Grid, *, first: bool = False) -> list[date]:
    """The dates on which at least one of the team members can begin; with `first`, the earliest alone."""
    if not asked.needs or not len(grid):
        return []
    segments, members = list(range(1, len(grid) + 1)), list(range(1, len(asked.needs) + 1))
    if not first:
        nobody: list[int | None] = [None]
        found = await _ask(db, asked, grid, nobody * len(segments), segments, members, nobody * len(members), 1)
    else:
        each = [(member, segment) for segment in segments for member in members]
        found = await _ask(db, asked, grid, [None], [None], [m for m, _ in each], [s for _, s in each], 1)
    return sorted({start.date for start in found})


async def first_of_places(
    db: Connection, chain_id: int, places: Sequence[tuple[Sequence[Need], Grid]]
) -> list[datetime | None]:
    """For each location of a chain the earliest moment at which anyone of its team can begin on its grid."""
    place_of, stretches = list[int](), list[tuple[int, int]]()
    end = 0
    for place, (needs, grid) in enumerate(places):
        begin, end = end + 1, end + len(grid)
        place_of += [place] * len(needs)
        stretches += [(begin, end)] * len(needs)
    asked = Question(chain_id=chain_id, needs=[need for needs, _ in places for need in needs])
    grid = in_a_row([grid for _, grid in places])
    firsts: list[datetime | None] = [None] * len(places)
    if not place_of or not end:
        return firsts
    groups, segments = list(range(1, len(place_of) + 1)), list(range(1, end + 1))
    wanted = _arguments(asked, grid, groups, [None] * len(groups), [None] * end, segments, 1, stretches)
    for row in await sql.free_starts.rows(db, **wanted):
        place = place_of[row["group_no"] - 1]
        firsts[place] = min(firsts[place] or row["start"], row["start"])
    return firsts


async def first_of_needs(db: Connection, asked: Question, grid: Grid) -> list[Start]:
    """For each need that can be met at all, a start on its first segment that has one."""
    if not asked.needs or not len(grid):
        return []
    groups = list(range(1, len(asked.needs) + 1))
    each = list(range(1, len(grid) + 1))
    return await _ask(db, asked, grid, groups, [None] * len(groups), [None] * len(each), each, 1)


async def first_of_members(db: Connection, asked: Question, grid: Grid) -> dict[int, Start]:
    """Each team member's first start, by id; those without one are absent."""
    return {start.need.member_id: start for start in await first_of_needs(db, asked, grid)}


async def working_dates(
    db: Connection, chain_id: int, member_ids: Sequence[int], days: Sequence[date], tz: ZoneInfo
) -> list[date]:
    """Those of these dates on which one of the team members works."""
    if not days or not member_ids:
        return []
    rows = await sql.working_dates.rows(
        db,
        chain_id=chain_id,
        members=as_array(member_ids),
        dates=as_array(days),
        midnights=as_array([day_bounds(day, tz)[0] for day in days]),
        ends=as_array([day_bounds(day, tz)[1] for day in days]),
    )
    return sorted(row["date"] for row in rows)


async def _ask(
    db: Connection,
    asked: Question,
    grid: Grid,
    group_member: Sequence[int | None],
    group_segment: Sequence[int | None],
    each_member: Sequence[int | None],
    each_segment: Sequence[int | None],
    per_group: int | None,
) -> list[Start]:
    wanted = _arguments(asked, grid, group_member, group_segment, each_member, each_segment, per_group)
    rows = await sql.free_starts.rows(db, **wanted)
    return [Start(asked.needs[row["member"] - 1], grid.dates[row["segment"] - 1], row["start"]) for row in rows]


def _arguments(
    asked: Question,
    grid: Grid,
    group_member: Sequence[int | None],
    group_segment: Sequence[int | None],
    each_member: Sequence[int | None],
    each_segment: Sequence[int | None],
    per_group: int | None,
    stretches: Sequence[tuple[int, int]] = (),
) -> dict[str, object]:
    required = [(n, need) for n, owner in enumerate(asked.needs, 1) for need in owner.requirements]
    return {
        "chain_id": asked.chain_id,
        "per_group": per_group,
        "group_member": as_array(group_member),
        "group_segment": as_array(group_segment),
        "group_first": as_array([first for first, _ in stretches]),
        "group_last": as_array([last for _, last in stretches]),
        "each_member": as_array(each_member),
        "each_segment": as_array(each_segment),
        "members": as_array([need.member_id for need in asked.needs]),
        "lengths": as_array([need.length for need in asked.needs]),
        "shared_services": as_array([need.shared_service_id for need in asked.needs]),
        "dates": as_array(grid.dates),
        "froms": as_array(grid.froms),
        "tills": as_array(grid.tills),
        "bases": as_array(grid.bases),
        "steps": as_array(grid.steps),
        "flexible": as_array(grid.flexible),
        "slot_segments": as_array(grid.slot_segments),
        "slots": as_array(grid.slots),
        "taken_owner": as_array([taken.owner_id for taken in asked.taken]),
        "taken_from": as_array([taken.starts_at for taken in asked.taken]),
        "taken_till": as_array([taken.ends_at for taken in asked.taken]),
        "need_member": as_array([n for n, _ in required]),
        "need_resource": as_array([need.resource_id for _, need in required]),
        "need_offset": as_array([need.after for _, need in required]),
        "need_length": as_array([need.length for _, need in required]),
    }


def as_array(values: Sequence[object]) -> str:
    """A PostgreSQL array as text. For numbers, dates, moments and None: nothing here needs quoting."""
    return "{" + ",".join(map(str, values)).replace("None", "NULL") + "}"
