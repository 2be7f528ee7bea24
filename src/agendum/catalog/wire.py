"""The wire of the catalogue: the contract's names. Lengths are seconds, discounts per cent, money is Decimal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec

from agendum.core.wire import Id

_SMALL = 2**31 - 1

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET
Text = Annotated[str, msgspec.Meta(max_length=255)]
Prose = Annotated[str, msgspec.Meta(max_length=20_000)]
Count = Annotated[int, msgspec.Meta(ge=0, le=_SMALL)]
Weight = Annotated[int, msgspec.Meta(ge=-_SMALL, le=_SMALL)]
Page = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=250)]
Given = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Gender = Literal[0, 1, 2]


class ServicesQuery(msgspec.Struct, kw_only=True):
    """Only what this team member gives, only this category; 0 is no filter."""

    staff_id: Id = 0
    category_id: Id = 0


class CategoriesQuery(msgspec.Struct, kw_only=True):
    staff_id: Id = 0


class ChainCategoriesQuery(msgspec.Struct, kw_only=True):
    include: list[Literal["services"]] = []


class StaffSetting(msgspec.Struct, kw_only=True):
    """A team member who gives the service, by default in the service's own time."""

    id: Id
    seance_length: int | Unset = UNSET
    technological_card_id: Id | Unset | None = UNSET


class ServiceBody(msgspec.Struct, kw_only=True):
    """A service, or what of it shall change. `staff`, when given, is everybody who gives it at the location.

    `capacity` (clients served at once; 0 and 1: one), `gender` (whom it is for: 0 anybody, 1 men, 2 women), `parts`
    (the services that a composite is made of, in their order) and the three of the chain are fields of our own.
    """

    title: Text | Unset = UNSET
    booking_title: Text | Unset = UNSET
    category_id: Id | Unset = UNSET
    price_min: Decimal | Unset = UNSET
    price_max: Decimal | Unset = UNSET
    duration: int | Unset = UNSET
    technical_break_duration: int | Unset | None = UNSET
    discount: Decimal | Unset = UNSET
    comment: Prose | Unset = UNSET
    is_multi: bool | Unset = UNSET
    tax_variant: Count | Unset = UNSET
    vat_id: Count | Unset = UNSET
    is_need_limit_date: bool | Unset = UNSET
    date_from: date | Unset | None = UNSET
    date_to: date | Unset | None = UNSET
    seance_search_start: int | Unset = UNSET
    seance_search_finish: int | Unset = UNSET
    step: Count | Unset = UNSET
    seance_search_step: Count | Unset = UNSET
    weight: Weight | Unset = UNSET
    active: bool | Unset = UNSET
    api_id: Text | Unset = UNSET
    staff: Annotated[list[StaffSetting], msgspec.Meta(max_length=1000)] | Unset = UNSET
    capacity: Annotated[int, msgspec.Meta(ge=0, le=255)] | Unset = UNSET
    gender: Gender | Unset = UNSET
    parts: Annotated[list[Id], msgspec.Meta(max_length=50)] | Unset = UNSET
    is_chain: bool | Unset = UNSET
    is_price_managed_only_in_chain: bool | Unset = UNSET
    is_comment_managed_only_in_chain: bool | Unset = UNSET


class NewService(ServiceBody, kw_only=True):
    """A new service; with `chain_service_id` that service of the chain, which the location offers from now on too."""

    chain_service_id: Id = 0


class CategoryBody(msgspec.Struct, kw_only=True):
    """A category, or what of it shall change. `staff`: who gives its services. `gender` and `is_chain` (managed in the
    chain) are fields of our own."""

    title: Text | Unset = UNSET
    api_id: Text | Unset = UNSET
    weight: Weight | Unset = UNSET
    staff: Annotated[list[Id], msgspec.Meta(max_length=1000)] | Unset = UNSET
    gender: Gender | Unset = UNSET
    is_chain: bool | Unset = UNSET


class LinkChange(msgspec.Struct, kw_only=True):
    """`is_online` (clients book it with him) and `is_offline_records_allowed` (the desk does) are fields of our own."""

    seance_length: int
    technological_card_id: Id | None
    is_online: bool | Unset = UNSET
    is_offline_records_allowed: bool | Unset = UNSET


class NewLink(LinkChange, kw_only=True):
    master_id: Id


class LinkPrice(msgspec.Struct, kw_only=True):
    """A team member's own price; without `max` a fixed one."""

    min: Decimal
    max: Decimal | None = None


class LinkSetting(msgspec.Struct, kw_only=True):
    """How one team member gives the service. A `price` of null is the service's."""

    team_member_id: Id
    tech_card_id: Id | None = None
    hours: int = 0
    minutes: int = 0
    price: LinkPrice | None = None


class Translation(msgspec.Struct, kw_only=True):
    """The service's name in a language; empty takes it away."""

    language_id: Id
    translation: Text


class LinksBody(msgspec.Struct, kw_only=True):
    """Team members not named keep their links; `resource_ids` are all that the service needs at the location."""

    service_id: Id
    team_member_settings: Annotated[list[LinkSetting], msgspec.Meta(max_length=1000)]
    resource_ids: Annotated[list[Id], msgspec.Meta(max_length=1000)]
    translations: Annotated[list[Translation], msgspec.Meta(max_length=1000)]


