"""CSV as people make it: the header, the lines with their numbers, values in the forms that spreadsheets write."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from agendum.clients.rules.given import Field, check_values
from agendum.core.clock import parse_when, within_reach
from agendum.core.errors import Invalid

T = TypeVar("T")

FIELD = "field:"  # before the code of a custom field
SEPARATOR = "|"  # between several values of one cell
TEXT, PROSE = 255, 20_000  # characters, as in the API

_SHORT_HOUR = re.compile(r"([ T])(\d):")
_TRUTHS = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}


class Line(msgspec.Struct, frozen=True):
    """One record: the number of the line on which it begins (the header's is 1), its cells by column without the spaces
    around them, and why it cannot be read at all (empty: it can)."""

    number: int
    cells: dict[str, str]
    problem: str = ""


class Totals(msgspec.Struct):
    """How many lines there were, and what became of them."""

    lines: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0


def read(
    lines: Iterable[str], columns: Collection[str], required: Collection[str], codes: Collection[str]
) -> Iterator[Line]:
    """The records of a CSV text, given line by line; empty lines are passed over.

    `columns` may occur, `required` must, `codes` are custom fields that may. Raises Invalid for a header that does not
    fit, at the first step.
    """
    source = iter(lines)
    head = next(source, "").removeprefix("\ufeff")
    delimiter = ";" if _outside_quotes(head).count(";") > _outside_quotes(head).count(",") else ","
    reader = csv.reader(_with_first(head, source), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, columns, required, codes)
        while True:
            number = reader.line_num + 1
            cells = next(reader, None)
            if cells is None:
                return
            if any(cells):
                yield _line(number, header, cells)
    except csv.Error as error:
        raise Invalid(f"Line {reader.line_num}: {error}.") from None


def _with_first(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _outside_quotes(text: str) -> str:
    return re.sub(r'"[^"]*"', "", text)


def _check_header(
    header: Sequence[str], columns: Collection[str], required: Collection[str], codes: Collection[str]
) -> None:
    known = {*columns, *(FIELD + code for code in codes)}
    if not any(header):
        raise Invalid("The file is empty: its first line names the columns.")
    for n, name in enumerate(header):
        if name not in known:
            what = "there is no such custom field here" if name.startswith(FIELD) else f"known are {', '.join(columns)}"
            raise Invalid(f"Column {n + 1}, {name or '(without a name)'}: {what}.")
        if name in header[:n]:
            raise Invalid(f"Column {name} stands there twice.")
    if missing := [name for name in required if name not in header]:
        raise Invalid(f"There is no column {missing[0]}.")


def _line(number: int, header: Sequence[str], cells: Sequence[str]) -> Line:
    if len(cells) != len(header):
        return Line(number, {}, f"{len(cells)} cells, but {len(header)} columns")
    if any(not cell.isprintable() and _is_broken(cell) for cell in cells):
        return Line(number, {}, "not UTF-8, or with a zero byte in it")
    return Line(number, dict(zip(header, (cell.strip() for cell in cells), strict=True)))


def _is_broken(text: str) -> bool:
    return "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)


def text_of(cells: Mapping[str, str], name: str, longest: int = TEXT) -> str:
    """Raises Invalid when it is too long."""
    text = cells.get(name, "")
    if len(text) > longest:
        raise Invalid(f"{name}: at most {longest} characters")
    return text


def truth_of(text: str, name: str) -> bool:
    if (found := _TRUTHS.get(text.lower())) is None:
        raise Invalid(f"{name}: expected yes or no")
    return found


def word_of(text: str, name: str, words: Mapping[str, T]) -> T:
    """What a word or a number stands for."""
    if (found := words.get(text.lower())) is None:
        raise Invalid(f"{name}: expected one of {', '.join(words)}")
    return found


def whole_of(text: str, name: str, least: int, most: int) -> int:
    if not re.fullmatch(r"-?\d{1,9}", text) or not least <= int(text) <= most:
        raise Invalid(f"{name}: expected a whole number from {least} to {most}")
    return int(text)


def decimal_of(text: str, name: str) -> Decimal:
    """A number with a point, or a comma as its only mark."""
    plain = text.replace(",", ".") if "." not in text else text
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        raise Invalid(f"{name}: expected a number such as 45.50")
    return value


def moment_of(text: str, name: str, tz: ZoneInfo) -> datetime:
    """ISO 8601, hours also of one digit; without an offset it is the location's clock."""
    try:
        moment = parse_when(_SHORT_HOUR.sub(r"\g<1>0\2:", text), tz)
    except ValueError:
        raise Invalid(f"{name}: expected a time such as 2026-09-21 14:30") from None
    if not within_reach(moment.date()):
        raise Invalid(f"{name}: no such year")
    return moment


def parts_of(text: str) -> list[str]:
    """The values of a cell that may have several."""
    return [part.strip() for part in text.split(SEPARATOR)] if text else []


def tags_of(text: str, tags: Mapping[str, int]) -> list[int]:
    """The ids of tags by their titles (`tags`: in small letters). Raises Invalid for one that is not there."""
    found: set[int] = set()
    for title in filter(None, parts_of(text)):
        if (tag := tags.get(title.lower())) is None:
            raise Invalid(f"tag: there is no tag {title} here")
        found.add(tag)
    return sorted(found)


def values_of(cells: Mapping[str, str], fields: Sequence[Field]) -> dict[str, Any]:
    """The custom values that are given; an empty cell gives none. Raises Invalid naming the column."""
    given = {field.code: _value(text, field) for field in fields if (text := cells.get(FIELD + field.code, ""))}
    return check_values(given, fields, "field")


def _value(text: str, field: Field) -> Any:
    if field.kind == "list" and SEPARATOR in text:
        return parts_of(text)
    if field.kind == "number" and re.fullmatch(r"-?\d{1,15}(\.\d+)?", text):
        return float(text) if "." in text else int(text)
    return text


def value_text(value: Any) -> str:
    """A custom value as a cell."""
    return SEPARATOR.join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
