"""What users may do, and who may change it."""

from __future__ import annotations

from typing import Any

import pytest

from agendum.core.rights import KINDS, SECTIONS, owner_rights
from tests.makers.world import make_membership, make_person
from tests.members.conftest import Office, complaints

pytestmark = pytest.mark.anyio

VALUE = "user_permissions[{}].value"


async def test_everybody_sees_his_own_rights_by_section(office: Office) -> None:
    mine = await office.data(f"/user/permissions/{office.here}", office.owner)
    full = owner_rights(office.business.chain_id)
    for section, names in SECTIONS.items():
        shown = mine[section] if section else {name: mine[name] for name in names}
        assert shown == {name: full[name] for name in names}, section
    limited = await office.data(f"/user/permissions/{office.here}", office.business.limited)
    assert limited["timetable"]["timetable_access"] is False
    assert limited["storages"]["storages_ids"] == []
    assert (await office.send("GET", f"/user/permissions/{office.here}", office.small.stranger)).status_code == 403


async def test_what_is_set_is_read_back_and_felt_at_once(office: Office) -> None:
    person = await office.hired("administrator")
    assert (await office.send("GET", f"/company/{office.here}/users", person)).status_code == 403
    answer = await office.change(
        person.id,
        rights={
            "users_access": True,
            "timetable_master_id": office.business.anna,
            "records_edit_last_days_count": "5",
            "storages_ids": [3, 1],
            "auth_list_allowed_ip": "10.0.0.7, 192.168.0.0/16",
        },
    )
    assert answer.status_code == 200, answer.text
    assert (await office.send("GET", f"/company/{office.here}/users", person)).status_code == 200
    found, rights = await office.permissions(person.id)
    assert found == answer.json()["data"]
    assert (found["user_role"], found["staff_id"], found["is_editable"]) == ("administrator", None, True)
    assert rights["users_access"] is True
    assert rights["timetable_master_id"] == office.business.anna
    assert rights["records_edit_last_days_count"] == 5
    assert rights["storages_ids"] == [1, 3]
    assert rights["auth_list_allowed_ip"] == "10.0.0.7/32,192.168.0.0/16"
    mine = await office.data(f"/user/permissions/{office.here}", person)
    assert mine["timetable"]["master_id"] == office.business.anna
    assert mine["settings"]["users_access"] is True


async def test_both_names_of_a_right_hold_one_value(office: Office) -> None:
    person = await office.hired("administrator")
    await office.change(person.id, rights={"excel_access": True, "options_read_access": True})
    mine = await office.data(f"/user/permissions/{office.here}", person)
    assert mine["clients"]["clients_excel_access"] is mine["clients"]["excel_access"] is True
    assert mine["finances"]["finances_options_read_access"] is mine["finances"]["options_read_access"] is True


async def test_a_role_brings_its_rights_and_single_ones_are_set_on_top(office: Office) -> None:
    person = await office.hired("manager", rights={"send_sms": False})
    _, rights = await office.permissions(person.id)
    assert (rights["users_access"], rights["billing_access"], rights["send_sms"]) == (True, False, False)
    await office.change(person.id, user_role="accountant")
    found, rights = await office.permissions(person.id)
    assert found["user_role"] == "accountant"
    assert (rights["users_access"], rights["finances_access"]) == (False, True)
    # The same role again leaves single rights alone.
    await office.change(person.id, user_role="accountant", rights={"send_sms": True})
    await office.change(person.id, user_role="accountant")
    assert (await office.permissions(person.id))[1]["send_sms"] is True


async def test_a_team_member_sees_his_own_calendar(office: Office) -> None:
    business = office.business
    person = await office.hired("worker", staff_id=business.anna)
    found, rights = await office.permissions(person.id)
    assert (found["staff_id"], rights["timetable_master_id"]) == (business.anna, business.anna)
    assert await office.db.fetchval("SELECT user_id FROM team_members WHERE id = $1", business.anna) == person.id
    # Now he is Peter, and now nobody.
    await office.change(person.id, staff_id=business.peter)
    found, rights = await office.permissions(person.id)
    assert (found["staff_id"], rights["timetable_master_id"]) == (business.peter, business.peter)
    await office.change(person.id, staff_id=None)
    found, rights = await office.permissions(person.id)
    assert (found["staff_id"], rights["timetable_access"], rights["clients_access"]) == (None, False, False)
    answer = await office.change(person.id, staff_id=business.yuki)
    assert complaints(answer) == (422, ["staff_id"])


async def test_all_that_is_wrong_is_said_at_once_and_nothing_is_changed(office: Office) -> None:
    person = await office.hired("administrator")
    before = await office.permissions(person.id)
    wrong: list[tuple[str, Any, str]] = [
        ("no_such_right", True, "slug"),
        ("users_access", "perhaps", "value"),
        ("records_edit_last_days_count", -2, "value"),
        ("records_edit_last_days_count", 1.5, "value"),
        ("storages_ids", ["a"], "value"),
        ("timetable_master_id", office.business.yuki, "value"),
        ("position_id", 99_999, "value"),
        ("records_group_id", office.small.stranger_chain_id, "value"),
        ("auth_list_allowed_ip", "everywhere", "value"),
    ]
    body = {"user_permissions": [{"slug": slug, "value": value} for slug, value, _ in wrong]}
    body["user_permissions"].append({"slug": "send_sms", "value": False})
    answer = await office.send("PUT", f"{office.person(person.id)}/permissions", office.owner, body)
    assert complaints(answer) == (422, [f"user_permissions[{n}].{part}" for n, (_, _, part) in enumerate(wrong)])
    assert await office.permissions(person.id) == before


