"""Opening, changing and closing locations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import UNSET

from agendum.access.actions import forget_user
from agendum.chains import errors
from agendum.chains.hooks import Place, booking_facts
from agendum.chains.notices import LocationChanged, LocationCreated, LocationDeleted
from agendum.chains.rules import locations as rules
from agendum.chains.wire import LocationFields, NewLocation
from agendum.core.audit import Author, Kind, note_change, note_new, watch
from agendum.core.cache import forget
from agendum.core.db.sql import Connection, Row, load
from agendum.core.errors import Invalid, NotFound
from agendum.core.html import clean_html
from agendum.core.outbox import tell
from agendum.core.permissions import User, allows
from agendum.core.rights import owner_rights

sql = load(__file__)

LOCATION = Kind("location", sql.location_trail)

ADD = "salon_to_salon_group_add_access"
_CACHES = ("location", "catalogue", "booking")  # of those who keep something of a location


async def create_location(db: Connection, user: User, body: NewLocation, author: Author, at: datetime) -> Place:
    """A new location, in the chain of `body.chain_id` or in a new one; `user` becomes its owner.

    Raises Invalid naming the field, NotFound for a chain that is not there, ForeignChain where he lacks the right.
    """
    columns = await _columns(db, body, rules.NEW_LOCATION)
    rights, wide = None, None
    if chain_id := body.chain_id:
        await _check_may_add(db, user, chain_id)
        wide = user.membership(chain_id, None)
    else:
        chain_id = await sql.add_chain.value(db, title=body.chain_title.strip() or columns["title"], at=at)
    location_id = await sql.add_location.value(db, chain_id=chain_id, **columns, at=at)
    await sql.map_location.run(db, location_id=location_id, chain_id=chain_id)
    await note_new(db, author, LOCATION, chain_id, location_id, [location_id], at)
    if wide is None or wide.role != "owner":
        place = location_id if body.chain_id else None
        rights = owner_rights(chain_id)
        await sql.add_owner.run(db, chain_id=chain_id, user_id=user.id, location_id=place, rights=rights, at=at)
        entry: dict[str, Any] = {"chain_id": chain_id, "location_id": place, "entity": "user", "entity_id": user.id}
        after = {"is_approved": True, "role": "owner", "is_in_whole_chain": place is None, **rights}
        await note_change(db, author, **entry, before=None, after=after, at=at)
        await forget_user(db, user.id)
    await tell(db, LocationCreated(chain_id=chain_id, location_id=location_id), at)
    return chain_id, location_id


async def _check_may_add(db: Connection, user: User, chain_id: int) -> None:
    if await sql.chain_title.value(db, chain_id=chain_id) is None:
        raise NotFound("Chain not found.")
    place = user.membership(chain_id, None)
    if place is None or not allows(place.rights, ADD):
        raise errors.ForeignChain()


async def update_location(
    db: Connection, chain_id: int, location_id: int, body: LocationFields, author: Author, at: datetime
) -> None:
    """Change what is sent of a location. Raises NoSuchLocation, and Invalid naming the field."""
    current = await sql.location_to_change.row(db, chain_id=chain_id, location_id=location_id)
    if current is None:
        raise errors.NoSuchLocation()
    columns = await _columns(db, body, dict(current))
    if columns == dict(current):
        return
    seen = await watch(db, LOCATION, chain_id, location_id, [location_id])
    await sql.change_location.run(db, chain_id=chain_id, location_id=location_id, **columns, at=at)
    if columns["title"] != current["title"]:
        former = current["title"]
        await sql.retitle_chain.run(db, chain_id=chain_id, title=columns["title"], former=former, at=at)
    await seen.note(author, at)
    for cache in _CACHES:
        await forget(db, cache, location_id)
    await location_changed(db, chain_id, location_id, at)


async def location_changed(db: Connection, chain_id: int, location_id: int, at: datetime) -> None:
    """Others hear that what is shown of a location has changed."""
    await tell(db, LocationChanged(chain_id=chain_id, location_id=location_id), at)


async def delete_location(db: Connection, chain_id: int, location_id: int, author: Author, at: datetime) -> None:
    """Close a location for good; its history stays in the chain.

    Raises NoSuchLocation, and ClientsAwaited while anything is booked there.
    """
    if await sql.hold_location.value(db, chain_id=chain_id, location_id=location_id) is None:
        raise errors.NoSuchLocation()
    if (known := booking_facts()) is not None:
        upcoming = await known.upcoming(db, chain_id, location_id, at)
        if upcoming:
            raise errors.ClientsAwaited(upcoming)
    seen = await watch(db, LOCATION, chain_id, location_id, [location_id])
    await sql.delete_location.run(db, chain_id=chain_id, location_id=location_id, at=at)
    await seen.note(author, at)
    await sql.unmap_location.run(db, location_id=location_id)
    for cache in (*_CACHES, "chain_of_location"):
        await forget(db, cache, location_id)
    await tell(db, LocationDeleted(chain_id=chain_id, location_id=location_id), at)


async def _columns(db: Connection, body: LocationFields, current: Mapping[str, Any]) -> dict[str, Any]:
    """All columns of a location as they shall be. Raises Invalid naming the field."""
    columns = {**current, **rules.plain_columns(body, current["social"])}
    if not columns["title"]:
        raise Invalid("The title is empty.", field="title")
    if body.description is not UNSET:
        columns["description"] = clean_html(body.description)
    if body.business_type_id is not UNSET:
        if body.business_type_id and await sql.business_type.value(db, id=body.business_type_id) is None:
            raise Invalid("There is no such business type.", field="business_type_id")
        columns["business_type_id"] = body.business_type_id or None
    columns |= rules.coordinates(body, current["lat"], current["lon"])
    country = await _country(db, body, current)
    city = await _city(db, body, current, country)
    if country is None and city is not None:
        country = await sql.country.row(db, id=city["country_id"])
    if country is None:
        raise Invalid("This field is required.", field="country_id")
    if city is not None and city["country_id"] != country["id"]:
        if body.country_id or body.country:
            raise Invalid("The city lies in another country.", field="city_id")
        country = await sql.country.row(db, id=city["country_id"])
        assert country is not None
    columns["city_id"] = None if city is None else city["id"]
    if country["id"] != current["country_id"]:
        money = {"currency_id": country["currency_id"], "language_id": country["lang_id"]}
        columns |= {"country_id": country["id"], **money}
    columns["timezone"] = await _zone(db, body, current, columns, city)
    if (phones := rules.phones(body, country["iso_code"])) is not None:
        columns["phones"] = phones
    return columns


async def _country(db: Connection, body: LocationFields, current: Mapping[str, Any]) -> Row | None:
    if body.country_id:
        found, field = await sql.country.row(db, id=body.country_id), "country_id"
    elif body.country:
        found, field = await sql.country_by_name.row(db, name=body.country.strip()), "country"
    else:
        return await sql.country.row(db, id=current["country_id"])
    if found is None:
        raise Invalid("There is no such country.", field=field)
    return found


async def _city(db: Connection, body: LocationFields, current: Mapping[str, Any], country: Row | None) -> Row | None:
    if body.city_id:
        found, field = await sql.city_of_location.row(db, id=body.city_id), "city_id"
    elif body.city:
        if country is None:
            raise Invalid("A city by its name needs a country.", field="country_id")
        name = body.city.strip()
        found, field = await sql.city_by_name.row(db, country_id=country["id"], name=name), "city"
    elif body.city_id is UNSET and body.city is UNSET and country and country["id"] == current["country_id"]:
        return await sql.city_of_location.row(db, id=current["city_id"])
    else:
        return None
    if found is None:
        raise Invalid("There is no such city.", field=field)
    return found


async def _zone(
    db: Connection, body: LocationFields, current: Mapping[str, Any], columns: Mapping[str, Any], city: Row | None
) -> str:
    """The zone that is named, else the city's when it is a new one, else as before."""
    if body.timezone_name:
        if not await sql.is_zone.value(db, name=body.timezone_name):
            raise Invalid("There is no such time zone.", field="timezone_name")
        return body.timezone_name
    moved = any(columns[name] != current[name] for name in ("country_id", "city_id"))
    if not moved and current["timezone"]:
        return current["timezone"]
    if city is not None:
        return city["timezone"]
    place = {name: None if columns[name] is None else float(columns[name]) for name in ("lat", "lon")}
    found = await sql.zone_of_country.value(db, country_id=columns["country_id"], **place)
    return found or "UTC"
