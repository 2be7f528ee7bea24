"""Looking for somebody by what is typed: a name, perhaps with a mistake in it, or digits of a phone in any form."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from agendum.core.phone import parse_phone

_PHONE = re.compile(r"\+?[\d\s().\-/\u2010-\u2015]+")
_WORD = re.compile(r"[^\s,;]+")
_SUBSCRIBER = 9  # last digits of a phone that do not depend on how it is dialled
_END = 4  # digits that people give as the end of a phone, where a zero counts
_MOST_SWAPS = 40
_SHORTEST = 3  # letters; in less anything is a mistake


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """`patterns` are for LIKE, `parts` the two longest of them, or the only one twice; `contacts`: phones, e-mails and
    cards are looked through. `guess` is what names may be like, '' when it cannot be a name, `longest` its two longest
    words, the second '' where there is only one, `threshold` how like, of 1. `swaps` are patterns of what it may have
    been before two letters changed places; whoever fits one of them fits one of the `anchors` too."""

    parts: tuple[str, str]
    patterns: list[str]
    guess: str = ""
    longest: tuple[str, str] = ("", "")
    threshold: float = 1
    swaps: list[str] = []
    anchors: list[str] = []
    contacts: bool


def like(text: str) -> str:
    """A pattern for LIKE that finds a text anywhere."""
    return f"%{_plain(text)}%"


def _plain(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def phone_part(text: str) -> str | None:
    """The digits of what may be a phone or a part of one, without what depends on where one dials; None: no phone."""
    digits = re.sub(r"\D", "", text)
    if not digits or _PHONE.fullmatch(text.strip()) is None:
        return None
    if len(digits) > _SUBSCRIBER:
        return digits[-_SUBSCRIBER:]
    return digits.lstrip("0") or digits if len(digits) > _END else digits


def read_typed(text: str, country_iso: str, *, phones: bool, emails: bool) -> Typed | None:
    """How to look for it; None when it says nothing. Whoever does not see phones finds by a whole one only."""
    if (digits := phone_part(text)) is not None:
        if not phones:
            whole = parse_phone(text, country_iso)
            digits = f" {whole} " if whole else None
        pattern = f"%{digits}%"
        return Typed(parts=(pattern, pattern), patterns=[pattern], contacts=True) if digits is not None else None
    words: list[str] = _WORD.findall(text.lower())[:8]
    if not words:
        return None
    patterns = [_in_order([word]) for word in words]
    longest, swaps = _longest(words), _swaps(words)
    parts = _in_order([longest[0]]), _in_order([longest[1] or longest[0]])
    return Typed(
        parts=parts,
        patterns=patterns,
        guess=" ".join(words),
        longest=longest,
        threshold=_threshold(words),
        swaps=swaps,
        anchors=list(parts) if longest[1] else swaps,
        contacts=emails and phones,
    )


def _longest(words: Sequence[str]) -> tuple[str, str]:
    first, second = sorted([*words, ""], key=len, reverse=True)[:2]
    return first, second


def _swaps(words: Sequence[str]) -> list[str]:
    """Patterns of the names that are meant where two letters next to each other changed places, in one of the words;
    of two words in either order."""
    found: list[str] = []
    for n, word in enumerate(words):
        for i in range(len(word) - 1):
            if word[i] != word[i + 1]:
                meant = [*words[:n], word[:i] + word[i + 1] + word[i] + word[i + 2 :], *words[n + 1 :]]
                found += [_in_order(meant), _in_order(meant[::-1])] if len(words) == 2 else [_in_order(meant)]
    return found[:_MOST_SWAPS]


def _in_order(words: Sequence[str]) -> str:
    return "".join(f"% {_plain(word)}" for word in words) + "%"


def _threshold(words: Sequence[str]) -> float:
    """How like a name must be: what is common of all trigrams of both, of 1. A word of n letters is n + 1 trigrams, of
    which a wrong letter spoils three, and two that changed places spoil four: that may be so in each of many words."""
    if max(map(len, words)) < _SHORTEST:
        return 1
    trigrams = sum(len(word) + 1 for word in words)
    spoilt = 3 if len(words) == 1 else 4 * len(words)
    return round(max(0.2, (trigrams - spoilt) / (trigrams + spoilt) - 0.01), 3)
