"""The wire of online booking: the contract's names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from agendum.core.wire import Id


class ServicesQuery(msgspec.Struct, kw_only=True):
    staff_id: Id = 0
    datetime: str = ""
    service_ids: list[Id] = []


class StaffQuery(msgspec.Struct, kw_only=True):
    service_ids: list[Id] = []
    datetime: str = ""


class DatesQuery(msgspec.Struct, kw_only=True):
    service_ids: list[Id] = []
    staff_id: Id = 0
    date: str = ""
    date_from: str = ""
    date_to: str = ""


class TimesQuery(msgspec.Struct, kw_only=True):
    service_ids: list[Id] = []


class SeancesQuery(msgspec.Struct, kw_only=True):
    service_ids: list[Id] = []
    datetime: str = ""


class Service(msgspec.Struct, kw_only=True):
    """`duration` is the usual length in seconds, `seance_length` that of the team member asked for, if any."""

    id: int
    title: str
    category_id: int
    price_min: Decimal
    price_max: Decimal
    discount: Decimal
    comment: str
    weight: int
    active: int
    gender: int
    image: str
    prepaid: str
    seance_length: int | None
    duration: int
    abonement_restriction: int
    prepaid_settings: dict[str, Any]
    is_composite: bool
    is_chain: bool
    images: list[str] | None
    composite_details: dict[str, Any] | None
    salon_service_id: int
    api_id: str


class Category(msgspec.Struct, kw_only=True):
    id: int
    title: str
    gender: int
    api_id: str
    weight: int


class Services(msgspec.Struct, kw_only=True):
    events: list[dict[str, Any]]
    services: list[Service]
    category: list[Category]


class Slot(msgspec.Struct):
    """`time` is HH:MM of the location; lengths are seconds, `sum_length` without the technical break."""

    time: str
    seance_length: int
    sum_length: int
    datetime: str


class Position(msgspec.Struct):
    id: int
    title: str
    services_binding_type: int


class Staff(msgspec.Struct, kw_only=True):
    """A team member online. `seance_date` and `seances` are there only when he is bookable."""

    id: int
    api_id: str | None
    user_id: int | None
    name: str
    bookable: bool
    specialization: str
    position: Position | list[Any]
    position_id: int
    show_rating: int
    rating: float
    votes_count: int
    avatar: str
    avatar_big: str
    comments_count: int
    weight: int
    information: str
    seance_date: date | msgspec.UnsetType = msgspec.UNSET
    seances: list[Slot] | msgspec.UnsetType = msgspec.UNSET
    schedule_till: date | None
    has_access_timetable: bool
    image_group: list[Any] | dict[str, Any]
    fired: int
    status: int
    hidden: int
    user: dict[str, Any] | None
    prepaid: str


class Seances(msgspec.Struct):
    seance_date: date | None
    seances: list[Slot]


class Dates(msgspec.Struct):
    """Days by month number; the maps are empty arrays when there is nothing."""

    booking_days: dict[str, list[int]] | list[Any]
    booking_dates: list[date]
    working_days: dict[str, list[int]] | list[Any]
    working_dates: list[date]


class WantedAppointment(msgspec.Struct, kw_only=True):
    """One appointment of a request; `id` is the caller's own number, `staff_id` 0 means anyone."""

    id: Id
    services: list[Id] = []
    staff_id: Id
    datetime: str
    custom_fields: dict[str, Any] = {}


class CheckBody(msgspec.Struct, kw_only=True):
    appointments: Annotated[list[WantedAppointment], msgspec.Meta(min_length=1, max_length=20)]


Hours = Annotated[int, msgspec.Meta(ge=0, le=24 * 30)]


class BookBody(msgspec.Struct, kw_only=True):
    """Reminders are hours before the visit, 0 for none."""

    phone: Annotated[str, msgspec.Meta(max_length=64)]
    fullname: Annotated[str, msgspec.Meta(max_length=255)] = ""
    email: Annotated[str, msgspec.Meta(max_length=255)] = ""
    code: str = ""
    comment: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    type: Annotated[str, msgspec.Meta(max_length=64)] = ""
    notify_by_sms: Hours = 0
    notify_by_email: Hours = 0
    api_id: Annotated[str, msgspec.Meta(max_length=255)] = ""
    bookform_id: Id | None = None
    from_url: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    appointments: Annotated[list[WantedAppointment], msgspec.Meta(min_length=1, max_length=20)]


