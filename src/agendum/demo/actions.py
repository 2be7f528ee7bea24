"""Making the demo, once for a database, and rolling its calendar forward at later starts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import msgspec

from agendum.core import cache
from agendum.core.clock import local_midnight, zone
from agendum.core.db.pool import prepare_connection
from agendum.core.db.sql import Connection, load
from agendum.core.facts import signing_secret
from agendum.core.facts import sql as server_facts
from agendum.core.links import record_token
from agendum.core.rights import administrator_rights, owner_rights
from agendum.core.signing import Signer
from agendum.demo import business, keys
from agendum.demo.catalogue import (
    CATEGORIES,
    LATVIAN_ID,
    NEW_YORK,
    RIGA,
    SERVICES,
    STRANGER,
    STRANGER_CATEGORIES,
    STRANGER_SERVICES,
    Place,
)
from agendum.demo.plan import Client, Planner, Shop
from agendum.demo.rows import Desk, number, ratings_of, rows_of, visits_of
from agendum.demo.schedules import Absence
from agendum.schedule.facts import offer_of
from agendum.schedule.rules import GridRule

sql = load(__file__)

Progress = Callable[[str], None]

FACT = "demo"
PAST, COMING = 90, 30  # days


class Calendar(msgspec.Struct):
    """What rolling forward needs to know of a location; `until` is the last date that was filled."""

    chain_id: int
    location_id: int
    made_on: date
    until: date
    schedules: dict[int, str]
    absences: list[Absence]
    user_id: int  # who writes at the desk
    booking_form_id: int | None
    latvian: bool


class Demo(msgspec.Struct):
    """What the database remembers of its demo."""

    seed: int
    chain_id: int
    stranger_chain_id: int
    stranger_location_id: int
    partner_id: int
    people: keys.People
    calendars: list[Calendar]


def _silent(_: str) -> None:
    return None


async def make_demo(
    dsn: str,
    base_url: str,
    data_dir: Path,
    *,
    now: datetime,
    seed: int = 2026,
    progress: Progress = _silent,
) -> dict[str, Any]:
    """Fill a migrated database with the demo, unless it is there, and see that `data_dir` has its `demo.json`.

    Gives the file's content. A data folder without keys for this database gets new ones (and the two users new
    passwords); nothing else changes a demo that exists. The same seed and moment give the same data.
    """
    async with _connected(dsn) as db, db.transaction():
        await sql.lock.value(db)
        demo, issued = await _load(db), None
        if demo is None:
            progress("making the demo: two locations, a team, services")
            demo, issued = await _make(db, now, seed)
            progress(f"filling its calendar: {PAST} past days, {COMING} to come")
            await _fill(db, demo, now)
            await _save(db, demo)
            await sql.analyze.run(db)
        found = None if issued else keys.read(data_dir)
        if found is None or not await keys.fits(db, found, demo.chain_id):
            issued = issued or await keys.issue(db, demo.people, now)
        card = await _card(db, demo, base_url, issued, found, now)
    if card != found:
        keys.write(data_dir, card)
    return keys.plain(card)


async def extend_demo(dsn: str, *, now: datetime, progress: Progress = _silent) -> int:
    """Fill the calendar up to 30 days ahead again, beginning where it ended. What is there stays as it is.

    Gives the number of new appointments: 0 when nothing is missing, or there is no demo.
    """
    async with _connected(dsn) as db, db.transaction():
        await sql.lock.value(db)
        demo = await _load(db)
        if demo is None:
            return 0
        made = await _fill(db, demo, now)
        if made:
            progress(f"rolling the demo forward: {made} appointments")
            await _save(db, demo)
        return made


# ---- the business


async def _make(db: Connection, now: datetime, seed: int) -> tuple[Demo, keys.Issued]:
    rng = Random(seed)  # noqa: S311 - pictures of people, not secrets
    aurora = await business.open_chain(db, "Aurora", (NEW_YORK, RIGA), CATEGORIES, SERVICES, now=now, rng=rng)
    await business.add_forms_and_fields(db, aurora, now)
    other = await business.open_chain(
        db, "Stranger", (STRANGER,), STRANGER_CATEGORIES, STRANGER_SERVICES, now=now, rng=rng
    )
    soho = aurora.locations[NEW_YORK.key]
    owner = await _user(db, "Nora Lindqvist", "owner@aurora.example", "12125550100", now)
    receptionist = await _user(db, "Grace Kim", "reception@aurora.example", "12125550101", now)
    stranger = await _user(db, "Edward Stranger", "owner@stranger.example", "442079460100", now)
    for chain_id, user_id, location_id, role, rights in (
        (aurora.chain_id, owner, None, "owner", owner_rights(aurora.chain_id)),
        (aurora.chain_id, receptionist, soho, "administrator", administrator_rights()),
        (other.chain_id, stranger, None, "owner", owner_rights(other.chain_id)),
    ):
        await sql.put_membership.run(
            db, chain_id=chain_id, user_id=user_id, location_id=location_id, role=role, rights=rights, at=now
        )
    people = keys.People((owner, "owner@aurora.example"), (receptionist, "reception@aurora.example"), stranger)
    issued = await keys.issue(db, people, now)
    chain_form = aurora.forms[""]
    demo = Demo(
        seed=seed,
        chain_id=aurora.chain_id,
        stranger_chain_id=other.chain_id,
        stranger_location_id=other.locations[STRANGER.key],
        partner_id=issued.partner_id,
        people=people,
        calendars=[
            _calendar(aurora, NEW_YORK, now, receptionist, aurora.forms[NEW_YORK.key]),
            _calendar(aurora, RIGA, now, owner, chain_form),
            _calendar(other, STRANGER, now, stranger, None),
        ],
    )
    return demo, issued


async def _user(db: Connection, name: str, login: str, phone: str, now: datetime) -> int:
    return await sql.put_user.value(db, name=name, login=login, email=login, phone=phone, at=now)


def _calendar(opened: business.Opened, place: Place, now: datetime, user_id: int, form_id: int | None) -> Calendar:
    location_id = opened.locations[place.key]
    today = now.astimezone(zone(place.row["timezone"])).date()
    return Calendar(
        chain_id=opened.chain_id,
        location_id=location_id,
        made_on=today,
        until=today - timedelta(days=PAST + 1),
        schedules={opened.members[member.name]: member.schedule for member in place.members},
        absences=opened.absences.get(location_id, []),
        user_id=user_id,
        booking_form_id=form_id,
        latvian=place.row["language_id"] == LATVIAN_ID,
    )


# ---- its calendar


async def _fill(db: Connection, demo: Demo, now: datetime) -> int:
    made = 0
    for n, calendar in enumerate(demo.calendars):
        made += await _fill_location(db, demo, calendar, n, now)
    return made


async def _fill_location(db: Connection, demo: Demo, calendar: Calendar, n: int, now: datetime) -> int:
    """Every date after `until` up to 30 days from the location's today; none when it was closed meanwhile."""
    where = {"chain_id": calendar.chain_id, "location_id": calendar.location_id}
    row = await sql.shop.row(db, **where)
    if row is None:
        return 0
    tz = zone(row["timezone"])
    first, last = calendar.until + timedelta(days=1), now.astimezone(tz).date() + timedelta(days=COMING)
    if first > last:
        return 0
    shop = Shop(
        chain_id=calendar.chain_id,
        location_id=calendar.location_id,
        number=n,
        seed=demo.seed,
        made_on=calendar.made_on,
        tz=tz,
        default_rule=GridRule(step=row["slot_step"]),
        offer=await _offer(db, **where),
        instances=msgspec.convert(row["instances"], dict[int, list[int]], strict=False),
        clients=msgspec.convert(row["clients"], list[Client], strict=False),
        schedules=calendar.schedules,
        absences=calendar.absences,
    )
    taken = await sql.taken_time.rows(db, **where, since=local_midnight(first, tz))
    known = await sql.known_days.rows(db, chain_id=calendar.chain_id, owner_ids=list(calendar.schedules), first=first)
    planner = Planner(
        shop,
        now,
        [(row["owner_id"], int(row["starts_at"].timestamp()), int(row["ends_at"].timestamp())) for row in taken],
        [(row["owner_id"], row["date"]) for row in known],
    )
    plan = planner.fill(first, last)
    number(
        plan,
        await business.take(db, "busy", len(plan.held)),
        await business.take(db, "visits", len(visits_of(plan))),
        await business.take(db, "appointments", len(plan.bookings)),
    )
    desk = Desk(demo.partner_id, calendar.user_id, calendar.booking_form_id, calendar.latvian)
    rows = rows_of(shop, plan, desk, now)
    chain_id = calendar.chain_id
    await sql.put_days.run(db, chain_id=chain_id, rows=rows.days)
    await sql.put_busy.run(db, chain_id=chain_id, rows=rows.busy)
    await sql.put_visits.run(db, chain_id=chain_id, rows=rows.visits)
    await sql.put_appointments.run(db, chain_id=chain_id, rows=rows.appointments)
    await sql.put_appointment_services.run(db, chain_id=chain_id, rows=rows.appointment_services)
    await sql.put_reviews.run(db, chain_id=chain_id, rows=rows.reviews)
    await sql.add_ratings.run(db, chain_id=chain_id, rows=ratings_of(rows.reviews))
    await sql.settle_visits.run(db, chain_id=chain_id)
    await sql.put_client_sums.run(db, chain_id=chain_id)
    calendar.until = last
    return len(rows.appointments)


