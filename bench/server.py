"""The two servers that are compared, each one Granian worker in a process of its own.

`python -m bench.server yardstick PORT DSN` or `python -m bench.server agendum PORT DSN`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec
from granian import Granian  # pyright: ignore[reportUnknownVariableType]
from granian.constants import Interfaces, Loops
from litestar import Litestar, Response, get

from agendum.app import build_app, open_server
from agendum.config import load_settings
from agendum.serve.children import collect_seldom

_YARDSTICK_SQL = """
SELECT id, name, surname, phone, email, discount::text AS discount, updated_at FROM clients
 WHERE chain_id = $1 AND id > $2 ORDER BY id LIMIT 50
"""


def yardstick() -> Litestar:
    """The barest handler on the same stack: one 50-row statement, JSON."""
    pool: Any = None
    encode = msgspec.json.Encoder().encode

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncGenerator[None]:
        nonlocal pool
        pool = await asyncpg.create_pool(os.environ["BENCH_DSN"], min_size=1, max_size=10)
        yield
        await pool.close()

    @get("/rows")
    async def rows() -> Response[bytes]:
        async with pool.acquire() as db:
            found = await db.fetch(_YARDSTICK_SQL, 1, 0)
        return Response(encode([dict(row) for row in found]), media_type="application/json")

    return Litestar([rows], lifespan=[lifespan], openapi_config=None, logging_config=None)


def agendum() -> Any:
    """Agendum as `serve` runs it, the request limit and the log left out."""
    dsn = os.environ["BENCH_DSN"]
    settings = load_settings({}, rate_limit="off", log_requests="off", base_url="http://127.0.0.1")
    built: Any = None

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal built
        if built is None:
            from agendum.core.cache import CacheListener

            built = build_app(settings, await open_server(settings, dsn), listener=CacheListener(dsn))
            collect_seldom()
        await built(scope, receive, send)

    return app


if __name__ == "__main__":
    which, port, dsn = sys.argv[1:4]
    os.environ["BENCH_DSN"] = dsn
    Granian(
        f"bench.server:{which}",
        factory=True,
        port=int(port),
        interface=Interfaces.ASGI,
        workers=1,
        loop=Loops.uvloop,
        log_enabled=False,
    ).serve()
