"""Whatever colours a form has, its page can be read."""

from __future__ import annotations

import re

import pytest

from agendum.pages.colors import READABLE, contrast, look_of


def rgb(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


@pytest.mark.parametrize("main", ["#FFCB00", "#FFFFFF", "#000000", "#808080", "#5B3E96", "#00FF00"])
@pytest.mark.parametrize("text", ["#FFFFFF", "#777777", "yellow"])
def test_text_on_the_accent_and_of_it_can_be_read(main: str, text: str) -> None:
    accent, on_accent, light, dark = map(rgb, re.findall(r"#[0-9a-f]{6}", look_of(main, text, "light")))
    assert accent == rgb(main)
    assert contrast(on_accent, accent) >= READABLE
    assert contrast(light, (255, 255, 255)) >= READABLE
    assert contrast(light, rgb("#eef0f4")) >= READABLE
    assert contrast(dark, rgb("#101216")) >= READABLE
    assert contrast(dark, rgb("#262a32")) >= READABLE


def test_a_readable_choice_stays() -> None:
    look = look_of("#5B3E96", "#FFFFFF", "light")
    assert "--accent:#5b3e96;--on-accent:#ffffff;--link:light-dark(#5b3e96," in look
    assert "color-scheme" not in look


def test_a_dark_form_is_dark_for_everybody_and_no_colour_brings_style_of_its_own() -> None:
    look = look_of("red}body{display:none", "#FFFFFF", "dark")
    assert look.startswith(":root{color-scheme:dark;--accent:#2457d6")
    assert "display" not in look
