"""What is said of a client: read, checked, and held against what its writer may change."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import UNSET

from agendum.clients.rules.shown import View, masked_email
from agendum.clients.wire import ClientFacts
from agendum.core.errors import Forbidden, Invalid
from agendum.core.money import MOST, to_cents
from agendum.core.permissions import allows
from agendum.core.phone import parse_phone

NO_NAME = "Client name not specified"
NO_PHONE = "Customer phone number cannot be empty"
BAD_PHONE = "Phone must contain 9 to 15 digits"

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")

EMPTY: dict[str, Any] = {
    "name": "",
    "surname": "",
    "middle_name": "",
    "phone": "",
    "email": "",
    "gender": 0,
    "importance": 0,
    "birth_date": None,
    "card": "",
    "comment": "",
    "discount": Decimal(0),
    "sms_check": False,
    "sms_not": False,
    "custom_fields": {},
    "tags": [],
    "spent_before": Decimal(0),
    "balance_before": Decimal(0),
}
"""A client of whom nothing is known."""

_TEXTS = ("surname", "middle_name", "card", "comment")
_SAME = {"gender_id": "gender", "importance_id": "importance", "sms_check": "sms_check", "sms_not": "sms_not"}
_SUMS = {"spent": "spent_before", "balance": "balance_before"}


class Field(msgspec.Struct, frozen=True):
    """A custom field: the code of its values, their kind, and what a list offers (nothing: any text)."""

    code: str
    kind: str
    choices: list[str]


def name_of(text: str) -> str:
    """Raises Invalid when there is none."""
    if not (name := text.strip()):
        raise Invalid(NO_NAME, field="name")
    return name


def phone_of(text: str, country_iso: str) -> str:
    """E.164 digits. Raises Invalid when there are none, or none that can be a phone's."""
    if not text.strip():
        raise Invalid(NO_PHONE, field="phone")
    if (phone := parse_phone(text, country_iso)) is None:
        raise Invalid(BAD_PHONE, field="phone")
    return phone


def facts_of(given: ClientFacts, fields: Sequence[Field]) -> dict[str, Any]:
    """By column, what is said beside name and phone; tags by their ids, custom values of living fields alone.

    Raises Invalid naming the field.
    """
    facts: dict[str, Any] = {name: value.strip() for name in _TEXTS if (value := getattr(given, name)) is not UNSET}
    facts |= {column: value for name, column in _SAME.items() if (value := getattr(given, name)) is not UNSET}
    for name, column in _SUMS.items():
        if (value := getattr(given, name)) is not UNSET:
            facts[column] = money_of(value, name)
    if given.email is not UNSET:
        facts["email"] = given.email.strip()
    if given.birth_date is not UNSET:
        facts["birth_date"] = birth_date_of(given.birth_date or "")
    if given.discount is not UNSET:
        if not given.discount.is_finite() or not 0 <= given.discount <= 100:
            raise Invalid("discount: expected per cent, 0 to 100.", field="discount")
        facts["discount"] = to_cents(given.discount)
    if given.categories is not UNSET or given.labels is not UNSET:
        facts["tags"] = tags_of(given)
    if given.custom_fields is not UNSET:
        facts["custom_fields"] = check_values(given.custom_fields or {}, fields, "custom_fields")
    return facts


def tags_of(given: ClientFacts) -> list[int]:
    """Ids of tags, under either name, each once."""
    tags = given.categories if given.categories is not UNSET else given.labels
    return [] if tags is UNSET else sorted(set(tags))


def check_tags(tags: Sequence[int], known: Collection[int]) -> None:
    """Raises Invalid for what is no tag of the location's clients."""
    if unknown := [tag for tag in tags if tag not in known]:
        raise Invalid(f"categories: clients here have no tag {unknown[0]}.", field="categories")


def check_email(email: str) -> None:
    """Raises Invalid for what cannot be an address."""
    if email and not _EMAIL.fullmatch(email):
        raise Invalid("email: expected an address such as name@example.com.", field="email")


