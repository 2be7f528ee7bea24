"""What a location offers for online booking, kept in the process: services, links, resources, team, grid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from agendum.core.audit import Kind
from agendum.core.cache import Cache
from agendum.core.clock import instant
from agendum.core.db.sql import Connection, load
from agendum.core.errors import NotFound
from agendum.schedule.rules import DAY, Grid, GridRule

sql = load(__file__)

SCHEDULE = Kind("schedule", sql.schedule_facts)
RESOURCE = Kind("resource", sql.resource_facts)
CALENDAR = Kind("calendar_settings", sql.calendar_facts)

_offers: Cache[int, Offer] = Cache("catalogue", size=2_000)


class Link(msgspec.Struct, frozen=True):
    """How a team member gives a service: `duration` in seconds, `price` None where it is the service's."""

    member_id: int
    duration: int
    price: Decimal | None


class Season(msgspec.Struct, frozen=True, kw_only=True):
    """When services may begin: on dates from `first` to `last`, both included, and from `opens` to before `closes`, in
    seconds of the wall clock; `step` seconds apart, 0 as the location has it."""

    first: date | None = None
    last: date | None = None
    opens: int = 0
    closes: int = DAY
    step: int = 0

    def admits(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def narrow(self, grid: Grid, tz: ZoneInfo) -> Grid:
        """What is left of a grid of start times."""
        if self == _ALWAYS:
            return grid
        left = Grid([], [], [], [], [], [], [], [])
        for n, day in enumerate(grid.dates):
            if not self.admits(day):
                continue
            from_at = max(grid.froms[n], int(instant(day, self.opens, tz).timestamp()))
            till = min(grid.tills[n], int(instant(day, self.closes, tz).timestamp()))
            if from_at >= till:
                continue
            left.dates.append(day)
            left.froms.append(from_at)
            left.tills.append(till)
            left.bases.append(grid.bases[n])
            left.steps.append(self.step if self.step and grid.steps[n] else grid.steps[n])
            left.flexible.append(grid.flexible[n])
            slots = [slot for place, slot in zip(grid.slot_segments, grid.slots, strict=True) if place == n + 1]
            left.slot_segments.extend([len(left)] * len(slots))
            left.slots.extend(slots)
        return left


_ALWAYS = Season()


class ServiceFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A service open for online booking. Durations are seconds, the technical break comes after the service."""

    id: int
    salon_service_id: int
    category_id: int
    title: str
    comment: str
    api_id: str
    gender: int
    is_chain: bool
    is_composite: bool
    seats: int
    image: str
    images: list[str]
    price_min: Decimal
    price_max: Decimal
    discount: Decimal
    duration: int
    technical_break: int
    weight: int
    prepaid: str
    parts: list[int]
    resource_ids: list[int]
    links: list[Link]
    season: Season = _ALWAYS


class CategoryFacts(msgspec.Struct, frozen=True):
    id: int
    title: str
    gender: int
    api_id: str
    weight: int


class MemberFacts(msgspec.Struct, frozen=True):
    """A team member open for online booking."""

    id: int
    name: str
    weight: int


class Offer:
    """Everything that can be booked at a location, heavier first."""

    def __init__(
        self,
        services: list[ServiceFacts],
        categories: list[CategoryFacts],
        members: list[MemberFacts],
        rules: list[GridRule],
    ) -> None:
        self.services = {service.id: service for service in services if service.links}
        self.categories = categories
        self.members = {member.id: member for member in members}
        self.rules = rules  # empty: no timeslots are set, the default grid counts
        self._givers: dict[tuple[int, ...], list[int]] = {}
        self._shortest: dict[int, int] = {}
        self._prepaid: dict[int, str] = {}
        self.kept: dict[str, bytes] = {}  # answers that change only with the offer, ready for the wire
        self.links = {(service.id, link.member_id): link for service in services for link in service.links}

    def members_for(self, service_ids: Iterable[int]) -> list[int]:
        """Team members who give every one of these services (any service, without services), heavier first."""
        wanted = tuple(service_ids)
        if wanted not in self._givers:
            if len(self._givers) > 1_000:  # callers choose the combinations
                self._givers.clear()
            self._givers[wanted] = self._members_for(wanted)
        return self._givers[wanted]

    def _members_for(self, wanted: tuple[int, ...]) -> list[int]:
        return (
            [member for member in self.members if all((service, member) in self.links for service in wanted)]
            if wanted
            else [member for member in self.members if self._serves(member)]
        )

    def _serves(self, member_id: int) -> bool:
        return any((service, member_id) in self.links for service in self.services)

    def service_seconds(self, service_ids: Iterable[int], member_id: int) -> int:
        """How long the services take in this team member's hands, breaks left out."""
        return sum(self.links[service, member_id].duration for service in service_ids)

    def break_seconds(self, service_ids: Iterable[int]) -> int:
        """The pause after an appointment: the longest that one of its services asks for."""
        return max((self.services[service].technical_break for service in service_ids), default=0)

    def season(self, service_ids: Iterable[int]) -> Season:
        """When all of these services may begin."""
        seasons = [self.services[service].season for service in service_ids]
        firsts = [season.first for season in seasons if season.first is not None]
        lasts = [season.last for season in seasons if season.last is not None]
        return Season(
            first=max(firsts, default=None),
            last=min(lasts, default=None),
            opens=max((season.opens for season in seasons), default=0),
            closes=min((season.closes for season in seasons), default=DAY),
            step=max((season.step for season in seasons), default=0),
        )

    def prepaid(self, member_id: int) -> str:
        """Whether his services are paid in advance: required, allowed or forbidden."""
        if member_id not in self._prepaid:
            kinds = {self.services[service].prepaid for service in self.services if (service, member_id) in self.links}
            self._prepaid[member_id] = (
                "required" if kinds == {"required"} else "allowed" if kinds - {"forbidden"} else "forbidden"
            )
        return self._prepaid[member_id]

    def shortest(self, member_id: int) -> int:
        """Seconds of the shortest thing that can be booked with this team member, its break included."""
        if member_id not in self._shortest:
            self._shortest[member_id] = min(
                self.links[service, member_id].duration + self.services[service].technical_break
                for service in self.services
                if (service, member_id) in self.links
            )
        return self._shortest[member_id]


async def offer_of(db: Connection, chain_id: int, location_id: int) -> Offer:
    """The offer of a living location. Raises NotFound. Who changes catalogue, team, links, resources or timeslots calls
    `forget(db, "catalogue", location_id)` (or `*` for a chain)."""

    async def load_offer() -> Offer | None:
        row = await sql.offer.row(db, chain_id=chain_id, location_id=location_id)
        if row is None:
            return None
        return Offer(
            msgspec.convert(row["services"], list[ServiceFacts], strict=False),
            msgspec.convert(row["categories"], list[CategoryFacts]),
            msgspec.convert(row["members"], list[MemberFacts]),
            msgspec.convert(row["rules"], list[GridRule]) if row["has_grid"] else [],
        )

    offer = await _offers.get(location_id, load_offer)
    if offer is None:
        raise NotFound("Location not found.")
    return offer
