"""Booking online: check, book, move, cancel."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import asyncpg

from agendum.access.actions import check_code
from agendum.appointments.actions.writing import (
    NewAppointment,
    Spot,
    Terms,
    Written,
    delete_appointment,
    move_appointment,
    write_appointment,
    write_at_once,
    write_on,
)
from agendum.appointments.rules.lines import Line
from agendum.booking import errors, rules
from agendum.booking.claims import Place, Wish, claim_of, claims_of, lock_wishes, read_wishes, refusal
from agendum.booking.wire import BookBody, EventBody, WantedAppointment
from agendum.clients.actions import Named, find_or_make_client
from agendum.core.audit import author_of
from agendum.core.db.sql import Connection, Row
from agendum.core.errors import Forbidden, Invalid
from agendum.core.money import less_discount
from agendum.core.phone import parse_phone
from agendum.core.server import Call
from agendum.events.actions import lock_event
from agendum.schedule.actions import Claim, take_seats
from agendum.schedule.errors import TimeTaken

_TERMS = Terms(may_add_client=True, may_be_blacklisted=False)


async def check(db: Connection, place: Place, wanted: Sequence[WantedAppointment]) -> None:
    """Would this request be booked now? Raises BookingRefused with a reason for each appointment that would not."""
    await claims_of(db, place, read_wishes(place, wanted))


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
    wishes = read_wishes(place, body.appointments)
    if (made := await _book_at_once(call, place, body, phone, wishes, fields[0])) is not None:
        return [(wishes[0].wanted.id, made)]
    async with db.transaction():
        await _confirm(call, place, phone, body.code)
        claims, instances = await lock_wishes(db, place, wishes)
        client_id = await _client(call, phone, body)
        written: list[tuple[int, Written]] = []
        for wish, claim, values in zip(wishes, claims, fields, strict=True):
            new = _appointment(call, place, body, wish, claim, client_id, values)
            with _refusing(place, wish):
                made = await write_appointment(db, claim, new, instances, call.now)
            written.append((wish.wanted.id, made))
        return written


async def _book_at_once(
    call: Call, place: Place, body: BookBody, phone: str, wishes: Sequence[Wish], values: dict[str, object]
) -> Written | None:
    """One appointment with a named team member, as most are, in one round trip; None when it is not as simple."""
    wish = wishes[0]
    if len(wishes) > 1 or not wish.wanted.staff_id or place.settings.confirm_number:
        return None
    claim = claim_of(place, wish, wish.member_ids[0], [])
    new = _appointment(call, place, body, wish, claim, None, values)
    who = Named(phone=phone, fullname=body.fullname, email=body.email)
    with _refusing(place, wish):
        return await write_at_once(call.db, claim, new, who, call.now, _TERMS)


@contextmanager
def _refusing(place: Place, wish: Wish) -> Generator[None]:
    """Time that is taken after all is refused with its reason."""
    try:
        yield
    except (TimeTaken, asyncpg.ExclusionViolationError):
        raise errors.BookingRefused(refusal(place, wish)) from None


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
    claim = claim_of(place, wish, member_id, [])
    seats, author = _seats(place, service_ids), author_of(call)
    with _refusing(place, wish):
        await move_appointment(call.db, appointment, claim, seats=seats, comment=comment, author=author, at=call.now)


async def cancel(call: Call, place: Place, appointment: Row) -> None:
    """Cancel a client's own appointment. Raises Forbidden, Conflict."""
    settings = place.settings
    if not rules.still_allowed(settings.allow_delete, settings.allow_delete_delay, appointment["starts_at"], place.now):
        raise Forbidden("This appointment can no longer be cancelled.")
    await delete_appointment(call.db, call.chain_id, appointment, place.facts.tz, author=author_of(call), at=call.now)


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
    who = Named(phone=phone, fullname=body.fullname, email=body.email)
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    client = await find_or_make_client(call.db, who, **place, author=author_of(call), at=call.now)
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
    client_id: int | None,
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


def _online(
    call: Call, body: BookBody | EventBody, lines: list[Line], client_id: int | None, **more: Any
) -> NewAppointment:
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
