"""The signed-in user's own data, phone and password."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.makers.access import FrontDesk, make_user, make_user_token
from tests.makers.world import make_chain

pytestmark = pytest.mark.anyio

PHONE = "13155550175"
NEW_PHONE = "37126123456"
ACCEPTED = (202, {"success": True, "data": None, "meta": {"message": "Accepted"}})


@pytest.fixture
async def token(desk: FrontDesk) -> str:
    """James, signed in."""
    user_id = await make_user(
        desk.db, phone=PHONE, email="j@example.com", login="james", password="sesame!", email_confirmed=True
    )
    return await make_user_token(desk.db, user_id)


def seen(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json()


def refused_field(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["meta"]["errors"][0]["field"]


async def facts(desk: FrontDesk, token: str) -> dict[str, Any]:
    answer = await desk.data(token)
    assert answer.status_code == 200
    return {key: answer.json()[key] for key in ("name", "phone", "email", "login")}


JAMES = {"name": "James Smith", "phone": "+13155550175", "email": "j@example.com", "login": "james"}


async def dies(desk: FrontDesk, token: str) -> bool:
    """Whether a token is refused as soon as every process has heard of it."""
    for _ in range(100):
        if (await desk.data(token)).status_code == 401:
            return True
    return False


async def test_every_door_of_the_cabinet_needs_a_partner_and_a_user(desk: FrontDesk, token: str) -> None:
    doors = [
        ("GET", "/booking/user/data"),
        ("PUT", "/booking/user"),
        ("PUT", "/booking/user/password"),
        ("GET", f"/booking/user/phone_confirmation?company_id={desk.location_id}&phone=37126123456"),
    ]
    for method, path in doors:
        for headers in (
            {},
            desk.headers(),
            desk.headers("unknown"),
            {"authorization": f"User {token}"},
        ):
            body = {"name": "Nobody", "new_password": "long enough"} if method == "PUT" else None
            answer = await desk.http.request(method, path, json=body, headers=headers)
            assert (answer.status_code, answer.json()["meta"]["message"]) == (401, "Authentication needed.")
    assert await facts(desk, token) == JAMES


async def test_only_what_is_given_changes(desk: FrontDesk, token: str) -> None:
    assert seen(await desk.change(token, name=" Jim ", email=None)) == ACCEPTED
    assert await facts(desk, token) == JAMES | {"name": "Jim"}
    assert seen(await desk.change(token, email="jim@example.com")) == ACCEPTED
    assert await facts(desk, token) == JAMES | {"name": "Jim", "email": "jim@example.com"}
    assert seen(await desk.change(token, email="")) == ACCEPTED
    assert seen(await desk.change(token)) == ACCEPTED
    assert await facts(desk, token) == JAMES | {"name": "Jim", "email": ""}


async def test_a_new_email_is_not_a_confirmed_one(desk: FrontDesk, token: str) -> None:
    async def confirmed() -> bool:
        return (await desk.sign_in("james", "sesame!")).json()["data"]["is_email_confirmed"]

    await desk.change(token, email="J@Example.com")
    assert await confirmed()
    await desk.change(token, email="jim@example.com")
    assert not await confirmed()


async def test_what_cannot_be_is_refused_and_changes_nothing(desk: FrontDesk, token: str) -> None:
    for field, value in (
        ("name", " "),
        ("name", "x" * 256),
        ("email", "james"),
        ("email", "a b@example.com"),
        ("email", "a@example"),
        ("email", "a@b@example.com"),
        ("phone", ""),
        ("phone", "12"),
    ):
        changes = {"name": "Jim", "email": "jim@example.com"} | {field: value}
        assert refused_field(await desk.change(token, **changes)) == (422, field), value
    assert await facts(desk, token) == JAMES


async def test_another_user_s_email_or_phone_is_refused_by_name(desk: FrontDesk, token: str) -> None:
    await make_user(desk.db, phone=NEW_PHONE, email="taken@example.com")
    assert refused_field(await desk.change(token, name="Jim", email="Taken@Example.com")) == (422, "email")
    code = await desk.code_for(NEW_PHONE)
    changes = {"name": "Jim", "phone": NEW_PHONE, "confirmation_code": code}
    assert refused_field(await desk.change(token, **changes)) == (422, "phone")
    assert await facts(desk, token) == JAMES
    # What was refused did not use the code up: it still lets the phone's owner in.
    assert (await desk.sign_in_by_code(NEW_PHONE, code)).status_code == 201


async def test_of_two_who_take_one_email_at_once_one_gets_it(desk: FrontDesk, token: str) -> None:
    tokens = [token] + [await make_user_token(desk.db, await make_user(desk.db, login=f"user{n}")) for n in range(4)]
    answers = await asyncio.gather(*(desk.change(each, email="one@example.com") for each in tokens))
    assert sorted(answer.status_code for answer in answers) == [202] + [422] * 4
    emails = [(await facts(desk, each))["email"] for each in tokens]
    assert emails.count("one@example.com") == 1


async def test_a_new_phone_needs_the_code_sent_to_it(desk: FrontDesk, token: str) -> None:
    assert seen(await desk.change(token, phone="1 315 555 0175")) == ACCEPTED  # his own: no code
    assert refused_field(await desk.change(token, phone=NEW_PHONE)) == (422, "confirmation_code")
    asked = await desk.confirm_phone(token, "+371 26 123456", company_id=desk.location_id)
    assert seen(asked) == ACCEPTED
    [message] = await desk.messages(NEW_PHONE)
    code = message.pop("code")
    assert message == {
        "chain_id": desk.chain_id,
        "location_id": desk.location_id,
        "phone": NEW_PHONE,
        "name": "James Smith",
    }
    wrong = await desk.change(token, phone=NEW_PHONE, confirmation_code="1")
    assert refused_field(wrong) == (422, "confirmation_code")
    another = await desk.change(token, phone="37126000000", confirmation_code=code)
    assert refused_field(another) == (422, "confirmation_code")
    assert await facts(desk, token) == JAMES
    assert seen(await desk.change(token, phone="+371 26 123456", confirmation_code=code)) == ACCEPTED
    assert await facts(desk, token) == JAMES | {"phone": "+37126123456"}
    assert (await desk.sign_in(NEW_PHONE, "sesame!")).status_code == 201
    assert (await desk.sign_in(PHONE, "sesame!")).status_code == 401


async def test_wrong_codes_of_refused_changes_are_counted(desk: FrontDesk, token: str) -> None:
    code = await desk.code_for(NEW_PHONE)
    for _ in range(5):
        wrong = await desk.change(token, phone=NEW_PHONE, confirmation_code="1")
        assert refused_field(wrong) == (422, "confirmation_code")
    late = await desk.change(token, phone=NEW_PHONE, confirmation_code=code)
    assert refused_field(late) == (422, "confirmation_code")
    assert await facts(desk, token) == JAMES


async def test_a_confirmation_goes_out_for_a_chain_through_its_first_location(desk: FrontDesk, token: str) -> None:
    assert seen(await desk.confirm_phone(token, NEW_PHONE, group_id=desk.chain_id, company_id=0)) == ACCEPTED
    empty = await make_chain(desk.db, "No location yet")
    assert seen(await desk.confirm_phone(token, "37126000000", group_id=empty)) == ACCEPTED
    places = [
        (message["chain_id"], message["location_id"])
        for phone in (NEW_PHONE, "37126000000")
        for message in await desk.messages(phone)
    ]
    assert places == [(desk.chain_id, desk.location_id), (empty, 0)]


async def test_a_confirmation_is_refused_for_nowhere_and_for_no_phone(desk: FrontDesk, token: str) -> None:
    stranger = await make_chain(desk.db, "Elsewhere")
    here = {"company_id": desk.location_id}
    assert refused_field(await desk.confirm_phone(token, NEW_PHONE)) == (422, "company_id")
    assert refused_field(await desk.confirm_phone(token, "", **here)) == (422, "phone")
    assert refused_field(await desk.confirm_phone(token, "12", **here)) == (422, "phone")
    for place in ({"company_id": 999999}, {"group_id": 999999}, here | {"group_id": stranger}, {"group_id": 2**62}):
        assert (await desk.confirm_phone(token, NEW_PHONE, **place)).status_code == 404, place
    assert await desk.db.fetchval("SELECT count(*) FROM outbox") == 0
    assert (await desk.confirm_phone(token, NEW_PHONE, **here)).status_code == 202
    assert (await desk.confirm_phone(token, NEW_PHONE, **here)).status_code == 429


async def test_a_new_password_makes_a_new_token_and_kills_the_others(desk: FrontDesk, token: str) -> None:
    other = (await desk.sign_in("james", "sesame!")).json()["data"]["user_token"]
    assert (await desk.data(other)).status_code == 200
    answer = await desk.change_password(token, "sesame!", "open sesame!")
    body = answer.json()
    fresh = body["data"]["user_token"]
    assert (answer.status_code, body) == (200, {"success": True, "data": {"user_token": fresh}, "meta": []})
    assert await dies(desk, token)
    assert await dies(desk, other)
    assert await facts(desk, fresh) == JAMES
    assert (await desk.sign_in("james", "sesame!")).status_code == 401
    assert (await desk.sign_in("james", "open sesame!")).status_code == 201


async def test_a_password_is_refused_by_name_and_stays(desk: FrontDesk, token: str) -> None:
    assert refused_field(await desk.change_password(token, "wrong", "open sesame!")) == (422, "old_password")
    assert refused_field(await desk.change_password(token, "", "open sesame!")) == (422, "old_password")
    assert refused_field(await desk.change_password(token, "sesame!", "short")) == (422, "new_password")
    empty = await desk.http.put("/booking/user/password", json={}, headers=desk.headers(token))
    assert refused_field(empty) == (422, "new_password")
    assert await facts(desk, token) == JAMES
    assert (await desk.sign_in("james", "sesame!")).status_code == 201


async def test_an_old_password_cannot_be_guessed_with_a_stolen_token(
    desk: FrontDesk, token: str, later: Callable[..., None]
) -> None:
    guesses = await asyncio.gather(*(desk.change_password(token, "wrong", "open sesame!") for _ in range(4)))
    counted = sum(answer.status_code == 422 for answer in guesses)
    for _ in range(5 - counted):
        assert (await desk.change_password(token, "wrong", "open sesame!")).status_code == 422
    refused = await desk.change_password(token, "sesame!", "open sesame!")
    assert refused.status_code == 429
    assert 14 * 60 <= int(refused.headers["retry-after"]) <= 15 * 60
    later(minutes=16)
    assert (await desk.change_password(token, "sesame!", "open sesame!")).status_code == 200


async def test_who_signed_in_by_code_may_set_his_first_password(desk: FrontDesk) -> None:
    code = await desk.code_for(PHONE)
    token = (await desk.sign_in_by_code(PHONE, code)).json()["user_token"]
    body = {"new_password": "open sesame!"}
    answer = await desk.http.put("/booking/user/password", json=body, headers=desk.headers(token))
    assert answer.status_code == 200
    assert await dies(desk, token)
    assert (await desk.sign_in(PHONE, "open sesame!")).status_code == 201
