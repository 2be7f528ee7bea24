"""A bakery over a fresh database, and a clock that starts right in every test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from agendum.core import clock
from tests.conftest import World
from tests.makers.bakery import Bakery


@pytest.fixture(autouse=True)
def clock_in_step() -> Iterator[None]:
    yield
    clock.shift_clock(timedelta())


@pytest.fixture
async def bakery(world: World) -> Bakery:
    await world.server.pools.write.execute("CREATE TABLE IF NOT EXISTS shelf (loaf text, by text)")
    return Bakery(world)
