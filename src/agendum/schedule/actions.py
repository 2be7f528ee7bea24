"""Taking and giving back time. What occupies a calendar goes through `hold`, what leaves it through `let_go`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from agendum.core.db.sql import Connection, load
from agendum.schedule.availability import Need, Question, as_array, one_start, starts
from agendum.schedule.errors import TimeTaken
from agendum.schedule.rules import Grid

sql = load(__file__)


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


async def lock(db: Connection, chain_id: int, spans: Iterable[tuple[int, datetime, datetime]], tz: ZoneInfo) -> None:
    """Lock the day rows that these spans of owners touch, in one order for all, so that nobody waits in a ring."""
    pairs = sorted({(owner, day) for owner, from_at, till in spans for day in _dates(from_at, till, tz)})
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
    asked, need = claim.asked, claim.need
    if not len(claim.grid):
        raise TimeTaken()
    if asked.shared_service_id is not None:
        if not await starts(db, asked, claim.grid):
            raise TimeTaken()
        if (shared := await _join(db, claim)) is not None:
            return shared
    chosen = await _choose_instances(db, claim, instances) if need.requirements else []
    busy_id = await sql.hold.value(
        db,
        **one_start(asked, claim.grid),
        location_id=claim.location_id,
        owner_id=need.member_id,
        starts_at=claim.at,
        ends_at=claim.ends_at,
        seats=seats,
        instance_ids=as_array([owner for owner, _, _ in chosen]),
        instance_from=as_array([from_at for _, from_at, _ in chosen]),
        instance_till=as_array([till for _, _, till in chosen]),
    )
    if busy_id is None:
        raise TimeTaken()
    return busy_id


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
        service_id=claim.asked.shared_service_id,
        starts_at=claim.at,
        ends_at=claim.ends_at,
    )
    if row is None:
        return None
    await take_seats(db, claim.asked.chain_id, row["id"], 1)
    return row["id"]


async def _choose_instances(
    db: Connection, claim: Claim, instances: dict[int, list[int]]
) -> list[tuple[int, datetime, datetime]]:
    """The first free instance for each part of the appointment that needs one."""
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
            raise TimeTaken()
    return chosen


def _dates(from_at: datetime, till: datetime, tz: ZoneInfo) -> list[date]:
    first = from_at.astimezone(tz).date()
    last = (till.astimezone(UTC) - timedelta(microseconds=1)).astimezone(tz).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
