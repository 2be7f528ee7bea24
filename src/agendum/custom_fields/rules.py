"""Which custom fields somebody may see, and what one may look like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.jsonapi import Identifier, Resource, ToMany, ToOne
from agendum.core.permissions import allows
from agendum.custom_fields.wire import (
    Category,
    CustomField,
    FieldAttributes,
    Fields,
    Included,
    Kind,
    OptionAttributes,
    TypeAttributes,
)

MANAGE = "settings_basis_access"
_READ: dict[Category, str] = {
    "record": "custom_fields_record_values_read_access",
    "client": "custom_fields_client_values_read_access",
}
_TITLES: dict[Kind, str] = {
    "number": "Number",
    "text": "Text",
    "list": "List",
    "date": "Date",
    "datetime": "Date and time",
}
KINDS = {kind: {"id": str(n), "title": title} for n, (kind, title) in enumerate(_TITLES.items(), start=1)}
"""The kinds of fields, with the id and the title that the wire gives them."""

SEPARATOR = ","  # v1 gives the values of a list as one text


def category_of(name: str) -> Category:
    """A category as paths name it. Raises NotFound when there is none of that name."""
    if name == "appointment":
        return "record"
    for category in get_args(Category):
        if category == name:
            return category
    raise NotFound("There are no custom fields of this category.")


def visible(rights: Mapping[str, Any], wanted: Category | None) -> list[Category]:
    """The categories whose fields somebody may see: those whose values he reads, all when he manages fields.

    Raises Forbidden when he may see none of what he wants (None: of any).
    """
    found: list[Category] = [
        category
        for category, right in _READ.items()
        if wanted in (None, category) and (allows(rights, right) or allows(rights, MANAGE))
    ]
    if not found:
        raise Forbidden()
    return found


def title_of(given: str) -> str:
    """The title without the spaces around it. Raises Invalid when nothing is left."""
    if not (title := given.strip()):
        raise Invalid("title: a field needs a title.", field="title")
    return title


def choices_of(kind: str, given: list[str]) -> list[str]:
    """What a list offers, in its order. Raises Invalid for a value that is empty, occurs twice or has a comma in it,
    and for values of anything but a list."""
    if given and kind != "list":
        raise Invalid("values: only a list has values.", field="values")
    choices = [choice.strip() for choice in given]
    for n, choice in enumerate(choices):
        if not choice or SEPARATOR in choice or choice in choices[:n]:
            what = f"values[{n}]: expected a text without commas that does not occur before."
            raise Invalid(what, field=f"values[{n}]")
    return choices


def with_included(fields: Fields, kinds: Sequence[Kind], include: Sequence[Included]) -> Fields:
    """The fields of these kinds together with their types (each once) and their options."""
    types, options = "custom_field_type" in include, "ui_options" in include
    included: list[Resource[Any]] = []
    if types:
        included += [_type(kind) for kind in _TITLES if kind in kinds]
    for field, kind in zip(fields.data, kinds, strict=True):
        field.relationships = {}
        if types:
            one = ToOne(Identifier("custom_field_type", KINDS[kind]["id"]))
            field.relationships |= {"custom_field_type": one, "type": one}
        if options:
            own = _options(field)
            field.relationships["ui_options"] = ToMany([Identifier(option.type, option.id) for option in own])
            included += own
    fields.included = included
    return fields


def _type(kind: Kind) -> Resource[TypeAttributes]:
    attributes = TypeAttributes(kind, kind, KINDS[kind]["title"])
    return Resource(type="custom_field_type", id=KINDS[kind]["id"], attributes=attributes)


def _options(field: Resource[FieldAttributes]) -> list[Resource[OptionAttributes]]:
    shown = field.attributes
    values = {"is_visible": shown.is_visible, "is_editable": shown.is_editable, "is_required": shown.is_required}
    return [
        Resource(type="custom_field_ui_option", id=f"{field.id}-{slug}", attributes=OptionAttributes(slug, value))
        for slug, value in values.items()
    ]


def check_values(values: Mapping[str, Any], fields: Sequence[CustomField], where: str) -> dict[str, Any]:
    """The values of known fields. Raises Invalid naming the field whose value is not of its kind; unknown ones are
    left out, as the wire ignores what it does not know."""
    known = {field.code: field for field in fields}
    kept: dict[str, Any] = {}
    for code, value in values.items():
        field = known.get(code)
        if field is None or value is None:
            continue
        if not _fits(value, field):
            raise Invalid(f"{where}.{code}: expected a {field.kind}.", field=f"{where}.{code}")
        kept[code] = value
    return kept


def shown_values(values: Mapping[str, Any], fields: Sequence[CustomField]) -> dict[str, Any] | list[Any]:
    """The stored values whose fields are still there; an empty list when there are none, as the wire has it."""
    codes = {field.code for field in fields}
    return {code: value for code, value in values.items() if code in codes} or []


def _fits(value: Any, field: CustomField) -> bool:
    match field.kind:
        case "number":
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return is_number or (isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value.strip()) is not None)
        case "list":
            items = value if isinstance(value, list) else [value]
            return all(isinstance(item, str) and (not field.choices or item in field.choices) for item in items)
        case "date":
            return isinstance(value, str) and _is_date(value[:10]) and len(value) == 10
        case "datetime":
            return isinstance(value, str) and _is_date(value)
        case "text":
            return isinstance(value, str | int | float) and len(str(value)) <= 4000


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
