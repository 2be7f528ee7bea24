"""The benchmark's data: one chain, the same density for a team member's day at every size.

S: 10,000 appointments in one location, 1,000 clients. L: 1,000,000 past appointments in ten locations, 100,000
clients. Both: 60 days ahead at 60 %; 20 team members a location, who each do 20 of 50 services, five of which need a
resource.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from agendum.core.clock import local_midnight
from agendum.core.db.pool import prepare_connection
from agendum.core.db.sql import Connection, load
from agendum.core.rights import owner_rights
from agendum.core.signing import new_token, token_hash

sql = load(__file__)

TIMEZONE = "America/New_York"
AHEAD = 60  # days
MINUTES = (30, 45, 60, 90)  # lengths of services; service n has the (n % 4)th
ROOM, DEVICE = (9, 29, 49), (19, 39)  # numbers of the services that need one; 45 and 90 minutes long
ROOMS, DEVICES = 4, 2  # instances in a location
ROUND = 8  # of the 20 team members do what needs a resource; on a day the first so many of the round have one
BULK = ("visits", "busy", "appointments", "appointment_services", "days", "clients")
FREE_SLOTS = 30_000
_SYLLABLES = """\
Ab Bar Cal Dun El Far Gar Hol Ing Jen Kar Lom Mor Nes Ol Pel Rud Sar Tor Wex
a be dri en go i lo mu ste vi
by dale ford gate ham kins ley man mere nam ov rez ridge ski son stein ton well wick wood"""
SURNAMES = ["".join(parts) for parts in itertools.product(*(line.split() for line in _SYLLABLES.splitlines()))]

Slot = tuple[int, int, int, str]


class BenchIds(msgspec.Struct, frozen=True, kw_only=True):
    """What requests are made of. The first service needs no resource; `members_of_service` are of the first location.

    `free_slots` are (location, team member, service, ISO 8601 start): free half hours that do not touch each other.
    """

    chain_id: int
    location_ids: list[int]
    team_member_ids: dict[int, list[int]]  # by location
    service_ids: list[int]
    resource_service_id: int
    members_of_service: dict[int, list[int]]
    partner_token: str
    user_token: str
    clients: int  # their phones are 1646 and the number, from 0; they are of the locations in turn
    client_tag_ids: list[int]  # of the first location
    timezone: str
    free_slots: list[Slot]


@dataclass(frozen=True)
class Size:
    locations: int
    clients: int
    past: int  # appointments; 0: what `total` leaves
    total: int  # 0: what it comes to


SIZES = {"S": Size(1, 1_000, 0, 10_000), "L": Size(10, 100_000, 1_000_000, 0)}


@dataclass(frozen=True)
class Member:
    id: int
    location_id: int
    place: int  # number of the location
    n: int  # number in the location

    def does(self, service: int) -> bool:
        return (service + self.n) % 5 < 2

    @property
    def rank(self) -> int:
        """The place in the round of those who do what needs a resource: their numbers are 1, 2, 6, 7, 11, 12, ..."""
        return self.n // 5 * 2 + self.n % 5 - 1


async def make_bench(dsn: str, size: Literal["S", "L"] | str, now: datetime) -> BenchIds:
    """Fill a migrated, empty database. Its days count from the local date of `now`."""
    db = await asyncpg.connect(dsn, server_settings={"timezone": "UTC", "jit": "off"}, command_timeout=600)
    try:
        await prepare_connection(db)
        await db.execute("SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'; SET synchronous_commit = off")
        async with db.transaction():
            ids, short = await _make(db, SIZES[size], now)
        await db.execute("VACUUM (ANALYZE)")
        return msgspec.structs.replace(ids, free_slots=await _free_slots(db, ids.chain_id, short, now))
    finally:
        await db.close()


async def density(dsn: str, chain_id: int, now: datetime) -> dict[str, float]:
    """Busy rows a working day of a team member (all, coming) and the share of the coming time that is taken."""
    db = await asyncpg.connect(dsn)
    try:
        today = now.astimezone(ZoneInfo(TIMEZONE)).date()
        from_at = local_midnight(today, ZoneInfo(TIMEZONE))
        row = await sql.density.row(db, chain_id=chain_id, from_at=from_at, first=today)
        assert row is not None
        return dict(row)
    finally:
        await db.close()


async def _make(db: Connection, size: Size, now: datetime) -> tuple[BenchIds, dict[int, int]]:
    """Everything but the free slots, and with what each team member's are filled: a service of half an hour."""
    at = now - timedelta(days=1500)
    partner_token, user_token = new_token(), new_token()
    chain_id = await sql.put_chain.value(db, at=at)
    await sql.put_partner.run(db, token_hash=token_hash(partner_token), at=at)
    await sql.put_user.run(
        db, token_hash=token_hash(user_token), chain_id=chain_id, rights=owner_rights(chain_id), at=at
    )
    rows = await sql.put_locations.rows(db, chain_id=chain_id, count=size.locations, timezone=TIMEZONE, at=at)
    locations = [row["id"] for row in rows]
    await sql.put_neighbours.run(db, timezone=TIMEZONE, at=at)
    rows = await sql.put_members.rows(db, chain_id=chain_id, locations=locations, at=at)
    team = [Member(row["id"], row["location_id"], locations.index(row["location_id"]), row["n"]) for row in rows]
    await sql.put_lists.run(db, chain_id=chain_id, location_id=locations[0], at=at)
    await sql.put_position_links.run(db, chain_id=chain_id, locations=locations)
    rows = await sql.put_services.rows(db, chain_id=chain_id, locations=locations, minutes=MINUTES, at=at)
    services = [row["id"] for row in rows]
    links = [(services[n], member.id, MINUTES[n % 4] * 60) for member in team for n in range(50) if member.does(n)]
    await sql.put_links.run(
        db,
        chain_id=chain_id,
        services=[link[0] for link in links],
        members=[link[1] for link in links],
        seconds=[link[2] for link in links],
    )
    rooms, devices = dict[int, list[int]](), dict[int, list[int]]()
    for location_id in locations:
        for title, numbers, count, instances in (("Room", ROOM, ROOMS, rooms), ("Device", DEVICE, DEVICES, devices)):
            instances[location_id] = await sql.put_resource.value(
                db,
                chain_id=chain_id,
                location_id=location_id,
                title=title,
                services=[services[n] for n in numbers],
                count=count,
                at=at,
            )
    await _put_choices(db, team, services, rooms, devices)
    await _put_calendar(db, chain_id, size, team, locations, now)
    ids = BenchIds(
        chain_id=chain_id,
        location_ids=locations,
        team_member_ids={place: [m.id for m in team if m.location_id == place] for place in locations},
        service_ids=services,
        resource_service_id=services[ROOM[0]],
        members_of_service={
            service: [member.id for member in team if member.place == 0 and member.does(n)]
            for n, service in enumerate(services)
        },
        partner_token=partner_token,
        user_token=user_token,
        clients=size.clients,
        client_tag_ids=[
            row["id"] for row in await sql.client_tags.rows(db, chain_id=chain_id, location_id=locations[0])
        ],
        timezone=TIMEZONE,
        free_slots=[],
    )
    return ids, {m.id: services[next(n for n in range(0, 50, 4) if m.does(n))] for m in team}


