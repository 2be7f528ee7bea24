"""What is shown of a location when somebody asks for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agendum.core import clock
from tests.booking.test_statements import watch
from tests.chains.conftest import Directory
from tests.makers.booking_forms import make_booking_form
from tests.makers.chains import BOGOTA, RIGA, make_location, make_member_of_staff
from tests.makers.world import make_category, make_chain, make_member, make_membership, make_person, make_service

pytestmark = pytest.mark.anyio


async def test_only_who_can_be_booked_counts_as_staff(directory: Directory):
    db = directory.db
    chain = await make_chain(db, "One")
    here, there = await make_location(db, chain, "Here"), await make_location(db, chain, "There")
    anna = await make_member_of_staff(db, chain, here, "Anna", position="Stylist", weight=1, avatar="media/a.png")
    ben = await make_member_of_staff(db, chain, here, "Ben", weight=9)
    await make_member_of_staff(db, chain, here, "Hidden", is_hidden=True, position="Manager")
    await make_member_of_staff(db, chain, here, "Fired", fired_on=date(2026, 1, 1))
    await make_member_of_staff(db, chain, here, "Deleted", deleted_at=clock.now())
    more: dict[str, Any] = {"include[]": ["staff", "positions", "accounts"]}
    here_shown, there_shown = await directory.list(**more)
    assert here_shown["active_staff_count"] == 2
    assert [member["id"] for member in here_shown["staff"]] == [ben, anna]  # heavier first
    assert here_shown["staff"][0]["position"] == []
    assert here_shown["staff"][1] | {"position": here_shown["staff"][1]["position"]["title"]} == {
        "id": anna,
        "name": "Anna",
        "specialization": "",
        "information": "",
        "avatar": "http://test/media/a.png",
        "avatar_big": "",
        "weight": 1,
        "position": "Stylist",
    }
    assert [position["title"] for position in here_shown["positions"]] == ["Manager", "Stylist"]
    assert (there_shown["id"], there_shown["active_staff_count"]) == (there, 0)
    assert (there_shown["staff"], there_shown["positions"]) == ([], [])
    assert "accounts" not in here_shown
    [only_staff] = await directory.list(id=here, include="staff")
    assert "positions" not in only_staff
    assert (await directory.get("/companies", include="secrets")).status_code == 422


async def test_my_locations(directory: Directory):
    db = directory.db
    one, two = await make_chain(db, "One"), await make_chain(db, "Two")
    first, second = await make_location(db, one, "First"), await make_location(db, one, "Second")
    elsewhere = await make_location(db, two, "Elsewhere", active=False, technical_break=600)
    owner, receptionist, nobody = [await make_person(db, name) for name in ("Olga O", "Rita R", "Nora N")]
    await make_membership(db, one, owner, None, role="owner", rights=["timetable_access", "edit_records_access"])
    await make_membership(db, two, owner, elsewhere, role="administrator", rights=["timetable_access"])
    await make_membership(db, one, receptionist, second, role="administrator", rights=["timetable_access"])

    mine = await directory.list(my=1, user=owner.token)
    assert [place["id"] for place in mine] == [first, second, elsewhere]
    assert [place["role"] for place in mine] == ["owner", "owner", "administrator"]
    assert mine[0]["access"] == {"timetable_access": True, "edit_records_access": True}
    assert (mine[2]["access"], mine[2]["technical_break"]) == ({"timetable_access": True}, 600)
    assert await directory.ids(my=1, group_id=two, user=owner.token) == [elsewhere]
    assert await directory.ids(my=1, user=receptionist.token) == [second]
    assert await directory.ids(my=1, group_id=two, user=receptionist.token) == []
    assert await directory.ids(my=1, user=nobody.token) == []
    # Without `my` a signed-in user sees what everybody sees.
    for place in await directory.list(user=owner.token, my=0):
        assert not {"access", "role", "technical_break"} & place.keys()

    assert (await directory.one(second, my=1, user=receptionist.token))["access"] == {"timetable_access": True}
    assert "access" not in await directory.one(first, user=owner.token)
    assert (await directory.get(f"/company/{first}", my=1, user=receptionist.token)).status_code == 404


async def test_chains_on_request(directory: Directory):
    chain = await make_chain(directory.db, "One")
    location_id = await make_location(directory.db, chain)
    group = {"id": chain, "title": "One"}
    [listed] = await directory.list(show_groups=1)
    single = await directory.one(location_id, show_groups=1)
    assert listed["groups"] == single["groups"] == {str(chain): group}
    assert "groups" not in await directory.one(location_id, show_groups=0)


async def test_booking_forms_on_request(directory: Directory):
    db = directory.db
    chain, other = await make_chain(db, "One"), await make_chain(db, "Two")
    here, there = await make_location(db, chain, "Here"), await make_location(db, chain, "There")
    site = await make_booking_form(db, chain, here, "For the site")
    main = await make_booking_form(db, chain, here, "Main", is_default=True)
    await make_booking_form(db, chain, here, "Thrown away", deleted_at=clock.now())
    of_chain = await make_booking_form(db, chain, None, "All locations")
    foreign = await make_booking_form(db, other, None, "Not ours")
    here_shown, there_shown = await directory.list(showBookforms=1, group_id=chain)
    assert here_shown["bookforms"] == (await directory.one(here, showBookforms=1))["bookforms"]
    assert here_shown["bookforms"] == [
        {"id": main, "title": "Main", "is_default": 1, "url": f"http://test/b/{main}"},
        {"id": site, "title": "For the site", "is_default": 0, "url": f"http://test/b/{site}"},
    ]
    assert there_shown["bookforms"] == []
    for form, url in ((site, f"http://test/b/{site}"), (of_chain, f"http://test/b/{of_chain}"), (foreign, "")):
        shown = await directory.one(here, bookform_id=form)
        assert shown["online_sales_form_url"] == url
        assert "bookforms" not in shown
    assert (await directory.one(there, bookform_id=site))["online_sales_form_url"] == ""


async def test_the_nearest_free_start_on_request(directory: Directory):
    db = directory.db
    chain = await make_chain(db, "One")
    riga = await make_location(db, chain, "Riga")
    bogota = await make_location(db, chain, "Bogotá", zone=BOGOTA)
    empty = await make_location(db, chain, "Nobody here")
    members = {
        place: (await make_member(db, chain, place, "Anna", zone=zone),)
        for place, zone in ((riga, RIGA), (bogota, BOGOTA))
    }
    await make_service(db, chain, await make_category(db, chain, list(members)), "Haircut", members)
    asked_at = datetime.now(UTC)
    shown = {place["id"]: place["next_slot"] for place in await directory.list(forBooking=1)}
    assert shown[empty] is None
    for place, offsets in ((riga, ("+02:00", "+03:00")), (bogota, ("-05:00",))):
        assert shown[place].endswith(offsets)
        moment = datetime.fromisoformat(shown[place])
        assert 9 <= moment.hour < 18
        assert asked_at <= moment <= asked_at + timedelta(days=1)
        later = (await directory.one(place, forBooking="true"))["next_slot"]
        assert moment <= datetime.fromisoformat(later) <= moment + timedelta(days=1)
    assert "next_slot" not in await directory.one(riga, forBooking=0)


async def test_the_nearest_free_starts_of_a_chain_cost_one_statement_more(directory: Directory):
    db = directory.db
    chain = await make_chain(db, "One")
    places = [await make_location(db, chain, f"No {n}") for n in range(10)]
    members = {place: (await make_member(db, chain, place, "Anna", zone=RIGA),) for place in places}
    await make_service(db, chain, await make_category(db, chain, places), "Haircut", members)
    await directory.list(forBooking=1)  # tokens and offers are known now
    seen = watch(directory)
    shown = await directory.list(forBooking=1)
    assert len(shown) == 10
    assert all(place["next_slot"] for place in shown)
    assert len(seen) == 2, "\n".join(seen)  # with what booking knows kept


@pytest.mark.parametrize("which", ["everybody's", "near", "of a chain"])
async def test_a_page_costs_two_statements(directory: Directory, which: str):
    """However many locations there are: their rows, and what booking knows of them."""
    db = directory.db
    chains = [await make_chain(db, f"Chain {n}") for n in range(3)]
    for chain in chains:
        for n in range(5):
            location_id = await make_location(db, chain, f"No {n}")
            await make_member_of_staff(db, chain, location_id, "Anna", position="Stylist")
            await make_booking_form(db, chain, location_id)
    near: dict[str, Any] = {"lat": 56.9, "lon": 24.1}
    query: dict[str, Any] = {"everybody's": {}, "near": near, "of a chain": {"group_id": chains[1]}}[which]
    await directory.list()  # tokens are known now
    seen = watch(directory)
    shown = await directory.list(**query, showBookforms=1, show_groups=1, include="staff,positions")
    assert len(shown) == (5 if which == "of a chain" else 15)
    assert len(seen) == 2
