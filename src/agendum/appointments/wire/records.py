"""Appointments on the wire of v1. Durations are seconds, reminders hours before the start, discounts per cent, money is
in the location's currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType, field

from agendum.core.wire import Id

Page = Annotated[int, Meta(ge=1, le=1_000_000)]
Moment = Annotated[str, Meta(max_length=40, examples=["2026-09-21T23:00:00-05:00"])]
Day = Annotated[str, Meta(max_length=40, examples=["2026-01-21"])]
OldDay = Annotated[str, Meta(max_length=40, examples=["17.01.2025"])]
Text = Annotated[str, Meta(max_length=255)]
Prose = Annotated[str, Meta(max_length=20_000)]
Hours = Annotated[int, Meta(ge=0, le=1000)]
Color = Annotated[str, Meta(pattern="^(#?[0-9A-Fa-f]{6})?$", examples=["f44336"])]
Attendance = Annotated[int, Meta(ge=-1, le=2, description="2 confirmed, 1 came, 0 awaited, -1 did not come.")]
Money: TypeAlias = Decimal
Percent: TypeAlias = Decimal


class OneQuery(msgspec.Struct, kw_only=True):
    """What is added to an appointment. Consumables come with stock; until then there are none."""

    include_consumables: bool = False
    include_finance_transactions: bool = False


class RecordsQuery(OneQuery, kw_only=True):
    """Which appointments: earliest start first. Dates are the location's and included, moments without an offset are by
    its clock. `c_start_date` and `c_end_date`: made between them; `changed_...`: made or changed between them."""

    page: Page = 1
    count: Annotated[int, Meta(ge=1, le=300)] = 50
    team_member_id: Id | None = None
    client_id: Id | None = None
    created_user_id: Id | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    c_start_date: Day | None = None
    c_end_date: Day | None = None
    changed_after: Day | None = None
    changed_before: Day | None = None
    with_deleted: bool = False


class PartnerQuery(msgspec.Struct, kw_only=True):
    """Which of the integration's own appointments; dates as dd.mm.yyyy (or yyyy-mm-dd), both included."""

    page: Page = 1
    editable_length: Annotated[int, Meta(ge=1, le=100)] = 50
    location_id: Id | None = field(name="salon_id", default=None)
    start_date: OldDay | None = None
    end_date: OldDay | None = None
    created_start_date: OldDay | None = None
    created_end_date: OldDay | None = None
    user_id: Id | None = None


class LineBody(msgspec.Struct, kw_only=True):
    """A service of an appointment. What is left out comes from the price list: `cost_per_unit` of one, `first_cost` of
    all before the `discount`, `cost` what is to be paid for all (`manual_cost` is another name of it)."""

    id: Id
    amount: Annotated[int, Meta(ge=1, le=10_000)] = 1
    first_cost: Money | None = None
    cost_per_unit: Money | None = None
    discount: Percent | None = None
    cost: Money | None = None
    manual_cost: Money | None = None


class ClientBody(msgspec.Struct, kw_only=True):
    """Who comes: a client of the location by id or by phone, made if there is none of that phone, or only a name."""

    id: Id | None = None
    phone: Annotated[str, Meta(max_length=64, examples=["+13155550175"])] = ""
    name: Annotated[str, Meta(max_length=255, examples=["James Smith"])] = ""
    surname: Text = ""
    patronymic: Text = ""
    email: Annotated[str, Meta(max_length=255, examples=["j.smith@example.com"])] = ""


class RecordBody(msgspec.Struct, kw_only=True):
    """An appointment, whole. Of a time: `staff_id`, `services`, `client`, `datetime`, `seance_length` (with the break).
    Of a group event: `activity_id` and `client`. `client` null: nobody is known yet.

    `save_if_busy` puts it over time that is taken or not worked; `send_sms` tells the client. `custom_color` is RRGGBB,
    `record_labels` ids of tags, `technical_break_duration` a multiple of 300, null for the location's. What else is not
    given is empty in a new appointment, and stays as it is in one that is changed.
    """

    activity_id: Id = 0
    team_member_id: Id | None = field(name="staff_id", default=None)
    services: Annotated[list[LineBody], Meta(max_length=100)] | None = None
    client: ClientBody | list[Any] | UnsetType | None = UNSET
    save_if_busy: bool = False
    datetime: Moment | None = None
    seance_length: Annotated[int, Meta(ge=60, le=86_400, examples=[3600])] | None = None
    send_sms: bool = False
    comment: Prose | UnsetType = UNSET
    sms_remain_hours: Hours | UnsetType | None = UNSET
    email_remain_hours: Hours | UnsetType | None = UNSET
    attendance: Attendance | UnsetType = UNSET
    api_id: Text | UnsetType | None = UNSET
    custom_color: Color | UnsetType | None = UNSET
    record_labels: Annotated[list[Id], Meta(max_length=100)] | UnsetType = UNSET
    technical_break_duration: Annotated[int, Meta(ge=0, le=3600)] | None = None
    custom_fields: dict[str, Any] | list[Any] | UnsetType = UNSET


