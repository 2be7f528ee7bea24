"""Opening, changing and closing a location, over the API alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agendum.core import clock
from agendum.core.rights import owner_rights
from tests.booking.test_statements import watch
from tests.chains.conftest import Directory
from tests.makers.chains import make_member_of_staff
from tests.makers.world import insert, make_membership, make_person, stamps

pytestmark = pytest.mark.anyio

LATVIA = "LV"
NEW_YORK_CITY, RIGA_CITY = 5128581, 456172
FULL: dict[str, Any] = {
    "title": "James Smith LLC",
    "public_title": "James Smith",
    "short_descr": "Beauty studio",
    "description": "The <strong>James Smith</strong> location<script>alert(1)</script>",
    "city_id": NEW_YORK_CITY,
    "address": "New York, 787 Jackson Drive",
    "zip": "11435",
    "coordinate_lat": 40.73061,
    "coordinate_lon": -73.935242,
    "phones": ["12125357710", "(212) 535-7711"],
    "email": "info@james-smith-company.com",
    "site": "james-smith-company.com",
    "social": {"instagram": "instagram.com/james_smith_company/"},
    "schedule": "Mon-Fri 9-18",
    "app_ios": "https://apps.apple.com/app/1",
    "app_android": "https://play.google.com/store/apps/1",
    "business_type_id": 2,
    "record_type_id": 1,
    "group_priority": 900,
    "bookform_group_priority": 3,
    "active": 1,
}
SHOWN: dict[str, Any] = FULL | {
    "description": "The <strong>James Smith</strong> location",
    "phones": ["+12125357710", "+12125357711"],
    "social": {
        "telegram": "",
        "instagram": "instagram.com/james_smith_company/",
        "vk": "",
        "facebook": "",
        "viber": "",
        "whatsapp": "",
    },
    "phone": "+12125357710",
    "city": "New York",
    "country": "United States",
    "timezone_name": "America/New_York",
    "currency_short_title": "$",
    "business_group_id": 1,
}


async def send(directory: Directory, method: str, path: str, user: str, body: Any = None) -> Any:
    header = f"Bearer {directory.partner}" + (f", User {user}" if user else "")
    return await directory.world.http.request(method, path, json=body, headers={"Authorization": header})


async def opened(directory: Directory, user: str, **body: Any) -> dict[str, Any]:
    answer = await send(directory, "POST", "/companies", user, {"title": "Salon", "city_id": RIGA_CITY} | body)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


def complaint(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["meta"]["errors"][0]["field"]


async def country(directory: Directory, iso: str) -> int:
    return await directory.db.fetchval("SELECT id FROM countries WHERE iso_code = $1", iso)


async def test_what_is_sent_is_read_back(directory: Directory) -> None:
    user = (await make_person(directory.db)).token
    made = await opened(directory, user, **FULL)
    assert {name: made[name] for name in SHOWN} == SHOWN
    assert await directory.one(made["id"]) == made
    assert made["main_group"]["title"] == "James Smith LLC"


async def test_a_new_chain_may_have_a_title_of_its_own(directory: Directory) -> None:
    user = (await make_person(directory.db)).token
    made = await opened(directory, user, title="Salon on Main", chain_title="Salons of Riga")
    assert (made["title"], made["main_group"]["title"]) == ("Salon on Main", "Salons of Riga")
    await send(directory, "PUT", f"/company/{made['id']}", user, {"title": "Salon on First"})
    assert (await directory.one(made["id"]))["main_group"]["title"] == "Salons of Riga"


async def test_the_break_of_a_location_is_that_of_services_without_one(directory: Directory) -> None:
    user = (await make_person(directory.db)).token
    made = await opened(directory, user, technical_break=600)
    place = f"/company/{made['id']}"
    assert (await directory.one(made["id"], user=user, my=1))["technical_break"] == 600
    category = (await send(directory, "POST", f"/service_categories/{made['id']}", user, {"title": "Hair"})).json()
    body = {"title": "Cut", "category_id": category["data"]["id"], "price_min": 5}
    await send(directory, "POST", f"/services/{made['id']}", user, body)
    path = f"http://test/api/v2/locations/{made['id']}/attendance_services"
    for seconds in (600, 900):
        await send(directory, "PUT", place, user, {"technical_break": seconds})
        token = f"Bearer {directory.partner}, User {user}"
        headers = {"Authorization": token, "Accept": "application/vnd.api.v2+json"}
        [way] = (await directory.world.http.get(path, headers=headers)).json()["data"]
        assert way["attributes"]["technical_break_duration"] == seconds
    refused = await send(directory, "PUT", place, user, {"technical_break": 250})
    assert complaint(refused) == (422, "technical_break")


async def test_who_opens_a_location_owns_it_at_once(directory: Directory) -> None:
    user = await make_person(directory.db)
    assert await directory.list(user=user.token, my=1) == []
    made = await opened(directory, user.token)
    [mine] = await directory.list(user=user.token, my=1)
    assert (mine["id"], mine["role"]) == (made["id"], "owner")
    assert mine["access"] == owner_rights(made["main_group_id"])
    changed = await send(directory, "PUT", f"/company/{made['id']}", user.token, {"title": "Studio"})
    assert changed.json()["data"]["title"] == "Studio"


async def test_a_second_location_of_a_chain_asks_for_the_right_in_the_chain(directory: Directory) -> None:
    db = directory.db
    owner = await make_person(db)
    first = await opened(directory, owner.token)
    chain_id = first["main_group_id"]
    second = await opened(directory, owner.token, group_id=chain_id, title="Salon Two")
    assert second["main_group_id"] == chain_id
    assert await directory.ids(user=owner.token, my=1) == [first["id"], second["id"]]

    manager = await make_person(db)
    right = "salon_to_salon_group_add_access"
    await make_membership(db, chain_id, manager, None, role="manager", rights=[right])
    third = await opened(directory, manager.token, group_id=chain_id)
    assert (await directory.one(third["id"], user=manager.token, my=1))["role"] == "owner"
    assert (await directory.one(first["id"], user=manager.token, my=1))["role"] == "manager"

    stranger, local = await make_person(db), await make_person(db)
    await make_membership(db, chain_id, local, first["id"], role="manager", rights=[right])
    body = {"title": "Mine now", "city_id": RIGA_CITY, "group_id": chain_id}
    for person in (stranger, local):
        assert (await send(directory, "POST", "/companies", person.token, body)).status_code == 403
    nowhere = await send(directory, "POST", "/companies", owner.token, body | {"group_id": 9_999_999})
    assert nowhere.status_code == 404
    assert len(await directory.list(group_id=chain_id)) == 3


async def test_a_change_leaves_the_rest_as_it_was(directory: Directory) -> None:
    user = (await make_person(directory.db)).token
    made = await opened(directory, user, **FULL)
    place = f"/company/{made['id']}"
    body: dict[str, Any] = {"address": "12 Broad Street", "social": {"telegram": "t.me/js"}, "phones": ["+12125550100"]}
    answer = await send(directory, "PUT", place, user, body)
    assert answer.status_code == 200, answer.text
    social = SHOWN["social"] | body["social"]
    expected = made | {"address": "12 Broad Street", "social": social, "phones": ["+12125550100"]}
    assert await directory.one(made["id"]) == expected | {"phone": "+12125550100"}
    assert answer.json()["data"]["access"]["settings_access"] is True
    # What was read can be sent back whole.
    again = await send(directory, "PUT", place, user, await directory.one(made["id"]))
    assert again.status_code == 200, again.text
    assert await directory.one(made["id"]) == expected | {"phone": "+12125550100"}


async def test_what_is_not_known_can_be_sent_back_too(directory: Directory) -> None:
    user = (await make_person(directory.db)).token
    made = await opened(directory, user, city_id=0, country="Latvia")
    assert (made["city_id"], made["business_type_id"], made["coordinate_lat"]) == (0, 0, 0)
    assert made["timezone_name"] == "Europe/Riga"
    answer = await send(directory, "PUT", f"/company/{made['id']}", user, made)
    assert answer.status_code == 200, answer.text
    assert await directory.one(made["id"]) == made


async def test_a_place_by_names_and_a_move_to_another_country(directory: Directory) -> None:
    user = (await make_person(directory.db)).token
    made = await opened(directory, user, city_id=0, country="United States", city="New York")
    assert (made["city_id"], made["timezone_name"]) == (NEW_YORK_CITY, "America/New_York")
    place = f"/company/{made['id']}"
    # An id wins over a name.
    body = {"country_id": await country(directory, LATVIA), "country": "United States", "city": "Riga"}
    moved = (await send(directory, "PUT", place, user, body)).json()["data"]
    assert (moved["city_id"], moved["timezone_name"], moved["currency_short_title"]) == (RIGA_CITY, "Europe/Riga", "€")
    # A country alone leaves no city of the former one.
    moved = (await send(directory, "PUT", place, user, {"country": "us"})).json()["data"]
    assert (moved["country"], moved["city_id"], moved["city"]) == ("United States", 0, "")
    moved = (await send(directory, "PUT", place, user, {"timezone_name": "America/Denver"})).json()["data"]
    assert moved["timezone_name"] == "America/Denver"
    # A city by its id takes its country with it.
    moved = (await send(directory, "PUT", place, user, {"city_id": RIGA_CITY})).json()["data"]
    assert (moved["country"], moved["timezone_name"]) == ("Latvia", "Europe/Riga")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "  "}, "title"),
        ({"title": None}, "title"),
        ({"city_id": None}, "city_id"),
        ({"city_id": 0}, "country_id"),
        ({"city_id": 1}, "city_id"),
        ({"country_id": 99999}, "country_id"),
        ({"country": "Nowhere"}, "country"),
        ({"city_id": 0, "country": "Latvia", "city": "Atlantis"}, "city"),
        ({"country": "United States"}, "city_id"),
        ({"timezone_name": "Mars/Olympus"}, "timezone_name"),
        ({"business_type_id": 9999}, "business_type_id"),
        ({"coordinate_lat": 91, "coordinate_lon": 0}, "coordinate_lat"),
        ({"coordinate_lat": 56.9}, "coordinate_lon"),
        ({"coordinate_lot": 24.1}, "coordinate_lat"),
        ({"phones": ["+37167000000", "12"]}, "phones[1]"),
        ({"phone": "call me"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"site": "javascript:alert(1)"}, "site"),
        ({"record_type_id": 3}, "record_type_id"),
        ({"group_priority": 2**31}, "group_priority"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(directory: Directory, body: dict[str, Any], field: str) -> None:
    user = (await make_person(directory.db)).token
    answer = await send(directory, "POST", "/companies", user, {"title": "Salon", "city_id": RIGA_CITY} | body)
    assert complaint(answer) == (422, field)
    assert await directory.list(user=user, my=1) == []


async def test_the_contract_s_other_spelling_of_longitude(directory: Directory) -> None:
    user = (await make_person(directory.db)).token
    made = await opened(directory, user, coordinate_lat=56.95, coordinate_lot="24.1")
    assert (made["coordinate_lat"], made["coordinate_lon"]) == (56.95, 24.1)


async def test_a_national_number_is_read_by_the_location_s_country(directory: Directory) -> None:
    user = (await make_person(directory.db)).token
    made = await opened(directory, user, phones=["67 000 000", "+37167000000"])
    assert made["phones"] == ["+37167000000"]


async def test_a_location_is_closed_when_nobody_is_awaited(directory: Directory) -> None:
    db = directory.db
    user = (await make_person(db)).token
    made = await opened(directory, user)
    spare = await opened(directory, user, group_id=made["main_group_id"])
    chain_id, location_id = made["main_group_id"], made["id"]
    appointment_id = await make_appointment(db, chain_id, location_id)
    place = f"/company/{location_id}"
    refused = await send(directory, "DELETE", place, user)
    assert refused.status_code == 409
    assert "1 upcoming appointment:" in refused.json()["meta"]["message"]
    assert (await directory.one(location_id))["id"] == location_id

    await db.execute("UPDATE appointments SET deleted_at = $1 WHERE id = $2", clock.now(), appointment_id)
    done = await send(directory, "DELETE", place, user)
    assert (done.status_code, done.json()["meta"]) == (202, {"message": "Accepted"})
    assert (await directory.get(place)).status_code == 404
    assert (await directory.get(f"/license/{location_id}", user=user)).status_code == 404
    assert (await send(directory, "DELETE", place, user)).status_code == 404
    assert await directory.ids(user=user, my=1) == [spare["id"]]
    kept = await directory.list(group_id=chain_id, show_deleted=1)
    assert {one["id"]: one["is_deleted"] for one in kept} == {location_id: True, spare["id"]: False}


async def make_appointment(db: Any, chain_id: int, location_id: int) -> int:
    """An appointment in a month."""
    at = await db.fetchval("SELECT $1::timestamptz + interval '30 days'", clock.now())
    place = {"chain_id": chain_id, "location_id": location_id}
    member_id = await insert(db, "team_members", **place, name="Anna", **stamps())
    visit_id = await insert(db, "visits", **place, created_at=clock.now())
    links = {"visit_id": visit_id, "team_member_id": member_id}
    return await insert(db, "appointments", **place, **links, starts_at=at, length=3600, **stamps())


async def test_every_change_is_told(directory: Directory) -> None:
    db = directory.db
    user = (await make_person(db)).token
    made = await opened(directory, user)
    place = f"/company/{made['id']}"
    await send(directory, "PUT", place, user, {"title": "Studio"})
    await send(directory, "PUT", place, user, {"title": "Studio"})  # changes nothing
    await send(directory, "DELETE", place, user)
    told = await db.fetch("SELECT kind, body FROM outbox ORDER BY id")
    ids = {"chain_id": made["main_group_id"], "location_id": made["id"]}
    assert [(row["kind"], row["body"]) for row in told] == [
        ("location.created", ids),
        ("location.changed", ids),
        ("location.deleted", ids),
    ]


# Chains and licences


async def test_the_chains_of_a_user_with_what_he_may_do_there(directory: Directory) -> None:
    db = directory.db
    owner, clerk = await make_person(db), await make_person(db)
    first = await opened(directory, owner.token, **FULL)
    second = await opened(directory, owner.token, group_id=first["main_group_id"])
    chain_id = first["main_group_id"]
    online = f"/company/{first['id']}/settings/online"
    assert (await send(directory, "PATCH", online, owner.token, {"allow_delete_record": False})).status_code == 200
    await make_membership(db, chain_id, clerk, second["id"], role="administrator", rights=["clients_access"])
    [chain] = (await directory.get("/groups", user=owner.token)).json()["data"]
    assert (chain["id"], chain["title"]) == (chain_id, "James Smith LLC")
    assert [place["id"] for place in chain["companies"]] == [first["id"], second["id"]]
    here = chain["companies"][0]
    assert here["phones"] == ["+12125357710", "+12125357711"]
    assert (here["allow_delete_record"], here["allow_change_record"]) == (False, True)
    assert {name: first[name] for name in here if name in first} == {n: v for n, v in here.items() if n in first}
    assert set(chain["access"].values()) == {"1"}
    # Who belongs to one location sees that one, and may do nothing in the chain.
    [chain] = (await directory.get("/groups", user=clerk.token)).json()["data"]
    assert [place["id"] for place in chain["companies"]] == [second["id"]]
    assert set(chain["access"].values()) == {"0"}
    assert (await directory.get("/groups", user=(await make_person(db)).token)).json()["data"] == []
    assert (await directory.get("/groups")).status_code == 401


async def test_a_location_of_one_s_own_has_a_licence_that_never_ends(directory: Directory) -> None:
    user = (await make_person(directory.db)).token
    made = await opened(directory, user)
    licence = (await directory.get(f"/license/{made['id']}", user=user)).json()["data"]
    assert licence["salon_id"] == made["id"]
    assert (licence["active"], licence["is_paid_rights_model"]) == (1, False)
    assert licence["deactivation_date"].endswith(".2999")
    stranger = (await make_person(directory.db)).token
    assert (await directory.get(f"/license/{made['id']}", user=stranger)).status_code == 403


# What is kept of the directory


async def test_the_directory_is_kept_and_yet_shows_every_change(directory: Directory) -> None:
    db = directory.db
    user = (await make_person(db)).token
    places = [await opened(directory, user, title=f"Salon {n}") for n in range(3)]
    here = places[1]["id"]
    await directory.list(city_id=RIGA_CITY)  # tokens are known now
    seen = watch(directory)
    assert [place["id"] for place in await directory.list(city_id=RIGA_CITY)] == [place["id"] for place in places]
    assert len(seen) == 1, "\n".join(seen)

    async def now(name: str) -> Any:
        [shown] = [place for place in await directory.list(city_id=RIGA_CITY) if place["id"] == here]
        assert shown == await directory.one(here)
        return shown[name]

    async def change(method: str, path: str, **body: Any) -> None:
        answer = await send(directory, method, path, user, body)
        assert answer.status_code < 300, answer.text

    await change("PUT", f"/company/{here}", title="Salon on First", public_title="")
    assert await now("title") == "Salon on First"
    await change("PATCH", f"/company/{here}/settings/online", confirm_number=True)
    assert await now("phone_confirmation") is True
    member = await make_member_of_staff(db, places[1]["main_group_id"], here, "Anna")
    await change("PUT", f"/staff/{here}/{member}", name="Anna Bell")
    assert await now("active_staff_count") == 1
    await change("PUT", f"/staff/{here}/{member}", hidden=1)
    assert await now("active_staff_count") == 0
    offsets: set[int] = set()
    try:
        for days in (0, 182):  # one of them is in summer
            clock.shift_clock(timedelta(days=days))
            offsets.add(await now("timezone"))
    finally:
        clock.shift_clock(timedelta())
    assert offsets == {2, 3}
    await change("DELETE", f"/company/{here}")
    assert here not in await directory.ids(city_id=RIGA_CITY)
