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
_RARE = 5  # digits at the end of a number, or letters, that tell it from most others
_WORDS = re.compile(r"[^\W_]+")  # as the index sees them
_MOST_SWAPS = 20
ANY = "%"
_SHORTEST = 3  # letters; in less anything is a mistake, and the index knows none


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """`patterns` are for LIKE. What the index looks for: `parts` of the two longest words, the second '%' where there
    is only one, and `contact_part` of contacts; they are short, as every three letters are one more look-up. `guess`:
    what may have been meant, if it can be a name. `contacts`: phones, e-mails and cards are looked through."""

    parts: tuple[str, str]
    contact_part: str
    patterns: list[str]
    guess: Guess | None = None
    contacts: bool


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is all of it, `first` and `second` are its longest words ('' where there is only one) and `begun` the
    patterns of both, `threshold` how like names must be, of 1. `swaps` are patterns of what the first may have been
    before two letters changed places."""

    text: str
    first: str
    second: str
    begun: tuple[str, str]
    threshold: float
    swaps: list[str]


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
        if digits is None:
            return None
        pattern = f"%{digits}%"
        return Typed(parts=(pattern, ANY), contact_part=rare(digits), patterns=[pattern], contacts=True)
    words: list[str] = _WORD.findall(text.lower())[:8]
    if not words:
        return None
    first, second = sorted([*words, ""], key=len, reverse=True)[:2]
    begun = _begun(first), _begun(second) if second else ANY
    guess = Guess(
        text=" ".join(words),
        first=first,
        second=second,
        begun=begun,
        threshold=_threshold(words),
        swaps=_swaps(first),
    )
    return Typed(
        parts=(_part(first), _part(second) if second else ANY),
        contact_part=rare(first),
        patterns=[_begun(word) for word in words],
        guess=guess,
        contacts=emails and phones,
    )


def rare(text: str) -> str:
    """A pattern for what tells a text from most others and takes few look-ups: the end of its numbers, as very many
    phones begin alike, or five letters from within its longest word."""
    words = _WORDS.findall(text)
    if numbers := [word for word in words if word[-1].isdigit() and len(word) >= _SHORTEST]:
        return f"%{numbers[-1][-_RARE:]}%"
    word = max(words, key=len, default="")
    return f"%{word[1 : 1 + _RARE]}%" if len(word) > _SHORTEST else like(text)


def _part(word: str) -> str:
    """What the index looks for of a word; of a very short one it knows only how a name begins."""
    return rare(word) if len(word) >= _SHORTEST else _begun(word)


def _swaps(word: str) -> list[str]:
    """Patterns of the words that are meant where two letters next to each other changed places."""
    pairs = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
    return [_begun(word[:i] + word[i + 1] + word[i] + word[i + 2 :]) for i in pairs[:_MOST_SWAPS]]


def _begun(word: str) -> str:
    """A pattern for a word that begins so."""
    return f"% {_plain(word)}%"


def _threshold(words: Sequence[str]) -> float:
    """How like a name must be: what is common of all trigrams of both, of 1. A word of n letters is n + 1 trigrams, of
    which a wrong letter spoils three, and two that changed places spoil four: that may be so in each of many words."""
    if max(map(len, words)) < _SHORTEST:
        return 1
    trigrams = sum(len(word) + 1 for word in words)
    spoilt = 3 if len(words) == 1 else 4 * len(words)
    return round(max(0.2, (trigrams - spoilt) / (trigrams + spoilt) - 0.01), 3)
