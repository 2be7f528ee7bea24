"""Clients book, each in his own way."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from agendum.booking.forms_rules import TEXTS
from tests.journeys.booking_walk import NAME, choose_service, choose_time, give_contact, go_on
from tests.journeys.conftest import DESK, PHONE, Open, Site, violations

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("journeys")]

WORDS = Path(__file__).parents[2] / "web/booking/texts"
LANGUAGES = sorted(path.stem for path in WORDS.glob("*.json"))


def words_of(language: str) -> dict[str, Any]:
    return json.loads((WORDS / f"{language}.json").read_text())


def book_elsewhere(site: Site, service: str, member: str, moment: str) -> None:
    """The same time of New York's, booked by somebody else through the API."""
    with site.api() as api:
        services = api.get("/book_services/1").json()["data"]["services"]
        team = api.get("/book_staff/1").json()["data"]
        appointment = {
            "id": 1,
            "services": [one["id"] for one in services if one["title"] == service],
            "staff_id": next(one["id"] for one in team if one["name"] == member),
            "datetime": moment,
        }
        body = {"phone": "+12125550312", "fullname": "Somebody Faster", "appointments": [appointment]}
        assert api.post("/book_record/1", json=body).status_code == 201


async def test_in_every_language(site: Site, open_page: Open) -> None:
    texts = {language: words_of(language) for language in LANGUAGES}
    assert len(texts) == 6
    for number, (language, words) in enumerate(texts.items()):
        assert words.keys() == texts["en-US"].keys()
        given = json.loads((TEXTS / f"{language}.json").read_text())["steps"]
        async with open_page(viewport=PHONE) as page:
            await page.goto(f"{site.form()}?lang={language}")
            heading = page.get_by_role("heading", level=2)
            await expect(heading).to_have_text(given["service"])
            await choose_service(page, "Beard trim")
            await expect(heading).to_have_text(given["master"])
            await page.get_by_role("button", name=words["anyone"]).click()
            await expect(heading).to_have_text(given["datetime"])
            await choose_time(page, -1)
            await expect(heading).to_have_text(given["contact"])
            await give_contact(page, f"+1 212 555 02{number:02}")
            await go_on(page)
            await expect(heading).to_have_text(words["doneTitle"])
            assert await page.locator("html").get_attribute("lang") in (
                "en-US",
                "lv-LV",
                "lt-LT",
                "et-EE",
                "de-DE",
                "uk-UA",
            )


async def test_the_visitors_language_is_the_pages(site: Site, open_page: Open) -> None:
    async with open_page(locale="de-DE") as page:
        await page.goto(site.form())
        await expect(page.get_by_role("heading", level=2)).to_have_text(words_of("de-DE")["steps"]["service"])
        await page.get_by_label(words_of("de-DE")["language"]).select_option("Українська")
        await expect(page.get_by_role("heading", level=2)).to_have_text(words_of("uk-UK")["steps"]["service"])


async def test_with_a_code_and_consent_in_riga(site: Site, open_page: Open) -> None:
    phone = "+371 20 000 142"
    async with open_page(loads=(422,), timezone_id="America/New_York") as page:
        await page.goto(f"{site.form(1)}?lang=lv")
        words = words_of("lv-LV")
        await page.get_by_role("button", name="Aurora Rīga").click()
        await page.get_by_role("button", name=words["anyone"]).click()
        await choose_service(page, "Swedish massage")
        await choose_time(page)
        await page.locator("[autocomplete=name]").fill(NAME)
        await page.locator("[autocomplete=tel]").fill(phone)
        await page.get_by_label("Guests in the waiting area").fill("2")
        await go_on(page)
        await expect(page.get_by_role("note")).to_contain_text("Riga")  # the visitor's own clock differs
        await go_on(page)
        await expect(page.get_by_role("alert")).to_have_text([words["codeRequired"], words["policyRequired"]])
        await page.get_by_text(words["policyTitle"], exact=True).click()
        await expect(page.get_by_text("Aurora Rīga glabā")).to_be_visible()
        await page.get_by_label(words["policy"]).check()
        await page.get_by_label(words["code"]).fill("00000")
        await go_on(page)
        await expect(page.get_by_role("alert")).to_have_text(words["badCode"])
        message = await asyncio.to_thread(site.message, phone, "phone_code")
        [code] = re.findall(r"\d{5}", message)
        await page.get_by_label(words["code"]).fill(code)
        await go_on(page)
        await expect(page.get_by_role("heading", level=2)).to_have_text(words["doneTitle"])
        async with page.expect_download() as download:
            await page.get_by_role("button", name=words["addToCalendar"]).click()
        entry = await asyncio.to_thread((await (await download.value).path()).read_text)
        assert "SUMMARY:Swedish massage · Aurora Rīga" in entry
        link = await page.get_by_role("link", name=words["manage"]).get_attribute("href")
        assert link
        number, key = link.removeprefix("/a/").split("-")
        with site.api() as api:
            record = api.get(f"/book_record/2/{number}/{key}").json()
        assert record["custom_fields"] == {"guests": "2"}
        assert record["notify_by_sms"] == 24


