"""Which locations a query means, and how a location is shown."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import UNSET

from agendum.access.rules import read_email
from agendum.chains.hooks import LocationBooking
from agendum.chains.wire import (
    BookformLink,
    Group,
    Location,
    LocationFields,
    LocationQuery,
    LocationsQuery,
    PaymentPolicy,
    Social,
    StaffMember,
)
from agendum.core.clock import zone
from agendum.core.errors import Invalid
from agendum.core.permissions import Membership, User
from agendum.core.phone import parse_phone, show_phone
from agendum.core.wire import to_json

PAGE, LARGEST_PAGE = 50, 1000
LAST_ID = 2**63 - 1
KEPT = 10_000  # written locations, some 2 KB each
MIXED, INDIVIDUAL, GROUP_EVENTS = 0, 1, 2

# Columns of locations that go out as they are.
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
    return _offset(timezone, now.replace(second=0, microsecond=0))  # clocks change at full minutes


@lru_cache(maxsize=1000)
def _offset(timezone: str, minute: datetime) -> int | float:
    offset = minute.astimezone(zone(timezone)).utcoffset()
    assert offset is not None
    hours = offset.total_seconds() / 3600
    return int(hours) if hours.is_integer() else hours


EVERYBODYS: dict[str, Any] = {"chain_ids": None, "own_ids": None, "own_chains": None}


def scope(query: LocationsQuery, user: User | None) -> dict[str, Any] | None:
    """Whose locations, as the statements take it; None: EVERYBODYS. `user` narrows to where he belongs."""
    asked = None if query.group_id is None else {query.group_id}
    if asked is None and user is None:
        return None
    places = () if user is None else user.memberships
    mine = {place.chain_id for place in places}
    chains = mine if asked is None else asked if user is None else asked & mine
    return {
        "chain_ids": sorted(chains),
        "own_ids": None if user is None else [place.location_id for place in places if place.location_id is not None],
        "own_chains": [place.chain_id for place in places if place.location_id is None],
    }


NAMED: dict[str, Any] = EVERYBODYS | {
    "kind": "named",
    "first_id": 0,
    "last_id": LAST_ID,
    "city_id": None,
    "business_type_id": None,
    "business_group_id": None,
    "hidden_types": None,
    "closed": None,
    "active_only": False,
    "with_deleted": False,
    "count": 0,
    "skip": 0,
    "by_priority": False,
    "lat": None,
    "lon": None,
    "max_distance": None,
}
"""What the statement takes to show locations by `chain_ids` and `ids`."""


def page(query: LocationsQuery, whose: dict[str, Any] | None) -> dict[str, Any]:
    """What the statement takes to show a page of a scope, but for `closed`. Raises Invalid.

    The directory of everywhere leaves out inactive locations unless `active` or an id says otherwise.
    """
    _check_distance(query)
    everywhere = whose is None
    hidden = {
        INDIVIDUAL: query.hide_record_type_single,
        GROUP_EVENTS: query.hide_record_type_activity,
        MIXED: query.hide_record_type_mixed,
    }
    count = min(query.count or PAGE, LARGEST_PAGE)
    return (whose or EVERYBODYS) | {
        "ids": None,
        "kind": "nearby" if query.lat is not None else "directory" if everywhere else "chains",
        "by_priority": query.lat is None and query.group_id is not None,
        "lat": query.lat,
        "lon": query.lon,
        "max_distance": query.max_distance,
        "first_id": max(query.id or 0, query.min_id or 0),
        "last_id": LAST_ID if query.id is None else query.id,
        "city_id": query.city_id,
        "business_type_id": query.business_type_id,
        "business_group_id": query.business_group_id,
        "hidden_types": [kind for kind, hide in hidden.items() if hide] or None,
        "active_only": everywhere and query.id is None if query.active is None else query.active,
        "with_deleted": query.show_deleted,
        "count": count,
        "skip": (max(query.page, 1) - 1) * count,
    }


def _check_distance(query: LocationsQuery) -> None:
    for name in ("lat", "lon", "max_distance"):
        value = getattr(query, name)
        if value is not None and math.isnan(value):
            raise Invalid(f"{name}: expected a number.", field=name)
    if (query.lat is None) != (query.lon is None):
        missing = "lat" if query.lat is None else "lon"
        raise Invalid(f"{missing}: lat and lon belong together.", field=missing)
    if query.max_distance is not None and query.lat is None:
        raise Invalid("max_distance: lat and lon say from where.", field="max_distance")


def shown(
    row: Mapping[str, Any],
    booking: LocationBooking,
    query: LocationQuery,
    *,
    now: datetime,
    url: Callable[[str], str],
    place: Membership | None,
    distance: int | None = None,
) -> Location:
    """A row of locations as the wire has it; `place`: the membership of the user who asked with `my`."""
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
        social=Social(**row["social"]),
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
        _extend(location, row, booking, query, url, distance)
    return location


def is_plain(query: LocationsQuery) -> bool:
    """Whether everybody who asks sees the locations alike."""
    asked_for_more = (query.my, query.for_booking, query.show_groups, query.show_bookforms, query.show_deleted)
    return not any(asked_for_more) and query.bookform_id is None and query.lat is None and not query.include


class Written:
    """The JSON of a page of locations, kept by what decides it. `rows` are of `location_versions`."""

    def __init__(self, rows: Sequence[Any], facts: Mapping[int, LocationBooking], now: datetime, base_url: str) -> None:
        self._ids = [row["id"] for row in rows]
        self._now = now
        self._keys = {id_: (*versions, facts.get(id_), base_url) for _, id_, *versions in rows}
        self._texts: dict[int, msgspec.Raw] = {}
        self.missing: list[tuple[int, int]] = []
        for chain_id, id_, *_ in rows:
            known = _kept.get(id_)
            if known is not None and known.key == self._keys[id_] and known.offset == offset_hours(known.zone, now):
                self._texts[id_] = known.text
            else:
                self.missing.append((chain_id, id_))

    def learn(self, zone_name: str, location: Location) -> None:
        """Write a location that was missing."""
        if len(_kept) >= KEPT:
            _kept.clear()
        text = self._texts[location.id] = msgspec.Raw(to_json(location))
        key, offset = self._keys[location.id], offset_hours(zone_name, self._now)
        _kept[location.id] = _Kept(key, zone_name, offset, text)

    def texts(self) -> list[msgspec.Raw]:
        """In the order of the page; who was deleted meanwhile is left out."""
        return [self._texts[id_] for id_ in self._ids if id_ in self._texts]


class _Kept(msgspec.Struct, frozen=True):
    key: tuple[Any, ...]
    zone: str
    offset: int | float
    text: msgspec.Raw


_kept: dict[int, _Kept] = {}


def _extend(
    location: Location,
    row: Mapping[str, Any],
    booking: LocationBooking,
    query: LocationsQuery,
    url: Callable[[str], str],
    distance: int | None,
) -> None:
    """What only a list can be asked for."""
    if query.lat is not None:
        location.distance = distance
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


# What is written

NEW_LOCATION: dict[str, Any] = {
    "title": "",
    "public_title": "",
    "short_descr": "",
    "description": "",
    "country_id": None,
    "city_id": None,
    "business_type_id": None,
    "currency_id": None,
    "language_id": None,
    "timezone": "",
    "address": "",
    "zip": "",
    "lat": None,
    "lon": None,
    "phones": [],
    "email": "",
    "site": "",
    "social": {},
    "schedule_text": "",
    "app_ios": "",
    "app_android": "",
    "active": True,
    "group_priority": 0,
    "bookform_group_priority": 0,
    "record_type": 0,
    "technical_break": 0,
}
# javascript:alert(1) is none; example.com:8080 has a dot before its colon.
_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:", re.I)
_TEXTS = ["title", "public_title", "short_descr", "address", "zip", "app_ios", "app_android"]
_NUMBERS = {
    "active": "active",
    "record_type_id": "record_type",
    "group_priority": "group_priority",
    "bookform_group_priority": "bookform_group_priority",
    "technical_break": "technical_break",
}


def plain_columns(body: LocationFields, social: Mapping[str, str]) -> dict[str, Any]:
    """The columns that need no look-up, of what was sent; `social` as it is. Raises Invalid naming the field."""
    columns: dict[str, Any] = {name: value.strip() for name in _TEXTS if (value := getattr(body, name)) is not UNSET}
    columns |= {column: value for name, column in _NUMBERS.items() if (value := getattr(body, name)) is not UNSET}
    if body.schedule is not UNSET:
        columns["schedule_text"] = body.schedule.strip()
    if body.email is not UNSET:
        email = read_email(body.email) if body.email.strip() else ""
        if email is None:
            raise Invalid("This is not an e-mail address.", field="email")
        columns["email"] = email
    if body.site is not UNSET:
        columns["site"] = site = body.site.strip()
        if _SCHEME.match(site) and not site.lower().startswith(("http://", "https://")):
            raise Invalid("This is not the address of a site.", field="site")
    if body.social is not UNSET:
        columns["social"] = {**social, **msgspec.to_builtins(body.social)}
    return columns


def coordinates(body: LocationFields, lat: Decimal | None, lon: Decimal | None) -> dict[str, Decimal | None]:
    """Both columns, from what was sent and what is there: one alone is no place. Raises Invalid."""
    sent_lon = body.coordinate_lot if body.coordinate_lon is UNSET else body.coordinate_lon
    if body.coordinate_lat is UNSET and sent_lon is UNSET:
        return {"lat": lat, "lon": lon}
    new_lat = lat if body.coordinate_lat is UNSET else _degrees(body.coordinate_lat, "coordinate_lat")
    new_lon = lon if sent_lon is UNSET else _degrees(sent_lon, "coordinate_lon")
    if new_lat is None or new_lon is None:
        missing = "coordinate_lat" if new_lat is None else "coordinate_lon"
        raise Invalid("Latitude and longitude belong together.", field=missing)
    return {"lat": None, "lon": None} if new_lat == new_lon == 0 else {"lat": new_lat, "lon": new_lon}


def _degrees(value: float, field: str) -> Decimal:
    if math.isnan(value):
        raise Invalid(f"{field}: expected a number.", field=field)
    return Decimal(str(round(value, 6)))


def phones(body: LocationFields, country_iso: str) -> list[str] | None:
    """E.164 digits of what was sent, each once; None when nothing was. Raises Invalid naming the phone."""
    if body.phones is not UNSET:
        sent = {f"phones[{n}]": phone for n, phone in enumerate(body.phones)}
    elif body.phone is not UNSET:
        sent = {"phone": body.phone}
    else:
        return None
    found: dict[str, None] = {}
    for field, text in sent.items():
        if text.strip():
            digits = parse_phone(text, country_iso)
            if digits is None:
                raise Invalid("The phone is not in international form, such as +13155550175.", field=field)
            found[digits] = None
    return list(found)
