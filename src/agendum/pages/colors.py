"""A form's colours made readable: whatever a business chooses, text on it and of it keeps a contrast of 4.5 to 1."""

from __future__ import annotations

import re

READABLE = 4.5
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_DEFAULT = "#2457D6"
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_LIGHT_GROUND, _DARK_GROUND = (238, 240, 244), (38, 42, 50)  # the least contrasting grounds of base.css

Rgb = tuple[int, int, int]


def look_of(main: str, on_main: str, theme: str) -> str:
    """CSS that dresses a page in a form's colours: `main` of buttons and marks, `on_main` of the text on them.

    `theme` dark is for everybody; any other follows the visitor's own preference.
    """
    accent = _rgb(main) or _rgb(_DEFAULT) or _BLACK
    wanted = _rgb(on_main)
    on_accent = wanted if wanted and contrast(wanted, accent) >= READABLE else _clearest(accent)
    of_light, of_dark = _readable(accent, _LIGHT_GROUND, _BLACK), _readable(accent, _DARK_GROUND, _WHITE)
    scheme = "color-scheme:dark;" if theme == "dark" else ""
    return (
        f":root{{{scheme}--accent:{_hex(accent)};--on-accent:{_hex(on_accent)};"
        f"--link:light-dark({_hex(of_light)},{_hex(of_dark)})}}"
    )


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast of two colours by WCAG, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _readable(color: Rgb, ground: Rgb, towards: Rgb) -> Rgb:
    """The colour, moved as little as needed until it can be read on the ground."""
    for part in range(21):
        mixed = tuple(round(a + (b - a) * part / 20) for a, b in zip(color, towards, strict=True))
        if contrast((mixed[0], mixed[1], mixed[2]), ground) >= READABLE:
            return mixed[0], mixed[1], mixed[2]
    return towards


def _clearest(ground: Rgb) -> Rgb:
    """Black or white; one of them has a contrast of 4.5 to every colour."""
    return max(_WHITE, _BLACK, key=lambda text: contrast(text, ground))


def _luminance(color: Rgb) -> float:
    shares = (part / 255 for part in color)
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(text: str) -> Rgb | None:
    if not _HEX.fullmatch(text):
        return None
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _hex(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