class StaffServiceLink(msgspec.Struct):
    length: int


class CompanyServiceLink(msgspec.Struct):
    price_min: Decimal
    price_max: Decimal


class Line(msgspec.Struct, kw_only=True):
    """A service as it was sold. The links come with a single appointment."""

    id: int
    title: str
    cost: Decimal
    cost_to_pay: Decimal
    manual_cost: Decimal
    cost_per_unit: Decimal
    discount: Decimal
    first_cost: Decimal
    amount: int
    assistants: list[dict[str, Any]]
    staff_service_link: StaffServiceLink | UnsetType = UNSET
    company_service_link: CompanyServiceLink | UnsetType = UNSET


class Position(msgspec.Struct):
    id: int
    title: str
    services_binding_type: int


class Staff(msgspec.Struct, kw_only=True):
    """`position` is an empty array when there is none. `spec` says the same as `specialization`."""

    id: int
    api_id: str | None
    name: str
    specialization: str
    spec: str
    position: Position | list[Any]
    avatar: str
    avatar_big: str
    rating: float
    votes_count: int


class Label(msgspec.Struct, kw_only=True):
    id: int
    title: str
    color: str
    icon: str
    font_color: str


class FieldValue(msgspec.Struct):
    code: str
    value: Any


class Client(msgspec.Struct, kw_only=True):
    """Phones and e-mails are masked for those who may not see them; surname and comment are empty."""

    id: int
    name: str
    surname: str
    middle_name: str
    patronymic: str
    display_name: str
    comment: str
    phone: str | int
    card: str | int
    email: str
    success_visits_count: int
    fail_visits_count: int
    discount: Decimal
    is_new: bool
    custom_fields: list[FieldValue]
    gender: int
    sex: int
    birthday: str
    client_tags: list[Label]
    phone_country_id: int


class VisitPaper(msgspec.Struct, kw_only=True):
    """The document of a visit; its number is the visit's."""

    id: int
    type_id: int
    storage_id: int
    user_id: int
    company_id: int
    number: int
    comment: str
    date_created: str
    category_id: int
    visit_id: int
    record_id: int
    type_title: str
    is_sale_bill_printed: bool


class Expense(msgspec.Struct):
    id: int
    title: str


class PaymentClient(msgspec.Struct):
    id: int
    name: str
    phone: str


class Payment(msgspec.Struct, kw_only=True):
    """What was paid in the window of an appointment."""

    id: int
    document_id: int
    date: str
    type_id: int
    expense_id: int
    account_id: int
    amount: Decimal
    client_id: int
    master_id: int
    supplier_id: int
    comment: str
    item_id: int
    target_type_id: int
    record_id: int
    goods_transaction_id: int
    expense: Expense
    account: Expense
    client: PaymentClient | list[Any]
    master: list[Any]
    supplier: list[Any]


class Appointment(msgspec.Struct, kw_only=True):
    """An appointment. `visit_attendance` is that of its whole visit, `master_request` 0 where anybody was asked for.

    `paid_full` is 1 when its visit is paid, `payment_status` one of not_paid, paid_not_full, paid_full, paid_over;
    without the right to payments they are absent. `is_overbooked`: put knowingly over other time.
    """

    id: int
    company_id: int
    staff_id: int
    services: list[Line]
    events: list[Any]
    goods_transactions: list[Any]
    staff: Staff
    client: Client | None
    comer: None
    comer_person_info: None
    clients_count: int
    date: str
    datetime: str
    create_date: str
    comment: str
    online: bool
    visit_attendance: int
    attendance: int
    confirmed: int
    seance_length: int
    length: int
    technical_break_duration: int
    sms_before: int
    sms_now: int
    sms_now_text: str
    email_now: int
    notified: int
    master_request: int
    api_id: str
    from_url: str
    review_requested: int
    is_remind_sms_sent: bool
    visit_id: int
    created_user_id: int
    deleted: bool
    paid_full: int | UnsetType = UNSET
    payment_status: str | UnsetType = UNSET
    prepaid: bool
    prepaid_confirmed: bool
    last_change_date: str
    custom_color: str
    custom_font_color: str
    record_labels: list[Label]
    activity_id: int
    custom_fields: dict[str, Any] | list[Any]
    documents: list[VisitPaper]
    sms_remain_hours: int
    email_remain_hours: int
    bookform_id: int
    record_from: str
    is_mobile: int
    is_sale_bill_printed: bool
    consumables: list[Any]
    finance_transactions: list[Payment]
    acceptance_free: None
    is_update_blocked: bool
    is_overbooked: bool
    resource_instance_ids: list[int]
    short_link: str
