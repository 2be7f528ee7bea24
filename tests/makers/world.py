"""A whole small business, and a stranger beside it: what a walk through the API meets.

Rows are written by SQL, with the values that a real one would have; everything else happens over HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from argon2 import PasswordHasher

from agendum.core import clock
from agendum.core.db.pool import prepare_connection
from agendum.core.signing import new_token, token_hash

# As cheap as argon2 gets; a first sign-in may renew it.
_hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse battery"
NEW_YORK, TOKYO = "America/New_York", "Asia/Tokyo"
Rights = Sequence[str]
_phones = iter(range(13155550100, 13155559999))


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in. `phone` is E.164 digits."""

    id: int
    name: str
    phone: str
    email: str
    login: str
    token: str


@dataclass(frozen=True)
class Business:
    """Two locations of one chain. `anna` and `peter` work at the first, `yuki` at the second.

    `haircut` is done by both, `massage` needs the only cabin, `manicure` is Anna's alone.
    """

    chain_id: int
    location_id: int
    far_location_id: int
    anna: int
    peter: int
    yuki: int
    haircut: int
    massage: int
    manicure: int
    category_id: int
    client_id: int
    client_phone: str
    form_id: int
    chain_form_id: int
    owner: Person
    receptionist: Person
    limited: Person

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(NEW_YORK)


@dataclass(frozen=True)
class SmallWorld:
    """`client` is a person of no business; `stranger` owns another chain."""

    partner_token: str
    business: Business
    client: Person
    stranger: Person
    stranger_location_id: int
    stranger_chain_id: int


async def connect(dsn: str) -> Any:
    """A connection with the server's types."""
    db: Any = await asyncpg.connect(dsn)
    await prepare_connection(db)
    return db


async def make_small_world(db: Any, *, rights: Rights = ()) -> SmallWorld:
    """The world. `rights` are what the owner and the receptionist hold."""
    partner_token = await make_partner_token(db)
    business = await make_business(db, rights=rights)
    client = await make_person(db, "Nora Client")
    stranger = await make_person(db, "Sam Stranger")
    chain_id = await make_chain(db, "Elsewhere")
    location_id = await make_place(db, chain_id, "Elsewhere", zone=NEW_YORK)
    await make_membership(db, chain_id, stranger, None, role="owner", rights=rights)
    return SmallWorld(partner_token, business, client, stranger, location_id, chain_id)


async def insert(db: Any, table: str, **values: Any) -> int:
    """One row; gives back its id."""
    return await db.fetchval(f"{_insert(table, values)} RETURNING id", *values.values())


async def put(db: Any, table: str, **values: Any) -> None:
    """One row of a table whose rows have no id of their own."""
    await db.execute(_insert(table, values), *values.values())


def _insert(table: str, values: dict[str, Any]) -> str:
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"


def stamps() -> dict[str, datetime]:
    return {"created_at": clock.now(), "updated_at": clock.now()}


async def make_partner_token(db: Any, *, title: str = "Connector") -> str:
    token = new_token()
    await insert(db, "partners", title=title, token_hash=token_hash(token), created_at=clock.now())
    return token


async def make_person(db: Any, name: str = "James Smith", *, password: str = PASSWORD) -> Person:
    phone, token = str(next(_phones)), new_token()
    login = name.lower().replace(" ", ".") + phone[-4:]
    facts = {"name": name, "login": login, "phone": phone, "email": f"{login}@example.com"}
    user_id = await insert(db, "users", **facts, password_hash=_hasher.hash(password), **stamps())
    await put(db, "user_tokens", token_hash=token_hash(token), user_id=user_id, created_at=clock.now())
    return Person(user_id, **facts, token=token)


async def make_membership(
    db: Any, chain_id: int, person: Person, location_id: int | None, *, role: str, rights: Rights = ()
) -> None:
    await insert(
        db,
        "memberships",
        chain_id=chain_id,
        user_id=person.id,
        location_id=location_id,
        role=role,
        rights=dict.fromkeys(rights, True),
        **stamps(),
    )


async def make_chain(db: Any, title: str) -> int:
    return await insert(db, "chains", title=title, **stamps())


