"""Online booking, from the form to the appointment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from agendum.core import clock
from tests.conformance.api import Api, is_moment
from tests.makers.world import make_event

_TOP_KEYS = {"404", "action", "tips", "record", "steps", "confirm", "date", "Jan", "activity", "city"}


async def get_booking_form_config(api: Api) -> None:
    business = api.business
    form = (await api(200, id=business.form_id))["data"]
    assert (form["id"], form["company_id"]) == (business.form_id, business.location_id)
    assert form["lang"] in {language["code"] for language in form["langs"]}
    assert form["langs"][0]["id"] == 2
    numbers = [step["num"] for step in form["steps"]]
    assert min(numbers) == 1
    assert {"service", "master", "datetime", "contact"} <= {step["step"] for step in form["steps"]}
    for step in form["steps"]:
        if step["step"] == "datetime":
            assert {"date_default", "time_default", "date_hidden", "time_hidden"} <= step.keys()
        else:
            assert "default" in step
    of_chain = (await api(200, id=business.chain_form_id))["data"]
    assert of_chain["group_id"] == business.chain_id
    assert of_chain["company_id"] in {business.location_id, business.far_location_id}
    await api(404, id=9_999_999)
    await api(401, partner="", id=business.form_id)


async def get_i18n_options(api: Api) -> None:
    english = await api(200, lang_code="en-US")
    assert english.keys() >= _TOP_KEYS
    assert "success" not in english, "the answer is bare"
    codes = english["confirm"]["orderErrors"].keys()
    assert {"unknown", "code_404", "code_422", "code_433", "code_436", "code_437", "code_438", "code_501"} <= codes
    for code in ("lv-LV", "ee-EE", "lt-LT", "de-DE", "uk-UK"):
        texts = await api(200, lang_code=code)
        assert texts.keys() == english.keys(), code
        assert texts["today"] != english["today"], code
    await api(404, lang_code="tlh")
    await api(401, partner="", lang_code="en-US")


async def get_services_available_for_booking(api: Api) -> None:
    business, place = api.business, api.here

    async def titles(**query: Any) -> set[str]:
        return {service["title"] for service in (await api(200, query=query, **place))["data"]["services"]}

    whole = (await api(200, **place))["data"]
    weights = [service["weight"] for service in whole["services"]]
    assert weights == sorted(weights, reverse=True)
    assert [category["id"] for category in whole["category"]] == [business.category_id]
    assert {service["title"] for service in whole["services"]} == {"Haircut", "Massage", "Manicure"}
    peters = (await api(200, query={"staff_id": business.peter}, **place))["data"]["services"]
    assert {service["title"]: service["seance_length"] for service in peters} == {"Haircut": 3600, "Massage": 1800}
    at = await api.slot()
    assert "Haircut" in await titles(datetime=at)
    night = at[:11] + "03:00" + at[16:]
    assert await titles(datetime=night) == set()
    chosen = {"service_ids[]": business.haircut, "staff_id": business.anna, "datetime": at}
    assert await titles(**chosen) == {"Massage", "Manicure"}
    await api(404, location_id=9_999_999)
    await api(401, partner="", **place)


async def get_team_members_available_for_booking(api: Api) -> None:
    business, place = api.business, api.here
    team = (await api(200, **place))["data"]
    assert [member["name"] for member in team] == ["Anna", "Peter"], "heavier first"
    anna, peter = team
    assert anna["bookable"] is True
    assert anna["position"]["title"] == "Stylist"
    assert peter["position"] == [], "none is an empty array"
    assert date.fromisoformat(anna["seance_date"]) >= api.day()
    only = (await api(200, query={"service_ids[]": business.manicure}, **place))["data"]
    assert [member["name"] for member in only] == ["Anna"]
    at = await api.slot()
    free = (await api(200, query={"datetime": at, "service_ids[]": business.haircut}, **place))["data"]
    assert [member["name"] for member in free] == ["Anna", "Peter"]
    await api.book()
    free = (await api(200, query={"datetime": at, "service_ids[]": business.haircut}, **place))["data"]
    assert [member["name"] for member in free] == ["Peter"]
    await api(404, location_id=9_999_999)
    await api(401, partner="", **place)


async def get_nearest_time_slots(api: Api) -> None:
    business = api.business
    anna: dict[str, Any] = {**api.here, "team_member_id": business.anna}
    later = str(api.day(3))
    data = (await api(200, query={"service_ids[]": business.haircut, "datetime": later}, **anna))["data"]
    assert data["seance_date"] == later
    assert data["seances"][0]["time"] == "09:00"
    assert all(is_moment(slot["datetime"]) for slot in data["seances"])
    assert (await api(200, **anna))["data"]["seance_date"] >= str(api.day())
    await api(404, location_id=9_999_999, team_member_id=business.anna)
    await api(401, partner="", **anna)


async def get_dates_available_for_booking(api: Api) -> None:
    business, place = api.business, api.here
    data = (await api(200, query={"staff_id": business.anna, "service_ids[]": business.haircut}, **place))["data"]
    tomorrow = api.day(1)
    assert str(tomorrow) in data["booking_dates"]
    assert tomorrow.day in data["booking_days"][str(tomorrow.month)]
    assert set(data["booking_dates"]) <= set(data["working_dates"])
    pair = {"date_from": str(api.day(2)), "date_to": str(api.day(4)), "date": str(api.day(30))}
    data = (await api(200, query=pair, **place))["data"]
    assert data["booking_dates"] == [str(api.day(n)) for n in (2, 3, 4)], "the pair overrides date"
    gone = (await api(200, query={"date_from": "2020-01-01", "date_to": "2020-01-31"}, **place))["data"]
    assert gone == {"booking_days": [], "booking_dates": [], "working_days": [], "working_dates": []}
    month = (await api(200, query={"date": str(tomorrow)}, **place))["data"]
    assert {day[:7] for day in month["booking_dates"]} == {str(tomorrow)[:7]}
    await api(404, location_id=9_999_999)
    await api(401, partner="", **place)


async def get_time_slots_for_booking(api: Api) -> None:
    business = api.business
    tomorrow: dict[str, Any] = {**api.here, "date": api.day(1)}
    haircut = {"service_ids[]": business.haircut}
    slots = (await api(200, query=haircut, team_member_id=business.anna, **tomorrow))["data"]
    assert (slots[0]["time"], slots[-1]["time"]) == ("09:00", "17:00"), "the last hour of the day is the last start"
    for slot in slots:
        assert slot["seance_length"] == 3600
        moment = datetime.fromisoformat(slot["datetime"])
        assert moment.utcoffset() == moment.astimezone(business.zone).utcoffset(), "the location's offset"
        assert slot["datetime"][11:16] == slot["time"]
    await api.book()
    after = (await api(200, query=haircut, team_member_id=business.anna, **tomorrow))["data"]
    assert after[0]["time"] == "10:00"
    anyone = (await api(200, query=haircut, team_member_id=0, **tomorrow))["data"]
    assert anyone[0]["time"] == "09:00", "Peter is free"
    tokyo = await api(
        200, query=haircut, location_id=business.far_location_id, team_member_id=business.yuki, date=api.day(2)
    )
    assert tokyo["data"][0]["datetime"].endswith("T09:00:00+09:00")
    await api(422, location_id=business.location_id, team_member_id=business.anna, date="soon")
    await api(404, location_id=9_999_999, team_member_id=0, date=api.day(1))
    await api(401, partner="", team_member_id=0, **tomorrow)


def _wanted(api: Api, number: int, at: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "services": [api.business.haircut], "staff_id": api.business.anna, "datetime": at, **more}


def _codes(answer: Any) -> list[int]:
    return [error["code"] for error in answer["meta"]["errors"]]


async def validate_booking_params(api: Api) -> None:
    place = api.here
    at = await api.slot()
    await api(201, body={"appointments": [_wanted(api, 1, at)]}, **place)
    assert await api.slot() == at, "a check books nothing"
    answer = await api(422, body={"appointments": [_wanted(api, 1, at[:11] + "03:00" + at[16:])]}, **place)
    assert _codes(answer) == [433]
    answer = await api(422, body={"appointments": [_wanted(api, 1, at), _wanted(api, 2, at)]}, **place)
    assert 437 in _codes(answer)
    answer = await api(422, body={"appointments": [_wanted(api, 1, at, services=[9_999_999])]}, **place)
    assert _codes(answer) == [438]
    answer = await api(422, body={"appointments": [_wanted(api, 1, at[:11] + "03:00" + at[16:], staff_id=0)]}, **place)
    assert _codes(answer) == [436]
    await api(201, body={"appointments": [_wanted(api, 1, at, staff_id=0), _wanted(api, 2, at, staff_id=0)]}, **place)
    await api(422, body={}, **place)
    await api(422, body={"appointments": [_wanted(api, 1, "soon")]}, **place)


async def create_online_booking(api: Api) -> None:
    business, place = api.business, api.here
    at = await api.slot()
    person = {"phone": "+13155559000", "fullname": "James Smith", "email": "j.smith@example.com"}
    later = (datetime.fromisoformat(at) + timedelta(hours=2)).isoformat()
    body = {**person, "comment": "by the window", "type": "mobile", "api_id": "777", "notify_by_sms": 6}
    both = [_wanted(api, 7, at), _wanted(api, 9, later)]
    answer = await api(201, body={**body, "appointments": both}, **place)
    assert [made["id"] for made in answer["data"]] == [7, 9], "the caller's numbers come back"
    first = answer["data"][0]
    shown = await api(200, op="get_online_booking_details", **place, **_key(first))
    assert (shown["comment"], shown["notify_by_sms"], shown["api_id"]) == ("by the window", 6, "777")
    assert datetime.fromisoformat(shown["datetime"]) == datetime.fromisoformat(at)
    assert shown["online"] is True
    refused = [
        (433, {"appointments": [_wanted(api, 1, at)]}),
        (437, {"appointments": [_wanted(api, 1, await api.slot(2)), _wanted(api, 2, await api.slot(2))]}),
        (436, {"appointments": [_wanted(api, 1, at[:11] + "03:00" + at[16:], staff_id=0)]}),
        (431, {"phone": "12", "appointments": [_wanted(api, 1, await api.slot(3))]}),
        (435, {"fullname": "", "appointments": [_wanted(api, 1, await api.slot(3))]}),
    ]
    for code, wrong in refused:
        assert code in _codes(await api(422, body={**person, **wrong}, **place)), code
    assert await api.slot(2, nth=0) == await api.slot(2, nth=0), "all or nothing: the refused pair holds no time"
    await api.db.execute("UPDATE clients SET is_blacklisted = true WHERE phone = $1", business.client_phone)
    listed = {**person, "phone": f"+{business.client_phone}", "appointments": [_wanted(api, 1, await api.slot(3))]}
    assert _codes(await api(403, body=listed, **place)) == [434]
    await api(404, body={**person, "appointments": [_wanted(api, 1, at)]}, location_id=9_999_999)
    await api(401, partner="", body={**person, "appointments": [_wanted(api, 1, at)]}, **place)
    await _confirmed_number(api, person)


async def _confirmed_number(api: Api, person: dict[str, Any]) -> None:
    """Tokyo confirms phone numbers: without the right code nothing is booked."""
    business = api.business
    await api.db.execute(
        "UPDATE booking_settings SET confirm_number = true WHERE location_id = $1", business.far_location_id
    )
    place: dict[str, Any] = {"location_id": business.far_location_id}
    slot = {"service_ids[]": business.haircut}
    free = await api(
        200, op="get_time_slots_for_booking", query=slot, team_member_id=business.yuki, date=api.day(2), **place
    )
    body = {**person, "appointments": [_wanted(api, 1, free["data"][0]["datetime"], staff_id=business.yuki)]}
    assert _codes(await api(422, body={**body, "code": "0"}, **place)) == [432]
    await api(201, op="send_booking_verification_code", body={"phone": person["phone"], "fulname": "James"}, **place)
    code = await api.code_sent_to(person["phone"][1:])
    await api(201, body={**body, "code": int(code)}, **place)


def _key(made: Any) -> dict[str, Any]:
    return {"record_id": made["record_id"], "record_hash": made["record_hash"]}


async def get_online_booking_details(api: Api) -> None:
    business, place = api.business, api.here
    made = await api.book(phone=f"+{api.world.client.phone}")
    shown = await api(200, **place, **_key(made))
    assert "success" not in shown, "the answer is bare"
    assert (shown["id"], shown["deleted"], shown["attendance"]) == (made["record_id"], False, 0)
    assert shown["company"]["id"] == business.location_id
    assert shown["staff"]["id"] == business.anna
    assert [service["id"] for service in shown["services"]] == [business.haircut]
    assert shown["master_requested"] is True
    wrong: dict[str, Any] = _key(made) | {"record_hash": "0" * 32}
    await api(200, user=api.world.client, **place, **wrong)
    await api(404, **place, **wrong)
    await api(404, user=api.world.stranger, **place, **wrong)
    await api(404, location_id=business.far_location_id, **_key(made))
    await api(401, partner="", **place, **_key(made))


async def update_online_booking_datetime(api: Api) -> None:
    place, client = api.here, api.world.client
    made = await api.book(phone=f"+{client.phone}")
    record: dict[str, Any] = {"record_id": made["record_id"]}
    before = await api.slot(2)
    answer = await api(200, user=client, body={"datetime": before, "comment": "later"}, **place, **record)
    assert datetime.fromisoformat(answer["data"]["date"]) == datetime.fromisoformat(before)
    assert answer["data"]["comment"] == "later"
    assert (await api.slot(1))[11:16] == "09:00", "the former time is free again"
    assert await api.slot(2) != before
    await api.book(day=3)
    taken = (await api.slot(3))[:11] + "09:00" + before[16:]
    await api(422, user=client, body={"datetime": taken}, **place, **record)
    await api(401, body={"datetime": before}, **place, **record)
    await api(403, user=api.world.stranger, body={"datetime": before}, **place, **record)
    await api(404, user=client, body={"datetime": before}, record_id=9_999_999, **place)


async def book_event(api: Api) -> None:
    place = api.here
    person = {"fullname": "James Smith", "phone": "+13155550175", "email": "j.smith@example.com"}
    business = api.business
    starts_at = clock.now().replace(microsecond=0) + timedelta(days=2)
    spot = (business.chain_id, business.location_id, business.anna, business.haircut)
    event_id = await make_event(api.db, *spot, starts_at, seats=1)
    made = (await api(200, body=person, event_id=event_id, **place))["data"]
    key = {"record_id": made["id"], "record_hash": made["hash"]}
    seen = await api(200, op="get_online_booking_details", **key, **place)
    assert seen["activity_id"] == event_id
    await api(422, body=person, event_id=event_id, **place)  # its only seat is gone
    await api(404, body=person, event_id=9_999_999, **place)
    await api(401, partner="", body=person, event_id=1, **place)
    await api(422, body={"fullname": "James Smith"}, event_id=1, **place)


async def get_location_privacy_policy(api: Api) -> None:
    business = api.business
    answer = await api(200, location_id=business.location_id)
    assert answer["data"]["agreement"]["content"] == "<p>We keep your phone to remind you.</p>"
    assert (await api(200, location_id=business.far_location_id))["data"]["agreement"]["content"] == ""
    await api(404, location_id=9_999_999)
    await api(401, partner="", location_id=business.location_id)
