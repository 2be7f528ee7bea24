"""Countries, cities, lines of business."""

from __future__ import annotations

from tests.conformance.api import Api


async def get_country_list(api: Api) -> None:
    countries = {country["iso_code"]: country for country in (await api(200))["data"]}
    assert countries["US"]["id"] == 7
    assert countries["US"]["phone_code"] == "1"
    assert countries["DE"]["is_eu"] is True
    await api(401, partner="")


async def get_city_list(api: Api) -> None:
    united_states = (await api(200, query={"country_id": 7}))["data"]
    assert {city["country_id"] for city in united_states} == {7}
    assert "New York" in {city["title"] for city in united_states}
    added = (await api(200, query={"country_id": 7, "company_id": api.business.far_location_id}))["data"]
    assert {city["title"] for city in added if city["country_id"] != 7} == {"Tokyo"}
    await api(401, partner="")


async def get_business_types_by_group(api: Api) -> None:
    answer = await api(200)
    groups = answer["data"]
    assert groups
    for group in groups:
        assert group["types"], group["title"]
        assert {kind["business_group_id"] for kind in group["types"]} == {group["id"]}
    assert answer["meta"]["count"] > 0
    await api(401, partner="")
