"""Working time, the calendar, resources: every operation sees what another one has done."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api

SLOTS = [{"from": "10:00", "to": "14:00"}, {"from": "15:00", "to": "19:00"}]
UNKNOWN = 9_999_999


def _dates(api: Api, *ahead: int) -> list[str]:
    return [str(api.day(n)) for n in ahead]


async def _times(api: Api, day: int) -> list[str]:
    answer = await api(
        200,
        op="get_time_slots_for_booking",
        query={"service_ids[]": api.business.haircut},
        location_id=api.business.location_id,
        team_member_id=api.business.anna,
        date=api.day(day),
    )
    return [slot["time"] for slot in answer["data"]]


async def _set(api: Api, status: int = 200, **body: Any) -> Any:
    op = "set_team_member_schedule"
    return await api(status, op=op, user=api.business.owner, body=body, **api.here)


def _but(path: dict[str, Any], **other: Any) -> dict[str, Any]:
    return path | other


async def _refused(api: Api, path: dict[str, Any], **how: Any) -> None:
    """Without a user, without the right, at a location that is not there."""
    await api(401, partner="", **path, **how)
    await api(401, **path, **how)
    await api(403, user=api.business.limited, **path, **how)
    await api(403, user=api.world.stranger, **path, **how)
    await api(404, user=api.business.owner, **_but(path, location_id=UNKNOWN), **how)


async def get_team_member_schedule(api: Api) -> None:
    b, owner = api.business, api.business.owner
    await _set(
        api,
        schedules_to_set=[{"team_member_id": b.anna, "dates": _dates(api, 1), "slots": SLOTS}],
        schedules_to_delete=[{"team_member_id": b.anna, "dates": _dates(api, 2)}],
    )
    path: dict[str, Any] = {**api.here, "team_member_id": b.anna}
    path |= {"start_date": f"{api.day(1):%Y%m%d}", "end_date": f"{api.day(3):%Y%m%d}"}
    days = (await api(200, user=owner, **path))["data"]
    assert [(day["date"], day["is_working"]) for day in days] == list(zip(_dates(api, 1, 2, 3), (1, 0, 1), strict=True))
    assert (days[0]["slots"], days[1]["slots"]) == (SLOTS, [])
    await _refused(api, path)
    await api(404, user=owner, **_but(path, team_member_id=b.yuki))


async def update_team_member_schedule(api: Api) -> None:
    b, owner = api.business, api.business.owner
    path: dict[str, Any] = {**api.here, "team_member_id": b.anna, "start_date": api.day(1), "end_date": api.day(2)}
    body: list[Any] = [{"date": f"{api.day(1)}T23:00:00.000-05:00", "is_working": True, "slots": SLOTS}]
    await api(201, user=owner, body=body, **path)
    days = (await api(200, op="get_team_member_schedule", user=owner, **path))["data"]
    assert [day["slots"] for day in days] == [SLOTS, [{"from": "09:00", "to": "18:00"}]]
    assert (await _times(api, 1))[0] == "10:00"
    reversed_slots = [{"from": "14:00", "to": "10:00"}]
    await api(422, user=owner, body=[body[0] | {"slots": reversed_slots}], **path)
    await _refused(api, path, body=body)
    await api(404, user=owner, body=body, **_but(path, team_member_id=b.yuki))


async def schedule_team_member_update_deprecated(api: Api) -> None:
    b, owner = api.business, api.business.owner
    path: dict[str, Any] = {**api.here, "team_member_id": b.anna}
    body = [{"date": str(api.day(1)), "is_working": True, "slots": SLOTS}]
    await api(201, user=owner, body=body, **path)
    query = {"start_date": str(api.day(1)), "end_date": str(api.day(1)), "staff_ids[]": [b.anna]}
    [seen] = (await api(200, op="get_team_member_schedule_list", user=owner, query=query, **api.here))["data"]
    assert seen["slots"] == SLOTS
    await api(201, user=owner, body=[{"date": str(api.day(1)), "is_working": False, "slots": []}], **path)
    assert await _times(api, 1) == []
    await _refused(api, path, body=body)
    await api(404, user=owner, body=body, **_but(path, team_member_id=UNKNOWN))


async def get_team_member_schedule_list(api: Api) -> None:
    b, owner = api.business, api.business.owner
    made = await api.book()
    query: dict[str, Any] = {"start_date": str(api.day(1)), "end_date": str(api.day(2))}
    plain = await api(200, user=owner, query=query, **api.here)
    assert [(one["staff_id"], one["date"]) for one in plain["data"]] == [
        (member, day) for member in (b.anna, b.peter) for day in _dates(api, 1, 2)
    ]
    assert plain["meta"]["count"] == 4
    assert "busy_intervals" not in plain["data"][0]
    query |= {"staff_ids[]": [b.anna], "include[]": ["busy_intervals", "off_day_type"]}
    await _set(api, schedules_to_delete=[{"team_member_id": b.anna, "dates": _dates(api, 1), "off_day_type": 2}])
    first, second = (await api(200, user=owner, query=query, **api.here))["data"]
    assert (first["slots"], first["off_day_type"]) == ([], 2), "booked time on a day off stays, and shows"
    assert first["busy_intervals"] == [
        {"entity_type": "record", "entity_id": made["record_id"], "from": "09:00:00", "to": "10:00:00"}
    ]
    assert (second["busy_intervals"], second["off_day_type"]) == ([], None)
    await _refused(api, api.here)


async def set_team_member_schedule(api: Api) -> None:
    b, owner = api.business, api.business.owner
    body: dict[str, Any] = {
        "schedules_to_set": [{"team_member_id": b.anna, "dates": _dates(api, 1, 3), "slots": SLOTS}],
        "schedules_to_delete": [{"team_member_id": b.anna, "dates": _dates(api, 2)}],
    }
    answer = await api(200, user=owner, body=body, **api.here)
    assert [(one["team_member_id"], one["date"], one["slots"]) for one in answer["data"]] == [
        (b.anna, day, slots) for day, slots in zip(_dates(api, 1, 2, 3), (SLOTS, [], SLOTS), strict=True)
    ]
    assert answer["meta"]["count"] == 3
    path: dict[str, Any] = {**api.here, "team_member_id": b.anna, "start_date": api.day(1), "end_date": api.day(3)}
    days = (await api(200, op="get_team_member_schedule", user=owner, **path))["data"]
    assert [day["slots"] for day in days] == [SLOTS, [], SLOTS]
    assert (await _times(api, 1))[-1] == "18:00"
    assert await _times(api, 2) == []
    for bad in ([SLOTS[0], {"from": "13:00", "to": "16:00"}], [{"from": "14:00", "to": "10:00"}]):
        item = body["schedules_to_set"][0] | {"slots": bad}
        refused = await api(422, user=owner, body=body | {"schedules_to_set": [item]}, **api.here)
        [(field, _)] = refused["meta"]["errors"].items()
        assert field == f"schedules_to_set[0].slots[{len(bad) - 1}]"
    await _refused(api, api.here, body=body)
    strange = {"schedules_to_delete": [{"team_member_id": b.yuki, "dates": _dates(api, 1)}]}
    await api(404, user=owner, body=strange, **api.here)


async def get_appointment_calendar_dates(api: Api) -> None:
    b, owner = api.business, api.business.owner
    await _set(api, schedules_to_delete=[{"team_member_id": b.anna, "dates": _dates(api, 2)}])
    path: dict[str, Any] = {**api.here, "date": api.day(1)}
    assert (await api(200, user=owner, **path))["data"][:2] == _dates(api, 1, 2), "Peter works"
    annas = (await api(200, user=owner, query={"staff_id": b.anna}, **path))["data"]
    assert annas[:2] == _dates(api, 1, 3)
    await _refused(api, path)
    await api(404, user=owner, query={"staff_id": UNKNOWN}, **path)


async def get_appointment_calendar_sessions(api: Api) -> None:
    b, owner = api.business, api.business.owner
    await _set(api, schedules_to_set=[{"team_member_id": b.anna, "dates": _dates(api, 1), "slots": SLOTS}])
    path: dict[str, Any] = {**api.here, "team_member_id": b.anna, "date": api.day(1)}
    steps = (await api(200, user=owner, **path))["data"]
    assert [step["time"] for step in steps[:2]] == ["10:00", "10:15"]
    assert all(step["is_free"] for step in steps)
    assert len(steps) == 32
    await api.book()
    steps = (await api(200, user=owner, **path))["data"]
    assert [step["time"] for step in steps if not step["is_free"]] == ["10:00", "10:15", "10:30", "10:45"]
    await _refused(api, path)
    await api(404, user=owner, **_but(path, team_member_id=b.yuki))


async def get_resource_list(api: Api) -> None:
    b = api.business
    answer = await api(200, user=b.owner, **api.here)
    [cabin] = answer["data"]
    assert (cabin["title"], cabin["services"], answer["meta"]["count"]) == ("Cabin", [b.massage], 1)
    assert [(one["title"], one["resource_id"]) for one in cabin["instances"]] == [("Cabin 1", cabin["id"])]
    assert (await api(200, user=b.owner, location_id=b.far_location_id))["data"] == []
    await api(401, partner="", **api.here)
    await api(401, **api.here)
    await api(403, user=api.world.stranger, **api.here)
    await api(404, user=b.owner, location_id=UNKNOWN)


async def get_appointment_calendar_settings(api: Api) -> None:
    assert (await api(200, user=api.business.owner, **api.here))["data"]["record_type"] == 0
    await _refused(api, api.here)


async def update_appointment_calendar_settings(api: Api) -> None:
    owner = api.business.owner
    body = {"record_type": 1, "activity_record_clients_count_max": 20}
    await api(200, user=owner, body=body, **api.here)
    seen = (await api(200, op="get_appointment_calendar_settings", user=owner, **api.here))["data"]
    assert {name: seen[name] for name in body} == body
    await api(422, user=owner, body=body | {"record_type": 3}, **api.here)
    await _refused(api, api.here, body=body)


async def list_resource_occupations(api: Api) -> None:
    b, owner = api.business, api.business.owner
    wanted = {"id": 1, "services": [b.massage], "staff_id": b.anna, "datetime": f"{api.day(1)}T13:00:00"}
    made = await api.book(appointments=[wanted])
    [cabin] = (await api(200, op="get_resource_list", user=owner, **api.here))["data"]
    query: dict[str, Any] = {
        "filter[date_intersect_from_strict]": f"{api.day(1)}T00:00:00",
        "filter[date_intersect_to_strict]": f"{api.day(2)}T00:00:00",
    }
    [taken] = (await api(200, user=owner, query=query, **api.here))["data"]
    facts = taken["attributes"]
    assert (facts["source_type_slug"], facts["source_id"]) == ("record", made["record_id"])
    assert (facts["resource_id"], facts["resource_instance_id"]) == (cabin["id"], cabin["instances"][0]["id"])
    assert (facts["from"], facts["to"]) == (f"{api.day(1)} 13:00:00", f"{api.day(1)} 13:30:00")
    by_service = query | {"filter[service_ids][]": [b.haircut]}
    assert (await api(200, user=owner, query=by_service, **api.here))["data"] == []
    await api(422, user=owner, query=query | {"filter[service_id]": 0}, **api.here)
    await api(422, user=owner, query=query | {"filter[date_intersect_to_strict]": "tomorrow"}, **api.here)
    await _refused(api, api.here, query=query)
