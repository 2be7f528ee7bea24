"""Locations and dictionaries on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from agendum.core.wire import Id

Metres = Annotated[float, Meta(ge=0, le=50_000_000)]
Line = Annotated[str, Meta(max_length=255)]
Title = Annotated[str, Meta(min_length=1, max_length=255)]
Priority = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Reference = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class LocationQuery(msgspec.Struct, kw_only=True):
    """What to show of a location. `my` needs a signed-in user."""

    my: bool = False
    for_booking: bool = msgspec.field(name="forBooking", default=False)
    show_groups: bool = False
    show_bookforms: bool = msgspec.field(name="showBookforms", default=False)
    bookform_id: Id | None = None


class LocationsQuery(LocationQuery, kw_only=True):
    """Which locations. `lat` and `lon` (degrees) sort by distance, `max_distance` (metres) limits it."""

    id: Id | None = None
    group_id: Id | None = None
    active: bool | None = None
    city_id: Id | None = None
    min_id: Id | None = None
    show_deleted: bool = False
    hide_record_type_single: bool = False
    hide_record_type_activity: bool = False
    hide_record_type_mixed: bool = False
    business_group_id: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    business_type_id: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    include: list[Literal["staff", "positions", "accounts", "storages", "expenses"]] = []
    lat: Annotated[float, Meta(ge=-90, le=90)] | None = None
    lon: Annotated[float, Meta(ge=-180, le=180)] | None = None
    max_distance: Metres | None = None
    count: Annotated[int, Meta(ge=0)] = 0  # 0: as many as a page has
    page: Annotated[int, Meta(ge=0, le=10**9)] = 1


class SocialChanges(msgspec.Struct):
    telegram: Line | UnsetType = UNSET
    instagram: Line | UnsetType = UNSET
    vk: Line | UnsetType = UNSET
    facebook: Line | UnsetType = UNSET
    viber: Line | UnsetType = UNSET
    whatsapp: Line | UnsetType = UNSET


class LocationFields(msgspec.Struct, kw_only=True):
    """What is sent of a location is changed, the rest stays; everything is shown again under the same names.

    An id wins over a name: `country_id` over `country`, `city_id` over `city`; an id 0 is none. `phones` win over
    `phone`, any usual form is read, a national number by the location's country. Coordinates are degrees, 0 and 0 for
    not known; `coordinate_lot` is the contract's other spelling of `coordinate_lon`. `description` is HTML.
    `technical_break`: seconds after an appointment where a service says nothing of its own.
    """

    title: Title | UnsetType = UNSET
    public_title: Line | UnsetType = UNSET
    short_descr: Line | UnsetType = UNSET
    description: Annotated[str, Meta(max_length=100_000)] | UnsetType = UNSET
    country_id: Reference | UnsetType = UNSET
    country: Line | UnsetType = UNSET
    city_id: Id | UnsetType = UNSET
    city: Line | UnsetType = UNSET
    timezone_name: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    address: Line | UnsetType = UNSET
    zip: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET
    coordinate_lat: Annotated[float, Meta(ge=-90, le=90)] | UnsetType = UNSET
    coordinate_lon: Annotated[float, Meta(ge=-180, le=180)] | UnsetType = UNSET
    coordinate_lot: Annotated[float, Meta(ge=-180, le=180)] | UnsetType = UNSET
    phone: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    phones: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=20)] | UnsetType = UNSET
    email: Line | UnsetType = UNSET
    site: Line | UnsetType = UNSET
    social: SocialChanges | UnsetType = UNSET
    schedule: Annotated[str, Meta(max_length=2000)] | UnsetType = UNSET
    app_ios: Line | UnsetType = UNSET
    app_android: Line | UnsetType = UNSET
    business_type_id: Reference | UnsetType = UNSET
    record_type_id: Literal[0, 1, 2] | UnsetType = UNSET
    group_priority: Priority | UnsetType = UNSET
    bookform_group_priority: Priority | UnsetType = UNSET
    active: bool | UnsetType = UNSET
    technical_break: Annotated[int, Meta(ge=0, le=3600, multiple_of=300)] | UnsetType = UNSET


class NewLocation(LocationFields, kw_only=True):
    """A location to be, in the chain of this id or in a new one, which has the location's title if not its own."""

    title: Title  # type: ignore[assignment]
    chain_id: Id = 0
    chain_title: Line = ""


class CitiesQuery(msgspec.Struct, kw_only=True):
    """`company_id`: a location whose city is added even when it lies in another country."""

    country_id: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    company_id: Id | None = None


class Country(msgspec.Struct, kw_only=True):
    """`currency` is a symbol. `exchange` is 1: a location counts in its own money, nothing is converted."""

    id: int
    title: str
    full_title: str
    iso_code: str
    phone_code: str
    phone_template: str
    phone_example: str
    currency: str
    exchange: int = 1
    lang_id: int
    group_type: int
    is_eu: bool


class City(msgspec.Struct, frozen=True):
    id: int
    country_id: int
    title: str


class BusinessType(msgspec.Struct):
    id: int
    title: str
    business_group_id: int


