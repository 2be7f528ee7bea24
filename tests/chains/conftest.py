"""The directory of locations, and those who read it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import World
from tests.makers.world import make_partner_token


class Directory:
    """A partner, and users for whom it speaks."""

    def __init__(self, world: World, partner: str) -> None:
        self.world, self.partner, self.db = world, partner, world.server.pools.write

    async def get(self, path: str, *, user: str = "", **params: Any) -> Any:
        header = f"Bearer {self.partner}" + (f", User {user}" if user else "")
        return await self.world.http.get(path, params=params, headers={"Authorization": header})

    async def list(self, *, user: str = "", **params: Any) -> list[dict[str, Any]]:
        answer = await self.get("/companies", user=user, **params)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert (body["success"], body["meta"]) == (True, [])
        return body["data"]

    async def ids(self, **params: Any) -> list[int]:
        return [location["id"] for location in await self.list(**params)]

    async def one(self, location_id: int, *, user: str = "", **params: Any) -> dict[str, Any]:
        answer = await self.get(f"/company/{location_id}", user=user, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


@pytest.fixture
async def directory(world: World) -> Directory:
    return Directory(world, await make_partner_token(world.server.pools.write))
