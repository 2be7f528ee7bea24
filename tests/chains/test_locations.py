"""The directory of locations: which ones, in which order, with which fields."""

from __future__ import annotations

from typing import Any

import pytest

from agendum.core import clock
from tests.chains.conftest import Directory
from tests.makers.booking_forms import set_booking
from tests.makers.chains import BOGOTA, KOLKATA, make_location, make_member_of_staff
from tests.makers.world import make_chain

pytestmark = pytest.mark.anyio

# Every field of both of the contract's schemas that does not depend on a parameter, with its JSON type.
ALWAYS: dict[str, type | tuple[type, ...]] = {
    "id": int,
    "title": str,
    "public_title": str,
    "short_descr": str,
    "logo": str,
    "active": int,
    "phone": str,
    "phones": list,
    "email": str,
    "country_id": int,
    "schedule": str,
    "country": str,
    "city_id": int,
    "city": str,
    "timezone": (int, float),
    "timezone_name": str,
    "address": str,
    "zip": str,
    "coordinate_lat": (int, float),
    "coordinate_lon": (int, float),
    "phone_confirmation": bool,
    "push_notification_phone_confirm": int,
    "active_staff_count": int,
    "app_ios": str,
    "app_android": str,
    "currency_short_title": str,
    "reminds_sms_disabled": bool,
    "reminds_sms_default": int,
    "group_priority": int,
    "bookform_group_priority": int,
    "description": str,
    "photos": list,
    "company_photos": list,
    "booking_widget_promo": type(None),
    "social": dict,
    "site": str,
    "business_type_id": int,
    "business_group_id": int,
    "record_type_id": int,
    "main_group_id": int,
    "main_group": dict,
    "payment_policy": dict,
}
ASKED_FOR = {"next_slot", "groups", "bookforms", "online_sales_form_url", "distance", "staff", "positions", "access"}


async def test_a_location_in_full(directory: Directory):
    db = directory.db
    chain_id = await make_chain(db, "La Visage Group")
    location_id = await make_location(
        db,
        chain_id,
        "La Visage",
        zone=BOGOTA,
        public_title="La Visage Beauty",
        short_descr="Beauty salon",
        description="<p>Welcome</p>",
        logo="media/logo.png",
        photos=["media/1.jpg", "https://cdn.example.com/2.jpg"],
        phones=["13155550175", "13155550176"],
        email="info@lavisage.com",
        site="lavisage.com",
        social={"instagram": "instagram.com/lavisage"},
        schedule_text="Mon-Fri 9-18",
        address="787 Jackson Drive",
        zip="11435",
        business_type_id=25,
        group_priority=900,
        bookform_group_priority=3,
        record_type=1,
    )
    await set_booking(db, chain_id, location_id, confirm_number=True, sms_before_default=2, comment_required=True)
    await make_member_of_staff(db, chain_id, location_id, "Anna")
    [listed] = await directory.list()
    assert await directory.one(location_id) == listed
    assert not ASKED_FOR & listed.keys()
    for name, kind in ALWAYS.items():
        assert isinstance(listed[name], kind), name
    assert type(listed["active"]) is type(listed["push_notification_phone_confirm"]) is int
    assert {name: listed[name] for name in listed if name != "id"} == {
        "title": "La Visage",
        "public_title": "La Visage Beauty",
        "short_descr": "Beauty salon",
        "logo": "http://test/media/logo.png",
        "active": 1,
        "phone": "+13155550175",
        "phones": ["+13155550175", "+13155550176"],
        "email": "info@lavisage.com",
        "country_id": 49,
        "schedule": "Mon-Fri 9-18",
        "country": "Colombia",
        "city_id": 3688689,
        "city": "Bogotá",
        "timezone": -5,
        "timezone_name": "America/Bogota",
        "address": "787 Jackson Drive",
        "zip": "11435",
        "coordinate_lat": pytest.approx(4.61, abs=0.01),
        "coordinate_lon": pytest.approx(-74.08, abs=0.01),
        "phone_confirmation": True,
        "push_notification_phone_confirm": 1,
        "active_staff_count": 1,
        "app_ios": "",
        "app_android": "",
        "currency_short_title": "$",
        "reminds_sms_disabled": False,
        "reminds_sms_default": 2,
        "booking_comment_required": True,
        "booking_email_required": False,
        "group_priority": 900,
        "bookform_group_priority": 3,
        "description": "<p>Welcome</p>",
        "photos": ["media/1.jpg", "https://cdn.example.com/2.jpg"],
        "company_photos": ["http://test/media/1.jpg", "https://cdn.example.com/2.jpg"],
        "booking_widget_promo": None,
        "social": {
            "telegram": "",
            "instagram": "instagram.com/lavisage",
            "vk": "",
            "facebook": "",
            "viber": "",
            "whatsapp": "",
        },
        "site": "lavisage.com",
        "business_group_id": 1,
        "business_type_id": 25,
        "record_type_id": 1,
        "main_group_id": chain_id,
        "main_group": {"id": chain_id, "title": "La Visage Group"},
        "payment_policy": {"type": "none"},
    }


