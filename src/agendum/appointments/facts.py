"""What the desk knows of a location without asking again: its services, its team, who gives what."""

from __future__ import annotations

from decimal import Decimal
from weakref import WeakKeyDictionary

import msgspec
import phonenumbers

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
    """`technical_break` is the location's, in seconds, `countries` are ids by ISO code. `cards` are team members as
    JSON, ready for the wire."""

    def __init__(
        self,
        services: list[Service],
        members: list[Member],
        links: list[Link],
        technical_break: int,
        countries: dict[str, int],
    ) -> None:
        self.services = {service.id: service for service in services}
        self.members = {member.id: member for member in members}
        self.links = {(link.service_id, link.member_id): link for link in links}
        self.technical_break = technical_break
        self.countries = countries
        self.cards: dict[int, str] = {}
        self._country_of: dict[str, int] = {}
        self._keys: dict[object, object] = {}

    def key_of(self, what: object) -> object:
        """An object that stands for `what` as seen with these facts, and for nothing else."""
        return self._keys.setdefault(what, object())

    def country_of(self, phone: str) -> int:
        """The id of the country of a phone (E.164 digits); 0 when it is of none."""
        found = self._country_of.get(phone)
        if found is None:
            if len(self._country_of) > 10_000:
                self._country_of.clear()
            found = self._country_of[phone] = self.countries.get(_region(phone), 0)
        return found


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
            row["countries"],
        )
        _kept[offer] = facts
    return facts


def _region(phone: str) -> str:
    """The ISO code of a phone's country, empty when there is none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(f"+{phone}")) or ""
    except phonenumbers.NumberParseException:
        return ""
