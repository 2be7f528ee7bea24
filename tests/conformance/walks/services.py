"""Services as their business keeps them: what one operation writes, another shows."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api
from tests.makers.world import make_cabin, put

NOWHERE = 9_999_999
_CUT = {
    "title": "Men's haircut",
    "price_min": 1300,
    "price_max": 1500,
    "duration": 3600,
    "technical_break_duration": 300,
    "discount": 5,
    "comment": "<b>Hot</b> towel<script>alert(1)</script>",
    "weight": 6,
    "active": 1,
    "api_id": "00000000042",
}
_FORM = {
    **_CUT,
    "booking_title": "Haircut for him",
    "tax_variant": 1,
    "vat_id": 3,
    "is_multi": False,
    "is_need_limit_date": True,
    "date_from": "2026-09-19",
    "date_to": "2026-09-30",
    "seance_search_start": 36000,
    "seance_search_finish": 84600,
    "step": 300,
    "seance_search_step": 900,
}


async def _category(api: Api, **facts: Any) -> dict[str, Any]:
    body = {"title": "Cuts", "api_id": "c1", "weight": 9, "staff": [], **facts}
    return (await api(201, op="create_service_category", user=api.business.owner, body=body, **api.here))["data"]


async def _service(api: Api, **facts: Any) -> dict[str, Any]:
    body = {**_CUT, "category_id": api.business.category_id, **facts}
    return (await api(201, op="create_service", user=api.business.owner, body=body, **api.here))["data"]


async def _card(api: Api, service_id: int, status: int = 200) -> Any:
    answer = await api(status, op="get_service", user=api.business.owner, service_id=service_id, **api.here)
    return answer.get("data")


async def _refusals(api: Api, *, body: Any = None, right: bool = True, **path: Any) -> None:
    """Nobody, a stranger to the business, and, where a right is asked for, a colleague without it."""
    path = {**api.here, **path}
    await api(401, body=body, partner="", **path)
    await api(401, body=body, **path)
    await api(403, body=body, user=api.world.stranger, **path)
    if right:
        await api(403, body=body, user=api.business.limited, **path)


async def create_service_category(api: Api) -> None:
    business = api.business
    made = await _category(api, title=" Cuts ", staff=[business.anna, business.peter])
    assert (made["title"], made["weight"], made["api_id"], made["is_chain"]) == ("Cuts", 9, "c1", False)
    assert made["staff"] == [business.anna, business.peter]
    seen = await api(200, op="get_service_category_list", user=business.owner, id=made["id"], **api.here)
    assert seen["data"] == [made]
    await api(422, user=business.owner, body={"title": " "}, **api.here)
    await api(422, user=business.owner, body={"title": "Cuts", "staff": [business.yuki]}, **api.here)
    await api(404, user=business.owner, body={"title": "Cuts"}, location_id=NOWHERE)
    await _refusals(api, body={"title": "Cuts"})


async def get_service_category(api: Api) -> None:
    made = await _category(api, staff=[api.business.peter])
    assert (await api(200, user=api.business.limited, id=made["id"], **api.here))["data"] == made
    await api(404, user=api.business.owner, id=NOWHERE, **api.here)
    await _refusals(api, right=False, id=made["id"])


async def update_service_category(api: Api) -> None:
    business = api.business
    made = await _category(api)
    changed = {"title": "Haircuts", "weight": 15, "staff": [business.peter]}
    answer = (await api(200, user=business.owner, body=changed, id=made["id"], **api.here))["data"]
    assert answer == {**made, **changed}
    assert answer["api_id"] == "c1", "what was not given stays"
    seen = await api(200, op="get_service_category", user=business.owner, id=made["id"], **api.here)
    assert seen["data"] == answer
    await api(422, user=business.owner, body={"title": ""}, id=made["id"], **api.here)
    await api(404, user=business.owner, body=changed, id=NOWHERE, **api.here)
    await _refusals(api, body=changed, id=made["id"])


async def delete_service_category(api: Api) -> None:
    business = api.business
    made = await _category(api)
    await _refusals(api, id=made["id"])
    assert await api(204, user=business.owner, id=made["id"], **api.here) is None
    await api(404, op="get_service_category", user=business.owner, id=made["id"], **api.here)
    await api(404, user=business.owner, id=made["id"], **api.here)
    await api(422, user=business.owner, id=business.category_id, **api.here)


async def get_service_category_list(api: Api) -> None:
    business = api.business
    light, heavy = await _category(api, weight=1), await _category(api, weight=100)
    answer = await api(200, user=business.limited, id=0, **api.here)
    ids = [category["id"] for category in answer["data"]]
    assert ids == [heavy["id"], business.category_id, light["id"]], "heavier first"
    assert answer["meta"] == {"total_count": 3}
    hair = await api(200, user=business.owner, id=business.category_id, **api.here)
    assert [category["staff"] for category in hair["data"]] == [[business.anna, business.peter]]
    annas = await api(200, user=business.owner, id=0, query={"staff_id": business.anna}, **api.here)
    assert [category["id"] for category in annas["data"]] == [business.category_id]
    await api(404, user=business.owner, id=NOWHERE, **api.here)
    await api(404, user=business.owner, id=0, query={"staff_id": business.yuki}, **api.here)
    await api(403, user=api.world.stranger, id=0, **api.here)


async def deprecated_get_service_category_list(api: Api) -> None:
    business = api.business
    whole = await api(200, user=business.owner, id=0, **api.here)
    listed = await api(200, op="get_service_category_list", user=business.owner, id=0, **api.here)
    assert whole["data"] == listed["data"]
    assert whole["meta"] == []
    await api(404, user=business.owner, id=NOWHERE, **api.here)
    await _refusals(api, right=False, id=0)


async def get_chain_service_category_list(api: Api) -> None:
    business = api.business
    made = await _category(api)
    chain: dict[str, Any] = {"chain_id": business.chain_id}
    plain = await api(200, user=business.owner, **chain)
    assert plain == [{"id": business.category_id, "title": "Hair"}, {"id": made["id"], "title": "Cuts"}]
    full = await api(200, user=business.limited, query={"include": "services"}, **chain)
    titles = [[service["title"] for service in category["services"]] for category in full]
    assert titles == [["Haircut", "Massage", "Manicure"], []]
    await api(401, partner="", **chain)
    await api(401, **chain)
    await api(403, user=api.world.stranger, **chain)
    await api(404, user=business.owner, chain_id=NOWHERE)


async def create_service(api: Api) -> None:
    business = api.business
    staff = [{"id": business.anna, "seance_length": 2700}, {"id": business.peter}]
    made = await _service(api, staff=staff)
    wanted = {**_CUT, "comment": "<b>Hot</b> towel"}
    assert {name: made[name] for name in wanted} == wanted
    assert [(one["id"], one["seance_length"]) for one in made["staff"]] == [
        (business.anna, 2700),
        (business.peter, 3600),
    ]
    assert made["booking_title"] == made["title"]
    seen = await _card(api, made["id"])
    assert seen.items() <= made.items()
    booking = await api(200, op="get_services_available_for_booking", **api.here)
    assert made["id"] in {service["id"] for service in booking["data"]["services"]}, "bookable at once"
    body = {"title": "Cut", "category_id": business.category_id}
    bare = (await api(201, user=business.owner, body=body, **api.here))["data"]
    assert (bare["duration"], bare["price_min"], bare["price_max"], bare["technical_break_duration"]) == (
        3600,
        0,
        0,
        None,
    )
    for wrong in ({"title": "Cut"}, {**body, "category_id": NOWHERE}, {**body, "staff": [{"id": business.yuki}]}):
        await api(422, user=business.owner, body=wrong, **api.here)
    await api(404, user=business.owner, body=body, location_id=NOWHERE)
    await _refusals(api, body=body)


async def get_service_list(api: Api) -> None:
    business = api.business
    made = await _service(api, staff=[{"id": business.peter}])
    listed = (await api(200, user=business.limited, **api.here))["data"]
    assert [service["title"] for service in listed] == ["Men's haircut", "Haircut", "Massage", "Manicure"]
    assert listed[0].items() <= made.items()
    query = {"staff_id": business.peter, "category_id": business.category_id}
    peters = (await api(200, user=business.owner, query=query, **api.here))["data"]
    assert [service["title"] for service in peters] == ["Men's haircut", "Haircut", "Massage"]
    assert (await api(200, user=business.owner, query={"category_id": NOWHERE}, **api.here))["data"] == []
    await _refusals(api, right=False)


async def get_service(api: Api) -> None:
    business = api.business
    answer = await api(200, user=business.limited, service_id=0, **api.here)
    assert answer["meta"] == {"total_count": 3}
    assert [service["title"] for service in answer["data"]] == ["Haircut", "Massage", "Manicure"]
    one = await _card(api, business.massage)
    assert one == answer["data"][1]
    assert [resource["title"] for resource in one["resources"]] == ["Cabin"]
    assert "image_group" not in one
    query = {"staff_id": business.peter, "category_id": business.category_id}
    peters = await api(200, user=business.owner, query=query, service_id=0, **api.here)
    assert [service["title"] for service in peters["data"]] == ["Haircut", "Massage"]
    await api(404, user=business.owner, service_id=NOWHERE, **api.here)
    await api(404, user=business.owner, query={"staff_id": business.yuki}, service_id=0, **api.here)
    await api(404, user=business.owner, query={"category_id": NOWHERE}, service_id=0, **api.here)
    await api(403, user=api.world.stranger, service_id=0, **api.here)


async def deprecated_get_service_list_by_id(api: Api) -> None:
    business = api.business
    whole = await api(200, user=business.owner, service_id=0, **api.here)
    assert whole["meta"] == []
    one = await api(200, user=business.owner, service_id=business.haircut, **api.here)
    assert one["data"] == whole["data"][0] == await _card(api, business.haircut)
    peters = await api(200, user=business.owner, query={"staff_id": business.peter}, service_id=0, **api.here)
    assert [service["title"] for service in peters["data"]] == ["Haircut", "Massage"]
    await api(404, user=business.owner, service_id=NOWHERE, **api.here)
    await _refusals(api, right=False, service_id=0)


async def update_service(api: Api) -> None:
    business = api.business
    made = await _service(api, staff=[{"id": business.anna}])
    place: dict[str, Any] = {**api.here, "service_id": made["id"]}
    form = {**_FORM, "category_id": business.category_id, "staff": [{"id": business.peter, "seance_length": 2700}]}
    changed = (await api(200, user=business.owner, body=form, **place))["data"]
    wanted = {**form, "comment": "<b>Hot</b> towel"}
    wanted.pop("staff")
    assert {name: changed[name] for name in wanted} == wanted
    assert [(one["id"], one["seance_length"]) for one in changed["staff"]] == [(business.peter, 2700)]
    assert changed["image_group"] == []
    assert await _card(api, made["id"]) == {name: value for name, value in changed.items() if name != "image_group"}
    partly = (await api(200, user=business.owner, body={"weight": 7}, **place))["data"]
    assert partly == {**changed, "weight": 7}, "a partial update"
    await api(422, user=business.owner, body={"price_max": 1}, **place)
    await api(422, user=business.owner, body={"technical_break_duration": 400}, **place)
    await api(404, user=business.owner, body=form, **api.here, service_id=NOWHERE)
    await _refusals(api, body=form, service_id=made["id"])


async def deprecated_update_service_by_id(api: Api) -> None:
    business = api.business
    made = await _service(api)
    place: dict[str, Any] = {**api.here, "service_id": made["id"]}
    changed = (await api(201, user=business.owner, body={"title": "Cut", "price_max": 1600}, **place))["data"]
    assert (changed["title"], changed["price_max"], changed["price_min"]) == ("Cut", 1600, 1300)
    assert changed["technical_break_duration"] is None, "what is absent is the location's"
    assert (await _card(api, made["id"]))["title"] == "Cut"
    await api(404, user=business.owner, body={"title": "Cut"}, **api.here, service_id=NOWHERE)
    await _refusals(api, body={"title": "Cut"}, service_id=made["id"])


async def delete_service(api: Api) -> None:
    business = api.business
    await _refusals(api, service_id=business.manicure)
    assert await api(204, user=business.owner, service_id=business.manicure, **api.here) is None
    await _card(api, business.manicure, 404)
    booking = await api(200, op="get_services_available_for_booking", **api.here)
    assert business.manicure not in {service["id"] for service in booking["data"]["services"]}
    await api(404, user=business.owner, service_id=business.manicure, **api.here)
    await api.book()
    await api(422, user=business.owner, service_id=business.haircut, **api.here)


async def assign_service_to_team_member(api: Api) -> None:
    business = api.business
    place: dict[str, Any] = {**api.here, "service_id": business.manicure}
    body = {"master_id": business.peter, "seance_length": 1500, "technological_card_id": 123}
    link = (await api(201, user=business.owner, body=body, **place))["data"]
    assert (link["master_id"], link["length"], link["technological_card_id"]) == (business.peter, 1500, 123)
    staff = (await _card(api, business.manicure))["staff"]
    assert (business.peter, 1500) in {(one["id"], one["seance_length"]) for one in staff}
    await api(422, user=business.owner, body=body, **place)
    await api(422, user=business.owner, body={**body, "master_id": business.yuki}, **place)
    await api(422, user=business.owner, body={**body, "seance_length": 60}, **place)
    await api(422, user=business.owner, body={"master_id": business.peter}, **place)
    await api(404, user=business.owner, body=body, **api.here, service_id=NOWHERE)
    await _refusals(api, body=body, service_id=business.manicure)


async def update_service_team_member_assignment(api: Api) -> None:
    business = api.business
    body = {"seance_length": 5400, "technological_card_id": None}
    place: dict[str, Any] = {**api.here, "service_id": business.haircut, "team_member_id": business.anna}
    link = (await api(200, user=business.owner, body=body, **place))["data"]
    assert (link["length"], link["price"]) == (5400, None)
    query = {"service_ids[]": business.haircut}
    day: dict[str, Any] = {**api.here, "team_member_id": business.anna, "date": api.day(2)}
    times = await api(200, op="get_time_slots_for_booking", query=query, **day)
    assert {slot["seance_length"] for slot in times["data"]} == {5400}, "felt at once"
    await api(422, user=business.owner, body={**body, "seance_length": 90_000}, **place)
    yukis: dict[str, Any] = {**place, "team_member_id": business.yuki}
    await api(404, user=business.owner, body=body, **yukis)
    await _refusals(api, body=body, service_id=business.haircut, team_member_id=business.anna)


async def remove_service_from_team_member(api: Api) -> None:
    business = api.business
    gone: dict[str, Any] = {"service_id": business.haircut, "team_member_id": business.peter}
    await _refusals(api, **gone)
    assert await api(204, user=business.owner, **gone, **api.here) is None
    assert [one["id"] for one in (await _card(api, business.haircut))["staff"]] == [business.anna]
    await api(404, user=business.owner, **gone, **api.here)


async def update_service_links(api: Api) -> None:
    business = api.business
    resource_id = await make_cabin(api.db, business.chain_id, business.location_id, business.massage)
    own = {"team_member_id": business.anna, "tech_card_id": 291341, "hours": 0, "minutes": 45}
    priced = {**own, "price": {"min": 999.99, "max": None}}
    usual = {"team_member_id": business.peter, "hours": 1, "minutes": 15, "price": None}
    body = {
        "service_id": business.manicure,
        "team_member_settings": [priced, usual],
        "resource_ids": [resource_id],
        "translations": [{"language_id": 2, "translation": "Nails"}],
    }
    links = (await api(200, user=business.owner, body=body, **api.here))["data"]
    assert links == {**body, "team_member_settings": [priced, {**usual, "tech_card_id": None}]}
    card = await _card(api, business.manicure)
    assert [(one["id"], one["seance_length"], one["price"]) for one in card["staff"]] == [
        (business.anna, 2700, 999.99),
        (business.peter, 4500, None),
    ]
    assert [one["id"] for one in card["resources"]] == [resource_id]
    assert card["translations"] == body["translations"]
    wrong = {**body, "team_member_settings": [usual, {**priced, "minutes": 75}], "resource_ids": [NOWHERE]}
    refused = await api(422, user=business.owner, body=wrong, **api.here)
    assert refused["meta"]["errors"].keys() == {"team_member_settings[1].minutes", "resource_ids[0]"}
    assert await _card(api, business.manicure) == card, "nothing is half-written"
    await api(404, user=business.owner, body={**body, "service_id": NOWHERE}, **api.here)
    await _refusals(api, body=body)


async def make_bundle(api: Api) -> int:
    """A composite of a haircut and a manicure; gives its id."""
    bundle = (await _service(api, title="Bundle"))["id"]
    await api.db.execute("UPDATE services SET is_composite = true WHERE id = $1", bundle)
    for position, part in enumerate((api.business.haircut, api.business.manicure), start=1):
        row = {"service_id": bundle, "position": position, "part_id": part}
        await put(api.db, "service_parts", chain_id=api.business.chain_id, **row)
    return bundle
