"""A service from its first day to its last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agendum.catalog.actions.services import set_image
from agendum.core import clock
from agendum.core.audit import Author
from agendum.core.db.pool import transaction
from tests.catalog.conftest import Desk, fields
from tests.makers.world import insert, make_event, put

pytestmark = pytest.mark.anyio

FORM: dict[str, Any] = {
    "title": "Cut",
    "price_min": 50,
    "price_max": 60,
    "duration": 3600,
    "booking_title": "Cut for all",
    "is_multi": False,
    "tax_variant": 1,
    "vat_id": 3,
    "is_need_limit_date": False,
    "seance_search_start": 0,
    "seance_search_finish": 86400,
    "step": 0,
    "seance_search_step": 0,
}


async def book(desk: Desk, service: int, *, days: int = 3) -> Any:
    """A client's booking with Anna; its id and key."""
    b = desk.business
    day = datetime.now(b.zone).date() + timedelta(days=days)
    wish = {"id": 1, "services": [service], "staff_id": b.anna, "datetime": f"{day}T10:00:00"}
    body = {"phone": "+13155550199", "fullname": "Nora", "appointments": [wish]}
    return (await desk.done("POST", f"/book_record/{desk.here}", body))[0]


async def test_a_service_without_an_active_link_is_not_bookable_online(desk: Desk) -> None:
    alone = await desk.make(staff=[])
    given = await desk.make(staff=[{"id": desk.business.anna}])
    assert (alone["is_online"], given["is_online"]) == (False, True)
    online = await desk.online()
    assert given["id"] in online
    assert alone["id"] not in online
    await desk.patch(given["id"], active=0)
    assert given["id"] not in await desk.online()
    assert (await desk.card(given["id"]))["is_online"] is False
    await desk.db.execute("UPDATE service_links SET is_online = false WHERE service_id = $1", desk.business.manicure)
    assert (await desk.card(desk.business.manicure))["is_online"] is False


async def test_weight_orders_every_list(desk: Desk) -> None:
    everyone = [{"id": desk.business.anna}]
    made = [(await desk.make(weight=weight, staff=everyone))["id"] for weight in (2, 9, 5)]
    order = [made[1], made[2], made[0]]
    b = desk.business
    wanted = [*order, b.haircut, b.massage, b.manicure]
    assert [one["id"] for one in await desk.get(f"/services/{desk.here}")] == wanted
    assert [one["id"] for one in await desk.get(f"/company/{desk.here}/services/0")] == wanted
    assert [one["id"] for one in await desk.get(f"/company/{desk.here}/services")] == wanted
    assert [int(one["id"]) for one in await desk.get(f"/v2/locations/{desk.here}/services")] == wanted
    assert list(await desk.online()) == wanted
    await desk.patch(made[0], weight=100)
    assert next(iter(await desk.online())) == made[0]


async def test_a_patch_changes_exactly_what_came(desk: Desk) -> None:
    made = await desk.make(**FORM, technical_break_duration=600, staff=[{"id": desk.business.anna}])
    before = await desk.card(made["id"])
    changes: list[dict[str, Any]] = [
        {"title": "Trim"},
        {"price_max": 70.5},
        {"api_id": "7"},
        {"vat_id": 4},
        {"staff": []},
    ]
    for change in changes:
        before |= change
        await desk.patch(made["id"], **change)
        after = await desk.card(made["id"])
        changed = {name for name in after if after[name] != before[name]}
        assert changed <= {"print_title", "is_online"}, change
        before = after


async def test_a_whole_form_without_a_break_takes_the_locations(desk: Desk) -> None:
    made = await desk.make(technical_break_duration=600)
    assert (await desk.patch(made["id"], weight=1))["technical_break_duration"] == 600
    form: dict[str, Any] = {**FORM, "category_id": desk.business.category_id}
    assert (await desk.patch(made["id"], **form))["technical_break_duration"] is None
    assert (await desk.patch(made["id"], technical_break_duration=900))["technical_break_duration"] == 900
    put_one = await desk.done("PUT", f"/services/{desk.here}/{made['id']}", {"weight": 2})
    assert put_one["technical_break_duration"] is None


