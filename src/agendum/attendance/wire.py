"""Shapes of an appointment's client in v2."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from agendum.core.jsonapi import Resource

Include = Literal[
    "labels",
    "first_successful_visit",
    "loyalty_cards",
    "loyalty_certificates",
    "loyalty_abonements",
    "custom_field_values",
    "agreements",
]


class ClientQuery(msgspec.Struct, kw_only=True):
    include: list[Include] = []


class ClientFacts(msgspec.Struct, kw_only=True):
    """What the caller's rights do not show is masked (phone, email) or empty. `birthday` is a local midnight, `gender`
    0 unknown, 1 male, 2 female, discounts are per cent."""

    name: str
    surname: str
    patronymic: str
    phone: str
    additional_phone: str
    email: str
    comment: str
    client_tips: bool
    birthday: str | None
    card_number: str
    gender: int
    discount: float
    discount_percent: float


class Sums(msgspec.Struct, kw_only=True):
    """What visits come to: `balance_amount` is what was paid less what was spent. Sums of money are there only for
    those who may see money. `last_successful_attendance_datetime` is by the location's clock."""

    company_id: int | UnsetType = UNSET
    chain_id: int | UnsetType = UNSET
    successful_attendances_count: int
    failed_attendances_count: int
    balance_amount: float | UnsetType = UNSET
    spent_amount: float | UnsetType = UNSET
    paid_amount: float | UnsetType = UNSET
    last_successful_attendance_datetime: str | None


class ClientDocument(msgspec.Struct, kw_only=True):
    """One client; `meta` is an empty array."""

    data: Resource[ClientFacts]
    included: list[Resource[Any]] | UnsetType = UNSET
    meta: list[Any] = []


class SumsDocument(msgspec.Struct, kw_only=True):
    """The sums over one client's visits; `included` and `meta` are empty arrays."""

    data: Resource[Sums]
    included: list[Resource[Any]] = []
    meta: list[Any] = []
