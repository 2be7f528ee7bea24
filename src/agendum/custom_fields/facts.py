"""The custom fields of a location, kept in the process: what values are checked against, and which are shown."""

from __future__ import annotations

from agendum.core.cache import Cache
from agendum.core.db.sql import Connection, load
from agendum.custom_fields.wire import Category, CustomField

sql = load(__file__)

_fields: Cache[int, dict[Category, list[CustomField]]] = Cache("custom_fields")


async def fields_of(db: Connection, chain_id: int, location_id: int, category: Category) -> list[CustomField]:
    """The living fields of a category, those of the location and of its chain. Who changes them forgets them."""

    async def load_fields() -> dict[Category, list[CustomField]]:
        rows = await sql.fields_of_location.rows(db, chain_id=chain_id, location_id=location_id)
        found: dict[Category, list[CustomField]] = {"record": [], "client": []}
        for row in rows:
            found[row["category"]].append(CustomField(row["code"], row["kind"], row["choices"]))
        return found

    kept = await _fields.get(location_id, load_fields)
    assert kept is not None
    return kept[category]