class BusinessGroup(msgspec.Struct):
    """The images are absolute addresses, empty where there is none."""

    id: int
    title: str
    image: str
    image_small: str
    types: list[BusinessType]


class Count(msgspec.Struct):
    count: int


class PhoneVerdict(msgspec.Struct):
    is_valid: bool


class Social(msgspec.Struct, frozen=True):
    telegram: str = ""
    instagram: str = ""
    vk: str = ""
    facebook: str = ""
    viber: str = ""
    whatsapp: str = ""


class Group(msgspec.Struct):
    """A chain."""

    id: int
    title: str


class Position(msgspec.Struct, frozen=True):
    id: int
    title: str


class BookformLink(msgspec.Struct):
    id: int
    title: str
    is_default: int
    url: str


class StaffMember(msgspec.Struct, kw_only=True):
    """A team member whom clients may choose; `position` is an empty list where there is none."""

    id: int
    name: str
    specialization: str
    information: str
    avatar: str
    avatar_big: str
    weight: int
    position: Position | list[Any]


class PaymentPolicy(msgspec.Struct):
    type: Literal["none", "deposit", "card_guarantee"] = "none"


class Location(msgspec.Struct, kw_only=True):
    """A location as lists and single answers show it.

    `timezone` is the offset in hours at this moment; coordinates are degrees, 0 and 0 where not known; an unknown
    city or business type is 0; phones carry a plus; `photos` are paths as stored, `company_photos` addresses.
    What must be asked for (`next_slot` and all after it) is absent otherwise.
    """

    id: int
    title: str
    public_title: str
    short_descr: str
    logo: str
    active: int
    phone: str
    phones: list[str]
    email: str
    country_id: int
    schedule: str
    country: str
    city_id: int
    city: str
    timezone: int | float
    timezone_name: str
    address: str
    zip: str
    coordinate_lat: float
    coordinate_lon: float
    phone_confirmation: bool
    push_notification_phone_confirm: int
    active_staff_count: int
    app_ios: str
    app_android: str
    currency_short_title: str
    reminds_sms_disabled: bool
    reminds_sms_default: int  # hours before the start; 0 none
    booking_comment_required: bool
    booking_email_required: bool
    group_priority: int
    bookform_group_priority: int
    description: str
    photos: list[str]
    company_photos: list[str]
    booking_widget_promo: None = None
    social: Social
    site: str
    business_group_id: int
    business_type_id: int
    record_type_id: int  # 0 mixed, 1 individual appointments, 2 group events
    main_group_id: int
    main_group: Group
    payment_policy: PaymentPolicy
    next_slot: str | UnsetType | None = UNSET
    groups: dict[int, Group] | UnsetType = UNSET
    bookforms: list[BookformLink] | UnsetType = UNSET
    online_sales_form_url: str | UnsetType = UNSET
    distance: int | UnsetType | None = UNSET  # metres; null where the location has no coordinates
    staff: list[StaffMember] | UnsetType = UNSET
    positions: list[Position] | UnsetType = UNSET
    is_deleted: bool | UnsetType = UNSET
    access: dict[str, Any] | UnsetType = UNSET
    role: str | UnsetType = UNSET
    technical_break: int | UnsetType = UNSET  # seconds after an appointment, shown to its team


class LicenseOption(msgspec.Struct):
    id: int
    title: str


class License(msgspec.Struct, kw_only=True):
    """Dates are dd.mm.yyyy; `staff_limit` is the number of team members that may be there. `LicenseOption`, which the
    contract has beside the list, is the first of `options`."""

    id: int
    salon_id: int
    staff_limit: int
    deactivation_date: str
    start_date: str
    name: str
    active: int = 1
    is_paid_rights_model: bool = False
    options: list[LicenseOption]
    first_option: LicenseOption = msgspec.field(name="LicenseOption")


class ChainLocation(msgspec.Struct, kw_only=True):
    """A location as the list of chains shows it; unknown ids are 0, coordinates degrees, 0 and 0 where not known."""

    id: int
    title: str
    public_title: str
    business_group_id: int
    business_type_id: int
    country_id: int
    city_id: int
    timezone: int | float
    timezone_name: str
    address: str
    currency_short_title: str
    coordinate_lat: float
    coordinate_lon: float
    logo: str
    zip: str
    phone: str
    phones: list[str]
    site: str
    allow_delete_record: bool
    allow_change_record: bool


class ChainAccess(msgspec.Struct, kw_only=True):
    """What the user may do in the chain as a whole: "1" or "0"."""

    settings_access: str
    clients_access: str
    deposits_access: str
    deposit_types_access: str
    users_access: str
    loyalty_access: str
    loyalty_abonement_types_access: str
    loyalty_abonement_balance_edit_access: str
    loyalty_abonement_period_edit_access: str
    loyalty_abonement_history_access: str
    loyalty_cards_manual_transactions_access: str
    loyalty_certificate_types_access: str
    loyalty_programs_access: str
    network_services_access: str
    chain_services_access: str
    analytics_access: str


class Chain(msgspec.Struct, kw_only=True):
    id: int
    title: str
    companies: list[ChainLocation]
    access: ChainAccess
