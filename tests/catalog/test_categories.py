"""Categories, and who gives their services."""

from __future__ import annotations

from typing import Any

import pytest

from tests.catalog.conftest import Desk, fields
from tests.makers.chains import make_member_of_staff

pytestmark = pytest.mark.anyio


async def make(desk: Desk, **facts: Any) -> Any:
    return await desk.done("POST", f"/service_categories/{desk.here}", {"title": "Cuts", **facts})


async def put(desk: Desk, category_id: int, **facts: Any) -> Any:
    return await desk.done("PUT", f"/service_category/{desk.here}/{category_id}", facts)


async def test_a_new_service_is_given_by_those_who_give_its_category(desk: Desk) -> None:
    b = desk.business
    category = await make(desk, staff=[b.peter])
    made = await desk.make(category_id=category["id"], duration=1800)
    assert [(one["id"], one["seance_length"]) for one in made["staff"]] == [(b.peter, 1800)]
    nobodys = await desk.make(category_id=category["id"], staff=[])
    assert nobodys["staff"] == []


async def test_a_category_names_who_really_gives_its_services(desk: Desk) -> None:
    b = desk.business
    category = (await make(desk, staff=[b.anna, b.peter]))["id"]
    path = f"/service_category/{desk.here}/{category}"
    made = await desk.make(category_id=category, staff=[{"id": b.anna}])
    assert (await desk.get(path))["staff"] == [b.anna]
    await desk.done("DELETE", f"/company/{desk.here}/services/{made['id']}/staff/{b.anna}")
    assert (await desk.get(path))["staff"] == []
    await desk.done("DELETE", f"/services/{desk.here}/{made['id']}")
    assert (await desk.get(path))["staff"] == [b.anna, b.peter], "as it was named, without services"


async def test_the_staff_of_a_category_gives_all_of_its_services_and_nobody_else_does(desk: Desk) -> None:
    b = desk.business
    await put(desk, b.category_id, staff=[b.peter])
    online = await desk.online(staff_id=b.peter)
    assert {service["title"]: service["seance_length"] for service in online.values()} == {
        "Haircut": 3600,
        "Massage": 1800,
        "Manicure": 2700,
    }
    assert await desk.online(staff_id=b.anna) == {}
    assert [one["id"] for one in (await desk.card(b.haircut, at=desk.far))["staff"]] == [b.yuki], "elsewhere all stays"


async def test_what_is_not_given_stays(desk: Desk) -> None:
    b = desk.business
    made = await make(desk, api_id="x", weight=4, staff=[b.anna])
    for change in ({"title": "Trims"}, {"weight": 5}, {"api_id": ""}, {"staff": [b.peter]}):
        made |= change
        assert await put(desk, made["id"], **change) == made


async def test_a_category_with_services_stays(desk: Desk) -> None:
    b = desk.business
    path = f"/service_category/{desk.here}/{b.category_id}"
    refused = await desk.call("DELETE", path)
    assert (refused.status_code, "3 services" in refused.json()["meta"]["message"]) == (422, True)
    for service in (b.haircut, b.massage, b.manicure):
        await desk.done("DELETE", f"/services/{desk.here}/{service}")
    assert (await desk.call("DELETE", path)).status_code == 204
    assert (await desk.call("GET", path)).status_code == 404
    far = await desk.get(f"/company/{desk.far}/service_categories/0")
    assert [one["id"] for one in far] == [b.category_id], "elsewhere it goes on"


async def test_a_category_that_nobody_has_is_gone_from_the_chain(desk: Desk) -> None:
    made = await make(desk)
    await desk.done("DELETE", f"/service_category/{desk.here}/{made['id']}")
    chain = (await desk.call("GET", f"/chain/{desk.business.chain_id}/service_categories")).json()
    assert [one["id"] for one in chain] == [desk.business.category_id]


async def test_what_the_chain_manages_is_called_as_the_chain_says(desk: Desk) -> None:
    b = desk.business
    await desk.db.execute("UPDATE service_categories SET is_chain = true WHERE id = $1", b.category_id)
    path = f"/service_category/{desk.here}/{b.category_id}"
    assert (await desk.call("PUT", path, {"title": "Trims"}, user=b.receptionist)).status_code == 403
    assert (await desk.call("DELETE", path, user=b.receptionist)).status_code == 403
    shown = (await desk.call("PUT", path, {"weight": 8}, user=b.receptionist)).json()["data"]
    assert (shown["weight"], shown["is_chain"]) == (8, True)
    assert (await put(desk, b.category_id, title="Trims"))["title"] == "Trims"


async def test_staff_that_is_not_here_is_refused(desk: Desk) -> None:
    b = desk.business
    gone = await make_member_of_staff(desk.db, b.chain_id, desk.here, "Gone")
    await desk.db.execute("UPDATE team_members SET deleted_at = created_at WHERE id = $1", gone)
    answer = await desk.call(
        "PUT", f"/service_category/{desk.here}/{b.category_id}", {"title": "No", "staff": [b.anna, b.yuki, gone]}
    )
    assert (answer.status_code, fields(answer)) == (422, ["staff[1]", "staff[2]"])
    assert (await desk.get(f"/service_category/{desk.here}/{b.category_id}"))["title"] == "Hair"


async def test_a_missing_id_means_the_list(desk: Desk) -> None:
    for path in ("/company/{}/service_categories", "/service_categories/{}", "/company/{}/services"):
        address = path.format(desk.here)
        assert await desk.get(address) == await desk.get(f"{address}/0"), path


async def test_a_category_tells_of_its_life(desk: Desk) -> None:
    made = (await make(desk))["id"]
    await put(desk, made, weight=3)
    await desk.done("DELETE", f"/service_category/{desk.here}/{made}")
    kinds = ("service_category.created", "service_category.changed", "service_category.deleted")
    assert await desk.notices() == [(kind, desk.here, made) for kind in kinds]
    await put(desk, desk.business.category_id, title="Trims")
    places = [place for kind, place, _ in await desk.notices() if kind == "service_category.changed"]
    assert places == [desk.here, desk.here, desk.far]
