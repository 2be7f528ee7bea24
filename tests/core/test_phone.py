"""Phone numbers in the forms that people type."""

from __future__ import annotations

import random

import phonenumbers
import pytest

from agendum.core.phone import parse_phone


@pytest.mark.parametrize(
    ("text", "country", "digits"),
    [
        ("+1 (315) 555-01-75", None, "13155550175"),
        ("13155550175", None, "13155550175"),
        ("001 315 555 0175", None, "13155550175"),
        ("(315) 555-0175", "US", "13155550175"),
        ("371 20 123 456", "US", "37120123456"),
        ("020 7946 0123", "GB", "442079460123"),
        ("+44 (0)20 7946 0123", None, "442079460123"),
        ("+39 06 698 12345", None, "390669812345"),
        ("8 916 123-45-67", "RU", "79161234567"),
        ("555-0175", None, None),
        ("+999 123456", None, None),
        ("call me", "US", None),
    ],
)
def test_a_phone_is_read_in_any_form(text: str, country: str | None, digits: str | None) -> None:
    assert parse_phone(text, country) == digits


def test_what_is_read_quickly_is_what_the_library_reads() -> None:
    dice = random.Random(7)
    for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        for _ in range(100):
            digits = str(code) + "".join(dice.choices("0123456789", k=dice.randint(4, 12)))
            assert parse_phone(f"+{digits}") == _as_the_library(digits), digits


def _as_the_library(digits: str) -> str | None:
    if not 6 <= len(digits) <= 15:
        return None
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}"
