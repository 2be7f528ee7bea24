"""A front desk over a fresh server, and a clock that starts right in every test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta

import pytest

from agendum.access import passwords
from agendum.core.clock import shift_clock
from tests.conftest import World
from tests.makers.access import CHEAP_HASHER, FrontDesk
from tests.makers.world import NEW_YORK, connect, make_chain, make_partner_token, make_place


@pytest.fixture(autouse=True)
def cheap_hashes_again() -> Iterator[None]:
    """After a test that has asked what passwords really cost."""
    yield
    passwords.set_hasher(CHEAP_HASHER)


@pytest.fixture
async def desk(world: World) -> AsyncIterator[FrontDesk]:
    world.server.trusted_proxies = frozenset({"127.0.0.1"})
    db = await connect(world.dsn)
    try:
        chain_id = await make_chain(db, "La Visage")
        location_id = await make_place(db, chain_id, "La Visage", zone=NEW_YORK)
        yield FrontDesk(world.http, db, await make_partner_token(db), chain_id, location_id)
    finally:
        await db.close()


@pytest.fixture
def later() -> Iterator[Callable[..., None]]:
    """`later(minutes=5)` moves the clock that far from the true time."""

    def move(**span: float) -> None:
        shift_clock(timedelta(**span))

    yield move
    shift_clock(timedelta())
