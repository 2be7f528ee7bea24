"""Appointments as JSON:API: their attributes, and what is included with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import msgspec

from agendum.appointments.rules import showing
from agendum.appointments.rules.showing import Row, Stage
from agendum.appointments.wire.v2 import Attributes
from agendum.clients.rules.shown import masked_email, masked_phone
from agendum.core.jsonapi import Document, Identifier, Relationship, Resource, ToMany, ToOne
from agendum.core.wire import to_json
from agendum.custom_fields.rules import shown_values
from agendum.tags.rules import font_color

Gathered: TypeAlias = dict[tuple[str, str], Resource[Any]]
Slug = Literal["absent", "waiting", "attended", "confirmed"]
SLUGS: dict[int, Slug] = {-1: "absent", 0: "waiting", 1: "attended", 2: "confirmed"}
ONLINE, INTEGRATION, AT_DESK = 1, 12, 0
NOTHING = ("fast_payment_settings", "acceptance_free", "comer", "client_schedule")
"""Included as null: there is none of these yet."""


def document(rows: Sequence[Row], stage: Stage, include: Collection[str]) -> Document[list[Resource[Attributes]]]:
    """Rows of the statement `records` as resources, with what `include` names beside them, each once."""
    gathered: Gathered = {}
    data: list[Resource[Attributes]] = []
    for lines in showing.by_appointment(rows):
        row = lines[0]
        one = Resource(type="record", id=str(row["id"]), attributes=_attributes(row, stage))
        if include:
            one.relationships = _relationships(row, lines, stage, include, gathered)
        data.append(one)
    return Document(data=data, included=list(gathered.values()) if include else msgspec.UNSET)


def plain(rows: Sequence[Row], stage: Stage) -> dict[int, str]:
    """The same without anything included, each as JSON by its id."""
    resources = document(rows, stage, ()).data
    return {int(one.id): to_json(one).decode() for one in resources}


def _attributes(row: Row, stage: Stage) -> Attributes:
    color, attendance, sees_money = row["custom_color"], row["attendance"], stage.lens.money
    paid = row["paid_state"] if sees_money else 0
    starts_at, partner_id = row["starts_at"], row["partner_id"]
    source = ONLINE if row["is_online"] else INTEGRATION if partner_id else AT_DESK
    return Attributes(
        company_id=row["location_id"],
        external_id=row["api_id"],
        visit_id=row["visit_id"],
        booking_user_id=(row["created_user_id"] or 0) if row["is_online"] else 0,
        bookform_id=row["booking_form_id"] or 0,
        master_id=row["team_member_id"],
        staff_id=row["team_member_id"],
        client_id=row["client_id"] or 0,
        comer_id=None,
        source=source,
        attendance=attendance,
        attendance_status=attendance,
        attendance_status_slug=SLUGS[attendance],
        client_fictive_name=None,
        client_fictive_phone=None,
        client_fictive_email=None,
        clients_count=row["clients_count"],
        activity_id=row["event_id"] or 0,
        custom_color=color,
        custom_font_color=font_color(f"#{color}").removeprefix("#") if color else "",
        length=row["length"],
        duration=row["length"],
        paid_full=max(0, paid - 1),
        is_paid=paid >= 2,
        is_overpaid=paid == 3,
        timestamp=int(starts_at.timestamp()),
        date=_wall(starts_at, stage),
        created_datetime=_wall(row["created_at"], stage),
        from_url=row["from_url"],
        is_mobile=row["device"],
        comment=row["comment"],
        prepaid_status=0,
        record_from=row["form"] or ("API" if source == INTEGRATION else ""),
        payment_status=None,
        is_sale_bill_printed=False,
        is_client_notification_sent=row["is_told_by_sms"] or row["is_told_by_email"],
    )


def _wall(at: Any, stage: Stage) -> str:
    return at.astimezone(stage.tz).replace(tzinfo=None).isoformat(timespec="seconds")


def _relationships(
    row: Row,
    lines: Sequence[Row],
    stage: Stage,
    include: Collection[str],
    gathered: dict[tuple[str, str], Resource[Any]],
) -> dict[str, Relationship]:
    def gather(kind: str, id_: object, attributes: Any) -> Identifier:
        key = (kind, str(id_))
        if key not in gathered:
            gathered[key] = Resource(type=kind, id=key[1], attributes=attributes)
        return Identifier(*key)

    id_, lens, facts = row["id"], stage.lens, stage.facts
    sold = [line for line in lines if line["service_id"] is not None]
    found: dict[str, Relationship] = {name: ToOne(None) for name in NOTHING if name in include}
    found |= {name: ToMany([]) for name in ("goods", "attendance_good_items") if name in include}
    if "client" in include or "client.custom_field_values" in include:
        has_client = row["client_id"] is not None and lens.client
        client = gather("client", row["client_id"], _client(row, stage)) if has_client else None
        found["client"] = ToOne(client)
        if client is not None and "client.custom_field_values" in include:
            values = _values(row["client_fields"], stage.client_fields, lens.client_fields)
            of_client = [
                gather("custom_field_value", f"client-{row['client_id']}-{code}", {"code": code, "value": value})
                for code, value in values.items()
            ]
            gathered[client.type, client.id].relationships = {"custom_field_values": ToMany(of_client)}
    if "staff" in include and (member := facts.members.get(row["team_member_id"])) is not None:
        about = {
            "name": member.name,
            "specialization": member.specialization,
            "image": stage.address(member.avatar),
            "position_id": member.position_id or 0,
            "is_available_as_assistant": member.is_assistant,
        }
        found["staff"] = ToOne(gather("staff", member.id, about))
    if "services" in include:
        found["services"] = ToMany([gather("service", line["service_id"], _service(line, stage)) for line in sold])
    if "attendance_service_items" in include:
        found["attendance_service_items"] = ToMany(
            [gather("attendance_service_item", f"{id_}-{line['position']}", _item(line)) for line in sold]
        )
    if "resource_instances" in include:
        instances = msgspec.json.decode(row["instances"] or "[]")
        found["resource_instances"] = ToMany([gather("resource_instance", one, {"id": one}) for one in instances])
    if "labels" in include:
        labels = msgspec.json.decode(row["labels"] or "[]")
        found["labels"] = ToMany(
            [gather("label", one["id"], {name: one[name] for name in one if name != "id"}) for one in labels]
        )
    if "attendance_document" in include:
        paper = {"type_id": 7, "type_title": "Visit", "number": row["visit_id"], "date": _wall(row["starts_at"], stage)}
        found["attendance_document"] = ToOne(gather("attendance_document", row["visit_id"], paper))
    if "transactions" in include:
        payments = msgspec.json.decode(row["payments"] or "[]") if lens.money else []
        shown = [showing.payment(one, row, stage) for one in payments]
        found["transactions"] = ToMany([gather("transaction", one["id"], one) for one in shown])
    if "custom_field_values" in include:
        values = _values(row["custom_fields"], stage.record_fields, lens.record_fields)
        found["custom_field_values"] = ToMany(
            [
                gather("custom_field_value", f"record-{id_}-{code}", {"code": code, "value": value})
                for code, value in values.items()
            ]
        )
    if "client_notification_settings" in include:
        hours = {"sms_remain_hours": row["sms_before"], "email_remain_hours": row["email_before"]}
        found["client_notification_settings"] = ToOne(gather("client_notification_settings", id_, hours))
    if "duration_details" in include:
        pause = row["technical_break"]
        lengths = {"services_duration": row["length"] - pause, "technical_break_duration": pause}
        found["duration_details"] = ToOne(gather("duration_details", id_, lengths))
    return found


def _client(row: Row, stage: Stage) -> dict[str, Any]:
    lens, phone, email = stage.lens, row["phone"], row["email"]
    discount = Decimal(row["client_discount"])
    return {
        "name": row["name"],
        "surname": row["surname"] if lens.surname else "",
        "patronymic": row["middle_name"] if lens.surname else "",
        "phone": phone and f"+{phone if lens.phone else masked_phone(phone)}",
        "additional_phone": "",
        "email": email if lens.email else masked_email(email),
        "comment": row["client_comment"] if lens.client_comment else "",
        "client_tips": False,
        "birthday": f"{row['birth_date']}T00:00:00" if row["birth_date"] else None,
        "card_number": row["card"],
        "gender": row["gender"],
        "discount": discount,
        "discount_percent": discount,
    }


def _service(line: Row, stage: Stage) -> dict[str, Any]:
    service = stage.facts.services.get(line["service_id"])
    return {"title": service.title if service else "", "category_id": service.category_id if service else 0}


def _item(line: Row) -> dict[str, Any]:
    one, amount = Decimal(line["first_cost"]), line["amount"]
    return {
        "service_id": line["service_id"],
        "amount": amount,
        "cost_per_unit": one,
        "first_cost": one * amount,
        "discount_percent": Decimal(line["discount"]),
        "cost": Decimal(line["cost"]),
        "duration": line["line_length"],
    }


def _values(stored: str | None, fields: Sequence[Any], may_see: bool) -> dict[str, Any]:
    if stored is None or not may_see:
        return {}
    shown = shown_values(msgspec.json.decode(stored), fields)
    return shown if isinstance(shown, dict) else {}
