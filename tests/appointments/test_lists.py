"""Lists of appointments: what they have, in which order, how fresh, at what cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_type_hints

import msgspec
import pytest

from agendum.appointments.wire.records import Appointment
from agendum.core import clock
from agendum.core.cache import dropping_own
from agendum.transfer.actions.appointments import import_appointments
from agendum.transfer.actions.common import Mode, place_of
from tests.appointments.conftest import Front
from tests.booking.test_statements import watch
from tests.makers.world import insert, make_partner_token, stamps

pytestmark = pytest.mark.anyio


async def meta(front: Front, **query: Any) -> dict[str, Any]:
    return (await front.call("GET", f"/records/{front.here}", params=query)).json()["meta"]


async def test_a_day_comes_in_order_by_pages(front: Front) -> None:
    made = [await front.create(f"{hour}:00") for hour in (15, 11, 13)]
    await front.create("11:00", ahead=4)
    day = {"start_date": front.day(3), "end_date": front.day(3)}
    assert [one["id"] for one in await front.records(**day)] == [made[1]["id"], made[2]["id"], made[0]["id"]]
    assert [one["id"] for one in await front.records(**day, page=2, count=2)] == [made[0]["id"]]
    assert await meta(front, **day, page=2, count=2) == {"page": 2, "total_count": 3}
    assert await meta(front) == {"page": 1, "total_count": 4}
    assert await meta(front, start_date=front.day(4)) == {"page": 1, "total_count": 1}
    assert await front.records(page=3) == []


async def test_the_number_of_all_is_right_however_old_they_are(front: Front) -> None:
    made = [await front.create(f"{hour}:00") for hour in (10, 11, 12)]
    try:
        for minutes in (0, 3, 6, 20, 40, 90):
            clock.shift_clock(timedelta(minutes=minutes))
            made.append(await front.create("14:00", save_if_busy=True))
            await front.delete(made.pop(0))
            count = await front.db.fetchval("SELECT count(*) FROM appointments")
            assert await meta(front) == {"page": 1, "total_count": len(made)}
            assert await meta(front, with_deleted=1, page=2, count=1) == {"page": 2, "total_count": count}
    finally:
        clock.shift_clock(timedelta(0))


async def test_what_is_imported_under_an_old_date_is_counted_at_once(front: Front) -> None:
    await front.create("10:00")
    assert (await meta(front))["total_count"] == 1
    text = f"team_member,start,service,created_at\nAnna,{front.day(-30)} 10:00,Haircut,{front.day(-40)} 10:00\n"
    with dropping_own():
        place = await place_of(front.db, front.here)
        await import_appointments(front.db, place, text.splitlines(keepends=True), Mode(at=clock.now()), print)
    assert (await meta(front))["total_count"] == 2


async def test_every_filter_narrows(front: Front) -> None:
    b = front.business
    clara = await front.create("10:00")
    peter = await front.create("11:00", staff_id=b.peter, client={"name": "Max"})
    gone = await front.create("12:00")
    reception = await front.create("13:00", user=b.receptionist)
    await front.delete(gone)

    async def ids(**query: Any) -> list[int]:
        return [one["id"] for one in await front.records(**query)]

    everything = [clara["id"], peter["id"], reception["id"]]
    assert await ids() == everything
    assert await ids(staff_id=b.peter) == await ids(team_member_id=b.peter) == [peter["id"]]
    assert await ids(client_id=b.client_id) == [clara["id"], reception["id"]]
    assert await ids(client_id=b.client_id, staff_id=b.peter) == []
    assert await ids(created_user_id=b.receptionist.id) == [reception["id"]]
    assert await ids(start_date=front.day(4)) == []
    assert await ids(end_date=front.day(3)) == everything
    today = str(front.day())
    assert await ids(c_start_date=today, c_end_date=today) == everything
    assert await ids(c_start_date=front.day(1)) == []
    assert [(one["id"], one["deleted"]) for one in await front.records(with_deleted=1)] == [
        (clara["id"], False),
        (peter["id"], False),
        (gone["id"], True),
        (reception["id"], False),
    ]
    now = clock.now().isoformat()
    assert await ids(changed_after=now) == []
    assert await ids(changed_before=now) == everything
    await front.update(clara, "10:00", comment="Changed")
    assert await ids(changed_after=now) == [clara["id"]]
    assert await ids(changed_after=today) == everything


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "soon"},
        {"changed_after": "2026-99-01T00:00:00"},
        {"count": 0},
        {"count": 301},
        {"page": 0},
        {"client_id": "abc"},
    ],
)
async def test_nonsense_is_named(front: Front, query: dict[str, Any]) -> None:
    answer = await front.call("GET", f"/records/{front.here}", params=query)
    assert answer.status_code == 422
    assert answer.json()["meta"]["errors"][0]["field"] in query


async def test_what_a_list_shows_is_fresh(front: Front) -> None:
    b = front.business
    made = await front.create("10:00")
    day = {"start_date": front.day(3), "end_date": front.day(3)}
    other = await front.create("13:00", client={"name": "Max"})

    async def shown() -> Any:
        found = {one["id"]: one for one in await front.records(**day)}
        assert found[other["id"]]["client"]["name"] == "Max"
        assert {**found[made["id"]], "services": []} == {**await front.record(made["id"]), "services": []}
        return found[made["id"]]

    assert (await shown())["client"]["name"] == "Clara Client"
    body = {"name": "Claire", "phone": f"+{b.client_phone}"}
    assert (await front.call("PUT", f"/client/{front.here}/{b.client_id}", json=body)).status_code == 200
    assert (await shown())["client"]["name"] == "Claire"
    vip = {"title": "VIP", "color": "#ff2828", "entity": 2}
    answer = await front.call("POST", f"/labels/{front.here}", params=vip)
    assert answer.status_code == 200, answer.text
    tag_id = answer.json()["data"]["id"]
    await front.update(made, "10:00", record_labels=[str(tag_id)])
    assert [label["title"] for label in (await shown())["record_labels"]] == ["VIP"]
    await front.call("PUT", f"/labels/{front.here}/{tag_id}", json=vip | {"title": "Star"})
    assert [label["title"] for label in (await shown())["record_labels"]] == ["Star"]
    await front.edit_visit(made, attendance=1, fast_payment=1)
    seen = await shown()
    assert (seen["attendance"], seen["paid_full"], seen["client"]["success_visits_count"]) == (1, 1, 1)
    await front.call("PUT", f"/staff/{front.here}/{b.anna}", json={"name": "Annabel"})
    assert (await shown())["staff"]["name"] == "Annabel"
    await front.update(made, "10:00", record_labels=[])
    assert (await shown())["record_labels"] == []


async def test_the_shape_that_the_reference_shows_is_the_one_that_is_sent(front: Front) -> None:
    made = await front.create("10:00", services=[{"id": front.business.massage}], seance_length=1800)
    await front.edit_visit(made, fast_payment=1)
    for flag in (0, 1):
        raw = await front.call("GET", f"/record/{front.here}/{made['id']}?include_finance_transactions={flag}")
        sent = raw.json()["data"]
        appointment = msgspec.convert(sent, Appointment)
        assert list(sent) == list(msgspec.to_builtins(appointment))
        for name in get_type_hints(Appointment):
            assert name in sent


async def test_custom_fields_are_checked_and_shown(front: Front) -> None:
    field = {
        "category": "record",
        "code": "found_us",
        "title": "Found us",
        "kind": "list",
        "choices": ["Web", "Friend"],
    }
    place = {"chain_id": front.business.chain_id, "location_id": front.here}
    await insert(front.db, "custom_fields", **place, **field, **stamps())
    made = await front.create("10:00", custom_fields={"found_us": ["Web"], "unknown": 1})
    assert made["custom_fields"] == {"found_us": ["Web"]}
    bad = await front.refused("12:00", custom_fields={"found_us": "Radio"})
    assert bad.json()["meta"]["errors"][0]["field"] == "custom_fields.found_us"
    await front.grant(front.business.receptionist, custom_fields_record_values_edit_access=False)
    kept = await front.update(made, "10:00", custom_fields={"found_us": "Friend"}, user=front.business.receptionist)
    assert kept["custom_fields"] == {"found_us": ["Web"]}, "who may not set them leaves them as they were"
    changed = await front.update(made, "10:00", custom_fields={"found_us": "Friend"})
    assert changed["custom_fields"] == {"found_us": "Friend"}
    assert (await front.update(made, "10:00", custom_fields={"found_us": None}))["custom_fields"] == []


async def test_lists_cost_two_statements_at_most(front: Front) -> None:
    made = await front.create("08:00", save_if_busy=True)
    for hour in range(9, 17):
        await front.create(f"{hour:02}:00")
        await front.create(f"{hour:02}:00", staff_id=front.business.peter, client={"name": f"Guest {hour}"})
        review = {"mark": 5, "text": "Lovely", "name": "Clara"}
        await front.call("POST", f"/comments/{front.here}/{front.business.anna}", json=review)
        of_client = f"/clients/{front.here}/clients/{front.business.client_id}/comments"
        await front.call("POST", of_client, json={"text": f"Said at {hour}"})
    b, day = front.business, f"start_date={front.day(3)}&end_date={front.day(3)}"
    paths = [
        f"/records/{front.here}?{day}",
        f"/records/{front.here}",
        f"/records/{front.here}?client_id={b.client_id}",
        f"/records/{front.here}?changed_after=2020-01-01",
        f"/records/{front.here}?{day}&include_finance_transactions=1",
        f"/records/{front.here}?include_finance_transactions=1",
        f"/v2/locations/{front.here}/appointments",
        f"/v2/locations/{front.here}/appointments?include=client&include=services&include=staff",
        f"/v2/locations/{front.here}/attendances/record_{made['id']}/appointments?include=client",
        f"/v2/locations/{front.here}/attendance/clients/{b.client_id}",
        f"/v2/locations/{front.here}/clients/{b.client_id}/attendances_statistic",
        "/records/partner",
        f"/comments/{front.here}",
        f"/clients/{front.here}",
        f"/company/{front.here}/clients/quick_search?q=gues",
        f"/clients/{front.here}/clients/{b.client_id}/comments",
        f"/company/{front.here}/clients/files/{b.client_id}",
        f"/company/{front.here}/changes",
    ]
    for path in paths:
        for _ in range(2):
            await front.get(path)
        seen = watch(front)
        await front.get(path)
        assert len(seen) <= 2, f"{path}\n" + "\n".join(seen)
    path = f"/company/{front.here}/clients/visits/search"
    await front.call("POST", path, json={"client_id": b.client_id})
    seen = watch(front)
    await front.call("POST", path, json={"client_id": b.client_id})
    assert len(seen) <= 2, "\n".join(seen)


async def test_an_integration_sees_what_it_wrote_where_its_user_belongs(front: Front) -> None:
    b = front.business
    mine = await front.create("10:00", api_id="42")
    other_token = await make_partner_token(front.db, title="Another")
    headers = {"Authorization": f"Bearer {other_token}, User {b.owner.token}"}
    answer = await front.world.http.post(f"/records/{front.here}", json=front.wish("12:00"), headers=headers)
    assert answer.status_code == 201
    found = await front.call("GET", "/records/partner")
    [record] = found.json()["data"]
    assert (record["id"], record["api_id"], found.json()["meta"]) == (mine["id"], 42, {"count": 1})
    assert (record["company"]["id"], record["company"]["business_group_id"]) == (front.here, 1)
    assert record["client"]["phone"] == f"+{b.client_phone}"
    day = front.day(3).strftime("%d.%m.%Y")
    assert len(await front.get(f"/records/partner?start_date={day}&end_date={day}")) == 1
    assert await front.get(f"/records/partner?salon_id={b.far_location_id}") == []
    assert await front.get(f"/records/partner?created_start_date={day}") == []
    assert await front.get(f"/records/partner?user_id={b.receptionist.id}") == []
    assert (await front.call("GET", "/records/partner", user=front.small.stranger)).json()["data"] == []
    assert (await front.call("GET", "/records/partner?start_date=31.02.2026")).status_code == 422
