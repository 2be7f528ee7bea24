"""What tests play on: a database, the pools over it and the built application, handed from one test to the next.

To copy a database and to build the application would take a test many times what it does itself. What it leaves behind
are rows, and those are gone in milliseconds.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx

from agendum.app import build_app, server_over
from agendum.config import load_settings
from agendum.core import cache
from agendum.core.db.pool import Pools, open_pools
from agendum.core.server import Server

# Has the secret of the server that runs: stays, and may be written.
_SECRETS = "server_facts"
# Deleted rows stay in the indexes until a vacuum: after so many tests a new copy is quicker.
_USES = 200

_TABLES = """SELECT oid::regclass::text AS name, pg_relation_size(oid) > 0 AS is_written
               FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""
_SEQUENCES = """SELECT array_agg(format('%I', sequencename)::regclass::oid),
                       array_agg(coalesce(last_value, start_value)), array_agg(last_value IS NOT NULL)
                  FROM pg_sequences WHERE schemaname = 'public'"""
_RESTART = "SELECT setval(name, value, called) FROM unnest($1::oid[], $2::bigint[], $3::bool[]) s(name, value, called)"
_GUARD = """CREATE FUNCTION leave_alone() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE 'the next test needs this table as it is: %', TG_TABLE_NAME; END $$"""


class Database:
    """A migrated database that is swept when a test is through with it."""

    def __init__(self, dsn: str, sweeper: Any, kept: set[str], sequences: tuple[Any, ...]) -> None:
        self.dsn, self._sweeper, self._kept, self._sequences = dsn, sweeper, kept, sequences

    @classmethod
    async def open(cls, dsn: str, opened: AsyncExitStack) -> Database:
        """Tables that have rows now stay as they are, and cannot be written."""
        # As a replica: neither foreign keys nor the guards are asked.
        settings = {"session_replication_role": "replica", "lock_timeout": "20s"}
        sweeper: Any = await asyncpg.connect(dsn, server_settings=settings)
        opened.push_async_callback(sweeper.close)
        kept = {row["name"] for row in await sweeper.fetch(_TABLES) if row["is_written"]} - {_SECRETS}
        await sweeper.execute(_GUARD)
        for table in kept:
            await sweeper.execute(
                f"CREATE TRIGGER leave_alone BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "EXECUTE FUNCTION leave_alone()"
            )
        return cls(dsn, sweeper, kept | {_SECRETS}, tuple(await sweeper.fetchrow(_SEQUENCES)))

    async def sweep(self) -> None:
        """Delete what was written since it was opened, count from there, and drop what this process has kept."""
        written = {row["name"] for row in await self._sweeper.fetch(_TABLES) if row["is_written"]} - self._kept
        for name in written:
            await self._sweeper.execute(f"DELETE FROM {name}")
        await self._sweeper.execute(_RESTART, *self._sequences)
        cache.drop_everywhere_here()


@dataclass
class World:
    """A server over its own database, and ways to speak to it."""

    dsn: str
    server: Server
    http: httpx.AsyncClient


class Stage:
    """A database with its pools, and the applications that were built over it."""

    def __init__(self, database: Database, pools: Pools) -> None:
        self.database, self.pools, self.uses = database, pools, 0
        self._apps: dict[int, Any] = {}

    async def app(self, **given: Any) -> tuple[Server, Any]:
        """The server and its application by these settings."""
        plain = {"rate_limit": "off", "log_requests": "off", "base_url": "http://test"}
        settings = load_settings({}, **plain | given)
        server = await server_over(settings, self.pools)
        # Of all settings only this one is built in.
        edge: Any = self._apps.get(server.max_upload) or build_app(settings, server)
        edge.server = edge.app.state.server = server
        self._apps[server.max_upload] = edge
        return server, edge


class Stages:
    """The stages of a process. A world has one for itself; the next may have it when that world is over."""

    def __init__(self, copy: Callable[[], Awaitable[str]], opened: AsyncExitStack) -> None:
        self._copy, self._opened = copy, opened
        self._free: list[Stage] = []

    @asynccontextmanager
    async def world(self, **given: Any) -> AsyncGenerator[World]:
        """A server in this process by these settings over a database without a business."""
        stage = self._free.pop() if self._free else await self._make()
        server, app = await stage.app(**given)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v1", timeout=60) as http:
            yield World(stage.database.dsn, server, http)
        await stage.database.sweep()
        stage.uses += 1
        if stage.uses < _USES:
            self._free.append(stage)

    async def _make(self) -> Stage:
        dsn = await self._copy()
        database = await Database.open(dsn, self._opened)
        pools = await open_pools(dsn)
        self._opened.push_async_callback(pools.close)
        listener = cache.CacheListener(dsn)
        await listener.start()
        self._opened.push_async_callback(listener.stop)
        return Stage(database, pools)
