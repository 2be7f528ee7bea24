"""Writing a demo business: the chain, its locations, team, services, resources, settings and clients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from agendum.core.clock import zone
from agendum.core.db.sql import Connection, load
from agendum.demo.catalogue import COMPOSITE, COMPOSITE_PARTS, CUSTOM_FIELDS, FORMS, Member, Place, Service
from agendum.demo.people import clients_of
from agendum.demo.schedules import Absence

sql = load(__file__)

Row = dict[str, Any]


@dataclass
class Opened:
    """Ids of a new chain by the names of the catalogue."""

    chain_id: int
    locations: dict[str, int] = field(default_factory=dict[str, int])
    members: dict[str, int] = field(default_factory=dict[str, int])
    services: dict[str, int] = field(default_factory=dict[str, int])
    forms: dict[str, int] = field(default_factory=dict[str, int])
    absences: dict[int, list[Absence]] = field(default_factory=dict[int, list[Absence]])  # by location


async def open_chain(
    db: Connection,
    title: str,
    places: Sequence[Place],
    categories: dict[str, tuple[str, int, int]],
    services: Sequence[Service],
    *,
    now: datetime,
    rng: Random,
) -> Opened:
    """A chain with locations, team, services, resources, settings and clients; without any calendar."""
    at = now - timedelta(days=900)  # the business is older than its oldest client
    opened = Opened(await sql.put_chain.value(db, title=title, at=at))
    chain_id = opened.chain_id
    for place, id_ in zip(places, await take(db, "locations", len(places)), strict=True):
        row: Row = {"id": id_, "description": "", "site": "", "social": {}, "schedule_text": "", "group_priority": 0}
        row |= {"bookform_group_priority": 0} | place.row
        await sql.put_location.run(db, chain_id=chain_id, row=row, at=at)
        await sql.put_location_chain.run(db, location_id=id_, chain_id=chain_id)
        opened.locations[place.key] = id_
    await _hire(db, opened, places, now, at)
    await _offer(db, opened, places, categories, services, at)
    await _equip(db, opened, places, services, at)
    for place in places:
        await _settle(db, opened, place, now, rng)
    return opened


async def add_forms_and_fields(db: Connection, opened: Opened, now: datetime) -> None:
    """Aurora's booking forms and custom fields."""
    at = now - timedelta(days=400)
    await sql.put_custom_fields.run(db, chain_id=opened.chain_id, rows=list(CUSTOM_FIELDS), at=at)
    for place, form in FORMS.items():
        location_id = opened.locations.get(place)  # none: of the chain
        opened.forms[place] = await sql.put_form.value(
            db, chain_id=opened.chain_id, location_id=location_id, row=form, at=at
        )


async def take(db: Connection, table: str, count: int) -> list[int]:
    """`count` fresh ids of a table, in order."""
    return [row["id"] for row in await sql.take_ids.rows(db, table_name=table, count=count)]


async def _take_calendar(db: Connection, count: int) -> list[int]:
    return [row["id"] for row in await sql.take_calendar_ids.rows(db, count=count)]


async def _hire(db: Connection, opened: Opened, places: Sequence[Place], now: datetime, at: datetime) -> None:
    titles = list(dict.fromkeys(member.position for place in places for member in place.members))
    positions = dict(zip(titles, await take(db, "positions", len(titles)), strict=True))
    await sql.put_positions.run(
        db,
        chain_id=opened.chain_id,
        rows=[{"id": id_, "title": title} for title, id_ in positions.items()],
        places=[
            {"position_id": positions[title], "location_id": opened.locations[place.key]}
            for place in places
            for title in dict.fromkeys(member.position for member in place.members)
        ],
        at=at,
    )
    team = [(place, member) for place in places for member in place.members]
    rows: list[Row] = []
    for (place, member), id_ in zip(team, await _take_calendar(db, len(team)), strict=True):
        location_id = opened.locations[place.key]
        opened.members[member.name] = id_
        rows.append(
            {
                "id": id_,
                "location_id": location_id,
                "position_id": positions[member.position],
                "name": member.name,
                "specialization": member.specialization,
                "information": member.information,
                "weight": member.weight,
                "hired_on": (at + timedelta(days=10 * len(rows))).date(),
            }
        )
        if member.absence:
            first, last, kind = member.absence
            today = now.astimezone(zone(place.row["timezone"])).date()
            absence = Absence(id_, today + timedelta(days=first), today + timedelta(days=last), kind)
            opened.absences.setdefault(location_id, []).append(absence)
    await sql.put_members.run(db, chain_id=opened.chain_id, rows=rows, at=at)


