"""Visits on the wire of v1."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType, field

from agendum.appointments.wire.records import Appointment, Attendance, LineBody, Payment, Prose
from agendum.core.wire import Id

Day = Annotated[str, Meta(max_length=40, examples=["2026-01-31"])]
PaymentStatus = Literal["not_paid", "paid_not_full", "paid_full", "paid_over"]


class Visit(msgspec.Struct, kw_only=True):
    """One presence of a client: its appointments on one day. `comment` is always 0: comments are the appointments'."""

    attendance: int
    datetime: str
    comment: int
    records: list[Appointment]


class VisitLine(LineBody, kw_only=True):
    """A service of one of the visit's appointments; `record_id` left out: of the one in the path."""

    record_id: Id | None = None


class NewPayment(msgspec.Struct, kw_only=True):
    """What was paid in cash. Accounts come with finances: until then there is only 0."""

    id: Id = 0
    amount: Decimal
    account_id: Id = 0


class VisitBody(msgspec.Struct, kw_only=True):
    """What becomes of a visit. `attendance` is that of all its appointments, `comment` that of the one in the path.

    Appointments named in `services` get those services instead of theirs. `fast_payment` pays what is owed: 1 in cash,
    2 cashless (129 and 130 print a receipt besides). `deleted_transaction_ids` takes payments back.
    """

    attendance: Attendance
    comment: Prose
    new_transactions: Annotated[list[NewPayment], Meta(max_length=100)] = []
    deleted_transaction_ids: Annotated[list[Id], Meta(max_length=100)] = []
    goods_transactions: list[dict[str, Any]] = []
    services: Annotated[list[VisitLine], Meta(max_length=200)] = []
    fast_payment: Literal[0, 1, 2, 129, 130] = 0


class Receipts(msgspec.Struct, kw_only=True):
    """What a cash register printed. There is none yet."""

    last_operation_type: int
    transactions: list[Any]


class Item(msgspec.Struct, kw_only=True):
    """A service of a visit; `master_id` is the team member who gave it."""

    id: int
    item_id: int
    item_type_id: int
    record_id: int
    item_title: str
    amount: int
    first_cost: Decimal
    manual_cost: Decimal
    discount: Decimal
    cost: Decimal
    master_id: int
    good_id: int
    service_id: int
    event_id: int
    is_service: bool
    is_event: bool
    is_good: bool


class VisitDetails(msgspec.Struct, kw_only=True):
    """The bill of a visit. Without the right to them payments are left out."""

    payment_transactions: list[Payment]
    loyalty_transactions: list[Any]
    kkm_transaction_details_container: Receipts
    items: list[Item]


class HistoryBody(msgspec.Struct, kw_only=True):
    """Whose visits, from one local date to another; `payment_statuses` and `attendance` of the visit."""

    client_id: Id | None = None
    client_phone: Annotated[str, Meta(max_length=64)] | None = None
    from_: Day | None = field(name="from", default=None)
    to: Day | None = None
    payment_statuses: Annotated[list[PaymentStatus], Meta(examples=[[]])] | None = None
    attendance: Attendance | None = None


class HistoryService(msgspec.Struct, kw_only=True):
    """`paid_sum`: what of the visit's payments falls to this service; without the right to payments it is absent."""

    id: int
    title: str
    first_cost: Decimal
    discount_percent: Decimal
    cost_to_pay: Decimal
    paid_sum: Decimal | UnsetType = UNSET
    payment_status: PaymentStatus | UnsetType = UNSET
    consumables: list[Any]


class PositionCompact(msgspec.Struct):
    id: int
    title: str


class HistoryStaff(msgspec.Struct, kw_only=True):
    id: int
    name: str
    company_id: int
    specialization: str
    avatar: str
    avatar_big: str
    position: PositionCompact | None
    is_paid_staff: bool


class Company(msgspec.Struct):
    id: int
    title: str


class Tips(msgspec.Struct, kw_only=True):
    """`sum` is for the team member alone."""

    has_tips: bool
    sum: Decimal | None


class HistoryRecord(msgspec.Struct, kw_only=True):
    """An appointment in the history of a client."""

    id: int
    comment: str
    date: str
    visit_id: int
    attendance: int
    services: list[HistoryService]
    staff: HistoryStaff
    company: Company
    tips: Tips


class History(msgspec.Struct, kw_only=True):
    """Latest first. Sales of products come with stock."""

    goods_transactions: list[Any]
    records: list[HistoryRecord]


class Dates(msgspec.Struct, frozen=True, kw_only=True):
    """A page: from one date to another, both included, with so many visits. All null: there is none."""

    to: str | None = None
    from_: str | None = field(name="from", default=None)
    count: int | None = None


class Cursor(msgspec.Struct, kw_only=True):
    """The page that was asked for, the one of later visits before it, the one of earlier visits after it."""

    previous: Dates
    current: Dates
    next: Dates


class HistoryMeta(msgspec.Struct):
    date_cursor: Cursor = field(name="dateCursor")
