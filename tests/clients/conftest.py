"""A desk whose chief may do everything with clients."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agendum.clients import jobs
from agendum.core import clock
from agendum.core.worker import Worker
from tests.makers.clients import make_chief, make_client, make_holder
from tests.makers.office import Office
from tests.makers.world import Person, connect, make_small_world
from tests.stage import Stages


@dataclass
class Desk(Office):
    """`ask` speaks in the chief's name unless another is given."""

    chief: Person
    folder: Path

    async def ask(self, method: str, path: str, status: int = 200, *, user: Person | None = None, **kw: Any) -> Any:
        return await super().ask(method, path, status, user=user or self.chief, **kw)

    async def make(self, name: str = "James", **columns: Any) -> int:
        return await make_client(self.db, self.business, name, **columns)

    async def holder(self, *rights: str, **limits: Any) -> Person:
        """Somebody who sees clients, with these rights besides."""
        return await make_holder(
            self.db, self.business, {"clients_access": True, **dict.fromkeys(rights, True), **limits}
        )

    async def card(self, client_id: int, *, user: Person | None = None) -> dict[str, Any]:
        return await self.ask("GET", f"/client/{self.here}/{client_id}", user=user)

    async def create(self, status: int = 201, *, user: Person | None = None, **facts: Any) -> Any:
        body = {"name": "James", "phone": "+13155550179"} | facts
        return await self.ask("POST", f"/clients/{self.here}", status, user=user, json=body)

    async def update(self, client_id: int, status: int = 200, *, user: Person | None = None, **facts: Any) -> Any:
        body = {"name": "James", "phone": "+13155550179"} | facts
        return await self.ask("PUT", f"/client/{self.here}/{client_id}", status, user=user, json=body)

    async def search(self, *filters: tuple[str, Any], user: Person | None = None, **more: Any) -> list[str]:
        """The names of those whom the filters find, in their order."""
        body = {"filters": [{"type": kind, "state": state} for kind, state in filters], "page_size": 200, **more}
        found = await self.ask("POST", f"/company/{self.here}/clients/search", user=user, json=body)
        return [client["name"] for client in found]

    async def refused(
        self, *filters: tuple[str, Any], status: int = 400, user: Person | None = None, **more: Any
    ) -> Any:
        body = {"filters": [{"type": kind, "state": state} for kind, state in filters], **more}
        return await self.ask("POST", f"/company/{self.here}/clients/search", status, user=user, json=body)

    async def listed(self, *, user: Person | None = None, **query: Any) -> list[str]:
        found = await self.ask("GET", f"/clients/{self.here}", user=user, params=query)
        return [client["name"] for client in found]

    async def quick(self, q: str, *, user: Person | None = None, **query: Any) -> list[str]:
        path = f"/company/{self.here}/clients/quick_search"
        found = await self.ask("GET", path, user=user, params={"q": q, **query})
        return [client["name"] for client in found]

    async def drain(self, **shift: float) -> None:
        """Run the jobs that are due; `days=2` lets that much time pass first."""
        if shift:
            clock.shift_clock(timedelta(**shift))
        await Worker(self.world.server, self.world.dsn, [jobs.jobs]).drain()

    def stored(self) -> int:
        """How many files the storage holds."""
        return sum(path.is_file() for path in self.folder.rglob("*"))


@pytest.fixture
async def desk(stages: Stages, tmp_path: Path) -> AsyncIterator[Desk]:
    async with stages.world(data_dir=str(tmp_path)) as world:
        db = await connect(world.dsn)
        try:
            small = await make_small_world(db)
            yield Desk(world, small, db, await make_chief(db, small.business), tmp_path / "media")
        finally:
            await db.close()


@pytest.fixture(autouse=True)
def clock_in_step() -> Iterator[None]:
    yield
    clock.shift_clock(timedelta())
