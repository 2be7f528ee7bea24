"""What the commands share: their options, the database they speak to, a word about what takes time."""

from __future__ import annotations

import asyncio
import difflib
import os
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click
import structlog

from agendum.cli.trouble import check_database
from agendum.config import PREFIX, ConfigError, Settings, load_settings
from agendum.core import logs

if TYPE_CHECKING:
    from agendum.core.db.sql import Connection

F = TypeVar("F", bound=Callable[..., Any])
Say = Callable[[str], None]

_log = structlog.get_logger("agendum.cli")
_HELP = {
    "host": "Address to listen on (127.0.0.1).",
    "port": "Port to listen on (8000).",
    "workers": "Processes that answer requests (1).",
    "data_dir": "Folder of everything that is kept (.agendum).",
    "database_url": "A PostgreSQL of your own, postgresql://user:password@host/database.",
}


def options(*names: str) -> Callable[[F], F]:
    """Options for settings; what is absent comes from the environment or is the default."""

    def add(command: F) -> F:
        for name in reversed(names):
            command = click.option("--" + name.replace("_", "-"), name, help=_HELP[name])(command)
        return command

    return add


def strange_variables() -> list[str]:
    """A line for each variable of ours that is no setting: most likely one is misspelt."""
    known = [PREFIX + name.upper() for name in Settings.__struct_fields__]
    lines: list[str] = []
    for variable in sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known):
        close = difflib.get_close_matches(variable, known, 1)
        lines.append(f"{variable} is not a setting" + (f": did you mean {close[0]}?" if close else ""))
    return lines


def for_one_task(given: dict[str, Any]) -> Settings:
    """The settings of a command that does one thing: only its warnings are logged, for people."""
    logs.set_up("warning", "text")
    return load_settings(**given)


def steps(*, in_log: bool = False) -> Say:
    """Tells what begins now: on a terminal a line, otherwise nothing or a line in the log."""

    def show(text: str) -> None:
        click.echo(click.style(f"  {text} …", dim=True), err=True)

    def log(text: str) -> None:
        if in_log:
            _log.info(text)

    return show if sys.stderr.isatty() else log


@contextmanager
def database(settings: Settings, say: Say, *, make: bool = False) -> Generator[str]:
    """The DSN of the database, with the embedded server running as long as the block lasts.

    `make`: the command will migrate it, and make the cluster where there is none. Raises ConfigError, EmbeddedError.
    """
    from agendum.serve.ground import embedded

    if settings.database_url:
        asyncio.run(check_database(settings, to_migrate=make))
        yield settings.database_url
        return
    if not make and not (settings.data_path / "postgres").is_dir():
        raise ConfigError(
            f"there is no data in {settings.data_path}: give its --data-dir, or run `agendum serve` first"
        )
    say("starting PostgreSQL")
    with embedded(settings) as server:
        yield server.dsn("agendum")


@asynccontextmanager
async def connection(dsn: str) -> AsyncGenerator[Connection]:
    """A connection with the server's types, whose transactions are the caller's."""
    import asyncpg

    from agendum.core.db.pool import prepare_connection

    db = await asyncpg.connect(dsn, server_settings={"timezone": "UTC", "application_name": "agendum cli"})
    try:
        await prepare_connection(db)
        yield db
    finally:
        await db.close()


@asynccontextmanager
async def transaction(dsn: str) -> AsyncGenerator[Connection]:
    """A connection with the server's types, in a transaction."""
    async with connection(dsn) as db, db.transaction():
        yield db


def bring_up_to_date(dsn: str, say: Say) -> None:
    """Apply the migrations that are missing and load the reference data."""
    from agendum.chains.reference_load import load_reference
    from agendum.core.db.migrate import migrate

    async def seed(db: Any) -> None:
        say("checking the reference data")
        await load_reference(db)

    say("migrating the database")
    asyncio.run(migrate(dsn, seed=seed))