async def test_limits_of_time_are_read_back(desk: Desk) -> None:
    dates = {"is_need_limit_date": True, "date_from": "2026-12-01", "date_to": "2026-12-24"}
    window = {"seance_search_start": 36000, "seance_search_finish": 72000, "seance_search_step": 900, "step": 300}
    made = await desk.make(**dates, **window)
    card = await desk.card(made["id"])
    assert {name: card[name] for name in (*dates, *window)} == {**dates, **window}
    assert card["dates"] == ["2026-12-01"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "  "}, "title"),
        ({"category_id": 0}, "category_id"),
        ({"category_id": 987_654}, "category_id"),
        ({"price_min": -1}, "price_min"),
        ({"price_min": 80, "price_max": 60}, "price_max"),
        ({"price_max": 10**13}, "price_max"),
        ({"price_max": 999_999_999_999.999}, "price_max"),
        ({"discount": 101}, "discount"),
        ({"duration": 200}, "duration"),
        ({"duration": 90_000}, "duration"),
        ({"technical_break_duration": 250}, "technical_break_duration"),
        ({"technical_break_duration": 3900}, "technical_break_duration"),
        ({"is_need_limit_date": True, "date_to": "2026-12-24"}, "date_from"),
        ({"date_from": "2026-12-24", "date_to": "2026-12-01"}, "date_to"),
        ({"is_need_limit_date": True, "date_from": "0001-01-01", "date_to": "2026-12-24"}, "date_from"),
        ({"is_need_limit_date": True, "date_from": "2026-12-01", "date_to": "9999-12-31"}, "date_to"),
        ({"seance_search_start": 100, "seance_search_finish": 50}, "seance_search_finish"),
        ({"weight": 3_000_000_000}, "weight"),
        ({"staff": [{"id": 987_654}]}, "staff[0].id"),
        ({"title": "x" * 300}, "title"),
    ],
)
async def test_bad_values_are_refused_by_name_and_nothing_changes(desk: Desk, wrong: Any, field: str) -> None:
    haircut = desk.business.haircut
    before = await desk.card(haircut)
    answer = await desk.call("PATCH", f"/services/{desk.here}/{haircut}", {"weight": 5, **wrong})
    assert (answer.status_code, fields(answer)) == (422, [field])
    assert await desk.card(haircut) == before


async def test_all_that_is_wrong_with_the_staff_is_said_at_once(desk: Desk) -> None:
    b = desk.business
    await desk.db.execute("UPDATE team_members SET fired_on = '2026-01-01' WHERE id = $1", b.peter)
    staff = [{"id": b.anna}, {"id": b.anna}, {"id": b.yuki}, {"id": b.peter, "seance_length": 1000}]
    answer = await desk.call("PATCH", f"/services/{desk.here}/{b.haircut}", {"staff": staff})
    assert answer.status_code == 422
    assert fields(answer) == ["staff[1].id", "staff[2].id", "staff[3].id", "staff[3].seance_length"]


async def test_a_fixed_price_stays_one(desk: Desk) -> None:
    made = await desk.make(price_min=40)
    assert (made["price_min"], made["price_max"]) == (40, 40)
    after = await desk.patch(made["id"], price_min=44.5)
    assert (after["price_min"], after["price_max"]) == (44.5, 44.5)


async def test_a_new_length_is_that_of_everybody_who_took_just_as_long(desk: Desk) -> None:
    b = desk.business
    staff = [{"id": b.anna}, {"id": b.peter, "seance_length": 2700}]
    made = await desk.make(duration=3600, staff=staff)
    after = await desk.patch(made["id"], duration=5400)
    assert {one["id"]: one["seance_length"] for one in after["staff"]} == {b.anna: 5400, b.peter: 2700}
    online = await desk.online(staff_id=b.anna)
    assert online[made["id"]]["seance_length"] == 5400


