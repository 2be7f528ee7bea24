"""Locations, and the dictionaries behind them: countries, cities, lines of business, phone numbers."""

from __future__ import annotations

from typing import Any

import msgspec

from agendum.chains import actions
from agendum.chains.facts import location_facts
from agendum.chains.hooks import LocationBooking, Place, booking_facts
from agendum.chains.rules import chains as chain_rules
from agendum.chains.rules import locations as rules
from agendum.chains.wire import (
    BusinessGroup,
    Chain,
    CitiesQuery,
    City,
    Count,
    Country,
    License,
    Location,
    LocationFields,
    LocationQuery,
    LocationsQuery,
    NewLocation,
    PhoneVerdict,
)
from agendum.core.audit import author_of
from agendum.core.cache import Cache
from agendum.core.db.sql import Connection, load
from agendum.core.envelope import Answer, Done, accepted
from agendum.core.errors import NotFound
from agendum.core.permissions import MEMBER, PARTNER, USER, may
from agendum.core.phone import parse_phone
from agendum.core.routes import Routes
from agendum.core.server import Call

routes = Routes("/api/v1", group="locations")
sql = load(__file__)

# Sorted once: reference rows change only while the server is upgraded. Key 0 holds the whole world.
_cities: Cache[int, list[City]] = Cache("cities", size=300)


@routes.get("/companies", needs=PARTNER)
async def get_location_list(call: Call, query: LocationsQuery) -> Answer[list[Location]]:
    """The directory: one page of locations, of a chain by priority, near a place by distance, else by id."""
    page = rules.page(query, rules.scope(query, call.user if query.my else None))
    known = booking_facts()
    closed = await known.closed(call.db, page["chain_ids"]) if query.active and known is not None else None
    page |= {"closed": closed}
    shown: Any = await (_written(call, page) if rules.is_plain(query) else _shown(call, page, query))
    return Answer(data=shown)


@routes.get("/company/{location_id}", needs=PARTNER, legacy_errors=True)
async def get_location(call: Call, query: LocationQuery) -> Answer[Location]:
    """One location; with `my` one of the signed-in user's, and what he may do there."""
    if query.my and call.user.membership(call.chain_id, call.location_id) is None:
        raise NotFound("Location not found.")
    found = await _shown(call, _named((call.chain_id, call.location_id)), query)
    if not found:
        raise NotFound("Location not found.")
    return Answer(data=found[0])


@routes.post("/companies", needs=USER)
async def create_location(call: Call, body: NewLocation) -> Answer[Location]:
    """Open a location, in a chain where the user may add locations or in a new one; the user becomes its owner."""
    place = await actions.create_location(call.db, call.user, body, author_of(call), call.now)
    [location] = await _shown(call, _named(place), LocationQuery())
    return Answer(data=location)


@routes.put(
    "/company/{location_id}", needs=may("settings_basis_access", "settings_information_access"), legacy_errors=True
)
async def update_location(call: Call, location_id: int, body: LocationFields) -> Answer[Location]:
    """Change what is sent of a location; the answer says what the user may do there, too."""
    await actions.update_location(call.db, call.chain_id, location_id, body, author_of(call), call.now)
    [location] = await _shown(call, _named((call.chain_id, location_id)), LocationQuery(my=True))
    return Answer(data=location)


@routes.delete(
    "/company/{location_id}",
    needs=may("settings_basis_access", actions.ADD),
    status=202,
    legacy_errors=True,
)
async def delete_location(call: Call, location_id: int) -> Done:
    """Close a location at which nobody is awaited any more; 409 while somebody is. Its history is kept."""
    await actions.delete_location(call.db, call.chain_id, location_id, author_of(call), call.now)
    return accepted()


@routes.get("/license/{location_id}", needs=MEMBER, group="utilities")
async def get_location_subscription_information(call: Call, location_id: int) -> Answer[License]:
    """The licence of a location: on a server of one's own it covers everything and never ends."""
    row = await sql.license_facts.row(call.db, chain_id=call.chain_id, location_id=location_id)
    if row is None:
        raise NotFound("Location not found.")
    return Answer(data=chain_rules.own_license(location_id, row["created_at"], row["timezone"]))


@routes.get("/groups", needs=USER, group="chain-management")
async def get_chain_list(call: Call) -> Answer[list[Chain]]:
    """The chains that the user reaches, with the locations that he may enter and what he may do in the whole chain."""
    whose = rules.scope(LocationsQuery(), call.user)
    rows = await sql.chains_of_user.rows(call.db, **(whose or rules.EVERYBODYS))
    places = [(row["id"], company["id"]) for row in rows for company in row["companies"]]
    known = booking_facts()
    booking = await known.of_locations(call.db, places, ()) if known is not None and places else {}
    chains: list[Chain] = []
    for row in rows:
        place = call.user.membership(row["id"], None)
        if place is not None or row["companies"]:
            chains.append(chain_rules.chain_shown(dict(row), booking, place, now=call.now, url=call.server.url))
    return Answer(data=chains)


