"""A small business, and the way its clients speak to the server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from agendum.core.clock import now
from tests.conftest import World
from tests.makers.world import Business, Person, SmallWorld, connect, make_small_world


@dataclass
class Shop:
    """A business and an API client that carries the partner's token. `db` is for arranging, not for looking."""

    world: World
    small: SmallWorld
    db: Any

    @property
    def business(self) -> Business:
        return self.small.business

    @property
    def here(self) -> int:
        return self.business.location_id

    def day(self, ahead: int) -> date:
        """A date of the first location, so many days from its today."""
        return now().astimezone(self.business.zone).date() + timedelta(days=ahead)

    def at(self, clock: str, ahead: int = 3) -> str:
        return f"{self.day(ahead)}T{clock}:00"

    async def call(self, method: str, path: str, *, user: Person | None = None, **kw: Any) -> httpx.Response:
        token = f"Bearer {self.small.partner_token}" + (f", User {user.token}" if user else "")
        headers = {"Authorization": token, **kw.pop("headers", {})}
        return await self.world.http.request(method, path, headers=headers, **kw)

    async def get(self, path: str, **kw: Any) -> Any:
        """The data of a successful GET."""
        answer = await self.call("GET", path, **kw)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["data"]

    def wish(self, service: int, at: str, *, staff: int = 0, number: int = 1, **more: Any) -> dict[str, Any]:
        return {"id": number, "services": [service], "staff_id": staff, "datetime": at, **more}

    async def book(self, *wishes: dict[str, Any], phone: str = "+1 315 555 0199", **more: Any) -> httpx.Response:
        body: dict[str, Any] = {"phone": phone, "fullname": "James Smith", "appointments": list(wishes), **more}
        user, headers = body.pop("user", None), body.pop("headers", {})
        return await self.call("POST", f"/book_record/{self.here}", json=body, user=user, headers=headers)

    async def times(self, staff: int, service: int, ahead: int = 3) -> list[str]:
        """The clock times that book_times offers."""
        path = f"/book_times/{self.here}/{staff}/{self.day(ahead)}?service_ids[]={service}"
        return [slot["time"] for slot in await self.get(path)]


@pytest.fixture
async def shop(world: World) -> AsyncIterator[Shop]:
    db = await connect(world.dsn)
    try:
        yield Shop(world, await make_small_world(db), db)
    finally:
        await db.close()


def codes(answer: httpx.Response) -> list[tuple[int, int | None]]:
    """(code, caller's number) of a refusal's items."""
    return [(item["code"], item.get("id")) for item in answer.json()["meta"]["errors"]]
