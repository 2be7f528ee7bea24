"""The booking page within the site of a business, which is another origin."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.async_api import expect

from tests.journeys.booking_walk import choose_service, choose_time, give_contact, go_on
from tests.journeys.conftest import DESK, PHONE, Open, Site, violations

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("journeys")]


@pytest.fixture
def embedded() -> Iterator[Callable[[str], str]]:
    """A site of its own on another port, under a policy as strict as the script needs: gives the address of a page."""
    pages: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = pages.get(self.path, b"")
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", "style-src 'none'; script-src http://127.0.0.1:*")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def show(line: str) -> str:
        html = (
            f'<!doctype html><html lang="en"><title>A studio</title><link rel="icon" href="data:,">'
            f"<main><h1>A studio</h1><p>Come in.</p>{line}</main>"
        )
        pages["/"] = html.encode()
        return f"http://127.0.0.1:{server.server_port}/"

    yield show
    server.shutdown()


def code(site: Site, name: str) -> str:
    """The line for a site that the business is given with its form."""
    with site.api() as api:
        return api.get(f"/company/1/booking_forms/{site.demo['booking_form_ids'][0]}").json()["data"][name]


async def test_a_button_opens_the_page_over_the_site(
    site: Site, open_page: Open, embedded: Callable[[str], str]
) -> None:
    async with open_page(viewport=PHONE) as page:
        await page.goto(embedded(code(site, "html_code")))
        assert await page.evaluate("Object.keys(window).filter(name => name.length < 3)") == []
        await page.get_by_role("button", name="Aurora SoHo").click()
        frame = page.frame_locator("iframe")
        await frame.get_by_role("button", name="Beard trim").first.click()
        assert await violations(page) == []
        await page.get_by_role("button", name="Close").click()
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await expect(page.get_by_role("button", name="Aurora SoHo")).to_be_focused()
        await page.get_by_role("button", name="Aurora SoHo").click()
        await expect(frame.get_by_role("button", name="Beard trim").first).to_have_attribute("aria-pressed", "true")
        await frame.get_by_role("button", name="Continue").click()
        await expect(frame.get_by_role("heading", level=2)).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_the_page_in_the_text_is_as_high_as_its_content(
    site: Site, open_page: Open, embedded: Callable[[str], str]
) -> None:
    async with open_page(viewport=DESK) as page:
        await page.goto(embedded(code(site, "html_code_v2").replace("></script>", ' data-lang="de"></script>')))
        await page.frame_locator("iframe").get_by_role("heading", name="Leistungen wählen").wait_for()
        frame = page.frames[1]
        await frame.wait_for_function(
            "() => document.documentElement.scrollHeight <= innerHeight && innerHeight > 1000"
        )
        before = await frame.evaluate("innerHeight")
        await frame.locator(".tags .button").nth(2).click()
        await frame.wait_for_function(f"() => innerHeight < {before} - 300")
        assert await frame.evaluate("document.documentElement.scrollHeight <= innerHeight")


async def test_booked_from_within_another_site(site: Site, open_page: Open, embedded: Callable[[str], str]) -> None:
    async with open_page() as page:
        address = embedded(code(site, "html_code_v2"))
        await page.goto(address)
        await page.frame_locator("iframe").get_by_role("heading", name="Choose services").wait_for()
        frame = page.frames[1]
        await choose_service(frame, "Kids' haircut")
        await frame.get_by_role("button", name="Marcus Johnson").click()
        await choose_time(frame)
        await give_contact(frame, "+1 212 555 0340")
        await go_on(frame)
        await expect(frame.get_by_role("heading", level=2)).to_have_text("You are booked")
        link = await frame.get_by_role("link", name="Reschedule or cancel").get_attribute("href")
        assert link
        with site.api() as api:
            record = api.get("/book_record/1/" + link.removeprefix("/a/").replace("-", "/")).json()
        assert record["from_url"] == address
