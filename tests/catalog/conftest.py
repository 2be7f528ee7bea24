"""A small business whose owner keeps its catalogue over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from agendum.core.jsonapi import MEDIA_TYPE
from tests.conftest import World
from tests.makers.world import Business, Person, SmallWorld, connect, make_small_world

RIGHTS = (
    "settings_services_access",
    "settings_services_create_access",
    "services_edit",
    "services_delete",
    "edit_master_service_and_duration",
    "clients_access",
)


@dataclass
class Desk:
    """The owner's desk. `db` is for arranging, not for looking."""

    world: World
    small: SmallWorld
    db: Any

    @property
    def business(self) -> Business:
        return self.small.business

    @property
    def here(self) -> int:
        return self.business.location_id

    @property
    def far(self) -> int:
        return self.business.far_location_id

    async def call(
        self, method: str, path: str, body: Any = None, *, user: Person | None = None, **query: Any
    ) -> httpx.Response:
        """A call in the name of the owner, or of somebody else; paths that begin with /v2 go there."""
        token = f"Bearer {self.small.partner_token}, User {(user or self.business.owner).token}"
        address = f"http://test/api{path}" if path.startswith("/v2/") else path
        headers = {"Authorization": token, "Accept": MEDIA_TYPE}
        return await self.world.http.request(method, address, json=body, params=query or None, headers=headers)

    async def done(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The data of a successful call."""
        answer = await self.call(method, path, body, **more)
        assert answer.status_code < 300, f"{answer.status_code}: {answer.text}"
        return answer.json()["data"] if answer.content else None

    async def get(self, path: str, **query: Any) -> Any:
        return await self.done("GET", path, **query)

    async def make(self, *, at: int = 0, **facts: Any) -> Any:
        """A new service of the location, as the answer shows it."""
        body = {"title": "Cut", "category_id": self.business.category_id, "price_min": 50, **facts}
        return await self.done("POST", f"/services/{at or self.here}", body)

    async def patch(self, service_id: int, *, at: int = 0, user: Person | None = None, **facts: Any) -> Any:
        return await self.done("PATCH", f"/services/{at or self.here}/{service_id}", facts, user=user)

    async def card(self, service_id: int, *, at: int = 0) -> Any:
        return await self.get(f"/company/{at or self.here}/services/{service_id}")

    async def online(self, *, at: int = 0, **query: Any) -> dict[int, Any]:
        """What clients are offered, by id, in its order."""
        offered = await self.get(f"/book_services/{at or self.here}", **query)
        return {service["id"]: service for service in offered["services"]}

    async def withhold(self, right: str) -> None:
        """Take one right from the receptionist by name."""
        await self.db.execute(
            "UPDATE memberships SET rights = rights || jsonb_build_object($1::text, false) WHERE user_id = $2",
            right,
            self.business.receptionist.id,
        )

    async def notices(self) -> list[tuple[str, int, int]]:
        """What was told of the catalogue: kind, location, id."""
        rows = await self.db.fetch("SELECT kind, body FROM outbox WHERE kind LIKE 'service%' ORDER BY id")
        return [
            (row["kind"], row["body"]["location_id"], row["body"].get("service_id") or row["body"]["category_id"])
            for row in rows
        ]


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    db = await connect(world.dsn)
    try:
        yield Desk(world, await make_small_world(db, rights=RIGHTS), db)
    finally:
        await db.close()


def fields(answer: httpx.Response) -> list[str]:
    """The fields that a refusal names."""
    return [item["field"] for item in answer.json()["meta"]["errors"]]
