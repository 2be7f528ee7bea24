"""Every statement of ours against the schema as it is, and against the rules that keep tenants apart."""

from __future__ import annotations

import re
from typing import Any

import asyncpg
import pytest

from agendum.core.db.pool import prepare_connection
from tests.house.sources import statements
from tests.house.tenancy import ACROSS, untenanted

TENANT_TABLES = """
    SELECT table_name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'chain_id'"""
# Global maps that lead to the tenant, and rows that no request reads.
GLOBAL = {"location_chains", "outbox"}
DECIDES = re.compile(r"\b(JOIN|WITH|CASE|LATERAL|FOR UPDATE|FOR NO KEY UPDATE)\b|\(\s*SELECT\b", re.I)
_NOW = re.compile(r"\b(now\s*\(|current_timestamp|current_date|clock_timestamp|localtimestamp)", re.I)
_FANCY = re.compile(r"\bMERGE\b|\bON DELETE SET NULL\b", re.I)


@pytest.mark.anyio
async def test_every_statement_can_be_prepared(dsn: str) -> None:
    db: Any = await asyncpg.connect(dsn)
    try:
        await prepare_connection(db)
        broken: list[str] = []
        for name, statement in statements().items():
            try:
                await db.prepare(statement.text)
            except asyncpg.PostgresError as error:
                broken.append(f"{name}: {error}")
        assert not broken, "\n".join(broken)
    finally:
        await db.close()


@pytest.mark.anyio
async def test_every_statement_names_its_tenant(dsn: str) -> None:
    """Escape, with the reason: a comment `-- across chains: why` in the statement."""
    db: Any = await asyncpg.connect(dsn)
    try:
        tables = {row["table_name"] for row in await db.fetch(TENANT_TABLES)} - GLOBAL
    finally:
        await db.close()
    loose = [
        f"{name}: {', '.join(missing)}"
        for name, statement in statements().items()
        if not ACROSS.search(f"{statement.comment}\n{statement.text}")
        and (missing := untenanted(statement.text, statement.params, tables))
    ]
    assert not loose, "\n".join(loose)


def test_a_statement_that_decides_says_why() -> None:
    """What joins, locks or selects within a select has its reason in the line below its name."""
    silent = [
        name
        for name, statement in statements().items()
        if DECIDES.search(statement.text) and not statement.comment.strip()
    ]
    assert not silent, "\n".join(silent)


def test_statements_do_not_read_the_clock() -> None:
    """The application's clock can be moved by tests, and means the same on every node: times come as parameters.

    The job queue's own tables live by the database's clock.
    """
    mine = {name: statement.text for name, statement in statements().items() if "pgqueuer" not in statement.text}
    reading = [name for name, text in mine.items() if _NOW.search(text)]
    assert not reading, "\n".join(reading)


def test_statements_run_on_citus() -> None:
    assert [name for name, statement in statements().items() if _FANCY.search(statement.text)] == []


@pytest.mark.parametrize(
    ("text", "params", "missing"),
    [
        ("SELECT * FROM visits WHERE chain_id = $1 AND id = $2", ("chain_id", "id"), []),
        ("SELECT * FROM visits WHERE id = $1", ("id",), ["visits"]),
        (
            "SELECT * FROM visits v JOIN clients c ON c.chain_id = v.chain_id WHERE v.chain_id = $1",
            ("chain_id",),
            ["c"],
        ),
        ("SELECT * FROM visits v JOIN clients c ON c.chain_id = $1 WHERE v.chain_id = $1", ("chain_id",), []),
        (
            "SELECT (SELECT 1 FROM clients c WHERE c.id = 1), (SELECT 1 FROM clients c WHERE c.chain_id = $1)",
            ("chain_id",),
            ["c"],
        ),
        ("INSERT INTO visits (id) VALUES ($1)", ("id",), ["visits"]),
        ("INSERT INTO visits (chain_id, id) VALUES ($1, $2)", ("chain_id", "id"), []),
        ("UPDATE visits SET id = 1 WHERE chain_id = $1", ("id",), ["visits"]),
        ("DELETE FROM visits -- chain_id = $1\n WHERE id = $1", ("id",), ["visits"]),
    ],
)
def test_the_test_sees_a_forgotten_tenant(text: str, params: tuple[str, ...], missing: list[str]) -> None:
    assert untenanted(text, params, {"visits", "clients"}) == missing
