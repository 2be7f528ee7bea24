"""Online booking, step by step: services, team, dates, times, check, book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from agendum.booking import actions, rules
from agendum.booking.claims import Place, read_moment
from agendum.booking.facts import booking_settings, sql
from agendum.booking.wire import (
    BookBody,
    Booked,
    Category,
    CheckBody,
    Dates,
    DatesQuery,
    EventBody,
    EventBooked,
    Position,
    Seances,
    SeancesQuery,
    Service,
    Services,
    ServicesQuery,
    Slot,
    Staff,
    StaffQuery,
    TimesQuery,
)
from agendum.chains.facts import location_facts
from agendum.core.db.sql import Row
from agendum.core.envelope import Answer, Done, created
from agendum.core.errors import Invalid, NotFound
from agendum.core.links import record_hash
from agendum.core.permissions import PARTNER
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.core.wire import to_json
from agendum.schedule import availability
from agendum.schedule.availability import Need, Question, Start, question
from agendum.schedule.facts import Offer, ServiceFacts, offer_of
from agendum.schedule.rules import Grid

routes = Routes("/api/v1", group="online-booking")


@routes.get("/book_services/{location_id}", needs=PARTNER)
async def get_services_available_for_booking(call: Call, query: ServicesQuery) -> Answer[Services]:
    """Services that can be booked, heavier first; narrowed to a team member, a moment, and what is chosen already."""
    place = await place_of(call)
    offer = place.offer
    if not query.staff_id and not query.datetime and not query.service_ids:
        # The whole offer changes only with the offer itself, so its JSON is kept beside it.
        key = f"services {call.server.base_url}"
        if key not in offer.kept:
            whole = _services(call, offer, list(offer.services.values()), 0)
            offer.kept[key] = to_json(Answer(data=whole))
        return offer.kept[key]  # type: ignore[return-value]
    _check_services(offer, query.service_ids)
    chosen = query.service_ids
    services = [
        service
        for service in offer.services.values()
        if service.id not in chosen and _members(offer, [*chosen, service.id], query.staff_id)
    ]
    if query.datetime:
        bookable: set[int] = set()
        for season in {offer.season([*chosen, service.id]) for service in services}:  # nearly always one
            alike = [service for service in services if offer.season([*chosen, service.id]) == season]
            bookable |= await _bookable(call, place, query, alike)
        services = [service for service in services if service.id in bookable]
    return Answer(data=_services(call, offer, services, query.staff_id))


@routes.get("/book_staff/{location_id}", needs=PARTNER)
async def get_team_members_available_for_booking(call: Call, query: StaffQuery) -> Answer[list[Staff]]:
    """Team members open for online booking, heavier first, each with his next free day.

    `service_ids[]`: only those who give all of these services; `datetime`: only those who are free then.
    """
    place = await place_of(call)
    _check_services(place.offer, query.service_ids)
    members = _members(place.offer, query.service_ids, 0)
    asked = question(place.offer, call.chain_id, query.service_ids, members)
    if query.datetime:
        grid = _grid_of_text(place, query.datetime, "datetime", query.service_ids)
    else:
        grid = place.grid(_coming(place), query.service_ids)
    found = await availability.first_of_members(call.db, asked, grid)
    if query.datetime:
        members = [member for member in members if member in found]
    rows = await sql.team_cards.rows(call.db, chain_id=call.chain_id, member_ids=members)
    return Answer(data=[_staff(call, place, row, found.get(row["id"])) for row in rows])


@routes.get("/book_staff_seances/{location_id}/{team_member_id}", needs=PARTNER)
async def get_nearest_time_slots(call: Call, team_member_id: int, query: SeancesQuery) -> Answer[Seances]:
    """The free start times of a team member on the nearest day that has any, from `datetime` on; 0 means anyone."""
    place = await place_of(call)
    _check_services(place.offer, query.service_ids)
    asked = question(
        place.offer,
        call.chain_id,
        query.service_ids,
        _known_members(place.offer, query.service_ids, team_member_id),
    )
    days = _coming(place)
    if query.datetime:
        first = _read_date(query.datetime, "datetime")
        days = [day for day in days if day >= first]
    dates = await availability.first_of_dates(call.db, asked, place.grid(days, query.service_ids), first=True)
    if not dates:
        return Answer(data=Seances(None, []))
    free = await availability.starts(call.db, asked, place.grid(dates[:1], query.service_ids))
    return Answer(data=Seances(dates[0], rules.slots(free, place.facts.tz)))


@routes.get("/book_dates/{location_id}", needs=PARTNER)
async def get_dates_available_for_booking(call: Call, query: DatesQuery) -> Answer[Dates]:
    """Dates with free start times, and dates on which anyone asked about works.

    `date_from` with `date_to`, else the month of `date`, else everything up to the booking horizon.
    """
    place = await place_of(call)
    _check_services(place.offer, query.service_ids)
    members = _known_members(place.offer, query.service_ids, query.staff_id)
    days = _days_asked(place, query)
    asked = question(place.offer, call.chain_id, query.service_ids, members)
    free = await availability.first_of_dates(call.db, asked, place.grid(days, query.service_ids))
    working = await availability.working_dates(call.db, call.chain_id, members, days, place.facts.tz)
    return Answer(data=Dates(rules.by_month(free), free, rules.by_month(working), working))


@routes.get("/book_times/{location_id}/{team_member_id}/{date}", needs=PARTNER)
async def get_time_slots_for_booking(
    call: Call, team_member_id: int, date: date, query: TimesQuery
) -> Answer[list[Slot]]:
    """Free start times of a date; team member 0 means anyone. Pass `datetime` of a slot on to book it."""
    place = await place_of(call)
    _check_services(place.offer, query.service_ids)
    members = _known_members(place.offer, query.service_ids, team_member_id)
    asked = question(place.offer, call.chain_id, query.service_ids, members)
    free = await availability.starts(call.db, asked, place.grid([date], query.service_ids))
    return Answer(data=rules.slots(free, place.facts.tz))


@routes.post("/book_check/{location_id}", needs=PARTNER, reads=True)
async def validate_booking_params(call: Call, body: CheckBody) -> Done:
    """Would these appointments be booked? 201 when all would; nothing is written."""
    await actions.check(call.db, await place_of(call), body.appointments)
    return created()


@routes.post("/book_record/{location_id}", needs=PARTNER, begins=True)
async def create_online_booking(call: Call, body: BookBody) -> Answer[list[Booked]]:
    """Book one or more appointments, all or none. Each comes back under the caller's number with its key."""
    written = await actions.book(call, await place_of(call), body)
    return Answer(
        data=[
            Booked(number, made.appointment_id, record_hash(call.server.signer, made.appointment_id))
            for number, made in written
        ]
    )


