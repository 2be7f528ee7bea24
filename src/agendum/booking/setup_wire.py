"""How a business sets up its online booking: settings, start times, the privacy policy, booking forms."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from agendum.booking.forms_wire import Agreement
from agendum.core.wire import Id

Title = Annotated[str, Meta(max_length=255)]
FormTitle = Annotated[str, Meta(max_length=255, examples=["Book with us"])]
Text = Annotated[str, Meta(max_length=4000)]
Color = Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$", examples=["#1c84c6"])]
Word = Annotated[str, Meta(max_length=64)]
Place = Annotated[str, Meta(max_length=2000)]
Number = Annotated[int, Meta(ge=0, le=2**31 - 1)]
StepNumber = Annotated[int, Meta(ge=1, le=100)]
LeadMinutes = Annotated[int, Meta(ge=0, le=1380, multiple_of=30, examples=[90])]
Seats = Annotated[int, Meta(ge=1, le=255)]
HorizonDays = Annotated[int, Meta(ge=1, le=730)]
Step = Annotated[int, Meta(ge=60, le=86_400, multiple_of=60)]
Delay = Annotated[int, Meta(ge=0, le=31_536_000)]
Hours = Annotated[int, Meta(ge=0, le=720)]


class OnlineSettings(msgspec.Struct, kw_only=True):
    """Settings of online booking.

    `seance_delay_step` is the minutes from now to the nearest start, `horizon_days` the last bookable day from today,
    `slot_step` the seconds between starts where no timeslots are set. The other delay steps are the seconds before
    the start until which a client may move or cancel, `sms_before_default` hours.
    """

    confirm_number: bool = False
    any_master: bool = True
    seance_delay_step: int = 0
    activity_online_record_clients_count_max: int = 1
    is_enabled: bool = True
    horizon_days: int = 90
    slot_step: int = 900
    allow_change: bool = msgspec.field(name="allow_change_record", default=True)
    allow_change_delay: int = msgspec.field(name="allow_change_record_delay_step", default=0)
    allow_delete: bool = msgspec.field(name="allow_delete_record", default=True)
    allow_delete_delay: int = msgspec.field(name="allow_delete_record_delay_step", default=0)
    comment_required: bool = False
    sms_enabled: bool = True
    sms_before_default: int = 0


class OnlineSettingsPatch(msgspec.Struct, kw_only=True):
    """What comes is changed, the rest stays."""

    confirm_number: bool | UnsetType = UNSET
    any_master: bool | UnsetType = UNSET
    seance_delay_step: LeadMinutes | UnsetType = UNSET
    activity_online_record_clients_count_max: Seats | UnsetType = UNSET
    is_enabled: bool | UnsetType = UNSET
    horizon_days: HorizonDays | UnsetType = UNSET
    slot_step: Step | UnsetType = UNSET
    allow_change: bool | UnsetType = msgspec.field(name="allow_change_record", default=UNSET)
    allow_change_delay: Delay | UnsetType = msgspec.field(name="allow_change_record_delay_step", default=UNSET)
    allow_delete: bool | UnsetType = msgspec.field(name="allow_delete_record", default=UNSET)
    allow_delete_delay: Delay | UnsetType = msgspec.field(name="allow_delete_record_delay_step", default=UNSET)
    comment_required: bool | UnsetType = UNSET
    sms_enabled: bool | UnsetType = UNSET
    sms_before_default: Hours | UnsetType = UNSET


DaySecond = Annotated[int, Meta(ge=0, le=86_399, examples=[36_000])]


class GridSetting(msgspec.Struct, kw_only=True):
    """How start times lie in a day: seconds from midnight, and between starts; the delay counts from now."""

    grid_base_type: Literal["predefined", "schedule", "timeslots"]
    grid_first_timeslot: DaySecond = 0
    grid_last_timeslot: DaySecond = 86_100
    grid_display_step: Step = 900
    grid_nearest_timeslot_delay: Delay = 0
    is_grid_flexible: bool = False


class WeekdayRule(msgspec.Struct, kw_only=True):
    """Start times of a weekday, 1 Monday to 7 Sunday; `timeslots` count where they are predefined."""

    weekday: Annotated[int, Meta(ge=1, le=7)]
    setting: GridSetting
    timeslots: Annotated[list[DaySecond], Meta(max_length=1440)] = []


class DateRule(msgspec.Struct, kw_only=True):
    """Start times of one date instead of its weekday's; predefined without any: nothing can be booked."""

    date: dt.date
    setting: GridSetting
    timeslots: Annotated[list[DaySecond], Meta(max_length=1440)] = []


class Timeslots(msgspec.Struct, kw_only=True):
    """The grid of start times. Where it is switched off, or has no rule for a day, starts come every `slot_step`."""

    is_enabled: bool
    weekdays_settings: Annotated[list[WeekdayRule], Meta(max_length=7)] = []
    dates_settings: Annotated[list[DateRule], Meta(max_length=1000)] = []


class PolicyBody(msgspec.Struct, kw_only=True):
    """`content` is HTML; `is_shown`: clients are asked to agree to it before they book."""

    content: Annotated[str, Meta(max_length=200_000, examples=["<p>We keep your phone to remind you.</p>"])]
    is_shown: bool | UnsetType = UNSET


