"""Team members and owners sign in."""

from __future__ import annotations

from tests.conformance.api import Api
from tests.makers.world import PASSWORD


async def authorize_user(api: Api) -> None:
    owner = api.business.owner
    for login in (f"+{owner.phone}", owner.email):
        data = (await api(201, body={"login": login, "password": PASSWORD}))["data"]
        assert (data["id"], data["name"], data["phone"]) == (owner.id, owner.name, f"+{owner.phone}")
        assert data["is_approved"] is True
        mine = await api(200, op="get_location_list", user=data["user_token"], query={"my": 1})
        assert {place["id"] for place in mine["data"]} == {api.business.location_id, api.business.far_location_id}
    await api(401, body={"login": owner.email, "password": "wrong"})
    await api(401, body={"login": "nobody@example.com", "password": PASSWORD})
    await api(401, partner="", body={"login": owner.email, "password": PASSWORD})