async def _put_choices(
    db: Connection,
    team: Sequence[Member],
    services: Sequence[int],
    rooms: dict[int, list[int]],
    devices: dict[int, list[int]],
) -> None:
    columns: dict[str, list[Any]] = {
        name: [] for name in ("members", "minutes", "ranks", "plain", "special", "instances")
    }
    for member, minutes in itertools.product(team, MINUTES):
        mine = [n for n in range(50) if member.does(n) and MINUTES[n % 4] == minutes]
        special = [n for n in mine if n in ROOM or n in DEVICE]
        instances = (rooms if minutes == MINUTES[ROOM[0] % 4] else devices)[member.location_id] if special else []
        columns["members"].append(member.id)
        columns["minutes"].append(minutes)
        columns["ranks"].append(member.rank)
        columns["plain"].append(_array(services[n] for n in mine if n not in special))
        columns["special"].append(_array(services[n] for n in special))
        columns["instances"].append(_array(instances))
    await sql.put_choices.run(db, **columns)


async def _put_calendar(
    db: Connection, chain_id: int, size: Size, team: Sequence[Member], locations: Sequence[int], now: datetime
) -> None:
    today = now.astimezone(ZoneInfo(TIMEZONE)).date()
    patterns = _patterns()
    per_day = len(team) * 5 / 7 * len(patterns) / (patterns[-1][0] + 1)  # appointments
    past = size.past or int(size.total - per_day * AHEAD)
    first = -int(past / per_day) - 14
    weight = await sql.weight_aside.rows(db, tables=BULK)
    for row in reversed(weight):
        await db.execute(row["off"])
    least_client = await sql.put_clients.value(
        db, chain_id=chain_id, locations=list(locations), count=size.clients, surnames=SURNAMES, at=now
    )
    when = {"today": today, "last": AHEAD, "timezone": TIMEZONE}
    people: dict[str, Any] = {"members": [m.id for m in team], "numbers": [m.n for m in team]}
    await sql.put_plan.run(
        db,
        **when,
        **people,
        first=first,
        member_locations=[m.location_id for m in team],
        places=[m.place for m in team],
        patterns=[pattern for pattern, _, _ in patterns],
        starts=[start for _, start, _ in patterns],
        minutes=[minutes for _, _, minutes in patterns],
        pattern_count=patterns[-1][0] + 1,
        least_client=least_client,
        clients=size.clients,
        place_count=len(locations),
        # With a total, some more than needed: the cut leaves as many as there should be.
        past=past if size.past else size.total,
    )
    if size.total:
        await sql.cut_plan.run(db, total=size.total)
    await db.execute("ANALYZE plan")
    await sql.put_days.run(db, chain_id=chain_id, **when, **people)
    for statement in (
        sql.put_visits,
        sql.put_busy,
        sql.put_resource_busy,
        sql.put_appointments,
        sql.put_appointment_services,
        sql.put_client_stats,
        sql.put_client_tags,
        sql.move_sequences,
    ):
        await statement.run(db, chain_id=chain_id)
    for row in weight:
        await db.execute(row["back"])
    await db.execute("DROP TABLE plan; DROP TABLE choices")


