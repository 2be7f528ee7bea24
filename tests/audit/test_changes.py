"""The owner reads who changed what and when."""

from __future__ import annotations

from typing import Any

import pytest

from agendum.core.rights import KINDS
from tests.conftest import World
from tests.makers.world import Person, SmallWorld, connect, make_small_world

pytestmark = pytest.mark.anyio


@pytest.fixture
async def small(world: World) -> SmallWorld:
    db = await connect(world.dsn)
    try:
        return await make_small_world(db, rights=[right for right, kind in KINDS.items() if kind == "allow"])
    finally:
        await db.close()


async def ask(world: World, small: SmallWorld, user: Person, method: str, path: str, **kw: Any) -> Any:
    headers = {"Authorization": f"Bearer {small.partner_token}, User {user.token}", "X-Request-Id": "desk-1"}
    answer = await world.http.request(method, path, headers=headers, **kw)
    assert answer.is_success, answer.text
    return answer.json()["data"] if answer.content else None


async def test_a_change_shows_what_differs_and_who_made_it(world: World, small: SmallWorld) -> None:
    b = small.business
    desk, here = b.receptionist, b.location_id
    made = await ask(world, small, desk, "POST", f"/clients/{here}", json={"name": "Nora", "phone": "+13155550142"})
    body = {"name": "Norah", "phone": "+13155550142"}
    await ask(world, small, desk, "PUT", f"/client/{here}/{made['id']}", json=body)
    await ask(world, small, desk, "DELETE", f"/client/{here}/{made['id']}")
    path = f"/company/{here}/changes"
    found = await ask(world, small, b.owner, "GET", path, params={"entity": "client", "entity_id": made["id"]})
    deleted, changed, created = found
    assert (created["before"], created["after"]["name"]) == (None, "Nora")
    assert (changed["before"], changed["after"]) == ({"name": "Nora"}, {"name": "Norah"})
    assert deleted["after"] is None
    assert {entry["user"]["id"] for entry in found} == {desk.id}
    assert {entry["partner"]["name"] for entry in found} == {"Connector"}
    assert {entry["request_id"] for entry in found} == {"desk-1"}
    page = {"entity": "client", "entity_id": made["id"], "count": 1, "page": 2}
    assert [entry["id"] for entry in await ask(world, small, b.owner, "GET", path, params=page)] == [changed["id"]]
    assert await ask(world, small, b.owner, "GET", path, params={"user_id": b.owner.id}) == []
    assert await ask(world, small, b.owner, "GET", path, params={"date_to": "2020-01-01"}) == []


async def test_only_who_may_reads_the_trail_and_a_day_must_be_one(world: World, small: SmallWorld) -> None:
    b = small.business
    headers = {"Authorization": f"Bearer {small.partner_token}, User {b.limited.token}"}
    refused = await world.http.get(f"/company/{b.location_id}/changes", headers=headers)
    assert refused.status_code == 403
    headers = {"Authorization": f"Bearer {small.partner_token}, User {b.owner.token}"}
    bad = await world.http.get(f"/company/{b.location_id}/changes?date_to=9999-12-31", headers=headers)
    assert bad.status_code == 422
