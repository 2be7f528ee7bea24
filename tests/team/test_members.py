"""The team: who is on it, how he is changed, how he leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agendum.core import clock
from agendum.core.audit import Author
from agendum.core.db.pool import transaction
from agendum.core.errors import Invalid
from agendum.team.actions import set_avatar, tie_user
from tests.makers.office import Office, field_of
from tests.makers.world import insert, make_event, make_membership, make_person, put, stamps

pytestmark = pytest.mark.anyio

NEW = {"name": "Basil", "specialization": "the hairdresser"}


async def team(office: Office) -> list[dict[str, Any]]:
    return await office.ask("GET", f"/staff/{office.here}")


async def one(office: Office, member: int) -> dict[str, Any]:
    [shown] = await office.ask("GET", f"/company/{office.here}/staff/{member}")
    return shown


async def change(office: Office, member: int, status: int = 200, **body: Any) -> Any:
    user = body.pop("user", None)
    return await office.ask("PUT", f"/staff/{office.here}/{member}", status, json=body, user=user)


async def offered(office: Office) -> list[str]:
    return [member["name"] for member in await office.get(f"/book_staff/{office.here}")]


async def told(office: Office) -> list[tuple[str, int]]:
    """The notices about the team so far, oldest first."""
    rows = await office.db.fetch("SELECT kind, body FROM outbox WHERE kind LIKE 'team_member.%' ORDER BY id")
    return [(row["kind"], row["body"]["team_member_id"]) for row in rows]


async def test_a_new_member_is_shown_everywhere_with_what_was_said_of_him(office: Office) -> None:
    made = await office.ask(
        "POST",
        f"/staff/{office.here}",
        201,
        json=NEW
        | {
            "weight": 10,
            "information": "<p onclick='x()'>Trims <b>well</b></p><script>x()</script>",
            "api_id": "42",
            "hidden": 1,
            "fired": 0,
            "is_paid_staff": True,
            "is_included_in_payment_policy": False,
        },
    )
    assert made | {"id": 0} == {
        "id": 0,
        "api_id": 42,
        "name": "Basil",
        "company_id": office.here,
        "specialization": "the hairdresser",
        "position": [],
        "show_rating": True,
        "rating": 0,
        "votes_count": 0,
        "comments_count": 0,
        "user_id": None,
        "avatar": "",
        "avatar_big": "",
        "weight": 10,
        "information": "<p>Trims <b>well</b></p>",
        "hidden": 1,
        "fired": 0,
        "status": 0,
        "has_access_timetable": False,
        "is_paid_staff": True,
        "is_included_in_payment_policy": True,
    }
    assert [member["name"] for member in await team(office)] == ["Basil", "Anna", "Peter"], "heavier first"
    assert (await one(office, made["id"]))["hidden"] == 1
    [old] = await office.ask("GET", f"/staff/{office.here}/{made['id']}")
    assert (old["api_id"], old["weight"], old["hidden"]) == ("42", "10", "1")
    assert old["image_group"] == []
    assert await told(office) == [("team_member.created", made["id"])]


async def test_a_member_needs_a_name(office: Office) -> None:
    for body in ({"specialization": "x"}, {"name": ""}, {"name": "  "}):
        assert field_of(await office.ask("POST", f"/staff/{office.here}", 422, json=body)) == "name"
    assert field_of(await change(office, office.business.anna, 422, name=" ")) == "name"


async def test_a_change_touches_what_it_names_and_nothing_else(office: Office) -> None:
    anna = office.business.anna
    before = await one(office, anna)
    changed = await change(office, anna, specialization="Colourist", api_id="a-7")
    assert (changed["weight"], changed["hidden"], changed["fired"], changed["status"]) == ("2", "0", "0", "0")
    after = await one(office, anna)
    assert after == before | {"specialization": "Colourist", "api_id": "a-7"}
    await change(office, anna, specialization="Colourist")
    assert await told(office) == [("team_member.changed", anna)], "what changes nothing is not told"
    await change(office, anna, api_id=None)
    assert (await one(office, anna))["api_id"] is None


async def test_the_list_shows_ratings_schedule_and_what_is_bookable(office: Office) -> None:
    b = office.business
    sums = {"votes_count": 5, "rating_sum": 24, "comments_count": 3}
    await put(office.db, "team_ratings", chain_id=b.chain_id, team_member_id=b.anna, **sums)
    await office.db.execute("UPDATE location_services SET prepaid = 'required' WHERE service_id = $1", b.manicure)
    newcomer = await insert(
        office.db, "team_members", chain_id=b.chain_id, location_id=office.here, name="Newcomer", weight=-1, **stamps()
    )
    anna, peter, new = await team(office)
    assert (anna["rating"], anna["votes_count"], anna["comments_count"]) == (4.8, 5, 3)
    assert anna["position"] == {"id": anna["position_id"], "title": "Stylist"}
    assert (anna["bookable"], anna["prepaid"], peter["prepaid"]) == (True, "allowed", "forbidden")
    assert anna["schedule_till"] == str(office.day(43))
    assert (peter["rating"], peter["position"], peter["position_id"]) == (0, [], 0)
    assert (new["id"], new["bookable"], new["schedule_till"], new["prepaid"]) == (newcomer, False, None, "forbidden")
    await change(office, b.peter, hidden=1)
    assert [member["bookable"] for member in await team(office)] == [True, False, False]


async def test_weight_hiding_and_dismissal_are_felt_by_booking_at_once(office: Office) -> None:
    b = office.business
    assert await offered(office) == ["Anna", "Peter"]
    await change(office, b.peter, weight=9)
    assert await offered(office) == ["Peter", "Anna"]
    await change(office, b.peter, hidden=1)
    assert await offered(office) == ["Anna"]
    await change(office, b.peter, hidden=0, name="Petr")
    assert await offered(office) == ["Petr", "Anna"]
    await change(office, b.peter, has_access_timetable=False)
    assert await offered(office) == ["Anna"]
    await change(office, b.peter, has_access_timetable=True, fired=1)
    assert await offered(office) == ["Anna"]
    refused = await office.book(office.wish(b.haircut, office.at("10:00"), staff=b.peter))
    assert refused.status_code == 422
    await change(office, b.peter, fired=0)
    assert await offered(office) == ["Petr", "Anna"]


async def test_who_is_awaited_can_be_neither_dismissed_nor_deleted(office: Office) -> None:
    b = office.business
    booked = await office.book(office.wish(b.haircut, office.at("10:00"), staff=b.anna))
    assert booked.status_code == 201, booked.text
    starts_at = clock.now() + timedelta(days=5)
    await make_event(office.db, b.chain_id, office.here, b.anna, b.haircut, starts_at)
    dismissed = await change(office, b.anna, 422, fired=1, name="Anne")
    assert field_of(dismissed) == "fired"
    assert dismissed["message"] == "Anna cannot be dismissed: 1 upcoming appointment and 1 upcoming event."
    deleted = await office.ask("DELETE", f"/staff/{office.here}/{b.anna}", 422)
    assert deleted["message"] == "Anna cannot be deleted: 1 upcoming appointment and 1 upcoming event."
    assert [(member["name"], member["fired"]) for member in await team(office)] == [("Anna", 0), ("Peter", 0)]
    assert await told(office) == []


async def test_who_was_dismissed_keeps_his_past(office: Office) -> None:
    b = office.business
    booked = await office.book(office.wish(b.haircut, office.at("10:00"), staff=b.anna))
    [record] = booked.json()["data"]
    await office.db.execute("UPDATE appointments SET starts_at = starts_at - interval '30 days'")
    assert (await change(office, b.anna, fired=1))["fired"] == "1"
    assert [(member["name"], member["fired"]) for member in await team(office)] == [("Anna", 1), ("Peter", 0)]
    path = f"/book_record/{office.here}/{record['record_id']}/{record['record_hash']}"
    assert (await office.call("GET", path)).json()["staff"]["name"] == "Anna"
    await office.ask("DELETE", f"/staff/{office.here}/{b.anna}", 204)
    assert (await office.call("GET", path)).json()["staff"]["name"] == "Anna"


async def test_the_deleted_are_gone_for_everybody(office: Office) -> None:
    b = office.business
    await office.ask("DELETE", f"/staff/{office.here}/{b.peter}", 204)
    assert await offered(office) == ["Anna"]
    assert [member["name"] for member in await team(office)] == ["Anna"]
    message = f"Team Member with ID {b.peter} was not found in branch {office.here}."
    for method, path in (
        ("GET", f"/staff/{office.here}/{b.peter}"),
        ("GET", f"/company/{office.here}/staff/{b.peter}"),
        ("DELETE", f"/staff/{office.here}/{b.peter}"),
    ):
        assert (await office.ask(method, path, 404))["errors"] == [{"message": message}]
    await change(office, b.peter, 404, name="Petr")
    assert await told(office) == [("team_member.deleted", b.peter)]


async def test_a_member_of_another_location_is_not_found(office: Office) -> None:
    b = office.business
    await change(office, b.yuki, 404, name="Yuko")
    await office.ask("DELETE", f"/staff/{office.here}/{b.yuki}", 404)
    await office.ask("GET", f"/staff/{office.here}/{b.yuki}", 404)
    assert [member["name"] for member in await office.ask("GET", f"/staff/{b.far_location_id}")] == ["Yuki"]


async def test_a_user_of_the_location_is_one_of_its_team(office: Office) -> None:
    b = office.business
    rita = b.receptionist.id
    changed = await change(office, b.anna, user_id=rita)
    assert changed["user_id"] == rita
    [anna, _] = await team(office)
    assert anna["user"] == [{"id": rita, "name": "Rita Reception", "avatar": ""}]
    assert field_of(await change(office, b.peter, 422, user_id=rita)) == "user_id"
    assert field_of(await change(office, b.peter, 422, user_id=office.small.stranger.id)) == "user_id"
    await change(office, b.anna, user_id=0)
    assert (await change(office, b.peter, user_id=rita))["user_id"] == rita
    await office.ask("DELETE", f"/staff/{office.here}/{b.peter}", 204)
    await change(office, b.anna, user_id=rita)


async def test_dismissal_wants_its_own_right_where_that_is_withheld(office: Office) -> None:
    b = office.business
    person = await make_person(office.db, "Mona Manager")
    await make_membership(office.db, b.chain_id, person, office.here, role="custom", rights=["master_edit"])
    await change(office, b.peter, fired=1, user=person)
    withheld = {"master_edit": True, "settings_master_dismiss_access": False}
    other = await make_person(office.db, "Max Manager")
    values = {"user_id": other.id, "location_id": office.here, "role": "custom", "rights": withheld}
    await insert(office.db, "memberships", chain_id=b.chain_id, **values, **stamps())
    await change(office, b.peter, 403, fired=0, user=other)
    await change(office, b.peter, name="Petr", user=other)
    assert [(member["name"], member["fired"]) for member in await team(office)] == [("Anna", 0), ("Petr", 1)]


async def quick(office: Office, status: int = 201, **more: Any) -> Any:
    form = {
        "name": "John Johnson",
        "specialization": "Master",
        "position_id": None,
        "phone_number": None,
        "user_email": "",
        "user_phone": "",
        "is_user_invite": False,
    }
    user = more.pop("user", None)
    return await office.ask("POST", f"/company/{office.here}/staff/quick", status, json=form | more, user=user)


async def test_the_quick_form_makes_a_member_who_can_be_scheduled(office: Office) -> None:
    position = (await team(office))[0]["position"]
    made = await quick(office, position_id=position["id"], is_paid_staff=True, phone_number="13155550175")
    assert made | {"id": 0} == {
        "id": 0,
        "name": "John Johnson",
        "company_id": office.here,
        "specialization": "Master",
        "avatar": "",
        "avatar_big": "",
        "position": position,
        "is_paid_staff": True,
    }
    assert (await one(office, made["id"]))["has_access_timetable"] is True
    assert (await quick(office))["position"] is None
    for wrong in (
        {"phone_number": "12"},
        {"user_phone": "nobody"},
        {"user_email": "nobody"},
        {"position_id": 999_999},
        {"name": " "},
    ):
        assert field_of(await quick(office, 422, **wrong)) == next(iter(wrong)), wrong


async def test_the_quick_form_ties_a_user_of_the_location_and_nobody_elses(office: Office) -> None:
    rita, stranger = office.business.receptionist, office.small.stranger
    tied = await quick(office, user_phone=rita.phone)
    assert (await one(office, tied["id"]))["user_id"] == rita.id
    assert field_of(await quick(office, 422, user_email=rita.email)) == "user_email"
    free = await quick(office, user_phone=stranger.phone, user_email=stranger.email)
    assert (await one(office, free["id"]))["user_id"] is None


async def test_the_quick_form_has_the_invitation_of_a_user_told(office: Office) -> None:
    made = await quick(office, is_user_invite=True, user_email="john@example.com", user_phone="13155550176")
    body = await office.db.fetchval("SELECT body FROM outbox WHERE kind = 'team_member.invited'")
    assert body == {
        "chain_id": office.business.chain_id,
        "location_id": office.here,
        "team_member_id": made["id"],
        "name": "John Johnson",
        "email": "john@example.com",
        "phone": "13155550176",
        "invited_by": office.business.owner.id,
    }
    assert field_of(await quick(office, 422, is_user_invite=True)) == "user_email"
    colleague = await office.colleague("master_create")
    await quick(office, 403, is_user_invite=True, user_email="jo@example.com", user=colleague)
    assert [member["name"] for member in await team(office)].count("John Johnson") == 1


async def test_pictures_and_ties_that_other_domains_set(office: Office) -> None:
    b, rita, at = office.business, office.business.receptionist.id, clock.now()
    here = (b.chain_id, office.here)
    picture = {"avatar": "/media/images/1/sm.png", "avatar_big": "/media/images/1/norm.png"}
    async with transaction(office.world.server.pools.write) as db:
        assert await set_avatar(db, *here, b.anna, **picture, author=Author(), at=at)
        assert not await set_avatar(db, *here, b.yuki, **picture, author=Author(), at=at)
        await tie_user(db, *here, b.anna, rita, author=Author(), at=at)
        with pytest.raises(Invalid):
            await tie_user(db, *here, b.yuki, rita, author=Author(), at=at)
    anna, peter = await team(office)
    assert (anna["avatar"], anna["avatar_big"]) == (
        "http://test/media/images/1/sm.png",
        "http://test/media/images/1/norm.png",
    )
    assert (anna["user_id"], peter["user_id"]) == (rita, None)
    async with transaction(office.world.server.pools.write) as db:
        await tie_user(db, *here, b.peter, rita, author=Author(), at=at)
    assert [member["user_id"] for member in await team(office)] == [None, rita]
    async with transaction(office.world.server.pools.write) as db:
        await tie_user(db, *here, None, rita, author=Author(), at=at)
    assert [member["user_id"] for member in await team(office)] == [None, None]
    changed = [member for kind, member in await told(office) if kind == "team_member.changed"]
    assert changed == [b.anna, b.anna, b.anna, b.peter, b.peter]


async def test_an_uploaded_picture_is_shown_in_every_size(office: Office) -> None:
    b, at = office.business, clock.now()
    here = {"chain_id": b.chain_id, "location_id": office.here, "team_member_id": b.anna}
    group = await insert(
        office.db, "image_groups", **here, entity="master", user_id=b.owner.id, folder="images/ab/abc", created_at=at
    )
    size = {"version": "sm", "type": "jpeg", "width": 100, "height": 90}
    image = await insert(office.db, "images", chain_id=b.chain_id, image_group_id=group, **size)
    small = {"width": "100", "height": "90", "type": "jpeg", "version": "sm", "id": image, "image_group_id": group}
    path = "http://test/media/images/ab/abc/sm.jpeg"
    shown = {"id": group, "entity": "master", "entity_id": b.anna, "images": {"sm": small | {"path": path}}}
    anna, peter = await team(office)
    assert (anna["image_group"], peter["image_group"]) == ([shown], [])
    [old] = await office.ask("GET", f"/staff/{office.here}/{b.anna}")
    assert old["image_group"] == shown
