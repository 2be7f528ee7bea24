"""Appointments on the wire of v2. Durations are seconds; times are the location's, without an offset."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

Include = Literal[
    "client",
    "client.custom_field_values",
    "staff",
    "services",
    "goods",
    "resource_instances",
    "labels",
    "attendance_service_items",
    "attendance_good_items",
    "attendance_document",
    "transactions",
    "fast_payment_settings",
    "acceptance_free",
    "custom_field_values",
    "comer",
    "client_notification_settings",
    "client_schedule",
    "duration_details",
]
Wall = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$", examples=["2026-01-01T00:00:00"])]
RealId = Annotated[int, Meta(ge=1, le=2**63 - 1)]


class IncludeQuery(msgspec.Struct, kw_only=True):
    """What comes with the appointments."""

    include: list[Include] = []


class AppointmentsQuery(IncludeQuery, kw_only=True):
    """Which appointments, earliest start first. The ends of a span of time come together; what touches it counts."""

    client_id: RealId | None = field(name="filter[client_id]", default=None)
    activity_id: RealId | None = field(name="filter[activity_id]", default=None)
    from_: Wall | None = field(name="filter[date_intersect_from]", default=None)
    to: Wall | None = field(name="filter[date_intersect_to]", default=None)
    page: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Meta(ge=1, le=250)] = 250


class DeleteBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    record_id: RealId = field(name="recordId")


class Attributes(msgspec.Struct, kw_only=True):
    """An appointment. `booking_user_id` is the account of the client who booked it himself; `paid_full` 0 not paid,
    1 paid, 2 more than that. `source`: 1 booked online, 12 written by an integration, 0 at the desk."""

    company_id: int
    external_id: str
    visit_id: int
    booking_user_id: int
    bookform_id: int
    master_id: int
    staff_id: int
    client_id: int
    comer_id: int | None
    source: int
    attendance: int
    attendance_status: int
    attendance_status_slug: Literal["absent", "waiting", "attended", "confirmed"]
    client_fictive_name: str | None
    client_fictive_phone: str | None
    client_fictive_email: str | None
    clients_count: int
    activity_id: int
    custom_color: str
    custom_font_color: str
    length: int
    duration: int
    paid_full: int
    is_paid: bool
    is_overpaid: bool
    timestamp: int
    date: str
    created_datetime: str
    from_url: str
    is_mobile: int
    comment: str
    prepaid_status: int
    record_from: str
    payment_status: int | None
    is_sale_bill_printed: bool | None
    is_client_notification_sent: bool


class Pagination(msgspec.Struct):
    page: int
    offset: int
    limit: int