async def test_a_bare_location_has_every_field_too(directory: Directory):
    db = directory.db
    chain_id = await make_chain(db, "Half past")
    location_id = await make_location(
        db, chain_id, "Half past", zone=KOLKATA, city_id=None, lat=None, lon=None, active=False
    )
    found = await directory.one(location_id)
    for name, kind in ALWAYS.items():
        assert isinstance(found[name], kind), name
    assert (found["public_title"], found["timezone"], found["active"]) == ("Half past", 5.5, 0)
    assert (found["city_id"], found["city"], found["business_type_id"], found["phone"]) == (0, "", 0, "")
    assert (found["coordinate_lat"], found["coordinate_lon"]) == (0, 0)
    assert (found["phone_confirmation"], found["reminds_sms_disabled"]) == (False, False)


async def test_narrowing_the_directory(directory: Directory):
    db = directory.db
    chain, other = await make_chain(db, "One"), await make_chain(db, "Two")
    riga = await make_location(db, chain, "Riga", business_type_id=25, record_type=1)
    bogota = await make_location(db, chain, "Bogota", zone=BOGOTA, business_type_id=1, record_type=2)
    kolkata = await make_location(db, other, "Kolkata", zone=KOLKATA, business_type_id=12, record_type=0)
    assert await directory.ids() == [riga, bogota, kolkata]
    assert await directory.ids(id=bogota) == [bogota]
    assert await directory.ids(group_id=other) == await directory.ids(chain_id=other) == [kolkata]
    assert await directory.ids(group_id=chain, id=kolkata) == []
    assert await directory.ids(min_id=bogota) == [bogota, kolkata]
    assert await directory.ids(city_id=456172) == [riga]
    assert await directory.ids(business_group_id=1) == [riga, bogota]
    assert await directory.ids(business_type_id=12) == [kolkata]
    assert await directory.ids(hide_record_type_single=1) == [bogota, kolkata]
    assert await directory.ids(hide_record_type_activity="true") == [riga, kolkata]
    assert await directory.ids(hide_record_type_mixed=1, hide_record_type_single=1) == [bogota]
    assert await directory.ids(hide_record_type_mixed=0) == [riga, bogota, kolkata]


async def test_inactive_and_deleted_locations(directory: Directory):
    db = directory.db
    chain = await make_chain(db, "One")
    working = await make_location(db, chain, "Working")
    no_booking = await make_location(db, chain, "By phone only")
    await set_booking(db, chain, no_booking, is_enabled=False)
    resting = await make_location(db, chain, "Resting", active=False)
    gone = await make_location(db, chain, "Gone", active=False, deleted_at=clock.now())
    # The directory of everybody is of active locations, a chain's own list is of all.
    assert await directory.ids() == [working, no_booking]
    assert await directory.ids(active=0) == [working, no_booking, resting]
    assert await directory.ids(group_id=chain) == [working, no_booking, resting]
    assert await directory.ids(group_id=chain, active=1) == await directory.ids(active=1) == [working]
    everything = await directory.list(group_id=chain, show_deleted=1)
    assert {place["id"]: place["is_deleted"] for place in everything} == {
        working: False,
        no_booking: False,
        resting: False,
        gone: True,
    }
    assert await directory.ids(show_deleted=1) == [working, no_booking, gone]
    assert (await directory.get(f"/company/{gone}")).status_code == 404
    assert (await directory.one(resting))["active"] == 0
    shown = await directory.list(show_deleted=1, forBooking=1)
    assert [place["next_slot"] for place in shown] == [None] * 3


