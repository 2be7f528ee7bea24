"""What may be said of a team member: a change laid over what stands, what a position asks for, how he is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import msgspec
from msgspec import UNSET

from agendum.core.errors import Invalid
from agendum.core.phone import parse_phone
from agendum.team.wire.members import (
    ChangedMember,
    CreatedMember,
    EmployeeBody,
    ListedMember,
    Member,
    MemberBody,
    MemberWithPosition,
    PositionName,
)

Clean = Callable[[str], str]


class MemberState(msgspec.Struct, frozen=True, kw_only=True):
    """A team member as its columns are named."""

    name: str = ""
    specialization: str = ""
    information: str = ""
    api_id: str | None = None
    weight: int = 0
    is_hidden: bool = False
    user_id: int | None = None
    position_id: int | None = None
    has_access_timetable: bool = False
    is_paid: bool = False
    is_assistant: bool = False
    show_rating: bool = True
    hired_on: date | None = None
    fired_on: date | None = None


class EmployeeState(msgspec.Struct, frozen=True, kw_only=True):
    """His employment profile as its columns are named; `phone` is E.164 digits."""

    phone: str = ""
    firstname: str = ""
    surname: str = ""
    patronymic: str = ""
    registered_until: date | None = None
    citizenship: str = ""
    gender: int = 0
    identity_document: str = ""
    tax_number: str = ""
    insurance_certificates: str = ""


# From the wire's name to the column's, where a value goes over as it is.
_MEMBER = {
    "weight": "weight",
    "hidden": "is_hidden",
    "has_access_timetable": "has_access_timetable",
    "is_paid_staff": "is_paid",
    "is_available_as_assistant": "is_assistant",
    "show_rating": "show_rating",
}
_EMPLOYEE = {
    "firstname": "firstname",
    "surname": "surname",
    "patronymic": "patronymic",
    "citizenship": "citizenship",
    "passport_data": "identity_document",
    "personal_tax_reference_number": "tax_number",
    "number_insurance_certificates": "insurance_certificates",
}
# What a position may ask for, under the wire's names.
_ASKED = {
    "employee_name": "firstname",
    "surname": "surname",
    "middle_name": "patronymic",
    "date_registration_end": "registered_until",
    "phone_number": "phone",
    "citizenship": "citizenship",
    "sex": "gender",
    "identity_document": "identity_document",
    "tax_id": "tax_number",
    "number_insurance_certificates": "insurance_certificates",
}


def laid_over(before: MemberState, body: MemberBody, clean: Clean, today: date) -> MemberState:
    """The state that a body asks for; `today` is the location's. Raises Invalid naming the field."""
    changes: dict[str, Any] = {
        column: value for name, column in _MEMBER.items() if (value := getattr(body, name)) is not UNSET
    }
    if body.name is not UNSET:
        changes["name"] = name_of(body.name)
    if body.specialization is not UNSET:
        changes["specialization"] = body.specialization.strip()
    if body.information is not UNSET:
        changes["information"] = clean(body.information)
    if body.api_id is not UNSET:
        changes["api_id"] = (body.api_id or "").strip() or None
    if body.user_id is not UNSET:
        changes["user_id"] = body.user_id or None
    if body.position_id is not UNSET:
        changes["position_id"] = body.position_id or None
    if body.fired is not UNSET and body.fired != (before.fired_on is not None):
        changes["fired_on"] = today if body.fired else None
    if body.employee is not UNSET and body.employee.date_admission is not UNSET:
        changes["hired_on"] = body.employee.date_admission
    return msgspec.structs.replace(before, **changes)


def employee_laid_over(before: EmployeeState, body: EmployeeBody, country_iso: str) -> EmployeeState:
    """The profile that a body asks for. Raises Invalid naming the field."""
    changes: dict[str, Any] = {
        column: value.strip() for name, column in _EMPLOYEE.items() if (value := getattr(body, name)) is not UNSET
    }
    if body.phone is not UNSET:
        changes["phone"] = phone_of(body.phone, country_iso, "employee.phone")
    if body.gender is not UNSET:
        changes["gender"] = body.gender
    if body.date_registration_end is not UNSET:
        changes["registered_until"] = body.date_registration_end
    return msgspec.structs.replace(before, **changes)


def name_of(given: str) -> str:
    """The name without the spaces around it. Raises Invalid when nothing is left."""
    if not (name := given.strip()):
        raise Invalid("name: a team member needs a name.", field="name")
    return name


def phone_of(given: str | None, country_iso: str, field: str) -> str:
    """E.164 digits, 9 to 15 of them; empty for none. Raises Invalid."""
    if not given or not given.strip():
        return ""
    phone = parse_phone(given, country_iso)
    if phone is None or len(phone) < 9:
        raise Invalid(f"{field}: this cannot be a phone number.", field=field)
    return phone


def missing(required: Iterable[str], member: MemberState, employee: EmployeeState) -> list[str]:
    """Which of the fields that a position requires are not known."""
    known = {name: getattr(employee, column) for name, column in _ASKED.items()} | {"date_admission": member.hired_on}
    return [name for name in required if not known.get(name)]


def columns_of(row: Any, shape: type[Any]) -> Any:
    """A state from a row that has at least its columns."""
    return shape(**{name: row[name] for name in shape.__struct_fields__})


def as_created(member: Member) -> CreatedMember:
    return _reshaped(member, CreatedMember, show_rating=bool(member.show_rating))


def as_changed(member: Member) -> ChangedMember:
    return _reshaped(member, ChangedMember, **_old_numbers(member))


def as_listed(member: Member) -> ListedMember:
    pictures: Any = member.image_group
    own = {"api_id": "" if member.api_id is None else str(member.api_id), "image_group": next(iter(pictures), [])}
    return _reshaped(member, ListedMember, **_old_numbers(member), **own)


def with_position(member: Member) -> MemberWithPosition:
    position = member.position if isinstance(member.position, PositionName) else None
    return _reshaped(member, MemberWithPosition, position=position)


def _reshaped(member: Member, shape: type[Any], **changes: Any) -> Any:
    return shape(**{name: getattr(member, name) for name in shape.__struct_fields__} | changes)


def _old_numbers(member: Member) -> dict[str, str]:
    return {name: str(getattr(member, name)) for name in ("weight", "hidden", "fired", "status")}


def still_booked(name: str, verb: str, appointments: int, events: int) -> str | None:
    """Why somebody cannot leave the team; None when nobody waits for him."""
    waiting = [
        f"{count} upcoming {noun}{'s' * (count != 1)}"
        for count, noun in ((appointments, "appointment"), (events, "event"))
        if count
    ]
    return f"{name} cannot be {verb}: {' and '.join(waiting)}." if waiting else None
