"""One database a module: each world in it is a chain of its own, so nothing needs to be cleaned away."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from agendum.core.cache import drop_everywhere_here
from agendum.core.db.embedded import EmbeddedPostgres
from agendum.core.db.pool import open_pools
from agendum.core.db.sql import Connection
from tests.conftest import copy_of


@pytest.fixture(scope="module")
async def db(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[Connection]:
    """A connection of the server's own making."""
    drop_everywhere_here()
    async with copy_of(postgres, template) as dsn:
        pools = await open_pools(dsn, size=1)
        async with pools.write.acquire() as connection:
            yield connection
        await pools.close()
        drop_everywhere_here()
