"""A line about a client, read and checked as the API checks one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from agendum.clients.rules import given
from agendum.core.errors import Invalid
from agendum.core.money import to_cents
from agendum.transfer.rules import sheets
from agendum.transfer.rules.sheets import PROSE, Line, text_of

COLUMNS = (
    "external_id",
    "name",
    "surname",
    "middle_name",
    "phone",
    "email",
    "gender",
    "importance",
    "birth_date",
    "card",
    "comment",
    "discount",
    "sms_check",
    "sms_not",
    "is_blacklisted",
    "spent",
    "balance",
    "tag",
)
REQUIRED = ("name",)
GENDERS = {"0": 0, "1": 1, "2": 2, "unknown": 0, "male": 1, "female": 2}
CLASSES = {"0": 0, "1": 1, "2": 2, "3": 3, "none": 0, "bronze": 1, "silver": 2, "gold": 3}

_TEXTS = {"surname": sheets.TEXT, "middle_name": sheets.TEXT, "card": sheets.TEXT, "comment": PROSE}
_TRUTHS = ("sms_check", "sms_not", "is_blacklisted")
_SUMS = {"spent": "spent_before", "balance": "balance_before"}


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What lines are checked against: the location, the ids of its clients' tags by title in small letters, its custom
    fields of clients."""

    location_id: int
    country_iso: str
    tags: Mapping[str, int]
    fields: Sequence[given.Field]


class ClientLine(msgspec.Struct, frozen=True, kw_only=True):
    """A client as a line tells of him: what it leaves empty is not in `facts` (by column of clients), `fields` (custom
    values by code), and None. `own_id`: an export of this location gave the line, of a client without other marks."""

    n: int
    external_id: str
    own_id: int | None
    name: str
    surname: str
    phone: str
    facts: dict[str, Any]
    fields: dict[str, Any]
    tag_ids: list[int]
    spent_before: Decimal | None
    balance_before: Decimal | None

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What he is known by: the column and its value."""
        return [key for key in (("phone", self.phone), ("external_id", self.external_id)) if key[1]]


def client_of(line: Line, known: Known) -> ClientLine:
    """Raises Invalid with the reason for which the line is refused."""
    if line.problem:
        raise Invalid(line.problem)
    cells = line.cells
    name = given.name_of(text_of(cells, "name"))
    typed = text_of(cells, "phone", 64)
    phone = given.phone_of(typed, known.country_iso) if typed else ""
    external_id = text_of(cells, "external_id")
    if not phone and not external_id:
        raise Invalid("phone: a client without a phone needs an external_id")
    facts: dict[str, Any] = {"name": name} | ({"phone": phone} if phone else {})
    facts |= {column: text for column, most in _TEXTS.items() if (text := text_of(cells, column, most))}
    facts |= {column: sheets.truth_of(text, column) for column in _TRUTHS if (text := cells.get(column))}
    if email := text_of(cells, "email"):
        given.check_email(email)
        facts["email"] = email
    if text := cells.get("gender"):
        facts["gender"] = sheets.word_of(text, "gender", GENDERS)
    if text := cells.get("importance"):
        facts["importance"] = sheets.word_of(text, "importance", CLASSES)
    if text := text_of(cells, "birth_date", 32):
        facts["birth_date"] = given.birth_date_of(text)
    if text := cells.get("discount"):
        discount = sheets.decimal_of(text, "discount")
        if not 0 <= discount <= 100:
            raise Invalid("discount: expected per cent, 0 to 100")
        facts["discount"] = to_cents(discount)
    sums = {
        name: given.money_of(sheets.decimal_of(text, column), column) if (text := cells.get(column)) else None
        for column, name in _SUMS.items()
    }
    return ClientLine(
        n=line.number,
        external_id=external_id,
        own_id=own_id(external_id, known.location_id),
        name=name,
        surname=facts.get("surname", ""),
        phone=phone,
        facts=facts,
        fields=sheets.values_of(cells, known.fields),
        tag_ids=sheets.tags_of(cells.get("tag", ""), known.tags),
        **sums,
    )


def own_mark(location_id: int, client_id: int) -> str:
    """The external id that an export gives to a client who has neither a phone nor one of another system."""
    return f"agendum-{location_id}-{client_id}"


def own_id(external_id: str, location_id: int) -> int | None:
    """The client whom such a mark of this location names."""
    found = re.fullmatch(rf"agendum-{location_id}-(\d{{1,18}})", external_id)
    return int(found[1]) if found else None
