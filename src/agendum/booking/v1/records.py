"""What a client does with a booking: look, move, cancel, review."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from agendum.appointments.actions import reviews, writing
from agendum.appointments.facts import sql
from agendum.booking import actions
from agendum.booking.claims import read_moment
from agendum.booking.v1.online import place_of
from agendum.booking.wire import (
    AgreementLinks,
    MoveBody,
    Record,
    RecordCompany,
    RecordPosition,
    RecordService,
    RecordsQuery,
    RecordStaff,
    ReviewBody,
    ReviewCompany,
    ReviewCurrency,
    ReviewForm,
    ReviewLanguage,
    ReviewMaster,
    ReviewRecord,
)
from agendum.core.audit import author_of
from agendum.core.clock import wire_time, zone
from agendum.core.db.sql import Row
from agendum.core.envelope import Answer
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.links import parse_record_token, record_hash
from agendum.core.permissions import PARTNER, USER
from agendum.core.phone import show_phone
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.custom_fields.facts import fields_of
from agendum.custom_fields.rules import shown_values

routes = Routes("/api/v1", group="online-booking")
_CABINET = "client-personal-cabinet"


@routes.get("/book_record/{location_id}/{record_id}/{record_hash}", needs=PARTNER)
async def get_online_booking_details(call: Call, record_id: int, record_hash: str) -> Record:
    """One appointment, by its key or for its signed-in client."""
    await _may_see(call, call.chain_id, record_id, record_hash)
    return (await _records(call, call.chain_id, [record_id]))[0]


@routes.put("/book_record/{location_id}/{record_id}", needs=USER)
async def update_online_booking_datetime(call: Call, record_id: int, body: MoveBody) -> Answer[Record]:
    """Move one's own appointment to another moment, or change its comment."""
    appointment = await writing.find_appointment(call.db, call.chain_id, record_id)
    if appointment["location_id"] != call.location_id:
        raise NotFound("Appointment not found.")
    if not appointment["client_phone"] or appointment["client_phone"] != call.user.phone:
        raise Forbidden()
    await _change(call, appointment, body)
    record = (await _records(call, call.chain_id, [record_id]))[0]
    # Here, and only here, the wire shows the caller's own id as a number.
    record.api_id = int(str(record.api_id) or 0) if str(record.api_id or 0).isdecimal() else record.api_id
    return Answer(data=record)


@routes.get("/user/records/{record_id}/{record_hash}", needs=PARTNER, status=201, group=_CABINET)
async def get_user_appointment_list(
    call: Call, record_id: int, record_hash: str, query: RecordsQuery
) -> Answer[list[Record]]:
    """The appointment with this key. Id 0 with a user token: all of the client's appointments, in every business that
    knows his phone, latest first, by page."""
    if record_id == 0:
        rows = await sql.appointments_of_phone.rows(
            call.db, phone=call.user.phone, count=query.count, skip=(query.page - 1) * query.count
        )
        chains: dict[int, list[int]] = {}
        for row in rows:
            chains.setdefault(row["chain_id"], []).append(row["id"])
        found = [record for chain, ids in chains.items() for record in await _records(call, chain, ids)]
        order = {row["id"]: n for n, row in enumerate(rows)}
        return Answer(data=sorted(found, key=lambda record: order[record.id]))
    chain_id = await _chain_of(call, record_id)
    await _may_see(call, chain_id, record_id, record_hash)
    return Answer(data=await _records(call, chain_id, [record_id]))


@routes.put("/user/records/{record_id}/{record_hash}", needs=PARTNER, group=_CABINET)
async def move_user_appointment(call: Call, record_id: int, record_hash: str, body: MoveBody) -> Answer[Record]:
    """Move an appointment to another moment, or change its comment: by its key or as its signed-in client."""
    chain_id = await _chain_of(call, record_id)
    await _may_see(call, chain_id, record_id, record_hash)
    appointment = await writing.find_appointment(call.db, chain_id, record_id)
    call.chain_id, call.location_id = chain_id, appointment["location_id"]
    await _change(call, appointment, body)
    return Answer(data=(await _records(call, chain_id, [record_id]))[0])


@routes.delete("/user/records/{record_id}/{record_hash}", needs=PARTNER, group=_CABINET)
async def delete_user_appointment(call: Call, record_id: int, record_hash: str) -> None:
    """Cancel an appointment, by its key or as its signed-in client."""
    chain_id = await _chain_of(call, record_id)
    await _may_see(call, chain_id, record_id, record_hash)
    appointment = await writing.find_appointment(call.db, chain_id, record_id)
    call.chain_id, call.location_id = chain_id, appointment["location_id"]
    await actions.cancel(call, await place_of(call), appointment)