def money_of(value: Decimal, field: str) -> Decimal:
    if not value.is_finite() or abs(value) > MOST or (field == "spent" and value < 0):
        raise Invalid(f"{field}: no such amount.", field=field)
    return to_cents(value)


def birth_date_of(text: str) -> date | None:
    """From yyyy-mm-dd, or seconds since 1970; empty is unknown. Raises Invalid."""
    text = text.strip()
    if not text:
        return None
    try:
        if re.fullmatch(r"-?\d{1,11}", text):
            return datetime.fromtimestamp(int(text), UTC).date()
        return date.fromisoformat(text[:10])
    except (ValueError, OverflowError, OSError):
        raise Invalid("birth_date: expected a date such as 1990-02-28.", field="birth_date") from None


def check_values(values: Any, fields: Sequence[Field], where: str) -> dict[str, Any]:
    """The values of known fields, None where one is to go. Raises Invalid naming the field whose value is not of its
    kind; unknown ones are left out, as the wire ignores what it does not know."""
    if not isinstance(values, dict):
        raise Invalid(f"{where}: expected values by their codes.", field=where)
    given: dict[str, Any] = values  # pyright: ignore[reportUnknownVariableType]
    kept: dict[str, Any] = {}
    for field in fields:
        if field.code in given:
            value = given[field.code]
            if value is not None and not _fits(value, field):
                raise Invalid(f"{where}.{field.code}: expected a {field.kind}.", field=f"{where}.{field.code}")
            kept[field.code] = value
    return kept


def _fits(value: Any, field: Field) -> bool:
    match field.kind:
        case "number":
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return is_number or (isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value.strip()) is not None)
        case "list":
            items: list[Any] = value if isinstance(value, list) else [value]
            return all(isinstance(item, str) and (not field.choices or item in field.choices) for item in items)
        case "date" | "datetime":
            return isinstance(value, str) and _is_moment(value) and (field.kind == "datetime" or len(value) == 10)
        case _:
            return isinstance(value, str | int | float) and len(str(value)) <= 4000


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def with_values(before: Mapping[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """The patch with all custom values that there are to be: those that it does not name stay, None takes one away."""
    if "custom_fields" not in patch:
        return patch
    merged = {**before["custom_fields"], **patch["custom_fields"]}
    return patch | {"custom_fields": {code: value for code, value in merged.items() if value is not None}}


def unseen_stays(before: Mapping[str, Any], patch: Mapping[str, Any], view: View) -> dict[str, Any]:
    """The patch without what only repeats what its writer was shown: a masked e-mail, hidden texts, the sums."""
    echoes: dict[str, Any] = {
        "spent_before": before["sold_amount"],
        "balance_before": before["balance_before"] + before["paid"] - before["sold_amount"],
    }
    if not view.emails:
        echoes["email"] = masked_email(before["email"])
    if not view.surnames:
        echoes |= {"surname": "", "middle_name": ""}
    if not view.comments:
        echoes["comment"] = ""
    return {name: value for name, value in patch.items() if name not in echoes or value != echoes[name]}


def check_rights(before: Mapping[str, Any], patch: Mapping[str, Any], rights: Mapping[str, Any], view: View) -> None:
    """Raises Forbidden when the patch changes a part for which another right is asked."""
    allowed = {
        "surname": _either(rights, "clients_surname_middle_name_edit_access", "clients_surname_patronymic_edit_access"),
        "comment": allows(rights, "clients_card_comment_edit_access"),
        "custom_fields": allows(rights, "custom_fields_client_values_edit_access"),
        "spent_before": view.money,
    }
    allowed |= {"middle_name": allowed["surname"], "balance_before": allowed["spent_before"]}
    for name, may_change in allowed.items():
        if not may_change and name in patch and patch[name] != before[name]:
            raise Forbidden()


def _either(rights: Mapping[str, Any], *names: str) -> bool:
    return any(allows(rights, name) for name in names)


def full_name(name: str, surname: str) -> str:
    return f"{name} {surname}".strip()
