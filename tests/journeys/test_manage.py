"""The pages behind the links in messages: move and cancel one's appointment, review a visit, join the team."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import PHONE, Open, Site, violations
from tests.journeys.visits import book, new_phone

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("journeys")]

TITLES = {
    "en": "Your appointment",
    "de": "Ihr Termin",
    "lv": "Jūsu pieraksts",
    "lt": "Jūsų vizitas",
    "et": "Teie aeg",
    "uk": "Ваш запис",
}


async def choose_day(page: Page, day: str) -> None:
    """Choose a day of the calendar, going on month by month until it is there."""
    button = page.locator(f'[data-day="{day}"]')
    while not await button.count():
        await page.get_by_role("button", name="Next month").click()
    await button.click()


async def choose_time(page: Page, moment: str) -> None:
    await page.locator(f'label:has(input[value="{moment}"])').click()


async def test_a_client_moves_his_appointment_by_the_link(site: Site, open_page: Open) -> None:
    phone = new_phone()
    visit = book(site, phone)
    day = visit.free_days()[5]
    moment = visit.free(day)[0]
    [link] = re.findall(r"http\S+/a/\S+", site.message(phone, "booked"))
    assert link == visit.link
    async with open_page(viewport=PHONE, timezone_id="America/New_York") as page:
        await page.goto(link)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment")
        assert await page.get_by_text("Times are local").count() == 0
        assert await violations(page) == []
        async with page.expect_download() as saving:
            await page.get_by_role("button", name="Add to calendar").click()
        assert (await saving.value).suggested_filename == "appointment.ics"
        await page.get_by_role("button", name="Change the time").click()
        await choose_day(page, day)
        await choose_time(page, moment)
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        await page.get_by_role("button", name="Move to").click()
        await expect(page.get_by_role("status").filter(has_text="Done: we expect you")).to_be_visible()
    assert visit.now()["datetime"] == moment


async def test_the_calendar_goes_by_keyboard(site: Site, open_page: Open) -> None:
    visit = book(site, new_phone())
    async with open_page() as page:
        await page.goto(visit.link)
        await page.get_by_role("button", name="Change the time").focus()
        await page.keyboard.press("Enter")
        grid = page.get_by_role("grid")
        await grid.locator("button.free").first.wait_for()
        await grid.locator('[tabindex="0"]').focus()
        for _ in range(40):  # to the next free day
            await page.keyboard.press("ArrowRight")
            if await page.evaluate("document.activeElement.matches('.free')"):
                break
        await page.keyboard.press("Enter")
        await page.get_by_role("radio").first.focus()
        await page.keyboard.press("Space")
        await page.get_by_role("button", name="Move to").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status").filter(has_text="Done: we expect you")).to_be_visible()
    assert visit.now()["datetime"] != visit.at


async def test_a_time_lost_to_another_client_is_told_and_others_are_offered(site: Site, open_page: Open) -> None:
    visit = book(site, new_phone())
    day = visit.free_days()[6]
    wanted = visit.free(day)[0]
    async with open_page(loads=(422,)) as page:
        await page.goto(visit.link)
        await page.get_by_role("button", name="Change the time").click()
        await choose_day(page, day)
        await choose_time(page, wanted)
        book(site, new_phone(), wanted)
        await page.get_by_role("button", name="Move to").click()
        lost = page.get_by_role("alert")
        await expect(lost).to_contain_text("Somebody was faster")
        assert await violations(page) == []
        await lost.get_by_role("button").first.click()
        await page.get_by_role("button", name="Move to").click()
        await expect(page.get_by_role("status").filter(has_text="Done: we expect you")).to_be_visible()
    assert visit.now()["datetime"] not in (wanted, visit.at)


async def test_what_was_cancelled_elsewhere_meanwhile_is_shown_so(site: Site, open_page: Open) -> None:
    visit = book(site, new_phone())
    async with open_page(loads=(404,)) as page:
        await page.goto(visit.link)
        await page.get_by_role("button", name="Change the time").click()
        await page.get_by_role("grid").locator("button.free").first.click()
        await page.locator("label:has(input[type=radio])").first.click()
        with site.api() as api:
            assert api.delete(f"/user/records/{visit.id}/{visit.key}").status_code == 200
        await page.get_by_role("button", name="Move to").click()
        await expect(page.get_by_text("This appointment has been cancelled.")).to_be_visible()


async def test_a_client_cancels_by_the_link_after_being_asked(site: Site, open_page: Open) -> None:
    visit = book(site, new_phone())
    async with open_page(color_scheme="dark") as page:
        await page.goto(visit.link)
        await page.get_by_role("button", name="Cancel appointment").click()
        await page.get_by_role("button", name="Keep it").click()
        assert visit.now()["deleted"] is False
        await page.get_by_role("button", name="Cancel appointment").click()
        assert await violations(page) == []
        await page.get_by_role("button", name="Yes, cancel it").click()
        await expect(page.get_by_text("This appointment has been cancelled.")).to_be_visible()
        again = page.get_by_role("link", name="Book again")
        assert f"services={visit.service_id}" in (await again.get_attribute("href") or "")
        assert await violations(page) == []
        await page.reload()
        await expect(page.get_by_text("This appointment has been cancelled.")).to_be_visible()
        await again.click()
        await page.wait_for_url("**/b/**")
        await expect(page.get_by_role("button", name="Women's haircut", pressed=True)).to_be_visible()
    assert visit.now()["deleted"] is True


async def test_what_the_settings_forbid_is_not_offered(site: Site, open_page: Open) -> None:
    visit = book(site, new_phone())
    settings = f"/company/{site.demo['location_id']}/settings/online"
    delay = 60 * 60 * 24 * 60
    with site.api() as api:
        before = api.get(settings).json()["data"]
        names = ("allow_change_record_delay_step", "allow_delete_record_delay_step")
        # The page is open already when the settings change: then the server refuses, and the page says why.
        async with open_page(loads=(403,)) as page:
            await page.goto(visit.link)
            await page.get_by_role("button", name="Cancel appointment").click()
            assert api.patch(settings, json=dict.fromkeys(names, delay)).status_code == 200
            try:
                await page.get_by_role("button", name="Yes, cancel it").click()
                await expect(page.get_by_role("alert")).to_have_text("You can no longer cancel here.")
                await page.reload()
                await expect(page.get_by_text("The time can no longer be changed here.")).to_be_visible()
                await expect(page.get_by_text("If you cannot come, call us: +12125550142.")).to_be_visible()
                assert await page.get_by_role("button", name="Cancel appointment").count() == 0
                assert await page.get_by_role("button", name="Change the time").count() == 0
            finally:
                api.patch(settings, json={name: before[name] for name in names})


async def test_a_visitor_elsewhere_is_told_whose_clock_counts(site: Site, open_page: Open) -> None:
    visit = book(site, new_phone())
    async with open_page(timezone_id="Europe/Riga") as page:
        for language, title in TITLES.items():
            await page.goto(f"{visit.link}?lang={language}")
            await expect(page.get_by_role("heading", level=1)).to_have_text(title)
            assert (await page.locator("html").get_attribute("lang") or "").startswith(language)
        await page.goto(visit.link)
        await expect(page.get_by_text("Times are local to the place: Eastern Time.")).to_be_visible()


async def test_a_visit_is_reviewed_by_its_link_once(site: Site, open_page: Open) -> None:
    link = f"{site.url}/r/{site.demo['review_token']}"
    async with open_page(viewport=PHONE) as page:
        await page.goto(link)
        await expect(page.get_by_role("heading", level=1)).to_have_text("How was your visit?")
        await page.get_by_role("button", name="Send the review").click()
        await expect(page.get_by_role("alert")).to_have_text("Choose from one to five stars.")
        assert await violations(page) == []
        await page.get_by_role("radio", name="4: Good").check(force=True)
        await page.get_by_label("What was good").fill("Warm hands, cold tea.")
        await page.get_by_role("button", name="Send the review").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Thank you!")
        await page.reload()
        await expect(page.get_by_text("You have reviewed this visit.")).to_be_visible()
        assert await violations(page) == []


async def test_a_visit_to_come_cannot_be_reviewed_yet(site: Site, open_page: Open) -> None:
    visit = book(site, new_phone())
    async with open_page() as page:
        await page.goto(visit.link.replace("/a/", "/r/"))
        await expect(page.get_by_role("heading", level=1)).to_have_text("This visit has not taken place yet")


async def test_who_is_invited_registers_and_finds_the_console(site: Site, open_page: Open) -> None:
    email = "nora.north@example.net"
    with site.api() as api:
        invite = {"name": "Nora", "search": email, "position": "Stylist", "user_role": "manager"}
        answer = api.post(f"/user/invite/{site.demo['location_id']}", json={"invites": [invite]})
        assert answer.status_code == 202, answer.text
    [link] = re.findall(r"http\S+/i/\w+", site.message(email, "invitation"))
    async with open_page(viewport=PHONE, loads=(404,)) as page:
        await page.goto(link)
        await expect(page.get_by_text("Aurora SoHo invites you to its team")).to_be_visible()
        await page.get_by_label("New password").fill("short")
        await page.get_by_role("button", name="Join the team").click()
        await expect(page.get_by_role("alert")).to_have_text("A password has at least 8 characters.")
        assert await violations(page) == []
        await page.get_by_label("New password").fill("a better password")
        await page.get_by_role("button", name="Join the team").click()
        await page.wait_for_url("**/console**")
        await expect(page.get_by_text("Nora").first).to_be_attached()
        await page.goto(link)
        await expect(page.get_by_role("heading", level=1)).to_have_text("This invitation is no longer valid")


async def test_who_has_an_account_signs_in_to_join(site: Site, open_page: Open) -> None:
    owner = site.demo["owner"]
    with site.api(site.demo["stranger"]["user_token"]) as api:
        invite = {"search": owner["login"], "user_role": "worker"}
        found = api.get("/companies", params={"my": 1}).json()["data"]
        answer = api.post(f"/user/invite/{found[0]['id']}", json={"invites": [invite]})
        assert answer.status_code == 202, answer.text
    [link] = re.findall(r"http\S+/i/\w+", site.message(owner["login"], "invitation"))
    async with open_page(loads=(401,)) as page:
        await page.goto(link)
        await expect(page.get_by_text("You have an account here already.")).to_be_visible()
        await page.get_by_label("Password").fill("not this one")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("alert")).to_contain_text("The login or the password is wrong.")
        assert await violations(page) == []
        await page.get_by_label("Password").fill(owner["password"])
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url("**/console**")


@pytest.mark.parametrize("path", ["/a/1-nothing", "/a/nothing", "/r/1-nothing", "/i/nothing"])
async def test_a_wrong_link_says_so_in_words(site: Site, open_page: Open, path: str) -> None:
    async with open_page(loads=(404,), locale="lv-LV", color_scheme="dark") as page:
        answer = await page.goto(site.url + path)
        assert answer is not None
        assert answer.status == 404
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            {"a": "Šī saite nekur neved", "r": "Šo vizīti nevar novērtēt", "i": "Šis ielūgums vairs neder"}[path[1]]
        )
        assert await violations(page) == []
