"""In which language a page speaks before its script runs; the script agrees (`web/shared/languages.ts`)."""

from __future__ import annotations

LANGUAGES = {  # the wire's codes by language, with the code that HTML and browsers know
    "en": ("en-US", "en"),
    "lv": ("lv-LV", "lv"),
    "lt": ("lt-LT", "lt"),
    "et": ("ee-EE", "et"),
    "ee": ("ee-EE", "et"),
    "de": ("de-DE", "de"),
    "uk": ("uk-UK", "uk"),
}
_ENGLISH = LANGUAGES["en"]


def language_of(asked: str, accepted: str, usual: str) -> tuple[str, str]:
    """The wire's code and HTML's: what the address asks for, else the first of the visitor's (`Accept-Language`) that
    there are texts in, else the usual one."""
    for code in (asked, *_by_weight(accepted), usual):
        if found := LANGUAGES.get(code.strip().lower()[:2]):
            return found
    return _ENGLISH


def _by_weight(accepted: str) -> list[str]:
    weighted: list[tuple[float, str]] = []
    for part in accepted.split(","):
        code, _, weight = part.partition(";q=")
        try:
            weighted.append((float(weight or 1), code))
        except ValueError:
            continue
    return [code for _, code in sorted(weighted, key=lambda one: -one[0])]
