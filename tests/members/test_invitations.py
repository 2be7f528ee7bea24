"""From an invitation to somebody who works here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from agendum.core import clock
from tests.makers.world import PASSWORD
from tests.members.conftest import Office, complaints

pytestmark = pytest.mark.anyio

EMAIL, PHONE = "nora@example.net", "13155547777"


@pytest.fixture(autouse=True)
def clock_in_step() -> Iterator[None]:
    yield
    clock.shift_clock(timedelta())


async def test_a_new_person_registers_through_the_link(office: Office) -> None:
    anna = office.business.anna
    token, user_id = await office.invited(EMAIL, name="Nora", position="Stylist", staff_id=anna, user_role="worker")
    shown = (await office.users())[user_id]
    assert shown == {
        "id": user_id,
        "name": "Nora",
        "phone": "",
        "email": EMAIL,
        "information": "Stylist",
        "is_approved": False,
        "is_non_deletable": False,
    }
    told = await office.data(f"/user/invitation/{token}", office.small.stranger)
    assert told.pop("expires_at")
    assert told == {
        "company_id": office.here,
        "company_title": "La Visage",
        "name": "Nora",
        "position": "Stylist",
        "recipient": EMAIL,
        "may_register": True,
    }
    assert (await office.accept(token)).status_code == 422  # a password is needed
    assert complaints(await office.accept(token, password="short")) == (422, ["password"])
    answer = await office.accept(token, name="Nora North", password="a better password")
    assert answer.status_code == 201, answer.text
    me = answer.json()["data"]
    assert (me["id"], me["name"], me["email"]) == (user_id, "Nora North", EMAIL)
    assert (me["is_approved"], me["is_email_confirmed"]) == (True, True)
    assert await office.may_enter(me["user_token"])
    found, rights = await office.permissions(user_id)
    assert (found["user_role"], found["staff_id"], rights["timetable_master_id"]) == ("worker", anna, anna)
    shown = (await office.users())[user_id]
    assert (shown["name"], shown["information"], shown["is_approved"]) == ("Nora North", "Stylist", True)
    signed_in = await office.send("POST", "/auth", None, {"login": EMAIL, "password": "a better password"})
    assert signed_in.status_code == 201
    assert (await office.accept(token, password="a better password")).status_code == 404  # once
    assert (await office.send("GET", f"/user/invitation/{token}", None)).status_code == 404


async def test_by_phone_too_and_in_any_form(office: Office) -> None:
    token, user_id = await office.invited("1 (315) 554-7777", name="Nora", user_role="administrator")
    assert (await office.users())[user_id]["phone"] == f"+{PHONE}"
    me = (await office.accept(token, password="a better password")).json()["data"]
    assert (me["phone"], me["name"], me["is_email_confirmed"]) == (f"+{PHONE}", "Nora", False)
    assert await office.may_enter(me["user_token"])


async def test_an_invitation_alone_opens_nothing(office: Office) -> None:
    friend = office.small.client
    _, user_id = await office.invited(f"+{friend.phone}", user_role="manager")
    assert user_id == friend.id
    assert not await office.may_enter(friend)
    assert (await office.send("GET", f"/company/{office.here}/users", friend)).status_code == 403
    listed = await office.send("GET", "/companies", friend, my=1)
    assert listed.json()["data"] == []
    # Nor does it tell who he is before he has agreed.
    shown = (await office.users())[user_id]
    assert (shown["name"], shown["email"], shown["phone"]) == ("", "", f"+{friend.phone}")


async def test_who_has_an_account_signs_in_to_accept(office: Office) -> None:
    friend = office.small.client
    token, _ = await office.invited(friend.email, name="Somebody", user_role="administrator")
    assert (await office.data(f"/user/invitation/{token}"))["may_register"] is False
    assert (await office.accept(token)).status_code == 401
    # The link cannot take the account over.
    assert (await office.accept(token, name="Thief", password="my own password")).status_code == 401
    assert (await office.accept(token, office.small.stranger)).status_code == 403
    assert not await office.may_enter(friend)
    answer = await office.accept(token, friend)
    assert answer.status_code == 201, answer.text
    me = answer.json()["data"]
    assert (me["user_token"], me["name"], me["is_email_confirmed"]) == (friend.token, friend.name, True)
    assert await office.may_enter(friend)
    assert (await office.send("POST", "/auth", None, {"login": friend.login, "password": PASSWORD})).status_code == 201


async def test_who_claims_another_s_address_gets_no_place_by_his_link(office: Office) -> None:
    """Mallory was invited by phone once, signed in by code, and wrote Nora's e-mail into her account."""
    _, mallory = await office.invited(f"+{PHONE}", name="Mallory")
    await office.send("DELETE", office.person(mallory), office.owner)
    await office.send("POST", f"/book_code/{office.here}", None, {"phone": f"+{PHONE}"})
    code = await office.db.fetchval("SELECT body ->> 'code' FROM outbox WHERE kind = 'phone_code.requested'")
    signed_in = await office.send("POST", "/user/auth", None, {"login": f"+{PHONE}", "password": code})
    hers = signed_in.json()["user_token"]
    assert (await office.send("PUT", "/booking/user", hers, {"email": EMAIL})).status_code == 202
    token, user_id = await office.invited(EMAIL, name="Nora", user_role="manager")
    assert user_id == mallory
    # The link is Nora's; it neither gives her Mallory's account nor Mallory her place.
    assert (await office.accept(token, name="Nora", password="a better password")).status_code == 401
    assert not await office.may_enter(hers)


