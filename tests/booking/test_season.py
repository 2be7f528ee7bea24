"""A service may be limited to a part of the year and of the day."""

from __future__ import annotations

import pytest

from agendum.core.cache import drop_everywhere_here
from tests.booking.conftest import Shop

pytestmark = pytest.mark.anyio


async def limit(shop: Shop, **columns: object) -> None:
    """Limit the haircut."""
    sets = ", ".join(f"{name} = ${n}" for n, name in enumerate(columns, 2))
    await shop.db.execute(
        f"UPDATE location_services SET {sets} WHERE service_id = $1", shop.business.haircut, *columns.values()
    )


async def test_dates_outside_the_season_are_not_offered_and_not_booked(shop: Shop) -> None:
    b = shop.business
    before = await shop.get(f"/book_dates/{shop.here}?service_ids[]={b.haircut}")
    assert str(shop.day(2)) in before["booking_dates"]
    await limit(shop, is_limited=True, date_from=shop.day(4), date_to=shop.day(5))
    drop_everywhere_here()
    await until_offered(shop, [str(shop.day(4)), str(shop.day(5))])
    assert await shop.times(b.anna, b.haircut, 3) == []
    assert await shop.times(b.anna, b.haircut, 4)
    refused = await shop.book(shop.wish(b.haircut, shop.at("10:00", 3), staff=b.anna))
    assert refused.status_code == 422
    booked = await shop.book(shop.wish(b.haircut, shop.at("10:00", 4), staff=b.anna))
    assert booked.status_code == 201
    free = await shop.get(f"/book_services/{shop.here}?datetime={shop.day(3)}")
    assert "Haircut" not in {service["title"] for service in free["services"]}


async def until_offered(shop: Shop, dates: list[str]) -> None:
    """Other processes hear of a change a moment later; a round trip or a few."""
    found: list[str] = []
    for _ in range(200):
        found = (await shop.get(f"/book_dates/{shop.here}?service_ids[]={shop.business.haircut}"))["booking_dates"]
        if found == dates:
            break
    assert found == dates


async def test_the_part_of_the_day_and_the_step_are_the_services_own(shop: Shop) -> None:
    b = shop.business
    await limit(shop, search_start=10 * 3600, search_finish=13 * 3600, search_step=3600)
    assert await shop.times(b.anna, b.haircut) == ["10:00", "11:00", "12:00"]
    both = await shop.get(
        f"/book_times/{shop.here}/{b.anna}/{shop.day(3)}?service_ids[]={b.haircut}&service_ids[]={b.manicure}"
    )
    assert [slot["time"] for slot in both] == ["10:00", "11:00", "12:00"], "together they begin when the haircut may"
    late = await shop.book(shop.wish(b.haircut, shop.at("13:00"), staff=b.anna))
    assert late.status_code == 422
    free = await shop.get(f"/book_services/{shop.here}?datetime={shop.at('15:00')}")
    assert {service["title"] for service in free["services"]} >= {"Manicure"}
    assert "Haircut" not in {service["title"] for service in free["services"]}


async def test_what_is_given_as_an_event_is_no_appointment(shop: Shop) -> None:
    await shop.db.execute("UPDATE services SET is_multi = true WHERE id = $1", shop.business.haircut)
    offered = await shop.get(f"/book_services/{shop.here}")
    assert "Haircut" not in {service["title"] for service in offered["services"]}
    refused = await shop.book(shop.wish(shop.business.haircut, shop.at("10:00")))
    assert refused.status_code == 422
