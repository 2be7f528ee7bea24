"""Visits: who belongs together, what they come to, what is paid, what they make of a client."""

from __future__ import annotations

from typing import Any

import pytest

from tests.appointments.conftest import Front

pytestmark = pytest.mark.anyio


async def sums(front: Front, client_id: int | None = None) -> tuple[Any, ...]:
    client = await front.client(client_id)
    return client["visits"], client["failed_visits"], client["spent"], client["paid"], client["balance"]


async def test_appointments_of_a_client_on_one_day_are_one_visit(front: Front) -> None:
    b = front.business
    first = await front.create("10:00")
    same = await front.create("15:00", staff_id=b.peter)
    online = await front.call(
        "POST",
        f"/book_record/{front.here}",
        json={
            "phone": f"+{b.client_phone}",
            "fullname": "Clara Client",
            "appointments": [{"id": 1, "services": [b.haircut], "staff_id": b.peter, "datetime": front.at("12:00")}],
        },
    )
    assert online.status_code == 201, online.text
    another_day = await front.create("10:00", ahead=4)
    somebody = await front.create("13:00", client={"name": "Max"})
    nobody = await front.create("14:00", client=None)
    booked = await front.record(online.json()["data"][0]["record_id"])
    assert first["visit_id"] == same["visit_id"] == booked["visit_id"]
    assert len({first["visit_id"], another_day["visit_id"], somebody["visit_id"], nobody["visit_id"]}) == 4
    visit = await front.visit(first["visit_id"])
    assert [record["id"] for record in visit["records"]] == [first["id"], booked["id"], same["id"]]
    assert visit["datetime"] == first["datetime"]


async def test_an_appointment_leaves_its_visit_with_its_day(front: Front) -> None:
    one, two = await front.create("10:00"), await front.create("12:00")
    moved = await front.update(two, "12:00", ahead=4)
    assert moved["visit_id"] != one["visit_id"]
    alone = await front.update(two, "12:00", ahead=5)
    assert alone["visit_id"] == moved["visit_id"], "a visit of one appointment goes along"
    back = await front.update(two, "12:00")
    assert back["visit_id"] == one["visit_id"]
    assert (await front.call("GET", f"/visits/{moved['visit_id']}")).status_code == 404, "it has ended"
    other = await front.update(two, "12:00", client={"name": "Max"})
    assert other["visit_id"] != one["visit_id"]
    assert len((await front.visit(one["visit_id"]))["records"]) == 1


async def test_deleting_the_last_appointment_ends_the_visit(front: Front) -> None:
    one, two = await front.create("10:00"), await front.create("12:00")
    await front.delete(one)
    assert [record["id"] for record in (await front.visit(one["visit_id"]))["records"]] == [two["id"]]
    await front.delete(two)
    assert (await front.call("GET", f"/visits/{one['visit_id']}")).status_code == 404
    again = await front.create("10:00")
    assert again["visit_id"] != one["visit_id"]


async def test_editing_the_visit_edits_its_appointments(front: Front) -> None:
    b = front.business
    one, two = await front.create("10:00", comment="One"), await front.create("12:00", comment="Two")
    services = [
        {"id": b.haircut, "cost": 40, "first_cost": 45, "discount": 0, "record_id": one["id"]},
        {"id": b.manicure, "record_id": one["id"]},
    ]
    visit = await front.edit_visit(one, attendance=1, comment="New word", services=services)
    assert visit["attendance"] == 1
    seen = {record["id"]: record for record in visit["records"]}
    assert [record["attendance"] for record in visit["records"]] == [1, 1]
    assert (seen[one["id"]]["comment"], seen[two["id"]]["comment"]) == ("New word", "Two")
    assert [(line["id"], line["cost"]) for line in seen[one["id"]]["services"]] == [(b.haircut, 40), (b.manicure, 45)]
    assert [line["cost"] for line in seen[two["id"]]["services"]] == [45]
    assert (await front.record(one["id"]))["visit_attendance"] == 1


async def test_attendance_moves_the_clients_sums(front: Front) -> None:
    made = await front.create("10:00")
    assert await sums(front) == (0, 0, 0, 0, 0)
    await front.update(made, attendance=1)
    assert await sums(front) == (1, 0, 45, 0, -45)
    await front.update(made, attendance=-1)
    assert await sums(front) == (0, 1, 0, 0, 0)
    await front.edit_visit(made, attendance=1, fast_payment=1)
    assert await sums(front) == (1, 0, 45, 45, 0)
    second = await front.create("14:00", attendance=1, services=[{"id": front.business.haircut, "cost": 12.34}])
    assert await sums(front) == (2, 0, 57.34, 45, -12.34)
    await front.delete(second)
    assert await sums(front) == (1, 0, 45, 45, 0)
    max_ = await front.update(made, attendance=1, client={"name": "Max"})
    assert await sums(front) == (0, 0, 0, 0, 0)
    assert await sums(front, max_["client"]["id"]) == (1, 0, 45, 45, 0)


