"""One-time codes: sent, used once, soon void, and not to be guessed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from agendum.access import actions
from agendum.core import clock
from tests.conftest import World
from tests.makers.access import FrontDesk, make_user

pytestmark = pytest.mark.anyio

PHONE = "13155550175"
OTHER = "37126123456"


def not_the(code: str) -> str:
    return "99999" if code != "99999" else "88888"


async def test_a_code_goes_out_in_the_name_of_the_location(desk: FrontDesk) -> None:
    answer = await desk.ask_code("+1 (315) 555-01-75", fulname=" James Smith ")
    assert (answer.status_code, answer.json()) == (
        201,
        {"success": True, "data": None, "meta": {"message": "Created"}},
    )
    [message] = await desk.messages(PHONE)
    code = message.pop("code")
    assert code.isdigit()
    assert len(code) == 5
    assert message == {
        "chain_id": desk.chain_id,
        "location_id": desk.location_id,
        "phone": PHONE,
        "name": "James Smith",
    }
    await desk.ask_code(f"+{OTHER}", fullname="Anna")
    assert (await desk.messages(OTHER))[0]["name"] == "Anna"
    stored = await desk.db.fetch("SELECT code_hash FROM phone_codes")
    assert all(code.encode() not in row["code_hash"] for row in stored)


async def test_a_code_is_refused_to_strangers_nowhere_and_no_phone(desk: FrontDesk) -> None:
    body = {"phone": "+13155550175"}
    path = f"/book_code/{desk.location_id}"
    assert (await desk.http.post(path, json=body)).status_code == 401
    assert (await desk.http.post("/book_code/999999", json=body, headers=desk.headers())).status_code == 404
    for wrong in ({}, {"phone": ""}, {"phone": "12"}, {"phone": "hello"}):
        answer = await desk.http.post(path, json=wrong, headers=desk.headers())
        assert (answer.status_code, answer.json()["meta"]["errors"][0]["field"]) == (422, "phone")
    assert await desk.db.fetchval("SELECT count(*) FROM outbox") == 0


async def test_phone_and_code_sign_in_and_make_the_user_once(desk: FrontDesk, later: Callable[..., None]) -> None:
    first = await desk.sign_in_by_code("+13155550175", await desk.code_for(PHONE))
    assert first.status_code == 201
    assert list(first.json()) == ["user_token"]
    user = (await desk.data(first.json()["user_token"])).json()
    assert (user["phone"], user["name"], user["login"], user["email"]) == ("+13155550175", "", "", "")
    later(minutes=2)
    code = await desk.code_for(PHONE)
    body = {"phone": "1 315 555 0175", "code": int(code)}
    second = await desk.http.post("/user/auth", json=body, headers=desk.headers())
    assert (await desk.data(second.json()["user_token"])).json()["id"] == user["id"]
    assert (await desk.data(first.json()["user_token"])).status_code == 200


async def test_a_code_signs_in_the_user_who_has_the_phone(desk: FrontDesk) -> None:
    user_id = await make_user(desk.db, phone=PHONE, email="j@example.com", password="sesame!")
    answer = await desk.sign_in_by_code(PHONE, await desk.code_for(PHONE))
    assert (await desk.data(answer.json()["user_token"])).json()["id"] == user_id
    assert (await desk.sign_in(PHONE, "sesame!")).status_code == 201


async def test_a_code_opens_once_and_only_its_own_phone(desk: FrontDesk) -> None:
    code = await desk.code_for(PHONE)
    refused = await desk.sign_in_by_code(OTHER, code)
    assert (refused.status_code, refused.json()["meta"]["message"]) == (401, "Wrong phone or code.")
    assert (await desk.sign_in_by_code(PHONE, code)).status_code == 201
    assert (await desk.sign_in_by_code(PHONE, code)).status_code == 401
    nonsense = await desk.sign_in_by_code("hello", "12345")
    assert (nonsense.status_code, nonsense.json()["meta"]["errors"][0]["field"]) == (422, "login")


async def test_a_code_lives_ten_minutes(desk: FrontDesk, later: Callable[..., None]) -> None:
    early, late = await desk.code_for(PHONE), await desk.code_for(OTHER)
    later(minutes=9, seconds=55)
    assert (await desk.sign_in_by_code(PHONE, early)).status_code == 201
    later(minutes=10, seconds=1)
    assert (await desk.sign_in_by_code(OTHER, late)).status_code == 401


async def test_a_new_code_makes_the_older_void_for_good(desk: FrontDesk, later: Callable[..., None]) -> None:
    old = await desk.code_for(PHONE)
    later(minutes=1, seconds=1)
    new = await desk.code_for(PHONE)
    if old != new:  # one in 90,000 times they are the same
        assert (await desk.sign_in_by_code(PHONE, old)).status_code == 401
    assert (await desk.sign_in_by_code(PHONE, new)).status_code == 201
    assert (await desk.sign_in_by_code(PHONE, old)).status_code == 401


async def test_five_wrong_tries_kill_a_code(desk: FrontDesk, later: Callable[..., None]) -> None:
    code = await desk.code_for(PHONE)
    for _ in range(4):
        assert (await desk.sign_in_by_code(PHONE, not_the(code))).status_code == 401
    assert (await desk.sign_in_by_code(PHONE, code)).status_code == 201
    later(minutes=2)
    code = await desk.code_for(PHONE)
    for _ in range(5):
        assert (await desk.sign_in_by_code(PHONE, not_the(code))).status_code == 401
    assert (await desk.sign_in_by_code(PHONE, code)).status_code == 401


async def test_of_two_who_use_one_code_at_once_one_wins(desk: FrontDesk) -> None:
    code = await desk.code_for(PHONE)
    answers = await asyncio.gather(*(desk.sign_in_by_code(PHONE, code) for _ in range(6)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 201
    assert set(statuses[1:]) <= {401, 429}
    assert await desk.db.fetchval("SELECT count(*) FROM users WHERE phone = $1", PHONE) == 1


async def test_a_code_that_another_request_is_checking_is_not_checked_twice(desk: FrontDesk, world: World) -> None:
    code = await desk.code_for(PHONE)
    async with desk.db.transaction():
        assert await actions.check_code(desk.db, phone=PHONE, code=code, now=clock.now())
        busy = await desk.sign_in_by_code(PHONE, code)
        assert (busy.status_code, busy.headers["retry-after"]) == (429, "1")
    assert (await desk.sign_in_by_code(PHONE, code)).status_code == 401


async def test_a_code_lives_on_when_what_it_was_for_is_refused(desk: FrontDesk, world: World) -> None:
    code, pools = await desk.code_for(PHONE), world.server.pools

    async def refused_with(guess: str) -> bool:
        transaction = desk.db.transaction()
        await transaction.start()
        right = await actions.check_code(desk.db, phone=PHONE, code=guess, now=clock.now(), pools=pools)
        await transaction.rollback()
        return right

    assert await refused_with(code)
    for _ in range(4):
        assert not await refused_with(not_the(code))
    assert await refused_with(code)
    assert not await refused_with(not_the(code))
    assert not await refused_with(code)
    assert (await desk.sign_in_by_code(PHONE, code)).status_code == 401


async def test_a_phone_gets_one_code_a_minute_and_five_an_hour(desk: FrontDesk, later: Callable[..., None]) -> None:
    for n in range(5):
        later(minutes=2 * n)
        assert (await desk.ask_code("+13155550175", ip=f"10.0.0.{n}")).status_code == 201
        refused = await desk.ask_code("1 315 555 0175", ip=f"10.0.1.{n}")
        assert refused.status_code == 429
    later(minutes=10)
    refused = await desk.ask_code("+13155550175")
    assert refused.status_code == 429
    assert 49 * 60 <= int(refused.headers["retry-after"]) <= 50 * 60
    assert len(await desk.messages(PHONE)) == 5
    assert (await desk.ask_code(f"+{OTHER}")).status_code == 201
    later(minutes=60, seconds=1)
    assert (await desk.ask_code("+13155550175")).status_code == 201


async def test_an_address_gets_twenty_codes_an_hour(desk: FrontDesk, later: Callable[..., None]) -> None:
    asked = await asyncio.gather(*(desk.ask_code(f"+1315555{n:04}") for n in range(100, 125)))
    assert sorted(answer.status_code for answer in asked) == [201] * 20 + [429] * 5
    assert (await desk.ask_code(f"+{OTHER}", ip="10.0.0.2")).status_code == 201
    assert await desk.db.fetchval("SELECT count(*) FROM outbox") == 21
    later(minutes=60, seconds=1)
    assert (await desk.ask_code("+13155550100")).status_code == 201


async def test_a_phone_asked_for_twice_at_once_gets_one_code(desk: FrontDesk) -> None:
    answers = await asyncio.gather(*(desk.ask_code("+13155550175") for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [429] * 5
    assert len(await desk.messages(PHONE)) == 1


async def test_a_repeated_request_sends_nothing_twice(desk: FrontDesk) -> None:
    headers = desk.headers() | {"idempotency-key": "once"}
    path, body = f"/book_code/{desk.location_id}", {"phone": "+13155550175"}
    answers = [await desk.http.post(path, json=body, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(await desk.messages(PHONE)) == 1


async def test_a_user_is_made_once_and_never_changed_by_who_books(desk: FrontDesk) -> None:
    async def made(phone: str, name: str = "", email: str = "") -> int:
        return await actions.find_or_make_user_by_phone(desk.db, phone, name, email, clock.now())

    first = await made(PHONE, "James", "j@example.com")
    assert await made(PHONE, "Somebody Else", "else@example.com") == first
    second = await made(OTHER, "Anna", "J@example.com")  # the e-mail is taken
    third = await made("37126000000", "Eva", "not an e-mail")
    users = await desk.db.fetch("SELECT id, name, email FROM users ORDER BY id")
    assert [tuple(user) for user in users] == [
        (first, "James", "j@example.com"),
        (second, "Anna", ""),
        (third, "Eva", ""),
    ]
