"""Appointments as the wire's v1 has them, written as text: a page of fifty is asked for too often to be built of
objects.

`agendum.appointments.wire.records.Appointment` says what is in it; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from json.encoder import encode_basestring as quoted
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from agendum.appointments.facts import DeskFacts, Member
from agendum.appointments.rules.sight import Lens
from agendum.clients.rules.shown import masked_email, masked_phone, number
from agendum.core.clock import wire_time
from agendum.core.wire import to_json
from agendum.custom_fields.rules import shown_values
from agendum.custom_fields.wire import CustomField
from agendum.tags.rules import font_color

Row = Any  # of the statement `records`
FLAGS = ("false", "true")
NUMBERS = ("0", "1")
PAID = ("not_paid", "paid_not_full", "paid_full", "paid_over")
KEPT = 8_000  # written appointments, some 3 KB each
PAGES = 100  # pages of them, some 150 KB each
METHODS = {"cash": "Cash", "card": "Cashless"}
SERVICES = {"id": 5, "title": "Provision of services"}

_written: dict[tuple[object, ...], str] = {}
_pages: dict[tuple[object, ...], bytes] = {}


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an appointment is shown with besides its own row.

    `link` makes the address under which a client sees it, `address` an absolute one of a path of ours. `flags`: how
    yes and no (and digits) are written where the wire is undecided. `prices`: services carry their length and prices.
    """

    tz: ZoneInfo
    facts: DeskFacts
    lens: Lens
    record_fields: Sequence[CustomField]
    client_fields: Sequence[CustomField]
    link: Callable[[int], str]
    address: Callable[[str], str]
    flags: tuple[str, str] = FLAGS
    prices: bool = False

    def key(self) -> tuple[object, ...]:
        """What makes the same row look the same."""
        codes = tuple(field.code for field in (*self.record_fields, *self.client_fields))
        return self.tz, self.lens, codes, self.flags, self.prices


def records(rows: Sequence[Row], stage: Stage) -> dict[int, str]:
    """Appointments as JSON objects by id, in the order of their rows (one a service line)."""
    found: dict[int, str] = {}
    for lines in by_appointment(rows):
        row = lines[0]
        sold = [line for line in lines if line["service_id"] is not None]
        client = None if row["client_id"] is None else row
        found[row[0]] = record(row[:_OWN], client, sold, stage, _payments(row, stage))
    return found


class Shown:
    """What was written of appointments before, by the versions of all rows that are in it: a calendar is asked for
    again and again while little of it changes."""

    def __init__(self, stage: Stage, kind: str = "v1") -> None:
        if len(_written) > KEPT:
            _written.clear()
        self._key = stage.facts.key_of((kind, *stage.key()))

    def known(self, row: Row) -> str | None:
        """The text of a row of the statement `day`, if it is known."""
        return _written.get((self._key, row[:-1]))

    def learn(self, row: Row, text: str) -> None:
        _written[self._key, row[:-1]] = text

    def known_page(self, rows: Sequence[Row]) -> bytes | None:
        """The texts of a page side by side, if nothing of it has changed."""
        return _pages.get((self._key, *rows))

    def learn_page(self, rows: Sequence[Row], texts: Iterable[str]) -> bytes:
        if len(_pages) > PAGES:
            _pages.clear()
        page = _pages[self._key, *rows] = ",".join(texts).encode()
        return page


