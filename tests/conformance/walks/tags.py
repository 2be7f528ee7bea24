"""Tags in v2 under both forms of the path, and the labels of v1."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api

VIP = {"title": "VIP client", "color": "#ff2828", "entity": 1, "icon": "star"}
UNKNOWN = 9_999_999


async def list_tags(api: Api) -> None:
    owner = api.business.owner
    first = await _made(api)
    second = await _made(api, title="Late", entity=2)
    tags = (await api(200, user=owner, **_company(api)))["data"]
    assert [(tag["id"], tag["attributes"]["title"]) for tag in tags] == [(first, "VIP client"), (second, "Late")]
    for entity in ("client", "1"):
        found = (await api(200, user=owner, query={"entity": entity}, **_company(api)))["data"]
        assert [tag["id"] for tag in found] == [first]
    await _refused(api)


async def list_tags_v2(api: Api) -> None:
    await list_tags(api)


async def v2_create_tag(api: Api) -> None:
    owner = api.business.owner
    made = (await api(201, user=owner, body=VIP, **_company(api)))["data"]
    shown = made["attributes"]
    assert (shown["title"], shown["entity_type"], shown["icon"]) == ("VIP client", "client", "star")
    assert (await api(200, op="get_tag", user=owner, tag_id=made["id"], **_company(api)))["data"] == made
    [label] = (await api(200, op="get_tag_list_by_entity", user=owner, entity="client", **api.here))["data"]
    assert label["id"] == int(made["id"])
    await api(400, user=owner, body=VIP | {"entity": 9}, **_company(api))
    await api(422, user=owner, body={"color": "#ff2828"}, **_company(api))
    await _refused(api, VIP)


async def create_tag_v2(api: Api) -> None:
    await v2_create_tag(api)


async def get_tag(api: Api) -> None:
    owner, tag_id = api.business.owner, await _made(api)
    tag = (await api(200, user=owner, tag_id=tag_id, **_company(api)))["data"]
    assert (tag["type"], tag["id"], tag["attributes"]["title"]) == ("tag", tag_id, "VIP client")
    await api(404, user=owner, tag_id=tag_id, company_id=api.business.far_location_id)
    await _refused(api, tag_id=tag_id)


async def get_tag_v2(api: Api) -> None:
    await get_tag(api)


async def update_tag(api: Api) -> None:
    owner, tag_id = api.business.owner, await _made(api)
    assert await api(204, user=owner, body={"title": "Gold"}, tag_id=tag_id, **_company(api)) is None
    tag = (await api(200, op="get_tag", user=owner, tag_id=tag_id, **_company(api)))["data"]["attributes"]
    assert (tag["title"], tag["color"], tag["icon"]) == ("Gold", "#ff2828", "star")
    await api(422, user=owner, body={"color": "red"}, tag_id=tag_id, **_company(api))
    far = api.business.far_location_id
    await api(403, user=owner, body={"title": "Mine"}, tag_id=tag_id, company_id=far)
    await _refused(api, {"title": "Mine"}, tag_id=tag_id)


async def update_tag_v2(api: Api) -> None:
    await update_tag(api)


async def delete_tag(api: Api) -> None:
    owner, tag_id = api.business.owner, await _made(api)
    await api(403, user=owner, tag_id=tag_id, company_id=api.business.far_location_id)
    await _refused(api, tag_id=tag_id)
    assert await api(204, user=owner, tag_id=tag_id, **_company(api)) is None
    assert (await api(200, op="list_tags", user=owner, **_company(api)))["data"] == []
    tag = (await api(200, op="get_tag", user=owner, tag_id=tag_id, **_company(api)))["data"]["attributes"]
    assert (tag["is_deleted"], tag["deleted"]) == (True, 1)


async def delete_tag_v2(api: Api) -> None:
    await delete_tag(api)


async def create_tag(api: Api) -> None:
    owner = api.business.owner
    made = (await api(200, user=owner, query={"title": "test", "color": "#00ff11", "entity": 1}, **api.here))["data"]
    assert (made["title"], made["color"], made["entity"]) == ("test", "#00ff11", 1)
    tag = (await api(200, op="get_tag", user=owner, tag_id=made["id"], **_company(api)))["data"]["attributes"]
    assert (tag["title"], tag["company_id"]) == ("test", api.business.location_id)
    await api(422, user=owner, query={"title": "test"}, **api.here)
    await _refused_v1(api, query={"title": "test", "color": "#00ff11"})


async def get_tag_list_by_entity(api: Api) -> None:
    owner, tag_id = api.business.owner, await _made(api)
    await _made(api, entity=2)
    for entity in ("client", "1"):
        [label] = (await api(200, user=owner, entity=entity, **api.here))["data"]
        assert (label["id"], label["title"], label["deleted"]) == (int(tag_id), "VIP client", 0)
    await api(404, user=owner, entity="sofa", **api.here)
    await _refused_v1(api, entity="client")


async def update_tag_by_tag_id(api: Api) -> None:
    owner, tag_id = api.business.owner, await _made(api)
    body = {"title": "Testway2", "color": "#aa11ff", "entity": 2, "icon": "Test"}
    await api(202, user=owner, body=body, tag_id=tag_id, **api.here)
    tag = (await api(200, op="get_tag", user=owner, tag_id=tag_id, **_company(api)))["data"]["attributes"]
    assert {name: tag[name] for name in body} == body
    await api(404, user=owner, body=body, tag_id=UNKNOWN, **api.here)
    await _refused_v1(api, body=body, tag_id=tag_id)


async def delete_tag_by_tag_id(api: Api) -> None:
    owner, tag_id = api.business.owner, await _made(api)
    await _refused_v1(api, tag_id=tag_id)
    assert (await api(200, user=owner, tag_id=tag_id, **api.here))["meta"]["message"] == "Accepted"
    assert (await api(200, op="list_tags", user=owner, **_company(api)))["data"] == []
    await api(404, user=owner, tag_id=tag_id, **api.here)


def _company(api: Api) -> dict[str, Any]:
    return {"company_id": api.business.location_id}


async def _made(api: Api, **more: Any) -> str:
    made = await api(201, op="v2_create_tag", user=api.business.owner, body=VIP | more, **_company(api))
    return made["data"]["id"]


async def _refused(api: Api, body: Any = None, **more: Any) -> None:
    """Who has no business here."""
    await api(401, body=body, **more, **_company(api))
    await api(401, partner="", body=body, **more, **_company(api))
    await api(403, user=api.business.limited, body=body, **more, **_company(api))
    await api(403, user=api.world.stranger, body=body, **more, **_company(api))
    await api(404, user=api.business.owner, body=body, **more, company_id=UNKNOWN)
    if more:
        await api(404, user=api.business.owner, body=body, tag_id=UNKNOWN, **_company(api))


async def _refused_v1(api: Api, **more: Any) -> None:
    await api(401, **more, **api.here)
    await api(403, user=api.business.limited, **more, **api.here)
    await api(403, user=api.world.stranger, **more, **api.here)
    await api(404, user=api.business.owner, **more, location_id=UNKNOWN)
