"""Clients sign in: by password, or by a code sent to their phone."""

from __future__ import annotations

from tests.conformance.api import Api
from tests.makers.world import PASSWORD

NOBODY = "+13155558888"


async def send_booking_verification_code(api: Api) -> None:
    place = api.here
    answer = await api(201, body={"phone": NOBODY, "fulname": "James Smith"}, **place)
    assert answer["meta"]["message"] == "Created"
    assert (await api.code_sent_to(NOBODY[1:])).isdigit()
    await api(422, body={"phone": "12", "fulname": "James Smith"}, **place)
    await api(422, body={"fulname": "James Smith"}, **place)
    await api(404, body={"phone": NOBODY}, location_id=9_999_999)
    await api(401, partner="", body={"phone": NOBODY}, **place)
    await api(401, partner="unknown", body={"phone": NOBODY}, **place)


async def authorize_online_booking_user(api: Api) -> None:
    client = api.world.client
    for login in (f"+{client.phone}", client.email):
        answer = await api(201, body={"login": login, "password": PASSWORD})
        assert "success" not in answer, "the answer is bare"
        assert (answer["id"], answer["name"]) == (client.id, client.name)
        assert answer["phone"] == f"+{client.phone}"
        mine = await api(200, op="get_booking_user", user=answer["user_token"])
        assert mine["id"] == client.id, "the token is good for the cabinet"
    await api(401, body={"login": client.email, "password": "wrong"})
    await api(401, partner="", body={"login": client.email, "password": PASSWORD})


async def log_in_with_phone_number_and_code(api: Api) -> None:
    booked = await api.book(phone=NOBODY)
    await api(
        201,
        op="send_booking_verification_code",
        body={"phone": NOBODY, "fulname": "Nina New"},
        location_id=api.business.location_id,
    )
    code = await api.code_sent_to(NOBODY[1:])
    await api(401, body={"login": NOBODY, "password": str(int(code) ^ 1)})
    answer = await api(201, body={"login": NOBODY, "password": code})
    assert list(answer) == ["user_token"], "the answer is bare"
    mine = await api(
        201,
        op="get_user_appointment_list",
        user=answer["user_token"],
        record_id=booked["record_id"],
        record_hash="none",
    )
    assert mine["data"][0]["id"] == booked["record_id"], "appointments made without an account are the client's"
    await api(401, body={"login": NOBODY, "password": code})
