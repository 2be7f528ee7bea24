"""The writing operations that the contract does not know leave entries, too, and so does whoever has no account.

The contract's own are held to it by their walks, see `tests.conformance.trail`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from agendum.app import routes
from agendum.core.jsonapi import MEDIA_TYPE
from tests.audit.test_changes import small as small
from tests.conformance.contract import operations
from tests.conformance.trail import check_trail
from tests.conftest import World
from tests.house.sources import ROOT
from tests.makers.world import Person, SmallWorld, connect

pytestmark = pytest.mark.anyio

FILE = {"file": ("note.txt", b"Allergic to ammonia", "text/plain")}
# The operations, what is sent, and what the entry is of. A part of a path that no business has is what was made last.
STEPS: list[tuple[str, str, dict[str, Any], str]] = [
    ("PUT", "/v1/company/{location_id}/settings/timeslots", {"json": {"is_enabled": True}}, "timeslot_settings"),
    ("PUT", "/v1/privacy_policy/{location_id}", {"json": {"content": "We keep it."}}, "privacy_policy"),
    ("POST", "/v1/resources/{location_id}", {"json": {"title": "Sauna"}}, "resource"),
    ("PUT", "/v1/resources/{location_id}/{resource_id}", {"json": {"title": "Steam bath"}}, "resource"),
    ("DELETE", "/v1/resources/{location_id}/{resource_id}", {}, "resource"),
    ("POST", "/v2/companies/{company_id}/positions", {"json": {"title": "Barber"}}, "position"),
    ("PUT", "/v2/companies/{company_id}/positions/{position_id}", {"json": {"title": "Stylist"}}, "position"),
    ("DELETE", "/v2/companies/{company_id}/positions/{position_id}", {}, "position"),
    ("POST", "/v1/company/{location_id}/clients/files/{client_id}", {"files": FILE}, "client_file"),
    ("POST", "/v1/client/{location_id}/{id}/erase", {}, "client"),
]
# Those of people without an account have a story of their own.
TOLD = {("POST", "/v1/user/invite/accept"), ("PUT", "/v1/user/records/{record_id}/{record_hash}")}


@dataclass
class Trail:
    """The API of a small world, each request with an id of its own, and what is written of it."""

    world: World
    small: SmallWorld
    db: Any
    sent: list[str] = field(default_factory=list)

    async def ask(self, method: str, path: str, user: Person | None = None, **kw: Any) -> Any:
        self.sent.append(f"request-{len(self.sent)}")
        tokens = f"Bearer {self.small.partner_token}" + (f", User {user.token}" if user else "")
        headers = {"Authorization": tokens, "X-Request-Id": self.sent[-1], "Accept": f"application/json, {MEDIA_TYPE}"}
        answer = await self.world.http.request(method, f"http://test/api{path}", headers=headers, **kw)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json()["data"] if answer.content else None

    async def entries(self) -> list[tuple[str, Any, Any]]:
        """What the last request left: entity, before and after."""
        await check_trail(self.db, self.sent[-1:])
        rows = await self.db.fetch(
            "SELECT entity, before, after FROM audit_log WHERE request_id = $1 ORDER BY id", self.sent[-1]
        )
        return [tuple(row) for row in rows]

    async def told(self, kind: str) -> Any:
        return await self.db.fetchval("SELECT body FROM outbox WHERE kind = $1 ORDER BY id DESC LIMIT 1", kind)


@pytest.fixture
async def trail(world: World, small: SmallWorld) -> Any:
    db = await connect(world.dsn)
    try:
        yield Trail(world, small, db)
    finally:
        await db.close()


async def test_operations_of_our_own_leave_entries(trail: Trail) -> None:
    b, last = trail.small.business, 0
    here = {"location_id": b.location_id, "company_id": b.location_id, "client_id": b.client_id, "id": b.client_id}
    for method, path, sent, entity in STEPS:
        address = re.sub(r"\{(\w+)\}", lambda part, last=last: str(here.get(part[1], last)), path)
        made = await trail.ask(method, address, b.owner, **sent)
        [(found, before, after)] = await trail.entries()
        assert found == entity, path
        assert (before is None) == (method == "POST" and "erase" not in path) or entity == "privacy_policy", path
        assert (after is None) == (method == "DELETE"), path
        last = int(made["id"]) if method == "POST" and made else last


def test_the_handbook_names_every_entity() -> None:
    named = re.compile(r"""(?:Kind\(|entity=|"entity": |_trail\(call, )"([a-z_]+)\"""")
    sources = (ROOT / "src/agendum").rglob("*.py")
    entities = {
        entity for path in sources if "core.audit" in (text := path.read_text()) for entity in named.findall(text)
    }
    page = (ROOT / "docs/audit.md").read_text()
    assert len(entities) > 20
    assert [entity for entity in sorted(entities) if f"| `{entity}`" not in page] == []


def test_every_operation_that_writes_is_held_to_it() -> None:
    known = {(operation.method, operation.path) for operation in operations().values()}
    writing = {(route.method, route.prefix.removeprefix("/api") + route.path) for route in routes() if route.writes}
    assert writing - known - TOLD == {(method, path) for method, path, _, _ in STEPS}


async def test_who_books_online_and_moves_it_without_an_account(trail: Trail) -> None:
    b = trail.small.business
    day = (await trail.ask("GET", f"/v1/book_dates/{b.location_id}"))["booking_dates"][1]
    wanted: dict[str, Any] = {"id": 1, "services": [b.haircut], "staff_id": b.anna}
    times = await trail.ask(
        "GET", f"/v1/book_times/{b.location_id}/{b.anna}/{day}", params={"service_ids[]": b.haircut}
    )
    person = {"phone": "+13155550142", "fullname": "Nora New", "email": "nora@example.com"}
    body = {**person, "appointments": [wanted | {"datetime": times[0]["datetime"]}]}
    [booked] = await trail.ask("POST", f"/v1/book_record/{b.location_id}", json=body)
    client, appointment = sorted(await trail.entries(), key=lambda entry: entry[0] == "appointment")
    assert client == (
        "client",
        None,
        {"name": "Nora", "surname": "New", "phone": "13155550142", "email": person["email"]},
    )
    assert appointment[:2] == ("appointment", None)
    moved = {"datetime": times[-1]["datetime"]}
    await trail.ask("PUT", f"/v1/user/records/{booked['record_id']}/{booked['record_hash']}", json=moved)
    [(entity, before, after)] = await trail.entries()
    assert (entity, list(before), list(after)) == ("appointment", ["starts_at"], ["starts_at"])
    body["appointments"] = [wanted | {"datetime": times[0]["datetime"]}]
    await trail.ask("POST", f"/v1/book_record/{b.location_id}", json=body)
    assert [entity for entity, _, _ in await trail.entries()] == ["appointment"]


async def test_an_invitation_and_what_becomes_of_it(trail: Trail) -> None:
    b = trail.small.business
    invites = {"invites": [{"search": "ivy@example.com", "name": "Ivy", "user_role": "administrator"}]}
    await trail.ask("POST", f"/v1/user/invite/{b.location_id}", b.owner, json=invites)
    [(entity, before, after)] = await trail.entries()
    assert (entity, before) == ("user", None)
    assert (after["is_approved"], after["role"], after["recipient"]) == (False, "administrator", "ivy@example.com")
    token = (await trail.told("user.invited"))["token"]
    came = await trail.ask("POST", "/v1/user/invite/accept", json={"token": token, "password": "a long password"})
    [(entity, before, after)] = await trail.entries()
    assert (entity, before["is_approved"], after["is_approved"]) == ("user", False, True)
    found = await trail.ask("GET", f"/v1/company/{b.location_id}/changes", b.owner, params={"entity": "user"})
    assert [entry["entity_id"] for entry in found] == [came["id"], came["id"]]
    assert [entry["user"]["id"] for entry in found] == [came["id"], b.owner.id]


async def test_a_price_tells_both_sides_to_the_cent(trail: Trail) -> None:
    b = trail.small.business
    body = {"price_min": 41.5, "price_max": 50}
    await trail.ask("PATCH", f"/v1/services/{b.location_id}/{b.haircut}", b.owner, json=body)
    [(entity, before, after)] = await trail.entries()
    assert (entity, before.keys(), after) == ("service", after.keys(), {"price_min": "41.50", "price_max": "50.00"})
    await trail.ask("PATCH", f"/v1/services/{b.location_id}/{b.haircut}", b.owner, json=body)
    assert not await trail.db.fetch("SELECT FROM audit_log WHERE request_id = $1", trail.sent[-1])
