"""Stored functions are made of statements, once, and each version of the server calls its own."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from agendum.core.db.functions import make_functions
from agendum.core.db.sql import load


def written(folder: Path, step: str) -> Path:
    """A domain with a function of one step."""
    queries = folder / "queries"
    queries.mkdir(exist_ok=True)
    (queries / "all.sql").write_text(
        f"""-- name: step$
SELECT {step} + :number::int;

-- name: stepped^
-- function
-- One step.
(
    number int, OUT sum int
)
BEGIN
    -- quote: step
    INTO sum;
END
"""
    )
    return queries


@pytest.mark.anyio
async def test_a_function_is_made_of_a_statement(dsn: str, tmp_path: Path) -> None:
    db = await asyncpg.connect(dsn)
    try:
        stored: list[str] = []
        for number, (folder, step) in enumerate((("one", "10"), ("two", "20")), 1):
            (tmp_path / folder).mkdir()
            statement = load(str(written(tmp_path / folder, step))).stepped
            await db.execute(statement.definition)
            assert await statement.row(db, number=number) == (int(step) + number,)
            stored.append(statement.stored)
        assert len(set(stored)) == 2, "another text is another function"
    finally:
        await db.close()


@pytest.mark.anyio
async def test_functions_are_stored_once(dsn: str) -> None:
    db = await asyncpg.connect(dsn)
    try:
        before = await db.fetch("SELECT oid, xmin FROM pg_proc WHERE proname LIKE 'write_at_once%'")
        assert len(before) == 1
        await make_functions(db)
        assert await db.fetch("SELECT oid, xmin FROM pg_proc WHERE proname LIKE 'write_at_once%'") == before
    finally:
        await db.close()