@routes.get("/master_record_review/{record_token}", needs=PARTNER, group=_CABINET)
async def get_feedback_form_status(call: Call, record_token: str) -> Answer[ReviewForm]:
    """What the review page of a visit shows, and whether it was reviewed."""
    _, row = await _reviewable(call, record_token)
    return Answer(data=_review_form(call, row))


@routes.post("/master_record_review/{record_token}", needs=PARTNER, status=200, group=_CABINET)
async def submit_feedback_form(call: Call, record_token: str, body: ReviewBody) -> Answer[dict[str, Any]]:
    """Leave the one review of a visit. Tips need a payment system; without one they are refused."""
    chain_id, row = await _reviewable(call, record_token)
    if row["starts_at"] > call.now:
        raise Forbidden("This visit has not taken place yet.")
    if body.tips_amount < 0:
        raise Invalid("tips_amount: cannot be negative.", field="tips_amount")
    if body.tips_amount > 0:
        raise Invalid("tips_amount: this location takes no tips online.", field="tips_amount")
    author = await sql.author_of_review.value(call.db, chain_id=chain_id, id=row["id"])
    review_id = await reviews.leave_review(
        call.db,
        chain_id=chain_id,
        location_id=row["location_id"],
        team_member_id=row["member_id"],
        appointment_id=row["id"],
        user_id=call.actor.user.id if call.actor.user else None,
        name=author or "",
        author=author_of(call),
        rating=body.rating,
        text=body.text.strip(),
        tips_amount=body.tips_amount,
        at=call.now,
    )
    if review_id is None:
        raise Forbidden("This visit has been reviewed.")
    return Answer(data={"charge": {"url": ""}})


async def _change(call: Call, appointment: Row, body: MoveBody) -> None:
    """Do what a client asks for his appointment. Raises Invalid when that is nothing, and what moving raises."""
    place = await place_of(call)
    at = read_moment(body.datetime, place, "datetime") if body.datetime else appointment["starts_at"]
    if at != appointment["starts_at"]:
        await actions.move(call, place, appointment, at, body.comment)
    elif body.comment is not None:
        author = author_of(call)
        await writing.comment_appointment(call.db, call.chain_id, appointment, body.comment, author=author, at=call.now)
    elif not body.datetime:
        raise Invalid("datetime: this field is required.", field="datetime")


async def _chain_of(call: Call, record_id: int) -> int:
    chain_id = await sql.chain_of_appointment.value(call.db, id=record_id)
    if chain_id is None:
        raise NotFound("Appointment not found.")
    return chain_id


async def _may_see(call: Call, chain_id: int, record_id: int, key: str) -> None:
    """Its key opens an appointment, and so does being its client. Raises NotFound: ids tell nothing to strangers."""
    owner = await sql.owner_of_appointment.row(call.db, chain_id=chain_id, id=record_id)
    if owner is None or (call.location_id and owner["location_id"] != call.location_id):
        raise NotFound("Appointment not found.")
    user = call.actor.user
    if user is not None and user.phone and user.phone == owner["phone"]:
        return
    if not call.server.signer.proves(key, "record", record_id):
        raise NotFound("Appointment not found.")


async def _records(call: Call, chain_id: int, ids: list[int]) -> list[Record]:
    rows = await sql.client_view.rows(call.db, chain_id=chain_id, ids=ids)
    if not rows:
        raise NotFound("Appointment not found.")
    records = [_record(call, row) for row in rows]
    for record in records:
        if isinstance(record.custom_fields, dict):
            # What was stored under a field that has been deleted since is not shown any more.
            fields = await fields_of(call.db, chain_id, record.company.id, "record")
            record.custom_fields = shown_values(record.custom_fields, fields)
    return records


