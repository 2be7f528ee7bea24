"""A business whose owner and receptionist keep its team."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import World
from tests.makers.office import Office
from tests.makers.world import connect, make_small_world

RIGHTS = """
    master_create master_edit master_delete settings_master_access settings_positions_read settings_positions_create
    settings_positions_delete is_salon_tips_manager create_users_access
""".split()  # noqa: SIM905


@pytest.fixture
async def office(world: World) -> AsyncIterator[Office]:
    db = await connect(world.dsn)
    try:
        yield Office(world, await make_small_world(db, rights=RIGHTS), db)
    finally:
        await db.close()
