"""A small business and its front desk, which speaks HTTP for whoever sits there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from agendum.core.cache import drop_everywhere_here
from agendum.core.clock import now
from agendum.core.rights import KINDS, owner_rights
from tests.conftest import World
from tests.makers.world import Business, Person, SmallWorld, connect, make_small_world

V2 = {"Accept": "application/vnd.api.v2+json"}


@dataclass
class Front:
    """The owner at the desk of the first location, unless somebody else is named. `db` is for arranging."""

    world: World
    small: SmallWorld
    db: Any

    @property
    def business(self) -> Business:
        return self.small.business

    @property
    def here(self) -> int:
        return self.business.location_id

    def day(self, ahead: int = 0) -> date:
        """A date of the first location, so many days from its today."""
        return now().astimezone(self.business.zone).date() + timedelta(days=ahead)

    def at(self, clock: str = "10:00", ahead: int = 3) -> str:
        return f"{self.day(ahead)}T{clock}:00"

    async def call(self, method: str, path: str, *, user: Person | None = None, **kw: Any) -> httpx.Response:
        person = user or self.business.owner
        token = f"Bearer {self.small.partner_token}, User {person.token}"
        headers = {"Authorization": token, **kw.pop("headers", {})}
        url = f"http://test/api{path}" if path.startswith("/v2") else path
        if path.startswith("/v2"):
            headers |= V2
        return await self.world.http.request(method, url, headers=headers, **kw)

    async def get(self, path: str, **kw: Any) -> Any:
        """The data of a successful GET."""
        answer = await self.call("GET", path, **kw)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def wish(self, clock: str = "10:00", *, ahead: int = 3, **more: Any) -> dict[str, Any]:
        """A haircut of an hour by Anna for Clara."""
        b = self.business
        wanted: dict[str, Any] = {
            "staff_id": b.anna,
            "services": [{"id": b.haircut}],
            "client": {"id": b.client_id},
            "datetime": self.at(clock, ahead),
            "seance_length": 3600,
        }
        return wanted | more

    async def create(self, clock: str = "10:00", *, ahead: int = 3, user: Person | None = None, **more: Any) -> Any:
        """An appointment that is made."""
        wish = self.wish(clock, ahead=ahead, **more)
        answer = await self.call("POST", f"/records/{self.here}", json=wish, user=user)
        assert answer.status_code == 201, answer.text
        [made] = answer.json()["data"]
        return made

    async def refused(self, clock: str = "10:00", *, user: Person | None = None, **more: Any) -> httpx.Response:
        """The answer to an appointment that may not be made."""
        answer = await self.call("POST", f"/records/{self.here}", json=self.wish(clock, **more), user=user)
        assert answer.status_code >= 400, answer.text
        return answer

    async def update(self, record: Any, clock: str = "10:00", *, ahead: int = 3, status: int = 201, **more: Any) -> Any:
        user = more.pop("user", None)
        wish = self.wish(clock, ahead=ahead, **more)
        answer = await self.call("PUT", f"/record/{self.here}/{record['id']}", json=wish, user=user)
        assert answer.status_code == status, answer.text
        return answer.json()["data"] if status == 201 else answer

    async def delete(self, record: Any, *, user: Person | None = None) -> httpx.Response:
        return await self.call("DELETE", f"/record/{self.here}/{record['id']}", user=user)

    async def record(self, id_: int, **query: Any) -> Any:
        return await self.get(f"/record/{self.here}/{id_}", params=query)

    async def records(self, **query: Any) -> list[Any]:
        return await self.get(f"/records/{self.here}", params=query)

    async def visit(self, visit_id: int) -> Any:
        return await self.get(f"/visits/{visit_id}")

    async def edit_visit(self, record: Any, *, attendance: int = 1, status: int = 200, **more: Any) -> Any:
        user, body = more.pop("user", None), {"attendance": attendance, "comment": record["comment"], **more}
        answer = await self.call("PUT", f"/visits/{record['visit_id']}/{record['id']}", json=body, user=user)
        assert answer.status_code == status, answer.text
        return answer.json()["data"] if status == 200 else answer

    async def client(self, client_id: int | None = None) -> Any:
        return await self.get(f"/client/{self.here}/{client_id or self.business.client_id}")

    async def free(self, *, ahead: int = 3, service: int | None = None) -> list[str]:
        """Clock times at which Anna can be booked online."""
        path = f"/book_times/{self.here}/{self.business.anna}/{self.day(ahead)}"
        slots = await self.get(f"{path}?service_ids[]={service or self.business.haircut}")
        return [slot["time"] for slot in slots]

    async def grant(self, person: Person, **rights: Any) -> None:
        """Change what a person may do at the first location."""
        sql = "UPDATE memberships SET rights = rights || $1 WHERE chain_id = $2 AND user_id = $3"
        await self.db.execute(sql, rights, self.business.chain_id, person.id)
        drop_everywhere_here()


ALLOWED = sorted(name for name, kind in KINDS.items() if kind == "allow")


@pytest.fixture
async def front(world: World) -> AsyncIterator[Front]:
    """The owner and the receptionist may do everything; Leo nothing yet."""
    db = await connect(world.dsn)
    try:
        small = await make_small_world(db, rights=ALLOWED)
        assert set(ALLOWED) <= owner_rights(small.business.chain_id).keys()
        yield Front(world, small, db)
    finally:
        await db.close()
