"""Random worlds for the model and the engine to agree on: small, crowded, and fond of awkward hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st
from tests.schedule.model import Asked, Busy, Rule, Service, Span, World, minute_of

HOUR = 3600
MEMBERS = (1, 2, 3)
INSTANCES = (11, 12, 13)

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
DAY_SHIFTS = [(9, 17), (10, 18.5), (8.25, 12), (6, 22), (0, 4), (9, 9.5), (13, 24)]
NIGHT_SHIFTS = [(20, 30), (22, 30), (18, 25), (23.5, 28.25), (0, 24), (12, 36), (0, 2.5)]
WALLS = [0, HOUR, 5400, 7200, 7500, 9000, 10_800, 8 * HOUR, 9 * HOUR, 33_300, 36_000, 43_200, 64_800, 79_200]
STEPS = [300, 600, 900, 1200, 1800, 2700, 3600, 4500, 6000, 25_200]
LENGTHS = [300, 900, 1200, 1800, 2700, 3600, 5400, 9000, 28_800]


@dataclass(frozen=True)
class Case:
    """A world, a question and the dates it is about; `picks` choose among the moments found on them."""

    world: World
    asked: Asked
    dates: tuple[date, ...]
    picks: tuple[int, int, int, int]


@st.composite
def cases(draw: st.DrawFn, places: list[tuple[str, date]], shifts: list[tuple[float, float]]) -> Case:
    """A case of three members and four dates around one of the places' dates."""
    zone, middle = draw(st.sampled_from(places))
    days = [middle + timedelta(days=n) for n in range(-2, 4)]
    resources = draw(st.sampled_from([{}, {1: [11]}, {1: [11, 12]}, {1: [11, 12], 2: [13]}, {1: []}]))
    services = {n: draw(_services(tuple(resources), 4 if n == 4 else 1)) for n in (1, 2, 3, 4)}
    asked = draw(_questions(zone, days))
    busy = {owner: draw(_busy(zone, days)) for owner in (*MEMBERS, *INSTANCES)}
    if asked.services == (4,):
        for member in MEMBERS:
            length = (services[4].durations[member] + services[4].pause) // 60
            busy[member] = _without_overlaps(draw(_sessions(zone, days, length)) + busy[member])
    world = World(
        zone=zone,
        work={member: {day: draw(_work(day, zone, shifts)) for day in days} for member in MEMBERS},
        busy=busy,
        services=services,
        resources=resources,
        rules=draw(_rules(days)),
    )
    return Case(world, asked, tuple(days[1:5]), draw(st.tuples(*[st.integers(0, 9_999)] * 4)))


@st.composite
def _services(draw: st.DrawFn, resources: tuple[int, ...], seats: int) -> Service:
    usual = draw(st.sampled_from(LENGTHS))
    own = draw(st.sampled_from([usual, usual, *LENGTHS]))
    return Service(
        durations={1: usual, 2: usual, 3: own},
        pause=draw(st.sampled_from([0, 0, 0, 300, 900, 3600])),
        seats=seats,
        resources=draw(st.sampled_from([(), resources, resources[:1]])),
    )


@st.composite
def _questions(draw: st.DrawFn, zone: str, days: list[date]) -> Asked:
    since = draw(st.sampled_from([days[0] - timedelta(days=20), *days[:4]]))
    now = minute_of(since, draw(st.sampled_from(WALLS)), zone) * 60 + draw(st.sampled_from([0, 0, 17]))
    taken: tuple[tuple[int, int, int], ...] = ()
    if draw(st.integers(0, 3)) == 0:
        start = minute_of(draw(st.sampled_from(days)), draw(st.sampled_from(WALLS)), zone)
        taken = ((draw(st.sampled_from([*MEMBERS, 11])), start, start + draw(st.sampled_from(LENGTHS)) // 60),)
    return Asked(
        services=draw(st.sampled_from([(1,), (2,), (1, 2), (2, 2), (1, 2, 3), (4,), (4,), (4, 1), ()])),
        members=MEMBERS,
        now=datetime.fromtimestamp(now, UTC),
        lead=draw(st.sampled_from([0, 0, 900, 7200, 86_400])),
        horizon=draw(st.sampled_from([0, 1, 2, 90, 90, 90])),
        taken=taken,
    )


@st.composite
def _work(draw: st.DrawFn, day: date, zone: str, shifts: list[tuple[float, float]]) -> list[Span]:
    hours = draw(st.sampled_from([(), *((shift,) for shift in shifts), *pairwise(shifts)]))
    spans = [(minute_of(day, int(a * HOUR), zone), minute_of(day, int(b * HOUR), zone)) for a, b in hours]
    return [(start, end) for start, end in spans if start < end]


@st.composite
def _busy(draw: st.DrawFn, zone: str, days: list[date]) -> list[Busy]:
    rows: list[Busy] = []
    for day in draw(st.lists(st.sampled_from(days), max_size=5)):
        wall = draw(st.sampled_from(WALLS)) + 300 * draw(st.integers(0, 24))
        length = draw(st.sampled_from([*LENGTHS, 86_400]))
        start = minute_of(day, wall, zone)
        rows.append(Busy(start, start + length // 60))
    return _without_overlaps(rows)


@st.composite
def _sessions(draw: st.DrawFn, zone: str, days: list[date], length: int) -> list[Busy]:
    """Sessions of service 4, most of them joinable."""
    rows: list[Busy] = []
    for day in draw(st.lists(st.sampled_from(days), max_size=3)):
        start = minute_of(day, draw(st.sampled_from(WALLS)), zone)
        end = start + length + draw(st.sampled_from([0, 0, 0, 5]))
        rows.append(Busy(start, end, draw(st.sampled_from([4, 4, 4, 1])), 4, draw(st.sampled_from([0, 1, 3, 3, 4]))))
    return rows


@st.composite
def _rules(draw: st.DrawFn, days: list[date]) -> tuple[Rule, ...]:
    """None, one for all days, or one for each weekday with one date that differs."""
    how = draw(st.integers(0, 3))
    if how == 0:
        return ()
    shared = draw(_grids)
    weekdays = dict.fromkeys(range(1, 8), shared) if how < 3 else {n: draw(_grids) for n in range(2, 8)}
    rules = [Rule(**grid, weekday=n) for n, grid in weekdays.items()]
    if how > 1:
        rules.append(Rule(**draw(_grids), date=draw(st.sampled_from(days))))
    return tuple(rules)


_grids = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["timeslots", "timeslots", "schedule", "schedule", "predefined"]),
        "first": st.sampled_from([0, 0, *WALLS]),
        "last": st.sampled_from([86_399, 86_100, 86_399, 100_000, *WALLS]),
        "step": st.sampled_from(STEPS),
        "delay": st.sampled_from([0, 0, 0, 3600, 86_400]),
        "timeslots": st.lists(st.sampled_from([*WALLS, 86_340, 90_000]), max_size=8).map(tuple),
        "is_flexible": st.booleans(),
    }
)


def _without_overlaps(rows: list[Busy]) -> list[Busy]:
    """The same rows, those that overlap an earlier one marked as put there knowingly."""
    kept: list[Busy] = []
    for row in rows:
        over = any(row.start < other.end and other.start < row.end for other in kept)
        kept.append(Busy(row.start, row.end, row.service, row.seats, row.seats_taken, is_overbooked=over))
    return kept