# Nobody gives what he lacks


async def test_nobody_grants_a_right_that_he_lacks(office: Office) -> None:
    clerk = await office.hired("administrator", rights={"users_access": True, "edit_users_access": True})
    worker = await office.hired("worker", staff_id=office.business.anna)
    refused = await office.change(worker.id, clerk, rights={"dash_access": True, "finances_access": True})
    assert complaints(refused) == (403, [VALUE.format(1)])
    assert (await office.permissions(worker.id))[1]["dashboard_access"] is False
    assert (await office.change(worker.id, clerk, rights={"dash_access": True})).status_code == 200
    # What is so already may be said again: a whole list is sent back with one change.
    await office.change(worker.id, rights={"finances_access": True})
    found, rights = await office.permissions(worker.id, clerk)
    body = {"user_permissions": found["user_permissions"]}
    path = f"{office.person(worker.id)}/permissions"
    assert (await office.send("PUT", path, clerk, body)).status_code == 200
    # Nor may he take it away: it is not his to decide.
    assert complaints(await office.change(worker.id, clerk, rights={"finances_access": False}))[0] == 403
    assert (await office.permissions(worker.id))[1] == rights


async def test_nobody_widens_a_limit_beyond_his_own(office: Office) -> None:
    business = office.business
    own = {"users_access": True, "edit_users_access": True}
    clerk = await office.hired(
        "administrator", rights=own | {"master_id": business.anna, "records_edit_last_days_count": 3}
    )
    worker = await office.hired("worker", staff_id=business.peter)

    async def status(**rights: Any) -> int:
        return (await office.change(worker.id, clerk, rights=rights)).status_code

    assert await status(timetable_master_id=0) == 403
    assert await status(timetable_master_id=business.anna) == 200
    assert await status(records_edit_last_days_count=-1) == 403
    assert await status(records_edit_last_days_count=4) == 403
    assert await status(records_edit_last_days_count=2) == 200
    # A limit of what he does not have at all is not his to set either.
    assert await status(finances_last_days_count=1) == 403
    assert await status(storages_ids=[]) == 200  # as it was


async def test_a_right_comes_with_the_limits_of_whoever_gives_it(office: Office) -> None:
    anna = office.business.anna
    rights = {"users_access": True, "edit_users_access": True, "master_id": anna, "limited_users_access": True}
    clerk = await office.hired("administrator", rights=rights)
    worker = await office.hired("worker")  # serves nobody: no calendar
    given = await office.change(worker.id, clerk, rights={"timetable_access": True, "users_access": True})
    assert given.status_code == 200, given.text
    _, rights = await office.permissions(worker.id)
    assert (rights["timetable_master_id"], rights["limited_users_access"]) == (anna, True)


async def test_a_role_comes_no_richer_than_whoever_gives_it(office: Office) -> None:
    rights = {"users_access": True, "edit_users_access": True, "dash_reviews_access": False}
    clerk = await office.hired("administrator", rights=rights)
    worker = await office.hired("worker")
    assert (await office.change(worker.id, clerk, user_role="administrator")).status_code == 200
    _, given = await office.permissions(worker.id)
    assert (given["dash_reviews_access"], given["create_records_access"]) == (False, True)
    assert given["records_edit_last_days_count"] == 30
    assert complaints(await office.change(worker.id, clerk, user_role="manager")) == (403, ["user_role"])
    assert complaints(await office.change(worker.id, clerk, user_role="owner")) == (403, ["user_role"])


async def test_nobody_raises_himself(office: Office) -> None:
    clerk = await office.hired("administrator", rights={"users_access": True, "edit_users_access": True})
    assert (await office.change(clerk.id, clerk, rights={"finances_access": True})).status_code == 403
    assert (await office.change(clerk.id, clerk, user_role="owner")).status_code == 403
    assert (await office.change(clerk.id, clerk, rights={"send_sms": False})).status_code == 200
    assert (await office.change(clerk.id, clerk, rights={"send_sms": True})).status_code == 403


async def test_who_stands_above_is_not_changed(office: Office) -> None:
    manager = await office.hired("manager")
    refused = await office.change(office.owner.id, manager, rights={"send_sms": False})
    assert refused.status_code == 403
    found, _ = await office.permissions(office.owner.id, manager)
    assert found["is_editable"] is False
    # Who belongs to the whole chain is changed by those alone who do too.
    chain_clerk = await make_person(office.db)
    await make_membership(office.db, office.business.chain_id, chain_clerk, None, role="administrator")
    assert (await office.change(chain_clerk.id, manager, rights={"send_sms": True})).status_code == 403
    assert (await office.change(chain_clerk.id, rights={"send_sms": True})).status_code == 200
    assert (await office.permissions(chain_clerk.id))[1]["send_sms"] is True
    assert (await office.permissions(chain_clerk.id, location_id=office.far))[1]["send_sms"] is False


