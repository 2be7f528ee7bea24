"""Team members on the wire. The same facts go out in several shapes: the oldest ones write numbers as strings."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from agendum.core.wire import Id

_SMALL = 2**31 - 1

Name = Annotated[str, Meta(min_length=1, max_length=255, examples=["Anna"])]
Text = Annotated[str, Meta(max_length=255)]
Short = Annotated[str, Meta(max_length=64)]
Prose = Annotated[str, Meta(max_length=20_000, examples=["<p>Ten years of colouring.</p>"])]
Specialization = Annotated[str, Meta(max_length=255, examples=["Stylist"])]
Weight = Annotated[int, Meta(ge=-_SMALL, le=_SMALL, examples=[10])]
Phone = Annotated[str, Meta(max_length=32, examples=["13155550175"])]
Gender = Literal[0, 1, 2]
Choice = Literal[0, 1, 2]
Given = Annotated[str, Meta(min_length=1, max_length=255)]


class EmployeeBody(msgspec.Struct, kw_only=True):
    """What the law wants to know of him; what comes is changed. `gender`: 0 unsaid, 1 male, 2 female."""

    phone: Phone | UnsetType | None = UNSET
    firstname: Text | UnsetType = UNSET
    surname: Text | UnsetType = UNSET
    patronymic: Text | UnsetType = UNSET
    date_admission: date | UnsetType | None = UNSET
    date_registration_end: date | UnsetType | None = UNSET
    citizenship: Text | UnsetType = UNSET
    gender: Gender | UnsetType = UNSET
    passport_data: Text | UnsetType = UNSET
    personal_tax_reference_number: Text | UnsetType = UNSET
    number_insurance_certificates: Text | UnsetType = UNSET


class MemberBody(msgspec.Struct, kw_only=True):
    """What comes is set, the rest stays (or, of a new team member, is empty).

    `information` is HTML; heavier team members come first. `user_id` of 0 unties the user. A new team member has no
    timetable until `has_access_timetable` says so. There is no payment policy that `is_included_in_payment_policy`
    could change. `position_id` (0: none), `is_available_as_assistant`, `show_rating` and `employee` are fields of our
    own.
    """

    name: Name | UnsetType = UNSET
    specialization: Specialization | UnsetType = UNSET
    weight: Weight | UnsetType = UNSET
    information: Prose | UnsetType = UNSET
    api_id: Text | UnsetType | None = UNSET
    hidden: bool | UnsetType = UNSET
    fired: bool | UnsetType = UNSET
    user_id: Id | UnsetType | None = UNSET
    has_access_timetable: bool | UnsetType = UNSET
    is_paid_staff: bool | UnsetType = UNSET
    is_included_in_payment_policy: bool | UnsetType = UNSET
    position_id: Id | UnsetType | None = UNSET
    is_available_as_assistant: bool | UnsetType = UNSET
    show_rating: bool | UnsetType = UNSET
    employee: EmployeeBody | UnsetType = UNSET


class QuickMember(msgspec.Struct, kw_only=True):
    """A team member from the shortest form, with a timetable.

    A user of the location with one of these phones or this e-mail is he. Otherwise `is_user_invite` has an invitation
    sent to the e-mail. Phones have 9 to 15 digits; empty ones say nothing.
    """

    name: Name
    specialization: Specialization
    position_id: Annotated[Id, Meta(examples=[0])] | None
    phone_number: Annotated[str, Meta(max_length=32, examples=["13155550175"])] | None
    user_email: Annotated[str, Meta(max_length=254, examples=["anna@example.com"])]
    user_phone: Phone
    is_user_invite: bool
    is_paid_staff: bool = False


class PositionName(msgspec.Struct):
    id: int
    title: str


class LinkedUser(msgspec.Struct):
    id: int
    name: str
    avatar: str


class MemberImage(msgspec.Struct, kw_only=True):
    """One size of a picture: sm, basic, norm or origin. `width` and `height` are pixels."""

    id: int
    path: str
    width: str
    height: str
    type: str
    image_group_id: int
    version: str


class MemberImages(msgspec.Struct, kw_only=True):
    id: int
    entity: str
    entity_id: int
    images: dict[str, MemberImage]


class Member(msgspec.Struct, kw_only=True):
    """A team member. `hidden`, `fired`, `status` (deleted) and `show_rating` are 0 or 1; `rating` is the mean of his
    votes; `schedule_till` his last day with working time; `bookable`: he gives a service that clients may book online.
    `position` and `user` are empty lists where there is none."""

    id: int
    api_id: int | str | None
    name: str
    company_id: int
    specialization: str
    position_id: int
    position: PositionName | list[Any]
    rating: float
    show_rating: int
    votes_count: int
    comments_count: int
    user_id: int | None
    user: list[LinkedUser]
    avatar: str
    avatar_big: str
    image_group: list[MemberImages]
    information: str
    weight: int
    fired: int
    status: int
    hidden: int
    bookable: bool
    prepaid: str
    schedule_till: date | None
    has_access_timetable: bool
    is_paid_staff: bool
    is_included_in_payment_policy: bool


class _Card(msgspec.Struct, kw_only=True):
    id: int
    name: str
    company_id: int
    specialization: str
    position: PositionName | list[Any]
    rating: float
    votes_count: int
    comments_count: int
    user_id: int | None
    avatar: str
    avatar_big: str
    information: str
    has_access_timetable: bool
    is_paid_staff: bool
    is_included_in_payment_policy: bool


class CreatedMember(_Card, kw_only=True):
    api_id: int | str | None
    show_rating: bool
    weight: int
    hidden: int
    fired: int
    status: int


class ChangedMember(_Card, kw_only=True):
    """Numbers of old are strings."""

    api_id: int | str | None
    show_rating: int
    weight: str
    hidden: str
    fired: str
    status: str


class ListedMember(_Card, kw_only=True):
    """A team member as the oldest list shows him: numbers of old are strings, `image_group` is one picture or an empty
    list."""

    api_id: str
    show_rating: int
    weight: str
    hidden: str
    fired: str
    status: str
    image_group: MemberImages | list[Any]


class MemberWithPosition(msgspec.Struct, kw_only=True):
    id: int
    name: str
    company_id: int
    specialization: str
    avatar: str
    avatar_big: str
    position: PositionName | None
    is_paid_staff: bool


class MembersQuery(msgspec.Struct, kw_only=True):
    """Names and titles match in part, in any case. `filter[position_id]` of 0: without a position. Of the choices 0 is
    no, 1 yes, 2 all; only the deleted are left out unless asked for. A schedule counts from today. `include` adds
    the position and the employment profile, which holds what identifies a person."""

    name: Given | None = msgspec.field(name="filter[name]", default=None)
    position_id: Id | None = msgspec.field(name="filter[position_id]", default=None)
    position_title: Given | None = msgspec.field(name="filter[position_title]", default=None)
    fired: Choice = msgspec.field(name="filter[fired]", default=2)
    deleted: Choice = msgspec.field(name="filter[deleted]", default=0)
    user_linked: Choice = msgspec.field(name="filter[user_linked]", default=2)
    is_paid: Choice = msgspec.field(name="filter[is_paid]", default=2)
    has_schedule: Choice = msgspec.field(name="filter[has_schedule]", default=2)
    is_assistant: Choice = msgspec.field(name="filter[is_assistant]", default=2)
    include: list[Literal["position", "employee"]] = []


class MemberAttributes(msgspec.Struct, kw_only=True):
    """`tt_markup` is the step of the location's grid, in minutes; `position_id` is 0 without one."""

    name: str
    tt_markup: int
    specialization: str
    image: str
    position_id: int
    is_available_as_assistant: bool