def _record(call: Call, row: Row) -> Record:
    tz, votes = zone(row["timezone"]), row["votes_count"] or 0
    when = wire_time(row["starts_at"], tz)
    phones = [show_phone(phone) for phone in row["phones"]]
    position: RecordPosition | list[Any] = []
    if row["position_id"] is not None:
        position = RecordPosition(row["position_id"], row["position_title"])
    offset = row["starts_at"].astimezone(tz).utcoffset()
    return Record(
        id=row["id"],
        services=[
            RecordService(
                id=line["id"],
                title=line["title"],
                amount=line["amount"],
                seance_length=line["length"],
                cost=Decimal(line["cost"]),
                price_min=Decimal(line["price_min"]),
                price_max=Decimal(line["price_max"]),
                discount=Decimal(line["discount"]),
            )
            for line in row["services"] or []
        ],
        company=RecordCompany(
            id=row["location_id"],
            title=row["location_title"],
            country_id=row["country_id"],
            country=row["country"],
            city_id=row["city_id"] or 0,
            city=row["city"] or "",
            phone=phones[0] if phones else "",
            phones=phones,
            timezone=f"{offset.total_seconds() / 3600:g}" if offset is not None else "0",
            timezone_name=row["timezone"],
            address=row["address"],
            coordinate_lat=row["lat"] or Decimal(0),
            coordinate_lon=row["lon"] or Decimal(0),
            allow_delete_record=row["allow_delete"],
            allow_change_record=row["allow_change"],
            site=row["site"],
            currency_short_title=row["currency"],
            allow_change_record_delay_step=row["allow_change_delay"],
            allow_delete_record_delay_step=row["allow_delete_delay"],
        ),
        staff=RecordStaff(
            id=row["member_id"],
            name=row["member_name"],
            specialization=row["specialization"],
            spec=row["specialization"],
            position=position,
            show_rating=int(row["show_rating"]),
            rating=round(row["rating_sum"] / votes, 2) if votes else 0,
            votes_count=votes,
            avatar=call.server.url(row["avatar"]),
            comments_count=row["comments_count"] or 0,
        ),
        clients_count=row["clients_count"],
        date=when,
        datetime=when,
        create_date=wire_time(row["created_at"], tz),
        comment=row["comment"],
        deleted=row["is_deleted"],
        attendance=row["attendance"],
        visit_attendance=row["attendance"],
        length=row["length"],
        technical_break_duration=row["technical_break"],
        notify_by_sms=row["sms_before"],
        notify_by_email=row["email_before"],
        master_requested=row["is_member_requested"],
        online=row["is_online"],
        api_id=row["api_id"],
        last_change_date=wire_time(row["updated_at"], tz),
        prepaid=any(line["prepaid"] != "forbidden" for line in row["services"] or []),
        prepaid_confirmed=False,
        activity_id=row["event_id"] or 0,
        visit_id=row["visit_id"],
        record_hash=record_hash(call.server.signer, row["id"]),
        custom_fields=row["custom_fields"] or [],
        bookform_id=row["booking_form_id"] or 0,
        type=row["source"],
        from_url=row["from_url"],
    )


async def _reviewable(call: Call, token: str) -> tuple[int, Row]:
    """The appointment of a review link, with its tenant. Raises NotFound, also for one that was cancelled."""
    appointment_id = parse_record_token(call.server.signer, token)
    if appointment_id is None:
        raise NotFound("There is no such visit.")
    chain_id = await _chain_of(call, appointment_id)
    row = await sql.review_form.row(call.db, chain_id=chain_id, id=appointment_id)
    if row is None or row["is_deleted"]:
        raise NotFound("There is no such visit.")
    return chain_id, row


def _review_form(call: Call, row: Row) -> ReviewForm:
    votes, url = row["votes_count"] or 0, call.server.url
    position: RecordPosition | list[Any] = []
    if row["position_id"] is not None:
        position = RecordPosition(row["position_id"], row["position_title"])
    return ReviewForm(
        favicon_url=url("/favicon.ico"),
        is_review_submitted=row["is_reviewed"],
        page_title=row["title"],
        master=ReviewMaster(
            id=row["member_id"],
            name=row["member_name"],
            company_id=row["location_id"],
            specialization=row["specialization"],
            rating=round(row["rating_sum"] / votes) if votes else 0,
            show_rating=int(row["show_rating"]),
            avatar=url(row["avatar"]),
            prepaid=row["prepaid"],
            position=position,
        ),
        company=ReviewCompany(id=row["location_id"], title=row["title"], logo=url(row["logo"]), address=row["address"]),
        tips=[],
        record=ReviewRecord(
            id=row["id"], payed_cost=row["cost"], date=wire_time(row["starts_at"], zone(row["timezone"]))
        ),
        currency=ReviewCurrency(
            id=row["currency_id"],
            iso=row["currency_iso"],
            name=row["currency_name"],
            symbol=row["currency_symbol"],
            is_symbol_after_amount=row["is_symbol_after_amount"],
        ),
        agreement_links=AgreementLinks(url("/info/terms-of-use"), url("/info/confidentiality")),
        language=ReviewLanguage(row["language_id"], row["language_code"], row["language_iso"]),
    )
