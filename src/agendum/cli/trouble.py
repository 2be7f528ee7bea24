"""Expected trouble, in one line that says what to do."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from agendum.config import ConfigError, Settings


def explain(error: Exception) -> str | None:
    """The line for what an operator can mend; None for a bug and for what click shows by itself."""
    if isinstance(error, (click.ClickException, click.exceptions.Exit, click.Abort)):
        return None
    import asyncpg
    import psycopg

    from agendum.core.db.embedded import EmbeddedError
    from agendum.core.db.migrate import MigrationError
    from agendum.core.errors import AppError

    text: str | None = None
    if isinstance(error, (ConfigError, EmbeddedError, MigrationError)):
        text = str(error)
    elif isinstance(error, AppError):
        text = error.message
    elif isinstance(error, (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError)):
        text = f"the database is not up to date ({error}): run `agendum migrate`"
    elif isinstance(error, (asyncpg.InsufficientPrivilegeError, psycopg.errors.InsufficientPrivilege)):
        text = f"PostgreSQL refuses: {error}; give this right to the role of AGENDUM_DATABASE_URL"
    elif isinstance(error, (asyncpg.PostgresError, asyncpg.InterfaceError, psycopg.Error)):
        text = f"PostgreSQL: {error or type(error).__name__}"
    elif isinstance(error, OSError) and error.strerror:
        text = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    elif isinstance(error, TimeoutError):
        text = "PostgreSQL does not answer in time"
    return None if text is None else " ".join(text.split())


async def check_database(settings: Settings, *, to_migrate: bool) -> None:
    """Can the outside database be reached, and migrated? Raises ConfigError that says why not."""
    import asyncpg

    from agendum.core.db.sql import load

    url, name = settings.database_url, "AGENDUM_DATABASE_URL"
    try:
        parts = urlsplit(url)
        database = parts.path.lstrip("/")
        place = f"{parts.hostname or 'localhost'}:{parts.port or 5432}"
    except ValueError as error:
        raise ConfigError(f"{name}: {error}") from None
    if parts.scheme not in ("postgresql", "postgres"):
        raise ConfigError(f"{name} must look like postgresql://user:password@host:5432/database")
    try:
        connection = await asyncpg.connect(url, timeout=10)
        try:
            if to_migrate and not await load(__file__).may_make_tables.value(connection):
                what = f'may not make tables in "{database}" at {place}'
                raise ConfigError(f"the role of {name} {what}: make it the owner of the database")
        finally:
            await connection.close()
    except asyncpg.InvalidCatalogNameError:
        raise ConfigError(
            f'there is no database "{database}" at {place}: make it with `createdb {database}`, or correct {name}'
        ) from None
    except asyncpg.InvalidAuthorizationSpecificationError as error:  # a wrong password is one
        raise ConfigError(f"PostgreSQL at {place} refuses the user or password of {name}: {error}") from None
    except asyncpg.PostgresError as error:
        raise ConfigError(f"PostgreSQL at {place}: {error}") from None
    except (asyncpg.InterfaceError, ValueError) as error:
        raise ConfigError(f"{name}: {error}") from None
    except TimeoutError:
        raise ConfigError(f"PostgreSQL at {place} does not answer in 10 seconds: is {name} right?") from None
    except OSError as error:
        raise ConfigError(f"no PostgreSQL answers at {place} ({error}): start it, or correct {name}") from None