class PolicySet(msgspec.Struct, kw_only=True):
    """The policy as it is now."""

    agreement: Agreement
    is_shown: bool


class StyleBody(msgspec.Struct, kw_only=True):
    """How the form looks; images are paths on this server or addresses."""

    show_header: bool | UnsetType = UNSET
    logo: Place | UnsetType = UNSET
    header_background: Place | UnsetType = UNSET
    menu_background: Place | UnsetType = UNSET
    main_color: Color | UnsetType = UNSET
    secondary_color: Color | UnsetType = UNSET
    buttons_color: Color | UnsetType = UNSET
    primary_palette: Word | UnsetType = msgspec.field(name="primaryPalette", default=UNSET)
    accent_palette: Word | UnsetType = msgspec.field(name="accentPalette", default=UNSET)
    warn_palette: Word | UnsetType = msgspec.field(name="warnPalette", default=UNSET)
    background_palette: Word | UnsetType = msgspec.field(name="backgroundPalette", default=UNSET)
    main_color_theme: Word | UnsetType = UNSET


class FormFields(msgspec.Struct, kw_only=True):
    """What may be said of a form beside its title."""

    description: Text | UnsetType = UNSET
    is_default: bool | UnsetType = UNSET
    without_menu: bool | UnsetType = UNSET
    sequence_type: Word | UnsetType = UNSET
    service_step_default: Id | UnsetType | None = UNSET
    service_step_hide: bool | UnsetType = UNSET
    service_step_num: StepNumber | UnsetType = UNSET
    service_step_title: Title | UnsetType = UNSET
    service_step_category_view_type: Word | UnsetType = UNSET
    master_step_default: Annotated[int, Meta(ge=-1, le=2**63 - 1)] | UnsetType | None = UNSET
    master_step_hide: bool | UnsetType = UNSET
    master_step_num: StepNumber | UnsetType = UNSET
    master_step_title: Title | UnsetType = UNSET
    datetime_step_num: StepNumber | UnsetType = UNSET
    datetime_step_title: Title | UnsetType = UNSET
    show_button: bool | UnsetType = UNSET
    button_position: Literal["bottom right", "bottom left", "top right", "top left", "top left "] | UnsetType = UNSET
    form_position: Literal["right", "left"] | UnsetType = UNSET
    button_color: Color | UnsetType = UNSET
    button_animation: bool | UnsetType = UNSET
    ab_test_enabled: bool | UnsetType = UNSET
    specialization_display_mode: Annotated[int, Meta(ge=0, le=1)] | UnsetType = UNSET
    salon_select_type_code: Word | UnsetType = UNSET
    display_activity_type: Word | UnsetType = UNSET
    record_type_id: Annotated[int, Meta(ge=0, le=2)] | UnsetType | None = UNSET
    is_weekly_view_enabled: bool | UnsetType = UNSET
    show_weekly_view_without_online_booking: bool | UnsetType = UNSET
    weekly_view_default_salon_id: Id | UnsetType | None = UNSET
    map_type: Number | UnsetType = UNSET
    online_sales_group_id: Id | UnsetType = UNSET
    facebook_pixel_id: Word | UnsetType = UNSET
    vk_pixel_id: Word | UnsetType = UNSET
    default_language_id: Number | UnsetType = UNSET
    language_ids: Annotated[list[Number], Meta(max_length=100)] | UnsetType = UNSET
    style: StyleBody | UnsetType = UNSET


class NewForm(FormFields, kw_only=True):
    """A new form; what is not said has its default. `is_chain`: of the whole chain, for who manages that.

    `…_step_num` orders the steps, `…_step_default` is the id that is chosen beforehand: 0 none, and for the team
    member -1 anybody. `default_language_id` and `language_ids` are ids of languages.
    """

    title: FormTitle
    is_chain: bool = False


class FormPatch(FormFields, kw_only=True):
    """What comes is changed, the rest stays."""

    title: FormTitle | UnsetType = UNSET


class Form(msgspec.Struct, kw_only=True):
    """A booking form as the business sets it up. `group_id` is the chain of a chain's form, else 0.

    `html_code` puts a button into another site that opens the form over it, `html_code_v2` the form itself.
    """

    id: int
    title: str
    description: str
    is_default: bool
    without_menu: bool
    service_step_default: int
    service_step_hide: bool
    master_step_default: int
    master_step_hide: bool
    service_step_num: int
    master_step_num: int
    datetime_step_num: int
    show_button: bool
    button_position: str
    form_position: str
    button_color: str
    button_animation: bool
    html_code: str
    ab_test_enabled: bool
    is_chain: bool
    sequence_type: str
    service_step_title: str
    master_step_title: str
    specialization_display_mode: int
    datetime_step_title: str
    html_code_v2: str
    map_type: int
    default_language_id: int
    group_id: int
    facebook_pixel_id: str
    vk_pixel_id: str
    online_sales_group_id: int
    service_step_category_view_type: str
    salon_select_type_code: str
    record_type_id: int | None
    display_activity_type: str
    is_multiple_activity_record: bool
    activity_record_count: int
    header_images: dict[str, Any] | None
    is_weekly_view_enabled: bool
    show_weekly_view_without_online_booking: bool
    weekly_view_default_salon_id: int | None
