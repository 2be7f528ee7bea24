"""Connections: one pool for writes, one for reads whose sessions are read-only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg
import msgspec

from agendum.core.db.sql import Connection

Pool: TypeAlias = asyncpg.Pool


@dataclass(slots=True)
class Pools:
    """`write` for transactions opened at the edge; `read` for single statements, each its own snapshot; `side` for the
    few writes that must stay when the request's own transaction is rolled back (a wrong code is counted)."""

    write: Pool
    read: Pool
    side: Pool

    async def close(self) -> None:
        await self.write.close()
        await self.read.close()
        await self.side.close()


async def open_pools(dsn: str, *, size: int = 10) -> Pools:
    """Open both pools of at most `size` connections. Raises OSError or asyncpg.PostgresError without a server."""
    write = await _open(dsn, size, {"application_name": "agendum"})
    read = await _open(dsn, size, {"application_name": "agendum read", "default_transaction_read_only": "on"})
    side = await _open(dsn, 2, {"application_name": "agendum side"}, warm=0)
    return Pools(write, read, side)


async def _open(dsn: str, size: int, settings: dict[str, str], *, warm: int = 1) -> Pool:
    pool = await asyncpg.create_pool(
        dsn,
        min_size=warm,
        max_size=size,
        init=prepare_connection,
        # Nothing here leaves session state behind, so a returned connection needs no RESET round trip.
        reset=_keep,
        # Our statements are written to have one good plan; planning the engine anew would cost more than running it.
        server_settings={
            "timezone": "UTC",
            "jit": "off",
            "plan_cache_mode": "force_generic_plan",
            **settings,
        },
        command_timeout=60,
    )
    assert pool is not None
    return pool


async def _keep(connection: Any) -> None:
    return None


async def prepare_connection(connection: Connection) -> None:
    """Teach a fresh connection our types: jsonb as Python values."""
    await connection.set_type_codec("jsonb", encoder=_to_json, decoder=_from_json, schema="pg_catalog", format="text")


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _from_json(text: str) -> Any:
    return msgspec.json.decode(text)
