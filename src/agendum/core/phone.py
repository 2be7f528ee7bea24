"""Phone numbers: kept as E.164 digits without the plus, read in any form that people type."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

import phonenumbers

_NOT_DIGITS = re.compile(r"\D")
_FORM = re.compile(r"\+?[\d\s().\-/\u2010-\u2015]*")


@lru_cache(maxsize=10_000)
def parse_phone(text: str, country_iso: str | None = None) -> str | None:
    """E.164 digits without the plus, or None when no such number can exist.

    A number without a plus may be an international one ("13155550175") or, with `country_iso` (ISO 3166-1 alpha-2), a
    national one ("(315) 555-0175"): what is in use somewhere goes before what only has the length of a number.
    """
    text = text.strip()
    if len(text) > 32 or _FORM.fullmatch(text) is None:
        return None
    if text.startswith("00"):
        text = "+" + text[2:]
    digits = _NOT_DIGITS.sub("", text)
    if not 6 <= len(digits) <= 15:
        return None
    if text.startswith("+") or country_iso is None:
        return digits if _is_plain(digits) else _first([_parse(f"+{digits}")], _POSSIBLE)
    readings = [_parse(f"+{digits}"), _parse(text, country_iso)]
    return _first(readings, _VALID) or _first(readings, _POSSIBLE)


_VALID, _POSSIBLE = phonenumbers.is_valid_number, phonenumbers.is_possible_number


def _parse(text: str, region: str | None = None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _first(
    readings: list[phonenumbers.PhoneNumber | None], passes: Callable[[phonenumbers.PhoneNumber], bool]
) -> str | None:
    for number in readings:
        if number is not None and passes(number):
            return f"{number.country_code}{phonenumbers.national_significant_number(number)}"
    return None


def _is_plain(digits: str) -> bool:
    """Whether these are a country's code and a number as long as its numbers are, without a prefix that is only dialled
    within the country: such is what the library would make of them, after twenty times the work."""
    for length in (1, 2, 3):
        if (known := _countries().get(digits[:length])) is not None:
            lengths, prefix = known
            return len(digits) - length in lengths and (prefix is None or prefix.match(digits, length) is None)
    return False


@cache
def _countries() -> dict[str, tuple[frozenset[int], re.Pattern[str] | None]]:
    """By country code: how long its numbers are, and what may stand before them within the country."""
    found: dict[str, tuple[frozenset[int], re.Pattern[str] | None]] = {}
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        facts = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0])
        if facts is not None and facts.general_desc is not None:
            prefix = facts.national_prefix_for_parsing
            lengths = frozenset(facts.general_desc.possible_length)
            found[str(code)] = lengths, re.compile(prefix) if prefix else None
    return found


def show_phone(digits: str) -> str:
    """The plus form of stored digits; empty stays empty."""
    return f"+{digits}" if digits else ""
