"""A model's world in the database, and the same question put to the engine."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec

from agendum.core.db.sql import Connection
from agendum.schedule import availability
from agendum.schedule.availability import Question, Start, Taken
from agendum.schedule.facts import offer_of
from agendum.schedule.rules import Grid, GridRule, Window, lay_grid
from tests.schedule.model import Answer, Asked, World, moment

# One round trip: foreign keys are looked at when the whole statement is done.
STORE = """
WITH given AS (SELECT $1::bigint AS chain, $2::jsonb AS world, timestamptz '2026-01-01Z' AS since)
, chain AS (
    INSERT INTO chains (id, title, created_at, updated_at) SELECT chain, 'Chain', since, since FROM given)
, place AS (
    INSERT INTO locations (chain_id, id, title, country_id, currency_id, language_id, timezone, created_at, updated_at)
    SELECT chain, chain, 'Location', (SELECT min(id) FROM countries), (SELECT min(id) FROM currencies),
           (SELECT min(id) FROM languages), world->>'zone', since, since
      FROM given)
, members AS (
    INSERT INTO team_members (chain_id, id, location_id, name, created_at, updated_at)
    SELECT chain, m.value::bigint, chain, 'Member', since, since
      FROM given, jsonb_array_elements_text(world->'members') AS m)
, category AS (
    INSERT INTO service_categories (chain_id, id, title, created_at, updated_at)
    SELECT chain, 1, 'Category', since, since FROM given)
, services AS (
    INSERT INTO services (chain_id, id, category_id, title, seats, created_at, updated_at)
    SELECT chain, s.id, 1, 'Service', s.seats, since, since
      FROM given, jsonb_to_recordset(world->'services') AS s (id bigint, seats int))
, offered AS (
    INSERT INTO location_services (chain_id, location_id, service_id, technical_break)
    SELECT chain, chain, s.id, s.pause FROM given, jsonb_to_recordset(world->'services') AS s (id bigint, pause int))
, links AS (
    INSERT INTO service_links (chain_id, service_id, team_member_id, duration)
    SELECT chain, l.service, l.member, l.duration
      FROM given, jsonb_to_recordset(world->'links') AS l (service bigint, member bigint, duration int))
, resources AS (
    INSERT INTO resources (chain_id, id, location_id, title, created_at, updated_at)
    SELECT chain, r.id, chain, 'Resource', since, since
      FROM given, jsonb_to_recordset(world->'resources') AS r (id bigint))
, instances AS (
    INSERT INTO resource_instances (chain_id, id, resource_id, title, deleted_at)
    SELECT chain, i.id, i.resource, 'Instance', CASE WHEN i.is_gone THEN since END
      FROM given, jsonb_to_recordset(world->'instances') AS i (id bigint, resource bigint, is_gone bool))
, needed AS (
    INSERT INTO service_resources (chain_id, service_id, resource_id)
    SELECT chain, n.service, n.resource
      FROM given, jsonb_to_recordset(world->'needed') AS n (service bigint, resource bigint))
, days AS (
    INSERT INTO days (chain_id, owner_id, date, work)
    SELECT chain, d.owner, d.date, range_agg(tstzrange(d.start, d."end"))
      FROM given, jsonb_to_recordset(world->'days') AS d (owner bigint, date date, start timestamptz, "end" timestamptz)
     GROUP BY chain, d.owner, d.date)
, busy AS (
    INSERT INTO busy (chain_id, location_id, owner_id, starts_at, ends_at, kind,
                      service_id, seats, seats_taken, is_overbooked)
    SELECT chain, chain, b.owner, b.start, b."end", 'appointment', b.service, b.seats, b.seats_taken, b.is_overbooked
      FROM given, jsonb_to_recordset(world->'busy') AS b (owner bigint, start timestamptz, "end" timestamptz,
                                                          service bigint, seats int, seats_taken int,
                                                          is_overbooked bool))
, settings AS (
    INSERT INTO timeslot_settings (chain_id, location_id, is_enabled) SELECT chain, chain, true FROM given)
INSERT INTO timeslot_rules (chain_id, location_id, weekday, date, timeslots, first_timeslot, last_timeslot, step,
                            nearest_delay, kind, is_flexible)
