"""Phone numbers: kept as E.164 digits without the plus, read in any form that people type."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

_NOT_DIGITS = re.compile(r"\D")
_FORM = re.compile(r"\+?[\d\s().\-/\u2010-\u2015]*")


@lru_cache(maxsize=10_000)
def parse_phone(text: str, country_iso: str | None = None) -> str | None:
    """E.164 digits without the plus, or None when no such number can exist.

    A number without a plus is tried as an international one first ("13155550175"), then as a national number of
    `country_iso` (ISO 3166-1 alpha-2).
    """
    text = text.strip()
    if len(text) > 32 or _FORM.fullmatch(text) is None:
        return None
    if text.startswith("00"):
        text = "+" + text[2:]
    digits = _NOT_DIGITS.sub("", text)
    if not 6 <= len(digits) <= 15:
        return None
    attempts: list[tuple[str, str | None]] = [("+" + digits, None)]
    if not text.startswith("+") and country_iso is not None:
        attempts.append((text, country_iso))
    for candidate, region in attempts:
        try:
            number = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return f"{number.country_code}{phonenumbers.national_significant_number(number)}"
    return None


def show_phone(digits: str) -> str:
    """The plus form of stored digits; empty stays empty."""
    return f"+{digits}" if digits else ""
