"""Every operation in scope does, over real HTTP, what the contract says."""

from __future__ import annotations

import httpx
import pytest

from agendum.core.db.embedded import EmbeddedPostgres
from tests.conformance.api import Api
from tests.conformance.contract import operations
from tests.conformance.live import live_server
from tests.conformance.operations_in_scope import all_walks, is_mounted, scope
from tests.conftest import copy_of
from tests.makers.world import SmallWorld, connect

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("name", scope())
async def test_operation(name: str, postgres: EmbeddedPostgres, small_world: tuple[str, SmallWorld]) -> None:
    operation = operations()[name]
    assert is_mounted(operation), f"missing: {operation.method} {operation.path} is not mounted as {name}"
    walk = all_walks().get(name)
    assert walk is not None, f"{name} has no walk"
    database, world = small_world
    async with copy_of(postgres, database) as dsn:
        db = await connect(dsn)
        try:
            with live_server(dsn) as address:
                async with httpx.AsyncClient(base_url=address, timeout=30) as http:
                    await walk(Api(http, db, world, operation))
        finally:
            await db.close()


def test_walks_are_in_scope() -> None:
    assert sorted(all_walks().keys() - set(scope())) == []