async def test_text_is_cleaned(desk: Desk) -> None:
    made = await desk.make(comment="<i>Wash</i> & cut<script>alert(1)</script>")
    assert made["comment"] == "<i>Wash</i> &amp; cut"


async def test_an_upcoming_appointment_keeps_its_service(desk: Desk) -> None:
    b = desk.business
    booked = await book(desk, b.manicure)
    path = f"/services/{desk.here}/{b.manicure}"
    refused = await desk.call("DELETE", path)
    assert refused.status_code == 422
    assert "1 upcoming appointments" in refused.json()["meta"]["message"]
    assert b.manicure in await desk.online()
    await desk.call("DELETE", f"/user/records/{booked['record_id']}/{booked['record_hash']}")
    assert (await desk.call("DELETE", path)).status_code == 204
    assert b.manicure not in await desk.online()


async def test_an_upcoming_event_keeps_its_service(desk: Desk) -> None:
    b = desk.business
    soon = clock.now() + timedelta(days=2)
    await make_event(desk.db, b.chain_id, desk.here, b.anna, b.manicure, soon)
    assert (await desk.call("DELETE", f"/services/{desk.here}/{b.manicure}")).status_code == 422


async def test_a_part_of_a_composite_is_kept(desk: Desk) -> None:
    b = desk.business
    await desk.db.execute("UPDATE services SET is_composite = true WHERE id = $1", b.haircut)
    row = {"service_id": b.haircut, "position": 1, "part_id": b.manicure}
    await put(desk.db, "service_parts", chain_id=b.chain_id, **row)
    refused = await desk.call("DELETE", f"/services/{desk.here}/{b.manicure}")
    assert refused.status_code == 422
    assert "Haircut" in refused.json()["meta"]["message"]


async def test_the_past_keeps_a_deleted_service(desk: Desk) -> None:
    booked = await book(desk, desk.business.manicure, days=1)
    past = clock.now() - timedelta(days=4)
    await desk.db.execute("UPDATE appointments SET starts_at = $1", past)
    await desk.done("DELETE", f"/services/{desk.here}/{desk.business.manicure}")
    answer = await desk.call("GET", f"/book_record/{desk.here}/{booked['record_id']}/{booked['record_hash']}")
    assert [line["title"] for line in answer.json()["services"]] == ["Manicure"]
    assert (await desk.call("GET", f"/company/{desk.here}/services/{desk.business.manicure}")).status_code == 404


async def test_a_service_deleted_here_goes_on_elsewhere(desk: Desk) -> None:
    haircut = desk.business.haircut
    await desk.done("DELETE", f"/services/{desk.here}/{haircut}")
    assert haircut not in await desk.online()
    assert haircut in await desk.online(at=desk.far)
    assert [one["id"] for one in (await desk.card(haircut, at=desk.far))["staff"]] == [desk.business.yuki]


async def test_a_name_changed_here_is_changed_wherever_the_service_is_offered(desk: Desk) -> None:
    haircut = desk.business.haircut
    await desk.online(at=desk.far)
    await desk.patch(haircut, title="Trim", price_max=99)
    far = (await desk.online(at=desk.far))[haircut]
    assert (far["title"], far["price_max"]) == ("Trim", 60), "the price is each location's own"
    assert await desk.notices() == [("service.changed", place, haircut) for place in (desk.here, desk.far)]


async def test_a_service_that_moves_to_another_category_takes_it_along(desk: Desk) -> None:
    category = await desk.done("POST", f"/service_categories/{desk.here}", {"title": "Cuts"})
    await desk.patch(desk.business.haircut, category_id=category["id"])
    far = await desk.get(f"/company/{desk.far}/service_categories/0")
    assert category["id"] in [one["id"] for one in far]


