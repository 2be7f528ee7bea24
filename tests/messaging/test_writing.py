"""The words themselves: six languages, local time, and no SMS longer than it must be."""

from __future__ import annotations

import json
import string
from datetime import UTC, datetime
from typing import Any

import pytest

from agendum.messaging.rules import Channel, Kind, Visit
from agendum.messaging.writing import TEXTS, as_html, code_letter, for_sms, letter, sms_parts

LANGUAGES = ["de-DE", "en-US", "et-EE", "lt-LT", "lv-LV", "uk-UK"]
KINDS: list[Kind] = ["booked", "moved", "cancelled", "reminder", "review"]
ZONES = {
    "de-DE": "Europe/Berlin",
    "en-US": "America/New_York",
    "et-EE": "Europe/Tallinn",
    "lt-LT": "Europe/Vilnius",
    "lv-LV": "Europe/Riga",
    "uk-UK": "Europe/Kyiv",
}
LINK = "https://book.example.com/a/1234567-567df655304da9b98487769426d4e76e"


def visit(language: str, **facts: Any) -> Visit:
    given: dict[str, Any] = {
        "chain_id": 1,
        "location_id": 1,
        "appointment_id": 1234567,
        "starts_at": datetime(2026, 9, 22, 11, 30, tzinfo=UTC),
        "ends_at": datetime(2026, 9, 22, 12, 30, tzinfo=UTC),
        "attendance": 0,
        "is_online": True,
        "is_deleted": False,
        "is_reviewed": False,
        "sms_before": 0,
        "email_before": 0,
        "client_name": "Nora",
        "phone": "13155550175",
        "email": "nora@example.com",
        "no_mailings": False,
        "sms_enabled": True,
        "business": "La Visage",
        "address": "787 Jackson Drive",
        "timezone": ZONES.get(language, "Europe/Paris"),
        "language": language,
        "member": "Anna",
        "services": ["Haircut"],
    }
    return Visit(**given | facts)


def sms(language: str, kind: Kind = "booked", **facts: Any) -> str:
    return letter(visit(language, **facts), kind, "sms", LINK).body


def read(language: str) -> dict[str, Any]:
    return json.loads((TEXTS / f"{language}.json").read_text("utf-8"))


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def flat(tree: dict[str, Any], path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        found |= flat(value, f"{path}{key}.") if isinstance(value, dict) else {path + key: value}
    return found


def test_the_languages_say_the_same_things_in_their_own_words() -> None:
    assert sorted(path.stem for path in TEXTS.glob("*.json")) == LANGUAGES
    english = flat(read("en-US"))
    for language in LANGUAGES:
        texts = flat(read(language))
        assert {key: places(text) for key, text in texts.items()} == {
            key: places(text) for key, text in english.items()
        }, language
        assert language == "en-US" or not {key for key in texts if texts[key] == english[key]}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en-US", f"Booked: Tue, Sep 22 7:30 AM, Haircut, Anna. La Visage {LINK}"),
        ("lv-LV", f"Pieraksts: otrd., 22. sept. 14:30, Haircut, Anna. La Visage {LINK}"),
        ("et-EE", f"Broneering: T, 22. sept 14:30, Haircut, Anna. La Visage {LINK}"),
        ("ee-EE", f"Broneering: T, 22. sept 14:30, Haircut, Anna. La Visage {LINK}"),
        ("lt-LT", f"Vizitas: 09-22, an 14:30, Haircut, Anna. La Visage {LINK}"),
        ("de-DE", f"Termin: Di., 22. Sept. 13:30, Haircut, Anna. La Visage {LINK}"),
        ("uk-UK", f"Запис: вт, 22 вер. 14:30, Haircut, Anna. La Visage {LINK}"),
        ("fr-FR", f"Booked: Tue, Sep 22 1:30 PM, Haircut, Anna. La Visage {LINK}"),
    ],
)
def test_an_sms_speaks_the_language_and_the_clock_of_the_location(language: str, said: str) -> None:
    zone = ZONES.get({"ee-EE": "et-EE"}.get(language, language), "Europe/Paris")
    assert sms(language, timezone=zone) == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_sms_is_one_part_and_two_in_cyrillic(language: str, kind: Kind) -> None:
    long_names = {
        "business": "Skaistumkopšanas salons „Rīgas Gaisma” – Brīvības iela",
        "member": "Margarita Jankauskaitė-Žemaitienė",
        "services": ["Juuste lõikus ja värvimine pikkadele juustele", "Маникюр" if language == "uk-UK" else "Manikīrs"],
    }
    for facts in ({}, long_names):
        text = sms(language, kind, **facts)
        assert sms_parts(text) <= (2 if language == "uk-UK" else 1), text
        assert "{" not in text
        assert kind == "cancelled" or text.endswith(" " + LINK)


def test_accents_go_where_that_makes_one_sms_of_three() -> None:
    text = sms("lv-LV", "moved", member="Māra Bērziņa", business="Salons “Gaiļezers”")
    assert text == f'Pieraksts parcelts: otrd., 22. sept. 14:30, Haircut, Mara Berzina. Salons "Gailezers" {LINK}'
    assert sms("de-DE", business="Schöne Füße").endswith(f"Anna. Schöne Füße {LINK}")
    assert for_sms("Łódź, Mārtiņš") == "Łódź, Mārtiņš", "a letter that has no plain form: nothing is won"


@pytest.mark.parametrize(("letter", "fits"), [("a", (160, 306)), ("€", (80, 153)), ("я", (70, 134)), ("😀", (35, 67))])
def test_parts_are_counted_as_networks_count_them(letter: str, fits: tuple[int, int]) -> None:
    for parts, most in enumerate(fits, 1):
        assert sms_parts(letter * most) == parts
        assert sms_parts(letter * (most + 1)) == parts + 1


def test_a_code_is_said_first() -> None:
    assert code_letter("lv-LV", code="12345", business="Salons Māra").body == "Jusu kods: 12345. Salons Mara"
    assert code_letter("uk-UK", code="12345", business="Краса").body == "Ваш код: 12345. Краса"
    assert code_letter("", code="12345", business="La Visage").body == "Your code: 12345. La Visage"


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_what_people_typed_is_only_text(channel: Channel) -> None:
    nasty = visit(
        "en-US", client_name="{link}\nBcc: x", member="<b>{0}</b>", business="A & {when}\r\nB", services=["{x}"]
    )
    written = letter(nasty, "booked", channel, LINK)
    assert "\n" not in written.subject
    assert "A & {when} B" in written.body
    assert "<b>{0}</b>" in written.body


def test_the_html_of_a_mail_is_its_text() -> None:
    body = letter(visit("en-US", member="<Anna>", address=""), "booked", "email", LINK).body
    page = as_html(body)
    assert body.split("\n\n") == [
        "Hello Nora,",
        "you are booked:",
        "Tuesday, September 22, 2026, 7:30 AM\nHaircut\n<Anna>\nLa Visage",
        f"Your appointment:\n{LINK}",
    ]
    assert "&lt;Anna&gt;<br>" in page
    assert page.count(f'<a href="{LINK}">{LINK}</a>') == 1
    assert letter(visit("en-US", client_name=""), "cancelled", "email", "").body.startswith(
        "Hello,\n\nyour appointment"
    )
