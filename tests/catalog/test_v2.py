"""What the calendar asks: ways to give services, and what a client is likely to want."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from agendum.core import clock
from tests.catalog.conftest import Desk
from tests.makers.world import insert, put, stamps

pytestmark = pytest.mark.anyio


async def visit(desk: Desk, member: int, days_ago: int, *services: int, client: int | None = None, **more: Any) -> int:
    """An appointment of the past, with its time; gives its id."""
    b = desk.business
    starts_at: datetime = clock.now() - timedelta(days=days_ago, minutes=member)
    place = {"chain_id": b.chain_id, "location_id": desk.here}
    ends_at = starts_at + timedelta(minutes=1)
    time = {"owner_id": member, "starts_at": starts_at, "ends_at": ends_at, "kind": "appointment"}
    busy_id = await insert(desk.db, "busy", **place, **time)
    visit_id = await insert(desk.db, "visits", **place, client_id=client, created_at=starts_at)
    facts = {"visit_id": visit_id, "team_member_id": member, "client_id": client, "busy_id": busy_id, "length": 60}
    record_id = await insert(desk.db, "appointments", **place, **facts, starts_at=starts_at, **stamps(), **more)
    for position, service_id in enumerate(services, start=1):
        line = {"appointment_id": record_id, "position": position, "service_id": service_id}
        money = {"length": 60, "first_cost": 10, "cost": 10}
        await put(desk.db, "appointment_services", chain_id=b.chain_id, **line, **money)
    return record_id


async def suggested(desk: Desk, member: int, **query: Any) -> list[tuple[int, str, int | None]]:
    path = f"/v2/locations/{desk.here}/attendance_service_suggestions"
    found = await desk.get(path, staff_id=member, **query)
    return [tuple(one["attributes"].values()) for one in found]


async def test_suggestions_begin_with_the_last_visit_then_what_is_usual(desk: Desk) -> None:
    b = desk.business
    colour = (await desk.make(title="Colour", staff=[{"id": b.anna}]))["id"]
    for days in (30, 31, 32):
        await visit(desk, b.peter, days, b.massage, client=b.client_id)
    last = await visit(desk, b.anna, 5, b.haircut, client=b.client_id)
    await visit(desk, b.anna, 1, colour, client=b.client_id, attendance=-1)
    for days in (7, 8, 9, 10):
        await visit(desk, b.anna, days, b.manicure)
    await visit(desk, b.anna, 11, colour)
    await visit(desk, b.anna, 12, b.haircut)
    popular = await suggested(desk, b.anna)
    assert popular[0] == (b.manicure, "master_popular_service", None)
    assert {service for service, _, _ in popular} == {b.manicure, b.haircut, colour}
    assert (await suggested(desk, b.anna, client_id=b.client_id))[:3] == [
        (b.haircut, "last_client_visit_attendance_service", last),
        (b.massage, "client_popular_service", None),
        (b.manicure, "master_popular_service", None),
    ]
    await desk.done("DELETE", f"/company/{desk.here}/services/{b.massage}/staff/{b.anna}")
    services = [service for service, _, _ in await suggested(desk, b.anna, client_id=b.client_id)]
    assert b.massage not in services, "only what the team member gives"
    assert len(services) == len(set(services))


async def test_a_caller_limited_to_the_clients_of_one_sees_no_others(desk: Desk) -> None:
    b = desk.business
    await visit(desk, b.peter, 5, b.haircut, client=b.client_id)
    limit = "UPDATE memberships SET rights = rights || jsonb_build_object('clients_visit_master_id', $1::bigint)"
    path = f"/v2/locations/{desk.here}/attendance_service_suggestions"
    query = {"staff_id": b.anna, "client_id": b.client_id}
    await desk.db.execute(f"{limit} WHERE user_id = $2", b.anna, b.receptionist.id)
    assert (await desk.call("GET", path, user=b.receptionist, **query)).status_code == 403
    assert (await desk.call("GET", path, user=b.owner, **query)).status_code == 200


async def test_a_search_takes_what_is_typed_as_it_is(desk: Desk) -> None:
    await desk.make(title="100% silk wash")
    await desk.make(title="1000 silk washes", booking_title="Wash_it")
    path = f"/v2/locations/{desk.here}/attendance_services"
    for term, wanted in (("100%", 1), ("sILK", 2), ("sh_", 1), ("  ash", 2), ("%%%", 0)):
        found = await desk.get(path, **{"filter[term]": term})
        assert len(found) == wanted, term


async def test_an_event_service_is_told_apart(desk: Desk) -> None:
    yoga = (await desk.make(title="Yoga", is_multi=True, staff=[{"id": desk.business.anna}]))["id"]
    path = f"/v2/locations/{desk.here}/attendance_services"
    found = await desk.get(path, **{"filter[is_multi]": 1})
    assert [one["attributes"]["service_id"] for one in found] == [yoga]
    others = await desk.get(path, **{"filter[is_multi]": 0, "staff_id": desk.business.anna})
    assert yoga not in [one["attributes"]["service_id"] for one in others]


async def test_what_the_desk_may_not_book_is_not_available_for_the_timetable(desk: Desk) -> None:
    b = desk.business
    await desk.db.execute(
        "UPDATE service_links SET is_offline_records_allowed = false WHERE team_member_id = $1", b.anna
    )
    path = f"/v2/locations/{desk.here}/attendance_services"

    async def available(**query: Any) -> list[int]:
        found = await desk.get(path, **{"filter[is_available_for_timetable]": 1}, **query)
        return [one["attributes"]["service_id"] for one in found]

    assert await available() == [b.haircut, b.massage], "Peter may"
    assert await available(staff_id=b.anna) == []
    assert await available(staff_id=b.peter) == [b.haircut, b.massage]


async def test_without_the_media_type_nothing_is_answered(desk: Desk) -> None:
    token = f"Bearer {desk.small.partner_token}, User {desk.business.owner.token}"
    address = f"http://test/api/v2/locations/{desk.here}/services"
    assert (await desk.world.http.get(address, headers={"Authorization": token})).status_code == 400


async def test_reading_services_needs_its_right(desk: Desk) -> None:
    await desk.withhold("settings_services_access")
    for path in ("services", f"services/{desk.business.haircut}", "service_categories"):
        answer = await desk.call("GET", f"/v2/locations/{desk.here}/{path}", user=desk.business.receptionist)
        assert answer.status_code == 403, path
