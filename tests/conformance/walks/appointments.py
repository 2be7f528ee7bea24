"""The day at the desk: appointments, visits, the history of a client."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api
from tests.makers.world import insert, stamps

RIGHTS = (
    "timetable_phones_access",
    "record_form_client_access",
    "record_form_client_add_access",
    "clients_phones_email_access",
    "records_finances_access",
    "records_services_cost_access",
    "records_services_discount_access",
    "records_edit_date_and_master_access",
    "records_edit_duration_access",
    "records_edit_comment_access",
    "records_edit_services_access",
    "edit_records_attendance_access",
    "delete_customer_came_records_access",
    "custom_fields_record_values_read_access",
    "custom_fields_record_values_edit_access",
)


async def _sees_everything(api: Api) -> None:
    """Let the owner see phones, names and money, and change all of it."""
    sql = "UPDATE memberships SET rights = rights || $1 WHERE chain_id = $2 AND user_id = $3"
    await api.db.execute(sql, dict.fromkeys(RIGHTS, True), api.business.chain_id, api.business.owner.id)


def _wish(api: Api, clock: str = "10:00", **more: Any) -> dict[str, Any]:
    b = api.business
    return {
        "staff_id": b.anna,
        "services": [{"id": b.haircut, "first_cost": 9000, "discount": 50, "cost": 4500}],
        "client": {"phone": f"+{b.client_phone}", "name": "Clara Client", "email": "clara@example.com"},
        "save_if_busy": False,
        "datetime": f"{api.day(2)}T{clock}:00",
        "seance_length": 3600,
        **more,
    }


async def _create(api: Api, clock: str = "10:00", **more: Any) -> Any:
    body, owner = _wish(api, clock, **more), api.business.owner
    [made] = (await api(201, op="create_appointment", user=owner, body=body, **api.here))["data"]
    return made


async def _refused(api: Api, path: dict[str, Any], **how: Any) -> None:
    """Nobody, a partner alone, a stranger, a colleague without the right."""
    await api(401, partner="", **how, **path)
    await api(401, **how, **path)
    await api(403, user=api.world.stranger, **how, **path)
    await api(403, user=api.business.limited, **how, **path)


def _one(api: Api, made: Any) -> Any:
    return api.here | {"record_id": made["id"]}


async def create_appointment(api: Api) -> None:
    await _sees_everything(api)
    owner, b = api.business.owner, api.business
    made = await _create(api, comment="do not write down", attendance=2, api_id="777", custom_color="f44336")
    assert (made["staff_id"], made["client"]["id"], made["attendance"]) == (b.anna, b.client_id, 2)
    assert made["services"][0]["cost"] == 4500
    assert (await api.slot(2))[11:16] == "09:00"
    times = await api(
        200,
        op="get_time_slots_for_booking",
        query={"service_ids[]": [b.haircut]},
        location_id=b.location_id,
        team_member_id=b.anna,
        date=api.day(2),
    )
    assert "10:00" not in [slot["time"] for slot in times["data"]], "what the desk takes is not offered"
    refusal = await api(422, user=owner, body=_wish(api), **api.here)
    assert refusal["meta"]["errors"][0]["code"] == 433
    await api(201, user=owner, body=_wish(api, save_if_busy=True), **api.here)
    for field in ("staff_id", "services", "client", "datetime", "seance_length"):
        body = {name: value for name, value in _wish(api, "14:00").items() if name != field}
        assert (await api(422, user=owner, body=body, **api.here))["meta"]["errors"][0]["field"] == field
    await _refused(api, api.here, body=_wish(api, "15:00"))


async def get_appointment_list(api: Api) -> None:
    await _sees_everything(api)
    owner = api.business.owner
    late, early = await _create(api, "15:00"), await _create(api, "11:00")
    answer = await api(200, user=owner, query={"page": 1, "count": 50}, **api.here)
    assert [one["id"] for one in answer["data"]] == [early["id"], late["id"]]
    assert answer["meta"] == {"page": 1, "total_count": 2}
    day = {"start_date": api.day(2), "end_date": api.day(2), "client_id": api.business.client_id}
    assert len((await api(200, user=owner, query=day, **api.here))["data"]) == 2
    nothing = await api(200, user=owner, query={"start_date": api.day(3)}, **api.here)
    assert nothing["data"] == []
    await api(204, op="delete_appointment", user=owner, **_one(api, late))
    kept = await api(200, user=owner, query={"with_deleted": 1}, **api.here)
    assert [one["deleted"] for one in kept["data"]] == [False, True]
    await api(422, user=owner, query={"start_date": "soon"}, **api.here)
    await _refused(api, api.here)


async def get_appointment(api: Api) -> None:
    await _sees_everything(api)
    owner = api.business.owner
    made = await _create(api)
    await _pay(api, made)
    query = {"include_consumables": 1, "include_finance_transactions": 1}
    read = (await api(200, user=owner, query=query, **_one(api, made)))["data"]
    assert (read["id"], read["visit_id"], read["paid_full"]) == (made["id"], made["visit_id"], 1)
    assert [one["amount"] for one in read["finance_transactions"]] == [4500]
    await api(404, user=owner, location_id=api.business.far_location_id, record_id=made["id"])
    await api(404, user=owner, **api.here, record_id=9_999_999)
    await _refused(api, _one(api, made))


async def _pay(api: Api, made: Any) -> None:
    body = {"attendance": 1, "comment": "", "fast_payment": 1}
    path: Any = {"visit_id": made["visit_id"], "record_id": made["id"]}
    await api(200, op="update_visit", user=api.business.owner, body=body, **path)


async def update_appointment(api: Api) -> None:
    await _sees_everything(api)
    owner, made = api.business.owner, await _create(api)
    await _create(api, "12:00")
    changed = (await api(201, user=owner, body=_wish(api, "11:00", comment="Later"), **_one(api, made)))["data"]
    assert (changed["datetime"][11:16], changed["comment"]) == ("11:00", "Later")
    read = (await api(200, op="get_appointment", user=owner, **_one(api, made)))["data"]
    assert (read["datetime"], read["comment"]) == (changed["datetime"], "Later")
    await api(422, user=owner, body=_wish(api, "12:30"), **_one(api, made))
    await api(422, user=owner, body={"comment": "Only this"}, **_one(api, made))
    await api(404, user=owner, body=_wish(api), **api.here, record_id=9_999_999)
    await _refused(api, _one(api, made), body=_wish(api))


async def delete_appointment(api: Api) -> None:
    await _sees_everything(api)
    owner, made = api.business.owner, await _create(api, "09:00")
    assert (await api.slot(2))[11:16] == "10:00"
    await _refused(api, _one(api, made))
    await api(204, user=owner, **_one(api, made))
    assert (await api.slot(2))[11:16] == "09:00", "the time is free again"
    await api(404, op="get_appointment", user=owner, **_one(api, made))
    await api(404, user=owner, **_one(api, made))


async def get_partner_appointment_list(api: Api) -> None:
    await _sees_everything(api)
    place = {"chain_id": api.business.chain_id, "location_id": api.business.location_id}
    field = {"category": "record", "code": "dop-telephone", "title": "Second phone", "kind": "text"}
    await insert(api.db, "custom_fields", **place, **field, **stamps())
    owner, fields = api.business.owner, {"dop-telephone": "+13155550175"}
    made = await _create(api, api_id="42", custom_fields=fields)
    day = api.day(2).strftime("%d.%m.%Y")
    answer = await api(200, user=owner, query={"start_date": day, "end_date": day, "editable_length": 50})
    assert [(one["id"], one["api_id"]) for one in answer["data"]] == [(made["id"], 42)]
    assert answer["data"][0]["custom_fields"] == fields
    assert answer["meta"] == {"count": 1}
    assert (await api(200, user=owner, query={"salon_id": api.business.far_location_id}))["data"] == []
    assert (await api(200, user=api.world.stranger))["data"] == []
    await api(401)
    await api(401, partner="")


async def get_visit(api: Api) -> None:
    await _sees_everything(api)
    await api.db.execute("UPDATE clients SET card = '415' WHERE id = $1", api.business.client_id)
    owner, one, two = api.business.owner, await _create(api), await _create(api, "12:00")
    visit = (await api(200, user=owner, visit_id=one["visit_id"]))["data"]
    assert [record["id"] for record in visit["records"]] == [one["id"], two["id"]]
    assert visit["records"][0]["client"]["card"] == 415
    await api(404, user=owner, visit_id=9_999_999)
    await api(404, user=api.world.stranger, visit_id=one["visit_id"])
    await api(403, user=api.business.limited, visit_id=one["visit_id"])
    await api(401, visit_id=one["visit_id"])
    await api(401, partner="", visit_id=one["visit_id"])


async def get_visit_details(api: Api) -> None:
    await _sees_everything(api)
    owner, made = api.business.owner, await _create(api)
    await _pay(api, made)
    path = _one(api, made) | {"visit_id": made["visit_id"]}
    details = (await api(200, user=owner, **path))["data"]
    assert [(item["service_id"], item["cost"]) for item in details["items"]] == [(api.business.haircut, 4500)]
    assert [one["amount"] for one in details["payment_transactions"]] == [4500]
    await api(404, user=owner, **(path | {"visit_id": 9_999_999}))
    await _refused(api, path)


async def update_visit(api: Api) -> None:
    await _sees_everything(api)
    await api.db.execute("UPDATE clients SET card = '415' WHERE id = $1", api.business.client_id)
    owner, one, two = api.business.owner, await _create(api), await _create(api, "12:00")
    path: Any = {"visit_id": one["visit_id"], "record_id": one["id"]}
    line = {"id": api.business.haircut, "cost": 255, "cost_per_unit": 300, "discount": 15, "first_cost": 300}
    body = {
        "attendance": 1,
        "comment": "Came late",
        "services": [line | {"record_id": two["id"]}],
        "goods_transactions": [],
        "deleted_transaction_ids": [],
        "new_transactions": [],
        "fast_payment": 1,
    }
    await api(200, user=owner, body=body, **path)
    visit = (await api(200, op="get_visit", user=owner, visit_id=one["visit_id"]))["data"]
    assert [(record["attendance"], record["comment"]) for record in visit["records"]] == [(1, "Came late"), (1, "")]
    assert [record["services"][0]["cost"] for record in visit["records"]] == [4500, 255]
    details = path | api.here
    paid = (await api(200, op="get_visit_details", user=owner, **details))["data"]["payment_transactions"]
    assert [payment["amount"] for payment in paid] == [4755]
    await api(422, user=owner, body={"attendance": 1}, **path)
    await api(422, user=owner, body=body | {"goods_transactions": [{"id": 1}]}, **path)
    await api(404, user=owner, body=body, visit_id=one["visit_id"], record_id=9_999_999)
    await api(404, user=api.world.stranger, body=body, **path)
    await api(403, user=api.business.limited, body=body, **path)
    await api(401, body=body, **path)
    await api(401, partner="", body=body, **path)


async def search_client_visits(api: Api) -> None:
    await _sees_everything(api)
    owner, made = api.business.owner, await _create(api)
    await _pay(api, made)
    body = {"client_id": api.business.client_id, "client_phone": None, "from": None, "to": None}
    body |= {"payment_statuses": [], "attendance": None}
    answer = await api(200, user=owner, body=body, **api.here)
    assert [record["id"] for record in answer["data"]["records"]] == [made["id"]]
    assert answer["data"]["records"][0]["services"][0]["payment_status"] == "paid_full"
    day = str(api.day(2))
    assert answer["meta"]["dateCursor"]["current"] == {"to": day, "from": day, "count": 1}
    later = await api(200, user=owner, body=body | {"from": str(api.day(3))}, **api.here)
    assert later["data"]["records"] == []
    assert later["meta"]["dateCursor"]["next"] == {"to": day, "from": day, "count": 1}
    assert (await api(200, user=owner, body=body | {"attendance": -1}, **api.here))["data"]["records"] == []
    await api(422, user=owner, body=body | {"client_id": None}, **api.here)
    await api(404, user=owner, body=body | {"client_id": 9_999_999}, **api.here)
    await api(401, body=body, **api.here)
    await api(401, partner="", body=body, **api.here)


async def list_appointments(api: Api) -> None:
    await _sees_everything(api)
    owner, b = api.business.owner, api.business
    made = await _create(api)
    answer = await api(200, user=owner, **api.here)
    [one] = answer["data"]
    assert (one["id"], one["attributes"]["staff_id"], one["attributes"]["source"]) == (str(made["id"]), b.anna, 12)
    assert answer["meta"] == {"pagination": {"page": 1, "offset": 0, "limit": 250}}
    assert "included" not in answer
    include = {"include": ["client", "staff", "services", "labels"], "filter[client_id]": b.client_id}
    full = await api(200, user=owner, query=include, **api.here)
    assert {(each["type"], each["id"]) for each in full["included"]} == {
        ("client", str(b.client_id)),
        ("staff", str(b.anna)),
        ("service", str(b.haircut)),
    }
    span = {
        "filter[date_intersect_from]": f"{api.day(2)}T10:59:59",
        "filter[date_intersect_to]": f"{api.day(2)}T23:00:00",
    }
    assert len((await api(200, user=owner, query=span, **api.here))["data"]) == 1
    after = span | {"filter[date_intersect_from]": f"{api.day(2)}T11:00:00"}
    assert (await api(200, user=owner, query=after, **api.here))["data"] == []
    await api(422, user=owner, query={"filter[date_intersect_from]": f"{api.day(2)}T11:00:00"}, **api.here)
    await api(422, user=owner, query={"limit": 251}, **api.here)
    await api(422, user=owner, query={"include": "everything"}, **api.here)
    await _refused(api, api.here)


async def list_attendance_appointments(api: Api) -> None:
    await _sees_everything(api)
    owner, one, two = api.business.owner, await _create(api), await _create(api, "12:00")
    for group in (f"record_{two['id']}", f"visit_{one['visit_id']}"):
        found = (await api(200, user=owner, **api.here, attendance_id=group))["data"]
        assert [each["id"] for each in found] == [str(one["id"]), str(two["id"])]
    await api(422, user=owner, **api.here, attendance_id="appointment_1")
    await api(404, user=owner, **api.here, attendance_id="visit_9999999")
    await _refused(api, api.here | {"attendance_id": f"record_{two['id']}"})


async def v2_delete_appointment(api: Api) -> None:
    await _sees_everything(api)
    owner, made = api.business.owner, await _create(api)
    path = api.here | {"appointment_id": made["id"]}
    await _refused(api, path)
    await api(204, user=owner, **path)
    await api(404, op="get_appointment", user=owner, **_one(api, made))
    await api(404, user=owner, **path)


async def delete_timetable_appointment(api: Api) -> None:
    await _sees_everything(api)
    owner, one, two = api.business.owner, await _create(api), await _create(api, "12:00")
    await _refused(api, api.here, body={"recordId": one["id"]})
    query = {"include": "staff"}
    left = await api(200, user=owner, query=query, body={"recordId": one["id"]}, **api.here)
    assert [each["id"] for each in left["data"]] == [str(two["id"])]
    assert [each["type"] for each in left["included"]] == ["staff"]
    nothing = await api(200, user=owner, body={"recordId": two["id"]}, **api.here)
    assert nothing["data"] == []
    await api(404, user=owner, body={"recordId": two["id"]}, **api.here)
    await api(422, user=owner, body={}, **api.here)
    await api(422, user=owner, body={"recordId": 1, "more": 2}, **api.here)
