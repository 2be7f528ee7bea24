"""Filling the demo's calendar: who comes when, for what, and how it went. No database, no clock.

Everything that happens on a date is drawn from the seed, the place and the date's distance from the day on which the
demo was made, so that a calendar that is rolled forward is the one it would have been from the start.
Moments are seconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from agendum.core.clock import local_midnight
from agendum.demo.schedules import Absence, absence_on, working_hours
from agendum.schedule.facts import Offer
from agendum.schedule.rules import GridRule, rule_of, segments

FULL = 0.6  # of the working time that can be booked
DAY = 86_400

Span = tuple[int, int]


class Client(msgspec.Struct, frozen=True):
    """Who may come; `since` is when the location got to know the client."""

    id: int
    author: str
    gender: int
    discount: Decimal
    is_blacklisted: bool
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What a calendar is filled for. `schedules` are names by team member, `instances` ids by resource."""

    chain_id: int
    location_id: int
    number: int
    seed: int
    made_on: date
    tz: ZoneInfo
    default_rule: GridRule
    offer: Offer
    instances: dict[int, list[int]]
    clients: list[Client]
    schedules: dict[int, str]
    absences: Sequence[Absence] = ()


@dataclass(slots=True, eq=False)
class Held:
    """Time taken from a calendar: a team member's, or (with `holder`) a resource instance's that serves it."""

    owner_id: int
    start: int
    end: int
    holder: Held | None = None
    service_id: int | None = None
    seats: int = 1
    seats_taken: int = 1
    id: int = 0


@dataclass(slots=True, eq=False)
class Visit:
    client_id: int | None
    created: int
    id: int = 0


@dataclass(slots=True, eq=False)
class Booking:
    """An appointment. `held` is None for one that was cancelled, at `deleted`."""

    visit: Visit
    member_id: int
    client: Client | None
    held: Held | None
    start: int
    length: int
    pause: int
    service_ids: tuple[int, ...]
    created: int
    luck: float  # what everything else about it is drawn from
    deleted: int | None = None
    id: int = 0


@dataclass(slots=True)
class Day:
    owner_id: int
    date: date
    work: list[Span]
    off_kind: int | None = None


@dataclass(slots=True)
class Calendar:
    """What is to be written."""

    days: list[Day] = field(default_factory=list[Day])
    held: list[Held] = field(default_factory=list[Held])
    bookings: list[Booking] = field(default_factory=list[Booking])


class _Need(NamedTuple):
    """A resource, from `after` seconds into an appointment to `till`."""

    resource_id: int
    after: int
    till: int