async def test_a_limited_manager_changes_only_those_who_have_no_more(office: Office) -> None:
    manager = await office.hired("manager", rights={"limited_users_access": True, "send_sms": False})
    other = await office.hired("administrator")
    refused = await office.change(other.id, manager, rights={"dash_access": False})
    assert refused.status_code == 403  # she may send SMS, he may not
    await office.change(other.id, rights={"send_sms": False})
    assert (await office.change(other.id, manager, rights={"dash_access": False})).status_code == 200


async def test_an_owner_holds_every_right(office: Office) -> None:
    person = await office.hired("owner")
    _, rights = await office.permissions(person.id)
    assert all(rights[name] is True for name, kind in KINDS.items() if kind == "allow" and name in rights)
    assert complaints(await office.change(person.id, rights={"finances_access": False})) == (422, [VALUE.format(0)])
    allowed = await office.change(person.id, rights={"auth_list_allowed_ip": ["10.0.0.7"]})
    assert allowed.status_code == 200


async def test_a_role_that_only_reads_is_given_nothing_else(office: Office) -> None:
    person = await office.hired("free_readonly_admin")
    found, rights = await office.permissions(person.id)
    assert found["user_role"] == "free_readonly_admin"
    assert (rights["timetable_access"], rights["create_records_access"], rights["send_sms"]) == (True, False, False)
    assert complaints(await office.change(person.id, rights={"create_records_access": True})) == (
        422,
        [VALUE.format(0)],
    )
    assert (await office.change(person.id, rights={"client_phones_access": True})).status_code == 200


# Roles


def flat(permissions: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for right in permissions:
        found[right["slug"]] = right
        found |= flat(right["children"] or [])
    return found


async def test_roles_come_with_their_rights_when_asked(office: Office) -> None:
    path = f"/company/{office.here}/users/roles"
    plain = await office.data(path)
    assert {role["slug"] for role in plain} == {
        "worker",
        "administrator",
        "accountant",
        "manager",
        "owner",
        "free_readonly",
        "free_readonly_admin",
    }
    assert all("user_permissions" not in role for role in plain)
    roles = {role["slug"]: role for role in await office.data(path, include="user_permissions")}
    assert roles["owner"]["weight"] > roles["manager"]["weight"] > roles["worker"]["weight"]
    worker, owner = (flat(roles[slug]["user_permissions"]) for slug in ("worker", "owner"))
    assert worker.keys() == owner.keys()
    calendar = worker["timetable_access"]
    assert calendar["type"] == {"slug": "has_group_access", "all_access_value": True, "no_access_value": False}
    assert owner["billing_access"]["default_value"] is True
    assert owner["billing_access"]["is_editable"] is False  # an owner has it
    assert worker["billing_access"]["default_value"] is False
    position = worker["timetable_position_id"]
    assert (position["entity_name"], position["type"]["slug"]) == ("position", "allowed_id")
    assert [option["title"] for option in position["options"]] == ["All positions", "Stylist"]
    members = worker["timetable_master_id"]["options"]
    assert [(option["title"], option["is_disabled"]) for option in members] == [
        ("All team members", False),
        ("Anna", False),
        ("Peter", False),
    ]


async def test_what_may_be_changed_of_a_user_depends_on_who_asks(office: Office) -> None:
    clerk = await office.hired("administrator", rights={"users_access": True, "edit_users_access": True})
    worker = await office.hired("worker", staff_id=office.business.anna)
    path = f"{office.person(worker.id)}/roles"

    async def editable(as_user: Any, role: str, who: str = path) -> dict[str, bool]:
        roles = {role["slug"]: role for role in await office.data(who, as_user, include="user_permissions")}
        return {slug: right["is_editable"] for slug, right in flat(roles[role]["user_permissions"]).items()}

    for_owner, for_clerk = await editable(office.owner, "worker"), await editable(clerk, "worker")
    assert for_owner["finances_access"] is for_owner["dashboard_access"] is True
    assert (for_clerk["finances_access"], for_clerk["dashboard_access"]) == (False, True)
    assert not any((await editable(clerk, "manager")).values())  # he cannot make one
    assert not any((await editable(clerk, "worker", f"{office.person(office.owner.id)}/roles")).values())
    reader = await editable(office.owner, "free_readonly")
    assert (reader["create_records_access"], reader["client_phones_access"]) == (False, True)
    # What is called editable can be changed, and nothing else can.
    _, rights = await office.permissions(worker.id)
    for slug in ("finances_access", "dashboard_access", "send_sms", "billing_access", "settings_access"):
        answer = await office.change(worker.id, clerk, rights={slug: not rights[slug]})
        assert (answer.status_code == 200) is for_clerk[slug], slug