@routes.post("/activity/{location_id}/{event_id}/book", needs=PARTNER, status=200)
async def book_event(call: Call, event_id: int, body: EventBody) -> Answer[EventBooked]:
    """Book seats in a group event. The key opens and cancels the appointment."""
    made = await actions.book_event(call, await place_of(call), event_id, body)
    return Answer(data=EventBooked(made.appointment_id, record_hash(call.server.signer, made.appointment_id)))


async def place_of(call: Call, chain_id: int = 0, location_id: int = 0) -> Place:
    """The location as online booking sees it now: all from the process's caches. Raises NotFound."""
    chain_id, location_id = chain_id or call.chain_id, location_id or call.location_id
    return Place(
        facts=await location_facts(call.db, chain_id, location_id),
        offer=await offer_of(call.db, chain_id, location_id),
        settings=await booking_settings(call.db, chain_id, location_id),
        now=call.now,
    )


async def _bookable(call: Call, place: Place, query: ServicesQuery, services: Sequence[ServiceFacts]) -> set[int]:
    """Which of these services, all of one season, somebody could begin at the moment or on the date asked for."""
    offer, chosen = place.offer, query.service_ids
    pairs: list[tuple[int, Need]] = []
    for service in services:
        wanted = [*chosen, service.id]
        asked = question(offer, call.chain_id, wanted, _members(offer, wanted, query.staff_id))
        pairs += [(service.id, need) for need in asked.needs]
    everyone = Question(chain_id=call.chain_id, needs=[need for _, need in pairs])
    grid = _grid_of_text(place, query.datetime, "datetime", [*chosen, services[0].id])
    possible = {id(start.need) for start in await availability.first_of_needs(call.db, everyone, grid)}
    return {service_id for service_id, need in pairs if id(need) in possible}


def _check_services(offer: Offer, service_ids: list[int]) -> None:
    for service_id in service_ids:
        if service_id not in offer.services:
            raise NotFound(f"Service {service_id} cannot be booked at this location.")


def _members(offer: Offer, service_ids: list[int], member_id: int) -> list[int]:
    members = offer.members_for(service_ids)
    return [member for member in members if member == member_id] if member_id else members


def _known_members(offer: Offer, service_ids: list[int], member_id: int) -> list[int]:
    """Who could; empty when the named one does not give these services. Raises NotFound for an unknown person."""
    if member_id and member_id not in offer.members:
        raise NotFound(f"Team member {member_id} cannot be booked at this location.")
    return _members(offer, service_ids, member_id)


