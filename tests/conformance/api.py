"""Speaking to the live server as a walk does: every answer is held against the contract on its way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx

from agendum.core import clock
from agendum.core.facts import signing_secret
from agendum.core.jsonapi import MEDIA_TYPE
from agendum.core.links import record_token
from agendum.core.signing import Signer
from tests.conformance.contract import Operation, operations, problems
from tests.makers.world import Business, Person, SmallWorld

Json = Any


class Nonconforming(AssertionError):
    """An answer that the contract does not allow."""


@dataclass
class Api:
    """The API of one world. Calling it calls `operation`, or another one by name."""

    http: httpx.AsyncClient
    db: Any
    world: SmallWorld
    operation: Operation
    done: list[str] = field(default_factory=list)  # requests of the operation that succeeded, by their ids

    @property
    def business(self) -> Business:
        return self.world.business

    @property
    def here(self) -> dict[str, Any]:
        """The path of the business's first location."""
        return {"location_id": self.business.location_id}

    async def __call__(
        self,
        status: int,
        *,
        op: str | None = None,
        user: Person | str | None = None,
        partner: str | None = None,
        query: dict[str, Any] | None = None,
        body: Any = None,
        form: dict[str, Any] | None = None,
        **path: Any,
    ) -> Json:
        """Call an operation, expect a status, check the answer, give it back (None when there is no body).

        `form` is a multipart body: a file is (its name, its content). `user` is a person or a user token. `partner`
        stands for the world's partner token; empty: none is sent.
        """
        operation = operations()[op] if op else self.operation
        address = re.sub(r"\{(\w+)\}", lambda part: quote(str(path[part[1]]), safe=""), operation.path)
        tokens = [f"Bearer {token}"] if (token := self.world.partner_token if partner is None else partner) else []
        if user is not None:
            tokens.append(f"User {user.token if isinstance(user, Person) else user}")
        answer = await self.http.request(
            operation.method,
            f"/api{address}",
            params=query,
            json=body,
            files=form
            and {name: part if isinstance(part, tuple) else (None, str(part)) for name, part in form.items()},
            headers={"Accept": f"application/json, {MEDIA_TYPE}"}
            | ({"Authorization": ", ".join(tokens)} if tokens else {}),
        )
        shown = f"{operation.name}: {operation.method} {answer.url.path}"
        said = answer.text[:2000]
        assert answer.status_code == status, f"{shown} answered {answer.status_code}, not {status}: {said}"
        if operation is self.operation and answer.is_success:
            self.done.append(answer.headers["x-request-id"])
        content = answer.json() if answer.content else None
        if found := problems(operation, status, content):
            listed = "\n  ".join(found)
            raise Nonconforming(f"{shown} ({status}):\n  {listed}\nThe answer was {said}")
        return content

    async def slot(
        self, day: int = 1, *, services: list[int] | None = None, member: int | None = None, nth: int = 0
    ) -> str:
        """A free moment some days from now, as the wire gives it; by default for a haircut by Anna."""
        answer = await self(
            200,
            op="get_time_slots_for_booking",
            query={"service_ids[]": services or [self.business.haircut]},
            location_id=self.business.location_id,
            team_member_id=self.business.anna if member is None else member,
            date=self.day(day),
        )
        return answer["data"][nth]["datetime"]

    def day(self, days: int = 0) -> date:
        """A date of the first location's calendar, some days from today."""
        return clock.now().astimezone(self.business.zone).date() + timedelta(days=days)

    async def book(self, *, phone: str = "+13155559000", day: int = 1, user: Person | None = None, **more: Any) -> Json:
        """Book Anna for a haircut at the first free moment of a day; gives {id, record_id, record_hash}."""
        wanted = {"id": 1, "services": [self.business.haircut], "staff_id": self.business.anna}
        answer = await self(
            201,
            op="create_online_booking",
            user=user,
            body={
                "phone": phone,
                "fullname": "Bob Booker",
                "email": "bob@example.com",
                "appointments": [wanted | {"datetime": await self.slot(day)}],
                **more,
            },
            location_id=self.business.location_id,
        )
        return answer["data"][0]

    async def code_sent_to(self, phone: str) -> str:
        """The newest one-time code on its way to a phone (E.164 digits)."""
        body = await self.db.fetchval(
            "SELECT body FROM outbox WHERE kind = 'phone_code.requested' AND body->>'phone' = $1 ORDER BY id DESC",
            phone,
        )
        assert body is not None, f"no code was sent to {phone}"
        return body["code"]

    async def review_token(self, record_id: int) -> str:
        """The token of a visit's review link, which only a message carries."""
        return record_token(Signer(await signing_secret(self.db)), record_id)

    async def let_it_take_place(self, record_id: int) -> None:
        """Move an appointment to yesterday: reviews are for visits that were."""
        await self.db.execute(
            "UPDATE appointments SET starts_at = starts_at - interval '3 days' WHERE id = $1", record_id
        )


def is_moment(text: str) -> bool:
    """ISO 8601 with an offset."""
    return datetime.fromisoformat(text).tzinfo is not None
