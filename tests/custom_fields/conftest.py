"""A business whose owner and receptionist manage custom fields."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import World
from tests.makers.office import Office
from tests.makers.world import connect, make_small_world

RIGHTS = ["settings_basis_access", "security_data_changes_access"]


@pytest.fixture
async def office(world: World) -> AsyncIterator[Office]:
    db = await connect(world.dsn)
    try:
        yield Office(world, await make_small_world(db, rights=RIGHTS), db)
    finally:
        await db.close()
