"""SQL by name: each domain's `queries.sql`, loaded once, called with keyword arguments.

sql = load(__file__)
rows = await sql.team_of_location.rows(db, chain_id=1, location_id=2)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
from aiosql.adapters.asyncpg import AsyncPGAdapter

_NAME = re.compile(r"^-- name: (\w+)[\^$!]?\n", re.M)
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
    a hard part. Raises ValueError for a name that is none, or is given twice.
    """
    folder = Path(module_file).parent
    single = folder / "queries.sql"
    files = [single] if single.exists() else sorted((folder / "queries").glob("*.sql"))
    _, *parts = _NAME.split("\n".join(file.read_text() for file in files))
    names, texts = parts[::2], [body.rstrip().rstrip(";") for body in parts[1::2]]
    if len(names) > len(set(names)) or any("-- name:" in body for body in texts):
        raise ValueError(f"{folder}: each statement needs a name of its own")
    bodies = dict(zip(names, texts, strict=True))
    return Statements({name: _statement(name, _QUOTE.sub(lambda q: bodies[q[1]], bodies[name])) for name in names})


def _statement(name: str, body: str) -> Statement:
    """A statement with numbered parameters. What is one, and what only looks so, aiosql knows; its own way through a
    file would be the longest part of our start."""
    lines = [line.rstrip() for line in body.strip().splitlines()]
    comments = [line.strip()[2:].lstrip() for line in lines if line.lstrip().startswith("--")]
    adapter = AsyncPGAdapter()
    text = adapter.process_sql(name, None, "\n".join(line for line in lines if not line.lstrip().startswith("--")))
    return Statement(name, text, tuple(adapter.var_sorted[name]), "\n".join(comments))
