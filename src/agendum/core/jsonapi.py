"""The v2 wire: JSON:API documents, `{type, id, attributes, relationships}` under `{data, included, meta}`.

Every request must accept `application/vnd.api.v2+json`. Errors keep the v1 envelope, but their `meta.errors` maps a
field to its messages.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

from agendum.core.errors import BadRequest

A = TypeVar("A")

MEDIA_TYPE = "application/vnd.api.v2+json"


class Identifier(msgspec.Struct, frozen=True):
    """What points to a resource. Ids are strings in JSON:API."""

    type: str
    id: str


class Relationship(msgspec.Struct):
    """What a resource points to: one, many, or nothing."""

    data: Identifier | list[Identifier] | None


class ToOne(Relationship):
    data: Identifier | None  # pyright: ignore[reportIncompatibleVariableOverride]


class ToMany(Relationship):
    data: list[Identifier]  # pyright: ignore[reportIncompatibleVariableOverride]


class Resource(msgspec.Struct, Generic[A], omit_defaults=True, kw_only=True):
    """One resource; `relationships` are left out when nobody asked to include them."""

    type: str
    id: str
    attributes: A
    relationships: dict[str, Relationship] | msgspec.UnsetType = msgspec.UNSET


class Document(msgspec.Struct, Generic[A], kw_only=True):
    """The top level: one resource or a list, what was included with it, and counts."""

    data: A
    included: list[Resource[Any]] | msgspec.UnsetType = msgspec.UNSET
    meta: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


def check_accept(header: str) -> None:
    """Raises BadRequest unless the header names the v2 media type; parameters such as a charset do no harm."""
    if not any(part.split(";", 1)[0].strip().lower() == MEDIA_TYPE for part in header.split(",")):
        raise BadRequest(f"Accept must be {MEDIA_TYPE}.")


def errors_by_field(errors: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The items of a v1 refusal as v2 shows them: field to messages."""
    found: dict[str, list[str]] = {}
    for error in errors:
        found.setdefault(str(error.get("field", "base")), []).append(str(error.get("message", "")))
    return found