class Planner:
    """Fills dates one by one, never over `taken` time, leaving out `known` days of team members."""

    def __init__(
        self, shop: Shop, now: datetime, taken: Iterable[tuple[int, int, int]], known: Iterable[tuple[int, date]]
    ) -> None:
        self._shop, self._now = shop, int(now.timestamp())
        self._known = set(known)
        self._busy: dict[int, list[Span]] = {}
        for owner_id, start, end in taken:
            self._busy.setdefault(owner_id, []).append((start, end))
        self._made = Calendar()
        self._rng = Random()  # noqa: S311 - pictures of people, not secrets
        self._worked = self._booked = 0
        self._today: dict[int, list[Booking]] = {}  # by client
        self._skills = {
            member_id: [
                service
                for service in shop.offer.services.values()
                if (service.id, member_id) in shop.offer.links and not service.is_composite
            ]
            for member_id in shop.offer.members
        }

    def fill(self, first: date, last: date) -> Calendar:
        """Plan every date from `first` to `last`."""
        shop = self._shop
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            self._rng.seed(f"{shop.seed} {shop.number} {(day - shop.made_on).days}")
            self._today = {}
            self._forget_before(int(local_midnight(day, shop.tz).timestamp()) - DAY)
            for member_id in sorted(shop.schedules):
                if member_id in shop.offer.members and (member_id, day) not in self._known:
                    self._fill_day(member_id, day)
        self._made.bookings.sort(key=lambda booking: booking.created)
        return self._made

    def _fill_day(self, member_id: int, day: date) -> None:
        shop, rng = self._shop, self._rng
        if absence := absence_on(shop.absences, member_id, day):
            self._made.days.append(Day(member_id, day, [], absence.kind))
            return
        work = working_hours(shop.schedules[member_id], day, shop.tz)
        if not work:
            return
        self._made.days.append(Day(member_id, day, work))
        starts = list(self._starts(day, work))
        seconds = sum(end - start for start, end in work)
        self._worked += seconds
        # What former days fell short of is made good, or time runs away with long services and small gaps.
        behind = FULL * self._worked - FULL * seconds - self._booked
        goal = seconds * min(max(rng.gauss(FULL, 0.12) + 0.5 * behind / seconds, 0.25), 0.92)
        booked = misses = 0
        while booked < goal and misses < 12 and self._skills[member_id]:
            length = self._book(member_id, work, starts, goal - booked)
            booked += length
            misses += not length
        self._booked += booked

    def _book(self, member_id: int, work: list[Span], starts: list[int], room: float) -> int:
        """One more appointment (or class) of a team member; gives its length, 0 where nothing was found."""
        rng, offer = self._rng, self._shop.offer
        service_ids = self._choose_services(member_id)
        pause = offer.break_seconds(service_ids)
        length = offer.service_seconds(service_ids, member_id) + pause
        if length > room * 1.5:
            return 0
        needs = self._needs(member_id, service_ids)
        fits = [
            [
                start
                for start in starts
                if opens <= start
                and start + length <= closes
                and all(self._free_instance(need, start) is not None for need in needs)
            ]
            for opens, closes in self._gaps(member_id, work)
        ]
        if not (gaps := [gap for gap in fits if gap]):
            return 0
        # Mostly close to what is there, or the gaps left over would be of no use to anybody.
        gap = rng.choice(gaps)
        start = gap[0] if rng.random() < 0.8 else rng.choice(gap)
        held = Held(member_id, start, start + length)
        for need in needs:
            instance = self._free_instance(need, start)
            assert instance is not None
            self._hold(Held(instance, start + need.after, start + need.till, holder=held))
        seats = offer.services[service_ids[0]].seats if len(service_ids) == 1 else 1
        if seats > 1:
            held.service_id, held.seats, held.seats_taken = service_ids[0], seats, rng.randint(2, seats)
        self._hold(held)
        guests: set[int] = set()
        for _ in range(held.seats_taken):
            booking = self._booking(member_id, held, service_ids, pause, guests)
            if booking.client:
                guests.add(booking.client.id)
        if rng.random() < 0.06:
            self._cancelled(member_id, starts)
        return length

    def _choose_services(self, member_id: int) -> tuple[int, ...]:
        rng, skills = self._rng, self._skills[member_id]
        weights = [service.weight for service in skills]
        first = rng.choices(skills, weights)[0]
        if rng.random() < 0.12 and first.seats == 1:
            second = rng.choices(skills, weights)[0]
            if second.id != first.id and second.seats == 1 and {first.gender, second.gender} != {1, 2}:
                return first.id, second.id
        return (first.id,)

    def _booking(
        self, member_id: int, held: Held, service_ids: tuple[int, ...], pause: int, guests: set[int]
    ) -> Booking:
        rng = self._rng
        client = self._choose_client(held, service_ids, guests)
        created = self._asked_at(held.start, client)
        same_day = self._today.get(client.id, []) if client else []
        visit = same_day[0].visit if same_day else Visit(client.id if client else None, created)
        visit.created = min(visit.created, created)
        booking = Booking(
            visit, member_id, client, held, held.start, held.end - held.start, pause, service_ids, created, rng.random()
        )
        self._made.bookings.append(booking)
        if client:
            self._today.setdefault(client.id, []).append(booking)
        return booking

    def _cancelled(self, member_id: int, starts: list[int]) -> None:
        """An appointment that was given up before it began; it takes no time any more."""
        rng, offer = self._rng, self._shop.offer
        service_ids = (rng.choice(self._skills[member_id]).id,)
        pause = offer.break_seconds(service_ids)
        length = offer.service_seconds(service_ids, member_id) + pause
        start = rng.choice(starts)
        client = self._choose_client(Held(member_id, start, start + length), service_ids, set())
        created = self._asked_at(start, client)
        gone = rng.uniform(created, min(start, self._now))
        visit = Visit(client.id if client else None, created)
        self._made.bookings.append(
            Booking(visit, member_id, client, None, start, length, pause, service_ids, created, rng.random(), int(gone))
        )

    def _choose_client(self, held: Held, service_ids: tuple[int, ...], guests: set[int]) -> Client | None:
        """Regulars more often than others; twice a day only now and then, and never at once. None: nobody we know."""
        rng, clients = self._rng, self._shop.clients
        gender = max(self._shop.offer.services[service_id].gender for service_id in service_ids)
        if rng.random() < 0.03 or not clients:
            return None
        for _ in range(10):
            client = clients[int(len(clients) * rng.random() ** 1.6)]
            others = self._today.get(client.id, [])
            if (
                client.id not in guests
                and (not gender or client.gender in (0, gender))
                and not (client.is_blacklisted and held.start > self._now - 30 * DAY)
                and client.since.timestamp() < held.start
                and (not others or rng.random() < 0.1)
                and all(o.start + o.length <= held.start or held.end <= o.start for o in others)
            ):
                return client
        return None

    def _asked_at(self, start: int, client: Client | None) -> int:
        """When it was booked: mostly days before, never in the future nor before the client was known."""
        rng = self._rng
        created = start - int(min(rng.expovariate(1 / (4 * DAY)), 25 * DAY)) - 900
        if created >= self._now:
            created = self._now - rng.randint(600, 3 * DAY)
        return max(created, int(client.since.timestamp())) if client else created

    # ---- time

    def _starts(self, day: date, work: list[Span]) -> Iterator[int]:
        """Moments of the location's grid within working time, as the engine lays it."""
        shop = self._shop
        days = (day, day + timedelta(days=1))
        found = [
            segment
            for date_ in days
            for segment in segments(date_, shop.tz, rule_of(date_, shop.offer.rules, shop.default_rule))
        ]
        for begin, end in work:
            for segment in found:
                opens, closes = max(begin, segment.from_at), min(end, segment.till)
                yield from (slot for slot in segment.slots if opens <= slot < closes)
                if segment.step:
                    anchor = begin if segment.base is None else segment.base
                    yield from range(opens + (anchor - opens) % segment.step, closes, segment.step)

    def _gaps(self, member_id: int, work: list[Span]) -> Iterator[Span]:
        """Working time that is still free, in time order."""
        busy = sorted(self._busy.get(member_id, ()))
        for begin, end in work:
            free = begin
            for start, till in busy:
                if free < start < end:
                    yield free, start
                if start < end and till > begin:
                    free = max(free, till)
            if free < end:
                yield free, end

    def _needs(self, member_id: int, service_ids: tuple[int, ...]) -> list[_Need]:
        """The resources of services given one after another."""
        offer, after, needs = self._shop.offer, 0, list[_Need]()
        for service_id in service_ids:
            till = after + offer.links[service_id, member_id].duration
            needs += [_Need(resource, after, till) for resource in offer.services[service_id].resource_ids]
            after = till
        return needs

    def _free_instance(self, need: _Need, start: int) -> int | None:
        begin, end = start + need.after, start + need.till
        for instance in self._shop.instances.get(need.resource_id, ()):
            if all(till <= begin or end <= opens for opens, till in self._busy.get(instance, ())):
                return instance
        return None

    def _hold(self, held: Held) -> None:
        self._made.held.append(held)
        self._busy.setdefault(held.owner_id, []).append((held.start, held.end))

    def _forget_before(self, moment: int) -> None:
        for owner_id, spans in self._busy.items():
            self._busy[owner_id] = [span for span in spans if span[1] > moment]
