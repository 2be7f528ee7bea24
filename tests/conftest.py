"""One embedded PostgreSQL for the whole run, a migrated template, copies of it, and worlds for the tests."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from filelock import FileLock

from agendum.access import passwords
from agendum.chains.reference_load import load_reference
from agendum.core.db.embedded import EmbeddedPostgres
from agendum.core.db.migrate import migrate
from tests.makers.access import CHEAP_HASHER
from tests.stage import Stages, World

RUN = "AGENDUM_TEST_RUN"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # tests that kill use their own


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"use_uvloop": True}


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / f"agendum-test-{os.environ[RUN]}"


def pytest_configure(config: pytest.Config) -> None:
    """Name the run before its workers start, so that they share one server."""
    os.environ.setdefault(RUN, uuid.uuid4().hex[:12])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The workers are gone, and the server with the last of them: what it leaves is of no use."""
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(_folder(), ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> None:
    """Passwords cost next to nothing; a test that asks what they really cost says so."""
    passwords.set_hasher(CHEAP_HASHER)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The run's server, shared by all xdist workers; the last to leave stops it."""
    with EmbeddedPostgres(_folder(), settings=FAST) as server:
        yield server


@pytest.fixture(scope="session")
async def template(postgres: EmbeddedPostgres) -> str:
    """The name of a migrated, empty database."""
    with FileLock(postgres.data_dir / "template.lock"):
        admin = await asyncpg.connect(postgres.dsn("postgres"))
        try:
            if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = 'template_ready'"):
                await admin.execute("DROP DATABASE IF EXISTS template_making")
                await admin.execute("CREATE DATABASE template_making")
                await migrate(postgres.dsn("template_making"), seed=load_reference)
                await admin.execute("ALTER DATABASE template_making RENAME TO template_ready")
        finally:
            await admin.close()
    return "template_ready"


@asynccontextmanager
async def copy_of(postgres: EmbeddedPostgres, template: str) -> AsyncGenerator[str]:
    """A database copied from a template for as long as the block lasts; gives its DSN."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(postgres.dsn("postgres"))
    try:
        await admin.execute(f'CREATE DATABASE {name} TEMPLATE "{template}"')
        yield postgres.dsn(name)
    finally:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.close()


@pytest.fixture
async def dsn(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    """A fresh migrated database of this test alone."""
    async with copy_of(postgres, template) as database:
        yield database


@pytest.fixture(scope="session")
async def stages(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[Stages]:
    """What the worlds of this process play on."""
    async with AsyncExitStack() as opened:
        yield Stages(lambda: opened.enter_async_context(copy_of(postgres, template)), opened)


@pytest.fixture
async def world(stages: Stages) -> AsyncIterator[World]:
    """A server in this process over a database without a business. Caches start empty and follow its NOTIFY."""
    async with stages.world() as opened:
        yield opened
