"""The day of a big team: thirty columns of sixty appointments each scroll and drag without a stutter."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.async_api import Page

from agendum.core import clock
from tests.conformance.operations_in_scope import all_rights
from tests.journeys.conftest import Open
from tests.makers.world import SmallWorld, connect, make_member, make_small_world
from tests.processes import Serving, place, serving

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("journeys")]

TEAM, EACH = 30, 60
RIGHTS = [*all_rights(), "records_edit_date_and_master_access", "records_edit_duration_access"]
FRAMES = """() => {
  const frames = (window.frames_ = []);
  let last = performance.now(), stop = false;
  window.endFrames = () => ((stop = true), frames);
  requestAnimationFrame(function next(now) {
    frames.push(now - last);
    last = now;
    if (!stop) requestAnimationFrame(next);
  });
}"""


class Busy:
    """A server with a full day."""

    def __init__(self, server: Serving, small: SmallWorld, day: date) -> None:
        self.small, self.day = small, day
        self.url = f"http://127.0.0.1:{server.port}/console/{small.business.location_id}/calendar?date={day}"


@pytest.fixture(scope="module")
def busy() -> Iterator[Busy]:
    with place() as folder, serving(folder / "data") as server:
        yield asyncio.run(_fill(server))


async def _fill(server: Serving) -> Busy:
    db = await connect(server.dsn)
    small = await make_small_world(db, rights=RIGHTS)
    b = small.business
    day = (clock.now().astimezone(b.zone) + timedelta(days=2)).date()
    team = [b.anna, b.peter]
    team += [await make_member(db, b.chain_id, b.location_id, f"Member {n}") for n in range(3, TEAM + 1)]
    await db.execute(
        """WITH v AS (INSERT INTO visits (chain_id, location_id, client_id, date, created_at)
                      VALUES ($1, $2, $3, $4, $5) RETURNING id),
                made AS (INSERT INTO appointments (chain_id, location_id, visit_id, team_member_id, client_id,
                                                   starts_at, length, attendance, created_at, updated_at)
                         SELECT $1, $2, v.id, m.id, $3, $6::timestamptz + n * interval '9 minutes', 540, n % 3, $5, $5
                           FROM v, unnest($7::bigint[]) AS m (id), generate_series(0, $8 - 1) AS n RETURNING id)
           INSERT INTO appointment_services (chain_id, appointment_id, position, service_id, amount, length, first_cost,
                                             discount, cost)
           SELECT $1, id, 1, $9, 1, 540, 45, 0, 45 FROM made""",
        b.chain_id,
        b.location_id,
        b.client_id,
        day,
        clock.now(),
        clock.instant(day, 9 * 3600, b.zone),
        team,
        EACH,
        b.haircut,
    )
    await db.close()
    return Busy(server, small, day)


@asynccontextmanager
async def _calendar(busy: Busy, open_page: Open) -> AsyncGenerator[Page]:
    async with open_page() as page:
        token = busy.small.business.owner.token
        await page.add_init_script(f"localStorage.setItem('agendum.user_token', '{token}')")
        await page.goto(busy.url)
        cards = page.locator(".ec-event:not(.ec-bg-event)")
        await cards.nth(TEAM * EACH - 1).wait_for(state="attached")
        yield page


async def _frames(page: Page) -> list[float]:
    return await page.evaluate("() => window.endFrames()")


async def test_a_full_day_scrolls(busy: Busy, open_page: Open) -> None:
    async with _calendar(busy, open_page) as page:
        await page.mouse.move(640, 500)
        await page.evaluate(FRAMES)
        for n in range(60):
            await page.mouse.wheel(40 if n % 2 else 0, 90 if n < 30 else -90)
        frames = await _frames(page)
        assert statistics.median(frames) <= 50, _words(frames)


async def test_a_full_day_is_dragged_over(busy: Busy, open_page: Open) -> None:
    async with _calendar(busy, open_page) as page:
        card: Any = await page.locator(".ec-event.card-awaited").nth(12).bounding_box()
        x, y = card["x"] + 30, card["y"] + 6
        await page.mouse.move(x, y)
        await page.mouse.down()
        await page.evaluate(FRAMES)
        for n in range(60):
            await page.mouse.move(x + 8 * n, y + 5 * (n % 40))
        await page.mouse.move(x, y, steps=5)
        frames = await _frames(page)
        await page.mouse.up()
        assert statistics.median(frames) <= 50, _words(frames)


def _words(frames: list[float]) -> str:
    ordered = sorted(frames)
    return (
        f"{len(frames)} frames, median {statistics.median(frames):.0f}, p95 {ordered[int(len(ordered) * 0.95)]:.0f} ms"
    )
