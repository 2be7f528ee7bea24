"""The interface texts: six languages that say the same, each in its own words."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import agendum.booking

TEXTS = Path(agendum.booking.__path__[0]) / "texts"
LANGUAGES = ["de-DE", "ee-EE", "en-US", "lt-LT", "lv-LV", "uk-UK"]
TRANSLATIONS = [code for code in LANGUAGES if code != "en-US"]

_TOP_KEYS = """
    404 action tips payment-status user-data-form and terms-of-agreement data-processing
    license-agreement personal-data buy-for group_booking geo tooltips prepaid back backCity backFilials
    backRecordType filials my_profile about_us record at on h m from dist_m dist_km yesterday today
    tomorrow Close Yes No refresh online_record_disabled online_record_disabled_long_text address common
    notification header loyalty save proceed profile registration menu footer city company steps master
    cart reviews date time service confirm login Jan Feb March Mar Apr May Jun Jul Aug Sep Oct Nov Dec
    activity button landscape
"""
TOP_KEYS = _TOP_KEYS.split()

# Words and units that a language shares with English.
SAME_AS_ENGLISH = {
    "de-DE": "Jan Feb Apr Jun Jul Aug Sep Nov April August September November m km Person_{number}",
    "ee-EE": "m min km",
    "lt-LT": "m km",
    "lv-LV": "m min km",
    "uk-UK": "",
}


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    assert len(set(keys)) == len(keys), f"a key stands twice among {keys}"
    return dict(pairs)


def tree(code: str) -> dict[str, Any]:
    return json.loads((TEXTS / f"{code}.json").read_text("utf-8"), object_pairs_hook=without_repeats)


def leaves(node: dict[str, Any], path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in node.items():
        if isinstance(value, dict):
            found |= leaves(value, f"{path}{key}.")
        else:
            found[path + key] = value
    return found


ENGLISH = leaves(tree("en-US"))


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{[a-z_]+\}", text))


def test_these_languages_and_no_other():
    assert sorted(path.stem for path in TEXTS.iterdir()) == LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_screen_has_its_texts(code: str):
    assert list(tree(code)) == TOP_KEYS
    assert list(leaves(tree(code))) == list(ENGLISH)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_text_is_empty_or_untrimmed(code: str):
    for key, text in leaves(tree(code)).items():
        assert isinstance(text, str), key
        assert text == text.strip() != "", key


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_texts_are_translated(code: str):
    copies = {text for key, text in leaves(tree(code)).items() if text == ENGLISH[key]}
    assert copies == {word.replace("_", " ") for word in SAME_AS_ENGLISH[code].split()}


@pytest.mark.parametrize("code", LANGUAGES)
def test_placeholders_agree(code: str):
    for key, text in leaves(tree(code)).items():
        assert placeholders(text) == placeholders(ENGLISH[key]), key
        assert text.count("{") == text.count("}") == len(placeholders(text)), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_only_ukrainian_is_cyrillic(code: str):
    for key, text in leaves(tree(code)).items():
        words = re.sub(r"\{[a-z_]+\}|cookie", "", text)
        foreign = "[a-zA-Z]" if code == "uk-UK" else "[а-яёєіїґА-ЯЁЄІЇҐ]"
        assert not re.search(foreign, words), key


def test_a_client_of_the_api_finds_the_keys_it_reads():
    assert ENGLISH.keys() >= {
        "404.not-found",
        "404.go-home",
        "action.send",
        "today",
        *(f"city.affiliate.{form}" for form in "123"),
        *(f"date.by_month_num.{number}" for number in range(1, 13)),
        *(f"date.by_month_num.{number:02}" for number in range(1, 13)),
        *(f"date.by_month_short.{month}" for month in TOP_KEYS[TOP_KEYS.index("Jan") :][:13]),
        "confirm.orderErrors.unknown",
        *(
            f"confirm.orderErrors.{case}code_{code}"
            for case in ("", "bigLetter.")
            for code in (400, 404, 422, 431, 432, 433, 434, 435, 436, 437, 438, 501)
        ),
    }


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_booking_error_can_open_a_sentence(code: str):
    errors: dict[str, Any] = tree(code)["confirm"]["orderErrors"]
    capitalized: dict[str, str] = errors.pop("bigLetter")
    assert capitalized == {key: text[0].upper() + text[1:] for key, text in errors.items()}


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("en-US", ["location", "locations", "locations"]),
        ("lv-LV", ["filiāle", "filiāles", "filiāļu"]),
        ("ee-EE", ["asukoht", "asukohta", "asukohta"]),
        ("lt-LT", ["padalinys", "padaliniai", "padalinių"]),
        ("de-DE", ["Standort", "Standorte", "Standorte"]),
        ("uk-UK", ["філія", "філії", "філій"]),
    ],
)
def test_nouns_count_as_the_language_counts(code: str, forms: list[str]):
    """One, a few, many: Ukrainian 1, 2, 5; Lithuanian and Latvian 1, 2, 10; the others 1, 2."""
    assert list(tree(code)["city"]["affiliate"].values()) == forms


@pytest.mark.parametrize(
    ("code", "may", "of_may", "short", "monday"),
    [
        ("en-US", "May", "May", "May", "Monday"),
        ("lv-LV", "maijs", "maijs", "maijs", "pirmdiena"),
        ("ee-EE", "mai", "mai", "mai", "esmaspäev"),
        ("lt-LT", "gegužė", "gegužės", "geg.", "pirmadienis"),
        ("de-DE", "Mai", "Mai", "Mai", "Montag"),
        ("uk-UK", "травень", "травня", "трав.", "понеділок"),
    ],
)
def test_the_calendar_is_named(code: str, may: str, of_may: str, short: str, monday: str):
    texts = leaves(tree(code))
    assert texts["date.by_month_num.5"] == texts["date.by_month_num.05"] == may
    assert texts["date.by_month_short.May"] == may
    assert texts["date.by_month_genitive.5"] == of_may
    assert texts["May"] == short
    assert texts["date.weekdays.1"] == monday