async def test_rights_may_be_given_while_the_invitation_waits(office: Office) -> None:
    token, user_id = await office.invited(EMAIL, name="Nora")
    answer = await office.change(
        user_id, user_role="administrator", rights={"send_sms": False}, staff_id=office.business.peter
    )
    assert answer.status_code == 200, answer.text
    me = (await office.accept(token, password="a better password")).json()["data"]
    found, rights = await office.permissions(me["id"])
    assert (found["user_role"], found["staff_id"]) == ("administrator", office.business.peter)
    assert (rights["send_sms"], rights["create_records_access"]) == (False, True)


async def test_a_second_invitation_voids_the_first_link(office: Office) -> None:
    first, user_id = await office.invited(EMAIL, name="Nora")
    second, again = await office.invited(EMAIL, name="Nora", user_role="administrator")
    assert user_id == again
    assert (await office.accept(first, password="a better password")).status_code == 404
    assert (await office.accept(second, password="a better password")).status_code == 201


async def test_an_invitation_grows_old_and_can_be_taken_back(office: Office) -> None:
    token, user_id = await office.invited(EMAIL, name="Nora")
    clock.shift_clock(timedelta(days=14, minutes=1))
    assert (await office.accept(token, password="a better password")).status_code == 404
    clock.shift_clock(timedelta())
    assert (await office.send("DELETE", office.person(user_id), office.owner)).status_code == 204
    assert (await office.accept(token, password="a better password")).status_code == 404
    assert user_id not in await office.users()
    assert (await office.accept("0" * 32, password="a better password")).status_code == 404


async def test_of_two_who_come_with_one_link_one_gets_in(office: Office) -> None:
    token, _ = await office.invited(EMAIL, name="Nora")
    answers = await asyncio.gather(*(office.accept(token, password=f"a better password {n}") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 404, 404, 404]


async def test_a_link_into_a_closed_location_leads_nowhere(office: Office) -> None:
    token, _ = await office.invited(EMAIL, name="Nora")
    assert (await office.send("DELETE", f"/company/{office.here}", office.owner)).status_code == 202
    assert (await office.accept(token, password="a better password")).status_code == 404


async def test_a_team_member_who_left_meanwhile_leaves_no_calendar_behind(office: Office) -> None:
    token, user_id = await office.invited(EMAIL, name="Nora", staff_id=office.business.anna)
    await office.db.execute("UPDATE team_members SET deleted_at = $1 WHERE id = $2", clock.now(), office.business.anna)
    assert (await office.accept(token, password="a better password")).status_code == 201
    found, rights = await office.permissions(user_id)
    assert (found["staff_id"], rights["timetable_access"], rights["timetable_master_id"]) == (None, False, 0)


async def test_all_are_invited_or_nobody(office: Office) -> None:
    clerk = await office.hired("administrator", rights={"users_access": True, "create_users_access": True})
    answer = await office.invite(
        {"search": EMAIL},
        {"search": "nobody"},
        {"search": f"+{clerk.phone}"},
        {"search": EMAIL.upper()},
        {"search": "+13155547778", "staff_id": office.business.yuki},
        {"search": "+13155547779", "user_permissions": [{"slug": "no_such", "value": 1}]},
        {"search": "+13155547780", "user_role": "owner"},
        as_user=clerk,
    )
    assert complaints(answer) == (
        422,
        [
            "invites[1].search",
            "invites[2].search",
            "invites[3].search",
            "invites[4].staff_id",
            "invites[5].user_permissions[0].slug",
            "invites[6].user_role",
        ],
    )
    assert await office.users(is_approved=0) == {}
    assert await office.db.fetchval("SELECT count(*) FROM outbox WHERE kind = 'user.invited'") == 0
    assert complaints(await office.invite(as_user=clerk)) == (422, ["invites"])
    refused = await office.invite({"search": EMAIL, "user_role": "owner"}, as_user=clerk)
    assert complaints(refused) == (403, ["invites[0].user_role"])
    beyond = {"search": EMAIL, "user_permissions": [{"slug": "finances_access", "value": True}]}
    assert complaints(await office.invite(beyond, as_user=clerk)) == (403, ["invites[0].user_permissions[0].value"])


async def test_a_chain_does_not_flood_people_with_invitations(office: Office) -> None:
    for page in range(4):
        invites = [{"search": f"guest{page}.{n}@example.net"} for n in range(50)]
        assert (await office.invite(*invites)).status_code == 202
    refused = await office.invite({"search": EMAIL})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    clock.shift_clock(timedelta(days=1, minutes=1))
    assert (await office.invite({"search": EMAIL})).status_code == 202


async def test_the_token_is_kept_under_no_idempotency_key(office: Office) -> None:
    token, _ = await office.invited(EMAIL, name="Nora")
    headers = {"Authorization": f"Bearer {office.small.partner_token}", "Idempotency-Key": "once"}
    body = {"token": token, "password": "a better password"}
    answer = await office.world.http.post("/user/invite/accept", json=body, headers=headers)
    assert answer.status_code == 201
    assert await office.db.fetchval("SELECT count(*) FROM idempotency_keys") == 0