async def _offer(db: Connection, chain_id: int, location_id: int) -> Any:
    """What can be booked now. The process's cache is passed by: nothing here has been committed yet."""
    cache.drop_everywhere_here()
    try:
        return await offer_of(db, chain_id, location_id)
    finally:
        cache.drop_everywhere_here()


# ---- what is remembered


async def _load(db: Connection) -> Demo | None:
    kept = await server_facts.server_fact.value(db, name=FACT)
    return None if kept is None else msgspec.json.decode(kept, type=Demo)


async def _save(db: Connection, demo: Demo) -> None:
    await server_facts.replace_server_fact.run(db, name=FACT, value=msgspec.json.encode(demo).decode())


async def _card(
    db: Connection, demo: Demo, base_url: str, issued: keys.Issued | None, found: keys.Keys | None, now: datetime
) -> keys.Keys:
    """The file's content: new keys where some were issued, else those that were found."""
    row = await sql.ids.row(db, chain_id=demo.chain_id)
    assert row is not None
    if issued is not None:
        partner_token, owner, receptionist = issued.partner_token, issued.owner, issued.receptionist
        stranger_token = issued.stranger_token
    else:
        assert found is not None
        partner_token, owner, receptionist = found.partner_token, found.owner, found.receptionist
        stranger_token = found.stranger.user_token
    visit = await sql.unreviewed_visit.value(db, chain_id=demo.chain_id, now=now)
    return keys.Keys(
        base_url=base_url,
        review_token=record_token(Signer(await signing_secret(db)), visit) if visit is not None else "",
        partner_token=partner_token,
        owner=owner,
        receptionist=receptionist,
        chain_id=demo.chain_id,
        location_id=row["location_ids"][0],
        stranger=keys.Stranger(stranger_token, demo.stranger_chain_id, demo.stranger_location_id),
        **dict(row),
    )


@asynccontextmanager
async def _connected(dsn: str) -> AsyncGenerator[Connection]:
    connection = await asyncpg.connect(dsn, server_settings={"timezone": "UTC", "application_name": "agendum demo"})
    try:
        await prepare_connection(connection)
        yield connection
    finally:
        await connection.close()
