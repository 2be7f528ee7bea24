"""SQL by name: each domain's `queries.sql`, loaded once, called with keyword arguments.

sql = load(__file__)
rows = await sql.team_of_location.rows(db, chain_id=1, location_id=2)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import aiosql
import asyncpg
from aiosql.adapters.asyncpg import AsyncPGAdapter

_NAME = re.compile(r"^-- name: (\w+)[\^$!]?", re.M)
_QUOTE = re.compile(r"^ *-- quote: (\w+)$", re.M)

Connection: TypeAlias = "asyncpg.Connection | asyncpg.pool.PoolConnectionProxy"
Row: TypeAlias = asyncpg.Record


class Statement:
    """One named statement. The call site says what it expects back: rows, a row, a value or nothing."""

    __slots__ = ("comment", "name", "params", "text")

    def __init__(self, name: str, text: str, params: tuple[str, ...], comment: str) -> None:
        self.name, self.text, self.params, self.comment = name, text, params, comment

    async def rows(self, db: Connection, **args: Any) -> list[Row]:
        return await db.fetch(self.text, *self._ordered(args))

    async def row(self, db: Connection, **args: Any) -> Row | None:
        return await db.fetchrow(self.text, *self._ordered(args))

    async def value(self, db: Connection, **args: Any) -> Any:
        """The first column of the first row; None when there is no row."""
        return await db.fetchval(self.text, *self._ordered(args))

    async def run(self, db: Connection, **args: Any) -> None:
        await db.execute(self.text, *self._ordered(args))

    def _ordered(self, args: dict[str, Any]) -> list[Any]:
        if len(args) != len(self.params):
            raise TypeError(f"{self.name} takes {self.params}, got {tuple(args)}")
        return [args[name] for name in self.params]


class Statements:
    """The statements of one domain, as attributes."""

    def __init__(self, statements: dict[str, Statement]) -> None:
        self._statements = statements

    def __getattr__(self, name: str) -> Statement:
        try:
            return self._statements[name]
        except KeyError:
            raise AttributeError(f"no statement named {name}") from None

    def __iter__(self) -> Iterator[Statement]:
        return iter(self._statements.values())


def load(module_file: str) -> Statements:
    """Load every statement of the `queries.sql` (or of the folder `queries/`) beside a module.

    A line `-- quote: name` stands for the text of another statement of the domain, so that two statements can share
    a hard part.
    """
    folder = Path(module_file).parent
    single = folder / "queries.sql"
    files = [single] if single.exists() else sorted((folder / "queries").glob("*.sql"))
    text = "\n".join(file.read_text() for file in files)
    adapter = AsyncPGAdapter()
    make_adapter: Any = lambda: adapter  # noqa: E731
    queries: Any = aiosql.from_str(_with_quotes(text), make_adapter, mandatory_parameters=False, attribute=None)
    statements: dict[str, Statement] = {}
    for name in queries.available_queries:
        if name.endswith("_cursor"):
            continue
        query = getattr(queries, name)
        params = tuple(adapter.var_sorted[name])
        statements[name] = Statement(name, query.sql, params, query.__doc__ or "")
    return Statements(statements)


def _with_quotes(text: str) -> str:
    parts = _NAME.split(text)
    bodies = {
        name: body.partition("\n")[2].rstrip().rstrip(";") for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }
    return _QUOTE.sub(lambda quote: bodies[quote[1]], text)
