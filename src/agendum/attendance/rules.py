"""How an appointment's client looks in v2, by the rights of who looks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from msgspec import UNSET

from agendum.attendance.wire import ClientFacts, Sums
from agendum.clients.rules.shown import View, masked_email, masked_phone
from agendum.core.jsonapi import Identifier, Relationship, Resource, ToMany, ToOne
from agendum.core.phone import show_phone


class Columns(Protocol):
    """A row, by the names of its columns."""

    def __getitem__(self, name: str, /) -> Any: ...


def facts(row: Columns, view: View) -> ClientFacts:
    """A client's own data. There is one phone, and no tips by the client."""
    born, discount = row["birth_date"], float(row["discount"])
    return ClientFacts(
        name=row["name"],
        surname=row["surname"] if view.surnames else "",
        patronymic=row["middle_name"] if view.surnames else "",
        phone=show_phone(row["phone"]) if view.phones else masked_phone(row["phone"]),
        additional_phone="",
        email=row["email"] if view.emails else masked_email(row["email"]),
        comment=row["comment"] if view.comments else "",
        client_tips=False,
        birthday=f"{born.isoformat()}T00:00:00" if born else None,
        card_number=row["card"],
        gender=row["gender"],
        discount=discount,
        discount_percent=discount,
    )


def sums(row: Columns, view: View, **whose: int) -> Sums:
    """What a client's visits come to; `whose` names the location or the chain."""
    last = row["last_visit_at"]
    return Sums(
        **whose,
        successful_attendances_count=row["visits"],
        failed_attendances_count=row["failed"],
        balance_amount=float(row["balance"]) if view.money else UNSET,
        spent_amount=float(row["spent"]) if view.money else UNSET,
        paid_amount=float(row["paid"]) if view.money else UNSET,
        last_successful_attendance_datetime=last.astimezone(view.tz).strftime("%Y-%m-%d %H:%M:%S") if last else None,
    )


def labels(rows: Sequence[Columns]) -> list[Resource[Any]]:
    names = ("title", "color", "font_color", "icon")
    return [Resource(type="label", id=str(row["id"]), attributes={name: row[name] for name in names}) for row in rows]


def first_visit(row: Columns, view: View) -> list[Resource[Any]]:
    """The first visit that took place, if there was one."""
    if row["visit_id"] is None:
        return []
    at = row["starts_at"].astimezone(view.tz).strftime("%Y-%m-%d %H:%M:%S")
    attributes = {"record_id": row["appointment_id"], "datetime": at}
    return [Resource(type="attendance", id=str(row["visit_id"]), attributes=attributes)]


def values(client_id: int, given: Mapping[str, Any], fields: Sequence[Columns]) -> list[Resource[Any]]:
    """The values of the fields that there are; what was kept under a field that has gone is not shown."""
    return [
        Resource(
            type="custom_field_value",
            id=f"{client_id}_{field['id']}",
            attributes={
                "custom_field_id": field["id"],
                "code": field["code"],
                "title": field["title"],
                "type": field["kind"],
                "value": given[field["code"]],
            },
        )
        for field in fields
        if field["code"] in given
    ]


def relationships(wanted: Collection[str], found: Mapping[str, Sequence[Resource[Any]]]) -> dict[str, Relationship]:
    """The pointers at what was included, by the name under which it was asked for."""

    def pointer(name: str) -> Relationship:
        there = [Identifier(one.type, one.id) for one in found[name]]
        return ToOne(there[0] if there else None) if name == "first_successful_visit" else ToMany(there)

    return {name: pointer(name) for name in wanted}