async def make_place(db: Any, chain_id: int, title: str, *, zone: str) -> int:
    """A location with online booking switched on; in New York or Tokyo."""
    iso, city_id = {NEW_YORK: ("US", 5128581), TOKYO: ("JP", 1850147)}[zone]
    country = await db.fetchrow("SELECT id, currency_id, lang_id FROM countries WHERE iso_code = $1", iso)
    city = await db.fetchrow("SELECT lat, lon FROM cities WHERE id = $1", city_id)
    location_id = await insert(
        db,
        "locations",
        chain_id=chain_id,
        title=title,
        public_title=title,
        short_descr="Beauty studio",
        description="<p>Welcome</p>",
        country_id=country["id"],
        city_id=city_id,
        business_type_id=1,
        currency_id=country["currency_id"],
        language_id=country["lang_id"],
        timezone=zone,
        address="787 Jackson Drive",
        zip="11435",
        lat=city["lat"],
        lon=city["lon"],
        phones=["13155550175"],
        email="info@example.com",
        site="https://example.com",
        social={"instagram": "instagram.com/example"},
        **stamps(),
    )
    await put(db, "location_chains", location_id=location_id, chain_id=chain_id)
    await put(db, "booking_settings", chain_id=chain_id, location_id=location_id)
    return location_id


async def make_business(db: Any, *, rights: Rights = ()) -> Business:
    chain_id = await make_chain(db, "La Visage")
    here = await make_place(db, chain_id, "La Visage", zone=NEW_YORK)
    far = await make_place(db, chain_id, "La Visage Tokyo", zone=TOKYO)
    position_id = await insert(db, "positions", chain_id=chain_id, title="Stylist", **stamps())
    for place in (here, far):
        await put(db, "position_locations", chain_id=chain_id, position_id=position_id, location_id=place)
    anna = await make_member(db, chain_id, here, "Anna", position_id=position_id, weight=2)
    peter = await make_member(db, chain_id, here, "Peter", weight=1)
    yuki = await make_member(db, chain_id, far, "Yuki", position_id=position_id, zone=TOKYO)
    category_id = await make_category(db, chain_id, (here, far))
    haircut = await make_service(db, chain_id, category_id, "Haircut", {here: (anna, peter), far: (yuki,)})
    massage = await make_service(db, chain_id, category_id, "Massage", {here: (anna, peter)}, seconds=1800)
    manicure = await make_service(db, chain_id, category_id, "Manicure", {here: (anna,)}, seconds=2700)
    await make_cabin(db, chain_id, here, massage)
    owner = await make_person(db, "Olga Owner")
    receptionist = await make_person(db, "Rita Reception")
    limited = await make_person(db, "Leo Limited")
    await make_membership(db, chain_id, owner, None, role="owner", rights=rights)
    await make_membership(db, chain_id, receptionist, here, role="administrator", rights=rights)
    await make_membership(db, chain_id, limited, here, role="custom")
    client_phone = str(next(_phones))
    client = {"name": "Clara Client", "phone": client_phone, "email": "clara@example.com"}
    client_id = await insert(db, "clients", chain_id=chain_id, location_id=here, **client, **stamps())
    policy = "<p>We keep your phone to remind you.</p>"
    await put(
        db,
        "privacy_policies",
        chain_id=chain_id,
        location_id=here,
        content=policy,
        updated_at=clock.now(),
    )
    return Business(
        chain_id=chain_id,
        location_id=here,
        far_location_id=far,
        anna=anna,
        peter=peter,
        yuki=yuki,
        haircut=haircut,
        massage=massage,
        manicure=manicure,
        category_id=category_id,
        client_id=client_id,
        client_phone=client_phone,
        form_id=await make_form(db, chain_id, here),
        chain_form_id=await make_form(db, chain_id, None),
        owner=owner,
        receptionist=receptionist,
        limited=limited,
    )


