"""Chains: which the user reaches, and whom they know."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api


async def get_chain_list(api: Api) -> None:
    business = api.business
    [chain] = (await api(200, user=business.owner))["data"]
    assert chain["id"] == business.chain_id
    assert {place["id"] for place in chain["companies"]} == {business.location_id, business.far_location_id}
    assert chain["access"]["users_access"] == "1"
    [chain] = (await api(200, user=business.receptionist))["data"]
    assert [place["id"] for place in chain["companies"]] == [business.location_id]
    assert set(chain["access"].values()) == {"0"}
    assert (await api(200, user=api.world.client))["data"] == []
    await api(401, partner="", user=business.owner)
    await api(401)


async def get_chain_client_by_phone_number(api: Api) -> None:
    business = api.business
    here: dict[str, Any] = {"chain_id": business.chain_id}
    phone = {"phone": business.client_phone}
    found = (await api(200, user=business.owner, query=phone, **here))["data"]
    assert (found["salon_group_id"], found["phone"]) == (business.chain_id, f"+{business.client_phone}")
    assert found["clients"] == [
        {
            "id": business.client_id,
            "company_id": business.location_id,
            "name": "Clara Client",
            "email": "clara@example.com",
        }
    ]
    plus = {"phone": f"+{business.client_phone}"}
    assert (await api(200, user=business.owner, query=plus, **here))["data"] == found
    missing = await api(404, user=business.owner, query={"phone": "+13155549999"}, **here)
    assert missing["meta"]["message"] == "Client not found"
    await api(422, user=business.owner, query={"phone": "12"}, **here)
    await api(422, user=business.owner, **here)
    await api(404, user=business.owner, query=phone, chain_id=9_999_999)
