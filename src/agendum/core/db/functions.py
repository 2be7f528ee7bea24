"""Stored functions: where several statements of one write go to the database in one round trip.

Their text stands among the statements of its domain (`-- function`, see `core/db/sql.py`) and is made of these by
`-- quote:`, so that a step reads the same wherever it is taken.
"""

from __future__ import annotations

from pathlib import Path

import asyncpg

from agendum.core.db.sql import functions

_PACKAGE = Path(__file__).parents[2]


async def make_functions(connection: asyncpg.Connection) -> None:
    """Store what is not stored yet. A function's name says which text it has, so nothing is ever replaced."""
    for domain in sorted({queries.parent for queries in _PACKAGE.glob("*/queries*")}):
        for function in functions(domain):
            if await connection.fetchval("SELECT to_regproc($1) IS NULL", function.stored):
                await connection.execute(function.definition)