class ServiceItem(msgspec.Struct, kw_only=True):
    """A service in a list. A technical break of null is the location's."""

    id: int
    salon_service_id: int
    title: str
    booking_title: str
    category_id: int
    price_min: Decimal
    price_max: Decimal
    duration: int
    technical_break_duration: int | None
    discount: Decimal
    comment: str
    weight: int
    active: int
    api_id: str


class ServiceStaff(msgspec.Struct, kw_only=True):
    """Who gives a service and in what time; `price` and `price_max` are null where they are the service's."""

    id: int
    seance_length: int
    technological_card_id: int
    price: Decimal | None
    price_max: Decimal | None


class ServiceResource(msgspec.Struct):
    id: int
    title: str


class ServiceCard(ServiceItem, kw_only=True):
    """All of a service. `is_online`: clients can book it, because it is active and somebody gives it online.
    `image_group` is left out where there is no image."""

    print_title: str
    is_online: bool
    is_multi: bool
    capacity: int
    gender: int
    is_composite: bool
    parts: list[int]
    is_chain: bool
    is_price_managed_only_in_chain: bool
    is_comment_managed_only_in_chain: bool
    tax_variant: int
    vat_id: int
    is_need_limit_date: bool
    date_from: date
    date_to: date
    dates: list[date]
    seance_search_start: int
    seance_search_finish: int
    seance_search_step: int
    step: int
    prepaid: Literal["forbidden", "optional", "required"]
    price_prepaid_amount: Decimal
    price_prepaid_percent: Decimal
    service_type: int
    api_service_id: int
    repeat_visit_days_step: str | None
    schedule_template_type: int
    online_invoicing_status: int
    is_abonement_autopayment_enabled: int
    autopayment_before_visit_time: int
    abonement_restriction_value: int
    staff: list[ServiceStaff]
    resources: list[ServiceResource]
    translations: list[Translation]
    image_group: dict[str, Any] | list[dict[str, Any]] | Unset = UNSET


class Category(msgspec.Struct, kw_only=True):
    """`salon_service_id` is the id of the category's row at the location; `staff` the ids of who gives its services."""

    id: int
    salon_service_id: int
    title: str
    api_id: str
    weight: int
    staff: list[int]
    is_chain: bool
    gender: int


class TitledService(msgspec.Struct):
    id: int
    title: str


class ChainCategory(msgspec.Struct):
    id: int
    title: str
    services: list[TitledService] | Unset = UNSET


class Total(msgspec.Struct):
    total_count: int


class Link(msgspec.Struct, kw_only=True):
    """A team member's link to a service: `length` in seconds, `price` null where it is the service's."""

    service_id: int
    master_id: int
    length: int
    technological_card_id: int
    api_id: str
    is_online: bool
    is_offline_records_allowed: bool
    price: Decimal | None


class ShownSetting(msgspec.Struct, kw_only=True):
    team_member_id: int
    tech_card_id: int | None
    hours: int
    minutes: int
    price: LinkPrice | None


class Links(msgspec.Struct, kw_only=True):
    """All that `services/links` sets of a service, as it stands."""

    service_id: int
    team_member_settings: list[ShownSetting]
    resource_ids: list[int]
    translations: list[Translation]


Include = Literal["resources", "service_composite", "resource_links", "company_links", "trial_settings"]


class OneServiceQuery(msgspec.Struct, kw_only=True):
    include: list[Include] = []


class ServiceListQuery(OneServiceQuery, kw_only=True):
    service_ids: list[Given] = msgspec.field(name="filter[service_ids]", default_factory=list[int])
    page: Page = 1
    limit: Limit = 250


class CategoryListQuery(msgspec.Struct, kw_only=True):
    staff_id: Given | None = msgspec.field(name="filter[staff_id]", default=None)


class AttendanceQuery(msgspec.Struct, kw_only=True):
    """`term` is at least three letters of a name once its ends are trimmed."""

    staff_id: Given | None = None
    category_id: Given | None = msgspec.field(name="filter[category_id]", default=None)
    service_ids: list[Given] = msgspec.field(name="filter[service_ids]", default_factory=list[int])
    term: str | None = msgspec.field(name="filter[term]", default=None)
    is_available_for_timetable: Literal[0, 1] | None = msgspec.field(
        name="filter[is_available_for_timetable]", default=None
    )
    is_multi: Literal[0, 1] | None = msgspec.field(name="filter[is_multi]", default=None)
    is_composite: Literal[0, 1] | None = msgspec.field(name="filter[is_composite]", default=None)
    page: Page = 1
    limit: Limit = 250


class SuggestionsQuery(msgspec.Struct, kw_only=True):
    staff_id: Given
    client_id: Given | None = None
    include: list[Literal["attendance_service", "record"]] = []


class ServiceFacts(msgspec.Struct):
    title: str
    category_id: int


class CategoryFacts(msgspec.Struct):
    title: str
    salon_service_id: int


class AttendanceFacts(msgspec.Struct, kw_only=True):
    """One way to give a service: by a team member, or by nobody yet (0); alone, or as a part of a composite (0: alone).
    `length` is the older name of `duration`; the technical break comes after it."""

    company_id: int
    service_id: int
    category_id: int
    is_composite: bool
    composite_service_id: int
    salon_service_id: int | None
    composite_position: int | None
    staff_id: int
    title: str
    length: int
    duration: int
    price_min: Decimal
    price_max: Decimal
    technical_break_duration: int


class SuggestionFacts(msgspec.Struct):
    service_id: int
    suggestion_type: Literal["last_client_visit_attendance_service", "client_popular_service", "master_popular_service"]
    record_id: int | None
