"""Finding somebody while typing: begun names, mistakes, phones in any form."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from agendum.clients.rules.looking import read_typed
from agendum.clients.v1.lists import sql
from agendum.core.db.pool import prepare_connection
from tests.clients.conftest import Desk
from tests.makers.world import make_chain, make_place

pytestmark = pytest.mark.anyio

PEOPLE = {
    "James": {"surname": "Smith", "phone": "13155550101", "email": "jim@one.example", "card": "777001"},
    "Natalia": {"surname": "Petrova", "middle_name": "Ivanovna", "phone": "79161234567"},
    "Wei": {"surname": "Chen", "phone": "861012345678"},
    "Élodie": {"surname": "O'Hara-Blanc", "phone": "33140205050"},
    "Elizabeth": {"surname": "Kowalczyk", "phone": "48221234567"},
}


@pytest.fixture
async def town(desk: Desk) -> Desk:
    await desk.db.execute("UPDATE clients SET phone = '12029990250'")
    for name, facts in PEOPLE.items():
        await desk.make(name, **facts)
    return desk


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("jam", "James"),
        ("SMI", "James"),
        ("smith james", "James"),
        ("  smith,  j ", "James"),
        ("ivanovna", "Natalia"),
        ("élo", "Élodie"),
        ("o'hara", "Élodie"),
        ("w", "Wei"),
        ("jim@one", "James"),
        ("777001", "James"),
    ],
)
async def test_a_name_is_found_as_far_as_it_is_typed(town: Desk, typed: str, name: str) -> None:
    assert await town.quick(typed) == [name]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Jmaes", "James"),
        ("Jaems", "James"),
        ("Kames", "James"),
        ("Jamees", "James"),
        ("Smth", "James"),
        ("Jmaes Smith", "James"),
        ("Smith Jmaes", "James"),
        ("Natlia", "Natalia"),
        ("Nathalia", "Natalia"),
        ("Petrowa", "Natalia"),
        ("Wie", "Wei"),
        ("elizbeth", "Elizabeth"),
        ("elodie", "Élodie"),
        ("Kovalczyk", "Elizabeth"),
        ("Natlia Petrowa", "Natalia"),
        ("Kowalczyk Elziabeth", "Elizabeth"),
        ("Robert Smith", "James"),
    ],
)
async def test_a_name_typed_with_a_mistake_is_found(town: Desk, typed: str, name: str) -> None:
    found = await town.quick(typed)
    assert found[:1] == [name], found


@pytest.mark.parametrize("typed", ["Xqzwv", "Bartholomew", "qq", "%", "_____"])
async def test_who_is_not_there_is_not_found(town: Desk, typed: str) -> None:
    assert await town.quick(typed) == []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("+1 (315) 555-01-01", "James"),
        ("315 555 0101", "James"),
        ("0101", "James"),
        ("001 315 5550101", "James"),
        ("+1.315.555.0101", "James"),
        ("8 (916) 123-45-67", "Natalia"),
        ("+7 916 123", "Natalia"),
        ("01 40 20 50 50", "Élodie"),
        ("(22) 123-45-67", "Elizabeth"),
    ],
)
async def test_a_phone_is_found_in_any_form(town: Desk, typed: str, name: str) -> None:
    assert await town.quick(typed) == [name]


async def test_no_more_come_than_are_asked_for(town: Desk) -> None:
    for number in range(12):
        await town.make("Zoe", surname=f"Z{number}")
    assert len(await town.quick("zoe")) == 10
    assert len(await town.quick("zoe", count=3)) == len(await town.quick("zeo", count=3)) == 3
    await town.ask("GET", f"/company/{town.here}/clients/quick_search", 422, params={"q": "zoe", "count": 51})
    await town.ask("GET", f"/company/{town.here}/clients/quick_search", 422)


async def test_what_is_found_is_shown_by_rights(town: Desk) -> None:
    path = f"/company/{town.here}/clients/quick_search"
    [seen] = await town.ask("GET", path, params={"q": "james"})
    assert (seen["phone"], seen["email"], seen["visits"], seen["last_visit_date"]) == (
        13155550101,
        "jim@one.example",
        0,
        None,
    )
    nosy = await town.holder()
    [seen] = await town.ask("GET", path, user=nosy, params={"q": "james"})
    assert (seen["phone"], seen["email"], seen["surname"]) == ("131******01", "j***@one.example", "")
    assert await town.quick("555 01", user=nosy) == [], "part of a phone would tell it digit by digit"
    assert await town.quick("+1 315 555 0101", user=nosy) == ["James"]
    assert await town.quick("jim@one", user=nosy) == []


async def test_deleted_clients_and_those_of_others_are_not_found(town: Desk) -> None:
    await town.make("James", surname="Far", location_id=town.business.far_location_id)
    [james] = await town.ask("GET", f"/company/{town.here}/clients/quick_search", params={"q": "james"})
    assert james["surname"] == "Smith"
    await town.ask("DELETE", f"/client/{town.here}/{james['id']}", 204)
    assert await town.quick("james") == await town.quick("jmaes") == []


async def test_it_is_quick_in_a_big_business(dsn: str) -> None:
    """With the generic plan that the server uses, every step goes by the index of names and contacts."""
    db: Any = await asyncpg.connect(dsn, server_settings={"plan_cache_mode": "force_generic_plan"})
    try:
        await prepare_connection(db)
        chain_id = await make_chain(db, "Big")
        place = await make_place(db, chain_id, "Big", zone="America/New_York")
        await db.execute(
            """INSERT INTO clients (chain_id, location_id, name, surname, phone, created_at, updated_at)
               SELECT $1, $2, 'Client', md5(n::text), 13150000000 + n, now(), now()
                 FROM generate_series(1, 5000) AS n""",
            chain_id,
            place,
        )
        await db.execute("ANALYZE clients")
        typed = read_typed("Jmaes Smtih", "US", phones=True, emails=True)
        assert typed is not None
        assert typed.guess is not None
        values = {
            "chain_id": chain_id, "location_id": place, "member_id": 0, "count": 10,
            "contacts": "true", "is_name": "true",
            "part": f"'{typed.parts[0]}'", "other": f"'{typed.parts[1]}'", "contact_part": f"'{typed.contact_part}'",
            "patterns": f"ARRAY{typed.patterns}",
            "guess": f"'{typed.guess.text}'", "threshold": f"'{typed.guess.threshold}'",
            "first": "'jmaes'", "second": "'smtih'", "swaps": f"ARRAY{typed.guess.swaps}",
        }  # fmt: skip
        plans: list[str] = []
        for name, statement in (("quick", sql.quick_search), ("guess", sql.quick_guess)):
            await db.execute(f"PREPARE {name} AS {statement.text}")
            given = ", ".join(str(values[name]) for name in statement.params)
            plans.append("\n".join(row[0] for row in await db.fetch(f"EXPLAIN EXECUTE {name} ({given})")))
    finally:
        await db.close()
    for plan, steps in zip(plans, (2, 5), strict=True):
        assert plan.count("Bitmap Index Scan on clients_by_search") == steps, plan
        assert "Seq Scan on clients" not in plan, plan
