"""Connections: one pool for writes, one for reads whose sessions are read-only."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
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


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncGenerator[Connection]:
    """A transaction on a connection of its own. Raises ConnectionError when that is lost meanwhile."""
    async with lent(pool, begin=True) as db:
        yield db


@asynccontextmanager
async def lent(pool: Pool, *, begin: bool) -> AsyncGenerator[Connection]:
    """A connection of its own, in a transaction where `begin` says so, else for who begins one when he needs it.
    Raises ConnectionError when it is lost meanwhile."""
    async with pool.acquire() as db:
        try:
            async with db.transaction() if begin else nullcontext():
                yield db
        except asyncpg.InterfaceError as error:  # asyncpg cannot end a transaction that went with its connection
            if _is_lost(db):
                raise ConnectionError("the connection to the database was lost") from error
            raise


def _is_lost(db: Connection) -> bool:
    try:
        return db.is_closed()
    except asyncpg.InterfaceError:  # the pool has taken it back already
        return True


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
        connect=_connect,
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


async def _connect(*args: Any, **options: Any) -> Any:
    try:
        return await asyncpg.connect(*args, **options)
    except FileNotFoundError as error:  # the socket of a server that is just starting
        raise ConnectionRefusedError(*error.args) from None


async def _keep(connection: Any) -> None:
    return None


async def prepare_connection(connection: Connection) -> None:
    """Teach a fresh connection our types: jsonb as Python values."""
    await connection.set_type_codec("jsonb", encoder=_to_json, decoder=_from_json, schema="pg_catalog", format="text")


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _from_json(text: str) -> Any:
    return msgspec.json.decode(text)
