"""A business whose owner may print receipts."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from agendum.core.rights import owner_rights
from tests.conftest import World
from tests.makers.office import Office
from tests.makers.world import connect, make_small_world


@pytest.fixture
async def office(world: World) -> AsyncIterator[Office]:
    db = await connect(world.dsn)
    try:
        yield Office(world, await make_small_world(db, rights=sorted(owner_rights(0))), db)
    finally:
        await db.close()
