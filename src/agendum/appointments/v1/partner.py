"""What an integration has written, wherever its user belongs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import phonenumbers

from agendum.appointments.facts import sql
from agendum.appointments.rules.asking import read_date
from agendum.appointments.rules.sight import lens_of
from agendum.appointments.wire.partner import (
    PartnerClient,
    PartnerCompany,
    PartnerCount,
    PartnerLine,
    PartnerPosition,
    PartnerRecord,
    PartnerStaff,
)
from agendum.appointments.wire.records import PartnerQuery
from agendum.clients.rules.shown import masked_email, masked_phone, number
from agendum.core.clock import wire_time, zone
from agendum.core.db.sql import Row
from agendum.core.envelope import Answer
from agendum.core.permissions import USER, allows
from agendum.core.phone import show_phone
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.custom_fields.facts import fields_of
from agendum.custom_fields.rules import shown_values

routes = Routes("/api/v1", group="appointments")

_FIRST, _LAST = date(1970, 1, 1), date(2199, 12, 31)


@routes.get("/records/partner", needs=USER)
async def get_partner_appointment_list(call: Call, query: PartnerQuery) -> Answer[list[PartnerRecord]]:
    """A page of the appointments that the calling integration wrote in the locations whose calendar its user may see,
    earliest start first; deleted ones too."""
    places = [place for place in call.user.memberships if allows(place.rights, "timetable_access")]
    sights = [lens_of(place.rights, call.now.date()).sight for place in places]
    rows = await sql.partner_records.rows(
        call.db,
        partner_id=call.actor.partner.id if call.actor.partner else 0,
        chain_ids=[place.chain_id for place in places],
        location_ids=[place.location_id for place in places],
        member_ids=[sight.member_id for sight in sights],
        location_id=query.location_id,
        user_id=query.user_id,
        first=read_date(query.start_date, "start_date") if query.start_date else _FIRST,
        last=read_date(query.end_date, "end_date") if query.end_date else _LAST,
        created_first=read_date(query.created_start_date, "created_start_date") if query.created_start_date else _FIRST,
        created_last=read_date(query.created_end_date, "created_end_date") if query.created_end_date else _LAST,
        count=query.editable_length,
        skip=(query.page - 1) * query.editable_length,
    )
    records = [await _record(call, row) for row in rows]
    return Answer(data=records, meta=PartnerCount(rows[0]["total"] if rows else 0))


async def _record(call: Call, row: Row) -> PartnerRecord:
    tz = zone(row["timezone"])
    when, api_id = wire_time(row["starts_at"], tz), row["api_id"]
    membership = call.user.membership(row["chain_id"], row["location_id"])
    lens = lens_of(membership.rights if membership else {}, call.now.astimezone(tz).date())
    fields = await fields_of(call.db, row["chain_id"], row["location_id"], "record") if row["custom_fields"] else []
    lines = row["services"] or []
    client: PartnerClient | list[object] = []
    if row["client_id"] is not None and lens.client:
        phone, email = row["phone"], row["email"]
        client = PartnerClient(
            id=row["client_id"],
            name=" ".join(filter(None, (row["client_name"], row["surname"] if lens.surname else ""))),
            phone=show_phone(phone if lens.phone else masked_phone(phone)),
            phone_code=_code(phone),
            email=email if lens.email else masked_email(email),
        )
    return PartnerRecord(
        id=row["id"],
        date=when,
        datetime=when,
        create_date=wire_time(row["created_at"], tz),
        comment=row["comment"],
        deleted=row["is_deleted"],
        attendance=row["attendance"],
        length=row["length"],
        notify_by_sms=row["sms_before"],
        notify_by_email=row["email_before"],
        master_requested=row["is_member_requested"],
        online=row["is_online"],
        api_id=number(api_id) if api_id else 0,
        last_change_date=wire_time(row["updated_at"], tz),
        prepaid=int(any(line["prepaid"] != "forbidden" for line in lines)),
        prepaid_confirmed=0,
        activity_id=row["event_id"] or 0,
        services=[
            PartnerLine(
                id=line["id"],
                title=line["title"],
                cost=Decimal(line["cost"]),
                price_min=Decimal(line["price_min"]),
                price_max=Decimal(line["price_max"]),
                discount=Decimal(line["discount"]),
                amount=line["amount"],
            )
            for line in lines
        ],
        company=_company(call, row),
        staff=_staff(call, row),
        client=client,
        custom_fields=dict(shown_values(row["custom_fields"], fields)) if lens.record_fields else {},
    )


def _company(call: Call, row: Row) -> PartnerCompany:
    phones = [show_phone(phone) for phone in row["phones"]]
    offset = row["starts_at"].astimezone(zone(row["timezone"])).utcoffset()
    return PartnerCompany(
        id=row["location_id"],
        title=row["title"],
        public_title=row["public_title"],
        business_group_id=row["business_group_id"] or 0,
        business_type_id=row["business_type_id"] or 0,
        country_id=row["country_id"],
        city_id=row["city_id"],
        timezone=f"{offset.total_seconds() / 3600:g}" if offset is not None else "0",
        timezone_name=row["timezone"],
        address=row["address"],
        coordinate_lat=row["lat"] or Decimal(0),
        coordinate_lon=row["lon"] or Decimal(0),
        logo=call.server.url(row["logo"]),
        zip=row["zip"],
        phone=phones[0] if phones else "",
        phones=phones,
        site=row["site"],
        allow_delete_record=row["allow_delete"],
        allow_change_record=row["allow_change"],
        country=row["country"],
        city=row["city"],
    )


def _staff(call: Call, row: Row) -> PartnerStaff:
    has_position = row["position_id"] is not None
    rating = round(row["rating_sum"] / row["votes_count"], 2) if row["votes_count"] else 0
    prepaid = [line["prepaid"] for line in row["services"] or []]
    return PartnerStaff(
        id=row["member_id"],
        name=row["member_name"],
        company_id=row["location_id"],
        specialization=row["specialization"],
        position=[PartnerPosition(row["position_id"], row["position_title"])] if has_position else [],
        rating=rating,
        show_rating=row["show_rating"],
        comments_count=row["comments_count"],
        votes_count=row["votes_count"],
        average_score=rating,
        avatar=call.server.url(row["avatar"]),
        prepaid=next((one for one in ("required", "allowed") if one in prepaid), "forbidden"),
    )


def _code(phone: str) -> str:
    """The calling code of a phone."""
    try:
        return str(phonenumbers.parse(f"+{phone}").country_code)
    except phonenumbers.NumberParseException:
        return ""
