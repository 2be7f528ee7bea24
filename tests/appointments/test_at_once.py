"""A plain appointment is written in one round trip, and looks as if it had been written step by step and read back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.appointments.conftest import Front
from tests.booking.test_statements import watch

pytestmark = pytest.mark.anyio

NEW: dict[str, Any] = {"phone": "+1 315 555 0142", "name": "Zoe", "surname": "Quill", "email": "zoe@example.com"}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"client": NEW},
        {"client": {"phone": "+13155550143", "name": "Only Name"}},
        {"client": {}},
        {"comment": 'with "quotes" and 😀', "api_id": "x-1", "custom_color": "#ff00aa", "sms_remain_hours": 6},
        {"attendance": 1},
        {"attendance": 2},
        {"save_if_busy": True},
    ],
    ids=str,
)
async def test_what_the_desk_is_answered_is_what_is_read(front: Front, more: dict[str, Any]) -> None:
    made = await front.create(**more)
    assert await front.record(made["id"]) == made
    joined = await front.create("12:00", **more)
    assert await front.record(joined["id"]) == joined


async def test_a_known_client_is_shown_as_he_is(front: Front) -> None:
    b = front.business
    facts = {"birth_date": "1990-02-03", "card": "777", "comment": "Likes tea", "discount": 5}
    change = {"name": "Clara", "phone": "+13155550166", **facts}
    answer = await front.call("PUT", f"/client/{front.here}/{b.client_id}", json=change)
    assert answer.status_code == 200, answer.text
    made = await front.create()
    assert (made["client"]["birthday"], made["client"]["card"]) == ("1990-02-03", "777")
    assert await front.record(made["id"]) == made
    by_phone = await front.create("12:00", ahead=4, client={"phone": "(315) 555-0166", "name": "Whoever"})
    assert by_phone["client"]["id"] == b.client_id
    assert await front.record(by_phone["id"]) == by_phone


async def test_it_is_one_statement(front: Front) -> None:
    await front.create("09:00")  # tokens, offer and desk are known now
    seen = watch(front, writes=True)
    await front.create("10:00", ahead=4, client=NEW)
    assert [text.split("_at_once")[0] for text in seen] == ["SELECT * FROM write"], "\n".join(seen)


async def test_taken_time_is_refused_and_nothing_is_left_of_who_asked(front: Front) -> None:
    await front.create()
    answer = await front.refused(client=NEW)
    assert answer.status_code == 422, answer.text
    assert await front.get(f"/company/{front.here}/clients/quick_search", params={"q": "zoe"}) == []


async def test_with_a_key_it_is_made_once(front: Front) -> None:
    headers = {"Idempotency-Key": "desk-1"}
    answers = [
        await front.call("POST", f"/records/{front.here}", json=front.wish(client=NEW), headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    taken = await front.call("POST", f"/records/{front.here}", json=front.wish(), headers={"Idempotency-Key": "desk-2"})
    assert taken.status_code == 422
    assert len(await front.records()) == 1
