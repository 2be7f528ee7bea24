"""Bring a database up to date: our SQL files through yoyo, the job queue's own schema, the reference data."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from yoyo import get_backend, read_migrations

from agendum.core.db.functions import make_functions

MIGRATIONS = Path(__file__).parent / "migrations"
OLDEST_SERVER = 150000
_LOCK = int.from_bytes(hashlib.sha256(b"agendum migrate").digest()[:7], "big")

Seed = Callable[[asyncpg.Connection], Awaitable[None]]


class MigrationError(Exception):
    """What stands in the way, in one line."""


async def migrate(dsn: str, *, seed: Seed | None = None) -> None:
    """Apply what is missing and fill the reference tables through `seed`.

    Many processes may start at once: an advisory lock lets one work while the others wait for it.
    Raises MigrationError for a server older than PostgreSQL 15 or one without the needed extensions.
    """
    connection = await asyncpg.connect(dsn)
    try:
        version = await connection.fetchval("SELECT current_setting('server_version_num')::int")
        if version < OLDEST_SERVER:
            raise MigrationError(f"Agendum needs PostgreSQL 15 or newer; this server is {version // 10000}.")
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        try:
            _apply_files(dsn)
            await make_functions(connection)
            await _install_queue(connection)
            if seed is not None:
                await seed(connection)
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
    finally:
        await connection.close()


def _apply_files(dsn: str) -> None:
    backend = get_backend(_yoyo_dsn(dsn))
    try:
        migrations = backend.to_apply(read_migrations(str(MIGRATIONS)))
        backend.apply_migrations(migrations)
    finally:
        backend.connection.close()


def _yoyo_dsn(dsn: str) -> str:
    _, rest = dsn.split("://", 1)
    return f"postgresql+psycopg://{rest}"


async def _install_queue(connection: asyncpg.Connection) -> None:
    queries = Queries(AsyncpgDriver(connection))
    if not await queries.has_table("pgqueuer"):
        await queries.install()
    else:
        await queries.upgrade()
