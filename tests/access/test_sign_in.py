"""Signing in by password: who gets in, who does not, and how often one may try."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from agendum.access import actions, passwords
from agendum.core import clock
from tests.makers.access import FrontDesk, make_user, make_user_token

pytestmark = pytest.mark.anyio

PHONE = "13155550175"
WRONG = {"success": False, "data": None, "meta": {"message": "Wrong login or password."}}


async def test_signs_in_by_phone_in_any_form_by_email_and_by_login_name(desk: FrontDesk) -> None:
    user_id = await make_user(
        desk.db,
        phone=PHONE,
        email="J.Smith@example.com",
        login="j.smith",
        password="sesame!",
        avatar="images/a.png",
        email_confirmed=True,
    )
    tokens: set[str] = set()
    for login in (
        "+13155550175",
        "13155550175",
        "+1 (315) 555-01-75",
        "j.smith@EXAMPLE.com",
        " J.Smith@example.com ",
        "J.SMITH",
    ):
        answer = await desk.sign_in(login, "sesame!")
        assert answer.status_code == 201, login
        body = answer.json()
        token = body["data"].pop("user_token")
        assert body == {
            "success": True,
            "data": {
                "id": user_id,
                "name": "James Smith",
                "phone": "+13155550175",
                "login": "j.smith",
                "email": "J.Smith@example.com",
                "avatar": "http://test/images/a.png",
                "is_approved": True,
                "is_email_confirmed": True,
            },
            "meta": [],
        }
        tokens.add(token)
    assert len(tokens) == 6
    for token in tokens:  # every token lives
        assert (await desk.data(token)).json()["user_token"] == token


async def test_the_client_s_sign_in_answers_a_bare_object(desk: FrontDesk) -> None:
    user_id = await make_user(desk.db, phone=PHONE, password="sesame!")
    answer = await desk.sign_in("+13155550175", "sesame!", path="/booking/auth")
    assert answer.status_code == 201
    body = answer.json()
    token = body.pop("user_token")
    assert body == {
        "id": user_id,
        "name": "James Smith",
        "phone": "+13155550175",
        "login": "",
        "email": "",
        "avatar": "",
    }
    assert (await desk.data(token)).json() == body | {"user_token": token, "0": token}


async def test_a_form_body_is_read_too(desk: FrontDesk) -> None:
    await make_user(desk.db, phone=PHONE, password="sesame!")
    form = {"login": "+13155550175", "password": "sesame!"}
    assert (await desk.http.post("/auth", data=form, headers=desk.headers())).status_code == 201


@pytest.mark.parametrize("path", ["/auth", "/booking/auth", "/user/auth"])
async def test_a_sign_in_needs_a_partner_and_both_fields(desk: FrontDesk, path: str) -> None:
    await make_user(desk.db, phone=PHONE, password="sesame!")
    body = {"login": "+13155550175", "password": "sesame!"}
    for headers in ({}, {"authorization": "Bearer nobody"}):
        answer = await desk.http.post(path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["meta"]["message"]) == (401, "Authentication needed.")
    for missing in body:
        rest = {key: value for key, value in body.items() if key != missing}
        answer = await desk.http.post(path, json=rest, headers=desk.headers())
        assert (answer.status_code, answer.json()["meta"]["errors"][0]["field"]) == (422, missing)


async def test_a_wrong_login_and_a_wrong_password_look_the_same(desk: FrontDesk) -> None:
    await make_user(desk.db, phone=PHONE, email="j@example.com", login="james", password="sesame!")
    await make_user(desk.db, name="No Password", phone="37126123456")
    # A user without e-mail and login name is not found by empty ones, nor is a phone inside an e-mail a phone.
    for login in ("james", "nobody", "37126123456", "", "13155550175@example.com"):
        for path in ("/auth", "/booking/auth"):
            answer = await desk.sign_in(login, "wrong", path=path)
            assert (answer.status_code, answer.json()) == (401, WRONG), login


async def test_an_old_hash_is_renewed_at_sign_in_and_the_tokens_live_on(desk: FrontDesk) -> None:
    passwords.set_hasher(PasswordHasher())
    user_id = await make_user(desk.db, phone=PHONE, password="sesame!")
    before = await desk.db.fetchval("SELECT password_hash FROM users WHERE id = $1", user_id)
    first = (await desk.sign_in(PHONE, "sesame!")).json()["data"]["user_token"]
    after = await desk.db.fetchval("SELECT password_hash FROM users WHERE id = $1", user_id)
    assert before.startswith("$argon2id$v=19$m=8,")
    assert after.startswith("$argon2id$v=19$m=65536,")
    assert (await desk.sign_in(PHONE, "sesame!")).status_code == 201
    assert await desk.db.fetchval("SELECT password_hash FROM users WHERE id = $1", user_id) == after
    assert (await desk.data(first)).status_code == 200


async def test_five_failures_close_a_login_for_a_quarter_of_an_hour(
    desk: FrontDesk, later: Callable[..., None]
) -> None:
    await make_user(desk.db, phone=PHONE, login="james", password="sesame!")
    for n, form in enumerate(("+13155550175", "13155550175", "+1 315 555 0175", "1-315-555-0175", PHONE)):
        later(minutes=n)
        assert (await desk.sign_in(form, "wrong", ip=f"10.0.0.{n}")).status_code == 401
    later(minutes=5)
    refused = await desk.sign_in("+13155550175", "sesame!", ip="10.0.0.99")
    assert refused.status_code == 429
    assert 9 * 60 <= int(refused.headers["retry-after"]) <= 10 * 60
    # Other ways to write the login have failures of their own, so that a refusal does not tell who has which.
    assert (await desk.sign_in("james", "sesame!")).status_code == 201
    later(minutes=14, seconds=50)
    assert (await desk.sign_in(PHONE, "sesame!")).status_code == 429
    later(minutes=15, seconds=1)
    assert (await desk.sign_in(PHONE, "sesame!")).status_code == 201


async def test_an_unknown_login_is_closed_like_a_known_one(desk: FrontDesk) -> None:
    for _ in range(5):
        assert (await desk.sign_in("Nobody@example.com", "wrong")).status_code == 401
    assert (await desk.sign_in("nobody@example.com", "wrong")).status_code == 429


async def test_success_clears_the_failures_of_its_login(desk: FrontDesk) -> None:
    await make_user(desk.db, phone=PHONE, password="sesame!")
    for password, status in [*[("wrong", 401)] * 4, ("sesame!", 201), *[("wrong", 401)] * 5, ("sesame!", 429)]:
        assert (await desk.sign_in(PHONE, password)).status_code == status


async def test_fifty_failures_close_an_address(desk: FrontDesk, later: Callable[..., None]) -> None:
    for n in range(11):
        await make_user(desk.db, login=f"user{n}", password="sesame!")
    for n in range(50):
        ip = "2001:db8::1" if n % 2 else "2001:db8::2:3:4:5"  # one subscriber's network
        assert (await desk.sign_in(f"user{n % 10}", "wrong", ip=ip)).status_code == 401
    refused = await desk.sign_in("user10", "sesame!", ip="2001:db8::ffff")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 15 * 60
    assert (await desk.sign_in_by_code("+13155550175", "12345", ip="2001:db8::1")).status_code == 429
    assert (await desk.sign_in("user10", "sesame!", ip="2001:db8:0:1::1")).status_code == 201
    later(minutes=16)
    assert (await desk.sign_in("user10", "sesame!", ip="2001:db8::1")).status_code == 201


async def test_parallel_guesses_get_no_further_than_single_ones(desk: FrontDesk) -> None:
    await make_user(desk.db, login="james", password="sesame!")
    answers = await asyncio.gather(*(desk.sign_in("james", "wrong") for _ in range(20)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * 5 + [429] * 15
    assert (await desk.sign_in("james", "sesame!")).status_code == 429


async def test_parallel_sign_ins_of_one_user_all_succeed(desk: FrontDesk) -> None:
    passwords.set_hasher(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))  # so the hash is renewed
    await make_user(desk.db, login="james", password="sesame!")
    answers = await asyncio.gather(*(desk.sign_in("james", "sesame!") for _ in range(15)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["data"]["user_token"] for answer in answers}) == 15


async def test_nobody_waits_for_the_passwords_of_others(desk: FrontDesk) -> None:
    passwords.set_hasher(PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1))
    token = await make_user_token(desk.db, await make_user(desk.db))
    # More sign-ins than the server has connections, or threads for passwords.
    guesses = asyncio.gather(*(desk.sign_in(f"nobody{n}", "wrong") for n in range(12)))
    reads = 0
    while not guesses.done():
        assert (await desk.data(token)).status_code == 200
        reads += 1
    assert {answer.status_code for answer in await guesses} == {401}
    assert reads > 12


async def test_what_the_command_line_makes_can_sign_in(desk: FrontDesk) -> None:
    now = clock.now()
    _, desk.partner_token = await actions.create_partner(desk.db, "Connector", now)
    user_id = await actions.create_user(
        desk.db, "Olga", "+1 315 555 0175", "olga@example.com", "olga", "first word", now
    )
    token = await actions.new_user_token(desk.db, user_id, now)
    assert (await desk.data(token)).json()["phone"] == "+13155550175"
    renewed = await actions.set_password(desk.db, user_id, "second word", now)
    assert (await desk.sign_in("olga", "first word")).status_code == 401
    assert (await desk.sign_in("olga", "second word")).json()["data"]["id"] == user_id
    assert (await desk.data(renewed)).status_code == 200
    for phone, email, login, field in (
        ("13155550175", "", "", "phone"),
        ("", "OLGA@example.com", "", "email"),
        ("", "", "Olga", "login"),
    ):
        with pytest.raises(actions.errors.Taken) as refusal:
            await actions.create_user(desk.db, "Other", phone, email, login, "", now)
        assert refusal.value.errors == [{"code": 422, "field": field, "message": f"Another user has this {field}."}]


async def test_a_token_is_not_given_for_a_password_that_changed_meanwhile(desk: FrontDesk) -> None:
    user_id = await make_user(desk.db, login="james", password="sesame!")
    async with desk.db.transaction():
        await actions.set_password(desk.db, user_id, "another word", clock.now())
        attempt = asyncio.create_task(desk.sign_in("james", "sesame!"))
        while not await desk.db.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            assert not attempt.done()  # the password was right; its token waits for the change to end
    assert (await attempt).status_code == 401


async def test_what_no_limit_looks_at_is_swept_away(desk: FrontDesk) -> None:
    await desk.sign_in("nobody", "wrong")
    await desk.code_for(PHONE)
    for days, left in ((0.9, 1), (1.1, 0)):
        await actions.sweep(desk.db, clock.now() + timedelta(days=days))
        for table in ("login_failures", "phone_codes"):
            assert await desk.db.fetchval(f"SELECT count(*) FROM {table}") == left


async def test_a_token_that_nobody_comes_with_is_forgotten(desk: FrontDesk, later: Callable[..., None]) -> None:
    user_id = await make_user(desk.db, login="james", password="sesame!")
    used, resting = [await make_user_token(desk.db, user_id) for _ in range(2)]
    for days in (100, 200, 300):
        later(days=days)
        assert (await desk.data(used)).status_code == 200
        await actions.sweep(desk.db, clock.now())
    assert (await desk.data(used)).status_code == 200
    assert (await desk.data(resting)).status_code == 401
    assert await desk.db.fetchval("SELECT count(*) FROM user_tokens") == 1
