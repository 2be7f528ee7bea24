"""The small business of the other tests, with an owner who really may do everything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from agendum.core.rights import owner_rights
from tests.conftest import World
from tests.makers.world import Business, Person, SmallWorld, connect, make_person, make_small_world


@dataclass
class Office:
    """Calls of one partner, in the name of those who run the business."""

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

    @property
    def owner(self) -> Person:
        return self.business.owner

    async def send(self, method: str, path: str, user: Person | str | None, body: Any = None, **query: Any) -> Any:
        token = user.token if isinstance(user, Person) else user
        header = f"Bearer {self.small.partner_token}" + (f", User {token}" if token else "")
        headers = {"Authorization": header}
        return await self.world.http.request(method, path, json=body, params=query or None, headers=headers)

    async def data(self, path: str, user: Person | str | None = None, **query: Any) -> Any:
        answer = await self.send("GET", path, user or self.owner, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def users(self, location_id: int | None = None, **filters: int) -> dict[int, dict[str, Any]]:
        query: dict[str, Any] = {f"filter[{name}]": value for name, value in filters.items()}
        found = await self.data(f"/company/{location_id or self.here}/users", **query)
        return {user["id"]: user for user in found}

    def person(self, user_id: int, location_id: int | None = None) -> str:
        return f"/company/{location_id or self.here}/users/{user_id}"

    async def permissions(
        self, user_id: int, as_user: Person | None = None, location_id: int | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the API says of a user, and his rights by slug."""
        found = await self.data(f"{self.person(user_id, location_id)}/permissions", as_user)
        return found, {right["slug"]: right["value"] for right in found["user_permissions"]}

    async def change(
        self, user_id: int, as_user: Person | None = None, location_id: int | None = None, **body: Any
    ) -> Any:
        rights = body.pop("rights", None)
        if rights is not None:
            body["user_permissions"] = [{"slug": slug, "value": value} for slug, value in rights.items()]
        path = f"{self.person(user_id, location_id)}/permissions"
        return await self.send("PUT", path, as_user or self.owner, body)

    async def hired(self, role: str = "worker", name: str = "Nick New", **body: Any) -> Person:
        """Somebody new with a role at the first location."""
        person = await make_person(self.db, name)
        await self.db.execute(
            """INSERT INTO memberships (chain_id, user_id, location_id, role, created_at, updated_at)
               SELECT chain_id, $1, $2, 'custom', created_at, updated_at FROM locations WHERE id = $2""",
            person.id,
            self.here,
        )
        answer = await self.change(person.id, user_role="administrator")
        assert answer.status_code == 200, answer.text
        answer = await self.change(person.id, user_role=role, **body)
        assert answer.status_code == 200, answer.text
        return person

    async def invite(self, *invites: dict[str, Any], as_user: Person | None = None) -> Any:
        return await self.send("POST", f"/user/invite/{self.here}", as_user or self.owner, {"invites": list(invites)})

    async def invited(self, search: str, **more: Any) -> tuple[str, int]:
        """The token of the link that left, and the user's id."""
        answer = await self.invite({"search": search, **more})
        assert answer.status_code == 202, answer.text
        notice = await self.db.fetchval("SELECT body FROM outbox WHERE kind = 'user.invited' ORDER BY id DESC LIMIT 1")
        return notice["token"], notice["user_id"]

    async def accept(self, token: str, user: Person | str | None = None, **body: Any) -> Any:
        return await self.send("POST", "/user/invite/accept", user, {"token": token, **body})

    async def may_enter(self, user: Person | str, location_id: int | None = None) -> bool:
        answer = await self.send("GET", f"/user/permissions/{location_id or self.here}", user)
        assert answer.status_code in (200, 403), answer.text
        return answer.status_code == 200


@pytest.fixture
async def office(world: World) -> AsyncIterator[Office]:
    db = await connect(world.dsn)
    try:
        small = await make_small_world(db)
        for chain_id in (small.business.chain_id, small.stranger_chain_id):
            await db.execute(
                "UPDATE memberships SET rights = $2 WHERE chain_id = $1 AND role = 'owner'",
                chain_id,
                owner_rights(chain_id),
            )
        yield Office(world, small, db)
    finally:
        await db.close()


def complaints(answer: Any) -> tuple[int, list[str]]:
    """The status and the fields that are complained of."""
    return answer.status_code, [error["field"] for error in answer.json()["meta"].get("errors", [])]
