"""Where in a chain a phone is known."""

from __future__ import annotations

from typing import Any

import pytest

from agendum.core import clock
from tests.conftest import World
from tests.makers.world import connect, insert, make_membership, make_person, make_small_world, stamps

pytestmark = pytest.mark.anyio


async def test_a_phone_s_entries_in_a_chain_and_in_no_other(world: World) -> None:
    db = await connect(world.dsn)
    small = await make_small_world(db, rights=["clients_access"])
    business, phone = small.business, small.business.client_phone

    async def ask(user: str, chain_id: int = business.chain_id, number: str = phone) -> Any:
        headers = {"Authorization": f"Bearer {small.partner_token}, User {user}"}
        return await world.http.get(f"/group/{chain_id}/clients", params={"phone": number}, headers=headers)

    async def client(chain_id: int, location_id: int, **facts: Any) -> int:
        place = {"chain_id": chain_id, "location_id": location_id, "phone": phone}
        return await insert(db, "clients", **place, **{"name": "Clara"} | facts, **stamps())

    far = await client(business.chain_id, business.far_location_id, surname="Client", email="clara@example.net")
    theirs = await client(small.stranger_chain_id, small.stranger_location_id)
    found = (await ask(business.owner.token)).json()["data"]
    assert (found["salon_group_id"], found["phone"]) == (business.chain_id, f"+{phone}")
    here = {"id": business.client_id, "company_id": business.location_id}
    assert found["clients"] == [
        here | {"name": "Clara Client", "email": "clara@example.com"},
        {"id": far, "company_id": business.far_location_id, "name": "Clara Client", "email": "clara@example.net"},
    ]
    found = (await ask(small.stranger.token, small.stranger_chain_id)).json()["data"]
    assert [one["id"] for one in found["clients"]] == [theirs]
    # Not those who are gone, nor those of a location that is.
    await db.execute("UPDATE clients SET deleted_at = $1 WHERE id = $2", clock.now(), business.client_id)
    await db.execute("UPDATE locations SET deleted_at = $1 WHERE id = $2", clock.now(), business.far_location_id)
    answer = await ask(business.owner.token)
    assert (answer.status_code, answer.json()["meta"]) == (404, {"message": "Client not found"})

    # One location's clerk has no business in the whole chain, a chain's clerk needs the right.
    assert (await ask(business.receptionist.token)).status_code == 403
    clerk = await make_person(db)
    await make_membership(db, business.chain_id, clerk, None, role="administrator")
    assert (await ask(clerk.token)).status_code == 403
    assert (await ask(business.owner.token, number="12")).status_code == 422
    await db.close()
