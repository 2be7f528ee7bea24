"""Who gives a service, in what time and for what price."""

from __future__ import annotations

from typing import Any

import pytest

from tests.catalog.conftest import Desk, fields
from tests.makers.world import insert, make_cabin, stamps

pytestmark = pytest.mark.anyio


def links(service: int, *settings: dict[str, Any], **more: Any) -> dict[str, Any]:
    whole = {"service_id": service, "team_member_settings": list(settings), "resource_ids": [], "translations": []}
    return whole | more


async def set_links(desk: Desk, body: dict[str, Any], **more: Any) -> Any:
    return await desk.call("POST", f"/company/{desk.here}/services/links", body, **more)


async def test_a_team_members_price_and_length_override_the_services(desk: Desk) -> None:
    b = desk.business
    own = {"team_member_id": b.anna, "hours": 1, "minutes": 30, "price": {"min": 80.5, "max": 90}}
    assert (await set_links(desk, links(b.haircut, own))).status_code == 200
    annas, peters = await desk.online(staff_id=b.anna), await desk.online(staff_id=b.peter)
    assert (annas[b.haircut]["seance_length"], annas[b.haircut]["price_min"]) == (5400, 80.5)
    assert (peters[b.haircut]["seance_length"], peters[b.haircut]["price_min"]) == (3600, 45)
    way = (await desk.get(f"/v2/locations/{desk.here}/attendance_services", staff_id=b.anna))[0]["attributes"]
    assert (way["duration"], way["price_min"], way["price_max"]) == (5400, 80.5, 90)
    fixed = {**own, "price": {"min": 70, "max": None}}
    await set_links(desk, links(b.haircut, fixed))
    way = (await desk.get(f"/v2/locations/{desk.here}/attendance_services", staff_id=b.anna))[0]["attributes"]
    assert (way["price_min"], way["price_max"]) == (70, 70), "without a ceiling a price is fixed"
    await set_links(desk, links(b.haircut, {**own, "price": None}))
    way = (await desk.get(f"/v2/locations/{desk.here}/attendance_services", staff_id=b.anna))[0]["attributes"]
    assert (way["price_min"], way["price_max"]) == (45, 60), "null is the service's own"


async def test_a_bulk_change_leaves_everything_else(desk: Desk) -> None:
    b = desk.business
    before, far = await desk.card(b.haircut), await desk.card(b.haircut, at=desk.far)
    await set_links(desk, links(b.haircut, {"team_member_id": b.peter, "hours": 2, "minutes": 0, "price": None}))
    after = await desk.card(b.haircut)
    assert {name for name in after if after[name] != before[name]} == {"staff"}
    assert {one["id"]: one["seance_length"] for one in after["staff"]} == {b.anna: 3600, b.peter: 7200}
    assert await desk.card(b.haircut, at=desk.far) == far


async def test_every_item_that_is_wrong_is_named_and_nothing_is_written(desk: Desk) -> None:
    b = desk.business
    before = await desk.card(b.haircut)
    elsewhere = await make_cabin(desk.db, b.chain_id, desk.far, b.massage)
    good = {"team_member_id": b.anna, "hours": 0, "minutes": 45, "price": None}
    answer = await set_links(
        desk,
        links(
            b.haircut,
            good,
            {**good, "price": {"min": 5}},
            {**good, "team_member_id": b.yuki},
            {"team_member_id": b.peter, "hours": 24, "minutes": 0, "price": {"min": 9, "max": 8}},
            {"team_member_id": b.peter, "hours": 0, "minutes": 60, "price": {"min": -1}},
            {"team_member_id": b.peter, "hours": 1, "minutes": 0, "price": {"min": 1, "max": 999_999_999_999.999}},
            resource_ids=[elsewhere],
            translations=[{"language_id": 2, "translation": "A"}, {"language_id": 987_654, "translation": "B"}],
        ),
    )
    assert answer.status_code == 422
    said = answer.json()["meta"]["errors"]
    item = "team_member_settings"
    assert said == {
        f"{item}[1].team_member_id": ["This team member is named twice."],
        f"{item}[2].team_member_id": ["There is no such team member at this location."],
        f"{item}[3].hours": ["Expected 5 minutes to 23 hours 55 minutes in all."],
        f"{item}[3].price.max": ["Is below price.min."],
        f"{item}[4].team_member_id": ["This team member is named twice."],
        f"{item}[4].minutes": ["Expected 0 to 59."],
        f"{item}[4].price.min": ["Expected an amount of 0 or more."],
        f"{item}[5].team_member_id": ["This team member is named twice."],
        f"{item}[5].price.max": ["Expected an amount of 0 or more."],
        "resource_ids[0]": ["There is no such resource at this location."],
        "translations[1].language_id": ["There is no such language."],
    }
    assert await desk.card(b.haircut) == before
    assert await desk.notices() == []