async def make_member(
    db: Any,
    chain_id: int,
    location_id: int,
    name: str,
    *,
    position_id: int | None = None,
    weight: int = 0,
    zone: str = NEW_YORK,
    days: int = 45,
) -> int:
    """A team member who works from 9 to 18 by the location's clock, every day from yesterday for `days`."""
    member_id = await insert(
        db,
        "team_members",
        chain_id=chain_id,
        location_id=location_id,
        position_id=position_id,
        name=name,
        specialization="Stylist",
        information="<p>Ten years.</p>",
        weight=weight,
        **stamps(),
    )
    first = clock.now().astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    await make_work(db, chain_id, member_id, [first + timedelta(days=n) for n in range(days)], zone=zone)
    return member_id


async def make_work(
    db: Any,
    chain_id: int,
    member_id: int,
    dates: list[date],
    *,
    zone: str = NEW_YORK,
    hours: tuple[int, int] = (9, 18),
) -> None:
    """Working time on these dates, from one full hour of the location's clock to another."""
    begins, ends = ([clock.instant(day, hour * 3600, ZoneInfo(zone)) for day in dates] for hour in hours)
    await db.execute(
        """INSERT INTO days (chain_id, owner_id, date, work)
           SELECT $1, $2, date, tstzmultirange(tstzrange(begins, ends))
             FROM unnest($3::date[], $4::timestamptz[], $5::timestamptz[]) AS x (date, begins, ends)""",
        chain_id,
        member_id,
        dates,
        begins,
        ends,
    )


async def make_category(db: Any, chain_id: int, location_ids: Sequence[int], title: str = "Hair") -> int:
    category_id = await insert(db, "service_categories", chain_id=chain_id, title=title, **stamps())
    for location_id in location_ids:
        place = {"location_id": location_id, "category_id": category_id}
        await insert(db, "location_categories", chain_id=chain_id, **place, weight=60)
    return category_id


async def make_service(
    db: Any,
    chain_id: int,
    category_id: int,
    title: str,
    places: dict[int, tuple[int, ...]],
    *,
    seconds: int = 3600,
    prices: tuple[int, int] = (45, 60),
    **facts: Any,
) -> int:
    """A service; `places` says at which locations, and by which team members of each."""
    service_id = await insert(
        db, "services", chain_id=chain_id, category_id=category_id, title=title, **facts, **stamps()
    )
    offer = {"service_id": service_id, "duration": seconds}
    for location_id, members in places.items():
        price = {"price_min": prices[0], "price_max": prices[1]}
        await insert(db, "location_services", chain_id=chain_id, location_id=location_id, **offer, **price)
        for member_id in members:
            await put(db, "service_links", chain_id=chain_id, team_member_id=member_id, **offer)
    return service_id


async def make_cabin(db: Any, chain_id: int, location_id: int, service_id: int, *, instances: int = 1) -> int:
    """A resource with so many instances, of which the service needs one."""
    resource_id = await insert(db, "resources", chain_id=chain_id, location_id=location_id, title="Cabin", **stamps())
    for number in range(1, instances + 1):
        await insert(db, "resource_instances", chain_id=chain_id, resource_id=resource_id, title=f"Cabin {number}")
    link = {"service_id": service_id, "resource_id": resource_id}
    await put(db, "service_resources", chain_id=chain_id, **link)
    return resource_id


async def make_form(db: Any, chain_id: int, location_id: int | None) -> int:
    """A booking form of a location, or with None of the chain."""
    return await insert(
        db,
        "booking_forms",
        chain_id=chain_id,
        location_id=location_id,
        title="Book with us",
        is_default=True,
        default_language_id=2,
        language_ids=[2, 3],
        **stamps(),
    )


async def make_event(
    db: Any, chain_id: int, location_id: int, member_id: int, service_id: int, starts_at: datetime, *, seats: int = 10
) -> int:
    """A group event of an hour with so many free seats."""
    spot = {"chain_id": chain_id, "location_id": location_id}
    ends_at = starts_at + timedelta(hours=1)
    time = {"owner_id": member_id, "starts_at": starts_at, "ends_at": ends_at, "kind": "event"}
    busy_id = await insert(db, "busy", **spot, **time, service_id=service_id, seats=seats, seats_taken=0)
    facts = {"service_id": service_id, "team_member_id": member_id, "busy_id": busy_id}
    return await insert(db, "events", **spot, **facts, starts_at=starts_at, length=3600, **stamps())
