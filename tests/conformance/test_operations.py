"""Every operation in scope does, over real HTTP, what the contract says."""

from __future__ import annotations

import httpx
import pytest

from tests.conformance.api import Api
from tests.conformance.conftest import Live
from tests.conformance.contract import operations
from tests.conformance.operations_in_scope import all_rights, all_walks, is_mounted, scope
from tests.conformance.trail import check_trail, leaves_entries
from tests.makers.world import make_small_world

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("name", scope())
async def test_operation(name: str, live: Live) -> None:
    operation = operations()[name]
    assert is_mounted(operation), f"missing: {operation.method} {operation.path} is not mounted as {name}"
    walk = all_walks().get(name)
    assert walk is not None, f"{name} has no walk"
    world = await make_small_world(live.db, rights=all_rights())
    try:
        async with httpx.AsyncClient(base_url=live.address, timeout=30) as http:
            api = Api(http, live.db, world, operation)
            await walk(api)
        if leaves_entries(operation):
            await check_trail(live.db, api.done)
    finally:
        await live.database.sweep()


def test_walks_are_in_scope() -> None:
    assert sorted(all_walks().keys() - set(scope())) == []
