"""What a client's appointments, reviews and messages hold about him: told to him, and gone when he asks for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agendum.app import JOBS
from agendum.core import clock
from agendum.core.links import record_token
from agendum.core.worker import Worker
from agendum.messaging.senders import Outlets
from tests.appointments.conftest import Front

pytestmark = pytest.mark.anyio

SECRETS = ("Zacharias", "Whispers of pain", "zach-77", "13155550187", "He was late himself")
TABLES = ("clients", "appointments", "reviews", "messages", "audit_log", "outbox", "pgqueuer")


async def everything(front: Front) -> str:
    return "\n".join([str(await front.db.fetch(f"SELECT t.* FROM {table} t")) for table in TABLES])


async def test_an_erased_client_is_gone_from_appointments_reviews_and_messages(front: Front) -> None:
    other = await front.create("15:00", comment="Clara likes tea")
    record = await front.create(
        client={"name": "Zacharias", "phone": "+13155550187"},
        comment="Whispers of pain",
        api_id="zach-77",
        send_sms=True,
    )
    await Worker(front.world.server, front.world.dsn, JOBS, given=[Outlets("", "a@b.example", "")]).drain()
    review = f"/master_record_review/{record_token(front.world.server.signer, record['id'])}"
    clock.shift_clock(timedelta(days=4))
    try:
        left = await front.call("POST", review, json={"rating": 4, "text": "He was late himself"})
    finally:
        clock.shift_clock(timedelta(0))
    assert left.status_code == 200
    client = f"/client/{front.here}/{record['client']['id']}"
    held = (await front.get(f"{client}/export"))["other"]
    [appointment] = held["appointments"]
    assert (appointment["comment"], appointment["team_member"]) == ("Whispers of pain", "Anna")
    assert appointment["starts_at"] == record["datetime"]
    assert appointment["services"] == [{"title": "Haircut", "amount": 1, "cost": 45.0}]
    assert appointment["review"] == {"rating": 4, "text": "He was late himself", "author": "Zacharias"}
    assert [(one["channel"], one["recipient"]) for one in held["messages"]] == [("sms", "13155550187")]
    before = await everything(front)
    assert [secret for secret in SECRETS if secret not in before] == []

    erased = await front.call("POST", f"{client}/erase")
    assert erased.status_code == 204
    after = await everything(front)
    assert [secret for secret in SECRETS if secret in after] == []
    assert "Clara likes tea" in after
    left_over = await front.record(record["id"])
    assert (left_over["comment"], left_over["services"][0]["cost"]) == ("", record["services"][0]["cost"])
    anna = next(one for one in await front.get(f"/book_staff/{front.here}") if one["id"] == front.business.anna)
    assert (anna["rating"], anna["votes_count"], anna["comments_count"]) == (4, 1, 0)
    assert (await front.record(other["id"]))["comment"] == "Clara likes tea"