async def test_what_the_chain_manages_its_locations_cannot_change(desk: Desk) -> None:
    b, reception = desk.business, desk.business.receptionist
    managed = "is_chain = true, is_price_managed_in_chain = true, is_comment_managed_in_chain = true"
    await desk.db.execute(f"UPDATE services SET {managed} WHERE id = $1", b.haircut)
    card = await desk.card(b.haircut)
    assert card["is_chain"]
    assert card["is_price_managed_only_in_chain"]
    assert card["is_comment_managed_only_in_chain"]
    path = f"/services/{desk.here}/{b.haircut}"
    for change in ({"title": "Trim"}, {"price_min": 1}, {"discount": 5}, {"comment": "Now!"}, {"api_id": "9"}):
        answer = await desk.call("PATCH", path, change, user=reception)
        assert (answer.status_code, answer.json()["meta"]["message"]) == (403, "This is managed in the chain."), change
    assert (await desk.call("DELETE", path, user=reception)).status_code == 403
    assert await desk.card(b.haircut) == card
    same = {"title": card["title"], "price_min": card["price_min"], "weight": 4}
    assert (await desk.patch(b.haircut, user=reception, **same))["weight"] == 4, "what does not change is no matter"
    own_price = {"team_member_id": b.anna, "hours": 1, "minutes": 0, "price": {"min": 1, "max": None}}
    links = {"service_id": b.haircut, "team_member_settings": [own_price], "resource_ids": [], "translations": []}
    assert (await desk.call("POST", f"/company/{desk.here}/services/links", links, user=reception)).status_code == 403


async def test_the_chain_changes_a_managed_price_everywhere(desk: Desk) -> None:
    haircut = desk.business.haircut
    await desk.db.execute(
        "UPDATE services SET is_chain = true, is_price_managed_in_chain = true WHERE id = $1", haircut
    )
    await desk.online(at=desk.far)
    await desk.patch(haircut, price_min=70, price_max=80)
    far = (await desk.online(at=desk.far))[haircut]
    assert (far["price_min"], far["price_max"]) == (70, 80)
    await desk.done("DELETE", f"/services/{desk.here}/{haircut}")
    await desk.done("DELETE", f"/services/{desk.far}/{haircut}")
    chain = await desk.call("GET", f"/chain/{desk.business.chain_id}/service_categories", include="services")
    assert haircut in [one["id"] for one in chain.json()[0]["services"]], "the chain keeps what it manages"


@pytest.mark.parametrize(
    ("right", "change"),
    [
        ("settings_services_edit_title_access", {"booking_title": "Trim"}),
        ("settings_services_edit_price_access", {"price_max": 99}),
        ("settings_services_edit_online_seance_date_time_access", {"active": 0}),
        ("edit_master_service_and_duration", {"staff": []}),
    ],
)
async def test_a_right_that_is_withheld_keeps_its_fields_as_they_are(desk: Desk, right: str, change: Any) -> None:
    b = desk.business
    await desk.withhold(right)
    card = await desk.card(b.haircut)
    answer = await desk.call("PATCH", f"/services/{desk.here}/{b.haircut}", change, user=b.receptionist)
    assert answer.status_code == 403
    assert right in answer.json()["meta"]["message"]
    assert await desk.card(b.haircut) == card
    same = {name: card[name] for name in ("title", "booking_title", "price_min", "price_max", "active")}
    staff = [{"id": one["id"], "seance_length": one["seance_length"]} for one in card["staff"]]
    assert (await desk.patch(b.haircut, user=b.receptionist, **same, staff=staff, weight=3))["weight"] == 3


async def test_another_chains_things_are_not_there(desk: Desk) -> None:
    stranger, elsewhere = desk.small.stranger, desk.small.stranger_location_id
    await desk.db.execute(
        "UPDATE memberships SET rights = (SELECT rights FROM memberships WHERE user_id = $1) WHERE user_id = $2",
        desk.business.owner.id,
        stranger.id,
    )
    for method, path in (("GET", "company/{}/services"), ("PATCH", "services/{}"), ("DELETE", "services/{}")):
        address = f"/{path.format(elsewhere)}/{desk.business.haircut}"
        body = {"weight": 1} if method == "PATCH" else None
        assert (await desk.call(method, address, body, user=stranger)).status_code == 404, address
    made = {"title": "Cut", "category_id": desk.business.category_id}
    answer = await desk.call("POST", f"/services/{elsewhere}", made, user=stranger)
    assert (answer.status_code, fields(answer)) == (422, ["category_id"])
    assert await desk.get(f"/services/{elsewhere}", user=stranger) == []