async def test_somebody_else_is_faster(site: Site, open_page: Open) -> None:
    async with open_page(loads=(422,), viewport=PHONE) as page:
        await page.goto(site.form())
        await choose_service(page, "Full color")
        await page.get_by_role("button", name="Olivia Bennett").click()
        moment = await choose_time(page)
        await page.get_by_label("Comment").fill("By the window, please")
        await give_contact(page, "+1 212 555 0311")
        await asyncio.to_thread(book_elsewhere, site, "Full color", "Olivia Bennett", moment)
        await go_on(page)
        await expect(page.get_by_role("heading", level=2)).to_have_text("This time has just been taken")
        await expect(page.get_by_role("alert")).to_contain_text("Everything you have entered is still here")
        assert await violations(page) == []
        await page.locator(".choices .choice").last.click()
        await expect(page.get_by_role("heading", level=2)).to_have_text("Check and confirm")
        await expect(page.get_by_text(NAME)).to_be_visible()
        await go_on(page)
        await expect(page.get_by_role("heading", level=2)).to_have_text("You are booked")
        link = await page.get_by_role("link", name="Reschedule or cancel").get_attribute("href")
        assert link
        with site.api() as api:
            record = api.get("/book_record/1/" + link.removeprefix("/a/").replace("-", "/")).json()
        assert record["comment"] == "By the window, please"
        assert record["datetime"] != moment


async def test_by_keyboard_alone(site: Site, open_page: Open) -> None:
    async with open_page() as page:
        await page.goto(site.form())
        await page.get_by_role("button", name="Hot towel shave").wait_for()
        await tab_to(page, "Hot towel shave")
        await page.keyboard.press("Space")
        await tab_to(page, "Continue")
        await page.keyboard.press("Enter")
        await at(page, "Choose a team member")
        await page.get_by_role("button", name="Anyone who is free").wait_for()
        await tab_to(page, "Anyone who is free")
        await page.keyboard.press("Enter")
        await at(page, "Choose date and time")
        await page.locator(".times input").first.wait_for(state="attached")
        await page.keyboard.press("Tab")
        while "BUTTON" not in await focused(page, "tagName") or not await focused(page, "dataset.day"):
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")  # the first free day, which is where Tab arrives
        while await focused(page, "type") != "radio":
            await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        await tab_to(page, "Continue")
        await page.keyboard.press("Enter")
        await at(page, "Your contact details")
        await page.keyboard.press("Tab")
        await page.keyboard.type(NAME)
        await page.keyboard.press("Tab")
        await page.keyboard.type("+1 212 555 0320")
        await page.keyboard.press("Enter")
        await at(page, "Check and confirm")
        await tab_to(page, "Book")
        await page.keyboard.press("Enter")
        await at(page, "You are booked")


async def focused(page: Page, what: str) -> str:
    return await page.evaluate(f"document.activeElement.{what} ?? ''")


async def at(page: Page, title: str) -> None:
    """Focus is at the step's heading, which is where a screen reader goes on."""
    await page.wait_for_function(
        "title => document.activeElement.tagName === 'H2' && document.activeElement.textContent === title", arg=title
    )


