"""Hot reads cost at most two statements once the caches are warm, however much there is to read."""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from tests.booking.conftest import Shop
from tests.conftest import World
from tests.makers.world import make_member, put

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/book_services/{here}", 0),
        ("/book_services/{here}?staff_id={anna}&datetime={day}", 1),
        ("/book_staff/{here}?service_ids[]={haircut}", 2),
        ("/book_dates/{here}?service_ids[]={haircut}", 2),
        ("/book_times/{here}/0/{day}?service_ids[]={haircut}", 1),
        ("/book_staff_seances/{here}/0?service_ids[]={haircut}", 2),
        ("/bookform/{form}", 2),
        ("/companies?count=50", 3),
    ],
)
async def test_statements_of_a_hot_read(shop: Shop, path: str, most: int) -> None:
    b = shop.business
    for number in range(10):
        member = await make_member(shop.db, b.chain_id, b.location_id, f"Member {number}")
        link = {"service_id": b.haircut, "team_member_id": member, "duration": 3600}
        await put(shop.db, "service_links", chain_id=b.chain_id, **link)
    address = path.format(here=shop.here, anna=b.anna, haircut=b.haircut, form=b.form_id, day=shop.day(2))
    for _ in range(2):
        await shop.get(address)
    seen = watch(shop)
    await shop.get(address)
    assert len(seen) <= most, "\n".join(seen)


async def test_a_plain_booking_is_one_round_trip(shop: Shop) -> None:
    b = shop.business
    assert (await shop.book(shop.wish(b.haircut, shop.at("10:00"), staff=b.anna))).status_code == 201
    seen = watch(shop, writes=True)
    booked = await shop.book(shop.wish(b.haircut, shop.at("12:00"), staff=b.anna), phone="+13155550177")
    assert booked.status_code == 201, booked.text
    assert len(seen) == 1, "\n".join(seen)
    taken = await shop.book(shop.wish(b.haircut, shop.at("12:00"), staff=b.anna), phone="+13155550178")
    assert taken.json()["meta"]["errors"][0]["code"] == 433
    assert len(seen) == 2, "\n".join(seen)


class Watched(Protocol):
    """Whoever sits in a world."""

    @property
    def world(self) -> World: ...


def watch(shop: Watched, *, writes: bool = False) -> list[str]:
    """The statements that the server's read connections (or those that write) run from now on."""
    seen: list[str] = []

    def note(record: Any) -> None:
        seen.append(record.query)

    pools = shop.world.server.pools
    pool: Any = pools.write if writes else pools.read
    for holder in pool._holders:
        if holder._con is not None:
            holder._con.add_query_logger(note)
    return seen
