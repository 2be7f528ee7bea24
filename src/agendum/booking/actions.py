"""Booking online: check, book, move, cancel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from agendum.access.actions import check_code
from agendum.appointments.actions.writing import (
    NewAppointment,
    Spot,
    Written,
    delete_appointment,
    move_appointment,
    write_appointment,
    write_on,
)
from agendum.appointments.rules.lines import Line
from agendum.booking import errors, rules
from agendum.booking.facts import BookingSettings
from agendum.booking.wire import BookBody, EventBody, WantedAppointment
from agendum.chains.facts import LocationFacts
from agendum.clients.actions import find_or_make_client
from agendum.core.audit import author_of
from agendum.core.clock import parse_when
from agendum.core.db.sql import Connection, Row, load
from agendum.core.errors import Forbidden, Invalid
from agendum.core.money import less_discount
from agendum.core.phone import parse_phone
from agendum.core.server import Call
from agendum.events.actions import lock_event
from agendum.schedule.actions import Claim, lock_claims, take_seats
from agendum.schedule.availability import Question, Taken, question, starts
from agendum.schedule.availability import sql as schedule_sql
from agendum.schedule.errors import TimeTaken
from agendum.schedule.facts import Offer
from agendum.schedule.rules import Grid, Window, lay_grid, only

sql = load(__file__)

_TRIES = 12  # for "any team member", while others take the one that was chosen


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A location as online booking sees it at one moment."""

    facts: LocationFacts
    offer: Offer
    settings: BookingSettings
    now: datetime

    @property
    def window(self) -> Window:
        return Window(now=self.now, lead=self.settings.lead, horizon=self.settings.horizon_days)

    def grid(self, days: Sequence[date], service_ids: Sequence[int]) -> Grid:
        """The start times of these dates at which these services may begin; none where online booking is off."""
        tz, wanted = self.facts.tz, days if self.settings.is_enabled else []
        laid = lay_grid(wanted, tz, self.offer.rules, self.settings.default_grid, self.window)
        return self.offer.season(service_ids).narrow(laid, tz)

    def grid_at(self, at: datetime, service_ids: Sequence[int]) -> Grid:
        """What the grid offers at one moment."""
        return only(self.grid([at.astimezone(self.facts.tz).date()], service_ids), at)


class Wish(msgspec.Struct, frozen=True):
    """One wanted appointment, understood: at an instant, with these team members (one, or all who could)."""

    wanted: WantedAppointment
    at: datetime
    member_ids: list[int]


async def check(db: Connection, place: Place, wanted: Sequence[WantedAppointment]) -> None:
    """Would this request be booked now? Raises BookingRefused with a reason for each appointment that would not."""
    await _claims(db, place, _wishes(place, wanted))


async def book(call: Call, place: Place, body: BookBody) -> list[tuple[int, Written]]:
    """Book every appointment of the request, or none. Gives the caller's numbers with what was written.

    Raises BookingRefused (431 to 433, 435 to 438), Blacklisted, Invalid.
    """
    db = call.db
    phone = _read_person(place, body)
    if place.settings.comment_required and not body.comment.strip():
        raise Invalid("comment: this field is required.", field="comment")
    fields = [
        rules.check_custom_fields(wanted.custom_fields, place.settings.fields, f"appointments[{n}].custom_fields")
        for n, wanted in enumerate(body.appointments)
    ]
    wishes = _wishes(place, body.appointments)
    await _confirm(call, place, phone, body.code)
    claims, instances = await _lock(db, place, wishes)
    client_id = await _client(call, phone, body)
    written: list[tuple[int, Written]] = []
    for wish, claim, values in zip(wishes, claims, fields, strict=True):
        new = _appointment(call, place, body, wish, claim, client_id, values)
        try:
            made = await write_appointment(db, claim, new, instances, call.now)
        except (TimeTaken, asyncpg.ExclusionViolationError):
            raise errors.BookingRefused(_refusal(place, wish)) from None
        written.append((wish.wanted.id, made))
    return written