async def tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        await page.keyboard.press("Tab")
        if name in await focused(page, "innerText"):
            return
    raise AssertionError(f"Tab does not reach {name}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
async def test_every_step_is_accessible(site: Site, open_page: Open, viewport: Any, scheme: Any) -> None:
    phone = f"+371 20 000 {15 if scheme == 'dark' else 16}{viewport['width'] % 7}"

    async def look(page: Page) -> None:
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    async with open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce") as page:
        await page.goto(site.form(1))
        await page.get_by_role("button", name="Aurora Rīga").wait_for()
        await look(page)
        await page.get_by_role("button", name="Aurora Rīga").click()
        await page.get_by_role("button", name="Ilze Kalniņa").wait_for()
        await look(page)
        await page.get_by_role("button", name="Anyone who is free").click()
        await page.get_by_role("button", name="Pedicure").click()
        await look(page)
        await go_on(page)
        await page.locator(".times label").first.click()
        await look(page)
        await go_on(page)
        await go_on(page)
        await expect(page.get_by_label("Your name")).to_be_focused()
        await look(page)
        await give_contact(page, phone)
        await page.get_by_text("Privacy policy", exact=True).click()
        await look(page)


async def test_the_nearest_location_comes_first(site: Site, open_page: Open) -> None:
    position = {"latitude": 57.0, "longitude": 24.1}
    async with open_page(geolocation=position, permissions=["geolocation"]) as page:
        await page.goto(site.form(1))
        await expect(page.locator(".choices strong")).to_have_text(["Aurora SoHo", "Aurora Rīga"])
        await page.get_by_role("button", name="Nearest to me").click()
        await expect(page.locator(".choices strong")).to_have_text(["Aurora Rīga", "Aurora SoHo"])
        await expect(page.locator(".choices .side").first).to_contain_text("km away")


async def test_back_and_forth_keeps_what_was_chosen(site: Site, open_page: Open) -> None:
    async with open_page() as page:
        await page.goto(site.form())
        await choose_service(page, "Classic manicure")
        await page.get_by_role("button", name="Mei Lin Chen").click()
        await choose_time(page)
        await page.get_by_label("Your name").fill(NAME)
        await page.go_back()
        await expect(page.get_by_role("heading", level=2)).to_have_text("Choose date and time")
        await page.get_by_role("button", name="Back").click()
        await expect(page.get_by_role("button", name="Mei Lin Chen")).to_have_attribute("aria-pressed", "true")
        await page.get_by_role("button", name="Back").click()
        await expect(page.get_by_role("button", name="Classic manicure")).to_have_attribute("aria-pressed", "true")
        await expect(page.get_by_role("button", name=re.compile("^Men's haircut"))).to_have_attribute(
            "aria-disabled", "true"
        )


def make_form(site: Site, **fields: Any) -> str:
    """Another form of New York's; gives its page."""
    with site.api() as api:
        answer = api.post("/company/1/booking_forms", json={"title": "Made to measure", **fields})
        assert answer.status_code in (200, 201), answer.text
        return f"{site.url}/b/{answer.json()['data']['id']}"


async def test_a_form_chooses_beforehand_and_brings_its_look(site: Site, open_page: Open) -> None:
    with site.api() as api:
        services = api.get("/book_services/1").json()["data"]["services"]
    trim = next(one["id"] for one in services if one["title"] == "Beard trim")
    address = make_form(
        site,
        service_step_default=trim,
        service_step_hide=True,
        master_step_default=-1,
        master_step_hide=True,
        datetime_step_title="When will you come?",
        style={"main_color": "#FFCB00", "buttons_color": "#FFFFFF", "main_color_theme": "dark"},
    )
    async with open_page(color_scheme="light", reduced_motion="reduce") as page:
        await page.goto(address)
        await expect(page.get_by_role("heading", level=2)).to_have_text("When will you come?")
        await expect(page.get_by_text("Step 1 of 3")).to_be_visible()
        await expect(page.locator("aside")).to_contain_text("Beard trim")
        assert await page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
        await page.locator(".times label").last.click()
        assert await violations(page) == []
        await go_on(page)
        await give_contact(page, "+1 212 555 0330")
        await go_on(page)
        await expect(page.get_by_role("heading", level=2)).to_have_text("You are booked")