async def test_a_service_needs_just_the_resources_that_are_named(desk: Desk) -> None:
    b = desk.business
    [cabin] = [one["id"] for one in (await desk.card(b.massage))["resources"]]
    laser = await insert(desk.db, "resources", chain_id=b.chain_id, location_id=desk.here, title="Laser", **stamps())
    far = await make_cabin(desk.db, b.chain_id, desk.far, b.massage)
    answer = (await set_links(desk, links(b.massage, resource_ids=[laser]))).json()["data"]
    assert answer["resource_ids"] == [laser]
    await set_links(desk, links(b.massage, resource_ids=[laser, cabin, cabin]))
    assert [one["id"] for one in (await desk.card(b.massage))["resources"]] == sorted([cabin, laser])
    kept = await desk.db.fetchval("SELECT count(*) FROM service_resources WHERE resource_id = $1", far)
    assert kept == 1, "another location's needs stay"


async def test_names_in_other_languages_are_kept_until_they_are_emptied(desk: Desk) -> None:
    b = desk.business

    async def names(*given: tuple[int, str]) -> list[tuple[int, str]]:
        items = [{"language_id": language, "translation": name} for language, name in given]
        shown = (await set_links(desk, links(b.haircut, translations=items))).json()["data"]["translations"]
        return [(one["language_id"], one["translation"]) for one in shown]

    assert await names((2, "Haircut"), (3, "Haarschnitt")) == [(2, "Haircut"), (3, "Haarschnitt")]
    assert await names((3, "Schnitt")) == [(2, "Haircut"), (3, "Schnitt")]
    assert await names((2, "")) == [(3, "Schnitt")]
    assert (await desk.card(b.haircut))["translations"] == [{"language_id": 3, "translation": "Schnitt"}]


async def test_a_link_keeps_its_price_when_its_length_changes(desk: Desk) -> None:
    b = desk.business
    own = {"team_member_id": b.anna, "hours": 1, "minutes": 0, "price": {"min": 80, "max": None}, "tech_card_id": 5}
    await set_links(desk, links(b.haircut, own))
    path = f"/company/{desk.here}/services/{b.haircut}/staff/{b.anna}"
    link = await desk.done("PUT", path, {"seance_length": 4200, "technological_card_id": 5})
    assert (link["price"], link["length"], link["technological_card_id"]) == (80, 4200, 5)
    staff = [{"id": b.anna, "seance_length": 2700}, {"id": b.peter}]
    [anna, peter] = (await desk.patch(b.haircut, staff=staff))["staff"]
    assert (anna["price"], anna["seance_length"], anna["technological_card_id"]) == (80, 2700, 5)
    assert (peter["price"], peter["seance_length"]) == (None, 3600)


async def test_who_was_unlinked_is_no_longer_offered(desk: Desk) -> None:
    b = desk.business
    assert b.manicure in await desk.online()
    await desk.done("DELETE", f"/company/{desk.here}/services/{b.manicure}/staff/{b.anna}")
    assert b.manicure not in await desk.online(), "nobody gives it"
    await desk.done(
        "POST",
        f"/company/{desk.here}/services/{b.manicure}/staff",
        {"staff_id": b.peter, "seance_length": "1800", "technological_card_id": None},
    )
    online = await desk.online(staff_id=b.peter)
    assert online[b.manicure]["seance_length"] == 1800


@pytest.mark.parametrize(
    ("right", "change"),
    [
        ("settings_services_edit_price_access", {"price": {"min": 5}}),
        ("tech_card_edit", {"tech_card_id": 7}),
    ],
)
async def test_a_right_that_is_withheld_keeps_links_as_they_are(desk: Desk, right: str, change: Any) -> None:
    b = desk.business
    await desk.withhold(right)
    usual = {"team_member_id": b.anna, "hours": 1, "minutes": 0, "price": None}
    assert (await set_links(desk, links(b.haircut, {**usual, **change}), user=b.receptionist)).status_code == 403
    assert (await set_links(desk, links(b.haircut, {**usual, "minutes": 30}), user=b.receptionist)).status_code == 200


async def test_a_right_that_is_withheld_keeps_the_resources(desk: Desk) -> None:
    b = desk.business
    await desk.withhold("settings_services_edit_services_related_resource_access")
    assert (await set_links(desk, links(b.massage), user=b.receptionist)).status_code == 403
    [cabin] = [one["id"] for one in (await desk.card(b.massage))["resources"]]
    assert (await set_links(desk, links(b.massage, resource_ids=[cabin]), user=b.receptionist)).status_code == 200


async def test_a_link_is_made_once(desk: Desk) -> None:
    b = desk.business
    path = f"/company/{desk.here}/services/{b.haircut}/staff"
    body = {"master_id": b.anna, "seance_length": 1800, "technological_card_id": None}
    answer = await desk.call("POST", path, body)
    assert (answer.status_code, fields(answer)) == (422, ["master_id"])
    answer = await desk.call("PUT", f"{path}/{b.anna}", {**body, "seance_length": 100})
    assert (answer.status_code, fields(answer)) == (422, ["seance_length"])


async def test_links_tell_every_location_of_the_service(desk: Desk) -> None:
    b = desk.business
    await desk.done("DELETE", f"/company/{desk.here}/services/{b.haircut}/staff/{b.anna}")
    assert await desk.notices() == [("service.changed", place, b.haircut) for place in (desk.here, desk.far)]
