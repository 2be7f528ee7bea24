"""Generous readers, exact writers.

Readers take a parameter under any name of its family, in snake_case or camelCase, numbers as strings, flags as
0/1/true, lists as `ids[]=1&ids[]=2`, `ids=1,2` or `ids[0]=1`, bodies as JSON or as a form (files as multipart).
What they hand on is a checked msgspec struct. Writers give JSON with decimals as numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Annotated, Any, NamedTuple, TypeAlias, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import inspect as mi

from agendum.core.clock import within_reach
from agendum.core.errors import Invalid
from agendum.core.uploads import MULTIPART, File, Part, read_multipart

T = TypeVar("T")
Reader: TypeAlias = Callable[[Any], Any]

Id = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]

_FAMILIES = (
    ("location_id", "company_id", "salon_id"),
    ("chain_id", "company_group_id", "salon_group_id", "group_id"),
    ("team_member_id", "staff_id", "master_id"),
    ("appointment_id", "record_id"),
    ("product_id", "good_id"),
)
_FAMILY = {name: family for family in _FAMILIES for name in family}
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_INDEX = re.compile(r"\[\d*\]$")
_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<where>[^`]*)`)?$", re.S)
_MISSING = re.compile(r"^Object missing required field `(?P<name>[^`]+)`$")

_encoder = msgspec.json.Encoder(decimal_format="number")


def to_json(value: Any) -> bytes:
    """JSON as the wire wants it: Decimal as a number, struct fields under their wire names."""
    return _encoder.encode(value)


def read_query(pairs: Iterable[tuple[str, str]], shape: type[T]) -> T:
    """Query parameters as `shape` (a struct). Raises Invalid naming the parameter."""
    return _convert(_renamed_pairs(pairs, _info(shape)), shape)


def read_body(raw: bytes, content_type: str, shape: type[T]) -> T:
    """A JSON or form body as `shape`. Raises Invalid naming the field, or saying that the body cannot be read."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        try:
            pairs = parse_qsl(raw.decode(), keep_blank_values=True)
        except UnicodeDecodeError:
            raise Invalid("The body is not valid UTF-8.", field="body") from None
        return _convert(_renamed_pairs(pairs, _info(shape)), shape)
    if content_type.startswith(MULTIPART):
        return _convert(_renamed_pairs(read_multipart(raw, content_type), _info(shape)), shape)
    if not raw.strip():
        raw = b"{}"
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid("The body is not valid JSON.", field="body") from None
    except RecursionError:
        raise Invalid("The body is nested too deeply.", field="body") from None
    # JSON has one way to say NUL, so a body without it need not be looked through.
    return _convert(_body_reader(shape)(value), shape, may_hold_nul=b"\\u0000" in raw)


def _convert(value: Any, shape: type[T], *, may_hold_nul: bool = True) -> T:
    if may_hold_nul:
        _refuse_nul(value, "")
    try:
        found = msgspec.convert(value, shape, strict=False)
    except msgspec.ValidationError as error:
        what, where = _AT.match(str(error)).groups()  # type: ignore[union-attr]
        field = (where or "").lstrip(".")
        if missing := _MISSING.match(what):
            field = f"{field}.{missing['name']}".lstrip(".")
            what = "This field is required."
        raise Invalid(f"{field or 'body'}: {what}", field=field or "body") from None
    if _has_dates(shape):
        _refuse_far_dates(found, "")
    return found


