"""Fields that a business adds to its clients and appointments."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api

TEXT = {"type": "text", "code": "my_text_field", "title": "test field", "user_can_edit": True, "show_in_ui": True}
UNKNOWN = 9_999_999


async def get_custom_field_list(api: Api) -> None:
    made = await _made(api)
    [field] = (await api(200, user=api.business.owner, **_place(api)))["data"]
    assert field == made
    assert (field["salon_id"], field["custom_field"]["type"]) == (
        api.business.location_id,
        {"code": "text", "title": "Text"},
    )
    assert (await api(200, user=api.business.owner, **_place(api, field_category="client")))["data"] == []
    await api(404, user=api.business.owner, **_place(api, field_category="sofa"))
    await _refused(api)


async def create_custom_field(api: Api) -> None:
    owner = api.business.owner
    made = (await api(200, user=owner, body=TEXT, **_place(api)))["data"]
    field = made["custom_field"]
    assert (field["code"], field["title"], field["type"]["code"]) == ("my_text_field", "test field", "text")
    assert (await api(200, op="get_custom_field_list", user=owner, **_place(api)))["data"] == [made]
    booked = await api.book(**_filled(api, await api.slot(1)))
    record = await api(200, op="get_online_booking_details", **_key(booked), **api.here)
    assert record["custom_fields"] == {"my_text_field": "By the window"}
    await api(422, user=owner, body=TEXT, **_place(api))
    await api(422, user=owner, body=TEXT | {"type": "sofa"}, **_place(api))
    await _refused(api, TEXT)


async def update_custom_field(api: Api) -> None:
    owner, field_id = api.business.owner, (await _made(api))["id"]
    body = TEXT | {"title": "New title", "show_in_ui": False}
    said = await api(202, user=owner, body=body, field_id=field_id, **_place(api))
    assert said["meta"]["message"] == "Saved"
    [field] = (await api(200, op="get_custom_field_list", user=owner, **_place(api)))["data"]
    assert (field["custom_field"]["title"], field["custom_field"]["show_in_ui"]) == ("New title", False)
    await api(422, user=owner, body=TEXT | {"type": "number"}, field_id=field_id, **_place(api))
    await api(404, user=owner, body=body, field_id=UNKNOWN, **_place(api))
    await _refused(api, body, field_id=field_id, is_401_known=False)


async def delete_custom_field(api: Api) -> None:
    owner, field_id = api.business.owner, (await _made(api))["id"]
    booked = await api.book(**_filled(api, await api.slot(1)))
    await _refused(api, field_id=field_id, is_401_known=False)
    said = await api(200, user=owner, field_id=field_id, **_place(api))
    assert said["meta"]["message"] == "Deleted"
    assert (await api(200, op="get_custom_field_list", user=owner, **_place(api)))["data"] == []
    record = await api(200, op="get_online_booking_details", **_key(booked), **api.here)
    assert record["custom_fields"] == []
    await api(404, user=owner, field_id=field_id, **_place(api))


async def list_custom_fields(api: Api) -> None:
    owner, made = api.business.owner, await _made(api)
    await _made(api, "client", type="list", code="drink", values=["Coffee", "Tea"], weight=10)
    drink, text = (await api(200, user=owner, **api.here))["data"]
    assert (drink["attributes"]["values"], text["id"]) == (["Coffee", "Tea"], str(made["id"]))
    whole = {"include": ["custom_field_type", "ui_options"], "filter[parent_entity_type]": "record"}
    found = await api(200, user=owner, query=whole, **api.here)
    assert [field["id"] for field in found["data"]] == [text["id"]]
    assert {one["type"] for one in found["included"]} == {"custom_field_type", "custom_field_ui_option"}
    [older] = (await api(200, user=owner, query={"filter[entity_slug]": "client"}, **api.here))["data"]
    assert older == drink
    await api(422, user=owner, query={"filter[parent_entity_type]": "sofa"}, **api.here)
    await api(422, user=owner, query={"include": "sofa"}, **api.here)
    await api(401, **api.here)
    await api(403, user=api.business.limited, **api.here)
    await api(403, user=api.world.stranger, **api.here)
    await api(404, user=owner, location_id=UNKNOWN)


def _place(api: Api, **more: Any) -> dict[str, Any]:
    return {"field_category": "record", "location_id": api.business.location_id, **more}


def _filled(api: Api, at: str) -> dict[str, Any]:
    """A booking with a value in the field."""
    wish = {"id": 1, "services": [api.business.haircut], "staff_id": api.business.anna, "datetime": at}
    return {"appointments": [wish | {"custom_fields": {"my_text_field": "By the window"}}]}


def _key(made: Any) -> dict[str, Any]:
    return {"record_id": made["record_id"], "record_hash": made["record_hash"]}


async def _made(api: Api, category: str = "record", **more: Any) -> Any:
    place = _place(api, field_category=category)
    return (await api(200, op="create_custom_field", user=api.business.owner, body=TEXT | more, **place))["data"]


async def _refused(api: Api, body: Any = None, *, is_401_known: bool = True, **more: Any) -> None:
    """Who has no business here. The contract does not speak of 401 everywhere."""
    if is_401_known:
        await api(401, body=body, **more, **_place(api))
        await api(401, partner="", body=body, **more, **_place(api))
    await api(403, user=api.business.limited, body=body, **more, **_place(api))
    await api(403, user=api.world.stranger, body=body, **more, **_place(api))
    await api(404, user=api.business.owner, body=body, **more, **_place(api, location_id=UNKNOWN))
