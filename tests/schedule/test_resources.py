"""Rooms and devices: kept by the owner, needed by services, taken by appointments."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from agendum.core import clock
from tests.makers.world import make_cabin, make_event, put
from tests.schedule.conftest import Desk

pytestmark = pytest.mark.anyio

OCCUPATIONS = "/locations/{}/resource_occupations"


async def cabin_of(desk: Desk) -> Any:
    """The only resource of the business, as the list shows it."""
    [cabin] = await desk.ask("GET", f"/resources/{desk.here}")
    return cabin


async def massage(desk: Desk, at: str, staff: int, **more: Any) -> int:
    """Book a massage; the appointment's id."""
    answer = await desk.book(desk.wish(desk.business.massage, at, staff=staff), **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"][0]["record_id"]


async def test_a_resource_is_added_listed_and_needed_at_once(desk: Desk) -> None:
    b = desk.business
    assert "10:00" in await desk.times(b.peter, b.manicure) or await desk.times(b.anna, b.manicure)
    made = await desk.ask(
        "POST",
        f"/resources/{desk.here}",
        201,
        json={"title": "Chair", "instances": [{"title": "Left"}, {"title": "Right"}], "services": [b.haircut]},
    )
    assert ([one["title"] for one in made["instances"]], made["services"]) == (["Left", "Right"], [b.haircut])
    assert {one["resource_id"] for one in made["instances"]} == {made["id"]}
    answer = (await desk.call("GET", f"/resources/{desk.here}", user=b.limited)).json()
    assert (answer["data"][1], answer["meta"]) == (made, {"count": 2})
    for member in (b.anna, b.peter):
        assert (await desk.book(desk.wish(b.haircut, desk.at("10:00"), staff=member))).status_code == 201
    one = {"instances": [{"title": "The only one"}]}
    taken = await desk.ask("PUT", f"/resources/{desk.here}/{made['id']}", 409, json=one)
    assert "move or cancel" in taken["message"]


async def test_others_hear_of_every_service_that_needs_something_else(desk: Desk) -> None:
    b = desk.business
    path = f"/resources/{desk.here}"
    made = await desk.ask("POST", path, 201, json={"title": "Chair", "services": [b.haircut]})
    chair = f"{path}/{made['id']}"
    for change in (
        {"services": [b.haircut, b.manicure]},
        {"description": "By the window", "instances": [{}, {}]},  # a service does not show these
        {"title": "Armchair", "services": [b.manicure]},
    ):
        await desk.ask("PUT", chair, json=change)
    await desk.ask("DELETE", chair)
    told = await desk.notices("service")
    assert {kind for kind, _ in told} == {"service.changed"}
    assert {body["location_id"] for _, body in told} == {desk.here}
    assert [body["service_id"] for _, body in told] == [
        b.haircut,
        b.manicure,
        *sorted([b.haircut, b.manicure]),
        b.manicure,
    ]


async def test_the_last_chair_limits_how_many_are_served(desk: Desk) -> None:
    b = desk.business
    await desk.ask("POST", f"/resources/{desk.here}", 201, json={"title": "Chair", "services": [b.haircut]})
    assert (await desk.book(desk.wish(b.haircut, desk.at("10:00"), staff=b.anna))).status_code == 201
    assert "10:00" not in await desk.times(b.peter, b.haircut)
    assert (await desk.book(desk.wish(b.haircut, desk.at("10:30"), staff=b.peter))).status_code == 422


async def test_ids_of_instances_stay_as_long_as_their_number_does(desk: Desk) -> None:
    cabin = await cabin_of(desk)
    [first] = cabin["instances"]
    path = f"/resources/{desk.here}/{cabin['id']}"
    two = (await desk.ask("PUT", path, json={"instances": [{"title": "Blue"}, {}]}))["instances"]
    assert [(one["id"] == first["id"], one["title"]) for one in two] == [(True, "Blue"), (False, "Cabin #2")]
    back = {"instances": [{"id": two[1]["id"], "title": "Red"}, {"title": "Green"}]}
    turned = (await desk.ask("PUT", path, json=back))["instances"]
    assert [(one["id"], one["title"]) for one in turned] == [(two[0]["id"], "Green"), (two[1]["id"], "Red")]
    fewer = await desk.ask("PUT", path, json={"instances": [{"id": two[1]["id"]}]})
    assert [(one["id"], one["title"]) for one in fewer["instances"]] == [(two[1]["id"], "Red")]
    assert fewer["services"] == cabin["services"], "what is left out stays"
    only_title = await desk.ask("PUT", path, json={"title": "Sauna", "services": []})
    assert (only_title["title"], only_title["services"]) == ("Sauna", [])
    assert only_title["instances"] == fewer["instances"]


async def test_bad_resources_are_refused_by_field(desk: Desk) -> None:
    b = desk.business
    cabin = await cabin_of(desk)
    path = f"/resources/{desk.here}/{cabin['id']}"
    for body, field in (
        ({"services": [b.massage, 9_999_999]}, "services[1]"),
        ({"title": "  "}, "title"),
        ({"instances": []}, "instances"),
        ({"instances": [{"id": 9_999_999}]}, "instances[0].id"),
        ({"instances": [{"id": cabin["instances"][0]["id"]}] * 2}, "instances[0].id"),
    ):
        assert (await desk.ask("PUT", path, 422, json=body))["errors"][0]["field"] == field
    await desk.ask("POST", f"/resources/{desk.here}", 422, json={})
    assert await cabin_of(desk) == cabin
    elsewhere = await make_cabin(desk.db, b.chain_id, b.far_location_id, b.haircut)
    await desk.ask("PUT", f"/resources/{desk.here}/{elsewhere}", 404, json={"title": "Mine"})
    await desk.ask("DELETE", f"/resources/{desk.here}/{elsewhere}", 404)
    await desk.ask("DELETE", path, 403, user=b.limited)


async def test_what_is_taken_is_not_deleted_and_what_is_free_goes_with_its_need(desk: Desk) -> None:
    b = desk.business
    cabin = await cabin_of(desk)
    path = f"/resources/{desk.here}/{cabin['id']}"
    answer = (await desk.book(desk.wish(b.massage, desk.at("10:00"), staff=b.anna))).json()["data"][0]
    assert "10:00" not in await desk.times(b.peter, b.massage)
    assert f"{desk.day(3)} 10:00" in (await desk.ask("DELETE", path, 409))["message"]
    assert await cabin_of(desk) == cabin
    gone = await desk.call("DELETE", f"/user/records/{answer['record_id']}/{answer['record_hash']}")
    assert gone.status_code in (200, 204), gone.text
    await massage(desk, desk.at("11:00", 4), b.anna)
    await desk.ask("DELETE", path, 409)
    await desk.db.execute(
        "UPDATE busy SET starts_at = starts_at - interval '9 days', ends_at = ends_at - interval '9 days'"
    )
    await desk.ask("DELETE", path)
    assert await desk.ask("GET", f"/resources/{desk.here}") == []
    await desk.ask("DELETE", path, 404)
    await massage(desk, desk.at("10:00"), b.anna, phone="+13155550191")
    assert "10:00" in await desk.times(b.peter, b.massage), "a massage needs no cabin any more"


async def test_a_booking_and_a_deletion_at_once_leave_no_appointment_without_its_cabin(desk: Desk) -> None:
    b = desk.business
    cabin = await cabin_of(desk)
    wish = desk.wish(b.massage, desk.at("10:00"), staff=b.anna)
    booked, deleted = await asyncio.gather(
        desk.book(wish), desk.call("DELETE", f"/resources/{desk.here}/{cabin['id']}", user=b.owner)
    )
    assert (booked.status_code, deleted.status_code) in {(201, 409), (201, 200), (422, 200)}
    held = await desk.db.fetchval("SELECT count(*) FROM busy WHERE owner_id = $1", cabin["instances"][0]["id"])
    if deleted.status_code == 200:
        assert held == 0


async def occupations(desk: Desk, begin: str, end: str, **query: Any) -> Any:
    params = {"filter[date_intersect_from_strict]": begin, "filter[date_intersect_to_strict]": end, **query}
    answer = await desk.v2(OCCUPATIONS.format(desk.here), params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def test_occupations_show_who_takes_what_from_when_to_when(desk: Desk) -> None:
    b = desk.business
    cabin = await cabin_of(desk)
    record_id = await massage(desk, desk.at("10:00"), b.anna)
    at = clock.parse_when(desk.at("15:00"), b.zone)
    event_id = await make_event(desk.db, b.chain_id, desk.here, b.peter, b.haircut, at)
    instance = cabin["instances"][0]["id"]
    holder = await desk.db.fetchval("SELECT busy_id FROM events WHERE id = $1", event_id)
    span = await desk.db.fetchrow("SELECT starts_at, ends_at FROM busy WHERE id = $1", holder)
    place = {"chain_id": b.chain_id, "location_id": desk.here, "owner_id": instance, "holder_id": holder}
    await put(desk.db, "busy", **place, **dict(span), kind="event")

    both = await occupations(desk, desk.at("00:00"), desk.at("00:00", 4))
    assert [one["attributes"] for one in both] == [
        {
            "source_type": slug,
            "source_type_slug": slug,
            "source_id": source_id,
            "resource_id": cabin["id"],
            "resource_instance_id": instance,
            "from": f"{desk.day(3)} {begin}:00",
            "to": f"{desk.day(3)} {end}:00",
        }
        for slug, source_id, begin, end in (
            ("record", record_id, "10:00", "10:30"),
            ("activity", event_id, "15:00", "16:00"),
        )
    ]
    assert {one["type"] for one in both} == {"resource_occupation"}
    assert len({one["id"] for one in both}) == 2

    async def ids(**query: Any) -> list[int]:
        found = await occupations(desk, desk.at("00:00"), desk.at("00:00", 4), **query)
        return [one["attributes"]["source_id"] for one in found]

    assert await ids(**{"filter[service_id]": b.massage}) == [record_id]
    assert await ids(**{"filter[service_ids][]": [b.haircut, b.manicure]}) == [event_id]
    assert await ids(**{"filter[service_ids][]": [b.haircut, b.massage]}) == [record_id, event_id]
    assert await ids(**{"filter[service_ids][]": [b.haircut], "filter[service_id]": b.massage}) == []
    for begin, end, count in (
        ("10:30", "15:00", 0),
        ("09:00", "10:00", 0),
        ("10:29", "10:31", 1),
        ("10:10", "10:20", 1),
    ):
        assert len(await occupations(desk, desk.at(begin), desk.at(end))) == count, (begin, end)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-07-16 13:00:00"}, "filter[date_intersect_from_strict]"),
        ({"from": "2026-07-16T13:00:00-05:00"}, "filter[date_intersect_from_strict]"),
        ({"to": "2026-07-16T25:00:00"}, "filter[date_intersect_to_strict]"),
        ({"to": "2026-07-16T12:00:00"}, "filter[date_intersect_to_strict]"),
        ({"to": None}, "filter[date_intersect_to_strict]"),
        ({"filter[service_id]": 0}, "filter[service_id]"),
        ({"filter[service_id]": "hair"}, "filter[service_id]"),
    ],
)
async def test_a_bad_filter_is_named(desk: Desk, query: dict[str, Any], field: str) -> None:
    span = {"from": "2026-07-16T13:00:00", "to": "2026-07-16T18:00:00"} | query
    params = {f"filter[date_intersect_{end}_strict]": span.pop(end) for end in ("from", "to")} | span
    given = {name: value for name, value in params.items() if value is not None}
    answer = await desk.v2(OCCUPATIONS.format(desk.here), params=given)
    assert answer.status_code == 422, answer.text
    assert list(answer.json()["meta"]["errors"]) == [field]
