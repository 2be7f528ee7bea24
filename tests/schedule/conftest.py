"""For the engine one database a module: each world in it is a chain of its own, so nothing needs to be cleaned away.
For what happens over HTTP a small business whose owner may do all that its calendar asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from agendum.core.cache import drop_everywhere_here
from agendum.core.db.embedded import EmbeddedPostgres
from agendum.core.db.pool import open_pools
from agendum.core.db.sql import Connection
from tests.booking.conftest import Shop
from tests.conftest import World, copy_of
from tests.makers.world import connect, make_small_world

RIGHTS = (
    "timetable_access",
    "schedule_edit_access",
    "settings_basis_access",
    "settings_services_edit_services_related_resource_access",
)


@pytest.fixture(scope="module")
async def db(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[Connection]:
    """A connection of the server's own making."""
    drop_everywhere_here()
    async with copy_of(postgres, template) as dsn:
        pools = await open_pools(dsn, size=1)
        async with pools.write.acquire() as connection:
            yield connection
        await pools.close()
        drop_everywhere_here()


class Desk(Shop):
    """A business as its owner runs it: `ask` speaks in his name."""

    async def ask(self, method: str, path: str, status: int = 200, **kw: Any) -> Any:
        """The data of an answer of this status; of a refusal, its meta."""
        user = kw.pop("user", self.business.owner)
        answer = await self.call(method, path, user=user, **kw)
        assert answer.status_code == status, answer.text
        content = answer.json()
        return content["data"] if status < 400 else content["meta"]

    async def set_days(self, *items: dict[str, Any], status: int = 200, **kw: Any) -> Any:
        """Set days of the team; an item without slots is to be deleted."""
        body = {
            "schedules_to_set": [item for item in items if "slots" in item],
            "schedules_to_delete": [item for item in items if "slots" not in item],
        }
        return await self.ask("PUT", f"/company/{self.here}/staff/schedule", status, json=body, **kw)

    async def entries(self, **query: Any) -> Any:
        return await self.ask("GET", f"/company/{self.here}/staff/schedule", params=query)

    async def notices(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        """Facts of a kind that others hear, oldest first."""
        rows = await self.db.fetch("SELECT kind, body FROM outbox WHERE kind LIKE $1 ORDER BY id", f"{kind}.%")
        return [(row["kind"], row["body"]) for row in rows]

    async def v2(self, path: str, **kw: Any) -> httpx.Response:
        headers = {"Accept": "application/vnd.api.v2+json"}
        return await self.call("GET", f"http://test/api/v2{path}", user=self.business.owner, headers=headers, **kw)


def work(*slots: str) -> list[dict[str, str]]:
    """Intervals of the wire: `work("09:00-13:00", "14:00-18:00")`."""
    return [{"from": slot.split("-")[0], "to": slot.split("-")[1]} for slot in slots]


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    db = await connect(world.dsn)
    try:
        yield Desk(world, await make_small_world(db, rights=RIGHTS), db)
    finally:
        await db.close()
