"""Clients on the wire: the contract's names. Money is Decimal in the location's currency, discounts are per cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from agendum.core.uploads import File
from agendum.core.wire import Id

Text = Annotated[str, Meta(max_length=255)]
Prose = Annotated[str, Meta(max_length=20_000)]
Phone = Annotated[str, Meta(max_length=64, examples=["+13155550179"])]
Page = Annotated[int, Meta(ge=1, le=1_000_000)]
Money: TypeAlias = Decimal
Number: TypeAlias = int | str
"""Digits are a number on the wire; what is empty, masked or begins with a zero is a text."""


class PhoneQuery(msgspec.Struct, kw_only=True):
    """`phone` in any international form."""

    phone: Annotated[str, Meta(max_length=64, examples=["14264037640"])]


class ChainClient(msgspec.Struct, kw_only=True):
    """A client's entry in one location."""

    id: int
    company_id: int
    name: str
    email: str


class ChainClients(msgspec.Struct, kw_only=True):
    """Everything that a chain has under one phone, which is shown with a plus."""

    salon_group_id: int
    phone: str
    clients: list[ChainClient]


class ClientFacts(msgspec.Struct, kw_only=True):
    """What is known of a client beside name and phone; what is not given stays as it is.

    `birth_date` is yyyy-mm-dd, or seconds since 1970 as text. `spent` and `balance` are what was already spent and paid
    ahead (negative: owed) before anything was written here. `categories`, called `labels` too, are ids of tags.
    `sms_check`: wants an SMS on the birthday; `sms_not`: wants no mailings.
    """

    surname: Text | UnsetType = UNSET
    middle_name: Text | UnsetType = UNSET
    email: Text | UnsetType = UNSET
    gender_id: Annotated[int, Meta(ge=0, le=2)] | UnsetType = UNSET
    importance_id: Annotated[int, Meta(ge=0, le=3)] | UnsetType = UNSET
    discount: Decimal | UnsetType = UNSET
    card: Text | UnsetType = UNSET
    birth_date: Annotated[str, Meta(max_length=32, examples=["1990-02-28"])] | UnsetType | None = UNSET
    comment: Prose | UnsetType = UNSET
    spent: Money | UnsetType = UNSET
    balance: Money | UnsetType = UNSET
    sms_check: bool | UnsetType = UNSET
    sms_not: bool | UnsetType = UNSET
    categories: Annotated[list[Id], Meta(max_length=200)] | UnsetType = UNSET
    labels: Annotated[list[Id], Meta(max_length=200)] | UnsetType = UNSET
    custom_fields: dict[str, Any] | list[Any] | UnsetType = UNSET


class ClientBody(ClientFacts, kw_only=True):
    """A client. A phone is that of one client of the location; `custom_fields` maps codes to values."""

    name: Annotated[str, Meta(max_length=255, examples=["James"])]
    phone: Phone


class BulkClient(ClientFacts, kw_only=True):
    """One client of many. Without a name or a phone it is refused, beside those that are made."""

    name: Annotated[str, Meta(max_length=255, examples=["James"])] = ""
    phone: Phone = ""


class Category(msgspec.Struct, kw_only=True):
    """A tag that a client carries."""

    id: int
    title: str
    color: str


class Client(msgspec.Struct, kw_only=True):
    """A client as the caller may see him: without the right to them phone and e-mail are masked, surname, comment and
    custom fields empty, sums absent.

    `spent` and `paid` include what was before; `balance` is what is paid less what is spent. `visits` took place.
    """

    id: int
    name: str
    surname: str
    middle_name: str
    phone: Number
    email: str
    categories: list[Category]
    gender_id: int
    gender: str
    discount: Decimal
    importance_id: int
    importance: str
    card: Number
    birth_date: date | None
    comment: str
    sms_check: int
    sms_not: int
    spent: Money | UnsetType = UNSET
    paid: Money | UnsetType = UNSET
    balance: Money | UnsetType = UNSET
    visits: int
    failed_visits: int
    first_visit_date: str | None
    last_visit_date: str | None
    last_change_date: str
    custom_fields: dict[str, Any] | list[Any]


class MadeClient(Client, kw_only=True):
    """`sms_bot` says the same as `sms_not`."""

    sms_bot: int


class Refused(msgspec.Struct, kw_only=True):
    """A client who was not made, and why; the name and phone as far as they were given."""

    phone: Number | UnsetType = UNSET
    name: str | UnsetType = UNSET
    error: str


class BulkResult(msgspec.Struct, kw_only=True):
    created: list[MadeClient]
    errors: list[Refused]


class Filter(msgspec.Struct, kw_only=True):
    """One condition. Its `state` is {value} or {from, to}; of record, client and sale a state for each part."""

    type: str
    state: dict[str, Any] = {}