async def test_a_picture_is_shown_with_its_service(desk: Desk) -> None:
    b = desk.business
    async with transaction(desk.world.server.pools.write) as db:
        place = (b.chain_id, b.location_id, b.haircut)
        assert await set_image(db, *place, image="images/7/basic.jpeg", images=[], author=Author(), at=clock.now())
        assert not await set_image(
            db, b.chain_id, b.location_id, 987_654, image="x.png", images=[], author=Author(), at=clock.now()
        )
    group = (await desk.card(b.haircut))["image_group"]
    assert (group["entity"], group["entity_id"]) == ("settings_service", b.haircut)
    basic = group["images"]["basic"]
    assert (basic["path"], basic["type"], basic["version"]) == ("http://test/images/7/basic.jpeg", "jpeg", "basic")
    assert (await desk.patch(b.haircut, weight=1))["image_group"] == [group]
    assert (await desk.online())[b.haircut]["image"] == basic["path"]
    assert "image_group" not in await desk.card(b.massage)
    assert ("service.changed", desk.far, b.haircut) in await desk.notices()


async def test_an_uploaded_picture_is_shown_in_all_its_sizes(desk: Desk) -> None:
    b = desk.business
    place = {"chain_id": b.chain_id, "location_id": b.location_id, "service_id": b.haircut}
    of_whom = {"user_id": b.owner.id, "entity": "settings_service", "folder": "7", "created_at": clock.now()}
    group_id = await insert(desk.db, "image_groups", **place, **of_whom)
    for version, width, height in (("basic", 372, 280), ("norm", 800, 600)):
        size = {"version": version, "type": "jpeg", "width": width, "height": height}
        await insert(desk.db, "images", chain_id=b.chain_id, image_group_id=group_id, **size)
    async with transaction(desk.world.server.pools.write) as db:
        await set_image(db, *place.values(), image="media/7/basic.jpeg", images=[], author=Author(), at=clock.now())
    group = (await desk.card(b.haircut))["image_group"]
    assert group["id"] == group_id
    sizes = {name: (one["path"], one["width"], one["height"]) for name, one in group["images"].items()}
    assert sizes == {
        "basic": ("http://test/media/7/basic.jpeg", "372", "280"),
        "norm": ("http://test/media/7/norm.jpeg", "800", "600"),
    }
    assert {one["image_group_id"] for one in group["images"].values()} == {group_id}


async def test_a_service_tells_of_its_life(desk: Desk) -> None:
    made = (await desk.make())["id"]
    await desk.patch(made, weight=3)
    await desk.done("DELETE", f"/services/{desk.here}/{made}")
    kinds = ("service.created", "service.changed", "service.deleted")
    assert await desk.notices() == [(kind, desk.here, made) for kind in kinds]


async def test_who_left_is_not_shown_among_the_staff(desk: Desk) -> None:
    b = desk.business
    left = datetime.now(UTC).date()
    await desk.db.execute("UPDATE team_members SET fired_on = $1 WHERE id = $2", left, b.anna)
    assert [one["id"] for one in (await desk.card(b.haircut))["staff"]] == [b.peter]
    assert await desk.get(f"/services/{desk.here}", staff_id=b.anna) == []
    hair = await desk.get(f"/company/{desk.here}/service_categories/{b.category_id}")
    assert hair[0]["staff"] == [b.peter]


async def test_a_deleted_resource_is_not_shown(desk: Desk) -> None:
    b = desk.business
    resource_id = await insert(
        desk.db,
        "resources",
        chain_id=b.chain_id,
        location_id=desk.here,
        title="Laser",
        created_at=clock.now(),
        updated_at=clock.now(),
        deleted_at=clock.now(),
    )
    await put(desk.db, "service_resources", chain_id=b.chain_id, service_id=b.haircut, resource_id=resource_id)
    assert (await desk.card(b.haircut))["resources"] == []
