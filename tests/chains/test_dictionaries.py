"""What a drop-down is filled from: countries, cities, lines of business; and whether a phone number can exist."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from agendum.core import clock
from tests.conftest import World
from tests.makers.chains import KOLKATA, make_location
from tests.makers.world import make_chain, make_partner_token

pytestmark = pytest.mark.anyio

LATVIA, USA, INDIA = 133, 7, 103


@pytest.fixture
async def partner(world: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {await make_partner_token(world.server.pools.write)}"}


async def data(world: World, partner: dict[str, str], path: str, **params: Any) -> Any:
    answer = await world.http.get(path, params=params, headers=partner)
    assert answer.status_code == 200, answer.text
    assert answer.json()["success"] is True
    return answer.json()["data"]


async def test_countries(world: World, partner: dict[str, str]):
    answer = (await world.http.get("/countries", headers=partner)).json()
    assert (answer["success"], answer["meta"]) == (True, [])
    [usa] = [country for country in answer["data"] if country["id"] == USA]
    assert usa == {
        "id": USA,
        "title": "USA",
        "full_title": "United States",
        "iso_code": "US",
        "phone_code": "1",
        "phone_template": "+1 xxx-xxx-xxxx",
        "phone_example": "+1 201-555-0123",
        "currency": "$",
        "exchange": 1,
        "lang_id": 2,
        "group_type": usa["group_type"],
        "is_eu": False,
    }
    titles = [country["title"] for country in answer["data"]]
    # As a reader looks for them: Å stands with A.
    assert titles[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert titles.index("Uganda") < titles.index("UK") < titles.index("Ukraine")


async def test_cities_of_a_country(world: World, partner: dict[str, str]):
    cities = await data(world, partner, "/cities", country_id=LATVIA)
    assert {"id": 456172, "country_id": LATVIA, "title": "Riga"} in cities
    assert {city["country_id"] for city in cities} == {LATVIA}
    titles = [city["title"] for city in cities]
    assert titles.index("Jēkabpils") < titles.index("Jelgava") < titles.index("Jūrmala")
    assert await data(world, partner, "/cities", country_id=99999) == []


async def test_cities_of_the_world(world: World, partner: dict[str, str]):
    everywhere = await data(world, partner, "/cities")
    assert len(everywhere) > 30_000
    assert {"id": 5128581, "country_id": USA, "title": "New York"} in everywhere
    assert len(await data(world, partner, "/cities", country_id=0)) == len(everywhere)


async def test_a_location_adds_its_city(world: World, partner: dict[str, str]):
    db = world.server.pools.write
    chain = await make_chain(db, "One")
    location_id = await make_location(db, chain, zone=KOLKATA)
    nowhere = await make_location(db, chain, city_id=None)
    gone = await make_location(db, chain, deleted_at=clock.now())
    latvian = await data(world, partner, "/cities", country_id=LATVIA)
    with_it = await data(world, partner, "/cities", country_id=LATVIA, company_id=location_id)
    kolkata = {"id": 1275004, "country_id": INDIA, "title": "Kolkata"}
    assert kolkata not in latvian
    assert [city for city in with_it if city != kolkata] == latvian
    assert [city["title"] for city in with_it].index("Kolkata") == [c["title"] for c in latvian].index("Liepāja")
    indian = await data(world, partner, "/cities", country_id=INDIA, location_id=location_id)
    assert indian.count(kolkata) == 1
    assert await data(world, partner, "/cities", country_id=LATVIA, company_id=nowhere) == latvian
    for missing in (gone, 999999):
        answer = await world.http.get("/cities", params={"company_id": missing}, headers=partner)
        assert answer.status_code == 404


async def test_lines_of_business(world: World, partner: dict[str, str]):
    answer = (await world.http.get("/references/business_groups_with_types", headers=partner)).json()
    groups = answer["data"]
    assert answer["meta"] == {"count": sum(len(group["types"]) for group in groups)}
    assert (groups[0]["id"], groups[0]["title"]) == (1, "beauty")
    assert groups[0].keys() == {"id", "title", "image", "image_small", "types"}
    assert groups[0]["types"][0] == {"id": 1, "title": "Beauty Salons", "business_group_id": 1}
    assert {"id": 25, "title": "Spa", "business_group_id": 1} in groups[0]["types"]
    for group in groups:
        assert {kind["business_group_id"] for kind in group["types"]} == {group["id"]}


@pytest.mark.parametrize(
    ("phone", "is_valid"),
    [
        ("+13155550175", True),
        ("13155550175", True),
        ("+1 (315) 555-01-75", True),
        ("+371 20 000 000", True),
        ("12345", False),
        ("+999999999999999", False),
        ("call me", False),
    ],
)
async def test_phone_numbers(world: World, partner: dict[str, str], phone: str, is_valid: bool):
    path = f"/validation/validate_phone/{quote(phone, safe='')}"
    assert await data(world, partner, path) == {"is_valid": is_valid}


@pytest.mark.parametrize(
    "path",
    ["/countries", "/cities", "/references/business_groups_with_types", "/validation/validate_phone/13155550175"],
)
async def test_only_partners_ask(world: World, path: str):
    answer = await world.http.get(path)
    assert answer.status_code == 401
    assert answer.json()["meta"] == {"message": "Authentication needed."}
