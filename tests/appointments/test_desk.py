"""Making, changing and deleting appointments at the desk."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from agendum.core.clock import parse_when
from tests.appointments.conftest import Front
from tests.makers.world import make_cabin, make_event, make_service

pytestmark = pytest.mark.anyio


async def test_an_appointment_is_made_and_read_back(front: Front) -> None:
    b = front.business
    made = await front.create(
        comment="Loves tea", attendance=2, api_id="777", custom_color="f44336", sms_remain_hours=6
    )
    read = await front.record(made["id"])
    assert {**read, "services": []} == {**made, "services": []}
    assert (read["company_id"], read["staff_id"], read["staff"]["name"]) == (front.here, b.anna, "Anna")
    assert read["client"]["id"] == b.client_id
    assert read["client"]["phone"] == f"+{b.client_phone}"
    assert read["datetime"].startswith(front.at())
    assert (read["seance_length"], read["attendance"], read["visit_attendance"]) == (3600, 2, 2)
    assert (read["comment"], read["api_id"], read["sms_remain_hours"]) == ("Loves tea", "777", 6)
    assert (read["custom_color"], read["custom_font_color"]) == ("f44336", "#ffffff")
    assert (read["created_user_id"], read["online"], read["deleted"]) == (b.owner.id, False, False)
    [line] = read["services"]
    assert (line["id"], line["title"], line["cost"], line["amount"]) == (b.haircut, "Haircut", 45, 1)
    assert line["staff_service_link"] == {"length": 3600}
    assert line["company_service_link"] == {"price_min": 45, "price_max": 60}


async def test_what_is_booked_at_the_desk_is_not_offered_online(front: Front) -> None:
    assert "10:00" in await front.free()
    made = await front.create("10:00")
    assert "10:00" not in await front.free()
    assert (await front.delete(made)).status_code == 204
    assert "10:00" in await front.free()
    assert (await front.call("GET", f"/record/{front.here}/{made['id']}")).status_code == 404


async def test_the_desk_is_not_bound_by_the_grid_but_by_what_is_busy(front: Front) -> None:
    made = await front.create("10:07")
    assert made["datetime"][11:16] == "10:07"
    busy = await front.refused("10:30")
    assert busy.status_code == 422
    assert busy.json()["meta"]["errors"][0]["code"] == 433
    night = await front.refused("03:00")
    assert night.status_code == 422


async def test_the_desk_may_overbook_and_it_is_marked(front: Front) -> None:
    first = await front.create("10:00")
    over = await front.create("10:30", save_if_busy=True)
    night = await front.create("03:00", save_if_busy=True)
    plain = await front.create("12:00", save_if_busy=True)
    marks = [(await front.record(made["id"]))["is_overbooked"] for made in (first, over, night, plain)]
    assert marks == [False, True, True, False]
    assert (await front.delete(first)).status_code == 204
    assert "10:00" not in await front.free(), "the overbooked half hour is busy all the same"


async def test_the_length_is_what_the_desk_says_and_the_break_is_within_it(front: Front) -> None:
    made = await front.create(seance_length=5400, technical_break_duration=600)
    assert (made["length"], made["technical_break_duration"]) == (5400, 600)
    assert made["services"][0]["staff_service_link"]["length"] == 4800
    for bad in (601, 5400, 3900):
        assert (await front.refused("15:00", seance_length=5400, technical_break_duration=bad)).status_code == 422
    await front.db.execute("UPDATE locations SET technical_break = 300")
    assert (await front.create("15:00"))["technical_break_duration"] == 0, "facts are kept until they are forgotten"


async def test_prices_come_from_the_list_or_from_the_desk(front: Front) -> None:
    b = front.business
    services = [
        {"id": b.haircut},
        {"id": b.massage, "first_cost": 100, "discount": 33.33},
        {"id": b.manicure, "cost_per_unit": 10.5, "amount": 3, "cost": 30},
    ]
    made = await front.create("10:00", services=services, seance_length=9000)
    sums = [(x["cost_per_unit"], x["first_cost"], x["discount"], x["cost"], x["amount"]) for x in made["services"]]
    assert sums == [(45, 45, 0, 45, 1), (100, 100, 33.33, 66.67, 1), (10.5, 31.5, 0, 30, 3)]
    assert (
        await front.refused("15:00", services=[{"id": b.haircut, "first_cost": 10, "amount": 3}])
    ).status_code == 422


async def test_services_that_the_team_member_does_not_give_are_named(front: Front) -> None:
    b = front.business
    answer = await front.refused(staff_id=b.peter, services=[{"id": b.haircut}, {"id": b.manicure}])
    assert answer.status_code == 422
    assert [item["field"] for item in answer.json()["meta"]["errors"]] == ["services[1].id"]
    assert (await front.refused(staff_id=b.yuki)).json()["meta"]["errors"][0]["field"] == "staff_id"


async def test_what_is_required_is_required(front: Front) -> None:
    answer = await front.call("POST", f"/records/{front.here}", json={"staff_id": front.business.anna})
    fields = {item["field"] for item in answer.json()["meta"]["errors"]}
    assert (answer.status_code, fields) == (422, {"services", "client", "datetime", "seance_length"})


async def test_a_client_is_found_or_made(front: Front) -> None:
    b = front.business
    known = await front.create("09:00", client={"phone": f"+{b.client_phone}", "name": "Clara"})
    assert known["client"]["id"] == b.client_id
    new = await front.create(
        "10:00", client={"phone": "+1 (315) 555-0142", "name": "Nina New", "email": "n@example.com"}
    )
    assert (new["client"]["name"], new["client"]["surname"]) == ("Nina", "New")
    assert (new["client"]["phone"], new["client"]["email"]) == ("+13155550142", "n@example.com")
    assert new["client"]["phone_country_id"] == 7
    named = await front.create("11:00", client={"name": "Walk-in"})
    assert (named["client"]["name"], named["client"]["phone"]) == ("Walk-in", "")
    assert (await front.create("12:00", client=None))["client"] is None
    assert (await front.refused("13:00", client={"phone": "12", "name": "X"})).status_code == 422
    assert (await front.refused("13:00", client={"id": 999_999})).status_code == 422


async def test_an_update_replaces_what_is_required_and_keeps_the_rest(front: Front) -> None:
    b = front.business
    made = await front.create(comment="Tea", api_id="7", custom_color="f44336")
    services = [{"id": b.haircut, "cost": 30}, {"id": b.manicure}]
    changed = await front.update(made, "11:00", services=services, seance_length=6300, attendance=2)
    assert changed["datetime"][11:16] == "11:00"
    assert [(line["id"], line["cost"]) for line in changed["services"]] == [(b.haircut, 30), (b.manicure, 45)]
    assert (changed["comment"], changed["api_id"], changed["custom_color"]) == ("Tea", "7", "f44336")
    assert (changed["attendance"], changed["length"]) == (2, 6300)
    assert await front.record(made["id"]) == changed
    answer = await front.call("PUT", f"/record/{front.here}/{made['id']}", json={"comment": "No tea"})
    assert answer.status_code == 422
    assert (await front.record(made["id"]))["comment"] == "Tea"


async def test_a_reschedule_gives_the_old_time_back(front: Front) -> None:
    made = await front.create("10:00")
    await front.create("14:00")
    assert (await front.update(made, "14:30", status=422)).json()["meta"]["errors"][0]["code"] == 433
    assert "10:00" not in await front.free()
    moved = await front.update(made, "10:30")
    assert moved["datetime"][11:16] == "10:30"
    await front.update(made, "12:00")
    assert "10:00" in await front.free()
    over = await front.update(made, "14:30", save_if_busy=True)
    assert over["is_overbooked"]
    kept = await front.update(made, "14:30", comment="Still over")
    assert (kept["comment"], kept["is_overbooked"]) == ("Still over", True)
    assert not (await front.update(made, "12:00"))["is_overbooked"]


async def test_an_appointment_goes_to_another_team_member(front: Front) -> None:
    made = await front.create("10:00")
    moved = await front.update(made, "10:00", staff_id=front.business.peter)
    assert moved["staff"]["name"] == "Peter"
    assert "10:00" in await front.free()


async def test_resources_are_held_by_the_desk_too(front: Front) -> None:
    b = front.business
    massage: dict[str, Any] = {"services": [{"id": b.massage}], "seance_length": 1800}
    made = await front.create("10:00", **massage)
    assert len(made["resource_instance_ids"]) == 1
    assert (await front.refused("10:00", staff_id=b.peter, **massage)).status_code == 422
    over = await front.create("10:00", staff_id=b.peter, save_if_busy=True, **massage)
    assert over["resource_instance_ids"] == made["resource_instance_ids"]
    plain = await front.update(made, "10:00", seance_length=1800)
    assert plain["resource_instance_ids"] == []


async def test_clients_share_the_time_of_a_service_with_seats(front: Front) -> None:
    b = front.business
    yoga = await make_service(front.db, b.chain_id, b.category_id, "Yoga", {front.here: (b.anna,)}, seats=2)
    await make_cabin(front.db, b.chain_id, front.here, yoga)
    wish: dict[str, Any] = {"services": [{"id": yoga}]}
    for name in ("A", "B"):
        await front.create(client={"name": name}, **wish)
    assert (await front.refused(client={"name": "C"}, **wish)).status_code == 422


async def test_a_seat_in_a_group_event(front: Front) -> None:
    b = front.business
    start = parse_when(front.at("16:00"), b.zone)
    event_id = await make_event(front.db, b.chain_id, front.here, b.anna, b.haircut, start, seats=1)

    async def seat_for(name: str, event: int = event_id) -> httpx.Response:
        body = {"activity_id": event, "client": {"name": name}}
        return await front.call("POST", f"/records/{front.here}", json=body)

    answer = await seat_for("Eve")
    assert answer.status_code == 201, answer.text
    [seat] = answer.json()["data"]
    assert (seat["activity_id"], seat["staff_id"], seat["services"][0]["cost"]) == (event_id, b.anna, 45)
    assert seat["datetime"].startswith(front.at("16:00"))
    full = await seat_for("Max")
    assert (full.status_code, full.json()["meta"]["errors"][0]["field"]) == (422, "activity_id")
    body = {"activity_id": event_id, "client": {"id": b.client_id}, "comment": "Front row"}
    changed = await front.call("PUT", f"/record/{front.here}/{seat['id']}", json=body)
    assert changed.status_code == 201, changed.text
    assert (changed.json()["data"]["client"]["id"], changed.json()["data"]["comment"]) == (b.client_id, "Front row")
    assert (await front.call("PUT", f"/record/{front.here}/{seat['id']}", json=front.wish())).status_code == 422
    assert (await front.delete(seat)).status_code == 204
    assert (await seat_for("Max")).status_code == 201
    assert (await seat_for("Max", 99_999)).status_code == 422


async def test_microseconds_are_cut(front: Front) -> None:
    made = await front.create(datetime=f"{front.at()}.5")
    assert made["datetime"][11:19] == "10:00:00"


async def test_appointments_of_elsewhere_are_not_found(front: Front) -> None:
    made = await front.create()
    far = front.business.far_location_id
    assert (await front.call("GET", f"/record/{far}/{made['id']}")).status_code == 404
    assert (await front.call("PUT", f"/record/{far}/{made['id']}", json=front.wish())).status_code == 404
    assert (await front.call("DELETE", f"/record/{far}/{made['id']}")).status_code == 404
    stranger = front.small.stranger
    assert (await front.call("GET", f"/record/{front.here}/{made['id']}", user=stranger)).status_code == 403
    assert (await front.call("GET", f"/visits/{made['visit_id']}", user=stranger)).status_code == 404