def _refuse_nul(value: Any, where: str) -> None:
    """PostgreSQL's text cannot hold a NUL byte: refuse it here, by name, rather than fail there."""
    if isinstance(value, str):
        if "\x00" in value:
            raise Invalid(f"{where}: a NUL byte is not text.", field=where or "body")
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_nul(key, f"{where}.{key}".lstrip("."))
            _refuse_nul(item, f"{where}.{key}".lstrip("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_nul(item, f"{where}[{index}]")


def _refuse_far_dates(value: Any, where: str) -> None:
    """The first and the last date of the calendar reach PostgreSQL as infinity, and no clock adds to them."""
    if isinstance(value, date):
        if not within_reach(value):
            raise Invalid(f"{where}: the year must be between 1970 and 2200.", field=where or "body")
    elif isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(value):
            _refuse_far_dates(getattr(value, field.name), f"{where}.{field.encode_name}".lstrip("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_far_dates(item, f"{where}[{index}]")


@cache
def _has_dates(shape: Any) -> bool:
    """Whether a date may stand anywhere in a shape."""
    seen: set[type] = set()

    def look(info: mi.Type) -> bool:
        match info:
            case mi.DateType() | mi.DateTimeType():
                return True
            case mi.Metadata():
                return look(info.type)
            case mi.UnionType():
                return any(look(item) for item in info.types)
            case mi.ListType():
                return look(info.item_type)
            case mi.StructType() if info.cls not in seen:
                seen.add(info.cls)
                return any(look(field.type) for field in info.fields)
            case _:
                return False

    return look(_info(shape))


@cache
def _info(shape: Any) -> mi.Type:
    return mi.type_info(shape)


@cache
def _names(info_id: type) -> dict[str, mi.Field]:
    """Every name under which a struct's fields may come, family members included."""
    info = _info(info_id)
    assert isinstance(info, mi.StructType)
    names: dict[str, mi.Field] = {}
    for field in info.fields:
        names[field.encode_name] = field
    for field in info.fields:
        for other in _kin(field.encode_name):
            names.setdefault(other, field)
    return names


def _kin(name: str) -> Iterable[str]:
    yield _snake(name)
    if name in _FAMILY:
        yield from _FAMILY[name]
        yield from (f"{member}s" for member in _FAMILY[name])
    singular = name.removesuffix("s")
    if singular != name and singular in _FAMILY:
        yield from (f"{member}s" for member in _FAMILY[singular])
        yield from _FAMILY[singular]
    elif singular != name:
        yield singular
    else:
        yield f"{name}s"


def _snake(name: str) -> str:
    return _CAMEL.sub(r"_\1", name).lower()


class _Field(NamedTuple):
    """A field under its own name, and how a value for it is read."""

    name: str
    read: Reader
    is_list: bool
    is_text: bool


@cache
def _fields(cls: type) -> dict[str, _Field]:
    """A struct's fields by every name under which they may come."""
    found: dict[str, _Field] = {}
    for name, field in _names(cls).items():
        kind = _plain(field.type)
        is_list, is_text = isinstance(kind, mi.ListType), isinstance(kind, mi.StrType)
        found[name] = _Field(field.encode_name, _reader(kind), is_list, is_text)
    return found


def _find(fields: dict[str, _Field], key: str) -> _Field | None:
    return fields.get(key) or fields.get(_snake(key))


def _plain(info: mi.Type) -> mi.Type:
    """The part of an optional or constrained type that says how to read a value."""
    while isinstance(info, mi.Metadata):
        info = info.type
    if isinstance(info, mi.UnionType):
        rest = [t for t in info.types if not isinstance(t, mi.NoneType)]
        for kind in (mi.StructType, mi.ListType, mi.StrType, mi.IntType, mi.DecimalType):
            for item in rest:
                if isinstance(item, kind):
                    return item
        return rest[0] if rest else info
    return info


def _renamed_pairs(pairs: Iterable[Part], info: mi.Type) -> dict[str, Any]:
    struct = _plain(info)
    if not isinstance(struct, mi.StructType):
        raise Invalid("The body must be JSON.", field="body")
    fields = _fields(struct.cls)
    out: dict[str, Any] = {}
    for raw_key, value in pairs:
        field = _find(fields, _INDEX.sub("", raw_key))
        if field is None:
            continue
        name = field.name
        if isinstance(value, File):
            out.setdefault(name, value)
        elif field.is_list:
            out.setdefault(name, []).extend(part for part in value.split(",") if part != "")
        elif name not in out and (value != "" or field.is_text):
            # An empty number is a parameter that was not given.
            out[name] = field.read(value)
    return out


@cache
def _body_reader(shape: Any) -> Reader:
    return _reader(_info(shape))


def _reader(info: mi.Type) -> Reader:
    """How a value of a shape is read: family names become the struct's own, scalars what the field wants. Worked out
    once a shape: to look at shapes anew for each value would take a tenth of a booking."""
    kind = _plain(info)
    if isinstance(kind, mi.StructType):
        return partial(_read_struct, kind.cls)
    if isinstance(kind, mi.ListType):
        is_flat = not isinstance(_plain(kind.item_type), mi.StructType)
        return partial(_read_list, _reader(kind.item_type), is_flat)
    return next((read for scalar, read in _SCALARS.items() if isinstance(kind, scalar)), _read_as_it_is)


def _read_struct(cls: type, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    fields = _fields(cls)
    out: dict[str, Any] = {}
    for key, item in value.items():
        field = _find(fields, key)
        if field is None:
            out.setdefault(key, item)  # forbid_unknown_fields must see it; others ignore it
        elif field.name not in out or key == field.name:
            out[field.name] = field.read(item)
    return out


def _read_list(read: Reader, is_flat: bool, value: Any) -> Any:
    if isinstance(value, list):
        return [read(item) for item in value]
    if is_flat and isinstance(value, str):
        return [part for part in value.split(",") if part != ""]
    return value


def _read_text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _read_int(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _read_decimal(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _read_flag(value: Any) -> Any:
    words = {"on": True, "yes": True, "off": False, "no": False}
    return words.get(value.lower(), value) if isinstance(value, str) else value


def _read_as_it_is(value: Any) -> Any:
    return value


_SCALARS: dict[type[mi.Type], Reader] = {
    mi.StrType: _read_text,
    mi.IntType: _read_int,
    mi.DecimalType: _read_decimal,
    mi.BoolType: _read_flag,
}
