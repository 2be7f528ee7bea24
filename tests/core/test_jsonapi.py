"""The v2 wire at the edge: its media type, its documents, its errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar

from agendum.core.edge import EXCEPTION_HANDLERS
from agendum.core.errors import Invalid
from agendum.core.jsonapi import MEDIA_TYPE, Document, Identifier, Resource, ToOne
from agendum.core.permissions import PUBLIC
from agendum.core.routes import Routes, mount
from agendum.core.server import Call
from tests.conftest import World

pytestmark = pytest.mark.anyio

routes = Routes("/api/v2", group="v2")


class Title(msgspec.Struct):
    title: str


class Asked(msgspec.Struct):
    title: str = ""


@routes.get("/things/{thing_id}", needs=PUBLIC)
async def get_thing(call: Call, thing_id: int, query: Asked) -> Document[Resource[Title]]:
    if query.title == "bad":
        raise Invalid("title: not that one.", field="title")
    chair = Resource(type="thing", id=str(thing_id), attributes=Title("Chair"))
    if query.title:
        chair.relationships = {"room": ToOne(Identifier("room", "7"))}
    return Document(data=chair)


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app: Any = Litestar(
        [mount(route) for route in routes.items], exception_handlers=EXCEPTION_HANDLERS, openapi_config=None
    )
    app.state.server = world.server
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v2") as client:
        yield client


async def test_a_document_needs_its_media_type(http: httpx.AsyncClient) -> None:
    refused = await http.get("/things/3", headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["success"]) == (400, False)
    answer = await http.get("/things/3", headers={"Accept": f"{MEDIA_TYPE}; charset=utf-8"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(MEDIA_TYPE)
    assert answer.json() == {"data": {"type": "thing", "id": "3", "attributes": {"title": "Chair"}}}


async def test_relationships_come_when_asked_for_and_errors_by_field(http: httpx.AsyncClient) -> None:
    accept = {"Accept": MEDIA_TYPE}
    answer = await http.get("/things/3?title=x", headers=accept)
    assert answer.json()["data"]["relationships"] == {"room": {"data": {"type": "room", "id": "7"}}}
    refused = await http.get("/things/3?title=bad", headers=accept)
    assert refused.status_code == 422
    assert refused.json()["meta"]["errors"] == {"title": ["title: not that one."]}
