"""Who belongs to a location, who is removed from it, and to where users are copied."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from agendum.core.rights import owner_rights
from agendum.core.signing import token_hash
from tests.makers.world import make_membership, make_person
from tests.members.conftest import Office, complaints

pytestmark = pytest.mark.anyio


async def give_everything(db: Any, chain_id: int) -> None:
    """To the owners of a chain."""
    query = "UPDATE memberships SET rights = $2 WHERE role = 'owner' AND chain_id = $1"
    await db.execute(query, chain_id, owner_rights(chain_id))


def links(*location_ids: int, **more: Any) -> dict[str, Any]:
    return {"user_company_links": [{"company_id": location_id, **more} for location_id in location_ids]}


async def test_users_of_a_location_are_its_own_and_the_chain_s(office: Office) -> None:
    business = office.business
    answer = await office.send("GET", f"/company/{office.here}/users", office.owner)
    assert answer.json()["meta"] == {"count": 3}
    users = await office.users()
    assert users.keys() == {business.owner.id, business.receptionist.id, business.limited.id}
    assert users[business.receptionist.id] == {
        "id": business.receptionist.id,
        "name": "Rita Reception",
        "phone": f"+{business.receptionist.phone}",
        "email": business.receptionist.email,
        "information": "Administrator",
        "is_approved": True,
        "is_non_deletable": False,
    }
    # The only owner, who belongs to the chain of two locations besides.
    assert users[business.owner.id]["is_non_deletable"] is True
    assert (await office.users(office.far)).keys() == {business.owner.id}


async def test_what_a_user_does_is_said_by_his_team_member_s_position(office: Office) -> None:
    person = await office.hired(staff_id=office.business.anna)
    assert (await office.users())[person.id]["information"] == "Stylist"


async def test_users_are_filtered(office: Office) -> None:
    business = office.business
    _, invited = await office.invited("nora@example.net")
    assert (await office.users(is_approved=0)).keys() == {invited}
    assert invited not in await office.users(is_approved=1)
    assert (await office.users(is_non_deletable=1)).keys() == {business.owner.id}
    assert (await office.users(is_approved=1, is_non_deletable=0)).keys() == {
        business.receptionist.id,
        business.limited.id,
    }


async def test_the_older_list_shows_rights_by_module(office: Office) -> None:
    person = await office.hired("worker", staff_id=office.business.anna)
    _, invited = await office.invited("nora@example.net")
    users = {user["id"]: user for user in await office.data(f"/company_users/{office.here}")}
    assert invited not in users
    mine = users[office.owner.id]
    assert (mine["firstname"], mine["login"], mine["access"]["master_id"]) == ("Olga Owner", office.owner.login, 0)
    assert mine["access"]["billing_access"] is mine["access"]["excel_access"] is True
    theirs = users[person.id]["access"]
    assert (theirs["timetable_access"], theirs["billing_access"]) == (True, False)
    assert theirs["master_id"] == office.business.anna


# Removing


async def test_who_is_removed_is_out_at_once(office: Office) -> None:
    person = await office.hired("administrator", staff_id=office.business.anna)
    assert await office.may_enter(person)
    answer = await office.send("DELETE", office.person(person.id), office.owner)
    assert (answer.status_code, answer.content) == (204, b"")
    assert not await office.may_enter(person)
    assert person.id not in await office.users()
    tied = await office.db.fetchval("SELECT user_id FROM team_members WHERE id = $1", office.business.anna)
    assert tied is None
    assert (await office.send("DELETE", office.person(person.id), office.owner)).status_code == 404


async def test_every_process_hears_that_somebody_is_out(office: Office) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    def hear(_connection: object, _pid: int, _channel: str, payload: object) -> None:
        heard.put_nowait(str(payload))

    await office.db.add_listener("agendum_cache", hear)
    receptionist = office.business.receptionist
    assert (await office.send("DELETE", office.person(receptionist.id), office.owner)).status_code == 204
    said = await asyncio.wait_for(heard.get(), 10)
    assert said == f"user:{token_hash(receptionist.token).hex()}"


async def test_the_last_owner_stays(office: Office) -> None:
    owner = office.owner
    both = links(office.here, office.far)
    removal = f"{office.person(owner.id)}/remove_from_companies"
    refused = await office.send("POST", removal, owner, both)
    assert refused.status_code == 422
    assert "last one" in refused.json()["meta"]["message"]
    lowered = await office.change(owner.id, user_role="manager")
    assert lowered.status_code == 422
    assert await office.may_enter(owner)
    # With a second owner of the whole chain the first may go.
    second = await make_person(office.db)
    await make_membership(office.db, office.business.chain_id, second, None, role="owner")
    assert (await office.users())[owner.id]["is_non_deletable"] is True  # not from one location alone
    assert (await office.send("POST", removal, owner, both)).status_code == 200
    assert not await office.may_enter(owner)
    assert not await office.may_enter(owner, office.far)


async def test_a_location_of_several_owners_can_lose_one_but_not_all(office: Office) -> None:
    db, chain_id = office.db, office.business.chain_id
    await db.execute("DELETE FROM memberships WHERE chain_id = $1 AND location_id IS NULL", chain_id)
    first, second = await make_person(db), await make_person(db)
    for person in (first, second):
        await make_membership(db, chain_id, person, office.here, role="owner")
    await give_everything(db, chain_id)
    assert (await office.change(second.id, first, user_role="manager")).status_code == 200
    assert complaints(await office.send("DELETE", office.person(first.id), first))[0] == 422
    assert complaints(await office.change(first.id, first, user_role="administrator"))[0] == 422
    assert (await office.change(second.id, first, user_role="owner")).status_code == 200
    assert (await office.send("DELETE", office.person(first.id), second)).status_code == 204
    assert not await office.may_enter(first)


async def test_two_owners_who_remove_each_other_at_once_leave_one(office: Office) -> None:
    db, chain_id = office.db, office.business.chain_id
    await db.execute("DELETE FROM memberships WHERE chain_id = $1 AND location_id IS NULL", chain_id)
    first, second = await make_person(db), await make_person(db)
    for person in (first, second):
        await make_membership(db, chain_id, person, office.here, role="owner")
    await give_everything(db, chain_id)
    answers = await asyncio.gather(
        office.send("DELETE", office.person(second.id), first), office.send("DELETE", office.person(first.id), second)
    )
    assert sorted(answer.status_code for answer in answers) == [204, 403]
    assert [await office.may_enter(person) for person in (first, second)].count(True) == 1


async def test_who_belongs_to_the_chain_leaves_all_of_it_or_nothing(office: Office) -> None:
    manager = await make_person(office.db)
    await make_membership(office.db, office.business.chain_id, manager, None, role="manager")
    refused = await office.send("DELETE", office.person(manager.id), office.owner)
    assert refused.status_code == 422
    assert "whole chain" in refused.json()["meta"]["message"]
    assert await office.may_enter(manager)
    everywhere = links(office.here, office.far)
    path = f"{office.person(manager.id)}/remove_from_companies"
    assert (await office.send("POST", path, office.owner, everywhere)).status_code == 200
    assert not await office.may_enter(manager)
    assert manager.id not in await office.users(office.far)


async def test_nobody_removes_somebody_above_him(office: Office) -> None:
    manager = await office.hired("manager", rights={"delete_users_access": True})
    assert (await office.send("DELETE", office.person(office.owner.id), manager)).status_code == 403
    worker = await office.hired("worker")
    assert (await office.send("DELETE", office.person(worker.id), manager)).status_code == 204


async def test_a_stranger_s_user_is_not_found_here(office: Office) -> None:
    stranger = office.small.stranger.id
    for method, path in (
        ("DELETE", office.person(stranger)),
        ("GET", f"{office.person(stranger)}/permissions"),
        ("GET", f"{office.person(stranger)}/roles"),
    ):
        assert (await office.send(method, path, office.owner)).status_code == 404, path
    assert (await office.change(stranger, user_role="worker")).status_code == 404
    assert await office.may_enter(office.small.stranger, office.small.stranger_location_id)


async def test_a_removal_that_names_a_wrong_place_removes_from_nowhere(office: Office) -> None:
    person = await office.hired("administrator")
    path = f"{office.person(person.id)}/remove_from_companies"
    elsewhere = office.small.stranger_location_id
    answer = await office.send("POST", path, office.owner, links(office.here, elsewhere, office.far, office.here))
    assert complaints(answer) == (
        422,
        [f"user_company_links[{n}].company_id" for n in (1, 3, 2)],
    )
    assert await office.may_enter(person)
    assert complaints(await office.send("POST", path, office.owner, {"user_company_links": []}))[0] == 422
    assert (await office.send("POST", path, office.owner, links(office.here))).status_code == 200
    assert not await office.may_enter(person)


# Copying


async def test_a_copy_is_active_at_once_with_the_same_rights(office: Office) -> None:
    person = await office.hired("administrator", rights={"dash_reviews_access": False})
    assert not await office.may_enter(person, office.far)
    path = f"{office.person(person.id)}/copy_to_companies"
    body = links(office.far, user_permissions=[{"slug": "send_sms", "value": False}])
    answer = await office.send("POST", path, office.owner, body)
    assert (answer.status_code, answer.json()["data"]) == (200, None), answer.text
    assert await office.may_enter(person, office.far)
    _, here = await office.permissions(person.id)
    found, there = await office.permissions(person.id, location_id=office.far)
    assert found["user_role"] == "administrator"
    assert there == here | {"send_sms": False}
    assert (await office.users(office.far))[person.id]["is_approved"] is True


async def test_a_copy_changes_an_invitation_that_still_waits(office: Office) -> None:
    person = await office.hired("administrator")
    body = {"invites": [{"search": f"+{person.phone}", "user_role": "worker"}]}
    assert (await office.send("POST", f"/user/invite/{office.far}", office.owner, body)).status_code == 202
    path = f"{office.person(person.id)}/copy_to_companies"
    assert (await office.send("POST", path, office.owner, links(office.far))).status_code == 200
    assert not await office.may_enter(person, office.far)
    found, _ = await office.permissions(person.id, location_id=office.far)
    assert found["user_role"] == "administrator"
    token = await office.db.fetchval("SELECT body ->> 'token' FROM outbox WHERE kind = 'user.invited'")
    assert (await office.accept(token, person)).status_code == 201
    assert await office.may_enter(person, office.far)


async def test_who_sees_his_own_calendar_only_sees_none_where_he_serves_nobody(office: Office) -> None:
    person = await office.hired("worker", staff_id=office.business.anna)
    path = f"{office.person(person.id)}/copy_to_companies"
    assert (await office.send("POST", path, office.owner, links(office.far))).status_code == 200
    _, there = await office.permissions(person.id, location_id=office.far)
    assert (there["timetable_access"], there["clients_access"]) == (False, False)


async def test_a_copy_needs_the_right_there_and_an_active_user_here(office: Office) -> None:
    business, elsewhere = office.business, office.small.stranger_location_id
    manager = await office.hired("manager")
    worker = await office.hired("worker", staff_id=business.anna)
    path = f"{office.person(worker.id)}/copy_to_companies"
    refused = await office.send("POST", path, manager, links(office.far))
    assert complaints(refused) == (403, ["user_company_links[0].company_id"])
    answer = await office.send("POST", path, office.owner, links(elsewhere, 99_999_999))
    assert complaints(answer) == (422, [f"user_company_links[{n}].company_id" for n in (0, 1)])
    _, invited = await office.invited("nora@example.net")
    path = f"{office.person(invited)}/copy_to_companies"
    assert complaints(await office.send("POST", path, office.owner, links(office.far))) == (422, ["user_id"])
    body = links(office.far, user_permissions=[{"slug": "no_such_right", "value": True}])
    path = f"{office.person(worker.id)}/copy_to_companies"
    wrong = "user_company_links[0].user_permissions[0].slug"
    assert complaints(await office.send("POST", path, office.owner, body)) == (422, [wrong])
    assert (await office.users(office.far)).keys() == {business.owner.id}