async def _offer(
    db: Connection,
    opened: Opened,
    places: Sequence[Place],
    categories: dict[str, tuple[str, int, int]],
    services: Sequence[Service],
    at: datetime,
) -> None:
    chain_id = opened.chain_id
    category_ids = dict(zip(categories, await take(db, "service_categories", len(categories)), strict=True))
    opened.services = dict(
        zip((service.title for service in services), await take(db, "services", len(services)), strict=True)
    )
    await sql.put_categories.run(
        db,
        chain_id=chain_id,
        rows=[
            {"id": category_ids[key], "title": title, "gender": gender}
            for key, (title, gender, _) in categories.items()
        ],
        at=at,
    )
    await sql.put_services.run(
        db,
        chain_id=chain_id,
        rows=[
            {
                "id": opened.services[service.title],
                "category_id": category_ids[service.category],
                "title": service.title,
                "booking_title": service.booking_title,
                "comment": service.comment,
                "gender": service.gender,
                "is_composite": service.title == COMPOSITE,
                "seats": service.seats,
            }
            for service in services
        ],
        at=at,
    )
    if COMPOSITE in opened.services:
        parts = [opened.services[part] for part in COMPOSITE_PARTS]
        await sql.put_parts.run(db, chain_id=chain_id, service_id=opened.services[COMPOSITE], part_ids=parts)
    links: list[Row] = []
    offered: list[Row] = []
    used: list[Row] = []
    for place in places:
        location_id = opened.locations[place.key]
        here = [service for service in services if place.key in service.prices]
        for service in here:
            hands = [member for member in place.members if {service.category, service.title} & set(member.skills)]
            mine = [_link(opened, service, member, place.key) for member in hands]
            links += mine
            prices = [link["price"] or service.prices[place.key] for link in mine]
            offered.append(
                {
                    "location_id": location_id,
                    "service_id": opened.services[service.title],
                    "price_min": min(prices),
                    "price_max": max(prices),
                    "duration": service.minutes * 60,
                    "technical_break": service.pause * 60 or None,
                    "weight": service.weight,
                }
            )
        used += [
            {"location_id": location_id, "category_id": category_ids[key], "weight": categories[key][2]}
            for key in dict.fromkeys(service.category for service in here)
        ]
    await sql.put_location_categories.run(db, chain_id=chain_id, rows=used)
    await sql.put_location_services.run(db, chain_id=chain_id, rows=offered)
    await sql.put_links.run(db, chain_id=chain_id, rows=links)


def _link(opened: Opened, service: Service, member: Member, place: str) -> Row:
    """How a team member gives a service: quarter hours, prices in steps of five above ten."""
    price = service.prices[place]
    own = round(price * member.price / 5) * 5 if price >= 20 else price
    return {
        "service_id": opened.services[service.title],
        "team_member_id": opened.members[member.name],
        "duration": max(round(service.minutes * member.pace / 15), 1) * 900,
        "price": None if own == price else own,
    }


async def _equip(
    db: Connection, opened: Opened, places: Sequence[Place], services: Sequence[Service], at: datetime
) -> None:
    count = sum(len(place.resources) for place in places)
    ids = iter(await take(db, "resources", count))
    resources: list[Row] = []
    instances: list[Row] = []
    needs: list[Row] = []
    for place in places:
        for key, (title, *titles) in place.resources.items():
            id_ = next(ids)
            resources.append({"id": id_, "location_id": opened.locations[place.key], "title": title})
            instances += [{"resource_id": id_, "title": name} for name in titles]
            needs += [
                {"service_id": opened.services[service.title], "resource_id": id_}
                for service in services
                if service.resource == key and place.key in service.prices
            ]
    for instance, id_ in zip(instances, await _take_calendar(db, len(instances)), strict=True):
        instance["id"] = id_
    await sql.put_resources.run(db, chain_id=opened.chain_id, rows=resources, at=at)
    await sql.put_instances.run(db, chain_id=opened.chain_id, rows=instances)
    await sql.put_service_resources.run(db, chain_id=opened.chain_id, rows=needs)


async def _settle(db: Connection, opened: Opened, place: Place, now: datetime, rng: Random) -> None:
    here = {"chain_id": opened.chain_id, "location_id": opened.locations[place.key]}
    await sql.put_booking_settings.run(db, **here, row=place.settings)
    if place.policy:
        await sql.put_policy.run(db, **here, content=place.policy, at=now)
    if place.grid:
        await sql.put_grid.run(db, **here, rows=list(place.grid))
    clients = list(clients_of(place.key, place.clients, rng, now))
    for client, id_ in zip(clients, await take(db, "clients", place.clients), strict=True):
        client["id"] = id_
    await sql.put_clients.run(db, **here, rows=clients)
