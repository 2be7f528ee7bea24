"""Erasing a person who asks for it, and telling him what is held about him."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from agendum.clients import hooks
from tests.clients.conftest import Desk
from tests.makers.clients import make_client_field, make_client_tag, make_presence, make_stats

pytestmark = pytest.mark.anyio

SECRETS = ("Jacob", "Secretson", "13155550179", "jacob@example.com", "Whispers", "555888", "1990-02-28", "Absinthe")


async def make_jacob(desk: Desk) -> int:
    """Somebody of whom much is known, with a changed surname in his trail."""
    await make_client_field(desk.db, desk.business, "drink")
    tag = await make_client_tag(desk.db, desk.business, "Secretson's circle")
    facts: dict[str, Any] = {
        "surname": "Mac",
        "email": "jacob@example.com",
        "comment": "Whispers",
        "card": "555888",
        "spent": 40,
    }
    more: dict[str, Any] = {"birth_date": "1990-02-28", "custom_fields": {"drink": "Absinthe"}, "categories": [tag]}
    made = await desk.create(name="Jacob", **facts, **more)
    client_id: int = made["id"]
    await desk.update(client_id, name="Jacob", surname="Secretson")
    path = f"/clients/{desk.here}/clients/{client_id}/comments"
    for text in ("Whispers of Jacob", "Secretson was here"):
        comment = await desk.ask("POST", path, 201, json={"text": text})
    await desk.ask("DELETE", f"{path}/{comment['id']}", 204)
    file = {"file": ("Jacob.txt", b"Whispers")}
    await desk.ask("POST", f"/company/{desk.here}/clients/files/{client_id}", 201, files=file)
    await make_presence(desk.db, desk.business, client_id)
    await make_stats(desk.db, desk.business, client_id, visits_count=1, spent=Decimal(50), paid=Decimal(50))
    return client_id


async def everything(desk: Desk) -> str:
    """All rows of all tables that may name a client, as one text."""
    tables = ("clients", "client_comments", "client_files", "client_tags", "client_stats", "audit_log", "outbox")
    rows = [str(await desk.db.fetch(f"SELECT t.* FROM {table} t")) for table in tables]
    return "\n".join(rows)


async def test_an_erased_person_is_gone_from_every_table_and_the_sums_stay(desk: Desk) -> None:
    client_id = await make_jacob(desk)
    before = await everything(desk)
    assert all(secret in before for secret in SECRETS if secret != "1990-02-28")
    await desk.ask("POST", f"/client/{desk.here}/{client_id}/erase", 204)
    await desk.drain()
    after = await everything(desk)
    assert [secret for secret in SECRETS if secret in after] == []
    assert desk.stored() == 0
    stats = await desk.db.fetchrow("SELECT * FROM client_stats WHERE client_id = $1", client_id)
    assert (stats["visits_count"], stats["sold_amount"], stats["paid"]) == (1, 90, 50)
    assert await desk.db.fetchval("SELECT count(*) FROM appointments WHERE client_id = $1", client_id) == 1
    for path in (f"/client/{desk.here}/{client_id}", f"/client/{desk.here}/{client_id}/export"):
        await desk.ask("GET", path, 404)
    await desk.ask("POST", f"/client/{desk.here}/{client_id}/erase", 404)
    assert await desk.quick("jacob") == []


async def test_that_somebody_was_erased_is_in_the_trail_and_is_told(desk: Desk) -> None:
    client_id = await make_jacob(desk)
    await desk.ask("POST", f"/client/{desk.here}/{client_id}/erase", 204)
    query = {"entity": "client", "entity_id": client_id}
    changes = await desk.ask("GET", f"/company/{desk.here}/changes", params=query)
    assert (changes[0]["before"], changes[0]["after"]) == ({"erased": False}, {"erased": True})
    assert len(changes) == 3, "when and by whom he was changed is still known"
    told = await desk.db.fetchval("SELECT kind FROM outbox WHERE kind LIKE 'client.%' ORDER BY id DESC LIMIT 1")
    assert told == "client.deleted"


async def test_others_keep_their_trail(desk: Desk) -> None:
    other = await desk.create(name="Olive", phone="+13155550188")
    path = f"/clients/{desk.here}/clients/{other['id']}/comments"
    await desk.ask("POST", path, 201, json={"text": "Olive's"})
    await desk.ask("POST", f"/client/{desk.here}/{await make_jacob(desk)}/erase", 204)
    kept = await desk.ask("GET", f"/company/{desk.here}/changes", params={"entity": "client_comment"})
    assert "Olive's" in str(kept)
    assert [comment["text"] for comment in await desk.ask("GET", path)] == ["Olive's"]


async def test_a_deleted_client_can_be_erased_and_his_phone_used_again(desk: Desk) -> None:
    client_id = await make_jacob(desk)
    await desk.ask("DELETE", f"/client/{desk.here}/{client_id}", 204)
    exported = await desk.ask("GET", f"/client/{desk.here}/{client_id}/export")
    assert exported["client"]["name"] == "Jacob"
    await desk.ask("POST", f"/client/{desk.here}/{client_id}/erase", 204)
    await desk.create(name="Somebody else")


async def test_an_export_has_all_that_is_held(desk: Desk) -> None:
    client_id = await make_jacob(desk)
    held = await desk.ask("GET", f"/client/{desk.here}/{client_id}/export")
    assert [secret for secret in SECRETS if secret not in str(held)] == []
    assert held["client"]["categories"] == ["Secretson's circle"]
    assert held["client"]["custom_fields"] == {"drink": "Absinthe"}
    [comment] = held["comments"]
    assert (comment["text"], comment["author"]) == ("Whispers of Jacob", "Cleo Chief")
    got = await desk.call("GET", held["files"][0]["link"], user=desk.chief)
    assert got.content == b"Whispers"
    assert (held["sums"]["spent"], held["sums"]["spent_before"], held["sums"]["visits_count"]) == (50, 40, 1)
    assert ["surname" in (change["after"] or {}) for change in held["changes"][:2]] == [True, True]
    assert held["client"]["id"] == client_id


async def test_export_and_erasure_ask_for_their_rights(desk: Desk) -> None:
    client_id = await make_jacob(desk)
    viewer = await desk.holder()
    await desk.ask("GET", f"/client/{desk.here}/{client_id}/export", 403, user=viewer)
    await desk.ask("POST", f"/client/{desk.here}/{client_id}/erase", 403, user=viewer)
    far = desk.business.far_location_id
    await desk.ask("GET", f"/client/{far}/{client_id}/export", 403)


@dataclass
class Diary:
    """A higher domain that knows clients too."""

    name: str = "diary"
    erased: list[int] = field(default_factory=list[int])

    async def held(self, db: Any, chain_id: int, client_id: int) -> Any:
        return {"pages": [client_id]}

    async def erase(self, db: Any, chain_id: int, client_id: int, at: datetime) -> None:
        self.erased.append(client_id)


@pytest.fixture
def diary() -> Iterator[Diary]:
    before, ours = hooks.holders(), Diary()
    hooks.register_holder(ours)
    yield ours
    hooks.forget_holder(ours.name)
    assert hooks.holders() == before


async def test_other_domains_tell_and_forget_too(desk: Desk, diary: Diary) -> None:
    client_id = await make_jacob(desk)
    held = await desk.ask("GET", f"/client/{desk.here}/{client_id}/export")
    assert held["other"]["diary"] == {"pages": [client_id]}
    await desk.ask("POST", f"/client/{desk.here}/{client_id}/erase", 204)
    assert diary.erased == [client_id]