class SearchBody(msgspec.Struct, kw_only=True):
    """Which clients, which of their fields, in which order; filters hold together (AND) or any of them (OR)."""

    page: Page = 1
    page_size: Annotated[int, Meta(ge=1, le=200)] = 25
    fields: Annotated[list[str], Meta(max_length=100, examples=[["id", "name"]])] = msgspec.field(
        default_factory=lambda: ["id", "name"]
    )
    order_by: str = "id"
    order_by_direction: str = "ASC"
    operation: str = "AND"
    filters: Annotated[list[Filter], Meta(max_length=50)] = []


class Total(msgspec.Struct, kw_only=True):
    total_count: int


class PageTotal(msgspec.Struct, kw_only=True):
    page: int
    total_count: int


class Count(msgspec.Struct, kw_only=True):
    count: int


class ListQuery(msgspec.Struct, kw_only=True):
    """Parts of name, phone, e-mail or card; bounds of the amount paid; ids (`location_id` is another name of them);
    when changed, ISO 8601, without an offset by the location's clock."""

    fullname: Text = ""
    phone: Annotated[str, Meta(max_length=64)] = ""
    email: Text = ""
    card: Text = ""
    paid_min: Decimal | None = None
    paid_max: Decimal | None = None
    id: Annotated[list[Id], Meta(max_length=1000)] = []
    location_id: Annotated[list[Id], Meta(max_length=1000)] = []
    changed_after: Text | None = None
    changed_before: Text | None = None
    page: Page = 1
    count: Annotated[int, Meta(ge=1, le=200)] = 20


class QuickQuery(msgspec.Struct, kw_only=True):
    """`q`: a name, as far as it is typed and with a mistake in it, a phone in any form or a part of it, an e-mail or a
    card."""

    q: Annotated[str, Meta(max_length=255, examples=["Jmaes"])]
    count: Annotated[int, Meta(ge=1, le=50)] = 10


class Found(msgspec.Struct, kw_only=True):
    """A client whom somebody looks for."""

    id: int
    name: str
    surname: str
    middle_name: str
    phone: Number
    email: str
    card: Number
    importance_id: int
    visits: int
    last_visit_date: str | None


class NewComment(msgspec.Struct, kw_only=True):
    text: Annotated[str, Meta(min_length=1, max_length=20_000, examples=["Likes tea"])]


class Author(msgspec.Struct, kw_only=True):
    id: int
    name: str
    avatar: str


class CommentFile(msgspec.Struct, kw_only=True):
    """`link` is where the file can be had."""

    link: str
    filename: str


class Comment(msgspec.Struct, kw_only=True):
    """Of type file: what a file that was uploaded leaves in the client's history."""

    id: int
    create_date: str
    update_date: str
    type: Literal["default", "file"]
    text: str
    files: list[CommentFile]
    user: Author | None


class NewFile(msgspec.Struct, kw_only=True):
    """A file of at most as many bytes as an upload may have."""

    file: File
    description: Prose = ""


class ClientFile(msgspec.Struct, kw_only=True):
    """A file about a client. `link` is where it can be had; `size` is a text such as 9 B; `can_edit`: the caller may
    delete it."""

    id: int
    client_id: int
    name: str
    description: str
    date_create: str
    extension: str
    mime: str
    link: str
    user_name: str
    username: str
    user_avatar: str
    size: str
    can_edit: bool


class HeldClient(msgspec.Struct, kw_only=True):
    """The record of a person itself, unmasked. Phones as digits."""

    id: int
    location_id: int
    name: str
    surname: str
    middle_name: str
    phone: str
    email: str
    gender_id: int
    importance_id: int
    discount: Decimal
    card: str
    birth_date: date | None
    comment: str
    sms_check: bool
    sms_not: bool
    is_blacklisted: bool
    custom_fields: dict[str, Any]
    categories: list[str]
    created_at: str
    updated_at: str
    deleted_at: str | None


class HeldComment(msgspec.Struct, kw_only=True):
    at: str
    text: str
    author: str


class HeldFile(msgspec.Struct, kw_only=True):
    at: str
    name: str
    mime: str
    description: str
    link: str


class HeldSums(msgspec.Struct, kw_only=True):
    """`spent_before` and `balance_before` are what was said when the client was added."""

    visits_count: int
    failed_visits_count: int
    first_visit_at: str | None
    last_visit_at: str | None
    spent: Money
    paid: Money
    spent_before: Money
    balance_before: Money


class HeldChange(msgspec.Struct, kw_only=True):
    """An entry of the audit trail."""

    at: str
    entity: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Held(msgspec.Struct, kw_only=True):
    """All that is held about a person. `other` is what other parts of the business keep, each under its name."""

    client: HeldClient
    comments: list[HeldComment]
    files: list[HeldFile]
    sums: HeldSums
    changes: list[HeldChange]
    other: dict[str, Any]
