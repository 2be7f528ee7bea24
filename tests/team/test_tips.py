"""Tips settings: everybody who works here has one from the first look on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.makers.office import Office

pytestmark = pytest.mark.anyio


async def tips(office: Office) -> list[dict[str, Any]]:
    return await office.ask("GET", f"/tips/{office.here}/settings")


async def switch(office: Office, tips_id: int, how: str, status: int = 200) -> Any:
    method = "POST" if how == "disable" else "GET"
    return await office.ask(method, f"/tips/{office.here}/settings/{tips_id}/{how}", status)


async def test_everybody_has_settings_from_the_first_look_on(office: Office) -> None:
    anna, peter = await tips(office)
    shown = {
        "id": anna["id"],
        "location_id": office.here,
        "staff_id": office.business.anna,
        "hash": anna["hash"],
        "status": 1,
        "status_title": "new settings",
        "is_enabled": False,
        "landing_external": f"http://test/tips/external/{office.here}/{anna['hash']}/",
        "master_tips_form_link": f"http://test/companies/{office.here}/staff/{office.business.anna}/tips/pay/",
        "invite_sms_sent": False,
        "staff": {
            "id": office.business.anna,
            "name": "Anna",
            "specialization": "Stylist",
            "avatar": "",
            "position": {"id": anna["staff"]["position"]["id"], "title": "Stylist"},
        },
    }
    assert anna == shown
    assert UUID(anna["hash"]) != UUID(peter["hash"])
    assert "position" not in peter["staff"]
    await office.ask("POST", f"/staff/{office.here}", 201, json={"name": "Basil"})
    again = await tips(office)
    assert again[:2] == [anna, peter], "the same at every look"
    assert again[2]["staff"]["name"] == "Basil"


async def test_tips_are_switched_on_and_off(office: Office) -> None:
    anna, peter = await tips(office)
    [on] = await switch(office, anna["id"], "enable")
    assert (on["is_enabled"], on["status"], on["status_title"]) == (True, 3, "pending account")
    rita = office.business.receptionist
    body = {"user_id": rita.id, "employee": {"phone": "13155550175"}}
    await office.ask("PUT", f"/staff/{office.here}/{office.business.anna}", json=body)
    ready = (await tips(office))[0]
    assert (ready["status"], ready["status_title"]) == (4, "everything is set")
    assert ready["staff"]["user"] == {"id": rita.id, "name": rita.name, "email": rita.email, "phone": f"+{rita.phone}"}
    assert ready["staff"]["employee"] == {"id": office.business.anna, "phone": "+13155550175"}
    [off] = await switch(office, anna["id"], "disable")
    assert (off["is_enabled"], off["status"]) == (False, 4)
    assert (await tips(office))[1] == peter


async def test_settings_of_who_left_or_works_elsewhere_are_not_found(office: Office) -> None:
    _, peter = await tips(office)
    [yuki] = await office.ask("GET", f"/tips/{office.business.far_location_id}/settings")
    await office.ask("PUT", f"/staff/{office.here}/{office.business.peter}", json={"fired": 1})
    for tips_id in (peter["id"], yuki["id"], 999_999):
        await switch(office, tips_id, "enable", 404)
        await switch(office, tips_id, "disable", 404)
    assert [one["staff"]["name"] for one in await tips(office)] == ["Anna"]


async def test_only_who_manages_tips_sees_them(office: Office) -> None:
    colleague = await office.colleague("master_edit")
    await office.ask("GET", f"/tips/{office.here}/settings", 403, user=colleague)
    await office.ask("GET", f"/tips/{office.here}/settings", user=office.business.receptionist)
