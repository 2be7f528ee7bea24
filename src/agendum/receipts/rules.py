"""What a receipt says, in the language and the currency of its location."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent

from agendum.core.money import to_cents
from agendum.core.phone import show_phone

ENGLISH = "en"
_NAMES = ("receipt", "price", "discount", "sum", "discounts", "total", "cash", "card", "due")
_WORDS = {
    "en": ("Receipt", "Price", "Discount", "Sum", "Discounts", "Total", "Paid in cash", "Paid by card", "To pay"),
    "lv": ("Kvīts", "Cena", "Atlaide", "Summa", "Atlaides", "Kopā", "Samaksāts skaidrā naudā", "Samaksāts ar karti",
           "Jāmaksā"),
    "lt": ("Kvitas", "Kaina", "Nuolaida", "Suma", "Nuolaidos", "Iš viso", "Sumokėta grynaisiais", "Sumokėta kortele",
           "Mokėti"),
    "et": ("Kviitung", "Hind", "Soodustus", "Summa", "Soodustused", "Kokku", "Tasutud sularahas", "Tasutud kaardiga",
           "Tasuda"),
    "de": ("Beleg", "Preis", "Rabatt", "Betrag", "Rabatte", "Gesamt", "Bar bezahlt", "Mit Karte bezahlt", "Zu zahlen"),
    "uk": ("Чек", "Ціна", "Знижка", "Сума", "Знижки", "Разом", "Сплачено готівкою", "Сплачено карткою", "До сплати"),
}  # fmt: skip


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One service: `first_cost` of one before the discount (per cent), `cost` of all, to pay."""

    starts_at: datetime
    member: str
    title: str
    amount: int
    first_cost: Decimal
    discount: Decimal
    cost: Decimal


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The location. `language` is a BCP 47 tag, `currency` an ISO 4217 code, `phones` are E.164 digits, `paid` are sums
    by method (cash, card)."""

    title: str
    address: str
    zip: str
    phones: Sequence[str]
    email: str
    site: str
    tz: ZoneInfo
    language: str
    currency: str
    paid: Mapping[str, Decimal]


def receipt(number: int, head: Head, lines: Sequence[Line]) -> dict[str, Any]:
    """The texts of a receipt of one line at least, as its page takes them. Taxes are not among them: a service names
    its tax by an id of the till's, whose rate is not known here."""
    language = head.language.partition("-")[0].lower()
    language = language if language in _WORDS else ENGLISH
    words: dict[str, str] = dict(zip(_NAMES, _WORDS[language], strict=True))

    def money(amount: Decimal) -> str:
        return format_currency(amount, head.currency, locale=language)

    at = lines[0].starts_at.astimezone(head.tz)
    total = sum((line.cost for line in lines), Decimal(0))
    saved = sum((max(to_cents(line.first_cost * line.amount) - line.cost, Decimal(0)) for line in lines), Decimal(0))
    sums: list[tuple[str, str]] = [(words[method], money(paid)) for method, paid in head.paid.items() if paid]
    if sums and (due := total - sum(head.paid.values(), Decimal(0))) > 0:
        sums.append((words["due"], money(due)))
    return {
        "lang": language,
        "title": head.title,
        "details": list(filter(None, (
            ", ".join(filter(None, (head.address, head.zip))),
            ", ".join(map(show_phone, head.phones)),
            head.email,
            head.site,
        ))),
        "receipt": f"{words['receipt']} {number}",
        "at": f"{format_date(at, 'long', locale=language)}, {format_time(at, 'short', locale=language)}",
        "words": words,
        "lines": [
            {
                "title": line.title,
                "member": line.member,
                "price": f"{format_decimal(line.amount, locale=language)} × {money(line.first_cost)}",
                "discount": f"−{_percent(line.discount, language)}" if line.discount else "",
                "sum": money(line.cost),
            }
            for line in lines
        ],
        "discounts": money(saved) if saved else "",
        "total": money(total),
        "sums": sums,
    }  # fmt: skip


def _percent(percent: Decimal, language: str) -> str:
    return format_percent(percent / 100, locale=language, decimal_quantization=False)
