"""What somebody sees of a client, by his rights, and how it looks on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol, TypeAlias
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from agendum.clients.wire import Number
from agendum.core.clock import wire_time
from agendum.core.permissions import allows

GENDERS = ("unknown", "Male", "Female")
CLASSES = ("No importance class", "Bronze", "Silver", "Gold")

_LIST_PHONES = ("clients_phones_access", "client_phones_access", "clients_phones_email_access")
_SURNAMES = ("clients_surname_middle_name_access", "clients_surname_patronymic_access")
_MONEY = ("finances_access", "records_finances_access")
_NUMBER = 15  # digits; more than that some readers of JSON round


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks: what of a client he sees, by which clock; `member_id`: only clients of this team member, 0: all."""

    tz: ZoneInfo
    phones: bool
    emails: bool
    surnames: bool
    comments: bool
    fields: bool
    money: bool
    member_id: int


def view_of(rights: Mapping[str, Any], tz: ZoneInfo, *, in_card: bool) -> View:
    """The view of a holder of `rights`; `in_card`: of one client, whose phone a right of its own may show."""
    in_card = in_card and allows(rights, "clients_card_phone_access")
    return View(
        tz=tz,
        phones=in_card or _any(rights, _LIST_PHONES),
        emails=in_card or allows(rights, "clients_phones_email_access"),
        surnames=_any(rights, _SURNAMES),
        comments=allows(rights, "clients_card_comment_access"),
        fields=allows(rights, "custom_fields_client_values_read_access"),
        money=_any(rights, _MONEY),
        member_id=member_limit(rights),
    )


def member_limit(rights: Mapping[str, Any]) -> int:
    """The team member whose clients alone one may see; 0: no limit."""
    for name in ("clients_visit_master_id", "get_visit_master_id"):
        value = rights.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return 0


def _any(rights: Mapping[str, Any], names: Iterable[str]) -> bool:
    return any(allows(rights, name) for name in names)


def masked_phone(digits: str) -> str:
    """131******79: enough to know it again, too little to call. Empty stays empty."""
    if len(digits) < 6:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"


def masked_email(email: str) -> str:
    """c***@example.com. Empty stays empty."""
    name, at, place = email.partition("@")
    return f"{name[:1]}***{at}{place}" if email else ""


def number(text: str) -> Number:
    """Digits as a number, as the wire has phones and cards; what would not come back as it was stays a text."""
    if text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= _NUMBER:
        return int(text)
    return text


def moment(at: datetime, tz: ZoneInfo) -> str:
    """2026-05-01T12:00:00-0500: clients' moments have their offset without a colon."""
    text = wire_time(at, tz)
    return f"{text[:-3]}{text[-2:]}"


def file_size(size: int) -> str:
    """Bytes as a text: 9 B, 1.4 KB, 12 MB."""
    amount, units = float(size), ["B", "KB", "MB", "GB"]
    while amount >= 1000 and len(units) > 1:
        amount, units = amount / 1024, units[1:]
    return f"{amount:.1f}".removesuffix(".0") + f" {units[0]}" if amount < 10 else f"{amount:.0f} {units[0]}"


Shape: TypeAlias = Callable[[Any, View], Any]


def _as_it_is(value: Any, _: View) -> Any:
    return value


def _when_money(value: Any, view: View) -> Any:
    return value if view.money else UNSET


def _when_surnames(value: Any, view: View) -> Any:
    return value if view.surnames else ""


def _moment(value: Any, view: View) -> Any:
    return None if value is None else moment(value, view.tz)


def _when_comments(value: Any, view: View) -> Any:
    return value if view.comments else ""


def _values(value: Any, view: View) -> Any:
    return (value if view.fields else None) or []


def _phone(value: str, view: View) -> Any:
    return number(value) if view.phones else masked_phone(value)


def _email(value: str, view: View) -> Any:
    return value if view.emails else masked_email(value)


def _card(value: str, _: View) -> Any:
    return number(value)


def _gender(value: int, _: View) -> Any:
    return GENDERS[value]


def _class(value: int, _: View) -> Any:
    return CLASSES[value]


_IN_CARD: dict[str, tuple[str, Shape]] = {
    "id": ("id", _as_it_is),
    "name": ("name", _as_it_is),
    "surname": ("surname", _when_surnames),
    "middle_name": ("middle_name", _when_surnames),
    "phone": ("phone", _phone),
    "email": ("email", _email),
    "categories": ("categories", _as_it_is),
    "gender_id": ("gender_id", _as_it_is),
    "gender": ("gender_id", _gender),
    "discount": ("discount", _as_it_is),
    "importance_id": ("importance_id", _as_it_is),
    "importance": ("importance_id", _class),
    "card": ("card", _card),
    "birth_date": ("birth_date", _as_it_is),
    "comment": ("comment", _when_comments),
    "sms_check": ("sms_check", _as_it_is),
    "sms_not": ("sms_not", _as_it_is),
    "spent": ("sold_amount", _when_money),
    "paid": ("paid_amount", _when_money),
    "balance": ("balance", _when_money),
    "visits": ("visit_count", _as_it_is),
    "failed_visits": ("failed_visit_count", _as_it_is),
    "first_visit_date": ("first_visit_date", _moment),
    "last_visit_date": ("last_visit_date", _moment),
    "last_change_date": ("last_change_date", _moment),
    "custom_fields": ("custom_fields", _values),
}
CARD = tuple(_IN_CARD)
FIELDS = _IN_CARD | {
    "sold_amount": _IN_CARD["spent"],
    "paid_amount": _IN_CARD["paid"],
    "visit_count": _IN_CARD["visits"],
    "visits_count": _IN_CARD["visits"],
    "create_date": ("create_date", _moment),
}
"""A field on the wire: the column of `search_values` that it comes from, and how it is shown."""


class Columns(Protocol):
    """A row, by the names of its columns."""

    def __getitem__(self, name: str, /) -> Any: ...


def shown(row: Columns, fields: Iterable[str], view: View) -> dict[str, Any]:
    """These fields of a client as they are written; what the viewer must not see at all is left out."""
    found: dict[str, Any] = {}
    for field, column, shape in _shapes(tuple(fields)):
        value = row[column]
        if shape is not _as_it_is and (value := shape(value, view)) is UNSET:
            continue
        found[field] = value
    return found


@lru_cache(maxsize=1000)
def _shapes(fields: tuple[str, ...]) -> list[tuple[str, str, Shape]]:
    return [(field, FIELDS[field][0], FIELDS[field][1]) for field in fields]


def columns_of(fields: Iterable[str]) -> tuple[str, ...]:
    """The columns that these fields need, each once."""
    return tuple(dict.fromkeys(FIELDS[field][0] for field in fields))