async def book_event(call: Call, place: Place, event_id: int, body: EventBody) -> Written:
    """Take seats in a group event. Raises NotFound, BookingRefused (431, 432, 433, 435), Blacklisted, Invalid."""
    phone = _read_person(place, body)
    most = place.settings.event_seats
    if body.clients_count > most:
        raise Invalid(f"clients_count: at most {most} at once.", field="clients_count")
    await _confirm(call, place, phone, body.code)
    event = await lock_event(call.db, call.chain_id, call.location_id, event_id)
    if event.starts_at <= call.now or event.seats_taken + body.clients_count > event.seats:
        raise errors.BookingRefused(errors.event_full(event_id))
    client_id = await _client(call, phone, body)
    await take_seats(call.db, call.chain_id, event.busy_id, body.clients_count)
    cost = less_discount(event.price_min, event.discount) * body.clients_count
    line = Line(
        service_id=event.service_id,
        amount=body.clients_count,
        length=event.length,
        first_cost=event.price_min,
        discount=event.discount,
        cost=cost,
    )
    new = _online(call, body, [line], client_id, technical_break=0, clients_count=body.clients_count)
    spot = Spot(
        chain_id=call.chain_id,
        location_id=call.location_id,
        team_member_id=event.team_member_id,
        busy_id=event.busy_id,
        starts_at=event.starts_at,
        date=event.starts_at.astimezone(place.facts.tz).date(),
        length=event.length,
        event_id=event.id,
    )
    return await write_on(call.db, spot, new, call.now)


async def move(call: Call, place: Place, appointment: Row, at: datetime, comment: str | None) -> None:
    """Move a client's own appointment to another moment. Raises Forbidden, BookingRefused, Conflict."""
    settings, starts_at = place.settings, appointment["starts_at"]
    if appointment["event_id"] is not None:
        raise Forbidden("A booking of an event keeps the event's time.")
    if not rules.still_allowed(settings.allow_change, settings.allow_change_delay, starts_at, place.now):
        raise Forbidden("This appointment can no longer be moved.")
    service_ids, member_id = list(appointment["service_ids"]), appointment["team_member_id"]
    wanted = WantedAppointment(id=appointment["id"], services=service_ids, staff_id=member_id, datetime="")
    wish = Wish(wanted, at, [member_id])
    if any((service_id, member_id) not in place.offer.links for service_id in service_ids):
        raise errors.BookingRefused(errors.not_offered(appointment["id"]))
    claim = _claim(place, wish, member_id, [])
    try:
        seats, author = _seats(place, service_ids), author_of(call)
        await move_appointment(call.db, appointment, claim, seats=seats, comment=comment, author=author, at=call.now)
    except (TimeTaken, asyncpg.ExclusionViolationError):
        raise errors.BookingRefused(_refusal(place, wish)) from None


async def cancel(call: Call, place: Place, appointment: Row) -> None:
    """Cancel a client's own appointment. Raises Forbidden, Conflict."""
    settings = place.settings
    if not rules.still_allowed(settings.allow_delete, settings.allow_delete_delay, appointment["starts_at"], place.now):
        raise Forbidden("This appointment can no longer be cancelled.")
    await delete_appointment(call.db, call.chain_id, appointment, place.facts.tz, author=author_of(call), at=call.now)


def read_moment(text: str, place: Place, field: str) -> datetime:
    """A wire date-time as an instant; without an offset, the location's wall clock. Raises Invalid."""
    try:
        return rules.sane(parse_when(text, place.facts.tz))
    except (ValueError, OverflowError):
        raise Invalid(f"{field}: expected a date and time such as 2026-09-30T10:00:00.", field=field) from None


