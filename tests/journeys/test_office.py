"""The office behind the desk: schedules, clients, services, forms, people; each change is read back elsewhere."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from agendum.core import clock
from tests.journeys.conftest import PHONE, Open, Site, violations

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("journeys")]

STYLIST, HAIRCUT = 2, 1
SECTIONS = [
    "overview",
    "clients",
    "clients/new",
    "schedule",
    "team",
    "team/1",
    "services",
    "forms",
    "forms/1",
    "users",
    "users/2",
]
SETTINGS = ["location", "online", "times", "policy", "calendar", "tags", "fields", "resources", "tips"]


@asynccontextmanager
async def console(site: Site, open_page: Open, path: str, who: str = "owner", **options: Any) -> AsyncGenerator[Page]:
    """A part of the console, with somebody signed in."""
    async with open_page(**options) as page:
        await page.add_init_script(f"localStorage.setItem('agendum.user_token', '{site.demo[who]['user_token']}')")
        await page.goto(f"{site.url}/console/1/{path}")
        await page.locator(".office h1").first.wait_for()
        yield page


def free_monday() -> date:
    """A Monday with its Wednesday in the same month: after all that the demo has planned, and still bookable."""
    day = clock.now().date() + timedelta(days=37)
    while day.weekday() or (day + timedelta(days=2)).month != day.month:
        day += timedelta(days=1)
    return day


async def test_a_schedule_is_painted_copied_and_booked(site: Site, open_page: Open) -> None:
    monday = free_monday()
    week = [monday + timedelta(days=at) for at in range(3)]
    async with console(site, open_page, "schedule") as page:
        while not await page.locator(f'[data-day="{STYLIST}/{monday}"]').count():
            await page.get_by_role("button", name="Next month").click()
            await page.locator(".office [data-day]").first.wait_for()
        await page.get_by_role("button", name="10:00–14:00, 15:00–19:00").click()
        await page.locator(f'[data-day="{STYLIST}/{monday}"]').hover()
        await page.mouse.down()
        for day in week[1:]:
            await page.locator(f'[data-day="{STYLIST}/{day}"]').hover()
        await page.mouse.up()
        await expect(page.get_by_text("3 days are changed")).to_be_visible()
        await page.get_by_role("button", name="Mateo Rivera", exact=True).click()
        await page.get_by_label("Week of").select_option(str(monday))
        await page.get_by_role("button", name="Copy the week").click()
        await page.get_by_text("6 days are changed").wait_for()
        await page.get_by_role("button", name="Save").click()
        await page.get_by_text("The schedule is saved.").wait_for()

        with site.api() as api:
            span = {"start_date": str(monday), "end_date": str(monday + timedelta(days=13)), "staff_ids[]": STYLIST}
            planned = api.get("/company/1/staff/schedule", params=span).json()["data"]
            expected = [str(day + timedelta(days=more)) for more in (0, 7) for day in week]
            assert [one["date"] for one in planned] == expected
            assert all(len(one["slots"]) == 2 for one in planned)
            copied = expected[-1]
            services = {"service_ids[]": HAIRCUT}
            times = api.get(f"/book_times/1/{STYLIST}/{copied}", params=services).json()["data"]
            assert times[0]["time"] == "10:00"
            assert not [
                one for one in times if "13:00" <= one["time"] < "15:00"
            ]  # 75 minutes do not fit before the break
            record = {"staff_id": STYLIST, "services": [{"id": HAIRCUT}], "client": {"name": "Ann"}}
            when = {"datetime": f"{week[0]} 10:00:00", "seance_length": 3600}
            assert api.post("/records/1", json=record | when).is_success

        # A day off over what is booked: said before it is saved, and taken back by a key.
        await page.reload()
        while not await page.locator(f'[data-day="{STYLIST}/{monday}"]').count():
            await page.get_by_role("button", name="Next month").click()
            await page.locator(".office [data-day]").first.wait_for()
        await page.get_by_role("button", name="Day off").click()
        await page.locator(f'[data-day="{STYLIST}/{monday}"]').focus()
        await page.keyboard.press("Space")
        conflicts = page.get_by_role("region", name="Booked outside of working time")
        await expect(conflicts).to_contain_text("Mateo Rivera")
        await expect(conflicts).to_contain_text("10:00–11:00")
        await page.get_by_role("button", name="Undo").click()
        await expect(conflicts).to_be_hidden()


async def test_rights_hide_what_they_must(site: Site, open_page: Open) -> None:
    closed = {"Forms", "Users", "Settings"}
    async with console(site, open_page, "clients") as page:
        names = set(await page.get_by_role("navigation", name="Sections").get_by_role("link").all_inner_texts())
        assert closed <= names
        await page.goto(f"{site.url}/console/1/clients/1")
        await page.get_by_role("tab", name="Personal data").wait_for()
    async with console(site, open_page, "clients", who="receptionist") as page:
        names = set(await page.get_by_role("navigation", name="Sections").get_by_role("link").all_inner_texts())
        assert {"Clients", "Schedule"} <= names
        assert not closed & names
        await page.goto(f"{site.url}/console/1/clients/1")
        await page.get_by_role("tab", name="Comments").wait_for()
        for hidden in ("Personal data", "Files"):
            assert not await page.get_by_role("tab", name=hidden).count()
        await page.goto(f"{site.url}/console/1/users")
        await page.get_by_role("heading", name="Nothing to see here").wait_for()
    with site.api(site.demo["receptionist"]["user_token"]) as api:
        assert api.get("/company/1/users").status_code == 403


async def test_a_clients_card_is_changed(site: Site, open_page: Open) -> None:
    with site.api() as api:
        body = {"name": "Odette", "phone": "+12125550371"}
        id_ = api.post("/clients/1", json=body).json()["data"]["id"]
    async with console(site, open_page, "clients", loads=(422,)) as page:
        await page.get_by_label("Find a client").fill("Odette")
        await page.get_by_role("link", name="Odette").click()
        await page.get_by_label("Surname").fill("Laurent")
        await page.get_by_label("Favorite drink").select_option("Tea")
        await page.get_by_label("Comment").fill("Comes by bicycle.")
        await page.get_by_label("E-mail").fill("odette@laurent")
        await page.reload()  # what was typed survives
        await page.get_by_text("What was typed here before and not saved is back.").wait_for()
        await page.get_by_role("button", name="Save").click()
        field = page.get_by_label("E-mail")
        await expect(field).to_have_attribute("aria-invalid", "true")
        await field.fill("odette@laurent.example")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_text("The client is saved.").wait_for()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Odette Laurent")
        await page.get_by_role("tab", name="Comments").click()
        await page.get_by_label("New comment").fill("Likes the window seat.")
        await page.get_by_role("button", name="Add").click()
        await page.get_by_role("listitem").filter(has_text="Likes the window seat.").wait_for()
    with site.api() as api:
        found = api.get(f"/client/1/{id_}").json()["data"]
    assert (found["surname"], found["email"]) == ("Laurent", "odette@laurent.example")
    assert (found["custom_fields"]["drink"], found["comment"]) == ("Tea", "Comes by bicycle.")


async def test_a_service_at_ones_own_price(site: Site, open_page: Open) -> None:
    async with console(site, open_page, "team/4") as page:
        await page.get_by_role("tab", name="Services").click()
        await page.get_by_label("Pedicure, own price", exact=True).fill("88")
        await page.get_by_label("Pedicure, minutes").fill("65")
        await page.get_by_role("button", name="Save 1").click()
        await page.get_by_text("The services are saved.").wait_for()
    with site.api() as api:
        services = api.get("/company/1/services", params={"staff_id": 4}).json()["data"]
    link = next(one for one in services if one["title"] == "Pedicure")["staff"][0]
    assert (link["id"], link["price"], link["seance_length"]) == (4, 88, 3900)


async def test_a_forms_look_is_felt_on_its_page(site: Site, open_page: Open) -> None:
    async with console(site, open_page, "forms") as page:
        await page.get_by_label("Title of a new form").fill("Autumn")
        await page.get_by_role("button", name="Add a form").click()
        await page.get_by_role("tab", name="Look").click()
        await page.get_by_label("Main colour", exact=True).fill("#7A1F3D")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_text("The form is saved.").wait_for()
        accent = "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim().toLowerCase()"
        await page.get_by_role("tab", name="On your site").click()
        line = await page.get_by_label("Button: the line to copy").inner_text()
        form_id = page.url.rsplit("/", 1)[1]
        assert line == f'<script async src="{site.url}/widget.js" data-form="{form_id}"></script>'
        await page.goto(f"{site.url}/b/{form_id}")
        await page.get_by_role("heading", level=1).wait_for()
        assert await page.evaluate(accent) == "#7a1f3d"


async def test_somebody_is_invited(site: Site, open_page: Open) -> None:
    async with console(site, open_page, "users", viewport=PHONE) as page:
        await page.get_by_role("button", name="Invite").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("E-mail or phone").fill("ines@aurora.example")
        await dialog.get_by_label("Name").fill("Ines Duarte")
        await dialog.get_by_label("Role").select_option("worker")
        await dialog.get_by_role("button", name="Invite").click()
        await page.get_by_text("The invitation is on its way").wait_for()
        await page.get_by_role("link", name="Ines Duarte").click()
        await page.get_by_label("Find a right").fill("Move appointments")
        switch = page.get_by_role("switch", name="Move appointments")
        before = await switch.is_checked()
        await switch.click()
        await page.get_by_role("button", name="Save").click()
        await page.get_by_text("The rights are saved.").wait_for()
    with site.api() as api:
        user = next(one for one in api.get("/company/1/users").json()["data"] if one["email"] == "ines@aurora.example")
        rights = api.get(f"/company/1/users/{user['id']}/permissions").json()["data"]["user_permissions"]
    assert not user["is_approved"]
    value = next(one["value"] for one in rights if one["slug"] == "timetable_transferring_record_access")
    assert value is not before
    assert "/i/" in site.message("ines@aurora.example", "invitation")


async def test_nothing_is_lost_when_a_day_is_struck_from_the_phone(site: Site, open_page: Open) -> None:
    """A finger paints too, and what is not saved waits for the next visit."""
    async with console(site, open_page, "schedule", viewport=PHONE, has_touch=True) as page:
        await page.get_by_role("button", name="Leave", exact=True).tap()
        await page.locator('[data-day^="1/"]').last.tap()
        await page.get_by_text("1 day is changed").wait_for()
        await page.reload()
        await page.get_by_text("1 day is changed").wait_for()
        await page.get_by_role("button", name="Discard").tap()
        await page.get_by_text("Choose hours").wait_for()


async def test_every_section_is_open_to_everybody(site: Site, open_page: Open) -> None:
    async with console(site, open_page, "overview") as page:
        for path in SECTIONS + [f"settings/{part}" for part in SETTINGS]:
            await go(page, path)
            assert not await violations(page), path
        await page.emulate_media(color_scheme="dark")
        await page.set_viewport_size(PHONE)
        for path in ("overview", "clients/new", "schedule", "users/2"):
            await go(page, path)
            assert not await violations(page), f"{path}, dark, on a phone"


async def go(page: Page, path: str) -> None:
    """To another part of the console as its own links go there, until all of it has come."""
    await page.evaluate(
        "address => { history.pushState(null, '', address); dispatchEvent(new PopStateEvent('popstate')); }",
        f"/console/1/{path}",
    )
    await page.locator("main .office h1").first.wait_for()
    await expect(page.get_by_text("Loading…")).to_have_count(0)
