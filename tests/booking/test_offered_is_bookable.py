"""What `book_times` offers can be booked, and what it does not offer is refused: thousands of random cases."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from agendum.core.clock import instant
from tests.booking.conftest import Shop
from tests.makers.world import insert, make_service

pytestmark = pytest.mark.anyio

CASES = 5_000
BOOKINGS = 150


async def test_offers_and_refusals_agree_with_booking(shop: Shop) -> None:
    """Random questions: every start that is offered and as many that are not, asked of `book_check`, between random
    real bookings that change what is free."""
    luck = random.Random(7)
    b = shop.business
    yoga = await make_service(shop.db, b.chain_id, b.category_id, "Yoga", {b.location_id: (b.anna,)}, seats=2)
    await shop.db.execute("UPDATE location_services SET technical_break = 600 WHERE service_id = $1", b.manicure)
    services = {
        b.haircut: (0, b.anna, b.peter),
        b.massage: (0, b.anna, b.peter),
        b.manicure: (0, b.anna),
        yoga: (0, b.anna),
    }
    await set_rules(shop)
    cases = booked = refused = 0
    while cases < CASES or booked + refused < BOOKINGS:
        service = luck.choice(list(services))
        staff, ahead = luck.choice(services[service]), luck.randint(0, 6)
        path = f"/book_times/{shop.here}/{staff}/{shop.day(ahead)}?service_ids[]={service}"
        offered = {slot["datetime"] for slot in await shop.get(path)}
        others = [random_start(shop, luck, ahead) for _ in range(max(10, len(offered)))]
        asked = {datetime.fromisoformat(at) for at in offered} | set(others)
        for at in asked:
            wish = shop.wish(service, at.isoformat(), staff=staff)
            answer = await shop.call("POST", f"/book_check/{shop.here}", json={"appointments": [wish]})
            known = {datetime.fromisoformat(one) for one in offered}
            assert (answer.status_code == 201) == (at in known), (service, staff, at, answer.text)
            cases += 1
        for at in luck.sample(sorted(asked), min(3, len(asked))):
            fresh = {datetime.fromisoformat(slot["datetime"]) for slot in await shop.get(path)}
            answer = await shop.book(
                shop.wish(service, at.isoformat(), staff=staff), phone=f"+1315555{luck.randint(1000, 9999)}"
            )
            assert (answer.status_code == 201) == (at in fresh), (service, staff, at, answer.text)
            booked, refused = booked + (answer.status_code == 201), refused + (answer.status_code == 422)
    assert cases >= CASES
    assert booked >= 20
    assert refused >= 20


def random_start(shop: Shop, luck: random.Random, ahead: int) -> datetime:
    """Any five minutes of the day, seldom any second."""
    seconds = luck.randrange(0, 86_400, 300) + (luck.randrange(300) if luck.random() < 0.1 else 0)
    return instant(shop.day(ahead), seconds, shop.business.zone)


async def set_rules(shop: Shop) -> None:
    """A different grid each day of the week, so that all kinds are asked about."""
    place = {"chain_id": shop.business.chain_id, "location_id": shop.here}
    await shop.db.execute("INSERT INTO timeslot_settings VALUES ($1, $2, true)", *place.values())
    rules = [
        {"kind": "timeslots", "step": 1800},
        {"kind": "timeslots", "step": 3600, "first_timeslot": 32_400 + 900, "last_timeslot": 57_600},
        {"kind": "schedule", "step": 2700},
        {"kind": "schedule", "step": 7200, "is_flexible": True},
        {"kind": "predefined", "timeslots": [36_000, 39_600, 45_000, 50_000]},
        {"kind": "predefined", "timeslots": [40_000], "is_flexible": True},
        {"kind": "timeslots", "step": 1200, "nearest_delay": 7200},
    ]
    for weekday, rule in enumerate(rules, 1):
        await insert(shop.db, "timeslot_rules", **place, weekday=weekday, **rule)
    closed = shop.day(5)
    await insert(shop.db, "timeslot_rules", **place, date=closed, kind="predefined")
    assert closed - shop.day(0) == timedelta(days=5)
