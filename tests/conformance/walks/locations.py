"""The directory of locations."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api, is_moment


async def get_location_list(api: Api) -> None:
    business = api.business
    both = {business.location_id, business.far_location_id}
    places = {place["id"]: place for place in (await api(200, query={"group_id": business.chain_id}))["data"]}
    assert places.keys() == both
    here = places[business.location_id]
    assert (here["title"], here["timezone_name"]) == ("La Visage", "America/New_York")
    assert here["active_staff_count"] == 2
    assert here["phones"] == ["+13155550175"]
    assert "next_slot" not in here
    assert places[business.far_location_id]["timezone"] == 9

    async def found(**query: object) -> list[int]:
        answer = await api(200, query={"group_id": business.chain_id, **query})
        return [place["id"] for place in answer["data"]]

    assert await found(id=business.location_id) == [business.location_id]
    assert set(await found(min_id=max(both))) == {max(both)}
    assert len(await found(count=1)) == 1
    assert {*await found(count=1), *await found(count=1, page=2)} == both
    assert await found(count=1, page=3) == []
    assert await found(city_id=here["city_id"]) == [business.location_id]
    assert set(await found(active=1)) == both
    assert await found(business_group_id=99) == []
    assert set(await found(business_type_id=1)) == both
    more = await api(
        200,
        query={"id": business.location_id, "forBooking": 1, "show_groups": 1, "showBookforms": 1, "include[]": "staff"},
    )
    [place] = more["data"]
    assert is_moment(place["next_slot"])
    assert [group["id"] for group in place["groups"].values()] == [business.chain_id]
    assert business.form_id in {form["id"] for form in place["bookforms"]}
    assert {member["name"] for member in place["staff"]} == {"Anna", "Peter"}
    mine = await api(200, user=business.receptionist, query={"my": 1})
    assert [place["id"] for place in mine["data"]] == [business.location_id]
    await api(401, query={"my": 1})
    await api(401, partner="")


async def get_location(api: Api) -> None:
    business = api.business
    place = (await api(200, location_id=business.location_id))["data"]
    assert place["id"] == business.location_id
    assert place["main_group_id"] == business.chain_id
    assert not place.keys() & {"access", "groups", "next_slot"}
    more = await api(
        200,
        location_id=business.location_id,
        query={"forBooking": 1, "show_groups": 1, "showBookforms": 1, "bookform_id": business.form_id},
    )
    place = more["data"]
    assert is_moment(place["next_slot"])
    assert place["groups"][str(business.chain_id)]["id"] == business.chain_id
    form = next(form for form in place["bookforms"] if form["id"] == business.form_id)
    assert form["url"]
    assert place["online_sales_form_url"]
    mine = await api(200, user=business.owner, location_id=business.location_id, query={"my": 1})
    assert isinstance(mine["data"]["access"], dict)
    await api(404, location_id=9_999_999)
    await api(401, partner="", location_id=business.location_id)
    await api(404, user=api.world.stranger, location_id=business.location_id, query={"my": 1})


async def create_location(api: Api) -> None:
    user, business = api.world.client, api.business
    [riga] = [city for city in await cities(api) if city["title"] == "Riga"]
    body: dict[str, Any] = {
        "title": "James Smith LLC",
        "country_id": riga["country_id"],
        "city_id": riga["id"],
        "address": "12 Brivibas",
        "site": "james-smith-company.com",
        "coordinate_lat": 56.95,
        "coordinate_lot": 24.1,
        "business_type_id": 1,
        "short_descr": "Beauty studio",
    }
    await api(401, partner="", body=body)
    await api(401, body=body)
    made = (await api(201, user=user, body=body))["data"]
    place = (await api(200, op="get_location", location_id=made["id"]))["data"]
    assert {name: place[name] for name in body if name != "coordinate_lot"} == {
        name: value for name, value in body.items() if name != "coordinate_lot"
    }
    assert (place["coordinate_lon"], place["timezone_name"]) == (24.1, "Europe/Riga")
    mine = await api(200, op="get_location_list", user=user, query={"my": 1})
    assert [(place["id"], place["role"]) for place in mine["data"]] == [(made["id"], "owner")]
    # In a chain only for those who may add to it.
    second = body | {"group_id": place["main_group_id"], "title": "James Smith Two"}
    made = (await api(201, user=user, body=second))["data"]
    assert made["main_group_id"] == place["main_group_id"]
    await api(404, user=user, body=body | {"group_id": 9_999_999})
    await api(422, user=user, body=body | {"business_type_id": 9_999})
    await api(422, user=user, body={"country_id": riga["country_id"]})
    assert len((await api(200, op="get_location_list", query={"group_id": business.chain_id}))["data"]) == 2


async def cities(api: Api) -> list[dict[str, Any]]:
    countries = (await api(200, op="get_country_list"))["data"]
    [latvia] = [country for country in countries if country["iso_code"] == "LV"]
    return (await api(200, op="get_city_list", query={"country_id": latvia["id"]}))["data"]


async def update_location(api: Api) -> None:
    business = api.business
    here: dict[str, Any] = {"location_id": business.location_id}
    before = (await api(200, op="get_location", **here))["data"]
    body: dict[str, Any] = {
        "title": "James Smith LLC",
        "country": "United States",
        "city": "New York",
        "address": "New York, 787 Jackson Drive",
        "zip": "11436",
        "phones": ["12125357710", "12125357711"],
        "social": {"instagram": "instagram.com/james_smith_company/"},
        "site": "james-smith-company.com",
        "coordinate_lat": 40.73061,
        "coordinate_lon": -73.935242,
        "description": "The <strong>James Smith</strong> location",
        "business_type_id": 2,
        "short_descr": "Beauty studio",
    }
    await api(401, partner="", body=body, **here)
    await api(401, body=body, **here)
    await api(404, user=business.owner, body=body, location_id=9_999_999)
    changed = (await api(200, user=business.owner, body=body, **here))["data"]
    assert changed["access"]["settings_basis_access"] is True
    after = (await api(200, op="get_location", **here))["data"]
    assert {name: after[name] for name in body if name not in ("social", "phones")} == {
        name: value for name, value in body.items() if name not in ("social", "phones")
    }
    assert after["phones"] == ["+12125357710", "+12125357711"]
    assert after["social"]["instagram"] == body["social"]["instagram"]
    assert (after["email"], after["timezone_name"]) == (before["email"], before["timezone_name"])
    await api(422, user=business.owner, body={"title": ""}, **here)
    await api(422, user=business.owner, body={"city_id": 1}, **here)


async def delete_location(api: Api) -> None:
    business = api.business
    there: dict[str, Any] = {"location_id": business.far_location_id}
    await api(401, partner="", **there)
    await api(401, **there)
    await api(404, user=business.owner, location_id=9_999_999)
    await api(202, user=business.owner, **there)
    await api(404, op="get_location", **there)
    await api(404, user=business.owner, **there)
    chain = {"group_id": business.chain_id}
    left = (await api(200, op="get_location_list", query=chain))["data"]
    assert [place["id"] for place in left] == [business.location_id]
    everything = (await api(200, op="get_location_list", query=chain | {"show_deleted": 1}))["data"]
    assert {place["id"] for place in everything if place["is_deleted"]} == {business.far_location_id}
