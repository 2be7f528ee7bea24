"""What the desk knows of a location without asking again: its services, its team, who gives what."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from weakref import WeakKeyDictionary

import msgspec
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from agendum.core.cache import Cache, forget
from agendum.core.db.sql import Connection, load
from agendum.schedule.facts import Offer, offer_of

sql = load(__file__)


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A service of the chain. `is_here`: this location gives it. Durations are seconds, discounts per cent."""

    id: int
    title: str
    category_id: int
    seats: int
    is_here: bool
    price_min: Decimal
    price_max: Decimal
    discount: Decimal
    technical_break: int | None
    is_prepaid: bool
    resource_ids: list[int]


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A team member, also one who has gone. `votes_count` and `rating_sum` are those of his reviews."""

    id: int
    api_id: str | None
    name: str
    specialization: str
    avatar: str
    avatar_big: str
    position_id: int | None
    position: str
    services_binding_type: int
    rating_sum: int
    votes_count: int
    comments_count: int
    show_rating: bool
    fired_on: str | None
    is_paid: bool
    is_assistant: bool
    is_deleted: bool


class Link(msgspec.Struct, frozen=True, array_like=True):
    """How a team member gives a service at the desk: `duration` in seconds, `price` None where it is the service's."""

    service_id: int
    member_id: int
    duration: int
    price: Decimal | None


class DeskFacts:
    """`technical_break` is the location's, in seconds, `country` its ISO code, `countries` are ids by that. `cards` are
    team members as JSON, ready for the wire."""

    def __init__(
        self,
        services: list[Service],
        members: list[Member],
        links: list[Link],
        technical_break: int,
        country: str,
        countries: dict[str, int],
    ) -> None:
        self.services = {service.id: service for service in services}
        self.members = {member.id: member for member in members}
        self.links = {(link.service_id, link.member_id): link for link in links}
        self.technical_break = technical_break
        self.country, self.countries = country, countries
        self.cards: dict[int, str] = {}
        self._keys: dict[object, object] = {}

    def key_of(self, what: object) -> object:
        """An object that stands for `what` as seen with these facts, and for nothing else."""
        return self._keys.setdefault(what, object())

    def country_of(self, phone: str) -> int:
        """The id of the country of a phone (E.164 digits), by its calling code; where countries share that, the
        location's own if it is one of them. 0 when there is none."""
        for digits in (1, 2, 3):
            if (regions := COUNTRY_CODE_TO_REGION_CODE.get(int(phone[:digits] or 0))) is not None:
                return self.countries.get(self.country if self.country in regions else regions[0], 0)
        return 0


# They change with what booking keeps of the location, and go when that goes.
_kept: WeakKeyDictionary[Offer, DeskFacts] = WeakKeyDictionary()


async def desk_facts(db: Connection, chain_id: int, location_id: int) -> DeskFacts:
    """The facts of a living location. Raises NotFound. Who changes them forgets "catalogue" of the location."""
    offer = await offer_of(db, chain_id, location_id)
    facts = _kept.get(offer)
    if facts is None:
        row = await sql.desk_facts.row(db, chain_id=chain_id, location_id=location_id)
        assert row is not None
        facts = DeskFacts(
            msgspec.convert(row["services"], list[Service], strict=False),
            msgspec.convert(row["members"], list[Member]),
            msgspec.convert(row["links"], list[Link], strict=False),
            row["technical_break"],
            row["country"],
            row["countries"],
        )
        _kept[offer] = facts
    return facts


class Tally(msgspec.Struct, frozen=True):
    """How many appointments a location had at a moment: living ones, and all."""

    as_of: datetime
    living: int
    everything: int


_AGO = timedelta(minutes=5)  # by then whatever began before has been written, or never will be
_OLD = timedelta(minutes=30)
_tallies: Cache[int, Tally] = Cache("appointment_tallies")


async def tally(db: Connection, chain_id: int, location_id: int, now: datetime) -> Tally:
    """The number of appointments a while ago. Who writes appointments under an older date than now calls
    `forget_tally`."""

    async def count() -> Tally:
        row = await sql.tally.row(db, chain_id=chain_id, location_id=location_id, as_of=now - _AGO)
        assert row is not None
        return Tally(now - _AGO, row["living"], row["everything"])

    known = _tallies.peek(location_id)
    if known is not None and not timedelta(0) <= now - known.as_of <= _OLD:
        _tallies.drop(str(location_id))
    found = await _tallies.get(location_id, count)
    assert found is not None
    return found


async def forget_tally(db: Connection, location_id: int) -> None:
    await forget(db, _tallies.name, location_id)
