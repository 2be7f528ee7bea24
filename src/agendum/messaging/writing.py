"""What a message says: in the language of the location, with its wall clock, in as few SMS parts as can be."""

from __future__ import annotations

import html
import json
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date, format_skeleton, format_time

from agendum.messaging.rules import Channel, Kind, Visit

TEXTS = Path(__file__).parent / "texts"
ENGLISH = "en-US"
_OTHER_NAMES = {"ee-EE": "et-EE", "uk-UA": "uk-UK"}
_LOCALES = {"en-US": "en_US", "uk-UK": "uk"}  # Babel's names where they are not the language alone

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")  # these take two places
_PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
_UCS_PARTS = 2  # what a message in letters beyond GSM may take: 134 characters, of which a link needs half


class Letter(msgspec.Struct, frozen=True):
    """A written message. An SMS has no subject."""

    subject: str
    body: str


def code_letter(language: str, *, code: str, business: str) -> Letter:
    """The SMS with a one-time code."""
    return Letter("", _fit(_texts(language)["phone_code"]["sms"], code=code, business=business))


def invitation_letter(language: str, channel: Channel, *, name: str, business: str, link: str) -> Letter:
    """The invitation to a business's team, `link` leads to where it is accepted."""
    words, business = _texts(language)["invitation"], _one_line(business)
    if channel == "sms":
        return Letter("", _fit(words["sms"], business=business, link=link))
    parts = [_greeting(language, name), words["lead"].format(business=business), f"{words['link']}:\n{link}"]
    return Letter(words["subject"].format(business=business), "\n\n".join(parts))


def letter(visit: Visit, kind: Kind, channel: Channel, link: str) -> Letter:
    """What `visit` gives to say. `link` leads to the appointment, or to the review page."""
    language = _known(visit.language)
    words = _texts(language)[kind]
    when = _when(visit.starts_at, visit.tz, language)
    service = ", ".join(map(_one_line, visit.services))
    business, member = _one_line(visit.business), _one_line(visit.member)
    facts = {"when": when, "service": service, "member": member, "business": business, "link": link}
    if channel == "sms":
        return Letter("", _fit(words["sms"], **facts))
    place = ", ".join(filter(None, (business, _one_line(visit.address))))
    details = "\n".join(filter(None, (_long_when(visit.starts_at, visit.tz, language), service, member, place)))
    parts = [_greeting(language, visit.client_name), words["lead"], details]
    if "link" in words:
        parts.append(f"{words['link']}:\n{link}")
    return Letter(words["subject"].format(**facts), "\n\n".join(parts))


def _greeting(language: str, name: str) -> str:
    name = _one_line(name)
    return _texts(language)["greeting" if name else "greeting_without_name"].format(name=name)


def as_html(body: str) -> str:
    """The simple HTML of a plain text: a paragraph for each block, addresses as links."""
    blocks: list[str] = []
    for block in body.split("\n\n"):
        lines = [html.escape(line) for line in block.split("\n")]
        lines = [f'<a href="{line}">{line}</a>' if line.startswith(("http://", "https://")) else line for line in lines]
        blocks.append("<p>" + "<br>\n".join(lines) + "</p>")
    style = "font-family: sans-serif; font-size: 16px; line-height: 1.5; max-width: 36em"
    return f'<!doctype html>\n<html><body style="{style}">\n' + "\n".join(blocks) + "\n</body></html>\n"


def sms_parts(text: str) -> int:
    """How many SMS a text takes: 160 places of the GSM alphabet or 70 of UCS-2, 153 or 67 in each of several."""
    if _is_gsm(text):
        places, alone, each = len(text) + sum(letter in _GSM_TWICE for letter in text), 160, 153
    else:
        places, alone, each = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if places <= alone else -(-places // each)


def for_sms(text: str) -> str:
    """The text in the GSM alphabet if leaving out accents gets it there (it then costs a third), else as it is."""
    folded = "".join(_fold(letter) for letter in text.translate(_PLAIN))
    return folded if _is_gsm(folded) else text


def _fit(template: str, **facts: str) -> str:
    """The filled template, its longest words cut until it is one SMS (or two, beyond the GSM alphabet)."""
    text = ""
    for longest in (1000, 60, 40, 30, 24, 18, 14, 10):
        cut = {
            name: value if name in ("when", "link", "code") else _cut(value, longest) for name, value in facts.items()
        }
        text = for_sms(_one_line(template.format(**cut)))
        if sms_parts(text) <= (1 if _is_gsm(text) else _UCS_PARTS):
            break
    return text


def _cut(text: str, longest: int) -> str:
    """At a word's end where that leaves enough."""
    if len(text) <= longest:
        return text
    words = text[: longest + 1].rpartition(" ")[0]
    return (words if len(words) > longest // 2 else text[:longest]).rstrip(" ,.-–")


def _fold(letter: str) -> str:
    if letter in _GSM:
        return letter
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if base.isascii() and base.isalpha() else letter


def _is_gsm(text: str) -> bool:
    return _GSM.union(_GSM_TWICE).issuperset(text)


def _one_line(text: str) -> str:
    """With plain spaces alone: Babel's narrow ones are not in the GSM alphabet, and no header holds a line break."""
    return " ".join(text.split())


def _when(moment: datetime, tz: ZoneInfo, language: str) -> str:
    """Tue, Sep 22 2:30 PM."""
    locale = _locale(language)
    day = format_skeleton("MMMEd", moment, tzinfo=tz, locale=locale)
    return _one_line(f"{day} {format_time(moment, 'short', tzinfo=tz, locale=locale)}")


def _long_when(moment: datetime, tz: ZoneInfo, language: str) -> str:
    """Tuesday, September 22, 2026, 2:30 PM."""
    locale = _locale(language)
    day = format_date(moment.astimezone(tz), "full", locale=locale)
    return _one_line(f"{day}, {format_time(moment, 'short', tzinfo=tz, locale=locale)}")


def _locale(language: str) -> str:
    return _LOCALES.get(language, language.partition("-")[0])


def _known(language: str) -> str:
    """The language itself when we have its texts, else English; dates follow the texts."""
    language = _OTHER_NAMES.get(language, language)
    return language if language in _languages() else ENGLISH


@cache
def _languages() -> frozenset[str]:
    return frozenset(path.stem for path in TEXTS.glob("*.json"))


def _texts(language: str) -> dict[str, Any]:
    return _read(_known(language))


@cache
def _read(language: str) -> dict[str, Any]:
    return json.loads((TEXTS / f"{language}.json").read_text("utf-8"))