def _wishes(place: Place, wanted: Sequence[WantedAppointment]) -> list[Wish]:
    refused: list[errors.Item] = []
    wishes: list[Wish] = []
    for n, one in enumerate(wanted):
        at = read_moment(one.datetime, place, f"appointments[{n}].datetime")
        if not one.services:
            refused.append(errors.no_services(one.id))
            continue
        known = all(service in place.offer.services for service in one.services)
        members = place.offer.members_for(one.services) if known else []
        if one.staff_id:
            members = [one.staff_id] if one.staff_id in members else []
        elif not place.settings.any_master:
            refused.append(errors.nobody_free(one.id))
            continue
        if not members:
            refused.append(errors.not_offered(one.id))
            continue
        wishes.append(Wish(one, at, members))
    if not place.settings.is_enabled:
        refused = [errors.not_offered(one.id) for one in wanted]
    if refused:
        raise errors.BookingRefused(*refused)
    return wishes


async def _lock(db: Connection, place: Place, wishes: Sequence[Wish]) -> tuple[list[Claim], dict[int, list[int]]]:
    """Claims of the request with all that they touch locked, and free once it is."""
    if all(wish.wanted.staff_id for wish in wishes):
        claims = _plain_claims(place, wishes)
        return claims, await lock_claims(db, claims)
    for attempt in range(_TRIES):
        claims = await _claims(db, place, wishes)
        step = db.transaction()
        await step.start()
        instances = await lock_claims(db, claims)
        # Someone may have taken what was chosen before it was locked: then choose anew, with nothing held.
        if await _all_free(db, claims) or attempt == _TRIES - 1:
            await step.commit()
            return claims, instances
        await step.rollback()
    raise AssertionError("unreachable")


async def _all_free(db: Connection, claims: Sequence[Claim]) -> bool:
    for claim in claims:
        if not await starts(db, claim.asked, claim.grid):
            return False
    return True


def _plain_claims(place: Place, wishes: Sequence[Wish]) -> list[Claim]:
    """Claims of a request in which every team member is named; refused where two overlap."""
    claims: list[Claim] = []
    refused: list[errors.Item] = []
    for wish in wishes:
        claim = _claim(place, wish, wish.member_ids[0], [])
        if _overlaps(claim, claims):
            refused.append(_overlap(place, wish, claim))
        claims.append(claim)
    if refused:
        raise errors.BookingRefused(*refused)
    return claims


async def _claims(db: Connection, place: Place, wishes: Sequence[Wish]) -> list[Claim]:
    """A claim for each wish, as free as it is now; "anyone" becomes whoever is free and has the least booked that day,
    then the heaviest. Raises BookingRefused with all the reasons."""
    claims: list[Claim] = []
    refused: list[errors.Item] = []
    for wish in wishes:
        taken = [Taken(claim.need.member_id, claim.at, claim.ends_at) for claim in claims]
        asked = question(place.offer, place.facts.chain_id, wish.wanted.services, wish.member_ids, taken)
        free = [start.need.member_id for start in await starts(db, asked, place.grid_at(wish.at, wish.wanted.services))]
        if wish.wanted.staff_id:
            claim = _claim(place, wish, wish.member_ids[0], taken)
            if free:
                claims.append(claim)
            elif _overlaps(claim, claims):
                refused.append(_overlap(place, wish, claim))
            else:
                refused.append(_refusal(place, wish))
        elif free:
            member_id = await _least_booked(db, place, free, wish.at)
            claims.append(_claim(place, wish, member_id, taken))
        else:
            refused.append(_refusal(place, wish))
    if refused:
        raise errors.BookingRefused(*refused)
    return claims


