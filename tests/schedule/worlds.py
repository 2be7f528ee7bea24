"""Random worlds for the model and the engine to agree on: small, crowded, and fond of awkward hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st

from tests.schedule.model import Asked, Busy, Rule, Service, Span, World, minute_of

HOUR, DAY = 3600, 86_400
MEMBERS = (1, 2, 3)
INSTANCES = (11, 12, 13)
DATES = 4

# Zones with the dates around which their worlds lie.
CLOCK_CHANGES = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Riga", date(2026, 3, 29)),
    ("Europe/Riga", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # by half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Cairo", date(2026, 4, 24)),  # skips midnight
    ("Africa/Cairo", date(2026, 10, 29)),  # repeats the hour before midnight
    ("America/Havana", date(2026, 11, 1)),  # repeats the hour after midnight
    ("America/Nuuk", date(2026, 3, 28)),  # has no last hour of the day
    ("Antarctica/Troll", date(2026, 3, 29)),  # by two hours
    ("Pacific/Apia", date(2020, 9, 27)),
]
ORDINARY = [
    ("UTC", date(2026, 6, 10)),
    ("America/New_York", date(2026, 7, 15)),
    ("Europe/Riga", date(2026, 2, 11)),
    ("Australia/Lord_Howe", date(2026, 7, 1)),
    ("Pacific/Apia", date(2026, 5, 5)),
    ("Pacific/Kiritimati", date(2025, 12, 31)),
    ("Asia/Kathmandu", date(2026, 5, 20)),
]

# Hours from midnight. Beyond 24 they belong to the next date.
DAY_SHIFTS = [(9.0, 17.0), (10.0, 18.5), (6.0, 22.0), (8.25, 12.0), (0.0, 4.0), (9.0, 9.5), (13.0, 24.0)]
NIGHT_SHIFTS = [(20.0, 30.0), (22.0, 30.0), (18.0, 25.0), (23.5, 28.25), (0.0, 24.0), (12.0, 36.0), (0.0, 2.5)]
Shifts = list[tuple[float, float]]

WALLS = [0, HOUR, 5400, 7200, 7500, 9000, 10_800, 8 * HOUR, 9 * HOUR, 33_300, 36_000, 43_200, 64_800, 79_200]
FIRSTS = [0, 0, 0, HOUR, 5400, 7200, 8 * HOUR, 33_300]
LASTS = [DAY - 1, DAY - 300, 100_000, 64_800, 79_200, 36_000, 10_800, 9000, HOUR]
STEPS = [300, 600, 900, 1200, 1800, 2700, 3600, 4500, 6000, 25_200]
LENGTHS = [300, 900, 1200, 1800, 2700, 3600, 5400, 9000, 28_800]


@dataclass(frozen=True)
class Case:
    """A world, a question and the dates it is about; `picks` choose among the moments found on them."""

    world: World
    asked: Asked
    dates: tuple[date, ...]
    picks: tuple[int, ...]


@st.composite
def cases(draw: st.DrawFn, places: list[tuple[str, date]], shifts: Shifts) -> Case:
    """A case of three members and four dates around one of the places' dates."""
    zone, middle = draw(st.sampled_from(places))
    days = [middle + timedelta(days=n) for n in range(-2, DATES)]
    resources = draw(st.sampled_from([{}, {1: [11]}, {1: [11, 12]}, {1: [11, 12], 2: [13]}, {1: [11], 2: []}]))
    services = {n: draw(_services(tuple(resources), 4 if n == 4 else 1)) for n in (1, 2, 3, 4)}
    asked = draw(_questions(zone, days))
    busy = {owner: draw(_busy(zone, days)) for owner in (*MEMBERS, *INSTANCES)}
    if asked.services == (4,):
        for member in MEMBERS:
            length = (services[4].durations[member] + services[4].pause) // 60
            sessions = draw(_sessions(zone, days, length))
            busy[member] = _marked(sessions + busy[member])
            for resource in services[4].resources:  # they have one of each resource to themselves
                for instance in resources[resource][:1]:
                    busy[instance] = _marked([Busy(row.start, row.end) for row in sessions] + busy[instance])
    world = World(
        zone=zone,
        work={member: {day: draw(_work(day, zone, shifts)) for day in days} for member in MEMBERS},
        busy=busy,
        services=services,
        resources=resources,
        rules=draw(_rules(days)),
    )
    picks = draw(st.tuples(*[st.integers(0, 9999)] * 4))
    return Case(world, asked, tuple(days[1 : DATES + 1]), picks)


