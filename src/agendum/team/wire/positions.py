"""Positions on the wire: the chain's, linked to locations."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from agendum.core.jsonapi import Resource
from agendum.core.wire import Id

Title = Annotated[str, Meta(min_length=1, max_length=100, examples=["Stylist"])]
Description = Annotated[str, Meta(max_length=1000, examples=["Cuts, colours and styles"])]
RequiredField = Literal[
    "employee_name",
    "surname",
    "middle_name",
    "date_admission",
    "date_registration_end",
    "phone_number",
    "citizenship",
    "sex",
    "identity_document",
    "tax_id",
    "number_insurance_certificates",
]


class NewPosition(msgspec.Struct, kw_only=True):
    """A position from its title. The rest is of our own: `services_binding_type` is 0 off, 1 soft, 2 strict;
    `rules_required_fields` must be known of whoever gets the position; with `only_chain_appointment` only who belongs
    to the whole chain gives it; `salon_ids` are other locations of the chain that have it too."""

    title: Title
    description: Description = ""
    services_binding_type: Literal[0, 1, 2] = 0
    rules_required_fields: Annotated[list[RequiredField], Meta(examples=[[]])] = []
    only_chain_appointment: bool = False
    salon_ids: Annotated[list[Id], Meta(max_length=1000, examples=[[]])] = []


class PositionBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Without `description` a new position has none, and a known one keeps its own."""

    title: Title
    description: Description | UnsetType = UNSET


class Position(msgspec.Struct, kw_only=True):
    """A position in v1."""

    id: int
    chain_id: int
    title: str
    description: str
    services_binding_type: int
    rules_required_fields: list[str]
    only_chain_appointment: bool


class PositionAttributes(msgspec.Struct, kw_only=True):
    """A position in v2. `salon_ids` are the locations that have it."""

    chain_id: int
    title: str
    description: str
    services_binding_type: Literal[0, 1, 2]
    rules_required_fields: list[str]
    only_chain_appointment: bool
    salon_ids: list[int]


class PositionDocument(msgspec.Struct, kw_only=True):
    """One position; `meta` is always empty."""

    data: Resource[PositionAttributes]
    meta: list[Any] = []
