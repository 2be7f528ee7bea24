"""An owner opens a business with nothing but the API, and a client books in it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agendum.core import clock
from tests.conftest import World
from tests.makers.world import NEW_YORK, connect, make_partner_token, make_person
from tests.scenarios.api import Desk

pytestmark = pytest.mark.anyio


def day(ahead: int) -> date:
    return clock.now().astimezone(ZoneInfo(NEW_YORK)).date() + timedelta(days=ahead)


async def test_a_business_is_opened_over_the_api_alone_and_a_client_books_in_it(world: World) -> None:
    db = await connect(world.dsn)
    owner = await make_person(db, "Olga Owner")
    partner = await make_partner_token(db)
    await db.close()
    desk, visitor = Desk(world.http, partner, owner.token), Desk(world.http, partner)

    place = await _open_location(desk)
    here = place["id"]
    anna, peter = await _hire(desk, here)
    haircut, massage = await _offer(desk, here, anna, peter)
    await _equip(desk, here, massage)
    await _open_hours(desk, here, [anna, peter])
    form = await _set_up_booking(desk, here)
    await _invite(desk, here, anna)

    config = await visitor("GET", f"/bookform/{form}")
    assert config["company_id"] == here
    offered = await visitor("GET", f"/book_services/{here}")
    assert [service["title"] for service in offered["services"]] == ["Massage", "Haircut"], "by weight, heavier first"
    staff = await visitor("GET", f"/book_staff/{here}")
    assert {member["name"] for member in staff} == {"Anna", "Peter"}
    dates = await visitor("GET", f"/book_dates/{here}", staff_id=anna)
    assert str(day(1)) in dates["booking_dates"]
    times = await visitor("GET", f"/book_times/{here}/{anna}/{day(1)}", **{"service_ids[]": haircut})
    assert times[0]["time"] == "10:00"
    assert times[0]["seance_length"] == 2700, "Anna's own length"
    wanted = {"id": 1, "services": [haircut], "staff_id": anna, "datetime": times[0]["datetime"]}
    client = {"phone": "+13155550199", "fullname": "Nora Client", "appointments": [wanted]}
    booked = await visitor("POST", f"/book_record/{here}", client, status=201)
    record = await visitor("GET", f"/book_record/{here}/{booked[0]['record_id']}/{booked[0]['record_hash']}")
    assert (record["staff"]["name"], record["services"][0]["cost"]) == ("Anna", 45)

    # The only cabin serves one massage at a time, whoever gives it.
    await _fill_cabin(visitor, here, massage, anna, peter)
    # And what is changed now is felt by the next client.
    await desk(
        "PUT",
        f"/company/{here}/staff/schedule",
        {"schedules_to_delete": [{"team_member_id": peter, "dates": [str(day(2))]}]},
    )
    assert await visitor("GET", f"/book_times/{here}/{peter}/{day(2)}") == []


async def _open_location(desk: Desk) -> Any:
    countries = await desk("GET", "/countries")
    country = next(country for country in countries if country["iso_code"] == "US")
    cities = await desk("GET", "/cities", country_id=country["id"])
    city = next(city for city in cities if city["title"] == "New York")
    groups = await desk("GET", "/references/business_groups_with_types")
    body = {
        "title": "Salon Aurora",
        "country_id": country["id"],
        "city_id": city["id"],
        "address": "787 Jackson Drive",
        "site": "https://aurora.example",
        "coordinate_lat": 40.73061,
        "coordinate_lot": -73.935242,
        "business_type_id": groups[0]["types"][0]["id"],
        "short_descr": "Beauty studio",
    }
    place = await desk("POST", "/companies", body, status=201)
    shown = await desk("GET", f"/company/{place['id']}", my=1)
    assert (shown["title"], shown["address"], shown["city_id"]) == ("Salon Aurora", "787 Jackson Drive", city["id"])
    assert shown["timezone_name"] == NEW_YORK
    chains = await desk("GET", "/groups")
    assert [one["id"] for chain in chains for one in chain["companies"]] == [place["id"]]
    return place


async def _hire(desk: Desk, here: int) -> tuple[int, int]:
    position = await desk(
        "POST",
        f"/v2/locations/{here}/positions",
        {"title": "Stylist", "description": "Cuts and cares"},
        status=201,
    )
    ids: list[int] = []
    for name in ("Anna", "Peter"):
        body = {
            "name": name,
            "specialization": "Stylist",
            "position_id": int(position["id"]),
            "phone_number": None,
            "user_email": "",
            "user_phone": "",
            "is_user_invite": False,
        }
        made = await desk("POST", f"/company/{here}/staff/quick", body, status=201)
        ids.append(made["id"])
    team = await desk("GET", f"/staff/{here}")
    assert [member["name"] for member in team] == ["Anna", "Peter"]
    return ids[0], ids[1]


async def _offer(desk: Desk, here: int, anna: int, peter: int) -> tuple[int, int]:
    category = await desk("POST", f"/service_categories/{here}", {"title": "Care", "weight": 1}, status=201)
    common = {"category_id": category["id"], "active": 1, "discount": 0, "comment": ""}
    staff = [{"id": member, "seance_length": 3600} for member in (anna, peter)]
    haircut = await desk(
        "POST",
        f"/services/{here}",
        common | {"title": "Haircut", "price_min": 40, "price_max": 40, "duration": 3600, "weight": 1, "staff": staff},
        status=201,
    )
    massage = await desk(
        "POST",
        f"/services/{here}",
        common | {"title": "Massage", "price_min": 60, "price_max": 80, "duration": 3600, "weight": 5},
        status=201,
    )
    for member in (anna, peter):
        link = {"master_id": member, "seance_length": 3600, "technological_card_id": None}
        await desk("POST", f"/company/{here}/services/{massage['id']}/staff", link, status=201)
    own = {
        "service_id": haircut["id"],
        "team_member_settings": [
            {
                "team_member_id": anna,
                "hours": 0,
                "minutes": 45,
                "price": {"min": 45, "max": None},
                "tech_card_id": None,
            },
            {"team_member_id": peter, "hours": 1, "minutes": 0, "price": None, "tech_card_id": None},
        ],
        "resource_ids": [],
        "translations": [],
    }
    await desk("POST", f"/company/{here}/services/links", own)
    return haircut["id"], massage["id"]


async def _equip(desk: Desk, here: int, massage: int) -> None:
    body = {"title": "Cabin", "description": "", "instances": [{"title": "Cabin 1"}], "services": [massage]}
    await desk("POST", f"/resources/{here}", body, status=201)
    assert [resource["title"] for resource in await desk("GET", f"/resources/{here}")] == ["Cabin"]


async def _open_hours(desk: Desk, here: int, members: list[int]) -> None:
    dates = [str(day(n)) for n in range(1, 15)]
    slots = [{"from": "10:00", "to": "14:00"}, {"from": "15:00", "to": "19:00"}]
    body = {"schedules_to_set": [{"team_member_id": one, "dates": dates, "slots": slots} for one in members]}
    await desk("PUT", f"/company/{here}/staff/schedule", body)


async def _set_up_booking(desk: Desk, here: int) -> int:
    settings = {
        "confirm_number": False,
        "any_master": True,
        "seance_delay_step": 60,
        "activity_online_record_clients_count_max": 2,
    }
    await desk("PATCH", f"/company/{here}/settings/online", settings)
    shown = await desk("GET", f"/company/{here}/settings/online")
    assert {name: shown[name] for name in settings} == settings
    made = await desk("POST", f"/company/{here}/booking_forms", {"title": "Book a visit"}, status=201)
    return made["id"]


async def _invite(desk: Desk, here: int, anna: int) -> None:
    invite = {"name": "Anna", "search": "anna@example.com", "user_role": "worker", "staff_id": anna}
    await desk("POST", f"/user/invite/{here}", {"invites": [invite]}, status=202)
    waiting = await desk("GET", f"/company/{here}/users", **{"filter[is_approved]": 0})
    assert [user["email"] for user in waiting] == ["anna@example.com"]


async def _fill_cabin(visitor: Desk, here: int, massage: int, anna: int, peter: int) -> None:
    at = f"{day(2)}T12:00:00"
    for number, (member, status) in enumerate([(anna, 201), (peter, 422)]):
        wanted = {"id": 1, "services": [massage], "staff_id": member, "datetime": at}
        body = {"phone": f"+1315555020{number}", "fullname": "Client", "appointments": [wanted]}
        await visitor("POST", f"/book_record/{here}", body, status=status)
