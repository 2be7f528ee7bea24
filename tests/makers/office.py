"""A business as those who run it see it, in both versions of the API."""

from __future__ import annotations

from typing import Any

from agendum.core.jsonapi import MEDIA_TYPE
from tests.booking.conftest import Shop
from tests.makers.world import Person, insert, make_membership, make_person, stamps


class Office(Shop):
    """`ask` and `ask_v2` speak in the owner's name unless another is given, and expect a status."""

    async def ask(self, method: str, path: str, status: int = 200, *, user: Person | None = None, **kw: Any) -> Any:
        """The data of an answer; of a refusal its meta, of an answer without data that too."""
        answer = await self.call(method, path, user=user or self.business.owner, **kw)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        if not answer.content:
            return None
        content = answer.json()
        return content["meta"] if content["data"] is None else content["data"]

    async def ask_v2(self, method: str, path: str, status: int = 200, *, user: Person | None = None, **kw: Any) -> Any:
        """The whole document; of a refusal its meta."""
        kw["headers"] = {"Accept": MEDIA_TYPE}
        who = user or self.business.owner
        answer = await self.call(method, f"http://test/api/v2{path}", user=who, **kw)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        if not answer.content:
            return None
        return answer.json() if status < 400 else answer.json()["meta"]

    async def colleague(self, *rights: str, location_id: int | None = 0) -> Person:
        """Somebody else with these rights: at the first location, or with None in the whole chain."""
        person = await make_person(self.db, "Carl Colleague")
        place = self.here if location_id == 0 else location_id
        await make_membership(self.db, self.business.chain_id, person, place, role="custom", rights=rights)
        return person

    async def chain_field(self, **columns: Any) -> int:
        """A custom field of the whole chain."""
        values = {"category": "record", "code": "hint", "title": "Hint", "kind": "text"} | columns
        return await insert(self.db, "custom_fields", chain_id=self.business.chain_id, **values, **stamps())


def field_of(meta: Any) -> str:
    """The field that a refusal names."""
    [error] = meta["errors"]
    return error["field"]
