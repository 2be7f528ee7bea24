"""How PostgreSQL carries out the hot statements, with one plan for all questions, as the server asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agendum.core.db.sql import Connection
from agendum.schedule.availability import sql
from tests.schedule.model import Asked, Busy, Rule, Service, Span, World, minute_of
from tests.schedule.stored import Engine, store

pytestmark = pytest.mark.anyio

ZONE = "Europe/Riga"
MEMBERS = tuple(range(1, 21))
CABINS = {n: [100 * n, 100 * n + 1] for n in range(1, 201)}
FIRST = date(2026, 1, 1)
DATES = tuple(FIRST + timedelta(days=n) for n in range(90))
HAIRCUT, YOGA = 1, 2


def first_free_date(member: int) -> date:
    """The later in the list, the sooner free."""
    return FIRST + timedelta(days=80 - 4 * member)


def busy_location() -> World:
    """Twenty team members with two long appointments each day: 3,600 rows, and cabins with as many again."""

    def between(day: date, begin: int, end: int) -> Span:
        return minute_of(day, begin * 3600, ZONE), minute_of(day, end * 3600, ZONE)

    def given_away(member: int) -> list[Busy]:
        ends = [17 if day >= first_free_date(member) else 18 for day in DATES]
        mornings = [Busy(*between(day, 9, 13)) for day in DATES]
        return mornings + [Busy(*between(day, 13, end)) for day, end in zip(DATES, ends, strict=True)]

    hour = dict.fromkeys(MEMBERS, 3600)
    return World(
        zone=ZONE,
        work={member: {day: [between(day, 9, 18)] for day in DATES} for member in MEMBERS},
        busy={member: given_away(member) for member in MEMBERS}
        | {cabins[0]: [Busy(*between(day, 9, 18)) for day in DATES] for cabins in list(CABINS.values())[:20]},
        services={HAIRCUT: Service(hour, resources=(1,)), YOGA: Service(hour, seats=4)},
        resources=CABINS,
        rules=tuple(Rule(weekday=n, is_flexible=True) for n in range(1, 8)),
    )


@pytest.fixture(scope="module", autouse=True)
async def busy_chains(db: Connection) -> None:
    """The same busy location in two chains, its statistics known."""
    for chain_id in (1, 2):
        await store(db, chain_id, busy_location())
    await db.execute("VACUUM (ANALYZE) busy, days, resource_instances")


Node = dict[str, Any]


async def plan_of(db: Connection, name: str) -> Node:
    """The plan with which a statement answers any question, whatever is asked."""
    statement = getattr(sql, name)
    nothing = ", ".join(["NULL"] * len(statement.params))
    await db.execute(f"PREPARE asked AS {statement.text}")
    try:
        plan = await db.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE asked ({nothing})")
        return json.loads(str(plan))[0]["Plan"]
    finally:
        await db.execute("DEALLOCATE asked")


def nodes(plan: Node, *, conditions: bool = True) -> Iterator[Node]:
    """A plan's nodes from the top; without `conditions`, only those that bring forth rows."""
    yield plan
    for below in plan.get("Plans", []):
        if conditions or below["Parent Relationship"] not in ("SubPlan", "InitPlan"):
            yield from nodes(below, conditions=conditions)


def ways_to(plan: Node, table: str) -> set[tuple[str, str | None]]:
    """How a plan reads a table: kind of scan and index."""
    return {(n["Node Type"], n.get("Index Name")) for n in nodes(plan) if n.get("Relation Name") == table}


async def test_the_engine_finds_its_rows_by_index(db: Connection) -> None:
    plan = await plan_of(db, "free_starts")
    # Sessions to join need their seats, so they alone are read from the table too.
    assert ways_to(plan, "busy") == {("Index Only Scan", "busy_by_start"), ("Index Scan", "busy_by_start")}
    assert ways_to(plan, "days") == {("Index Scan", "days_pkey")}
    assert ways_to(plan, "resource_instances") == {("Index Scan", "resource_instances_by_resource")}


async def test_the_engine_keeps_the_order_of_its_candidates(db: Connection) -> None:
    """LIMIT takes the first of a group: its candidates must come in the order in which they were given."""
    plan = await plan_of(db, "free_starts")
    kinds = [node["Node Type"] for node in nodes(plan, conditions=False)]
    assert not {"Hash Join", "Merge Join", "Gather"} & set(kinds)
    assert kinds.count("Sort") == 1
    [candidates] = [n for n in nodes(plan, conditions=False) if n.get("Alias") == "candidate"]
    assert [below["Node Type"] for below in candidates["Plans"] if below["Parent Relationship"] == "Subquery"] == [
        "Sort"
    ]


@pytest.mark.parametrize(
    ("name", "table", "way"),
    [
        ("working_dates", "days", ("Index Scan", "days_pkey")),
        ("lock_days", "days", ("Index Scan", "days_pkey")),
        ("busy_of_owners", "busy", ("Index Only Scan", "busy_by_start")),
        ("booked_seconds", "busy", ("Index Scan", "busy_by_start")),
        ("shared_time", "busy", ("Index Scan", "busy_by_start")),
        ("resource_instances", "resource_instances", ("Index Scan", "resource_instances_by_resource")),
    ],
)
async def test_other_hot_statements_find_theirs(db: Connection, name: str, table: str, way: tuple[str, str]) -> None:
    assert ways_to(await plan_of(db, name), table) == {way}


async def test_the_first_of_many_dates_is_the_earliest(db: Connection) -> None:
    asked = Asked((HAIRCUT,), MEMBERS, datetime(2025, 12, 31, tzinfo=UTC), horizon=120)
    engine = await Engine.of(db, 1, busy_location(), asked, DATES)
    at_five = {member: minute_of(first_free_date(member), 17 * 3600, ZONE) for member in MEMBERS}
    assert await engine.first_of_members() == set(at_five.items())
    assert await engine.first_of_dates() == [day for day in DATES if day >= first_free_date(MEMBERS[-1])]
    assert await engine.first_of_dates(first=True) == [first_free_date(MEMBERS[-1])]
