"""A business sets up its online booking."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api


async def get_online_booking_settings(api: Api) -> None:
    settings = (await api(200, user=api.business.owner, **api.here))["data"]
    assert (settings["confirm_number"], settings["any_master"], settings["seance_delay_step"]) == (False, True, 0)
    await _refused(api)


async def update_online_booking_settings(api: Api) -> None:
    owner = api.business.owner
    body = {
        "confirm_number": True,
        "any_master": False,
        "seance_delay_step": 90,
        "activity_online_record_clients_count_max": 5,
    }
    changed = (await api(200, user=owner, body=body, **api.here))["data"]
    assert {name: changed[name] for name in body} == body
    assert (await api(200, op="get_online_booking_settings", user=owner, **api.here))["data"] == changed
    form = (await api(200, op="get_booking_form_config", id=api.business.form_id))["data"]
    assert (form["phone_confirmation"], form["activity_record_count"]) == (True, 5)
    await api(422, user=owner, body={"seance_delay_step": 91}, **api.here)
    await api(422, user=owner, body={"activity_online_record_clients_count_max": 256}, **api.here)
    await _refused(api, body)


async def get_timeslot_settings(api: Api) -> None:
    owner = api.business.owner
    grid = (await api(200, user=owner, **api.here))["data"]
    assert grid == {"is_enabled": False, "weekdays_settings": [], "dates_settings": []}
    setting = {
        "grid_first_timeslot": 0,
        "grid_last_timeslot": 85800,
        "grid_display_step": 7200,
        "grid_nearest_timeslot_delay": 1800,
        "grid_base_type": "predefined",
        "is_grid_flexible": False,
    }
    day = str(api.day(2))
    wanted = {
        "is_enabled": True,
        "weekdays_settings": [{"weekday": n, "timeslots": [43200], "setting": setting} for n in range(1, 8)],
        "dates_settings": [{"date": day, "timeslots": [], "setting": setting}],
    }
    # Our own operation, so the answer is compared with what the contract's shows.
    headers = {"Authorization": f"Bearer {api.world.partner_token}, User {owner.token}"}
    address = f"/api/v1/company/{api.business.location_id}/settings/timeslots"
    assert (await api.http.put(address, json=wanted, headers=headers)).json()["data"] == wanted
    assert (await api(200, user=owner, **api.here))["data"] == wanted
    assert (await api.slot(1))[11:16] == "12:00"
    times = {"team_member_id": api.business.anna, "date": day}
    assert (await api(200, op="get_time_slots_for_booking", **times, **api.here))["data"] == []
    await _refused(api)


async def get_booking_widget_list(api: Api) -> None:
    forms = (await api(200, user=api.business.owner, **api.here))["data"]
    assert [form["id"] for form in forms] == [api.business.form_id, api.business.chain_form_id]
    assert [form["is_chain"] for form in forms] == [False, True]
    await _refused(api)


async def create_booking_widget(api: Api) -> None:
    owner = api.business.owner
    body = {"title": "On the site", "description": "Green", "master_step_num": 1, "service_step_num": 2}
    made = (await api(201, user=owner, body=body, **api.here))["data"]
    assert {name: made[name] for name in body} == body
    forms = (await api(200, op="get_booking_widget_list", user=owner, **api.here))["data"]
    assert made in forms
    config = (await api(200, op="get_booking_form_config", id=made["id"]))["data"]
    assert [step["step"] for step in config["steps"]][:2] == ["master", "service"]
    place = (await api(200, op="get_location", query={"showBookforms": 1}, **api.here))["data"]
    assert made["id"] in {form["id"] for form in place["bookforms"]}
    await api(422, user=owner, body={"description": "No title"}, **api.here)
    await api(422, user=owner, body={"title": "New", "service_step_default": 9_999_999}, **api.here)
    await _refused(api, body)


async def get_booking_widget(api: Api) -> None:
    form_id = api.business.form_id
    form = (await api(200, user=api.business.owner, form_id=form_id, **api.here))["data"]
    assert (form["id"], form["title"], form["is_default"]) == (form_id, "Book with us", True)
    assert f'data-form="{form_id}"' in form["html_code"]
    await _refused(api, form_id=form_id)


async def update_booking_widget(api: Api) -> None:
    owner, form_id = api.business.owner, api.business.form_id
    body = {
        "title": "New name",
        "description": "New words",
        "is_default": False,
        "without_menu": True,
        "service_step_default": api.business.haircut,
        "service_step_hide": True,
        "master_step_default": api.business.anna,
        "master_step_hide": False,
        "service_step_num": 2,
        "master_step_num": 1,
        "datetime_step_num": 3,
        "show_button": True,
        "button_position": "top right",
        "form_position": "left",
        "button_color": "#00ff11",
        "button_animation": False,
    }
    changed = (await api(200, user=owner, body=body, form_id=form_id, **api.here))["data"]
    assert {name: changed[name] for name in body} == body
    assert (await api(200, op="get_booking_widget", user=owner, form_id=form_id, **api.here))["data"] == changed
    config = (await api(200, op="get_booking_form_config", id=form_id))["data"]
    first, second, *_ = config["steps"]
    assert (first["step"], first["default"]) == ("master", api.business.anna)
    assert (second["step"], second["default"], second["hidden"]) == ("service", api.business.haircut, True)
    await api(422, user=owner, body={"button_position": "middle"}, form_id=form_id, **api.here)
    await _refused(api, body, form_id=form_id)


async def delete_booking_widget(api: Api) -> None:
    owner, form_id = api.business.owner, api.business.form_id
    await _refused(api, form_id=form_id)
    assert await api(204, user=owner, form_id=form_id, **api.here) is None
    await api(404, op="get_booking_widget", user=owner, form_id=form_id, **api.here)
    await api(404, op="get_booking_form_config", id=form_id)
    await api(404, user=owner, form_id=form_id, **api.here)


async def _refused(api: Api, body: Any = None, **more: Any) -> None:
    """Who has no business here."""
    await api(401, body=body, **more, **api.here)
    await api(401, partner="", body=body, **more, **api.here)
    await api(403, user=api.business.limited, body=body, **more, **api.here)
    await api(403, user=api.world.stranger, body=body, **more, **api.here)
    await api(404, user=api.business.owner, body=body, **more, location_id=9_999_999)
    if more:
        await api(404, user=api.business.owner, body=body, form_id=9_999_999, **api.here)
