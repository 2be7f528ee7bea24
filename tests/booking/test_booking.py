"""Booking online, as a client and his bot see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agendum.core import clock
from agendum.core.cache import drop_everywhere_here
from agendum.core.links import record_token
from tests.booking.conftest import Shop, codes
from tests.makers.world import insert, make_event, make_service, stamps

pytestmark = pytest.mark.anyio


async def booked(shop: Shop, *wishes: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    answer = await shop.book(*wishes, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


async def record(shop: Shop, made: dict[str, Any]) -> dict[str, Any]:
    answer = await shop.call("GET", f"/book_record/{shop.here}/{made['record_id']}/{made['record_hash']}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_booking_takes_its_time_and_comes_back_as_it_was_made(shop: Shop) -> None:
    b = shop.business
    fields = {"category": "record", "code": "shoe_size", "title": "Shoe size", "kind": "number", **stamps()}
    await insert(shop.db, "custom_fields", chain_id=b.chain_id, location_id=b.location_id, **fields)
    wish = shop.wish(b.haircut, shop.at("10:00"), staff=b.anna, number=7, custom_fields={"shoe_size": 42, "x": 1})
    more = {"comment": "First time", "notify_by_sms": 6, "notify_by_email": 24, "api_id": 777, "type": "mobile"}
    [made] = await booked(shop, wish, email="j.smith@example.com", bookform_id=b.form_id, **more)
    assert made["id"] == 7

    seen = await record(shop, made)
    assert seen["datetime"].startswith(shop.at("10:00"))
    assert (seen["staff"]["id"], seen["staff"]["name"]) == (b.anna, "Anna")
    assert [(line["id"], line["cost"], line["seance_length"]) for line in seen["services"]] == [(b.haircut, 45, 3600)]
    assert (seen["length"], seen["online"], seen["master_requested"], seen["deleted"]) == (3600, True, True, False)
    assert (seen["comment"], seen["notify_by_sms"], seen["notify_by_email"]) == ("First time", 6, 24)
    assert (seen["api_id"], seen["type"], seen["bookform_id"]) == ("777", "mobile", b.form_id)
    assert seen["custom_fields"] == {"shoe_size": 42}
    times = await shop.times(b.anna, b.haircut)
    assert {"09:15", "10:45"}.isdisjoint(times)
    assert {"09:00", "11:00"} <= set(times)


async def test_the_wall_clock_counts_where_no_offset_is_given_and_an_offset_is_obeyed(shop: Shop) -> None:
    b = shop.business
    local = clock.parse_when(shop.at("15:00"), b.zone)
    [made] = await booked(shop, shop.wish(b.haircut, local.isoformat(), staff=b.anna))
    assert (await record(shop, made))["datetime"].startswith(shop.at("15:00"))


async def test_what_is_taken_is_refused_with_433_and_the_callers_number(shop: Shop) -> None:
    b = shop.business
    await booked(shop, shop.wish(b.haircut, shop.at("10:00"), staff=b.anna))
    for at in ("09:15", "10:00", "10:45"):
        answer = await shop.book(shop.wish(b.haircut, shop.at(at), staff=b.anna, number=5))
        assert (answer.status_code, codes(answer)) == (422, [(433, 5)])
        message = answer.json()["meta"]["errors"][0]["message"]
        assert message.startswith(f"Team Member Anna ({b.anna}) cannot be booked on ")
    assert (await shop.book(shop.wish(b.haircut, shop.at("11:00"), staff=b.anna))).status_code == 201


@pytest.mark.parametrize("at", ["08:45", "17:15", "10:07", "03:00"])
async def test_outside_working_time_and_off_the_grid_nothing_is_sold(shop: Shop, at: str) -> None:
    answer = await shop.book(shop.wish(shop.business.haircut, shop.at(at), staff=shop.business.anna))
    assert (answer.status_code, codes(answer)) == (422, [(433, 1)])


async def test_the_past_and_the_far_future_are_refused(shop: Shop) -> None:
    b = shop.business
    for ahead in (-1, 91):
        answer = await shop.book(shop.wish(b.haircut, shop.at("10:00", ahead), staff=b.anna))
        assert (answer.status_code, codes(answer)) == (422, [(433, 1)])


async def test_anyone_means_the_one_with_the_least_booked_then_the_heaviest(shop: Shop) -> None:
    b = shop.business
    first = await booked(shop, shop.wish(b.haircut, shop.at("10:00")))
    assert (await record(shop, first[0]))["staff"]["id"] == b.anna  # nobody has anything: the heavier
    second = await booked(shop, shop.wish(b.haircut, shop.at("13:00")))
    seen = await record(shop, second[0])
    assert (seen["staff"]["id"], seen["master_requested"]) == (b.peter, False)  # Anna has an hour, Peter none
    await booked(shop, shop.wish(b.haircut, shop.at("10:00")))
    answer = await shop.book(shop.wish(b.haircut, shop.at("10:00"), number=9))
    assert (answer.status_code, codes(answer)) == (422, [(436, 9)])


async def test_several_appointments_are_one_visit_or_nothing(shop: Shop) -> None:
    b = shop.business
    two = [
        shop.wish(b.haircut, shop.at("10:00"), staff=b.anna, number=1),
        shop.wish(b.haircut, shop.at("10:00"), staff=b.peter, number=2),
    ]
    made = await booked(shop, *two)
    seen = [await record(shop, one) for one in made]
    assert [one["id"] for one in made] == [1, 2]
    assert seen[0]["visit_id"] == seen[1]["visit_id"]

    half = [
        shop.wish(b.haircut, shop.at("12:00"), staff=b.anna, number=3),
        shop.wish(b.haircut, shop.at("10:00"), staff=b.peter, number=4),
    ]
    answer = await shop.book(*half)
    assert (answer.status_code, codes(answer)) == (422, [(433, 4)])
    assert "12:00" in await shop.times(b.anna, b.haircut)


async def test_appointments_of_one_request_may_not_overlap(shop: Shop) -> None:
    b = shop.business
    two = [
        shop.wish(b.haircut, shop.at("10:00"), staff=b.anna, number=1),
        shop.wish(b.manicure, shop.at("10:30"), staff=b.anna, number=2),
    ]
    for answer in (
        await shop.call("POST", f"/book_check/{shop.here}", json={"appointments": two}),
        await shop.book(*two),
    ):
        assert (answer.status_code, codes(answer)) == (422, [(437, 2)])
    anyone = [shop.wish(b.haircut, shop.at("10:00"), number=n) for n in (1, 2)]
    made = await booked(shop, *anyone)
    assert {(await record(shop, one))["staff"]["id"] for one in made} == {b.anna, b.peter}


async def test_services_in_sequence_need_the_sum_of_their_lengths(shop: Shop) -> None:
    b = shop.business
    wish = shop.wish(b.haircut, shop.at("16:30"), staff=b.anna) | {"services": [b.haircut, b.manicure]}
    assert codes(await shop.book(wish)) == [(433, 1)]
    [made] = await booked(shop, wish | {"datetime": shop.at("16:15")})
    seen = await record(shop, made)
    assert (seen["length"], [line["id"] for line in seen["services"]]) == (6300, [b.haircut, b.manicure])


async def test_the_only_cabin_serves_one_massage_at_a_time(shop: Shop) -> None:
    b = shop.business
    await booked(shop, shop.wish(b.massage, shop.at("10:00"), staff=b.anna))
    assert {"10:00", "10:15"}.isdisjoint(await shop.times(b.peter, b.massage))
    assert {"09:30", "10:30"} <= set(await shop.times(b.peter, b.massage))
    answer = await shop.book(shop.wish(b.massage, shop.at("10:15"), staff=b.peter))
    assert codes(answer) == [(433, 1)]
    assert "10:00" in await shop.times(b.peter, b.haircut)


async def test_clients_share_the_time_of_a_multi_client_service_until_its_seats_are_gone(shop: Shop) -> None:
    b = shop.business
    yoga = await make_service(shop.db, b.chain_id, b.category_id, "Yoga", {b.location_id: (b.anna,)}, seats=3)
    made = [
        (await booked(shop, shop.wish(yoga, shop.at("10:00"), staff=b.anna), phone=f"+1315555030{n}"))[0]
        for n in range(3)
    ]
    assert codes(await shop.book(shop.wish(yoga, shop.at("10:00"), staff=b.anna))) == [(433, 1)]
    assert "10:00" not in await shop.times(b.anna, yoga)
    gone = await shop.call("DELETE", f"/user/records/{made[0]['record_id']}/{made[0]['record_hash']}")
    assert gone.status_code == 200
    assert "10:00" in await shop.times(b.anna, yoga)
    assert "10:00" not in await shop.times(b.anna, b.haircut)
    then = await shop.get(f"/book_services/{shop.here}?staff_id={b.anna}&datetime={shop.at('10:00')}")
    assert [service["id"] for service in then["services"]] == [yoga], "what can be booked at this moment"
    for one in made[1:]:
        await shop.call("DELETE", f"/user/records/{one['record_id']}/{one['record_hash']}")
    assert "10:00" in await shop.times(b.anna, b.haircut)


async def test_a_service_that_is_gone_is_438_and_none_at_all_is_named(shop: Shop) -> None:
    b = shop.business
    assert codes(await shop.book(shop.wish(999_999, shop.at("10:00")))) == [(438, 1)]
    assert codes(await shop.book(shop.wish(b.manicure, shop.at("10:00"), staff=b.peter))) == [(438, 1)]
    answer = await shop.book(shop.wish(b.haircut, shop.at("10:00"), number=3) | {"services": []})
    assert (answer.status_code, codes(answer)) == (422, [(422, 3)])


async def test_phone_name_and_blacklist(shop: Shop) -> None:
    b = shop.business
    wish = shop.wish(b.haircut, shop.at("10:00"), staff=b.anna)
    assert codes(await shop.book(wish, phone="abc")) == [(431, None)]
    assert codes(await shop.book(wish, fullname=" ")) == [(435, None)]
    await shop.db.execute("UPDATE clients SET is_blacklisted = true WHERE id = $1", b.client_id)
    answer = await shop.book(wish, phone=b.client_phone)
    assert (answer.status_code, codes(answer)) == (403, [(434, None)])
    assert "10:00" in await shop.times(b.anna, b.haircut)


async def test_a_known_phone_is_the_known_client_and_a_new_one_is_made_once(shop: Shop) -> None:
    b = shop.business
    count = "SELECT count(*) FROM clients WHERE chain_id = $1"
    before = await shop.db.fetchval(count, b.chain_id)
    await booked(shop, shop.wish(b.haircut, shop.at("09:00")), phone=f"+{b.client_phone}")
    assert await shop.db.fetchval(count, b.chain_id) == before
    for at in ("10:00", "11:00"):
        await booked(shop, shop.wish(b.haircut, shop.at(at)), phone="+1 (315) 555-0777")
    assert await shop.db.fetchval(count, b.chain_id) == before + 1


async def test_a_code_is_asked_where_the_location_wants_it(shop: Shop) -> None:
    b = shop.business
    await shop.db.execute("UPDATE booking_settings SET confirm_number = true WHERE location_id = $1", b.location_id)
    wish = shop.wish(b.haircut, shop.at("10:00"), staff=b.anna)
    assert codes(await shop.book(wish)) == [(432, None)]
    sent = await shop.call("POST", f"/book_code/{shop.here}", json={"phone": "+13155550199", "fullname": "James"})
    assert sent.status_code == 201, sent.text
    kinds = "SELECT body->>'code' FROM outbox WHERE body ? 'code' ORDER BY id DESC LIMIT 1"
    code = await shop.db.fetchval(kinds)
    wrong = "1" + code[1:] if code[0] != "1" else "2" + code[1:]
    assert codes(await shop.book(wish, code=wrong)) == [(432, None)]
    assert (await shop.book(wish, code=int(code))).status_code == 201
    again = await shop.book(shop.wish(b.haircut, shop.at("12:00"), staff=b.anna), code=code)
    assert codes(again) == [(432, None)]


async def test_check_writes_nothing_and_says_what_booking_would(shop: Shop) -> None:
    b = shop.business
    wish = shop.wish(b.haircut, shop.at("10:00"), staff=b.anna)
    for _ in range(2):
        answer = await shop.call("POST", f"/book_check/{shop.here}", json={"appointments": [wish]})
        assert (answer.status_code, answer.json()["meta"]) == (201, {"message": "Created"})
    assert "10:00" in await shop.times(b.anna, b.haircut)
    await booked(shop, wish)
    both = [wish, shop.wish(999_999, shop.at("10:00"), number=2)]
    answer = await shop.call("POST", f"/book_check/{shop.here}", json={"appointments": both})
    assert (answer.status_code, codes(answer)) == (422, [(438, 2)])
    answer = await shop.call("POST", f"/book_check/{shop.here}", json={"appointments": [wish]})
    assert codes(answer) == [(433, 1)]


async def test_the_same_idempotency_key_books_once(shop: Shop) -> None:
    b = shop.business
    wish = shop.wish(b.haircut, shop.at("10:00"), staff=b.anna)
    key = {"Idempotency-Key": "visit-1"}
    first = await shop.book(wish, headers=key)
    second = await shop.book(wish, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    other = await shop.book(shop.wish(b.haircut, shop.at("12:00"), staff=b.anna), headers=key)
    assert other.status_code == 409
    assert "12:00" in await shop.times(b.anna, b.haircut)


async def test_a_client_moves_his_visit_until_it_is_too_late(shop: Shop) -> None:
    b, nora = shop.business, shop.small.client
    [made] = await booked(shop, shop.wish(b.haircut, shop.at("10:00"), staff=b.anna), phone=nora.phone)
    path = f"/book_record/{shop.here}/{made['record_id']}"

    moved = await shop.call("PUT", path, user=nora, json={"datetime": shop.at("10:15"), "comment": "a bit later"})
    assert moved.status_code == 200, moved.text
    seen = await record(shop, made)
    assert (seen["datetime"][:19], seen["comment"]) == (shop.at("10:15"), "a bit later")
    assert {"09:00", "09:15", "11:15"} <= set(await shop.times(b.anna, b.haircut))

    await booked(shop, shop.wish(b.haircut, shop.at("12:00"), staff=b.anna))
    refused = await shop.call("PUT", path, user=nora, json={"datetime": shop.at("11:30")})
    assert codes(refused) == [(433, made["record_id"])]
    assert (await record(shop, made))["datetime"].startswith(shop.at("10:15"))

    # By the key of the link nobody needs to sign in; without it one must be its client.
    mine = f"/user/records/{made['record_id']}"
    by_key = await shop.call("PUT", f"{mine}/{made['record_hash']}", json={"datetime": shop.at("10:00")})
    assert by_key.json()["data"]["datetime"].startswith(shop.at("10:00"))
    assert codes(await shop.call("PUT", f"{mine}/{made['record_hash']}", json={"datetime": shop.at("11:30")})) == [
        (433, made["record_id"])
    ]
    again = await shop.call("PUT", f"{mine}/-", user=nora, json={"datetime": shop.at("10:15")})
    assert again.status_code == 200, again.text
    for user in (None, shop.small.stranger):
        assert (await shop.call("PUT", f"{mine}/x", user=user, json={"datetime": shop.at("14:00")})).status_code == 404

    stranger = await shop.call("PUT", path, user=shop.small.stranger, json={"datetime": shop.at("14:00")})
    assert stranger.status_code == 403
    assert (await shop.call("PUT", path, json={"datetime": shop.at("14:00")})).status_code == 401
    await shop.db.execute("UPDATE booking_settings SET allow_change_delay = 864000 WHERE location_id = $1", shop.here)
    drop_everywhere_here()
    late = await shop.call("PUT", path, user=nora, json={"datetime": shop.at("14:00")})
    assert late.status_code == 403


async def test_a_client_sees_his_visits_and_cancels_one(shop: Shop) -> None:
    b, nora = shop.business, shop.small.client
    [one] = await booked(shop, shop.wish(b.haircut, shop.at("10:00"), staff=b.anna), phone=nora.phone)
    [two] = await booked(shop, shop.wish(b.haircut, shop.at("10:00", 4), staff=b.anna), phone=nora.phone)
    mine = await shop.get("/user/records/0/x", user=nora)
    assert [record["id"] for record in mine] == [two["record_id"], one["record_id"]]
    assert [record["id"] for record in await shop.get("/user/records/0/x?count=1&page=2", user=nora)] == [
        one["record_id"]
    ]
    assert (await shop.call("GET", "/user/records/0/x")).status_code == 401
    assert (await shop.call("GET", f"/user/records/{one['record_id']}/x")).status_code == 404
    gone = await shop.call("DELETE", f"/user/records/{one['record_id']}/x", user=nora)
    assert (gone.status_code, gone.content) == (200, b"")
    assert "10:00" in await shop.times(b.anna, b.haircut)
    assert [record["id"] for record in await shop.get("/user/records/0/x", user=nora)] == [two["record_id"]]
    assert (await record(shop, one))["deleted"] is True
    assert (await shop.call("DELETE", f"/user/records/{one['record_id']}/x", user=nora)).status_code == 404


async def test_one_review_a_visit_moves_the_rating(shop: Shop) -> None:
    b = shop.business
    [made] = await booked(shop, shop.wish(b.haircut, shop.at("10:00"), staff=b.anna))
    path = f"/master_record_review/{record_token(shop.world.server.signer, made['record_id'])}"
    early = await shop.call("POST", path, json={"rating": 5})
    assert early.status_code == 403
    clock.shift_clock(timedelta(days=4))
    try:
        assert (await shop.get(path))["is_review_submitted"] is False
        bad = await shop.call("POST", path, json={"rating": 6})
        assert (bad.status_code, bad.json()["meta"]["errors"][0]["field"]) == (422, "rating")
        done = await shop.call("POST", path, json={"rating": 4, "text": "Good"})
        assert done.status_code == 200, done.text
        assert (await shop.get(path))["is_review_submitted"] is True
        assert (await shop.call("POST", path, json={"rating": 1})).status_code == 403
        # The appointment's own key opens its review too; no shortened one does.
        by_key = f"/master_record_review/{made['record_id']}-{made['record_hash']}"
        assert (await shop.get(by_key))["is_review_submitted"] is True
        assert (await shop.call("GET", by_key[:-20])).status_code == 404
        anna = next(one for one in await shop.get(f"/book_staff/{shop.here}") if one["id"] == b.anna)
        assert (anna["rating"], anna["votes_count"], anna["comments_count"]) == (4, 1, 1)
    finally:
        clock.shift_clock(timedelta(0))
    assert (await shop.call("GET", "/master_record_review/1-abcdefabcdef")).status_code == 404


async def test_seats_of_an_event_are_booked_until_they_are_gone_and_given_back(shop: Shop) -> None:
    b = shop.business
    starts = clock.parse_when(shop.at("10:00"), b.zone)
    event = await make_event(shop.db, b.chain_id, shop.here, b.anna, b.haircut, starts, seats=3)
    await shop.db.execute("UPDATE booking_settings SET activity_online_record_clients_count_max = 2")
    path = f"/activity/{shop.here}/{event}/book"
    who = {"fullname": "James Smith", "phone": "+13155550188", "email": "j.smith@example.com"}
    assert "10:00" not in await shop.times(b.anna, b.haircut)

    first = await shop.call("POST", path, json=who | {"clients_count": 2})
    assert first.status_code == 200, first.text
    made = first.json()["data"]
    seen = await record(shop, {"record_id": made["id"], "record_hash": made["hash"]})
    assert (seen["activity_id"], seen["clients_count"], seen["services"][0]["cost"]) == (event, 2, 90)
    assert seen["datetime"].startswith(shop.at("10:00"))

    full = await shop.call("POST", path, json=who | {"clients_count": 2, "phone": "+13155550189"})
    assert (full.status_code, codes(full)) == (422, [(433, event)])
    assert (await shop.call("POST", path, json=who | {"clients_count": 3})).status_code == 422
    missing = await shop.call("POST", path, json={"fullname": "James", "phone": "+13155550188"})
    assert (missing.status_code, missing.json()["meta"]["errors"][0]["field"]) == (422, "email")
    assert (await shop.call("POST", f"/activity/{shop.here}/999999/book", json=who)).status_code == 404

    gone = await shop.call("DELETE", f"/user/records/{made['id']}/{made['hash']}")
    assert gone.status_code == 200
    assert "10:00" not in await shop.times(b.anna, b.haircut)  # the event goes on
    again = await shop.call("POST", path, json=who | {"clients_count": 2})
    assert again.status_code == 200
