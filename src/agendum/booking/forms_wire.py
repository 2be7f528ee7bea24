"""Booking forms on the wire."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType


class Step(msgspec.Struct, kw_only=True):
    """A step of the form; `num` counts from 1.

    `default` is the id that is chosen beforehand: 0 none, and for the step master -1 anybody who is free. The
    step datetime has `date_…` and `time_…` instead.
    """

    step: str
    title: str
    num: int
    hidden: bool
    is_title_default: bool
    default: int | str | UnsetType = UNSET
    date_default: str | UnsetType = UNSET
    time_default: int | UnsetType = UNSET  # seconds from midnight
    date_hidden: bool | UnsetType = UNSET
    time_hidden: bool | UnsetType = UNSET
    category_view_type: str | UnsetType = UNSET


class Style(msgspec.Struct, kw_only=True):
    """How the form looks: images as absolute addresses, colours, palette names."""

    show_header: bool = True
    logo: str = ""
    header_background: str = ""
    menu_background: str = ""
    main_color: str = "#1C84C6"
    secondary_color: str = "#999999"
    buttons_color: str = "#FFFFFF"
    logo_full: str = ""
    header_background_full: str = ""
    menu_background_full: str = ""
    primary_palette: str = msgspec.field(name="primaryPalette", default="blue")
    accent_palette: str = msgspec.field(name="accentPalette", default="light-blue")
    warn_palette: str = msgspec.field(name="warnPalette", default="blue")
    background_palette: str = msgspec.field(name="backgroundPalette", default="grey")
    main_color_theme: str = "light"
    header_background_new: dict[str, str] | list[Any] = []  # sm, norm, origin; an empty list: none


class Language(msgspec.Struct):
    id: int
    code: str
    title: str


class Brand(msgspec.Struct):
    title: str
    logo: str


class Map(msgspec.Struct, omit_defaults=True):
    """Where the form begins, in degrees; empty where the location has no coordinates."""

    lat: float | None = None
    lon: float | None = None


class Analytics(msgspec.Struct, kw_only=True):
    """Counters that the page starts."""

    google_analytics_id: str = ""
    google_analytics_client_id_index: str | None = None
    facebook_pixel_id: str = ""
    metrika_counter_id: int | None = None
    app_metrika_id: str | None = None
    client_scripts: str = ""
    y_injection: str = ""
    injection: dict[str, Any] = {}


class Display(Analytics, kw_only=True):
    """Choices of display that no rule reads. Without a `record_type_id` the form follows its location."""

    first_service_category_close: bool = False
    salon_select_type_code: str = "list"
    specialization_display_mode: int = 0  # 0 specialization, 1 position
    ab_test_enabled: bool = False
    ab_test_percentage: int = 0
    display_activity_type: str = "all"
    weekly_view_enabled: bool = False
    show_weekly_view_without_online_booking: bool = False
    weekly_view_default_salon_id: int | None = None
    record_type_id: int | UnsetType | None = UNSET
    comment_input_name: str | UnsetType = UNSET
    booking_notify_text: str | UnsetType = UNSET
    legal_info: dict[str, Any] | None = None
    online_sales_links: list[dict[str, Any]] = []
    features: dict[str, Any] = {}


class FormConfig(Display, kw_only=True):
    """All that a booking page needs to open a form.

    `group_id` is the chain of a chain's form and 0 for the form of one location; `company_id` is the location
    where it begins. `phone_confirmation`, `comment_required` and `sms_enabled` are that location's settings.
    """

    steps: list[Step]
    style: Style
    group_id: int
    company_id: int
    phone_confirmation: bool
    lang: str
    langs: list[Language]
    comment_required: bool
    sms_enabled: bool
    id: int
    url: str
    staff_name: dict[str, str]  # the word for team members, by number: 1 one, 2 a few, 3 many
    without_menu: bool
    sequence_type: str
    map: Map
    is_show_privacy_policy: bool
    is_client_agreements_feature_enabled: bool
    is_multiple_activity_record: bool
    activity_record_count: int
    chain_main_salon_id: int
    brand: Brand
    # Nothing is sold online.
    is_online_sale_available: bool = False
    certificate_count: int = 0
    abonement_count: int = 0


class Agreement(msgspec.Struct):
    """The text of a privacy policy as HTML; empty: none is set and the step is left out."""

    content: str


class PrivacyPolicy(msgspec.Struct):
    agreement: Agreement


class AskedField(msgspec.Struct, kw_only=True):
    """A custom field of appointments that clients fill in; `code` is its key. A list without values takes any text."""

    code: str
    title: str
    type: Literal["number", "text", "list", "date", "datetime"]
    values: list[str]
    is_required: bool


class AskedSettings(msgspec.Struct, kw_only=True):
    """What a location asks of its clients and lets them do.

    `currency` is an ISO 4217 code, `any_master`: "anyone who is free" may be chosen, `sms_before_default` hours before
    the visit, `horizon_days` the last bookable day from today.
    """

    currency: str
    is_enabled: bool = True
    any_master: bool = True
    phone_confirmation: bool = False
    comment_required: bool = False
    sms_enabled: bool = True
    sms_before_default: int = 0
    horizon_days: int = 90
    allow_change_record: bool = True
    allow_delete_record: bool = True
    is_show_privacy_policy: bool = False
    custom_fields: list[AskedField] = []