def _patterns() -> list[tuple[int, int, int]]:
    """Twelve days as (pattern, start, length) in minutes: 60 % of 9 to 13 and 13:30 to 19 o'clock, on quarter hours."""
    rng, found = Random(60), list[tuple[int, int, int]]()
    for pattern in range(12):
        wanted = 0.6 * 570 * (pattern + 1) - sum(minutes for _, _, minutes in found)  # what the others left over
        day: list[tuple[int, int, int]] = []
        while (left := wanted - sum(minutes for _, _, minutes in day)) >= MINUTES[0]:
            minutes = rng.choice([length for length in MINUTES if length <= left])
            starts = [
                start
                for start in range(540, 1140, 15)
                if (start + minutes <= 780 or (start >= 810 and start + minutes <= 1140))
                and all(begin + length <= start or start + minutes <= begin for _, begin, length in day)
            ]
            if starts:
                day.append((pattern, rng.choice(starts), minutes))
        found += sorted(day)
    return found


async def _free_slots(db: Connection, chain_id: int, short: dict[int, int], now: datetime) -> list[Slot]:
    tz = ZoneInfo(TIMEZONE)
    today = now.astimezone(tz).date()
    rows = await sql.free_slots.rows(
        db, chain_id=chain_id, first=today + timedelta(days=2), last=today + timedelta(days=AHEAD - 1), count=FREE_SLOTS
    )
    return [
        (
            row["location_id"],
            row["member_id"],
            short[row["member_id"]],
            row["starts_at"].astimezone(tz).isoformat(timespec="seconds"),
        )
        for row in rows
    ]


def _array(ids: Any) -> str:
    return "{" + ",".join(map(str, ids)) + "}"