class EventBody(msgspec.Struct, kw_only=True):
    """A booking of a group event for `clients_count` people. Reminders are hours before the visit, 0 for none."""

    fullname: Annotated[str, msgspec.Meta(max_length=255)]
    phone: Annotated[str, msgspec.Meta(max_length=64)]
    email: Annotated[str, msgspec.Meta(max_length=255)]
    code: str = ""
    comment: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    notify_by_sms: Hours = 0
    notify_by_email: Hours = 0
    type: Annotated[str, msgspec.Meta(max_length=64)] = ""
    api_id: Annotated[str, msgspec.Meta(max_length=255)] = ""
    clients_count: Annotated[int, msgspec.Meta(ge=1, le=255)] = 1


class EventBooked(msgspec.Struct):
    id: int
    hash: str


class Booked(msgspec.Struct):
    id: int
    record_id: int
    record_hash: str


class MoveBody(msgspec.Struct, kw_only=True):
    datetime: str = ""
    comment: Annotated[str, msgspec.Meta(max_length=4000)] | None = None


class RecordService(msgspec.Struct, kw_only=True):
    id: int
    title: str
    amount: int
    seance_length: int
    cost: Decimal
    price_min: Decimal
    price_max: Decimal
    discount: Decimal


class RecordCompany(msgspec.Struct, kw_only=True):
    """`timezone` is the offset in hours as text; delays are seconds."""

    id: int
    title: str
    country_id: int
    country: str
    city_id: int
    city: str
    phone: str
    phones: list[str]
    timezone: str
    timezone_name: str
    address: str
    coordinate_lat: Decimal
    coordinate_lon: Decimal
    allow_delete_record: bool
    allow_change_record: bool
    site: str
    currency_short_title: str
    allow_change_record_delay_step: int
    allow_delete_record_delay_step: int


class RecordPosition(msgspec.Struct):
    id: int
    title: str


class RecordStaff(msgspec.Struct, kw_only=True):
    id: int
    name: str
    specialization: str
    spec: str
    position: RecordPosition | list[Any]
    show_rating: int
    rating: float
    votes_count: int
    avatar: str
    comments_count: int


class Record(msgspec.Struct, kw_only=True):
    """An appointment as its client sees it. `length` is seconds with the technical break."""

    id: int
    services: list[RecordService]
    company: RecordCompany
    staff: RecordStaff
    clients_count: int
    date: str
    datetime: str
    create_date: str
    comment: str
    deleted: bool
    attendance: int
    visit_attendance: int
    length: int
    technical_break_duration: int
    notify_by_sms: int
    notify_by_email: int
    master_requested: bool
    online: bool
    api_id: str | int
    last_change_date: str
    prepaid: bool
    prepaid_confirmed: bool
    activity_id: int
    visit_id: int
    record_hash: str
    custom_fields: dict[str, Any] | list[Any]
    bookform_id: int
    type: str
    from_url: str


class RecordsQuery(msgspec.Struct, kw_only=True):
    page: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    count: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class ReviewMaster(msgspec.Struct, kw_only=True):
    id: int
    name: str
    company_id: int
    specialization: str
    rating: int
    show_rating: int
    avatar: str
    prepaid: str
    position: RecordPosition | list[Any]


class ReviewCompany(msgspec.Struct, kw_only=True):
    id: int
    title: str
    logo: str
    address: str


class ReviewRecord(msgspec.Struct, kw_only=True):
    id: int
    payed_cost: Decimal
    date: str


class ReviewCurrency(msgspec.Struct, kw_only=True):
    id: int
    iso: str
    name: str
    symbol: str
    is_symbol_after_amount: bool


class AgreementLinks(msgspec.Struct):
    terms_of_use: str
    confidentiality_agreement: str


class ReviewLanguage(msgspec.Struct):
    id: int
    locale: str
    iso: str


class ReviewForm(msgspec.Struct, kw_only=True):
    favicon_url: str
    is_review_submitted: bool
    page_title: str
    master: ReviewMaster
    company: ReviewCompany
    tips: list[dict[str, Any]]
    record: ReviewRecord
    currency: ReviewCurrency
    agreement_links: AgreementLinks
    language: ReviewLanguage


class ReviewBody(msgspec.Struct, kw_only=True):
    rating: Annotated[int, msgspec.Meta(ge=1, le=5)]
    text: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    tips_amount: Annotated[Decimal, msgspec.Meta()] = Decimal(0)
    redirect_prefix: Annotated[str, msgspec.Meta(max_length=2000)] = ""
