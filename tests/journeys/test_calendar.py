"""A day at the desk: signing in, booking, moving, stretching, taking back, and what a colleague sees of it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from agendum.core import clock
from tests.journeys.conftest import PHONE, Open, Site, violations
from tests.makers.world import connect, make_membership, make_person

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("journeys")]

HOUR, FIRST = 72, 8  # px of an hour; work begins at nine, and an hour before it is shown
_days = count(60)  # beyond what the demo has planned


class Day:
    """An empty day on which one team member works from nine to six."""

    def __init__(self, site: Site) -> None:
        self.site, self.day = site, (clock.now() + timedelta(days=next(_days))).date()
        self.location, self.member, self.service = site.demo["location_id"], 3, 7
        with site.api() as api:
            slots = [{"from": "09:00", "to": "18:00"}]
            body = [{"date": str(self.day), "is_working": True, "slots": slots}]
            assert api.put(f"/schedule/{self.location}/{self.member}", json=body).is_success

    @property
    def url(self) -> str:
        return f"{self.site.url}/console/{self.location}/calendar?date={self.day}"

    def book(self, at: str, name: str) -> int:
        wanted = {"staff_id": self.member, "services": [{"id": self.service}], "client": {"name": name}}
        when = {"datetime": f"{self.day}T{at}:00", "seance_length": 3600}
        with self.site.api() as api:
            answer = api.post(f"/records/{self.location}", json=wanted | when)
            assert answer.is_success, answer.text
            return answer.json()["data"][0]["id"]

    def record(self, id_: int) -> dict[str, Any]:
        with self.site.api() as api:
            return api.get(f"/record/{self.location}/{id_}").json()["data"]

    def records(self) -> list[dict[str, Any]]:
        days = {"start_date": str(self.day), "end_date": str(self.day)}
        with self.site.api() as api:
            return api.get(f"/records/{self.location}", params=days).json()["data"]

    @asynccontextmanager
    async def open(self, open_page: Open, path: str = "", token: str = "", **options: Any) -> AsyncGenerator[Page]:
        async with open_page(**options) as page:
            await sign_in(page, token or self.site.demo["owner"]["user_token"])
            await page.goto(self.url.replace("?", f"{path}?"))
            yield page


async def sign_in(page: Page, token: str) -> None:
    await page.add_init_script(f"localStorage.setItem('agendum.user_token', '{token}')")


async def column(page: Page, number: int = 2) -> tuple[float, float]:
    """Where a column of the calendar is: its middle, and the height of midnight."""
    day = page.locator(".ec-body .ec-day").nth(number)
    await day.wait_for()
    await expect(page.locator(".ec-bg-event").first).to_be_visible()
    box: Any = await day.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] - FIRST * HOUR


async def drag(page: Page, start: tuple[float, float], end: tuple[float, float], *, drop: bool = True) -> None:
    await page.mouse.move(*start)
    await page.mouse.down()
    await page.mouse.move(*end, steps=6)
    if drop:
        await page.mouse.up()


def card(page: Page, name: str) -> Locator:
    return page.locator(".ec-event", has_text=name).first


async def settled(page: Page, words: str) -> Locator:
    toast = page.locator(".toast", has_text=words).first
    await toast.wait_for()
    return toast


async def test_sign_in_and_book(site: Site, open_page: Open) -> None:
    day, owner = Day(site), site.demo["owner"]
    async with open_page(loads=(401,)) as page:
        await page.goto(day.url)
        await page.get_by_label("Phone, e-mail or login").fill(owner["login"])
        await page.get_by_label("Password").fill("not this one")
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("alert").wait_for()
        assert await violations(page) == []
        await page.get_by_label("Password").fill(owner["password"])
        await page.get_by_role("button", name="Sign in").click()
        x, midnight = await column(page)
        assert await violations(page) == []
        await drag(page, (x, midnight + 10 * HOUR + 4), (x, midnight + 11 * HOUR - 4))
        window = page.get_by_role("dialog", name="New appointment")
        await window.get_by_label("Client", exact=True).fill("Desk Journey")
        await window.get_by_role("button", name=re.compile("New client")).click()
        await window.get_by_label("Phone").fill("+1 315 555 0188")
        await window.get_by_label("Add a service").select_option(str(day.service))
        assert await violations(page) == []
        await window.get_by_role("button", name="Book").click()
        await settled(page, "Booked")
        await card(page, "Desk Journey").wait_for()
    [made] = day.records()
    assert made["datetime"].startswith(f"{day.day}T10:00:00")
    assert (made["staff_id"], made["client"]["display_name"], made["services"][0]["id"]) == (
        3,
        "Desk Journey",
        day.service,
    )


async def test_move_stretch_and_take_back_while_a_colleague_looks_on(site: Site, open_page: Open) -> None:
    day = Day(site)
    id_ = day.book("10:00", "Mover")
    reception = site.demo["receptionist"]["user_token"]
    async with day.open(open_page) as page, day.open(open_page, token=reception) as other:
        x, midnight = await column(page)
        await card(page, "Mover").wait_for()
        await card(other, "Mover").wait_for()
        await drag(page, (x, midnight + 10 * HOUR + 20), (x, midnight + 13 * HOUR + 20))
        toast = await settled(page, "Moved")
        assert day.record(id_)["datetime"].startswith(f"{day.day}T13:00:00")
        await expect(card(other, "Mover")).to_contain_text("1:00", timeout=3000)  # a second, on a machine at rest
        await toast.get_by_role("button", name="Undo").click()
        await settled(page, "Put back")
        assert day.record(id_)["datetime"].startswith(f"{day.day}T10:00:00")
        await expect(card(other, "Mover")).to_contain_text("10:00")
        await drag(page, (x, midnight + 11 * HOUR - 3), (x, midnight + 11.5 * HOUR - 3))
        await settled(page, "Length changed")
        assert day.record(id_)["seance_length"] == 5400
        await expect(card(other, "Mover")).to_contain_text("11:30")
        await card(page, "Mover").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        toast = await settled(page, "Deleted")
        await expect(card(other, "Mover")).to_have_count(0)
        await toast.get_by_role("button", name="Undo").click()
        await card(other, "Mover").wait_for()
        assert [one["seance_length"] for one in day.records()] == [5400]


async def test_a_conflict_is_told_before_and_after_the_drop(site: Site, open_page: Open) -> None:
    day = Day(site)
    id_ = day.book("10:00", "Early")
    day.book("14:00", "Late")
    async with day.open(open_page, loads=(422,)) as page:
        x, midnight = await column(page)
        await card(page, "Early").wait_for()
        start, over = (x, midnight + 10 * HOUR + 20), (x, midnight + 14.5 * HOUR + 20)
        await drag(page, start, over, drop=False)
        await expect(page.locator(".hint")).to_contain_text("Over Late")
        await page.mouse.move(x, midnight + 8.3 * HOUR + 20, steps=3)
        await expect(page.locator(".hint")).to_contain_text("Outside working time")
        await page.mouse.move(*over, steps=3)
        await page.mouse.up()
        refusal = page.get_by_role("dialog", name="This time is not free")
        await refusal.get_by_role("button", name="Leave it as it was").click()
        await expect(card(page, "Early")).to_contain_text("10:00")
        assert day.record(id_)["datetime"].startswith(f"{day.day}T10:00:00")
        await drag(page, start, over)
        await refusal.get_by_role("button", name="Book anyway").click()
        await settled(page, "Moved")
        moved = day.record(id_)
        assert (moved["is_overbooked"], moved["datetime"][11:16]) == (True, "14:30")


async def test_the_visit_window_changes_what_it_shows_and_loses_nothing(site: Site, open_page: Open) -> None:
    day = Day(site)
    id_ = day.book("12:00", "Visitor")
    async with day.open(open_page, f"/{id_}") as page:
        window = page.get_by_role("dialog", name="Visitor")
        await window.get_by_label("Comment").fill("By the window")
        await page.reload()
        await expect(window.get_by_label("Comment")).to_have_value("By the window")  # kept, and said so
        await window.get_by_text("What you typed and had not saved is back.").wait_for()
        await window.get_by_label("Amount").fill("2")
        await window.get_by_label("Discount, %").fill("10")
        await window.get_by_label("Discount, %").blur()
        await window.get_by_label("Time").fill("12:30")
        await window.get_by_text("Confirmed", exact=True).click()
        assert await violations(page) == []
        await window.get_by_role("button", name="Save").click()
        await window.wait_for(state="hidden")
        saved = day.record(id_)
        line = saved["services"][0]
        assert (saved["comment"], saved["attendance"], saved["datetime"][11:16]) == ("By the window", 2, "12:30")
        assert (line["amount"], line["discount"], line["cost"]) == (2, 10, line["cost_per_unit"] * 2 * 0.9)
        assert saved["seance_length"] == 5400  # twice as long, as the service is given twice
        await card(page, "Visitor").click()
        await window.get_by_text("History of changes").click()
        await window.get_by_text("Comment: By the window").wait_for()


async def test_a_broken_connection_saves_later(site: Site, open_page: Open) -> None:
    day = Day(site)
    id_ = day.book("15:00", "Patient")
    async with day.open(open_page, f"/{id_}", loads=("ERR_INTERNET_DISCONNECTED",)) as page:
        window = page.get_by_role("dialog", name="Patient")
        await window.get_by_label("Comment").fill("Typed on a train")
        address = re.compile(r"/api/v1/record/")
        await page.route(address, lambda route: route.abort("internetdisconnected"))
        await window.get_by_role("button", name="Save").click()
        await window.get_by_text("There is no connection.").wait_for()
        await page.unroute(address)
        await window.wait_for(state="hidden")
    assert day.record(id_)["comment"] == "Typed on a train"


async def test_rights_hide_what_they_must(site: Site, open_page: Open) -> None:
    day = Day(site)
    id_ = day.book("09:00", "Secret")
    db = await connect(site.server.dsn)
    person = await make_person(db, "Lena Looker")
    chain_id = site.demo["chain_id"]
    await make_membership(db, chain_id, person, day.location, role="custom", rights=["timetable_access"])
    await db.close()
    async with day.open(open_page, token=person.token) as page:
        await card(page, "No client").wait_for()
        sections = await page.get_by_role("navigation").get_by_role("link").all_inner_texts()
        assert "Calendar" in sections
        assert not {"Clients", "Team", "Services"} & set(sections)
        await expect(page.get_by_role("button", name="New appointment")).to_have_count(0)
        x, midnight = await column(page)
        await drag(page, (x, midnight + 9 * HOUR + 20), (x, midnight + 12 * HOUR + 20))
        await card(page, "No client").get_by_role("button").click()
        await page.get_by_role("dialog").get_by_label("Comment").wait_for()
        await expect(page.get_by_role("button", name="Save")).to_have_count(0)
        await expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    assert day.record(id_)["datetime"][11:16] == "09:00"


async def test_a_phone_shows_one_column(site: Site, open_page: Open) -> None:
    day = Day(site)
    day.book("11:00", "Pocket")
    async with day.open(open_page, viewport=PHONE) as page:
        await page.get_by_label("Team member", exact=True).select_option("3")
        await card(page, "Pocket").wait_for()
        await expect(page.locator(".ec-body .ec-day")).to_have_count(1)
        assert await violations(page) == []
        wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide
        await page.get_by_role("button", name="Menu").click()
        await expect(page.get_by_role("link", name="Calendar")).to_be_visible()
