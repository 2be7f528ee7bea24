"""The wire of working time, resources and the calendar: the contract's names.

Times of day are the location's wall clock, HH:MM; 24:00 and more is the next day: 18:00 to 26:00 ends at two at night.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from agendum.core.wire import Id

Title = Annotated[str, msgspec.Meta(max_length=255)]
Text = Annotated[str, msgspec.Meta(max_length=10_000)]


class Slot(msgspec.Struct):
    """A working interval."""

    from_: Annotated[str, msgspec.Meta(examples=["10:00"])] = msgspec.field(name="from")
    to: Annotated[str, msgspec.Meta(examples=["19:00"])]


class DayBody(msgspec.Struct, kw_only=True):
    """One day of a team member. `slots` count when he works."""

    date: str
    is_working: bool
    slots: list[Slot] = []


class Day(msgspec.Struct):
    """`is_working` is 1 or 0."""

    date: date
    is_working: int
    slots: list[Slot]


class ScheduleQuery(msgspec.Struct, kw_only=True):
    """Without dates: the month from today on. One date alone is the begin, or the end, of such a month."""

    start_date: date | None = None
    end_date: date | None = None
    staff_ids: list[Id] = []
    include: list[Literal["busy_intervals", "off_day_type"]] = []


class BusyInterval(msgspec.Struct):
    """Time given away to an appointment (record) or a group event (activity), as HH:MM:SS."""

    entity_type: Literal["record", "activity"]
    entity_id: int
    from_: Annotated[str, msgspec.Meta(examples=["11:00:00"])] = msgspec.field(name="from")
    to: Annotated[str, msgspec.Meta(examples=["12:00:00"])]


class ScheduleEntry(msgspec.Struct, kw_only=True):
    """A day of a team member. `off_day_type`: 1 day off, 2 leave, 3 sick leave."""

    team_member_id: int
    staff_id: int
    date: date
    slots: list[Slot]
    busy_intervals: list[BusyInterval] | UnsetType = UNSET
    off_day_type: int | UnsetType | None = UNSET


class Count(msgspec.Struct):
    count: int


class SetItem(msgspec.Struct, kw_only=True):
    """The same working day on each of these dates."""

    team_member_id: Id
    dates: list[str]
    slots: list[Slot]


class DeleteItem(msgspec.Struct, kw_only=True):
    """These dates become days off; `off_day_type` says why: 1 day off, 2 leave, 3 sick leave."""

    team_member_id: Id
    dates: list[str]
    off_day_type: Annotated[int, msgspec.Meta(ge=1, le=3)] | None = None


class ScheduleBody(msgspec.Struct, kw_only=True):
    schedules_to_set: list[SetItem] = []
    schedules_to_delete: list[DeleteItem] = []


class CalendarDatesQuery(msgspec.Struct, kw_only=True):
    staff_id: Id = 0


class Session(msgspec.Struct):
    """A start time of the calendar, HH:MM."""

    time: str
    is_free: bool


class Instance(msgspec.Struct):
    id: int
    title: str
    resource_id: int


class Resource(msgspec.Struct, kw_only=True):
    """A kind of room or device; `services` need one free instance of it for as long as they last."""

    id: int
    title: str
    description: str
    instances: list[Instance]
    services: list[int]


class InstanceBody(msgspec.Struct, kw_only=True):
    """With the `id` of an instance that one, else the next that nobody named, else a new one."""

    id: Id | None = None
    title: Title = ""


Instances = Annotated[list[InstanceBody], msgspec.Meta(max_length=100)]


class ResourceBody(msgspec.Struct, kw_only=True):
    """Without `instances` there is one."""

    title: Title
    description: Text = ""
    instances: Instances = []
    services: list[Id] = []


class ResourcePatch(msgspec.Struct, kw_only=True):
    """What is left out stays as it is. `instances` are then all that there are."""

    title: Title | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    instances: Instances | UnsetType = UNSET
    services: list[Id] | UnsetType = UNSET


class CalendarSettings(msgspec.Struct, kw_only=True):
    """`record_type`: 0 mixed, 1 individual, 2 group event."""

    record_type: int
    activity_record_clients_count_max: int
    is_show_newsletter_agreement: bool
    is_show_personal_data_processing_agreement: bool


class CalendarSettingsPatch(msgspec.Struct, kw_only=True):
    """What is left out stays as it is."""

    record_type: Literal[0, 1, 2] | UnsetType = UNSET
    activity_record_clients_count_max: Annotated[int, msgspec.Meta(ge=1, le=255)] | UnsetType = UNSET
    is_show_newsletter_agreement: bool | UnsetType = UNSET
    is_show_personal_data_processing_agreement: bool | UnsetType = UNSET


class OccupationsQuery(msgspec.Struct, kw_only=True):
    """Occupations that cross the interval, by the location's clock (no offset)."""

    from_: Annotated[str, msgspec.Meta(examples=["2026-07-16T13:00:00"])] = msgspec.field(
        name="filter[date_intersect_from_strict]"
    )
    till: Annotated[str, msgspec.Meta(examples=["2026-07-16T18:00:00"])] = msgspec.field(
        name="filter[date_intersect_to_strict]"
    )
    service_id: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)] | None = msgspec.field(
        default=None, name="filter[service_id]"
    )
    service_ids: list[Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]] = msgspec.field(
        default_factory=list, name="filter[service_ids]"
    )


class Occupation(msgspec.Struct, kw_only=True):
    """What takes an instance's time. `from` and `to` are the location's clock: 2026-07-16 13:00:00."""

    source_type: Literal["record", "activity"]
    source_type_slug: Literal["record", "activity"]
    source_id: int
    resource_id: int
    resource_instance_id: int
    from_: Annotated[str, msgspec.Meta(examples=["2026-07-16 13:00:00"])] = msgspec.field(name="from")
    to: Annotated[str, msgspec.Meta(examples=["2026-07-16 13:30:00"])]
