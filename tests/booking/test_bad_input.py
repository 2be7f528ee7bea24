"""Bad input gets a documented refusal that names the field, and changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.booking.conftest import Shop

pytestmark = pytest.mark.anyio

BIG = 2**63


async def counts(shop: Shop) -> list[int]:
    tables = ("appointments", "visits", "busy", "clients", "outbox")
    return [await shop.db.fetchval(f"SELECT count(*) FROM {table}") for table in tables]


def body(shop: Shop, **changes: Any) -> dict[str, Any]:
    """A booking that would succeed, but for the changes; those of the appointment are prefixed with `one_`."""
    one = shop.wish(shop.business.haircut, shop.at("10:00"), staff=shop.business.anna)
    whole: dict[str, Any] = {"phone": "+13155550199", "fullname": "James Smith", "appointments": [one]}
    for name, value in changes.items():
        target = one if name.startswith("one_") else whole
        target[name.removeprefix("one_")] = value
    return whole


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"one_datetime": "tomorrow at ten"}, "appointments[0].datetime"),
        ({"one_datetime": "2026-13-45T10:00:00"}, "appointments[0].datetime"),
        ({"one_datetime": "9999-12-31T23:59:59+14:00"}, "appointments[0].datetime"),
        ({"one_datetime": "2026-10-10T10:00:00 Mars/Olympus"}, "appointments[0].datetime"),
        ({"one_datetime": 12}, "appointments[0].datetime"),
        ({"one_staff_id": "anna"}, "appointments[0].staff_id"),
        ({"one_staff_id": None}, "appointments[0].staff_id"),
        ({"one_staff_id": -1}, "appointments[0].staff_id"),
        ({"one_services": "haircut"}, "appointments[0].services[0]"),
        ({"one_services": [BIG]}, "appointments[0].services[0]"),
        ({"one_id": []}, "appointments[0].id"),
        ({"appointments": []}, "appointments"),
        ({"appointments": "all"}, "appointments"),
        ({"phone": ["+1"]}, "phone"),
        ({"email": "not an address"}, "email"),
        ({"comment": "x" * 5000}, "comment"),
        ({"comment": "a\x00b"}, "comment"),
        ({"notify_by_sms": -1}, "notify_by_sms"),
        ({"fullname": {"first": "James"}}, "fullname"),
    ],
)
async def test_the_field_is_named(shop: Shop, changes: dict[str, Any], field: str) -> None:
    before = await counts(shop)
    answer = await shop.call("POST", f"/book_record/{shop.here}", json=body(shop, **changes))
    assert answer.status_code == 422, answer.text
    assert answer.json()["meta"]["errors"][0]["field"] == field
    assert await counts(shop) == before


async def test_missing_fields_are_named(shop: Shop) -> None:
    for name, field in {"phone": "phone", "appointments": "appointments"}.items():
        wanted = body(shop)
        del wanted[name]
        answer = await shop.call("POST", f"/book_record/{shop.here}", json=wanted)
        assert (answer.status_code, answer.json()["meta"]["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[1, 2", b"null", b"3", b'"text"', b"[" * 5000])
async def test_a_body_that_is_no_booking_is_refused(shop: Shop, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await shop.call("POST", f"/book_record/{shop.here}", content=content, headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.json()["success"] is False


async def test_ten_megabytes_are_too_much(shop: Shop) -> None:
    content = json.dumps(body(shop, comment="x" * 10_000_000)).encode()
    answer = await shop.call("POST", f"/book_record/{shop.here}", content=content)
    assert (answer.status_code, answer.json()["success"]) == (413, False)


async def test_foreign_and_unknown_places_and_people(shop: Shop) -> None:
    b = shop.business
    foreign = body(shop, one_staff_id=b.yuki)  # works at the chain's other location
    answer = await shop.call("POST", f"/book_record/{shop.here}", json=foreign)
    assert (answer.status_code, answer.json()["meta"]["errors"][0]["code"]) == (422, 438)
    for place in (999_999, 0, BIG):
        assert (await shop.call("POST", f"/book_record/{place}", json=body(shop))).status_code == 404
    elsewhere = await shop.call("POST", f"/book_record/{shop.small.stranger_location_id}", json=body(shop))
    assert elsewhere.json()["meta"]["errors"][0]["code"] == 438
    for path in (f"/book_times/{shop.here}/999999/{shop.day(1)}", f"/book_staff_seances/{shop.here}/999999"):
        assert (await shop.call("GET", path)).status_code == 404
    answer = await shop.call("GET", f"/book_times/{shop.here}/0/soon")
    assert (answer.status_code, answer.json()["meta"]["errors"][0]["field"]) == (422, "date")


async def test_emoji_and_every_script_are_welcome(shop: Shop) -> None:
    name, comment = "Zoë 🌸 Ольга 山田", "👩‍🦰 first visit — «спасибо» 🙏"
    answer = await shop.call("POST", f"/book_record/{shop.here}", json=body(shop, fullname=name, comment=comment))
    assert answer.status_code == 201
    made = answer.json()["data"][0]
    seen = await shop.call("GET", f"/book_record/{shop.here}/{made['record_id']}/{made['record_hash']}")
    assert seen.json()["comment"] == comment


async def test_generous_readers(shop: Shop) -> None:
    """Other names of a family, camelCase, numbers as text, a form instead of JSON."""
    b = shop.business
    wanted = body(shop)
    one = wanted["appointments"][0]
    odd = {"id": "1", "service": [str(b.haircut)], "masterId": str(b.anna), "datetime": one["datetime"]}
    answer = await shop.call("POST", f"/book_record/{shop.here}", json=wanted | {"appointments": [odd]})
    assert answer.status_code == 201, answer.text
    form = await shop.call("POST", f"/book_code/{shop.here}", data={"phone": "+13155550123", "fullname": "J"})
    assert form.status_code == 201
    path = f"/book_times/{shop.here}/{b.anna}/{shop.day(4)}"
    lists = [f"service_ids[]={b.haircut}", f"service_ids={b.haircut}", f"serviceIds[0]={b.haircut}"]
    answers = [await shop.get(f"{path}?{query}") for query in lists]
    assert answers[0] == answers[1] == answers[2] != await shop.get(path)