def by_appointment(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each appointment."""
    found: list[list[Row]] = []
    last = None
    for row in rows:
        id_ = row[0]
        if id_ != last:
            last = id_
            found.append([row])
        else:
            found[-1].append(row)
    return found


_OWN = 37  # columns of `records` that are an appointment's own


def record(own: Sequence[Any], client: Row | None, sold: Sequence[Row], stage: Stage, payments: str = "[]") -> str:
    """An appointment as a JSON object, of its own columns (in the order of `records`), its client's and its lines'."""
    # Read by place, as the statement gives them: a name costs a look-up.
    (
        id_,
        location_id,
        visit_id,
        member_id,
        event_id,
        clients_count,
        starts_at,
        length,
        technical_break,
        attendance,
        is_confirmed,
        is_online,
        is_member_requested,
        sms_before,
        email_before,
        comment,
        api_id,
        from_url,
        device,
        form_id,
        user_id,
        color,
        fields,
        created_at,
        updated_at,
        is_deleted,
        is_told_by_sms,
        is_told_by_email,
        is_reminded,
        is_review_asked,
        is_overbooked,
        visit_attendance,
        paid_state,
        _client_id,
        labels,
        instances,
        form,
    ) = own
    tz, flags, lens, services = stage.tz, stage.flags, stage.lens, stage.facts.services
    when, made, user_id = wire_time(starts_at, tz), wire_time(created_at, tz), user_id or 0
    changed = made if updated_at == created_at else wire_time(updated_at, tz)
    prepaid = any(line["service_id"] in services and services[line["service_id"]].is_prepaid for line in sold)
    paid = f'"paid_full":{int(paid_state >= 2)},"payment_status":"{PAID[paid_state]}",' if lens.money else ""
    return (
        f'{{"id":{id_},"company_id":{location_id},"staff_id":{member_id},'
        f'"services":[{",".join([_line(line, stage) for line in sold])}],'
        f'"events":[],"goods_transactions":[],"staff":{_card(member_id, stage)},'
        f'"client":{"null" if client is None or not lens.client else _client(client, stage)},"comer":null,'
        f'"comer_person_info":null,"clients_count":{clients_count},"date":"{when}","datetime":"{when}",'
        f'"create_date":"{made}","comment":{quoted(comment)},"online":{FLAGS[is_online]},'
        f'"visit_attendance":{visit_attendance},"attendance":{attendance},"confirmed":{int(is_confirmed)},'
        f'"seance_length":{length},"length":{length},"technical_break_duration":{technical_break},'
        f'"sms_before":{sms_before},"sms_now":{int(is_told_by_sms)},"sms_now_text":"","email_now":{int(is_told_by_email)},'
        f'"notified":0,"master_request":{int(is_member_requested)},"api_id":{quoted(api_id)},'
        f'"from_url":{quoted(from_url)},"review_requested":{int(is_review_asked)},'
        f'"is_remind_sms_sent":{FLAGS[is_reminded]},"visit_id":{visit_id},"created_user_id":{user_id},'
        f'"deleted":{flags[is_deleted]},{paid}"prepaid":{flags[prepaid]},"prepaid_confirmed":{flags[False]},'
        f'"last_change_date":"{changed}","custom_color":"{color}",'
        f'"custom_font_color":"{font_color("#" + color) if color else ""}","record_labels":{labels or "[]"},'
        f'"activity_id":{event_id or 0},"custom_fields":{_values(fields, stage.record_fields, lens.record_fields)},'
        f'"documents":[{{"id":{visit_id},"type_id":7,"storage_id":0,"user_id":{user_id},"company_id":{location_id},'
        f'"number":{visit_id},"comment":"","date_created":"{when}","category_id":0,"visit_id":{visit_id},'
        f'"record_id":{id_},"type_title":"Visit","is_sale_bill_printed":false}}],'
        f'"sms_remain_hours":{sms_before},"email_remain_hours":{email_before},"bookform_id":{form_id or 0},'
        f'"record_from":{quoted(form or "")},"is_mobile":{device},"is_sale_bill_printed":false,"consumables":[],'
        f'"finance_transactions":{payments},"acceptance_free":null,"is_update_blocked":false,'
        f'"is_overbooked":{FLAGS[is_overbooked]},"resource_instance_ids":{instances or "[]"},'
        f'"short_link":"{stage.link(id_)}"}}'
    )


def _line(line: Row, stage: Stage) -> str:
    service = stage.facts.services.get(line["service_id"])
    one, cost, discount, amount = line["first_cost"], line["cost"], line["discount"], line["amount"]
    prices = ""
    if stage.prices:
        low, high = (service.price_min, service.price_max) if service is not None else (one, one)
        prices = (
            f',"staff_service_link":{{"length":{line["line_length"]}}},'
            f'"company_service_link":{{"price_min":{low},"price_max":{high}}}'
        )
    return (
        f'{{"id":{line["service_id"]},"title":{quoted(service.title if service else "")},"cost":{cost},'
        f'"cost_to_pay":{cost},"manual_cost":{cost},"cost_per_unit":{one},"discount":{discount},'
        f'"first_cost":{one if amount == 1 else Decimal(one) * amount},"amount":{amount},"assistants":[]{prices}}}'
    )


def _client(row: Row, stage: Stage) -> str:
    lens, visits = stage.lens, row["visits_count"] or 0
    surname, middle_name = (row["surname"], row["middle_name"]) if lens.surname else ("", "")
    middle, email = quoted(middle_name), row["email"]
    comment = row["client_comment"] if lens.client_comment else ""
    birthday = row["birth_date"].isoformat() if row["birth_date"] else ""
    return (
        f'{{"id":{row["client_id"]},"name":{quoted(row["name"])},"surname":{quoted(surname)},"middle_name":{middle},'
        f'"patronymic":{middle},"display_name":{quoted(" ".join(filter(None, (row["name"], surname))))},'
        f'"comment":{quoted(comment)},"phone":{_digits(_phone(row, lens), stage)},"card":{_digits(row["card"], stage)},'
        f'"email":{quoted(email if lens.email else masked_email(email))},"success_visits_count":{visits},'
        f'"fail_visits_count":{row["failed_visits_count"] or 0},"discount":{row["client_discount"]},'
        f'"is_new":{FLAGS[visits == 0]},'
        f'"custom_fields":{_listed(row["client_fields"], stage.client_fields, lens.client_fields)},'
        f'"gender":{row["gender"]},"sex":{row["gender"]},"birthday":"{birthday}",'
        f'"client_tags":{row["client_tags"] or "[]"},"phone_country_id":{stage.facts.country_of(row["phone"])}}}'
    )


def _phone(row: Row, lens: Lens) -> str:
    """With a plus; masked for those who may not see it."""
    phone = row["phone"]
    return phone and f"+{phone if lens.phone else masked_phone(phone)}"


def _digits(text: str, stage: Stage) -> str:
    """Digits as a text; as a number where the wire writes yes and no as numbers."""
    if stage.flags is NUMBERS and isinstance(shown := number(text.removeprefix("+")), int):
        return str(shown)
    return quoted(text)


def _card(member_id: int, stage: Stage) -> str:
    """The team member of an appointment; the same for all of them, so it is written once."""
    card = stage.facts.cards.get(member_id)
    if card is None:
        member = stage.facts.members.get(member_id)
        card = msgspec.json.encode(card_of(member, stage.address)).decode() if member else "null"
        stage.facts.cards[member_id] = card
    return card


def card_of(member: Member, address: Callable[[str], str]) -> dict[str, Any]:
    """A team member beside an appointment."""
    position: Any = []
    if member.position_id is not None:
        binding = member.services_binding_type
        position = {"id": member.position_id, "title": member.position, "services_binding_type": binding}
    return {
        "id": member.id,
        "api_id": member.api_id,
        "name": member.name,
        "specialization": member.specialization,
        "spec": member.specialization,
        "position": position,
        "avatar": address(member.avatar),
        "avatar_big": address(member.avatar_big),
        "rating": round(member.rating_sum / member.votes_count, 2) if member.votes_count else 0,
        "votes_count": member.votes_count,
    }


def _values(stored: str | None, fields: Sequence[CustomField], may_see: bool) -> str:
    """Values of custom fields by code; an empty list when there are none, as the wire has it."""
    if stored is None or not may_see:
        return "[]"
    return msgspec.json.encode(shown_values(msgspec.json.decode(stored), fields)).decode()


def _listed(stored: str | None, fields: Sequence[CustomField], may_see: bool) -> str:
    """Values of a client's custom fields, one object each."""
    if stored is None or not may_see:
        return "[]"
    values = shown_values(msgspec.json.decode(stored), fields)
    pairs = values.items() if isinstance(values, dict) else []
    return msgspec.json.encode([{"code": code, "value": value} for code, value in pairs]).decode()


def _payments(row: Row, stage: Stage) -> str:
    """What was paid in the window of an appointment, if it was asked for and may be seen."""
    if not row["payments"] or not stage.lens.money:
        return "[]"
    return to_json([payment(one, row, stage) for one in msgspec.json.decode(row["payments"])]).decode()


def payment(one: Mapping[str, Any], row: Row, stage: Stage) -> dict[str, Any]:
    """A payment as the wire's finance transaction. What accounts and stock would say stays 0 until there are some."""
    client: Any = []
    if row["client_id"] is not None and stage.lens.client:
        client = {"id": row["client_id"], "name": row["name"], "phone": _phone(row, stage.lens)}
    return {
        "id": one["id"],
        "document_id": row["visit_id"],
        "date": wire_time(datetime.fromisoformat(one["at"]), stage.tz),
        "type_id": SERVICES["id"],
        "expense_id": SERVICES["id"],
        "account_id": 0,
        "amount": Decimal(one["amount"]),
        "client_id": row["client_id"] or 0,
        "master_id": 0,
        "supplier_id": 0,
        "comment": "",
        "item_id": 0,
        "target_type_id": 1,
        "record_id": row["id"],
        "goods_transaction_id": 0,
        "expense": SERVICES,
        "account": {"id": 0, "title": METHODS[one["method"]]},
        "client": client,
        "master": [],
        "supplier": [],
    }
