"""How a client goes through the booking page: the steps that several journeys share."""

from __future__ import annotations

from playwright.async_api import Frame, Page

NAME = "Ada Lovelace"


async def go_on(page: Page | Frame) -> None:
    """The button under the thumb."""
    await page.locator(".bar .button").click()


async def choose_service(page: Page | Frame, title: str) -> None:
    await page.get_by_role("button", name=title).first.click()
    await go_on(page)


async def choose_time(page: Page | Frame, number: int = 0) -> str:
    """One of the free times of the first free day; gives its moment."""
    times = page.locator(".times input")
    await times.nth(number).wait_for(state="attached")
    moment = await times.nth(number).get_attribute("value")
    await page.locator(".times label").nth(number).click()
    await go_on(page)
    assert moment
    return moment


async def give_contact(page: Page | Frame, phone: str) -> None:
    await page.locator("[autocomplete=name]").fill(NAME)
    await page.locator("[autocomplete=tel]").fill(phone)
    await go_on(page)
    await page.locator(".change").first.wait_for()
