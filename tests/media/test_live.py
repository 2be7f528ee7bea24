"""Over a real connection: a refusal reaches the client although he is still sending, and the connection stays good; a
picture is asked for without its content."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.conformance.live import live_server
from tests.makers.world import SmallWorld, connect, make_small_world
from tests.media.conftest import picture

pytestmark = pytest.mark.anyio


@pytest.fixture
async def small(dsn: str) -> SmallWorld:
    db = await connect(dsn)
    world = await make_small_world(db)
    await db.close()
    return world


@pytest.fixture
async def http(dsn: str, small: SmallWorld) -> AsyncIterator[httpx.AsyncClient]:
    with live_server(dsn) as address:
        async with httpx.AsyncClient(base_url=f"{address}/api/v1", timeout=30) as client:
            yield client


@pytest.mark.parametrize("size", [10, 100_000, 20_000_000])
async def test_who_may_not_upload_is_told_so(http: httpx.AsyncClient, size: int) -> None:
    for _ in range(3):
        answer = await http.post("/images/service", files={"image": ("photo.jpg", bytes(size))})
        assert answer.status_code == 401
        assert answer.json()["meta"]["message"] == "Authentication needed."


async def test_who_sends_too_much_is_told_so(http: httpx.AsyncClient, small: SmallWorld) -> None:
    tokens = {"Authorization": f"Bearer {small.partner_token}, User {small.business.owner.token}"}

    bodies: list[dict[str, Any]] = [
        {"files": {"image": ("photo.jpg", bytes(20_000_000))}},
        {"content": bytes(20_000_000)},
    ]
    for sent in bodies:
        answer = await http.post("/images/service", headers=tokens, **sent)
        assert answer.status_code == 413
        assert answer.json()["meta"]["message"] == "The request is too large: 10485760 bytes may be sent here."
    login = await http.post("/auth", headers=tokens, json={"login": "x" * 6_000_000})
    assert login.status_code == 413
    assert "4194304" in login.json()["meta"]["message"]
    assert (await http.get("/countries", headers=tokens)).status_code == 200


async def test_a_body_without_a_length_is_measured_as_it_comes(http: httpx.AsyncClient, small: SmallWorld) -> None:
    tokens = {"Authorization": f"Bearer {small.partner_token}, User {small.business.owner.token}"}

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield bytes(100_000)

    answer = await http.post("/images/service", headers=tokens, content=parts())
    assert answer.status_code == 413
    assert (await http.get("/countries", headers=tokens)).status_code == 200


async def test_a_picture_can_be_asked_for_without_its_content(http: httpx.AsyncClient, small: SmallWorld) -> None:
    tokens = {"Authorization": f"Bearer {small.partner_token}, User {small.business.owner.token}"}
    answer = await http.post("/images/master", headers=tokens, files={"image": ("photo.jpg", picture())})
    address = answer.json()["data"]["image_group"]["images"]["sm"]["path"]
    whole, head = await http.get(address), await http.head(address)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "etag", "cache-control"):
        assert head.headers[name] == whole.headers[name]