async def test_pages(directory: Directory):
    db = directory.db
    chain = await make_chain(db, "One")
    places = [await make_location(db, chain, f"No {n}") for n in range(5)]
    assert await directory.ids(count=2) == places[:2]
    assert await directory.ids(count=2, page=3) == places[4:]
    assert await directory.ids(count=2, page=4) == []
    assert await directory.ids(count=100_000) == await directory.ids(count=0, page=0) == places
    wrong: list[dict[str, Any]] = [{"count": -1}, {"page": 10**10}, {"count": "many"}, {"id": 2**63}, {"my": "maybe"}]
    for bad in wrong:
        answer = await directory.get("/companies", **bad)
        assert answer.status_code == 422
        assert answer.json()["meta"]["errors"][0]["field"] == next(iter(bad))


async def test_a_chain_orders_its_locations(directory: Directory):
    db = directory.db
    chain = await make_chain(db, "One")
    first = await make_location(db, chain, "Old")
    star = await make_location(db, chain, "Flagship", group_priority=900)
    last = await make_location(db, chain, "New")
    assert await directory.ids(group_id=chain) == [star, first, last]
    assert await directory.ids() == [first, star, last]  # a priority means nothing outside the chain


async def test_the_nearest_first(directory: Directory):
    db = directory.db
    chain = await make_chain(db, "One")
    far = await make_location(db, chain, "Bogotá", zone=BOGOTA)
    near = await make_location(db, chain, "Riga")
    nowhere = await make_location(db, chain, "Nowhere", lat=None, lon=None, group_priority=900)
    jurmala: dict[str, Any] = {"lat": 56.968, "lon": 23.77038}
    found = await directory.list(**jurmala)
    assert [place["id"] for place in found] == [near, far, nowhere]
    # 20 km along the coast, and across the Atlantic.
    assert found[0]["distance"] == pytest.approx(20_489, abs=100)
    assert found[1]["distance"] == pytest.approx(10_051_200, abs=1000)
    assert found[2]["distance"] is None
    assert await directory.ids(**jurmala, max_distance=50_000) == [near]
    assert await directory.ids(**jurmala, max_distance=20_000, group_id=chain) == []
    antipodes = await directory.list(lat=-56.946, lon=-155.894, id=near)
    assert antipodes[0]["distance"] == pytest.approx(20_015_000, abs=10_000)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"lat": 1}, "lon"),
        ({"lon": 1}, "lat"),
        ({"max_distance": 10}, "max_distance"),
        ({"lat": 91, "lon": 0}, "lat"),
        ({"lat": "nan", "lon": 0}, "lat"),
        ({"lat": 0, "lon": "inf"}, "lon"),
    ]
    for bad, field in wrong:
        answer = await directory.get("/companies", **bad)
        assert answer.status_code == 422
        assert answer.json()["meta"]["errors"][0]["field"] == field


async def test_who_must_sign_in(directory: Directory):
    location_id = await make_location(directory.db, await make_chain(directory.db, "One"))
    for path in ("/companies", f"/company/{location_id}"):
        without_user = await directory.get(path, my=1)
        with_wrong_user = await directory.get(path, my=1, user="wrong")
        without_partner = await directory.world.http.get(path)
        for answer in (without_user, with_wrong_user, without_partner):
            assert answer.status_code == 401
            body = answer.json()
            assert (body["success"], body["data"]) == (False, None)
            assert body["meta"]["message"] == "Authentication needed."


@pytest.mark.parametrize("path", ["/company/999999", "/company/0", "/company/salon", f"/company/{2**70}"])
async def test_there_is_no_such_location(directory: Directory, path: str):
    answer = await directory.get(path)
    assert answer.status_code == 404
    body = answer.json()
    assert (body["success"], body["data"]) == (False, None)
    assert body["meta"]["message"]


async def test_refusals_speak_the_older_form_too(directory: Directory):
    """Clients of GET /company/{id} look for `errors` beside `meta`."""
    missing, stranger = await directory.get("/company/999999"), await directory.world.http.get("/company/999999")
    assert missing.json()["errors"]["code"] == 404
    assert stranger.json()["errors"]["code"] == 401
    for answer in (missing, stranger):
        assert answer.json()["errors"]["message"] == answer.json()["meta"]["message"]
