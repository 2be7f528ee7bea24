"""The team and its positions in JSON:API."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api


def _place(api: Api) -> dict[str, Any]:
    return {"company_id": api.business.location_id}


async def _make(api: Api, title: str = "Artist") -> dict[str, Any]:
    """The path of a new position."""
    made = await api(201, op="create_position", user=api.business.owner, body={"title": title}, **_place(api))
    return _place(api) | {"position_id": made["data"]["id"]}


async def _refuse(api: Api, body: Any = None, **path: Any) -> None:
    await api(401, partner="", body=body, **path)
    await api(401, body=body, **path)
    await api(403, user=api.world.stranger, body=body, **path)
    await api(403, user=api.business.limited, body=body, **path)


async def list_team_members(api: Api) -> None:
    business = api.business
    whole = await api(200, user=business.owner, query={"include[]": ["position", "employee"]}, **api.here)
    assert [member["id"] for member in whole["data"]] == [str(business.anna), str(business.peter)]
    assert {one["type"] for one in whole["included"]} == {"staff_position", "employee"}
    fired: dict[str, Any] = {"user": business.owner, "op": "update_team_member", "body": {"fired": 1, "api_id": "42"}}
    await api(200, **fired, **api.here, team_member_id=business.peter)
    dismissed = await api(200, user=business.owner, query={"filter[fired]": 1}, **api.here)
    assert [member["attributes"]["name"] for member in dismissed["data"]] == ["Peter"]
    await api(422, user=business.owner, query={"filter[fired]": 3}, **api.here)
    await api(404, user=business.owner, location_id=9_999_999)
    await _refuse(api, **api.here)


async def list_positions(api: Api) -> None:
    business = api.business
    await _make(api)
    answer = await api(200, user=business.owner, **_place(api))
    assert [position["attributes"]["title"] for position in answer["data"]] == ["Stylist", "Artist"]
    assert answer["data"][0]["attributes"]["salon_ids"] == [business.location_id, business.far_location_id]
    await api(404, user=business.owner, company_id=9_999_999)
    await _refuse(api, **_place(api))


async def create_position(api: Api) -> None:
    business, body = api.business, {"title": "Artist", "description": "Paints nails"}
    made = (await api(201, user=business.owner, body=body, **_place(api)))["data"]
    listed = (await api(200, op="get_position_list", user=business.owner, **api.here))["data"]
    assert {"id": int(made["id"]), "title": "Artist"} in listed
    await api(422, user=business.owner, body={"title": ""}, **_place(api))
    await api(422, user=business.owner, body=body | {"weight": 5}, **_place(api))
    await api(404, user=business.owner, body=body, company_id=9_999_999)
    await _refuse(api, body, **_place(api))


async def get_position(api: Api) -> None:
    business, path = api.business, await _make(api)
    shown = await api(200, user=business.owner, **path)
    assert shown["data"]["attributes"]["title"] == "Artist"
    await api(404, user=business.owner, **_place(api), position_id=999_999)
    await api(404, user=business.owner, company_id=business.far_location_id, position_id=path["position_id"])
    await _refuse(api, **path)


async def update_position(api: Api) -> None:
    business, path = api.business, await _make(api)
    assert await api(204, user=business.owner, body={"title": "Nail artist"}, **path) is None
    shown = await api(200, op="get_position", user=business.owner, **path)
    assert shown["data"]["attributes"]["title"] == "Nail artist"
    await api(422, user=business.owner, body={"description": "Paints nails"}, **path)
    await api(422, user=business.owner, body={"title": "Artist", "salon_ids": []}, **path)
    await api(404, user=business.owner, body={"title": "Artist"}, **_place(api), position_id=999_999)
    await _refuse(api, {"title": "Artist"}, **path)


async def delete_position(api: Api) -> None:
    business, path = api.business, await _make(api)
    await _refuse(api, **path)
    assert await api(204, user=business.owner, **path) is None
    await api(404, user=business.owner, **path)
    [stylist] = (await api(200, op="get_position_list", user=business.owner, **api.here))["data"]
    await api(422, user=business.owner, **_place(api), position_id=stylist["id"])
