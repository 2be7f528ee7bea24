"""The rules of availability a second time: slow, minute by minute, and without a line of the engine.

Moments are whole minutes since 1970 in UTC, durations are seconds as everywhere. Nothing here is clever: a date is the
minutes whose local date it is, working and free time are sets of minutes, and every minute of the date is tried.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

Span = tuple[int, int]
"""From a minute up to, not including, another one."""

DAY = 86_400


@dataclass(frozen=True)
class Service:
    """`durations`: seconds by member; `pause`: the technical break; `seats` above 1: clients share the time."""

    durations: dict[int, int]
    pause: int = 0
    seats: int = 1
    resources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Busy:
    """Time taken from an owner. With `service` it is a session of that service, which others may join."""

    start: int
    end: int
    service: int | None = None
    seats: int = 1
    seats_taken: int = 1
    is_overbooked: bool = False


@dataclass(frozen=True)
class Rule:
    """The grid of a weekday or a date; seconds from local midnight."""

    kind: str = "timeslots"
    weekday: int | None = None
    date: date | None = None
    first: int = 0
    last: int = DAY - 1
    step: int = 900
    delay: int = 0
    timeslots: tuple[int, ...] = ()
    is_flexible: bool = False


@dataclass(frozen=True)
class World:
    """A location: `work` by member and date, `busy` by owner, `resources` with the ids of their instances."""

    zone: str
    work: dict[int, dict[date, list[Span]]]
    busy: dict[int, list[Busy]] = field(default_factory=dict[int, list[Busy]])
    services: dict[int, Service] = field(default_factory=dict[int, Service])
    resources: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Services one after another with one of the members; `taken` is what the same request has given away already."""

    services: tuple[int, ...]
    members: tuple[int, ...]
    now: datetime
    lead: int = 0
    horizon: int = 90
    taken: tuple[tuple[int, int, int], ...] = ()


Answer = set[tuple[int, int]]
"""Member and minute."""


def minute_of(day: date, seconds: int, zone: str) -> int:
    """The minute of a wall-clock time; what the clock skips is shifted, what it repeats means the first."""
    wall = datetime.combine(day, time.min) + timedelta(seconds=seconds)
    return int(wall.replace(tzinfo=ZoneInfo(zone)).timestamp()) // 60


def moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


@cache
def minutes_of(day: date, zone: str) -> list[tuple[int, int]]:
    """Every minute whose local date this is, with its wall clock in seconds from midnight."""
    tz, noon = ZoneInfo(zone), int(datetime.combine(day, time(12), UTC).timestamp()) // 60
    found: list[tuple[int, int]] = []
    for minute in range(noon - 36 * 60, noon + 36 * 60):
        local = moment(minute).astimezone(tz)
        if local.date() == day:
            found.append((minute, local.hour * 3600 + local.minute * 60))
    return found


