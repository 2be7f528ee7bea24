"""Tips settings of the team."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api


async def _settings(api: Api) -> list[dict[str, Any]]:
    """Of Anna, of whom everything is known, and of Peter."""
    body = {"user_id": api.business.receptionist.id, "employee": {"phone": "13155550175"}, "api_id": "42"}
    who: dict[str, Any] = {"team_member_id": api.business.anna}
    await api(200, op="update_team_member", user=api.business.owner, body=body, **api.here, **who)
    answer = await api(200, op="get_team_member_tip_settings", user=api.business.owner, **api.here)
    return answer["data"]


async def get_team_member_tip_settings(api: Api) -> None:
    anna, peter = await _settings(api)
    assert (anna["status"], anna["is_enabled"], anna["staff"]["user"]["name"]) == (1, False, "Rita Reception")
    assert anna["hash"] != peter["hash"]
    await api(404, user=api.business.owner, location_id=9_999_999)
    await api(401, partner="", **api.here)
    await api(401, **api.here)
    await api(403, user=api.business.limited, **api.here)
    await api(403, user=api.world.stranger, **api.here)


async def _switch(api: Api, *, on: bool) -> None:
    """Switch Anna's tips, from the opposite."""
    anna, _ = await _settings(api)
    path: dict[str, Any] = api.here | {"master_tips_settings_id": anna["id"]}
    before = "disable_team_member_tips" if on else "enable_team_member_tips"
    await api(200, op=before, user=api.business.owner, **path)
    answer = await api(200, user=api.business.owner, **path)
    assert answer["meta"] == {"count": 1}
    assert answer["data"][0]["is_enabled"] is on
    now, _ = await _settings(api)
    assert now == answer["data"][0]
    await api(404, user=api.business.owner, **api.here, master_tips_settings_id=999_999)
    await api(401, partner="", **path)
    await api(401, **path)
    await api(403, user=api.business.limited, **path)
    await api(403, user=api.world.stranger, **path)


async def disable_team_member_tips(api: Api) -> None:
    await _switch(api, on=False)


async def enable_team_member_tips(api: Api) -> None:
    await _switch(api, on=True)
