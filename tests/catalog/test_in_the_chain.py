"""Services and categories of a whole chain; composites, classes, and whom a service is for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.catalog.conftest import Desk, fields

pytestmark = pytest.mark.anyio

OWN = {"price_min": 30, "price_max": 40, "duration": 2700, "weight": 7}


async def offer_far(desk: Desk, service: int, **more: Any) -> Any:
    return await desk.call("POST", f"/services/{desk.far}", {"chain_service_id": service, **OWN, **more})


async def test_a_second_location_offers_a_service_of_the_chain_on_its_own_terms(desk: Desk) -> None:
    b = desk.business
    nails = await desk.done(
        "POST", f"/service_categories/{desk.here}", {"title": "Nails", "is_chain": True, "gender": 2}
    )
    made = await desk.make(title="Polish", category_id=nails["id"], is_chain=True, comment="In all colours")
    assert (nails["is_chain"], nails["gender"], made["is_chain"]) == (True, 2, True)
    answer = await offer_far(desk, made["id"], staff=[{"id": b.yuki}])
    assert answer.status_code == 201, answer.text
    far = answer.json()["data"]
    assert {name: far[name] for name in OWN} == OWN
    assert (far["id"], far["title"], far["comment"]) == (made["id"], "Polish", "In all colours")
    assert made == await desk.card(made["id"]) | {"image_group": []}, "the first location's terms stay"
    assert [one["id"] for one in await desk.get(f"/company/{desk.far}/service_categories/0")][-1] == nails["id"]
    assert (await desk.online(at=desk.far))[made["id"]]["price_min"] == 30
    assert (await desk.notices())[-2:] == [
        ("service_category.created", desk.far, nails["id"]),
        ("service.created", desk.far, made["id"]),
    ]
    again = await offer_far(desk, made["id"])
    assert (again.status_code, fields(again)) == (422, ["chain_service_id"])


async def test_what_is_the_chains_is_not_for_one_location_to_decide(desk: Desk) -> None:
    b, reception = desk.business, desk.business.receptionist
    new = {"title": "Cut", "category_id": b.category_id, "price_min": 5}
    managed = ("is_chain", "is_price_managed_only_in_chain", "is_comment_managed_only_in_chain")
    for flag in managed:
        for method, path in (("POST", f"/services/{desk.here}"), ("PATCH", f"/services/{desk.here}/{b.haircut}")):
            answer = await desk.call(method, path, {**new, flag: True}, user=reception)
            assert (answer.status_code, answer.json()["meta"]["message"]) == (403, "This is managed in the chain.")
    path = f"/service_categories/{desk.here}"
    assert (await desk.call("POST", path, {"title": "Ours", "is_chain": True}, user=reception)).status_code == 403
    path = f"/service_category/{desk.here}/{b.category_id}"
    assert (await desk.call("PUT", path, {"is_chain": True}, user=reception)).status_code == 403
    theirs = {"chain_service_id": b.haircut}
    assert (await desk.call("POST", f"/services/{desk.here}", theirs, user=reception)).status_code == 403
    card = await desk.patch(b.haircut, **dict.fromkeys(managed, True))
    assert [card[flag] for flag in managed] == [True, True, True]
    assert (await desk.done("PUT", path, {"is_chain": True}))["is_chain"] is True


@pytest.mark.parametrize("service", [987_654, -1])
async def test_only_services_of_the_chain_can_be_offered(desk: Desk, service: int) -> None:
    answer = await offer_far(desk, service)
    assert (answer.status_code, fields(answer)) == (422, ["chain_service_id"])


async def test_another_chains_service_is_not_offered(desk: Desk) -> None:
    stranger = {"user": desk.small.stranger}
    there = desk.small.stranger_location_id
    category = await desk.done("POST", f"/service_categories/{there}", {"title": "Theirs"}, **stranger)
    body = {"title": "Theirs", "category_id": category["id"], "price_min": 1}
    theirs = await desk.done("POST", f"/services/{there}", body, **stranger)
    answer = await offer_far(desk, theirs["id"])
    assert (answer.status_code, fields(answer)) == (422, ["chain_service_id"])


async def test_a_composite_is_made_of_services_of_the_location(desk: Desk) -> None:
    b = desk.business
    parts = [b.massage, b.haircut]
    both = await desk.make(title="Head to toe", price_min=90, duration=5400, parts=parts)
    assert (both["is_composite"], both["parts"]) == (True, parts)
    shown = await desk.get(f"/v2/locations/{desk.here}/composite_services/{both['id']}/attendance_services")
    assert list(dict.fromkeys(way["attributes"]["service_id"] for way in shown)) == parts
    assert (await desk.call("DELETE", f"/services/{desk.here}/{b.haircut}")).status_code == 422
    for wrong, field in (
        ([987_654], "parts[0]"),
        ([b.massage, b.massage], "parts[1]"),
        ([both["id"]], "parts[0]"),
    ):
        answer = await desk.call("PATCH", f"/services/{desk.here}/{both['id']}", {"parts": wrong, "weight": 9})
        assert (answer.status_code, fields(answer)) == (422, [field])
    nested = await desk.call("PATCH", f"/services/{desk.here}/{b.haircut}", {"parts": [b.manicure]})
    assert (nested.status_code, fields(nested)) == (422, ["parts"])
    assert both == await desk.card(both["id"]) | {"image_group": []}
    alone = await desk.patch(both["id"], parts=[])
    assert (alone["is_composite"], alone["parts"]) == (False, [])
    assert (await desk.call("DELETE", f"/services/{desk.here}/{b.haircut}")).status_code == 204


async def test_a_class_has_as_many_places_as_it_says(desk: Desk) -> None:
    b = desk.business
    yoga = await desk.make(title="Yoga", capacity=2, gender=2, staff=[{"id": b.anna}])
    assert (yoga["capacity"], yoga["gender"], yoga["is_multi"]) == (2, 2, False)
    assert (await desk.online())[yoga["id"]]["gender"] == 2
    statuses: list[int] = []
    day = (await desk.get(f"/book_dates/{desk.here}"))["booking_dates"][-1]
    for n in range(3):
        wish = {"id": 1, "services": [yoga["id"]], "staff_id": b.anna, "datetime": f"{day}T10:00:00"}
        body = {"phone": f"+1315555020{n}", "fullname": "Nora", "appointments": [wish]}
        statuses.append((await desk.call("POST", f"/book_record/{desk.here}", body)).status_code)
    assert statuses == [201, 201, 422]
    assert (await desk.patch(yoga["id"], capacity=0))["capacity"] == 0, "one at a time again"


async def test_a_link_says_who_may_book_it(desk: Desk) -> None:
    b = desk.business
    path = f"/company/{desk.here}/services/{b.manicure}/staff/{b.anna}"
    same = {"seance_length": 2700, "technological_card_id": None}
    link = await desk.done("PUT", path, {**same, "is_online": False})
    assert (link["is_online"], link["is_offline_records_allowed"]) == (False, True)
    assert b.manicure not in await desk.online()
    assert (await desk.card(b.manicure))["is_online"] is False
    setting = {"team_member_id": b.anna, "hours": 1, "minutes": 0, "price": None}
    body = {"service_id": b.manicure, "team_member_settings": [setting], "resource_ids": [], "translations": []}
    await desk.done("POST", f"/company/{desk.here}/services/links", body)
    assert b.manicure not in await desk.online(), "a new length leaves who may book"
    link = await desk.done("PUT", path, {**same, "is_online": True, "is_offline_records_allowed": False})
    assert (link["is_online"], link["is_offline_records_allowed"]) == (True, False)
    assert b.manicure in await desk.online()
    ways = f"/v2/locations/{desk.here}/attendance_services"
    at_the_desk = await desk.get(ways, staff_id=b.anna, **{"filter[is_available_for_timetable]": 1})
    assert str(b.manicure) not in {one["id"].split("_")[1] for one in at_the_desk}


async def test_the_chain_forgets_what_only_a_closed_location_had(desk: Desk) -> None:
    only_far = await desk.done("POST", f"/service_categories/{desk.far}", {"title": "Far"})
    both = desk.business.category_id
    await desk.make(at=desk.far, title="Far cut", category_id=both)
    path = f"/chain/{desk.business.chain_id}/service_categories"

    async def known() -> dict[int, list[str]]:
        listed = (await desk.call("GET", path, include="services")).json()
        return {one["id"]: [service["title"] for service in one["services"]] for one in listed}

    assert "Far cut" in (await known())[both]
    assert only_far["id"] in await known()
    await desk.db.execute("UPDATE locations SET deleted_at = updated_at WHERE id = $1", desk.far)
    assert list(await known()) == [both]
    assert "Far cut" not in (await known())[both]