SELECT chain, chain, r.weekday, r.date, r.timeslots, r.first, r.last, r.step, r.delay, r.kind, r.is_flexible
  FROM given, jsonb_to_recordset(world->'rules') AS r (weekday int, date date, timeslots int[], first int, last int,
                                                       step int, delay int, kind text, is_flexible bool)
"""


GONE = 1_000_000


async def store(db: Connection, chain_id: int, world: World) -> None:
    """Write a world as a new chain with a location of the same id. Other ids are the world's: chains share them."""
    tables = {
        "zone": world.zone,
        "members": list(world.work),
        "services": [
            {"id": n, "seats": service.seats, "pause": service.pause} for n, service in world.services.items()
        ],
        "links": [
            {"service": n, "member": member, "duration": duration}
            for n, service in world.services.items()
            for member, duration in service.durations.items()
        ],
        "needed": [
            {"service": n, "resource": needed} for n in world.services for needed in world.services[n].resources
        ],
        "resources": [{"id": n} for n in world.resources],
        "instances": [
            {"id": instance, "resource": n, "is_gone": instance == GONE + n}
            for n, instances in world.resources.items()
            for instance in (*instances, GONE + n)  # there was one more, which nobody can use now
        ],
        "days": [
            {"owner": member, "date": day, "start": moment(start), "end": moment(end)}
            for member, days in world.work.items()
            for day, spans in days.items()
            for start, end in spans
        ],
        "busy": [
            {**asdict(row), "owner": owner, "start": moment(row.start), "end": moment(row.end)}
            for owner, rows in world.busy.items()
            for row in rows
        ],
        "rules": world.rules,
    }
    await db.execute(STORE, chain_id, msgspec.to_builtins(tables))


class Engine:
    """The engine's answers to one question about one stored world, in the model's terms."""

    def __init__(self, db: Connection, zone: ZoneInfo, question: Question, grid: Grid) -> None:
        self.db, self.zone, self.question, self.grid = db, zone, question, grid

    @classmethod
    async def of(cls, db: Connection, chain_id: int, world: World, asked: Asked, dates: tuple[date, ...]) -> Engine:
        offer = await offer_of(db, chain_id, chain_id)
        assert offer.members_for(asked.services) == list(asked.members)
        taken = [Taken(owner, moment(start), moment(end)) for owner, start, end in asked.taken]
        question = availability.question(offer, chain_id, asked.services, asked.members, taken)
        window = Window(now=asked.now, lead=asked.lead, horizon=asked.horizon)
        zone = ZoneInfo(world.zone)
        return cls(db, zone, question, lay_grid(dates, zone, offer.rules, GridRule(), window))

    async def starts(self, grid: Grid | None = None) -> dict[date, Answer]:
        """Starts by the date that the engine names."""
        found: dict[date, Answer] = {}
        for start in await availability.starts(self.db, self.question, self.grid if grid is None else grid):
            answer = found.setdefault(start.date, set())
            pair = start.need.member_id, minute_at(start)
            assert pair not in answer, f"{pair} is offered twice"
            answer.add(pair)
        return found

    async def first_of_dates(self, *, first: bool = False) -> list[date]:
        return await availability.first_of_dates(self.db, self.question, self.grid, first=first)

    async def first_of_places(self) -> list[int | None]:
        """The first minutes of three places: of the whole team, of its first member alone, of nobody."""
        needs = self.question.needs
        places = [(needs, self.grid), (needs[:1], self.grid), (needs[:0], self.grid)]
        firsts = await availability.first_of_places(self.db, self.question.chain_id, places)
        return [at and minute_of(at) for at in firsts]

    async def first_of_members(self) -> Answer:
        firsts = await availability.first_of_members(self.db, self.question, self.grid)
        return {(member, minute_at(start)) for member, start in firsts.items()}

    async def working_dates(self, dates: tuple[date, ...], members: tuple[int, ...]) -> list[date]:
        return await availability.working_dates(self.db, self.question.chain_id, members, dates, self.zone)


def minute_at(start: Start) -> int:
    """The minute of a start, which has to be a whole one."""
    return minute_of(start.at)


def minute_of(at: datetime) -> int:
    """The minute of a moment, which has to be a whole one."""
    seconds = (at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    assert seconds % 60 == 0, f"{at} is no whole minute"
    return int(seconds) // 60
