"""Whatever the API shows of the demo business is enough to build it a second time through the API alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from agendum.core import clock
from agendum.demo.actions import make_demo
from tests.conftest import World
from tests.makers.world import NEW_YORK, connect, make_person
from tests.scenarios.test_opening import Desk

pytestmark = pytest.mark.anyio

# What differs between two businesses that are alike: ids, and what only time brings.
OWN = {
    *("id", "salon_id", "company_id", "chain_id", "location_id", "main_group_id", "group_id", "position_id", "user_id"),
    *("salon_service_id", "team_member_id", "staff_id", "resource_id", "service_id", "main_group", "salon_ids", "url"),
    *("rating", "votes_count", "comments_count", "html_code", "html_code_v2", "date_from", "date_to", "access"),
    "chain_main_salon_id",
}


@dataclass
class Copied:
    """New ids by the old ones."""

    places: dict[int, int] = field(default_factory=dict[int, int])
    positions: dict[int, int] = field(default_factory=dict[int, int])
    members: dict[int, int] = field(default_factory=dict[int, int])
    categories: dict[int, int] = field(default_factory=dict[int, int])
    services: dict[int, int] = field(default_factory=dict[int, int])


async def test_the_demo_is_built_again_by_operations_alone(world: World, tmp_path: Path) -> None:
    keys = await make_demo(world.dsn, "http://test", tmp_path / "data", now=clock.now())
    db = await connect(world.dsn)
    olga = await make_person(db, "Olga Owner")
    demo = Desk(world.http, keys["partner_token"], keys["owner"]["user_token"])
    mine = Desk(world.http, keys["partner_token"], olga.token)

    ids = Copied()
    await _copy_chain(demo, mine, ids)
    for old, new in ids.places.items():
        await _copy_team(demo, mine, ids, old, new)
        await _copy_catalogue(demo, mine, ids, old, new)
        await _copy_hours(demo, mine, ids, old, new)
        await _copy_booking(demo, mine, ids, old, new)
    await _copy_receptionist(demo, mine, ids, db, keys["receptionist"]["user_token"])
    await db.close()

    for old, new in ids.places.items():
        first, second = await _portrait(demo, old), await _portrait(mine, new)
        for name, shown in first.items():
            assert shown, name
            assert second[name] == shown, name
    await _a_client_books(Desk(world.http, keys["partner_token"]), ids)


async def _copy_chain(demo: Desk, mine: Desk, ids: Copied) -> None:
    [chain] = await demo("GET", "/groups")
    chain_id = 0
    for old in sorted(company["id"] for company in chain["companies"]):
        place = await demo("GET", f"/company/{old}", my=1)
        body = place | {"chain_title": chain["title"], "chain_id": chain_id}
        made = await mine("POST", "/companies", body, status=201)
        ids.places[old], chain_id = made["id"], made["main_group_id"]
    seen: dict[int, dict[str, Any]] = {}
    for old in ids.places:
        listed = await demo("GET", f"/v2/locations/{old}/positions")
        seen |= {int(position["id"]): position["attributes"] for position in listed}
    for old, position in sorted(seen.items()):
        first, *others = [ids.places[place] for place in position["salon_ids"]]
        made = await mine("POST", f"/company/{first}/positions/quick", position | {"salon_ids": others}, status=201)
        ids.positions[old] = made["id"]
    somewhere, anywhere = next(iter(ids.places.items()))
    for category in ("record", "client"):
        for one in await demo("GET", f"/custom_fields/{category}/{somewhere}"):
            known = one["custom_field"]
            values = [value for value in known["values"].split(",") if value]
            body = known | {"type": known["type"]["code"], "values": values}
            await mine("POST", f"/custom_fields/{category}/{anywhere}", body)


async def _copy_team(demo: Desk, mine: Desk, ids: Copied, old: int, new: int) -> None:
    answer = await demo.http.get(
        f"http://test/api/v2/locations/{old}/team_members",
        params={"include": "employee"},
        headers={"Authorization": f"Bearer {demo.partner}, User {demo.user}", "Accept": "application/vnd.api.v2+json"},
    )
    profiles = {int(one["id"]): one["attributes"] for one in answer.json()["included"]}
    for member in sorted(await demo("GET", f"/staff/{old}"), key=_id):
        profile = profiles[member["id"]]
        hired = {"date_admission": (profile["date_admission"] or "")[:10] or None}
        body = member | {"position_id": ids.positions[member["position_id"]], "user_id": 0}
        made = await mine("POST", f"/staff/{new}", body | {"employee": profile | hired}, status=201)
        ids.members[member["id"]] = made["id"]


async def _copy_catalogue(demo: Desk, mine: Desk, ids: Copied, old: int, new: int) -> None:
    categories = sorted(await demo("GET", f"/company/{old}/service_categories/0"), key=_id)
    for category in categories:
        if category["id"] not in ids.categories:
            made = await mine("POST", f"/service_categories/{new}", category | {"staff": []}, status=201)
            ids.categories[category["id"]] = made["id"]
    services = await demo("GET", f"/company/{old}/services/0")
    for service in sorted(services, key=lambda one: (one["is_composite"], one["id"])):
        body = service | {
            "category_id": ids.categories[service["category_id"]],
            "staff": [
                {"id": ids.members[one["id"]], "seance_length": one["seance_length"]} for one in service["staff"]
            ],
            "parts": [ids.services[part] for part in service["parts"]],
            "chain_service_id": ids.services.get(service["id"], 0),
        }
        made = await mine("POST", f"/services/{new}", body, status=201)
        ids.services[service["id"]] = made["id"]
        for one in service["staff"]:
            price = None if one["price"] is None else {"min": one["price"], "max": one["price_max"]}
            hours, seconds = divmod(one["seance_length"], 3600)
            own = {"team_member_id": ids.members[one["id"]], "hours": hours, "minutes": seconds // 60, "price": price}
            links = {"service_id": made["id"], "team_member_settings": [own], "resource_ids": [], "translations": []}
            await mine("POST", f"/company/{new}/services/links", links)
    for category in categories:  # how prominent it is, is each location's own
        weight = {"weight": category["weight"]}
        await mine("PUT", f"/service_category/{new}/{ids.categories[category['id']]}", weight)
    for resource in await demo("GET", f"/resources/{old}"):
        body = {
            "title": resource["title"],
            "description": resource["description"],
            "instances": [{"title": one["title"]} for one in resource["instances"]],
            "services": [ids.services[service] for service in resource["services"]],
        }
        await mine("POST", f"/resources/{new}", body, status=201)


async def _copy_hours(demo: Desk, mine: Desk, ids: Copied, old: int, new: int) -> None:
    body: dict[str, list[Any]] = {"schedules_to_set": [], "schedules_to_delete": []}
    for day in await _hours(demo, old):
        item = {"team_member_id": ids.members[day["team_member_id"]], "dates": [day["date"]]}
        if day["slots"]:
            body["schedules_to_set"].append(item | {"slots": day["slots"]})
        else:
            body["schedules_to_delete"].append(item | {"off_day_type": day["off_day_type"]})
    await mine("PUT", f"/company/{new}/staff/schedule", body)


async def _hours(desk: Desk, place: int) -> list[dict[str, Any]]:
    return await desk("GET", f"/company/{place}/staff/schedule", **_days(), include="off_day_type")


def _days() -> dict[str, Any]:
    today = clock.now().astimezone(ZoneInfo(NEW_YORK)).date()
    return {"start_date": today + timedelta(days=1), "end_date": today + timedelta(days=40)}


async def _copy_booking(demo: Desk, mine: Desk, ids: Copied, old: int, new: int) -> None:
    for settings, method in (("online", "PATCH"), ("timetable", "PATCH"), ("timeslots", "PUT")):
        known = await demo("GET", f"/company/{old}/settings/{settings}")
        await mine(method, f"/company/{new}/settings/{settings}", known)
    policy = await demo("GET", f"/privacy_policy/{old}")
    await mine("PUT", f"/privacy_policy/{new}", policy["agreement"])
    is_first = old == next(iter(ids.places))
    for form in await demo("GET", f"/company/{old}/booking_forms"):
        if form["is_chain"] and not is_first:
            continue  # one for all locations
        config = await demo("GET", f"/bookform/{form['id']}")
        body = form | {"style": config["style"], "language_ids": [language["id"] for language in config["langs"]]}
        await mine("POST", f"/company/{new}/booking_forms", body, status=201)


async def _copy_receptionist(demo: Desk, mine: Desk, ids: Copied, db: Any, token: str) -> None:
    """She is invited with her rights, and accepts by the link in the message."""
    old, new = next(iter(ids.places.items()))
    [user] = [one for one in await demo("GET", f"/company/{old}/users") if one["email"].startswith("reception@")]
    rights = await demo("GET", f"/company/{old}/users/{user['id']}/permissions")
    invite = {"name": user["name"], "search": user["email"], "user_role": rights["user_role"]}
    await mine("POST", f"/user/invite/{new}", {"invites": [invite]}, status=202)
    link = await db.fetchval("SELECT body ->> 'token' FROM outbox WHERE kind = 'user.invited'")
    grace = Desk(mine.http, mine.partner, token)
    await grace("POST", "/user/invite/accept", {"token": link}, status=201)
    held = await mine("GET", f"/company/{new}/users/{user['id']}/permissions")
    assert held == rights
    await grace("GET", f"/company/{new}/staff/schedule")
    await grace("PATCH", f"/company/{new}/settings/online", {"any_master": False}, status=403)


async def _portrait(desk: Desk, place: int) -> dict[str, Any]:
    """All that is shown of a location, things called by their names instead of their ids."""
    here = f"/company/{place}"
    team = await desk("GET", f"/staff/{place}")
    categories = await desk("GET", f"{here}/service_categories/0")
    services = sorted(await desk("GET", f"{here}/services/0"), key=_heavier_first)
    names = {one["id"]: one["name"] for one in team}
    labels = {one["id"]: one["title"] for one in categories}
    titles = {one["id"]: one["title"] for one in services}
    offered = await desk("GET", f"/book_services/{place}")
    forms = await desk("GET", f"{here}/booking_forms")
    found: dict[str, Any] = {
        "location": await desk("GET", here, my=1),
        "team": team,
        "positions": [one["attributes"] for one in await desk("GET", f"/v2/locations/{place}/positions")],
        "categories": [one | {"staff": [names[member] for member in one["staff"]]} for one in categories],
        "services": [
            one
            | {
                "category_id": labels[one["category_id"]],
                "staff": [{**link, "name": names[link["id"]]} for link in one["staff"]],
                "parts": [titles[part] for part in one["parts"]],
            }
            for one in services
        ],
        "resources": [
            one | {"services": sorted(titles[service] for service in one["services"])}
            for one in await desk("GET", f"/resources/{place}")
        ],
        "hours": [{**day, "name": names[day["staff_id"]]} for day in await _hours(desk, place)],
        "settings": [await desk("GET", f"{here}/settings/{name}") for name in ("online", "timetable", "timeslots")],
        "policy": await desk("GET", f"/privacy_policy/{place}"),
        "fields": [await desk("GET", f"/custom_fields/{name}/{place}") for name in ("record", "client")],
        "forms": forms,
        "pages": [await desk("GET", f"/bookform/{form['id']}") for form in forms],
        "offer": [
            one | {"category_id": labels[one["category_id"]]} for one in sorted(offered["services"], key=_heavier_first)
        ],
    }
    return cast("dict[str, Any]", _nameless(found))


def _nameless(value: Any) -> Any:
    """Without what is each business's own."""
    if isinstance(value, Mapping):
        known = cast("Mapping[str, Any]", value)
        return {name: _nameless(item) for name, item in known.items() if name not in OWN}
    return [_nameless(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value


async def _a_client_books(visitor: Desk, ids: Copied) -> None:
    place = next(iter(ids.places.values()))
    service = (await visitor("GET", f"/book_services/{place}"))["services"][0]["id"]
    days = await visitor("GET", f"/book_dates/{place}", **{"service_ids[]": service})
    day = date.fromisoformat(days["booking_dates"][-1])
    slots = await visitor("GET", f"/book_times/{place}/0/{day}", **{"service_ids[]": service})
    wanted = {"id": 1, "services": [service], "staff_id": 0, "datetime": slots[0]["datetime"]}
    body = {"phone": "+13155550198", "fullname": "Nora Client", "appointments": [wanted]}
    booked = await visitor("POST", f"/book_record/{place}", body, status=201)
    record = await visitor("GET", f"/book_record/{place}/{booked[0]['record_id']}/{booked[0]['record_hash']}")
    assert record["services"][0]["id"] == service


def _heavier_first(one: dict[str, Any]) -> tuple[int, str]:
    """Of the same weight the older comes first, which a copy cannot be in all: a composite follows its parts."""
    return -one["weight"], one["title"]


def _id(one: dict[str, Any]) -> int:
    return one["id"]
