"""The API reference shows every operation, well formed, and asks nobody else for anything."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from litestar import Litestar

from agendum.app import routes
from agendum.core.openapi import build
from agendum.docs_pages import handlers
from tests.conftest import World

pytestmark = pytest.mark.anyio
VOID = {"meta", "link", "input", "wbr"}


class Page(HTMLParser):
    """Tags that do not match, what is loaded, where links lead, which ids there are."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if (source := given.get("src") or (tag == "link" and given.get("href"))) is not None and source:
            self.loaded.append(source)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if identity := given.get("id"):
            self.ids.append(identity)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar(handlers(routes()), openapi_config=None)
    app.state.server = SimpleNamespace(base_url="https://example.com")
    transport = httpx.ASGITransport(app)  # pyright: ignore[reportArgumentType]
    async with httpx.AsyncClient(transport=transport, base_url="https://example.com") as client:
        yield client


async def test_every_page_is_well_formed_and_complete(http: httpx.AsyncClient) -> None:
    start = Page((await http.get("/docs")).text)
    pages = {link.split("#")[0] for link in start.links if link.startswith("/docs/")}
    assert len(pages) == len({route.group for route in routes()})
    shown: list[str] = []
    for path in sorted(pages):
        answer = await http.get(path)
        assert answer.status_code == 200, path
        page = Page(answer.text)
        assert (page.wrong, page.open, page.inline) == ([], [], []), path
        assert len(page.ids) == len(set(page.ids)), path
        assert all(source.startswith(("/docs/assets/", "data:")) for source in page.loaded), path
        assert page.ids == [link.split("#")[1] for link in page.links if link.startswith(f"{path}#")], path
        shown += page.ids
    assert len(shown) == len(routes())


async def test_an_operation_is_shown_with_all_that_is_known_of_it(http: httpx.AsyncClient) -> None:
    page = (await http.get("/docs/online-booking")).text
    article = page.split('<article id="create_online_booking">')[1].split("</article>")[0]
    text = re.sub(r"<[^>]+>", "", article)
    for expected in (
        "POST/api/v1/book_record/{location_id}",
        "Partner token",
        "appointments[].datetime",
        "Idempotency-Key",
        "curl",
        "httpx.request",
        "await fetch",
        "record_hash",
        "201 Created",
        "422",
    ):
        assert expected in text, expected


async def test_pages_forbid_whatever_is_not_their_own(http: httpx.AsyncClient) -> None:
    policy = (await http.get("/docs")).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for name in ("reference.css", "reference.js"):
        asset = await http.get(f"/docs/assets/{name}")
        assert asset.status_code == 200
        assert "http" not in asset.text
    assert (await http.get("/docs/nothing")).status_code == 404


async def test_documents_are_those_that_the_command_line_prints(http: httpx.AsyncClient) -> None:
    for version in ("v1", "v2"):
        answer: Any = (await http.get(f"/openapi/{version}.json")).json()
        assert answer == build(version, routes(), base_url="https://example.com")


async def test_the_server_shows_them_to_everybody(world: World) -> None:
    for path in ("/docs", "/docs/online-booking", "/docs/assets/reference.js", "/openapi/v1.json"):
        answer = await world.http.get(f"http://test{path}")
        assert answer.status_code == 200, path
        assert answer.headers["x-content-type-options"] == "nosniff"
