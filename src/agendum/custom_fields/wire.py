"""Custom fields on the wire, in both versions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from agendum.core.jsonapi import Document, Resource

Category = Literal["record", "client"]
Kind = Literal["number", "text", "list", "date", "datetime"]
Included = Literal["custom_field_type", "ui_options"]

Code = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]+$", max_length=100, examples=["my_text_field"])]
Title = Annotated[str, Meta(max_length=255, examples=["Favorite drink"])]
Weight = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Choices = Annotated[list[Annotated[str, Meta(max_length=255)]], Meta(max_length=500)]


class CustomField(msgspec.Struct, frozen=True):
    """What it takes to check a value: the key under which it comes, its kind, what a list offers."""

    code: str
    kind: Kind
    choices: list[str]


class NewField(msgspec.Struct, kw_only=True):
    """`values` are what a list offers; a list without values takes any. Heavier fields come first. `is_chain`: of all
    locations, for those who manage the whole chain."""

    type: Kind
    code: Code
    title: Title
    user_can_edit: bool
    show_in_ui: bool
    values: Choices = []
    is_required: bool = False
    weight: Weight = 0
    is_chain: bool = False


class FieldPatch(msgspec.Struct, kw_only=True):
    """What comes is changed, the rest stays. A field keeps its type."""

    type: Kind | UnsetType = UNSET
    code: Code | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    user_can_edit: bool | UnsetType = UNSET
    show_in_ui: bool | UnsetType = UNSET
    values: Choices | UnsetType = UNSET
    is_required: bool | UnsetType = UNSET
    weight: Weight | UnsetType = UNSET


class FieldsQuery(msgspec.Struct, kw_only=True):
    """Which fields: of appointments (record) or of clients. `filter[entity_slug]` is the older name."""

    parent_entity_type: Category | None = msgspec.field(name="filter[parent_entity_type]", default=None)
    entity_slug: Category | None = msgspec.field(name="filter[entity_slug]", default=None)
    include: list[Included] = []


class FieldType(msgspec.Struct):
    code: Kind
    title: str


class Field(msgspec.Struct, kw_only=True):
    """`code` is the key of its values. `values` is what a list offers, separated by commas. `is_chain`: managed in the
    chain."""

    id: int
    code: str
    entity_type: Category
    show_in_ui: bool
    title: str
    user_can_edit: bool
    type: FieldType
    values: str
    is_required: bool
    weight: int
    is_chain: bool


class LocationField(msgspec.Struct, kw_only=True):
    """A custom field as a location has it."""

    id: int
    salon_id: int
    custom_field: Field


class FieldAttributes(msgspec.Struct, kw_only=True):
    """`code`, `parent_entity_type`, `show_in_ui` and `user_can_edit` are older names of what follows them."""

    code: str
    slug: str
    parent_entity_type: Category
    entity_slug: Category
    relation_entity_type: None
    show_in_ui: bool
    is_visible: bool
    title: str
    user_can_edit: bool
    is_editable: bool
    is_required: bool
    weight: int
    values: list[Any]


class TypeAttributes(msgspec.Struct):
    code: Kind
    slug: Kind
    title: str


class OptionAttributes(msgspec.Struct):
    slug: str
    value: bool


Fields = Document[list[Resource[FieldAttributes]]]
