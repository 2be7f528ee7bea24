"""Looking for clients stays quick in a big business."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from agendum.clients.actions import sql
from agendum.clients.rules.filters import tree_of
from agendum.clients.rules.shown import view_of
from agendum.clients.search import statement_of
from agendum.clients.wire import Filter
from agendum.core import clock
from agendum.core.db.pool import prepare_connection
from agendum.core.rights import owner_rights
from tests.makers.world import make_chain, make_place

pytestmark = pytest.mark.anyio


async def test_a_client_is_found_by_the_index_of_phones(dsn: str) -> None:
    """With the generic plan that the server uses: a parameter alone does not let it use a partial index."""
    db: Any = await asyncpg.connect(dsn, server_settings={"plan_cache_mode": "force_generic_plan"})
    try:
        await prepare_connection(db)
        chain_id = await make_chain(db, "Big")
        place = await make_place(db, chain_id, "Big", zone="America/New_York")
        await db.execute(
            """INSERT INTO clients (chain_id, location_id, name, phone, created_at, updated_at)
               SELECT $1, $2, 'Client', 13150000000 + n, now(), now() FROM generate_series(1, 5000) AS n""",
            chain_id,
            place,
        )
        await db.execute("ANALYZE clients")
        statement = sql.find_or_make_client
        await db.execute(f"PREPARE find AS {statement.text}")
        values = {
            "chain_id": chain_id, "location_id": place, "phone": "'13150000007'", "name": "'J'", "surname": "''",
            "email": "''", "at": f"'{clock.now().isoformat()}'", "client_kind": "'k'", "client_notice": "'{}'",
                "author_user_id": "NULL", "author_partner_id": "NULL", "request_id": "'r'",
        }  # fmt: skip
        given = ", ".join(str(values[name]) for name in statement.params)
        plan = "\n".join(row[0] for row in await db.fetch(f"EXPLAIN EXECUTE find ({given})"))
    finally:
        await db.close()
    assert "clients_phone_once" in plan
    assert "Seq Scan" not in plan


async def test_a_search_by_text_goes_by_the_index_of_names_and_contacts(dsn: str) -> None:
    """Sums are then looked up for those who were found, not for everybody."""
    filters = [
        Filter(type="quick_search", state={"value": "smith"}),
        Filter(type="sold_amount", state={"from": 10}),
        Filter(type="importance", state={"value": [1]}),
    ]
    owner = view_of(owner_rights(1), ZoneInfo("America/New_York"), in_card=False)
    tree = tree_of(filters, "AND", owner, "US")
    db: Any = await asyncpg.connect(dsn, server_settings={"plan_cache_mode": "force_generic_plan"})
    try:
        await prepare_connection(db)
        chain_id = await make_chain(db, "Big")
        place = await make_place(db, chain_id, "Big", zone="America/New_York")
        await db.execute(
            """INSERT INTO clients (chain_id, location_id, name, surname, phone, created_at, updated_at)
               SELECT $1, $2, 'Client', md5(n::text), 13150000000 + n, now(), now()
                 FROM generate_series(1, 5000) AS n""",
            chain_id,
            place,
        )
        await db.execute(
            """INSERT INTO client_stats (chain_id, location_id, client_id, spent)
               SELECT chain_id, location_id, id, id FROM clients"""
        )
        await db.execute("ANALYZE clients")
        await db.execute("ANALYZE client_stats")
        text, values = statement_of(tree, (chain_id, place), ("id", "name"), "name", False, 50, 0)
        await db.execute(f"PREPARE search AS {text}")
        given = ", ".join(f"'{{{value[0]}}}'" if isinstance(value, list) else f"'{value}'" for value in values)
        plan = "\n".join(row[0] for row in await db.fetch(f"EXPLAIN EXECUTE search ({given})"))
    finally:
        await db.close()
    assert "clients_by_search" in plan, plan
    assert "Seq Scan" not in plan, plan
