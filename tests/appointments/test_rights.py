"""Rights shape what is seen and what may be done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.appointments.conftest import ALLOWED, Front
from tests.makers.world import make_membership, make_person

pytestmark = pytest.mark.anyio


async def without(front: Front, *rights: str, **more: Any) -> Any:
    """Somebody who may do everything but this."""
    person = await make_person(front.db, "Willy Without")
    business = front.business
    allowed = [right for right in ALLOWED if right not in rights]
    await make_membership(front.db, business.chain_id, person, front.here, role="custom", rights=allowed)
    if more:
        await front.grant(person, **more)
    return person


@pytest.mark.parametrize(
    ("right", "change"),
    [
        ("records_edit_date_and_master_access", {"datetime": "later"}),
        ("records_edit_date_and_master_access", {"staff_id": "peter"}),
        ("records_edit_duration_access", {"seance_length": 5400}),
        ("records_edit_comment_access", {"comment": "Changed"}),
        ("records_edit_services_access", {"services": "manicure"}),
        ("records_services_cost_access", {"services": "cheaper"}),
        ("records_services_discount_access", {"services": "discount"}),
        ("record_form_client_add_access", {"client": {"name": "New"}}),
        ("edit_records_access", {}),
    ],
)
async def test_who_may_not_change_it_is_refused_and_nothing_changes(
    front: Front, right: str, change: dict[str, Any]
) -> None:
    b = front.business
    meant = {
        "later": front.at("12:00"),
        "peter": b.peter,
        "manicure": [{"id": b.haircut}, {"id": b.manicure}],
        "cheaper": [{"id": b.haircut, "cost": 20}],
        "discount": [{"id": b.haircut, "first_cost": 45, "discount": 10}],
    }
    change = {name: meant.get(value, value) if isinstance(value, str) else value for name, value in change.items()}
    made = await front.create("10:00")
    person = await without(front, right)
    if change:
        assert (await front.update(made, user=person))["id"] == made["id"], "to say the same again is no change"
    answer = await front.update(made, user=person, status=403, **change)
    assert right == "edit_records_access" or right in answer.json()["meta"]["message"]
    read = await front.record(made["id"])
    assert {**read, "last_change_date": ""} == {**made, "last_change_date": ""}


async def test_who_came_and_who_paid_need_more(front: Front) -> None:
    came = await front.create("10:00", attendance=1)
    paid = await front.create("12:00", client={"name": "Max"})
    await front.edit_visit(paid, attendance=0, fast_payment=1)
    nobody = await without(
        front,
        "edit_records_attendance_access",
        "record_edit_full_paid_access",
        "delete_customer_came_records_access",
        "delete_paid_records_access",
        "record_edit_full_paid_client_confirm_access",
    )
    wish: dict[str, Any] = {"client": {"id": paid["client"]["id"]}, "user": nobody}
    await front.update(came, "10:00", comment="x", attendance=1, user=nobody, status=403)
    await front.update(paid, "12:00", comment="x", status=403, **wish)
    await front.update(paid, "12:00", attendance=2, status=403, **wish)
    assert (await front.update(paid, "12:00", attendance=1, **wish))["attendance"] == 1, "that he came may be marked"
    for record in (came, paid):
        assert (await front.delete(record, user=nobody)).status_code == 403
        assert (await front.delete(record)).status_code == 204


async def test_the_past_is_closed_after_so_many_days(front: Front) -> None:
    front_desk = await without(front, records_edit_last_days_count=2)
    old = await front.create("10:00", ahead=-3, save_if_busy=True)
    recent = await front.create("10:00", ahead=-2, save_if_busy=True)
    await front.update(old, "10:00", ahead=-3, save_if_busy=True, user=front_desk, status=403)
    await front.update(recent, "10:00", ahead=-2, save_if_busy=True, user=front_desk)
    assert (await front.delete(old, user=front_desk)).status_code == 403
    assert (await front.delete(recent, user=front_desk)).status_code == 204
    assert (await front.refused(ahead=-3, save_if_busy=True, user=front_desk)).status_code == 403


async def test_a_team_member_sees_his_own_appointments_only(front: Front) -> None:
    b = front.business
    anna = await without(front, master_id=b.anna)
    mine = await front.create("10:00")
    theirs = await front.create("12:00", staff_id=b.peter)
    assert [one["id"] for one in await front.get(f"/records/{front.here}", user=anna)] == [mine["id"]]
    assert await front.get(f"/records/{front.here}?staff_id={b.peter}", user=anna) == []
    path = f"/v2/locations/{front.here}/appointments"
    assert [one["id"] for one in await front.get(path, user=anna)] == [str(mine["id"])]
    assert (await front.call("GET", f"/record/{front.here}/{theirs['id']}", user=anna)).status_code == 403
    assert (await front.call("GET", f"/record/{front.here}/{mine['id']}", user=anna)).status_code == 200
    assert (await front.refused("14:00", staff_id=b.peter, user=anna)).status_code == 403
    await front.update(mine, "10:00", staff_id=b.peter, user=anna, status=403)
    await front.update(theirs, "12:00", user=anna, status=403)
    assert (await front.delete(theirs, user=anna)).status_code == 403
    visit = await front.get(f"/visits/{mine['visit_id']}", user=anna)
    assert [one["id"] for one in visit["records"]] == [mine["id"]]
    assert (
        await front.call(
            "PUT", f"/visits/{mine['visit_id']}/{mine['id']}", json={"attendance": 1, "comment": ""}, user=anna
        )
    ).status_code == 403, "the visit has another's appointment"
    search = f"/company/{front.here}/clients/visits/search"
    found = await front.call("POST", search, json={"client_id": b.client_id}, user=anna)
    assert [one["id"] for one in found.json()["data"]["records"]] == [mine["id"]]


async def test_older_appointments_are_out_of_sight(front: Front) -> None:
    person = await without(front, last_days_count=2)
    old = await front.create("10:00", ahead=-4, save_if_busy=True)
    new = await front.create("10:00", ahead=-1, save_if_busy=True)
    assert [one["id"] for one in await front.get(f"/records/{front.here}", user=person)] == [new["id"]]
    day = front.day() - timedelta(days=4)
    assert await front.get(f"/records/{front.here}?start_date={day}&end_date={day}", user=person) == []
    assert (await front.call("GET", f"/record/{front.here}/{old['id']}", user=person)).status_code == 403


async def test_answers_are_shaped_by_rights(front: Front) -> None:
    b = front.business
    await front.db.execute("UPDATE clients SET surname = 'Secret', comment = 'Difficult' WHERE id = $1", b.client_id)
    made = await front.create("10:00")
    await front.edit_visit(made, fast_payment=1)
    path = f"/record/{front.here}/{made['id']}?include_finance_transactions=1"

    async def seen(*rights: str) -> Any:
        return await front.get(path, user=await without(front, *rights))

    whole = await seen()
    assert whole["client"]["phone"] == f"+{b.client_phone}"
    assert (whole["client"]["surname"], whole["client"]["comment"]) == ("Secret", "Difficult")
    assert (whole["paid_full"], len(whole["finance_transactions"])) == (1, 1)
    phone = (await seen("timetable_phones_access"))["client"]["phone"]
    assert "*" in phone
    assert b.client_phone not in phone
    assert (await seen("clients_phones_email_access"))["client"]["email"].startswith("c***@")
    surnames = ("clients_surname_middle_name_access", "clients_surname_patronymic_access")
    assert (await seen(*surnames))["client"]["display_name"] == "Clara Client"
    assert (await seen("clients_card_comment_access"))["client"]["comment"] == ""
    assert (await seen("record_form_client_access"))["client"] is None
    poor = await seen("records_finances_access")
    assert "paid_full" not in poor
    assert poor["finance_transactions"] == []
    cashless = await without(front, "records_finances_access")
    await front.edit_visit(made, fast_payment=1, user=cashless, status=403)
    details = await front.get(f"/visit/details/{front.here}/{made['id']}/{made['visit_id']}", user=cashless)
    assert details["payment_transactions"] == []
    day = f"start_date={front.day(3)}&end_date={front.day(3)}"
    listed = await front.get(f"/records/{front.here}?{day}", user=cashless)
    assert "paid_full" not in listed[0]
    assert (await front.get(f"/records/{front.here}?{day}"))[0]["paid_full"] == 1


async def test_every_write_leaves_a_trail(front: Front) -> None:
    b = front.business
    made = await front.create("10:00", comment="Tea")
    await front.update(made, "11:00", user=b.receptionist)
    await front.update(made, "11:00")
    await front.edit_visit(made, fast_payment=1)
    await front.delete(made)
    rows = await front.db.fetch(
        "SELECT * FROM audit_log WHERE entity_id = $1 AND entity = 'appointment' ORDER BY id", made["id"]
    )
    assert [(row["user_id"], sorted((row["after"] or row["before"]).keys())) for row in rows[1:3]] == [
        (b.receptionist.id, ["starts_at"]),
        (b.owner.id, ["attendance"]),
    ], "what was said again left no trail"
    assert (rows[0]["before"], rows[0]["after"]["comment"], rows[0]["partner_id"] is not None) == (None, "Tea", True)
    assert (rows[-1]["after"], rows[-1]["before"]["attendance"]) == (None, 1)
    [paid] = await front.db.fetch("SELECT before, after FROM audit_log WHERE entity = 'visit'")
    assert (paid["before"], paid["after"]) == ({"paid": "0.00"}, {"paid": "45.00"})
    told = await front.db.fetch("SELECT kind FROM outbox WHERE kind LIKE 'appointment.%' ORDER BY id")
    assert [row["kind"].split(".")[1] for row in told] == ["created", "changed", "changed", "deleted"]