def _today(place: Place) -> date:
    return place.now.astimezone(place.facts.tz).date()


def _coming(place: Place) -> list[date]:
    today = _today(place)
    return [today + timedelta(days=n) for n in range(place.settings.horizon_days + 1)]


def _grid_of_text(place: Place, text: str, field: str, service_ids: Sequence[int]) -> Grid:
    """The grid of a date, or of one moment when the text has a time."""
    if len(text.strip()) <= 10:
        return place.grid([_read_date(text, field)], service_ids)
    return place.grid_at(read_moment(text, place, field), service_ids)


def _read_date(text: str, field: str) -> date:
    try:
        return rules.sane(datetime.fromisoformat(text.strip())).date()
    except ValueError:
        raise Invalid(f"{field}: expected a date such as 2026-09-30.", field=field) from None


def _days_asked(place: Place, query: DatesQuery) -> list[date]:
    if query.date_from or query.date_to:
        if not query.date_from or not query.date_to:
            missing = "date_from" if not query.date_from else "date_to"
            raise Invalid("date_from and date_to go together.", field=missing)
        first, last = _read_date(query.date_from, "date_from"), _read_date(query.date_to, "date_to")
        if last < first:
            raise Invalid("date_to is before date_from.", field="date_to")
        if (last - first).days > 366:
            raise Invalid("date_to: at most a year after date_from.", field="date_to")
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if query.date:
        return rules.month_of(_read_date(query.date, "date"))
    return _coming(place)


def _services(call: Call, offer: Offer, services: list[ServiceFacts], member_id: int) -> Services:
    shown = {service.category_id for service in services}
    return Services(
        events=[],
        services=[_service(call, offer, service, member_id) for service in services],
        category=[
            Category(
                id=category.id,
                title=category.title,
                gender=category.gender,
                api_id=category.api_id or "0",
                weight=category.weight,
            )
            for category in offer.categories
            if category.id in shown
        ],
    )


def _service(call: Call, offer: Offer, service: ServiceFacts, member_id: int) -> Service:
    link = offer.links.get((service.id, member_id))
    price_min = service.price_min if link is None or link.price is None else link.price
    price_max = service.price_max if link is None or link.price is None else link.price
    parts = [
        {"id": part, "title": offer.services[part].title, "seance_length": offer.services[part].duration}
        for part in service.parts
        if part in offer.services
    ]
    return Service(
        id=service.id,
        title=service.title,
        category_id=service.category_id,
        price_min=price_min,
        price_max=price_max,
        discount=service.discount,
        comment=service.comment,
        weight=service.weight,
        active=1,
        gender=service.gender,
        image=call.server.url(service.image),
        prepaid=service.prepaid,
        seance_length=None if link is None else link.duration,
        duration=service.duration,
        abonement_restriction=0,
        prepaid_settings={"status": service.prepaid, "prepaid_full": {"amount": 0, "currency": ""}},
        is_composite=service.is_composite,
        is_chain=service.is_chain,
        images=[call.server.url(image) for image in service.images],
        composite_details={"services": parts} if service.is_composite else None,
        salon_service_id=service.salon_service_id,
        api_id=service.api_id,
    )


def _staff(call: Call, place: Place, row: Row, start: Start | None) -> Staff:
    votes, url = row["votes_count"], call.server.url
    position: Position | list[Any] = []
    if row["position_id"] is not None:
        position = Position(row["position_id"], row["position_title"], row["services_binding_type"])
    user = None
    if row["user_id"] is not None:
        user = {"id": row["user_id"], "name": row["user_name"], "avatar": url(row["user_avatar"])}
    avatar, big = url(row["avatar"]), url(row["avatar_big"] or row["avatar"])
    return Staff(
        id=row["id"],
        api_id=row["api_id"],
        user_id=row["user_id"],
        name=row["name"],
        bookable=start is not None,
        specialization=row["specialization"],
        position=position,
        position_id=row["position_id"] or 0,
        show_rating=int(row["show_rating"]),
        rating=round(row["rating_sum"] / votes, 2) if votes else 0,
        votes_count=votes,
        avatar=avatar,
        avatar_big=big,
        comments_count=row["comments_count"],
        weight=row["weight"],
        information=row["information"],
        seance_date=start.date if start else msgspec.UNSET,
        seances=[rules.slot(start, place.facts.tz)] if start else msgspec.UNSET,
        schedule_till=row["schedule_till"],
        has_access_timetable=row["has_access_timetable"],
        image_group={"images": {"basic": {"path": big}}} if big else [],
        fired=0,
        status=0,
        hidden=0,
        user=user,
        prepaid=place.offer.prepaid(row["id"]),
    )
