"""A small business whose clients and appointments come from files."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from agendum.chains.facts import LocationFacts
from agendum.core import cache
from agendum.core.clock import now
from agendum.transfer.actions.appointments import export_appointments, import_appointments
from agendum.transfer.actions.clients import export_clients, import_clients
from agendum.transfer.actions.common import Mode, place_of
from agendum.transfer.rules.sheets import Totals
from tests.makers.world import Business, connect, make_small_world

IMPORT = {"clients": import_clients, "appointments": import_appointments}
EXPORT = {"clients": export_clients, "appointments": export_appointments}


@dataclass
class Ledger:
    """`refused` holds the lines that the last import refused, with their reasons."""

    dsn: str
    db: Any
    business: Business
    stranger_location_id: int
    refused: dict[int, str] = field(default_factory=dict[int, str])

    @property
    def here(self) -> int:
        return self.business.location_id

    async def place(self, location_id: int | None = None) -> LocationFacts:
        return await place_of(self.db, location_id or self.here)

    async def bring(self, what: str, text: str, *, location_id: int | None = None, **mode: bool) -> Totals:
        self.refused = {}
        lines = io.StringIO(text, newline="")
        place = await self.place(location_id)
        return await IMPORT[what](self.db, place, lines, Mode(at=now(), **mode), self.refused.__setitem__)

    async def take(self, what: str, location_id: int | None = None) -> str:
        """An export."""
        out = io.StringIO(newline="")
        async for page in EXPORT[what](self.db, await self.place(location_id)):
            csv.writer(out, lineterminator="\n").writerows(page)
        return out.getvalue()

    async def rows(self, what: str, location_id: int | None = None) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(await self.take(what, location_id))))

    def day(self, ahead: int) -> date:
        return now().astimezone(self.business.zone).date() + timedelta(days=ahead)

    async def everything(self) -> dict[str, int]:
        """How many rows each table has that an import could write to."""
        tables = ("clients", "client_origins", "client_stats", "client_tags", "appointments", "appointment_services")
        tables += ("appointment_tags", "visits", "busy", "days", "outbox", "audit_log")
        return {table: await self.db.fetchval(f"SELECT count(*) FROM {table}") for table in tables}


@pytest.fixture
async def ledger(dsn: str) -> AsyncIterator[Ledger]:
    cache.drop_everywhere_here()
    db = await connect(dsn)
    try:
        small = await make_small_world(db)
        yield Ledger(dsn, db, small.business, small.stranger_location_id)
    finally:
        await db.close()
        cache.drop_everywhere_here()


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "sheet.csv"