class Judge:
    """One question put to one world. Members' sets of minutes are made once and used for every date."""

    def __init__(self, world: World, asked: Asked) -> None:
        self.world, self.asked = world, asked
        self._worked = {member: _minutes(_spans_of(world.work[member])) for member in asked.members}
        self._free = {member: self._worked[member] - self._taken(member) for member in asked.members}
        self._needed = {member: self._length(member) for member in asked.members}
        self._began = {member: self._interval_starts(member) for member in asked.members}
        self._sessions = {member: self._joinable(member) for member in asked.members}
        instances = [instance for all_of_one in world.resources.values() for instance in all_of_one]
        self._occupied = {instance: self._taken(instance) for instance in instances}

    def starts(self, day: date) -> Answer:
        """Who can begin at which minutes of a date."""
        today = self.asked.now.astimezone(ZoneInfo(self.world.zone)).date()
        if not today <= day <= today + timedelta(days=self.asked.horizon):
            return set()
        rule, minutes = self._rule(day), minutes_of(day, self.world.zone)
        listed = {minute_of(day, seconds, self.world.zone) for seconds in rule.timeslots} & {m for m, _ in minutes}
        earliest = self.asked.now.timestamp() + max(self.asked.lead, rule.delay)
        found: Answer = set()
        for member in self.asked.members:
            began = self._began[member]
            for minute, wall in minutes:
                if minute * 60 < earliest or not _is_open(rule, listed, wall):
                    continue
                on_grid = _is_on_grid(rule, listed, began.get(minute, set()), minute, wall)
                on_grid = on_grid or (rule.is_flexible and self.gets_free(member, minute))
                if (on_grid and self.can_serve(member, minute)) or self.can_join(member, minute):
                    found.add((member, minute))
        return found

    def works(self, day: date, members: tuple[int, ...]) -> bool:
        """Whether one of these members works at any minute of a date."""
        minutes = {minute for minute, _ in minutes_of(day, self.world.zone)}
        return any(self._worked[member] & minutes for member in members)

    def gets_free(self, member: int, minute: int) -> bool:
        """Whether a stretch of free time begins here."""
        return minute in self._free[member] and minute - 1 not in self._free[member]

    def can_serve(self, member: int, minute: int) -> bool:
        """Whether the member is free for all of it and every service finds its resources, whatever the grid says."""
        needed = self._needed[member]
        if needed > DAY // 60 or not self._free[member].issuperset(range(minute, minute + needed)):
            return False
        at = minute
        for service_id in self.asked.services:
            service = self.world.services[service_id]
            part = range(at, at := at + service.durations[member] // 60)
            for resource in service.resources:
                if not any(self._occupied[i].isdisjoint(part) for i in self.world.resources[resource]):
                    return False
        return True

    def can_join(self, member: int, minute: int) -> bool:
        """Whether a session of the one service begins here with a seat left."""
        return minute in self._sessions[member]

    def _joinable(self, member: int) -> set[int]:
        if len(self.asked.services) != 1 or self.world.services[self.asked.services[0]].seats == 1:
            return set()
        return {
            busy.start
            for busy in self.world.busy.get(member, [])
            if busy.service == self.asked.services[0]
            and busy.end == busy.start + self._needed[member]
            and busy.seats_taken < busy.seats
        }

    def _length(self, member: int) -> int:
        """Minutes that the member gives, the longest technical break included."""
        services = [self.world.services[service] for service in self.asked.services]
        if not services:  # room for the shortest thing that the member does
            known = [service for service in self.world.services.values() if member in service.durations]
            return min(service.durations[member] + service.pause for service in known) // 60
        return (sum(service.durations[member] for service in services) + max(s.pause for s in services)) // 60

    def _rule(self, day: date) -> Rule:
        of_date = [rule for rule in self.world.rules if rule.date == day]
        of_weekday = [rule for rule in self.world.rules if rule.weekday == day.isoweekday()]
        return (of_date or of_weekday or [Rule()])[0]

    def _interval_starts(self, member: int) -> dict[int, set[int]]:
        """For each working minute when its interval began: on each date anew, also where two dates' intervals meet."""
        began: dict[int, set[int]] = {}
        for spans in self.world.work[member].values():
            since: dict[int, int] = {}
            for minute in sorted(_minutes(spans)):
                since[minute] = since.get(minute - 1, minute)
                began.setdefault(minute, set()).add(since[minute])
        return began

    def _taken(self, owner: int) -> set[int]:
        rows = [(busy.start, busy.end) for busy in self.world.busy.get(owner, [])]
        asked = [(start, end) for who, start, end in self.asked.taken if who == owner]
        return _minutes(rows + asked)


def _is_open(rule: Rule, listed: set[int], wall: int) -> bool:
    """Whether a wall-clock time lies in the hours of online booking; a predefined list, unless empty, has all day."""
    if rule.kind == "predefined":
        return bool(listed) or rule.is_flexible
    return rule.first <= wall <= rule.last


def _is_on_grid(rule: Rule, listed: set[int], began: set[int], minute: int, wall: int) -> bool:
    if rule.kind == "predefined":
        return minute in listed
    if rule.kind == "schedule":
        return any((minute - since) * 60 % rule.step == 0 for since in began)
    return (wall - rule.first) % rule.step == 0


def _spans_of(days: dict[date, list[Span]]) -> list[Span]:
    return [span for spans in days.values() for span in spans]


def _minutes(spans: list[Span]) -> set[int]:
    return {minute for start, end in spans for minute in range(start, end)}
