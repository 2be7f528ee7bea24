"""What an integration wrote, on the wire of v1."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec


class PartnerLine(msgspec.Struct, kw_only=True):
    id: int
    title: str
    cost: Decimal
    price_min: Decimal
    price_max: Decimal
    discount: Decimal
    amount: int


class PartnerCompany(msgspec.Struct, kw_only=True):
    """`timezone`: hours from UTC at the time of the appointment."""

    id: int
    title: str
    public_title: str
    business_group_id: int
    business_type_id: int
    country_id: int
    city_id: int
    timezone: str
    timezone_name: str
    address: str
    coordinate_lat: Decimal
    coordinate_lon: Decimal
    logo: str
    zip: str
    phone: str
    phones: list[str]
    site: str
    allow_delete_record: bool
    allow_change_record: bool
    country: str
    city: str


class PartnerPosition(msgspec.Struct):
    id: int
    title: str


class PartnerStaff(msgspec.Struct, kw_only=True):
    """`rating` and `average_score` say the same; `position` is an array, for the wire has it so."""

    id: int
    name: str
    company_id: int
    specialization: str
    position: list[PartnerPosition]
    rating: float
    show_rating: bool
    comments_count: int
    votes_count: int
    average_score: float
    avatar: str
    prepaid: str


class PartnerClient(msgspec.Struct, kw_only=True):
    """`phone_code` is the calling code of the phone; both are masked for who may not see phones."""

    id: int
    name: str
    phone: str
    phone_code: str
    email: str


class PartnerRecord(msgspec.Struct, kw_only=True):
    """An appointment that the integration wrote. `notify_by_sms`, `notify_by_email`: hours before the start."""

    id: int
    date: str
    datetime: str
    create_date: str
    comment: str
    deleted: bool
    attendance: int
    length: int
    notify_by_sms: int
    notify_by_email: int
    master_requested: bool
    online: bool
    api_id: int | str
    last_change_date: str
    prepaid: int
    prepaid_confirmed: int
    activity_id: int
    services: list[PartnerLine]
    company: PartnerCompany
    staff: PartnerStaff
    client: PartnerClient | list[Any]
    custom_fields: dict[str, Any]


class PartnerCount(msgspec.Struct):
    """Of all pages."""

    count: int
