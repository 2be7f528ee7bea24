"""Every page opens, in light and in dark, and asks nobody but its own server for anything."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Open, Site

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("journeys")]


@pytest.mark.parametrize("path", ["/b/1", "/my", "/console"])
async def test_a_page_opens(site: Site, open_page: Open, path: str) -> None:
    async with open_page() as page:
        answer = await page.goto(site.url + path)
        assert answer is not None
        assert answer.status == 200
        await page.get_by_role("heading", level=1).first.wait_for()
