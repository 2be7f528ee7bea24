"""Whatever the engine offers can be booked, and nothing else: the judge is a model that tries every minute.

Each example is a chain of its own in one database, under the same ids as all the others: a statement that forgets its
tenant answers from somebody else's calendar.
"""

from __future__ import annotations

from datetime import date
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from agendum.core.db.sql import Connection
from agendum.schedule.rules import any_moment, only
from tests.schedule.model import Answer, Judge, minutes_of, moment
from tests.schedule.stored import Engine, store
from tests.schedule.worlds import CLOCK_CHANGES, DATES, DAY_SHIFTS, MEMBERS, NIGHT_SHIFTS, ORDINARY, Case, cases

pytestmark = pytest.mark.anyio

ORDINARY_WORLDS, CLOCK_CHANGE_WORLDS, NIGHT_WORLDS = 150, 200, 100
COMPARED = (ORDINARY_WORLDS + CLOCK_CHANGE_WORLDS + NIGHT_WORLDS) * DATES * len(MEMBERS)

quietly = settings(derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
chains = count(1)


@settings(quietly, max_examples=ORDINARY_WORLDS)
@given(cases(ORDINARY, DAY_SHIFTS))
async def test_on_ordinary_dates(db: Connection, case: Case) -> None:
    await agree(db, case)


@settings(quietly, max_examples=CLOCK_CHANGE_WORLDS)
@given(cases(CLOCK_CHANGES, DAY_SHIFTS + NIGHT_SHIFTS))
async def test_around_clock_changes(db: Connection, case: Case) -> None:
    await agree(db, case)


@settings(quietly, max_examples=NIGHT_WORLDS)
@given(cases(ORDINARY + CLOCK_CHANGES, NIGHT_SHIFTS))
async def test_with_night_shifts(db: Connection, case: Case) -> None:
    await agree(db, case)


@pytest.mark.parametrize("compared", [pytest.param(COMPARED, id=f"{COMPARED} dates of members are compared")])
def test_the_engine_and_the_model_met_often_enough(compared: int) -> None:
    assert compared >= 5_000


async def agree(db: Connection, case: Case) -> None:
    """Put one question to both, in every way in which it can be asked."""
    try:
        await _agree(db, case)
    except AssertionError as error:
        error.add_note(f"{case}")
        raise


async def _agree(db: Connection, case: Case) -> None:
    chain_id = next(chains)
    await store(db, chain_id, case.world)
    judge = Judge(case.world, case.asked)
    engine = await Engine.of(db, chain_id, case.world, case.asked, case.dates)

    expected = {day: answer for day in case.dates if (answer := judge.starts(day))}
    found = await engine.starts()
    assert found == expected, _unlike(found, expected, case)
    assert await engine.first_of_dates() == sorted(expected)
    assert await engine.first_of_dates(first=True) == sorted(expected)[:1]
    every = [start for answer in expected.values() for start in answer]
    firsts = {(member, min(at for who, at in every if who == member)) for member in {who for who, _ in every}}
    assert await engine.first_of_members() == firsts
    if not case.asked.taken:  # a directory asks for no more
        first_member = engine.question.needs[0].member_id if engine.question.needs else None
        assert await engine.first_of_places() == [
            min((at for _, at in every), default=None),
            min((at for who, at in every if who == first_member), default=None),
            None,
        ]
    some = MEMBERS[: 1 + case.picks[0] % len(MEMBERS)]
    assert await engine.working_dates(case.dates, some) == [day for day in case.dates if judge.works(day, some)]

    # One moment at a time, as a client books it and as the desk does: any, an offered one, ends of other time.
    minutes = [minute for day in case.dates for minute, _ in minutes_of(day, case.world.zone)]
    offered = sorted(at for _, at in every) or minutes
    edges = sorted(at for who, at in every if judge.gets_free(who, at)) or offered
    for pick, some in zip(case.picks, (minutes, offered, edges, edges), strict=True):
        at = some[pick % len(some)]
        found = await engine.starts(only(engine.grid, moment(at)))
        assert set().union(*found.values()) == {start for start in every if start[1] == at}
        found = await engine.starts(any_moment(moment(at), engine.zone))
        assert set().union(*found.values()) == {
            (who, at) for who in MEMBERS if judge.can_serve(who, at) or judge.can_join(who, at)
        }


def _unlike(found: dict[date, Answer], expected: dict[date, Answer], case: Case) -> str:
    """Where the two differ, by the clock on the wall."""
    zone = ZoneInfo(case.world.zone)
    lines: list[str] = []
    for day in case.dates:
        engine, model = found.get(day, set[tuple[int, int]]()), expected.get(day, set[tuple[int, int]]())
        for member, at in sorted(engine ^ model)[:5]:
            who = "only the engine" if (member, at) in engine else "only the model"
            lines.append(f"{who} lets member {member} begin at {moment(at).astimezone(zone).isoformat()}")
    return "\n".join(lines)
