"""Tags on the wire, in both versions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from agendum.core.jsonapi import Resource

Title = Annotated[str, Meta(max_length=255, examples=["VIP client"])]
Color = Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$", examples=["#ff2828"])]
Icon = Annotated[str, Meta(max_length=64, examples=["star"])]
Entity = Annotated[
    int | str,
    Meta(description="0 common, 1 client, 2 record (appointment), 3 activity (event).", examples=[1]),
]
EntityType = Literal["common", "client", "record", "activity"]


class NewTag(msgspec.Struct, kw_only=True):
    """`color` is the background, #RRGGBB; the colour of the letters follows from it."""

    title: Title
    color: Color
    entity: Entity = 0
    icon: Icon = ""


class TagPatch(msgspec.Struct, kw_only=True):
    """What comes is changed, the rest stays."""

    title: Title | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    entity: Entity | UnsetType = UNSET
    icon: Icon | UnsetType = UNSET


class TagsQuery(msgspec.Struct, kw_only=True):
    """`entity`: only tags of that kind, by alias or number."""

    entity: Annotated[str, Meta(examples=["client"])] | None = None


class Tag(msgspec.Struct, kw_only=True):
    """A tag in v1. `deleted` and `not_editable` are 0 or 1; `slug` names a tag of the system's own."""

    id: int
    salon_id: int
    title: str
    color: str
    icon: str
    slug: str
    entity: int
    deleted: int
    not_editable: int
    font_color: str


class TagAttributes(msgspec.Struct, kw_only=True):
    """A tag in v2. `salon_id`, `entity`, `entity_slug`, `deleted` and `not_editable` say the same as the others in the
    older way."""

    company_id: int
    title: str
    color: str
    font_color: str
    icon: str
    entity_type: EntityType
    is_deleted: bool
    is_editable: bool
    salon_id: int
    entity: int
    entity_slug: str
    deleted: int
    not_editable: int


class TagDocument(msgspec.Struct, kw_only=True):
    """One tag; `meta` is always empty."""

    data: Resource[TagAttributes]
    meta: list[Any] = []
