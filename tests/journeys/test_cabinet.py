"""The client's personal cabinet: sign in by code and by password, appointments, one's own data."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import PHONE, Open, Site, violations
from tests.journeys.visits import book, code_of, new_phone, note_past_visit, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("journeys")]


async def enter(page: Page, site: Site, token: str, path: str = "/my") -> None:
    """Open the cabinet as a client who has signed in before."""
    await page.add_init_script(f"localStorage.setItem('agendum.user_token', '{token}')")
    await page.goto(site.url + path)


async def test_a_client_signs_in_by_code_and_takes_his_new_phone_along(site: Site, open_page: Open) -> None:
    phone, new = new_phone(), new_phone()
    visit = book(site, phone)
    async with open_page(viewport=PHONE, loads=(401, 422, 429)) as page:
        await page.goto(f"{site.url}/my")
        await page.get_by_role("button", name="Send the code").click()
        assert await violations(page) == []
        await page.get_by_label("Where do you go?").select_option("Aurora")
        await page.get_by_label("Phone").fill("+1 123")
        await page.get_by_role("button", name="Send the code").click()
        await expect(page.get_by_text("This cannot be a phone number.")).to_be_visible()
        await page.get_by_label("Phone").fill(phone)
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Code")).to_be_focused()
        await page.get_by_label("Code").fill("00000")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("This code is wrong or too old.")).to_be_visible()
        assert await violations(page) == []
        # Another code so soon is refused with the wait, and the one that was sent still opens.
        await page.get_by_role("button", name="Another phone").click()
        await page.get_by_role("button", name="Send the code").click()
        await expect(page.get_by_role("alert")).to_contain_text("You can ask for another in")
        await page.get_by_label("Code").fill(code_of(site, phone))
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=2)).to_have_text(["Coming", "Past"])
        await expect(page.get_by_role("article")).to_have_count(1)
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360

        await page.get_by_role("button", name="My data").click()
        await page.get_by_role("button", name="New phone").click()
        await page.get_by_label("New phone").fill(new)
        await page.get_by_role("button", name="Send the code").click()
        await page.get_by_label("Code").fill(code_of(site, new))
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_text(f"Now: {new}.")).to_be_visible()
        assert await violations(page) == []
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_label("Where do you go?")).to_have_value(str(site.demo["location_id"]))  # remembered
    assert visit.now()["deleted"] is False


async def test_a_client_sets_a_password_and_signs_in_by_it(site: Site, open_page: Open) -> None:
    phone = new_phone()
    token = sign_in(site, phone)
    async with open_page(color_scheme="dark", loads=(401, 422)) as page:
        await page.goto(f"{site.url}/my")
        await page.evaluate("token => localStorage.setItem('agendum.user_token', token)", token)
        await page.goto(f"{site.url}/my/profile")
        await page.get_by_label("Name").fill("Vera Long")
        await page.get_by_label("E-mail").fill("no address")
        await page.get_by_role("button", name="Save").first.click()
        await expect(page.get_by_text("This is not an e-mail address.")).to_be_visible()
        await page.get_by_label("E-mail").fill(f"vera{phone[-4:]}@example.net")
        await page.get_by_role("button", name="Save").first.click()
        await expect(page.get_by_text("Saved.")).to_be_visible()
        await page.get_by_label("New password").fill("a long password")
        await page.get_by_role("button", name="Save").last.click()
        await expect(page.get_by_text("Your password is changed.")).to_be_visible()
        assert await violations(page) == []
        await page.get_by_role("button", name="Sign out").click()
        await page.get_by_role("button", name="By password").click()
        await page.get_by_label("Phone or e-mail").fill(f"vera{phone[-4:]}@example.net")
        await page.get_by_label("Password").fill("a wrong password")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("The login or the password is wrong.")
        assert await violations(page) == []
        await page.get_by_label("Password").fill("a long password")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("You have no coming appointments.")).to_be_visible()


async def test_appointments_are_moved_cancelled_booked_again_and_reviewed(site: Site, open_page: Open) -> None:
    phone = new_phone()
    note_past_visit(site, phone)
    first = book(site, phone)
    second = book(site, phone, first.free(first.free_days()[7])[0])
    token = sign_in(site, phone)
    async with open_page() as page:
        await enter(page, site, token)
        cards = page.get_by_role("article")
        await expect(cards).to_have_count(3)
        await cards.nth(0).get_by_role("button", name="Cancel appointment").click()
        await page.get_by_role("button", name="Yes, cancel it").click()
        await expect(cards).to_have_count(2)
        await cards.nth(0).get_by_role("button", name="Change the time").click()
        await page.get_by_role("grid").locator("button.free").first.click()
        await page.locator("label:has(input[type=radio])").first.click()
        await page.get_by_role("button", name="Move to").click()
        await expect(page.get_by_role("status").filter(has_text="Done: we expect you")).to_be_visible()
        assert await violations(page) == []
        again = await page.get_by_role("link", name="Book again").get_attribute("href")
        assert again == (
            f"/b/{site.demo['booking_form_ids'][0]}?location={site.demo['location_id']}"
            f"&services={first.service_id}&member={first.member_id}"
        )
        await page.get_by_role("link", name="Leave a review").click()
        await page.get_by_role("radio", name="5: Excellent").check(force=True)
        await page.get_by_role("button", name="Send the review").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Thank you!")
        await page.get_by_role("link", name="All my appointments").click()
        await expect(cards).to_have_count(2)
    assert first.now()["deleted"] is True
    assert second.now()["datetime"] != second.at


async def test_a_dead_token_leads_to_the_sign_in(site: Site, open_page: Open) -> None:
    async with open_page(loads=(401,), locale="de-DE") as page:
        await enter(page, site, "0" * 32)
        await expect(page.get_by_role("alert")).to_have_text("Sie wurden abgemeldet. Melden Sie sich wieder an.")
        assert await violations(page) == []
        assert await page.evaluate("localStorage.getItem('agendum.user_token')") is None
