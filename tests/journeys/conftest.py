"""Journeys in a real browser (Debian's Chromium) against a real `agendum serve` with its demo business.

All of them share one server, so a journey books in a corner of its own and asserts nothing about totals.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright, expect

from tests.processes import Serving, agendum, place, serving, until

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
TIMEOUT = float(os.environ.get("AGENDUM_JOURNEY_TIMEOUT", "15000"))  # ms, for one step on a machine that is busy
expect.set_options(timeout=TIMEOUT)
DESK, PHONE = ViewportSize(width=1280, height=860), ViewportSize(width=360, height=740)

collect_ignore_glob = [] if CHROMIUM else ["test_*.py"]  # `make test` says so when there is no browser

Open: TypeAlias = Callable[..., AbstractAsyncContextManager[Page]]


@dataclass(frozen=True)
class Site:
    """A running server with its demo business; `demo` is what `demo.json` tells."""

    server: Serving
    demo: dict[str, Any]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def form(self, number: int = 0) -> str:
        """The booking page of a form: 0 New York's own, 1 the chain's."""
        return f"{self.url}/b/{self.demo['booking_form_ids'][number]}"

    def api(self, token: str = "") -> httpx.Client:
        """The API as an integration speaks it, for the owner unless another user's token is given."""
        user = token or self.demo["owner"]["user_token"]
        headers = {"Authorization": f"Bearer {self.demo['partner_token']}, User {user}"}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=60)

    def messages(self, phone: str) -> list[dict[str, Any]]:
        """What was sent to a phone, latest first."""
        done = agendum("messages", "--to", phone, "--json", "--data-dir", str(self.server.folder))
        return [json.loads(line) for line in done.stdout.splitlines()]

    def message(self, phone: str, kind: str) -> str:
        """The text of the latest message of a kind to a phone, as soon as there is one."""
        return until(lambda: next((one["body"] for one in self.messages(phone) if one["kind"] == kind), ""))


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with place() as folder, serving(folder / "data", "--demo") as server:
        yield Site(server, json.loads((folder / "data/demo.json").read_text()))


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield found
        await found.close()


@pytest.fixture
def open_page(browser: Browser) -> Open:
    """A page of a visitor of his own. It must meet no error of script, style or policy, and ask nobody else for
    anything; `loads` says which answers of 400 and more, and which net errors, are part of the story."""

    @asynccontextmanager
    async def visit(
        *, loads: tuple[int | str, ...] = (), locale: str = "en-US", viewport: ViewportSize = DESK, **options: Any
    ) -> AsyncGenerator[Page]:
        context = await browser.new_context(locale=locale, viewport=viewport, **options)
        context.set_default_timeout(TIMEOUT)
        troubles: list[str] = []
        try:
            page = await context.new_page()
            _watch(page, context, troubles, loads)
            yield page
            assert not troubles, troubles
        finally:
            with contextlib.suppress(Exception):
                await context.close()

    return visit


def _watch(page: Page, context: BrowserContext, troubles: list[str], loads: tuple[int | str, ...]) -> None:
    page.on("pageerror", lambda error: troubles.append(str(error)))

    def hear(message: Any) -> None:
        if message.type in ("error", "warning") and not any(_said(one) in message.text for one in loads):
            troubles.append(message.text)

    page.on("console", hear)
    context.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1:", "data:", "blob:"))
            else troubles.append(f"asked {request.url}")
        ),
    )


def _said(load: int | str) -> str:
    """How the browser complains of an answer of this status, or of none."""
    return f"status of {load}" if isinstance(load, int) else load


async def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is: rule and place. Frames are pages of their own."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    options = "{resultTypes: ['violations'], iframes: false}"
    found = await page.evaluate(f"axe.run(document, {options}).then(result => result.violations)")
    return [f"{one['id']}: {', '.join(' '.join(map(str, node['target'])) for node in one['nodes'])}" for one in found]
