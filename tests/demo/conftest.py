"""The demo is made once for a whole run of these tests, on a day before both clock changes of a spring."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from agendum.core.db.embedded import EmbeddedPostgres
from agendum.core.db.sql import Connection
from agendum.demo.actions import make_demo
from tests.conftest import copy_of

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
URL = "http://127.0.0.1:8000"


@dataclass
class Made:
    """A database with the demo that nobody is connected to, and what came with it."""

    database: str
    folder: Path
    keys: dict[str, Any]


@dataclass
class Demo(Made):
    dsn: str
    db: Connection


@pytest.fixture(scope="session")
async def made(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Made]:
    folder = tmp_path_factory.mktemp("demo") / "data"
    async with copy_of(postgres, template) as dsn:
        keys = await make_demo(dsn, URL, folder, now=NOW)
        yield Made(urlsplit(dsn).path.removeprefix("/"), folder, keys)


@pytest.fixture
async def demo(postgres: EmbeddedPostgres, made: Made) -> AsyncIterator[Demo]:
    """A copy of the made database, of this test alone."""
    async with copy_of(postgres, made.database) as dsn:
        db = await asyncpg.connect(dsn)
        try:
            yield Demo(made.database, made.folder, made.keys, dsn, db)
        finally:
            await db.close()
