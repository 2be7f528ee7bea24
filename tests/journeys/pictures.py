"""Pictures of every page at three widths, light and dark: `make screenshots`.

All of them go to build/screenshots, to be looked at; those that the handbook and the README show also go, with fewer
colours, to docs/images.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.async_api import Browser, async_playwright

from tests.journeys.conftest import CHROMIUM, OPTIONS
from tests.processes import place, serving

ROOT = Path(__file__).parents[2]
ALL, KEPT = ROOT / "build/screenshots", ROOT / "docs/images"
SIZES = {360: 740, 768: 1024, 1440: 900}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COLORS = 128
SETTLING = 1500  # ms

PAGES = {
    "booking": "/b/1",
    "cabinet": "/my",
    "calendar": "/console/1/calendar",
    "overview": "/console/1/overview",
    "clients": "/console/1/clients",
    "client": "/console/1/clients/1",
    "schedule": "/console/1/schedule",
    "team": "/console/1/team",
    "member": "/console/1/team/1",
    "services": "/console/1/services",
    "settings": "/console/1/settings",
    "forms": "/console/1/forms",
    "form": "/console/1/forms/1",
    "users": "/console/1/users",
    "user": "/console/1/users/2",
}
SHOWN = {
    "booking-360-light",
    "calendar-1440-light",
    "overview-1440-light",
    "overview-360-dark",
    "schedule-1440-light",
    "client-768-light",
    "services-1440-dark",
    "form-1440-light",
    "user-768-dark",
}
"""What the handbook and the README show: page, width, scheme."""


async def take(browser: Browser, url: str, token: str, width: int, scheme: Literal["light", "dark"]) -> None:
    context = await browser.new_context(viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme)
    await context.add_init_script(f"localStorage.setItem('agendum.user_token', '{token}')")
    page = await context.new_page()
    for name, path in PAGES.items():
        await page.goto(url + path)
        await page.get_by_role("heading", level=1).first.wait_for()
        await page.wait_for_timeout(SETTLING)  # a calendar listens for ever: there is no end of loading to wait for
        await page.get_by_text("Loading…").first.wait_for(state="hidden")
        picture = ALL / f"{name}-{width}-{scheme}.png"
        await page.screenshot(path=picture, animations="disabled")
        if picture.stem in SHOWN:
            Image.open(picture).convert("RGB").quantize(COLORS).save(KEPT / picture.name, optimize=True)
    await context.close()


async def take_all(url: str, demo: dict[str, Any]) -> None:
    ALL.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for width in SIZES:
            for scheme in SCHEMES:
                await take(browser, url, demo["owner"]["user_token"], width, scheme)
        await browser.close()


if __name__ == "__main__":
    with place() as folder, serving(folder / "data", "--demo") as server:
        told = json.loads((folder / "data/demo.json").read_text())
        asyncio.run(take_all(f"http://127.0.0.1:{server.port}", told))