async def test_payments_are_written_and_taken_back(front: Front) -> None:
    made = await front.create("10:00")
    assert (made["paid_full"], made["payment_status"]) == (0, "not_paid")
    await front.edit_visit(made, new_transactions=[{"id": 0, "amount": 20, "account_id": 0}])
    assert (await front.record(made["id"]))["payment_status"] == "paid_not_full"
    await front.edit_visit(made, fast_payment=2)
    await front.edit_visit(made, fast_payment=2)
    read = await front.record(made["id"], include_finance_transactions=1)
    assert (read["paid_full"], read["payment_status"]) == (1, "paid_full")
    assert [(one["amount"], one["account"]["title"]) for one in read["finance_transactions"]] == [
        (20, "Cash"),
        (25, "Cashless"),
    ]
    first, second = (one["id"] for one in read["finance_transactions"])
    await front.edit_visit(made, deleted_transaction_ids=[second])
    assert (await front.record(made["id"]))["paid_full"] == 0
    details = await front.get(f"/visit/details/{front.here}/{made['id']}/{made['visit_id']}")
    assert [one["amount"] for one in details["payment_transactions"]] == [20, 25, -25]
    assert [(item["service_id"], item["cost"], item["record_id"]) for item in details["items"]] == [
        (front.business.haircut, 45, made["id"])
    ]
    await front.edit_visit(made, deleted_transaction_ids=[second], status=422)
    await front.edit_visit(made, deleted_transaction_ids=[first], new_transactions=[{"amount": 50}])
    assert (await front.record(made["id"]))["payment_status"] == "paid_over"


async def test_what_needs_accounts_stock_or_a_printer_is_refused_whole(front: Front) -> None:
    made = await front.create("10:00")
    bodies: list[dict[str, Any]] = [
        {"new_transactions": [{"id": 1, "amount": 10, "account_id": 23322}]},
        {"new_transactions": [{"amount": 0.001}]},
        {"new_transactions": [{"amount": -5}]},
        {"goods_transactions": [{"id": 1, "amount": -1}]},
        {"fast_payment": 129},
        {"services": [{"id": front.business.massage}]},
        {"services": [{"id": 999_999}]},
        {"services": [{"id": front.business.haircut, "record_id": 999_999}]},
    ]
    for body in bodies:
        await front.edit_visit(made, status=422, **body)
    assert (await front.record(made["id"]))["attendance"] == 0, "nothing was half done"
    await front.edit_visit({**made, "id": 999_999}, status=404)


async def test_a_visit_that_is_paid_is_told_to_all_of_its_appointments(front: Front) -> None:
    day, one, two = front.day(3), await front.create("10:00"), await front.create("12:00")

    async def states() -> list[str]:
        return [record["payment_status"] for record in await front.records(start_date=day, end_date=day)]

    await front.edit_visit(one, fast_payment=1)
    assert await states() == ["paid_full", "paid_full"]
    await front.create("14:00")
    assert await states() == ["paid_not_full"] * 3
    await front.delete(two)
    assert (await front.record(one["id"]))["payment_status"] == "paid_full"


async def test_history_groups_by_visit_and_pages_by_whole_dates(front: Front) -> None:
    b = front.business
    first_day = 3
    for n in range(13):
        await front.create("10:00", ahead=first_day + n)
        await front.create("12:00", ahead=first_day + n)
    for n in range(13):
        await front.create("14:00", ahead=first_day + 13 + n)
    path = f"/company/{front.here}/clients/visits/search"

    async def page(**body: Any) -> tuple[list[int], Any]:
        answer = await front.call("POST", path, json={"client_id": b.client_id, "payment_statuses": [], **body})
        assert answer.status_code == 200, answer.text
        found = answer.json()
        return [record["visit_id"] for record in found["data"]["records"]], found["meta"]["dateCursor"]

    visits, cursor = await page()
    assert len(set(visits)) == 25
    assert cursor["previous"] == {"to": None, "from": None, "count": None}
    assert cursor["current"] == {"to": str(front.day(28)), "from": str(front.day(4)), "count": 25}
    assert cursor["next"] == {"to": str(front.day(3)), "from": str(front.day(3)), "count": 1}
    rest, last = await page(**{"from": cursor["next"]["from"], "to": cursor["next"]["to"]})
    assert (len(rest), last["current"], last["previous"]) == (2, cursor["next"], cursor["current"])
    assert last["next"]["count"] is None
    by_phone = await front.call("POST", path, json={"client_phone": f"+{b.client_phone}"})
    assert len({record["visit_id"] for record in by_phone.json()["data"]["records"]}) == 25
    assert (await front.call("POST", path, json={})).status_code == 422
    assert (await front.call("POST", path, json={"client_id": 999_999})).status_code == 404
    assert (await front.call("POST", path, json={"client_phone": "+13155559999"})).status_code == 404


async def test_history_says_what_was_paid_of_each_service(front: Front) -> None:
    b = front.business
    made = await front.create("10:00", services=[{"id": b.haircut}, {"id": b.manicure, "cost": 30}], seance_length=6300)
    await front.edit_visit(made, new_transactions=[{"amount": 50}])
    other = await front.create("10:00", ahead=4)
    path = f"/company/{front.here}/clients/visits/search"
    body = {"client_id": b.client_id, "payment_statuses": ["paid_not_full"]}
    [record] = (await front.call("POST", path, json=body)).json()["data"]["records"]
    assert [(x["paid_sum"], x["cost_to_pay"], x["payment_status"]) for x in record["services"]] == [
        (45, 45, "paid_not_full"),
        (5, 30, "paid_not_full"),
    ]
    assert (record["staff"]["id"], record["company"]["title"]) == (b.anna, "La Visage")
    waiting = (await front.call("POST", path, json={"client_id": b.client_id, "attendance": 0})).json()["data"][
        "records"
    ]
    assert [one["id"] for one in waiting] == [other["id"]]