async def _least_booked(db: Connection, place: Place, member_ids: list[int], at: datetime) -> int:
    if len(member_ids) == 1:
        return member_ids[0]
    midnight = at.astimezone(place.facts.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = await schedule_sql.booked_seconds.rows(
        db,
        chain_id=place.facts.chain_id,
        owner_ids=member_ids,
        from_at=midnight,
        till=midnight + timedelta(days=1),
    )
    booked = {row["owner_id"]: row["seconds"] for row in rows}
    members = place.offer.members
    return min(member_ids, key=lambda id_: (booked.get(id_, 0), -members[id_].weight, id_))


def _claim(place: Place, wish: Wish, member_id: int, taken: list[Taken]) -> Claim:
    asked: Question = question(place.offer, place.facts.chain_id, wish.wanted.services, [member_id], taken)
    grid = place.grid_at(wish.at, wish.wanted.services)
    return Claim(location_id=place.facts.id, tz=place.facts.tz, asked=asked, grid=grid, at=wish.at)


def _overlaps(claim: Claim, others: Sequence[Claim]) -> bool:
    return any(
        claim.need.member_id == other.need.member_id and claim.at < other.ends_at and other.at < claim.ends_at
        for other in others
    )


def _overlap(place: Place, wish: Wish, claim: Claim) -> errors.Item:
    member = place.offer.members[claim.need.member_id]
    return errors.overlaps(member.name, member.id, wish.at, place.facts.tz, wish.wanted.id)


def _refusal(place: Place, wish: Wish) -> errors.Item:
    if not wish.wanted.staff_id:
        return errors.nobody_free(wish.wanted.id)
    member = place.offer.members[wish.wanted.staff_id]
    return errors.taken(member.name, member.id, wish.at, place.facts.tz, wish.wanted.id)


def _read_person(place: Place, body: BookBody | EventBody) -> str:
    """The phone of whoever books. Raises BookingRefused (431, 435), Invalid."""
    phone = parse_phone(body.phone, place.facts.country_iso)
    if phone is None:
        raise errors.bad_phone()
    if not body.fullname.strip():
        raise errors.no_name()
    if body.email and not rules.is_email(body.email):
        raise Invalid("email: not an e-mail address.", field="email")
    return phone


async def _confirm(call: Call, place: Place, phone: str, code: str) -> None:
    """Use the code up where the location asks for one; who signed in by this phone has confirmed it already."""
    if not place.settings.confirm_number or (call.actor.user is not None and call.actor.user.phone == phone):
        return
    if not code or not await check_code(call.db, phone=phone, code=code, now=call.now, pools=call.server.pools):
        raise errors.bad_code()


async def _client(call: Call, phone: str, body: BookBody | EventBody) -> int:
    client = await find_or_make_client(
        call.db,
        chain_id=call.chain_id,
        location_id=call.location_id,
        phone=phone,
        fullname=body.fullname,
        email=body.email,
        author=author_of(call),
        at=call.now,
    )
    if client.is_blacklisted:
        raise errors.Blacklisted()
    return client.id


def _seats(place: Place, service_ids: Sequence[int]) -> int:
    return place.offer.services[service_ids[0]].seats if len(service_ids) == 1 else 1


def _appointment(
    call: Call,
    place: Place,
    body: BookBody,
    wish: Wish,
    claim: Claim,
    client_id: int,
    values: dict[str, object],
) -> NewAppointment:
    lines: list[Line] = []
    for service_id in wish.wanted.services:
        first_cost, discount, cost = rules.price(place.offer, service_id, claim.need.member_id)
        length = place.offer.links[service_id, claim.need.member_id].duration
        lines.append(Line(service_id=service_id, length=length, first_cost=first_cost, discount=discount, cost=cost))
    return _online(
        call,
        body,
        lines,
        client_id,
        technical_break=claim.need.length - claim.need.served,
        seats=_seats(place, wish.wanted.services),
        is_member_requested=wish.wanted.staff_id != 0,
        from_url=body.from_url,
        booking_form_id=body.bookform_id,
        custom_fields=values,
    )


def _online(call: Call, body: BookBody | EventBody, lines: list[Line], client_id: int, **more: Any) -> NewAppointment:
    """What every online booking says, of a time or of an event; `more` is what only one of them does."""
    return NewAppointment(
        author=author_of(call),
        lines=lines,
        client_id=client_id,
        is_online=True,
        sms_before=body.notify_by_sms,
        email_before=body.notify_by_email,
        comment=body.comment,
        api_id=body.api_id,
        source=body.type,
        device=1 if body.type == "mobile" else 2,
        partner_id=call.actor.partner.id if call.actor.partner else None,
        created_user_id=call.actor.user.id if call.actor.user else None,
        **more,
    )
