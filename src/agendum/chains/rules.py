"""Which locations a query means, and how a location is shown."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from agendum.chains.hooks import LocationBooking
from agendum.chains.wire import (
    BookformLink,
    Group,
    Location,
    LocationQuery,
    LocationsQuery,
    PaymentPolicy,
    Social,
    StaffMember,
)
from agendum.core.clock import zone
from agendum.core.errors import Invalid
from agendum.core.permissions import Membership, User
from agendum.core.phone import show_phone

PAGE, LARGEST_PAGE = 50, 1000
MIXED, INDIVIDUAL, GROUP_EVENTS = 0, 1, 2

# Columns of find_locations that go out as they are.
_NAMES = """
    id title public_title short_descr logo active email country_id schedule country city_id city timezone_name
    address zip coordinate_lat coordinate_lon app_ios app_android currency_short_title group_priority
    bookform_group_priority description photos site business_group_id business_type_id record_type_id
"""
_PLAIN = _NAMES.split()


def alphabetical(title: str) -> str:
    """The key that sorts titles as a reader looks for them: case and accents do not count."""
    bare = unicodedata.normalize("NFKD", title)
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()


def offset_hours(timezone: str, now: datetime) -> int | float:
    """A zone's offset from UTC at a moment: -5, 5.5."""
    offset = now.astimezone(zone(timezone)).utcoffset()
    assert offset is not None
    hours = offset.total_seconds() / 3600
    return int(hours) if hours.is_integer() else hours


def filters(query: LocationsQuery, user: User | None) -> dict[str, Any]:
    """The parameters of find_locations but for `closed`; `user` narrows to where he belongs. Raises Invalid.

    The directory of everybody leaves out inactive locations unless `active` says otherwise.
    """
    for name in ("lat", "lon", "max_distance"):
        value = getattr(query, name)
        if value is not None and math.isnan(value):
            raise Invalid(f"{name}: expected a number.", field=name)
    if (query.lat is None) != (query.lon is None):
        missing = "lat" if query.lat is None else "lon"
        raise Invalid(f"{missing}: lat and lon belong together.", field=missing)
    if query.max_distance is not None and query.lat is None:
        raise Invalid("max_distance: lat and lon say from where.", field="max_distance")
    everybody = query.id is None and query.group_id is None and user is None
    chain_ids = None if query.group_id is None else [query.group_id]
    if user is not None:
        belongs = {place.chain_id for place in user.memberships}
        chain_ids = sorted(belongs if chain_ids is None else belongs & set(chain_ids))
    hidden = {
        INDIVIDUAL: query.hide_record_type_single,
        GROUP_EVENTS: query.hide_record_type_activity,
        MIXED: query.hide_record_type_mixed,
    }
    count = min(query.count or PAGE, LARGEST_PAGE)
    return {
        "chain_ids": chain_ids,
        "id": query.id,
        "own_ids": _own(user, lambda place: place.location_id),
        "own_chains": _own(user, lambda place: place.chain_id if place.location_id is None else None),
        "min_id": query.min_id,
        "city_id": query.city_id,
        "business_type_id": query.business_type_id,
        "business_group_id": query.business_group_id,
        "hidden_types": [kind for kind, hide in hidden.items() if hide] or None,
        "active_only": everybody if query.active is None else query.active,
        "with_deleted": query.show_deleted,
        "lat": query.lat,
        "lon": query.lon,
        "max_distance": query.max_distance,
        "by_priority": query.group_id is not None,
        "count": count,
        "skip": (max(query.page, 1) - 1) * count,
    }


def _own(user: User | None, of: Callable[[Membership], int | None]) -> list[int] | None:
    if user is None:
        return None
    return sorted({found for place in user.memberships if (found := of(place)) is not None})


def shown(
    row: Mapping[str, Any],
    booking: LocationBooking,
    query: LocationQuery,
    *,
    now: datetime,
    url: Callable[[str], str],
    place: Membership | None,
) -> Location:
    """A row of find_locations as the wire has it; `place`: the membership of the user who asked with `my`."""
    phones = [show_phone(phone) for phone in row["phones"]]
    group = Group(row["chain_id"], row["chain_title"])
    location = Location(
        **{name: row[name] for name in _PLAIN},
        phone=phones[0] if phones else "",
        phones=phones,
        timezone=offset_hours(row["timezone_name"], now),
        phone_confirmation=booking.confirm_number,
        push_notification_phone_confirm=int(booking.confirm_number),
        active_staff_count=booking.active_staff_count,
        reminds_sms_disabled=not booking.sms_enabled,
        reminds_sms_default=booking.sms_before_default,
        booking_comment_required=booking.comment_required,
        booking_email_required=False,
        company_photos=[url(photo) for photo in row["photos"]],
        social=msgspec.convert(row["social"], Social),
        main_group_id=group.id,
        main_group=group,
        payment_policy=PaymentPolicy(),
    )
    location.logo = url(location.logo)
    if query.show_groups:
        location.groups = {group.id: group}
    if query.show_bookforms:
        location.bookforms = [
            BookformLink(form.id, form.title, int(form.is_default), url(form_path(form.id)))
            for form in booking.forms
            if not form.is_chain
        ]
    if query.bookform_id is not None:
        known = any(form.id == query.bookform_id for form in booking.forms)
        location.online_sales_form_url = url(form_path(query.bookform_id)) if known else ""
    if place is not None:
        location.access, location.role = place.rights, place.role
        location.technical_break = row["technical_break"]
    if isinstance(query, LocationsQuery):
        _extend(location, row, booking, query, url)
    return location


def _extend(
    location: Location,
    row: Mapping[str, Any],
    booking: LocationBooking,
    query: LocationsQuery,
    url: Callable[[str], str],
) -> None:
    """What only a list can be asked for."""
    if query.lat is not None:
        location.distance = row["distance"]
    if query.show_deleted:
        location.is_deleted = row["is_deleted"]
    if "positions" in query.include:
        location.positions = list(booking.positions)
    if "staff" in query.include:
        location.staff = [
            StaffMember(
                id=card.id,
                name=card.name,
                specialization=card.specialization,
                information=card.information,
                avatar=url(card.avatar),
                avatar_big=url(card.avatar_big),
                weight=card.weight,
                position=card.position or [],
            )
            for card in booking.staff
        ]


def form_path(form_id: int) -> str:
    """Where a booking form opens on this server."""
    return f"/b/{form_id}"