@st.composite
def _services(draw: st.DrawFn, resources: tuple[int, ...], seats: int) -> Service:
    usual = draw(st.sampled_from(LENGTHS))
    own = draw(st.sampled_from([usual, *LENGTHS]))
    pause = draw(st.sampled_from([0, 0, 300, 900, 3600]))
    needed = draw(st.sampled_from([(), resources, resources[:1]]))
    return Service({1: usual, 2: usual, 3: own}, pause, seats, needed)


@st.composite
def _questions(draw: st.DrawFn, zone: str, days: list[date]) -> Asked:
    """Asked long before, or in the middle of it all."""
    since = draw(st.sampled_from([days[0] - timedelta(days=20)] * 4 + days[:4]))
    now = minute_of(since, draw(st.sampled_from(WALLS)), zone) * 60 + draw(st.sampled_from([0, 0, 17]))
    taken: tuple[tuple[int, int, int], ...] = ()
    if draw(st.integers(0, 3)) == 3:
        start = minute_of(draw(st.sampled_from(days)), draw(st.sampled_from(WALLS)), zone)
        taken = ((draw(st.sampled_from([*MEMBERS, 11])), start, start + draw(st.sampled_from(LENGTHS)) // 60),)
    return Asked(
        services=draw(st.sampled_from([(1,), (1,), (2,), (1, 2), (2, 2), (1, 2, 3), (4,), (4,), (4,), (4, 1), ()])),
        members=MEMBERS,
        now=datetime.fromtimestamp(now, UTC),
        lead=draw(st.sampled_from([0, 0, 900, 7200, DAY])),
        horizon=draw(st.sampled_from([90, 90, 90, 90, 21, 1, 0])),
        taken=taken,
    )


@st.composite
def _work(draw: st.DrawFn, day: date, zone: str, shifts: Shifts) -> list[Span]:
    hours = draw(st.sampled_from([*((shift,) for shift in shifts), *pairwise(shifts), ()]))
    spans = [(minute_of(day, int(a * HOUR), zone), minute_of(day, int(b * HOUR), zone)) for a, b in hours]
    return [(start, end) for start, end in spans if start < end]


@st.composite
def _busy(draw: st.DrawFn, zone: str, days: list[date]) -> list[Busy]:
    rows: list[Busy] = []
    for day in draw(st.lists(st.sampled_from(days), max_size=6)):
        wall = draw(st.sampled_from(WALLS)) + 300 * draw(st.integers(0, 24))
        length = draw(st.sampled_from([*LENGTHS, *LENGTHS, DAY]))
        start = minute_of(day, wall, zone)
        rows.append(Busy(start, start + length // 60))
    return _marked(rows)


@st.composite
def _sessions(draw: st.DrawFn, zone: str, days: list[date], length: int) -> list[Busy]:
    """Sessions of service 4, most of them joinable."""
    rows: list[Busy] = []
    for day in draw(st.lists(st.sampled_from(days), min_size=1, max_size=4)):
        start = minute_of(day, draw(st.sampled_from(WALLS)), zone)
        end = start + length + draw(st.sampled_from([0, 0, 0, 5]))
        service, seats_taken = draw(st.sampled_from([(4, 1), (4, 0), (4, 3), (4, 4), (1, 1)]))
        rows.append(Busy(start, end, service, 4, seats_taken))
    return rows


@st.composite
def _rules(draw: st.DrawFn, days: list[date]) -> tuple[Rule, ...]:
    """None, one for all weekdays, or one for odd and one for even weekdays and another for a date."""
    how = draw(st.integers(0, 4))
    if how == 0:
        return ()
    odd = draw(_grids)
    if how < 3:
        return tuple(replace(odd, weekday=n) for n in range(1, 8))
    even, dated = draw(_grids), draw(_grids)
    weekdays = [replace(odd if n % 2 else even, weekday=n) for n in range(2, 8)]
    return (*weekdays, replace(dated, date=draw(st.sampled_from(days))))


_grids = st.builds(
    Rule,
    kind=st.sampled_from(["timeslots", "timeslots", "schedule", "schedule", "predefined"]),
    first=st.sampled_from(FIRSTS),
    last=st.sampled_from(LASTS),
    step=st.sampled_from(STEPS),
    delay=st.sampled_from([0, 0, 0, 0, HOUR, DAY]),
    timeslots=st.lists(st.sampled_from([*WALLS, DAY - 60, DAY + HOUR]), max_size=8).map(tuple),
    is_flexible=st.booleans(),
)


def _marked(rows: list[Busy]) -> list[Busy]:
    """The same rows, those that overlap an earlier one marked as put there knowingly."""
    kept: list[Busy] = []
    for row in rows:
        over = any(row.start < other.end and other.start < row.end for other in kept)
        kept.append(Busy(row.start, row.end, row.service, row.seats, row.seats_taken, is_overbooked=over))
    return kept
