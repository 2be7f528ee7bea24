"""The directory of locations."""

from __future__ import annotations

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
