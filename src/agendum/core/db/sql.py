"""SQL by name: each domain's `queries.sql`, loaded once, called with keyword arguments.

sql = load(__file__)
rows = await sql.team_of_location.rows(db, chain_id=1, location_id=2)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
from aiosql.adapters.asyncpg import AsyncPGAdapter

_NAME = re.compile(r"^-- name: (\w+)[\^$!]?\n", re.M)
_QUOTE = re.compile(r"^ *-- quote: (?:(\w+)\.)?(\w+)$", re.M)
_FUNCTION = re.compile(r"^-- function\n", re.M)
_PARAMETER = re.compile(r"(?<![:\w]):(?=[a-z])")  # no cast

Connection: TypeAlias = "asyncpg.Connection | asyncpg.pool.PoolConnectionProxy"
Row: TypeAlias = asyncpg.Record


class Statement:
    """One named statement. The call site says what it expects back: rows, a row, a value or nothing.

    `definition` makes the stored function that the statement calls, named `stored`, if it calls one of ours."""

    __slots__ = ("comment", "definition", "name", "params", "stored", "text")

    def __init__(
        self, name: str, text: str, params: tuple[str, ...], comment: str, *, stored: str = "", definition: str = ""
    ) -> None:
        self.name, self.text, self.params, self.comment = name, text, params, comment
        self.stored, self.definition = stored, definition

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
    a hard part; `-- quote: domain.name` for one of a domain below. A line `-- function` after the name makes the text
    the parameters and the PL/pgSQL body of a stored function (see `core/db/functions.py`), and the statement its call.
    Raises ValueError for a name that is none, or is given twice.
    """
    folder = Path(module_file).parent
    whole = {name: _expanded(folder, body) for name, body in _bodies(folder).items()}
    return Statements(
        {name: (_call if _FUNCTION.match(body) else _statement)(name, body) for name, body in whole.items()}
    )


def functions(folder: Path) -> list[Statement]:
    """The calls of the stored functions of a domain."""
    marked = {name: body for name, body in _bodies(folder).items() if _FUNCTION.match(body)}
    return [_call(name, _expanded(folder, body)) for name, body in marked.items()]


def _expanded(folder: Path, body: str) -> str:
    def quoted(quote: re.Match[str]) -> str:
        home = folder.parent / quote[1] if quote[1] else folder
        return _expanded(home, _bodies(home)[quote[2]])

    return _QUOTE.sub(quoted, body)


@cache
def _bodies(folder: Path) -> dict[str, str]:
    single = folder / "queries.sql"
    files = [single] if single.exists() else sorted((folder / "queries").glob("*.sql"))
    _, *parts = _NAME.split("\n".join(file.read_text() for file in files))
    names, texts = parts[::2], [body.rstrip().rstrip(";") for body in parts[1::2]]
    if len(names) > len(set(names)) or any("-- name:" in body for body in texts):
        raise ValueError(f"{folder}: each statement needs a name of its own")
    return dict(zip(names, texts, strict=True))


def _statement(name: str, body: str) -> Statement:
    """A statement with numbered parameters. What is one, and what only looks so, aiosql knows; its own way through a
    file would be the longest part of our start."""
    comment, text = _without_comments(body)
    adapter = AsyncPGAdapter()
    text = adapter.process_sql(name, None, text)
    return Statement(name, text, tuple(adapter.var_sorted[name]), comment)


def _call(name: str, body: str) -> Statement:
    """The call of a stored function. Its name in the database has a digest of its text: servers of two versions that
    share a database each call their own."""
    comment, text = _without_comments(_FUNCTION.sub("", body))
    stored = f"{name}_{sha256(text.encode()).hexdigest()[:8]}"
    end = text.index("\n)\n") + 2
    declared = [line.split() for line in text[1:end].removesuffix(")").split(",")]
    params = tuple(words[words[0] == "INOUT"] for words in declared if words[0] != "OUT")
    # In the body a parameter is `:name`, as in every statement: PL/pgSQL knows it by the function's name.
    steps = _PARAMETER.sub(f"{stored}.", text[end:].strip())
    definition = (
        f"CREATE FUNCTION {stored} {text[:end]} LANGUAGE plpgsql AS $body$\n"
        f"#variable_conflict use_column\n{steps}\n$body$"
    )
    places = ", ".join(f"${n}" for n in range(1, len(params) + 1))
    text = f"SELECT * FROM {stored}({places})"  # noqa: S608 - both are made here
    return Statement(name, text, params, comment, stored=stored, definition=definition)


def _without_comments(body: str) -> tuple[str, str]:
    """What the comment lines say, and the text without them."""
    lines = [line.rstrip() for line in body.strip().splitlines()]
    comments = [line.strip()[2:].lstrip() for line in lines if line.lstrip().startswith("--")]
    return "\n".join(comments), "\n".join(line for line in lines if not line.lstrip().startswith("--"))
