"""The team: members and positions in v1."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api

BASIL = {
    "name": "Basil",
    "specialization": "the hairdresser",
    "weight": 10,
    "information": "<p>Trimming with <b>three</b> hands</p>",
    "api_id": "42",
    "hidden": 0,
    "fired": 0,
    "has_access_timetable": True,
    "is_paid_staff": False,
    "is_included_in_payment_policy": True,
}
QUICK = {
    "name": "John Johnson",
    "specialization": "Master",
    "position_id": None,
    "phone_number": "13155550175",
    "user_email": "john@example.com",
    "user_phone": "13155550175",
    "is_user_invite": False,
}


async def refuse(api: Api, body: Any = None, **path: Any) -> None:
    """Nobody, a partner alone, a stranger, a colleague without the right."""
    place: dict[str, Any] = api.here | path
    await api(401, partner="", body=body, **place)
    await api(401, body=body, **place)
    await api(403, user=api.world.stranger, body=body, **place)
    if api.operation.name not in ("get_team_member", "get_team_member_list", "deprecated_get_team_member_list"):
        await api(403, user=api.business.limited, body=body, **place)


async def _shown(api: Api, member: int) -> Any:
    who: dict[str, Any] = {"user": api.business.owner, "team_member_id": member}
    return (await api(200, op="deprecated_get_team_member_list", **who, **api.here))["data"][0]


async def get_team_member_list(api: Api) -> None:
    business = api.business
    await api(
        200,
        op="update_team_member",
        user=business.owner,
        body={"api_id": "42"},
        team_member_id=business.peter,
        **api.here,
    )
    answer = await api(200, user=business.receptionist, **api.here)
    anna, peter = answer["data"]
    assert (anna["id"], peter["id"]) == (business.anna, business.peter)
    assert (anna["position"]["title"], peter["position"]) == ("Stylist", [])
    assert (anna["weight"], anna["bookable"], anna["schedule_till"]) == (2, True, str(api.day(43)))
    assert (anna["api_id"], peter["api_id"]) == (None, 42)
    await refuse(api)


async def deprecated_create_team_member(api: Api) -> None:
    business = api.business
    made = (await api(201, user=business.owner, body=BASIL, **api.here))["data"]
    assert {name: made[name] for name in ("name", "weight", "information", "api_id")} == {
        "name": "Basil",
        "weight": 10,
        "information": BASIL["information"],
        "api_id": 42,
    }
    listed = await api(200, op="list_team_members", user=business.owner, query={"filter[name]": "bas"}, **api.here)
    assert [member["id"] for member in listed["data"]] == [str(made["id"])]
    await api(422, user=business.owner, body={"specialization": "the hairdresser"}, **api.here)
    await api(422, user=business.owner, body=BASIL | {"user_id": 999_999}, **api.here)
    await api(404, user=business.owner, body=BASIL, location_id=9_999_999)
    await refuse(api, BASIL)


async def deprecated_get_team_member_list(api: Api) -> None:
    business = api.business
    who: dict[str, Any] = {"team_member_id": business.anna}
    [anna] = (await api(200, user=business.owner, **api.here, **who))["data"]
    assert (anna["id"], anna["weight"], anna["fired"], anna["image_group"]) == (business.anna, "2", "0", [])
    at = {"chain_id": business.chain_id, **api.here, **who}
    await api.db.execute(
        """WITH made AS (
               INSERT INTO image_groups (chain_id, entity, location_id, team_member_id, user_id, folder, created_at)
               VALUES ($1, 'master', $2, $3, $4, 'images/ab/abc', '2026-01-01') RETURNING id)
           INSERT INTO images (chain_id, image_group_id, version, type, width, height)
           SELECT $1, made.id, version, 'jpeg', 100, 100
             FROM made, unnest('{sm,basic,norm,origin}'::text[]) AS v (version)""",
        *at.values(),
        business.owner.id,
    )
    [anna] = (await api(200, user=business.owner, **api.here, **who))["data"]
    assert anna["image_group"]["images"]["sm"]["width"] == "100"
    await api(404, user=business.owner, **api.here, team_member_id=business.yuki)
    await refuse(api, **who)


async def update_team_member(api: Api) -> None:
    business = api.business
    who: dict[str, Any] = {"team_member_id": business.peter}
    changed = (await api(200, user=business.owner, body=BASIL, **api.here, **who))["data"]
    assert (changed["name"], changed["weight"], changed["api_id"]) == ("Basil", "10", 42)
    assert (await _shown(api, business.peter))["specialization"] == "the hairdresser"
    await api(200, user=business.owner, body={"api_id": "42", "fired": 1}, **api.here, **who)
    staff = await api(200, op="get_team_members_available_for_booking", **api.here)
    assert [member["name"] for member in staff["data"]] == ["Anna"]
    record = await api.book()
    refused = await api(422, user=business.owner, body={"fired": 1}, **api.here, team_member_id=business.anna)
    assert refused["meta"]["message"] == "Anna cannot be dismissed: 1 upcoming appointment."
    assert record["record_id"]
    await api(422, user=business.owner, body={"name": ""}, **api.here, **who)
    await api(404, user=business.owner, body=BASIL, **api.here, team_member_id=business.yuki)
    await refuse(api, BASIL, **who)


async def delete_team_member(api: Api) -> None:
    business = api.business
    await refuse(api, team_member_id=business.peter)
    await api.book()
    await api(422, user=business.owner, **api.here, team_member_id=business.anna)
    assert await api(204, user=business.owner, **api.here, team_member_id=business.peter) is None
    listed = await api(200, op="get_team_member_list", user=business.owner, **api.here)
    assert [member["name"] for member in listed["data"]] == ["Anna"]
    await api(404, user=business.owner, **api.here, team_member_id=business.peter)
    await api(404, user=business.owner, **api.here, team_member_id=business.yuki)


async def create_team_member_quick(api: Api) -> None:
    business = api.business
    position = (await api(200, op="get_position_list", user=business.owner, **api.here))["data"][0]
    body = QUICK | {"position_id": position["id"]}
    made = (await api(201, user=business.owner, body=body, **api.here))["data"]
    assert (made["name"], made["position"]) == ("John Johnson", position)
    assert (await _shown(api, made["id"]))["position"] == position
    plain = (await api(201, user=business.owner, body=QUICK, **api.here))["data"]
    assert plain["position"] is None
    await api(422, user=business.owner, body=QUICK | {"phone_number": "12"}, **api.here)
    await api(422, user=business.owner, body={"name": "John Johnson"}, **api.here)
    await api(404, user=business.owner, body=QUICK, location_id=9_999_999)
    await refuse(api, QUICK)


async def get_team_member(api: Api) -> None:
    business = api.business
    await api.db.execute("UPDATE team_members SET user_id = $1 WHERE id = $2", business.receptionist.id, business.anna)
    answer = await api(200, user=business.owner, **api.here, team_member_id=business.anna)
    assert answer["meta"] == {"total_count": 1}
    [anna] = answer["data"]
    assert (anna["name"], anna["fired"], anna["user_id"]) == ("Anna", 0, business.receptionist.id)
    refused = await api(404, user=business.owner, **api.here, team_member_id=business.yuki)
    message = f"Team Member with ID {business.yuki} was not found in branch {business.location_id}."
    assert refused["meta"]["errors"] == [{"message": message}]
    await api(403, user=api.world.stranger, **api.here, team_member_id=business.anna)


async def get_position_list(api: Api) -> None:
    business = api.business
    made = await api(201, op="create_position", user=business.owner, body={"title": "Artist"}, **_v2(api))
    listed = (await api(200, user=business.owner, **api.here))["data"]
    assert [position["title"] for position in listed] == ["Stylist", "Artist"]
    assert str(listed[1]["id"]) == made["data"]["id"]
    await api(404, user=business.owner, location_id=9_999_999)
    await refuse(api)


async def create_position_quick(api: Api) -> None:
    business = api.business
    made = (await api(201, user=business.owner, body={"title": "Artist"}, **api.here))["data"]
    assert (made["title"], made["chain_id"]) == ("Artist", business.chain_id)
    listed = await api(200, op="list_positions", user=business.owner, **_v2(api))
    assert [position["id"] for position in listed["data"]][1:] == [str(made["id"])]
    await api(422, user=business.owner, body={}, **api.here)
    await api(404, user=business.owner, body={"title": "Artist"}, location_id=9_999_999)
    await refuse(api, {"title": "Artist"})


def _v2(api: Api) -> dict[str, Any]:
    return {"company_id": api.business.location_id}
