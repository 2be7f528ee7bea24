"""Answers that a page begins with: read through the API's own operations, handed over with the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request

from agendum.core.auth import chain_of_location
from agendum.core.permissions import Actor
from agendum.core.routes import Route
from agendum.core.server import Call, Server
from agendum.core.wire import read_query, to_json


class Ahead:
    """Asks public GET operations of v1 for a page. `answers` are by the address under which the page will ask."""

    def __init__(self, request: Request[Any, Any, Any], by_name: Mapping[str, Route]) -> None:
        self.answers: dict[str, Any] = {}
        self._request, self._by_name = request, by_name

    async def get(self, name: str, query: Mapping[str, int] | None = None, **places: Any) -> Any:
        """The answer of an operation, as JSON would tell it; `places` fill its path. Raises what it raises."""
        route, server = self._by_name[name], self._server
        args = {key: value for key, value in places.items() if key != "location_id"}
        if "query" in route.hints:
            pairs = [(key, str(value)) for key, value in (query or {}).items()]
            args["query"] = read_query(pairs, route.hints["query"])
        location_id = places.get("location_id", 0)
        chain_id = await chain_of_location(server.pools.read, location_id) if location_id else 0
        async with server.pools.read.acquire() as db:
            answer = await route.handler(Call(server, self._request, Actor(), db, chain_id, location_id), **args)
        return msgspec.json.decode(answer if isinstance(answer, bytes) else to_json(answer))

    async def hand_over(self, name: str, query: Mapping[str, int] | None = None, **places: Any) -> Any:
        """The same, kept for the page; gives the answer's data."""
        answer = await self.get(name, query, **places)
        address = "/v1" + self._by_name[name].path.format_map(places)
        self.answers[address + (f"?{urlencode(query)}" if query else "")] = answer
        return answer["data"]

    @property
    def _server(self) -> Server:
        return self._request.app.state.server
