"""Clients as their business keeps them: what one operation writes, another shows."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api
from tests.makers.clients import make_chief, make_client, make_client_field, make_client_tag, make_stats
from tests.makers.world import Person, insert

NOWHERE = 9_999_999
_JAMES: dict[str, Any] = {
    "name": "James",
    "surname": "Smith",
    "middle_name": "James",
    "phone": 13155550179,
    "email": "j.smith@example.com",
    "gender_id": 1,
    "discount": 15,
    "importance_id": 1,
    "card": 555888666,
    "birth_date": "952041600",
    "comment": "throws show-off",
    "sms_check": 0,
    "sms_not": 0,
    "spent": 1000,
    "balance": -200,
}


async def _refusals(api: Api, *, body: Any = None, right: bool = True, **path: Any) -> None:
    """Nobody, a stranger to the business, and, where a right is asked for, a colleague without it."""
    path = {**api.here, **path}
    await api(401, body=body, partner="", **path)
    await api(401, body=body, **path)
    await api(403, body=body, user=api.world.stranger, **path)
    if right:
        await api(403, body=body, user=api.business.limited, **path)


async def _chief(api: Api) -> Person:
    return await make_chief(api.db, api.business)


async def _made(api: Api, chief: Person, **facts: Any) -> dict[str, Any]:
    """James, with a custom value as the contract shows him."""
    if not await api.db.fetchval("SELECT count(*) FROM custom_fields WHERE code = 'key-1'"):
        await make_client_field(api.db, api.business, "key-1")
    body = _JAMES | {"custom_fields": {"key-1": "value-1"}} | facts
    return (await api(201, op="create_client", user=chief, body=body, **api.here))["data"]


async def create_client(api: Api) -> None:
    chief = await _chief(api)
    tag = await make_client_tag(api.db, api.business)
    await make_client_field(api.db, api.business, "key-1")
    body = _JAMES | {"categories": [tag], "custom_fields": {"key-1": "value-1"}}
    made = (await api(201, user=chief, body=body, **api.here))["data"]
    assert (made["phone"], made["card"], made["birth_date"]) == (13155550179, 555888666, "2000-03-03")
    assert (made["spent"], made["balance"], made["paid"], made["visits"]) == (1000, -1200, 0, 0)
    assert (made["gender"], made["importance"]) == ("Male", "Bronze")
    assert made["categories"] == [{"id": tag, "title": "Loyal", "color": "#bfd4f2"}]
    assert made["custom_fields"] == {"key-1": "value-1"}
    found = await api(200, op="deprecated_get_client_list", user=chief, query={"id": made["id"]}, **api.here)
    assert found["data"] == [made]
    for wrong in ({"phone": ""}, {"name": " "}, {"phone": "12"}, {"email": "nobody"}, {"categories": [NOWHERE]}, {}):
        await api(422, user=chief, body=body | {"phone": "13155550179"} | wrong, **api.here)
    await api(404, user=chief, body=body, location_id=NOWHERE)
    await _refusals(api, body=body)


async def get_client_list(api: Api) -> None:
    chief = await _chief(api)
    james = await _made(api, chief, name="James")
    zoe = await make_client(api.db, api.business, "Zoe", phone="13155550180", importance=3)
    await make_stats(api.db, api.business, zoe, visits_count=2, spent=90)
    body: dict[str, Any] = {
        "page": 1,
        "page_size": 1,
        "fields": ["id", "name"],
        "order_by": "name",
        "order_by_direction": "desc",
        "operation": "AND",
        "filters": [
            {"type": "id", "state": {"value": [james["id"], zoe]}},
            {"type": "sold_amount", "state": {"from": 0, "to": 1000.77}},
            {"type": "importance", "state": {"value": [0, 1, 2, 3]}},
        ],
    }
    first = await api(200, user=chief, body=body, **api.here)
    assert first == {"success": True, "data": [{"id": zoe, "name": "Zoe"}], "meta": {"total_count": 2}}
    second = await api(200, user=chief, body=body | {"page": 2}, **api.here)
    assert second["data"] == [{"id": james["id"], "name": "James"}]
    refused = await api(400, user=chief, body={"filters": [{"type": "sold_amount", "state": {}}]}, **api.here)
    assert refused["meta"] == {
        "message": "Invalid filter value",
        "errors": {"filters": ["Invalid filter state value"]},
    }
    await api(400, user=chief, body={"filters": [{"type": "shoe_size", "state": {"value": [42]}}]}, **api.here)


async def get_client(api: Api) -> None:
    chief, client_id = await _chief(api), await make_client(api.db, api.business, "James", phone="13155550178")
    shown = (await api(200, user=chief, id=client_id, **api.here))["data"]
    listed = await api(200, op="deprecated_get_client_list", user=chief, query={"id": client_id}, **api.here)
    assert listed["data"] == [shown]
    assert (shown["name"], shown["phone"], shown["importance"]) == ("James", 13155550178, "No importance class")
    await api(404, user=chief, id=NOWHERE, **api.here)
    await _refusals(api, id=client_id)


async def update_client(api: Api) -> None:
    chief = await _chief(api)
    made = await _made(api, chief)
    tag = await make_client_tag(api.db, api.business)
    body = {"name": "Jim", "phone": "+1 315 555 0188", "labels": [tag], "custom_fields": {"key-1": "two"}}
    changed = (await api(200, user=chief, body=body, id=made["id"], **api.here))["data"]
    assert (changed["name"], changed["phone"], changed["surname"]) == ("Jim", 13155550188, "Smith")
    assert [category["id"] for category in changed["categories"]] == [tag]
    found = await api(200, op="deprecated_get_client_list", user=chief, query={"phone": "0188"}, **api.here)
    assert found["data"] == [changed]
    taken = body | {"phone": api.business.client_phone}
    await api(422, user=chief, body=taken, id=made["id"], **api.here)
    await api(422, user=chief, body={"name": "Jim"}, id=made["id"], **api.here)
    await api(404, user=chief, body=body, id=NOWHERE, **api.here)
    await _refusals(api, body=body, id=made["id"])


async def delete_client(api: Api) -> None:
    chief = await _chief(api)
    made = await _made(api, chief)
    await _refusals(api, id=made["id"])
    assert await api(204, user=chief, id=made["id"], **api.here) is None
    await api(404, op="get_client", user=chief, id=made["id"], **api.here)
    await api(404, user=chief, id=made["id"], **api.here)


async def bulk_create_clients(api: Api) -> None:
    chief = await _chief(api)
    tags = [await make_client_tag(api.db, api.business, title) for title in ("Loyal", "Constant")]
    body = [
        _JAMES | {"phone": 13155550181, "categories": tags},
        {"name": "James", "surname": "Smith", "phone": 13155550181},
        {"name": "James", "surname": "Smith", "phone": 131},
    ]
    answer = (await api(200, user=chief, body=body, **api.here))["data"]
    [made] = answer["created"]
    assert [category["title"] for category in made["categories"]] == ["Loyal", "Constant"]
    phone = "The client with the specified phone number already exists in the database"
    assert answer["errors"] == [
        {"phone": 13155550181, "name": "James Smith", "error": phone},
        {"phone": 131, "name": "James Smith", "error": "Phone must contain 9 to 15 digits"},
    ]
    seen = await api(200, op="deprecated_get_client_list", user=chief, query={"id": made["id"]}, **api.here)
    assert [made] == [client | {"sms_bot": 0} for client in seen["data"]]
    await api(404, user=chief, body=body, location_id=NOWHERE)
    await _refusals(api, body=body)


async def deprecated_get_client_list(api: Api) -> None:
    chief = await _chief(api)
    tag = await make_client_tag(api.db, api.business, "Black list")
    made = await _made(api, chief, categories=[tag])
    query = {
        "fullname": "jam",
        "phone": "1315",
        "email": "j.smith@",
        "paid_min": 0,
        "paid_max": 1,
        "page": 1,
        "count": 5,
    }
    found = await api(200, user=chief, query=query, **api.here)
    assert found["data"] == [made]
    assert found["meta"] == {"page": 1, "total_count": 1}
    by_id = await api(200, user=chief, query={"location_id": api.business.client_id}, **api.here)
    assert [client["id"] for client in by_id["data"]] == [api.business.client_id]
    await api(404, user=chief, location_id=NOWHERE)
    await _refusals(api)


async def list_client_comments(api: Api) -> None:
    chief, client = await _chief(api), api.business.client_id
    path: dict[str, Any] = {**api.here, "client_id": client}
    made = (await api(201, op="create_client_comment", user=chief, body={"text": "Likes tea"}, **path))["data"]
    listed = await api(200, user=chief, **path)
    assert listed["data"] == [made]
    assert listed["meta"] == {"count": 1}
    await api(404, user=chief, **api.here, client_id=NOWHERE)
    await _refusals(api, client_id=client)


async def create_client_comment(api: Api) -> None:
    chief, client = await _chief(api), api.business.client_id
    path: dict[str, Any] = {**api.here, "client_id": client}
    made = (await api(201, user=chief, body={"text": " Likes tea "}, **path))["data"]
    assert (made["type"], made["text"], made["user"]["name"]) == ("default", "Likes tea", chief.name)
    listed = await api(200, op="list_client_comments", user=chief, **path)
    assert listed["data"] == [made]
    await api(422, user=chief, body={"text": ""}, **path)
    await api(404, user=chief, body={"text": "Hello"}, **api.here, client_id=NOWHERE)
    await _refusals(api, body={"text": "Hello"}, client_id=client)


async def delete_client_comment(api: Api) -> None:
    chief = await _chief(api)
    path: dict[str, Any] = {**api.here, "client_id": api.business.client_id}
    made = (await api(201, op="create_client_comment", user=chief, body={"text": "Likes tea"}, **path))["data"]
    gone: dict[str, Any] = {"client_id": api.business.client_id, "comment_id": made["id"]}
    await _refusals(api, **gone)
    assert await api(204, user=chief, **api.here, **gone) is None
    assert (await api(200, op="list_client_comments", user=chief, **path))["data"] == []
    await api(404, user=chief, **api.here, **gone)


async def _file(api: Api, chief: Person) -> int:
    facts = {"chain_id": api.business.chain_id, "client_id": api.business.client_id, "name": "test.txt"}
    stored = {"mime": "text/plain", "size": 9, "path": "client_files/00/0", "user_id": chief.id}
    at = await api.db.fetchval("SELECT created_at FROM clients WHERE id = $1", api.business.client_id)
    return await insert(api.db, "client_files", **facts, **stored, created_at=at)


async def get_client_file_list(api: Api) -> None:
    chief, client = await _chief(api), api.business.client_id
    file_id = await _file(api, chief)
    listed = await api(200, user=chief, **api.here, client_id=client)
    [file] = listed["data"]
    assert (file["id"], file["size"], file["extension"], file["can_edit"]) == (file_id, "9 B", "txt", True)
    assert listed["meta"] == {"count": 1}
    await api(404, user=chief, **api.here, client_id=NOWHERE)
    await _refusals(api, client_id=client)


async def delete_client_file(api: Api) -> None:
    chief, client = await _chief(api), api.business.client_id
    gone: dict[str, Any] = {"client_id": client, "file_id": await _file(api, chief)}
    await _refusals(api, **gone)
    answer = await api(202, user=chief, **api.here, **gone)
    assert answer["meta"] == {"message": "Accepted"}
    assert (await api(200, op="get_client_file_list", user=chief, **api.here, client_id=client))["data"] == []
    await api(404, user=chief, **api.here, **gone)
