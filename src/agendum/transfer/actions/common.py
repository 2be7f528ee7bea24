"""What every import has in common: where it goes, what becomes of a line, batches that are each a transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import asyncpg
import msgspec

from agendum.chains.facts import LocationFacts, location_facts
from agendum.clients.rules.given import Field
from agendum.core.db.sql import Connection, load
from agendum.core.errors import NotFound
from agendum.transfer.rules.sheets import Line, Totals

T = TypeVar("T")

sql = load(str(Path(__file__).parent))

BATCH = 2_000  # lines of one transaction
_ATTEMPTS = 5


class MetError(Exception):
    """Somebody else has just made what this batch was to make."""


_CONFLICTS = (MetError, asyncpg.DeadlockDetectedError, asyncpg.UniqueViolationError, asyncpg.ExclusionViolationError)


class Refusals:
    """Counts what becomes of lines, and hands on each that is refused with its reason."""

    def __init__(self, hear: Callable[[int, str], None]) -> None:
        self.totals = Totals()
        self._hear = hear

    def refuse(self, number: int, reason: str) -> None:
        self.totals.refused += 1
        self._hear(number, reason.rstrip("."))


class Mode(msgspec.Struct, frozen=True, kw_only=True):
    """How to import. `dry`: tell what would be done, write nothing; `quiet`: tell no listener; `overbook`: put
    appointments over time that is taken."""

    at: datetime
    dry: bool = False
    quiet: bool = False
    overbook: bool = False


async def place_of(db: Connection, location_id: int) -> LocationFacts:
    """The location. Raises NotFound."""
    chain_id = await sql.chain_of_place.value(db, location_id=location_id)
    if chain_id is None:
        raise NotFound(f"There is no location {location_id}.")
    return await location_facts(db, chain_id, location_id)


async def tags_here(db: Connection, place: LocationFacts, entity: int) -> dict[str, int]:
    """Ids of tags by their titles in small letters; of two of one title the older."""
    rows = await sql.tags_here.rows(db, chain_id=place.chain_id, location_id=place.id, entity=entity)
    return {row["title"].strip().lower(): row["id"] for row in rows}


async def fields_here(db: Connection, place: LocationFacts, category: str) -> list[Field]:
    rows = await sql.fields_here.rows(db, chain_id=place.chain_id, location_id=place.id, category=category)
    return [Field(row["code"], row["kind"], row["choices"]) for row in rows]


def batches(lines: Iterable[Line]) -> Iterable[list[Line]]:
    source = iter(lines)
    while batch := list(islice(source, BATCH)):
        yield batch


async def whole(db: Connection, task: Callable[[], Awaitable[T]]) -> T:
    """Do a batch in a transaction; again when it ran into somebody else's work, which is then done."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            async with db.transaction():
                return await task()
        except _CONFLICTS:
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("every attempt returns or raises")
