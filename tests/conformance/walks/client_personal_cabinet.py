"""The client's own data, appointments and reviews."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api
from tests.makers.world import PASSWORD, Person

NEW_PHONE = "+13155558123"


async def update_booking_user(api: Api) -> None:
    client = api.world.client
    answer = await api(202, user=client, body={"name": "Nora Newname", "email": "nora@example.com"})
    assert answer["meta"]["message"] == "Accepted"
    mine = await api(200, op="get_booking_user", user=client)
    assert (mine["name"], mine["email"], mine["phone"]) == ("Nora Newname", "nora@example.com", f"+{client.phone}")
    await api(422, user=client, body={"phone": NEW_PHONE})
    await api(422, user=client, body={"phone": NEW_PHONE, "confirmation_code": "0"})
    await _ask_for_code(api, client)
    code = await api.code_sent_to(NEW_PHONE[1:])
    await api(202, user=client, body={"phone": NEW_PHONE, "confirmation_code": code})
    assert (await api(200, op="get_booking_user", user=client))["phone"] == NEW_PHONE
    await api(401, body={"name": "Nobody"})
    await api(401, partner="", body={"name": "Nobody"})


async def _ask_for_code(api: Api, client: Person) -> Any:
    return await api(
        202,
        op="send_phone_update_verification_code",
        user=client,
        query={"company_id": api.business.location_id, "group_id": 0, "phone": NEW_PHONE},
    )


async def get_booking_user(api: Api) -> None:
    client = api.world.client
    mine = await api(200, user=client)
    assert "success" not in mine, "the answer is bare"
    assert mine["0"] == mine["user_token"] == client.token
    assert (mine["id"], mine["login"]) == (client.id, client.login)
    await api(401)
    await api(401, user="unknown")
    await api(401, partner="", user=client)


async def update_booking_user_password(api: Api) -> None:
    client = api.world.client
    await api(422, user=client, body={"old_password": "wrong", "new_password": "a better password"})
    answer = await api(200, user=client, body={"old_password": PASSWORD, "new_password": "a better password"})
    token = answer["data"]["user_token"]
    assert token != client.token
    await api(200, op="get_booking_user", user=token)
    await api(401, op="get_booking_user", user=client)
    signed_in = {"login": client.email, "password": "a better password"}
    await api(201, op="authorize_online_booking_user", body=signed_in)
    await api(401, body={"old_password": PASSWORD, "new_password": "a better password"})


async def send_phone_update_verification_code(api: Api) -> None:
    client = api.world.client
    answer = await _ask_for_code(api, client)
    assert answer["meta"]["message"] == "Accepted"
    assert (await api.code_sent_to(NEW_PHONE[1:])).isdigit()
    await api(422, user=client, query={"company_id": 0, "group_id": 0, "phone": "+13155558124"})
    await api(422, user=client, query={"company_id": api.business.location_id, "group_id": 0})
    of_chain = {"company_id": 0, "group_id": api.business.chain_id, "phone": "+13155558125"}
    await api(202, user=client, query=of_chain)
    await api(401, query=of_chain)


def _key(made: Any) -> dict[str, Any]:
    return {"record_id": made["record_id"], "record_hash": made["record_hash"]}


async def get_user_appointment_list(api: Api) -> None:
    client = api.world.client
    made = await api.book(phone=f"+{client.phone}")
    key = _key(made)
    [record] = (await api(201, **key))["data"]
    assert (record["id"], record["deleted"]) == (made["record_id"], False)
    assert record["staff"]["specialization"] == "Stylist"
    assert record["company"]["allow_delete_record"] is True
    wrong: dict[str, Any] = _key(made) | {"record_hash": "0" * 32}
    [mine] = (await api(201, user=client, **wrong))["data"]
    assert mine["id"] == made["record_id"], "a signed-in client needs no key"
    await api(404, **wrong)
    await api(404, user=api.world.stranger, **wrong)
    await api(404, record_id=9_999_999, record_hash=made["record_hash"])
    await api(401, partner="", **key)


async def delete_user_appointment(api: Api) -> None:
    made = await api.book()
    key = _key(made)
    await api(404, record_id=made["record_id"], record_hash="0" * 32)
    await api(404, user=api.world.stranger, record_id=made["record_id"], record_hash="0" * 32)
    await api(401, partner="", **key)
    assert (await api.slot())[11:16] == "10:00"
    await api(200, **key)
    assert (await api.slot())[11:16] == "09:00", "the time is free again"
    [record] = (await api(201, op="get_user_appointment_list", **key))["data"]
    assert record["deleted"] is True
    mine = await api.book(phone=f"+{api.world.client.phone}")
    await api(200, user=api.world.client, record_id=mine["record_id"], record_hash="0" * 32)


async def get_feedback_form_status(api: Api) -> None:
    business = api.business
    made = await api.book()
    token = await api.review_token(made["record_id"])
    form = (await api(200, record_token=token))["data"]
    assert form["is_review_submitted"] is False
    assert (form["master"]["id"], form["company"]["id"]) == (business.anna, business.location_id)
    assert (form["record"]["id"], form["currency"]["iso"]) == (made["record_id"], "USD")
    await api(404, record_token="nothing")
    await api(401, partner="", record_token=token)


async def submit_feedback_form(api: Api) -> None:
    made = await api.book()
    token = await api.review_token(made["record_id"])
    await api.let_it_take_place(made["record_id"])
    await api(422, body={"rating": 6, "text": "Too good"}, record_token=token)
    await api(422, body={"text": "No stars"}, record_token=token)
    await api(404, body={"rating": 5}, record_token="nothing")
    await api(401, partner="", body={"rating": 5}, record_token=token)
    await api(200, body={"rating": 5, "text": "Excellent service!"}, record_token=token)
    form = (await api(200, op="get_feedback_form_status", record_token=token))["data"]
    assert form["is_review_submitted"] is True
    assert form["master"]["rating"] == 5
    await api(403, body={"rating": 1}, record_token=token)