def _named(*places: Place) -> dict[str, Any]:
    chain_ids, ids = zip(*places, strict=True)
    return rules.NAMED | {"chain_ids": chain_ids, "ids": ids}


async def _written(call: Call, page: dict[str, Any]) -> list[msgspec.Raw]:
    """A page of locations as everybody sees them, as JSON. What was written before is not read again while its rows,
    the facts of booking and the zone's offset are the same."""
    rows = await sql.location_versions.rows(call.db, **page)
    places: list[Place] = [(row["chain_id"], row["id"]) for row in rows]
    known = booking_facts()
    facts = await known.of_locations(call.db, places, ()) if known is not None and places else {}
    written = rules.Written(rows, facts, call.now, call.server.base_url)
    if written.missing:
        found: list[Any] = await sql.locations.rows(call.db, **_named(*written.missing))
        for row in found:
            booking = facts.get(row["id"], LocationBooking())
            shown = rules.shown(row, booking, LocationQuery(), now=call.now, url=call.server.url, place=None)
            written.learn(row["timezone_name"], shown)
    return written.texts()


async def _shown(call: Call, page: dict[str, Any], query: LocationQuery) -> list[Location]:
    """A page of locations in two statements: their own rows and what booking knows of them."""
    rows: list[Any] = await sql.locations.rows(call.db, **page)
    if not rows:
        return []
    places: list[Place] = [(row["chain_id"], row["id"]) for row in rows]
    facts: dict[int, LocationBooking] = {}
    slots: dict[int, str | None] | None = None
    if (known := booking_facts()) is not None:
        lists: set[str] = set(query.include) if isinstance(query, LocationsQuery) else set()
        if query.show_bookforms or query.bookform_id is not None:
            lists.add("forms")
        facts = await known.of_locations(call.db, places, lists)
        if query.for_booking and known.next_slots is not None:
            living = [(row["chain_id"], row["id"]) for row in rows if not row["is_deleted"]]
            slots = await known.next_slots(call.db, living, call.now)
    found: list[Location] = []
    for key, row in zip(places, rows, strict=True):
        location = rules.shown(
            row,
            facts.get(row["id"], LocationBooking()),
            query,
            now=call.now,
            url=call.server.url,
            place=call.user.membership(*key) if query.my else None,
            distance=row["distance"],
        )
        if slots is not None:
            location.next_slot = slots.get(location.id)
        found.append(location)
    return found


@routes.get("/countries", needs=PARTNER, group="dictionaries")
async def get_country_list(call: Call) -> Answer[list[Country]]:
    """Every country with phone numbers of its own, by title."""
    countries = [Country(**row) for row in await sql.countries.rows(call.db)]
    return Answer(data=sorted(countries, key=lambda country: rules.alphabetical(country.title)))


@routes.get("/cities", needs=PARTNER, group="dictionaries")
async def get_city_list(call: Call, query: CitiesQuery) -> Answer[list[City]]:
    """Cities of a country, or of the world, by title."""
    cities = await _cities_of(call.db, query.country_id or None)
    if query.company_id is not None:
        chain_id = await sql.chain_of.value(call.db, location_id=query.company_id)
        if chain_id is None:
            raise NotFound("Location not found.")
        city_id = (await location_facts(call.db, chain_id, query.company_id)).city_id
        if city_id is not None and all(city.id != city_id for city in cities):
            row: Any = await sql.city.row(call.db, city_id=city_id)
            cities = sorted([*cities, City(**row)], key=lambda city: rules.alphabetical(city.title))
    return Answer(data=cities)


async def _cities_of(db: Connection, country_id: int | None) -> list[City]:
    async def load_cities() -> list[City]:
        rows = await sql.cities.rows(db, country_id=country_id)
        return sorted((City(**row) for row in rows), key=lambda city: rules.alphabetical(city.title))

    return await _cities.get(country_id or 0, load_cities) or []


@routes.get("/references/business_groups_with_types", needs=PARTNER, group="dictionaries")
async def get_business_types_by_group(call: Call) -> Answer[list[BusinessGroup]]:
    """The lines of business with their types; meta.count counts the types."""
    groups = [msgspec.convert(dict(row), BusinessGroup) for row in await sql.business_groups.rows(call.db)]
    for group in groups:
        group.image, group.image_small = call.server.url(group.image), call.server.url(group.image_small)
    return Answer(data=groups, meta=Count(sum(len(group.types) for group in groups)))


@routes.get("/validation/validate_phone/{phone}", needs=PARTNER, group="utilities")
async def phone_number_format_check(call: Call, phone: str) -> Answer[PhoneVerdict]:
    """Whether a number can exist, in any usual form; one without a plus is read as if it had one."""
    return Answer(data=PhoneVerdict(parse_phone(phone) is not None))
