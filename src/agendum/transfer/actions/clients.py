"""Clients from CSV and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any

import msgspec

from agendum.chains.facts import LocationFacts
from agendum.clients.notices import ClientCreated
from agendum.clients.rules.given import EMPTY, Field
from agendum.core.db.sql import Connection, Row
from agendum.core.errors import Invalid
from agendum.core.outbox import body_of
from agendum.core.phone import show_phone
from agendum.transfer.actions.common import BATCH, Mode, Refusals, batches, fields_here, sql, tags_here, whole
from agendum.transfer.rules.clients import COLUMNS, REQUIRED, ClientLine, Known, client_of, own_mark
from agendum.transfer.rules.sheets import FIELD, SEPARATOR, Totals, read, value_text

_COLUMNS = {name: value for name, value in EMPTY.items() if name not in ("custom_fields", "tags")}
_EMPTY = {**_COLUMNS, "is_blacklisted": False}
JUST_MADE = "somebody has just made a client with this phone: import again"


class _Seen:
    """Which line was the first to speak of a client, by what he is known by and by his id."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], int] = {}
        self._ids: dict[int, int] = {}

    def check(self, line: ClientLine) -> None:
        """Raises Invalid for a second line about somebody."""
        for key in line.keys:
            if (first := self._keys.get(key)) is not None:
                raise Invalid(f"{key[0]}: stands in line {first} already")
        self._keys |= dict.fromkeys(line.keys, line.n)

    def first_of(self, client_id: int, number: int) -> int:
        return self._ids.setdefault(client_id, number)


async def import_clients(
    db: Connection, place: LocationFacts, text: Iterable[str], mode: Mode, hear: Callable[[int, str], None]
) -> Totals:
    """Write the clients of a CSV text, given line by line. A line is refused with its reason, or done; batches are done
    one after the other, so that what was done stays when it ends early. Raises Invalid for a wrong header.
    """
    fields = await fields_here(db, place, "client")
    tags = await tags_here(db, place, 1)
    known = Known(location_id=place.id, country_iso=place.country_iso, tags=tags, fields=fields)
    refusals, seen = Refusals(hear), _Seen()
    for batch in batches(read(text, COLUMNS, REQUIRED, [field.code for field in fields])):
        refusals.totals.lines += len(batch)
        lines: list[ClientLine] = []
        for line in batch:
            try:
                client = client_of(line, known)
                seen.check(client)
            except Invalid as error:
                refusals.refuse(line.number, error.message)
            else:
                lines.append(client)
        if lines:
            await _write(db, place, lines, mode, refusals, seen)
    return refusals.totals


async def _write(
    db: Connection, place: LocationFacts, lines: Sequence[ClientLine], mode: Mode, refusals: Refusals, seen: _Seen
) -> None:
    here = {"chain_id": place.chain_id, "location_id": place.id}

    async def write() -> tuple[dict[int, Any], list[ClientLine], list[ClientLine], dict[int, int]]:
        rows = await sql.known_clients.rows(db, **here, rows=[msgspec.structs.asdict(line) for line in lines])
        known = {row["n"]: row for row in rows}
        new = [line for line in lines if line.n not in known]
        changed = [line for line in lines if (row := known.get(line.n)) and _is_change(row, line, seen)]
        if mode.dry:
            return known, new, changed, dict.fromkeys((line.n for line in new), 0)
        made = await make_clients(db, place, new, mode)
        if changed:
            given = [{**msgspec.structs.asdict(line), "id": known[line.n]["id"]} for line in changed]
            await sql.change_clients.rows(db, **here, rows=given, at=mode.at)
        return known, new, changed, made

    known, new, changed, made = await whole(db, write)
    for line in new:
        if line.n not in made:
            refusals.refuse(line.n, JUST_MADE)
    for line in lines:
        if (row := known.get(line.n)) is None:
            continue
        if row["other_id"] is not None:
            refusals.refuse(line.n, "external_id: it is that of another client, not of the one with this phone")
        elif (first := seen.first_of(row["id"], line.n)) != line.n:
            refusals.refuse(line.n, f"the client stands in line {first} already")
        elif line not in changed:
            refusals.totals.same += 1
    for number, client_id in made.items():
        if client_id:
            seen.first_of(client_id, number)
    refusals.totals.new += len(made)
    refusals.totals.changed += len(changed)


def _is_change(row: Any, line: ClientLine, seen: _Seen) -> bool:
    return row["other_id"] is None and row["is_changed"] and seen.first_of(row["id"], line.n) == line.n


async def make_clients(db: Connection, place: LocationFacts, lines: Sequence[ClientLine], mode: Mode) -> dict[int, int]:
    """Write new clients; gives the id of each by its line. Who is missing has just been made by somebody else."""
    if not lines:
        return {}
    notice = ClientCreated(chain_id=place.chain_id, location_id=place.id, client_id=0)
    rows = await sql.import_clients.rows(
        db,
        chain_id=place.chain_id,
        location_id=place.id,
        rows=[_EMPTY | line.facts | msgspec.structs.asdict(line) for line in lines],
        at=mode.at,
        kind=ClientCreated.kind,
        notice=body_of(notice),
        tells=not mode.quiet,
    )
    return {row["n"]: row["id"] for row in rows}


async def export_clients(db: Connection, place: LocationFacts) -> AsyncIterator[Sequence[Sequence[str]]]:
    """The header, then the living clients of a location in the order of their ids, some at a time."""
    fields = await fields_here(db, place, "client")
    yield [[*COLUMNS, *(FIELD + field.code for field in fields)]]
    after = 0
    while rows := await sql.exported_clients.rows(
        db, chain_id=place.chain_id, location_id=place.id, after=after, count=BATCH
    ):
        after = rows[-1]["id"]
        yield [_cells(row, fields, place) for row in rows]


def _cells(row: Row, fields: Sequence[Field], place: LocationFacts) -> list[str]:
    mark = row["external_id"] or ("" if row["phone"] else own_mark(place.id, row["id"]))
    shown = {
        **dict(row),
        "external_id": mark,
        "phone": show_phone(row["phone"]),
        "tag": SEPARATOR.join(row["tags"]),
    }
    values = row["custom_fields"]
    return [*(cell(shown[name]) for name in COLUMNS), *(value_text(values.get(field.code)) for field in fields)]


def cell(value: Any) -> str:
    """A value as it stands in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


class Origins:
    """What is held about a person here: the ids that other systems gave."""

    name = "external_ids"

    async def held(self, db: Connection, chain_id: int, client_id: int) -> Any:
        rows = await sql.origins_of.rows(db, chain_id=chain_id, client_id=client_id)
        return [row["external_id"] for row in rows]

    async def erase(self, db: Connection, chain_id: int, client_id: int, at: Any) -> None:
        """All of them."""
        await sql.forget_origins.run(db, chain_id=chain_id, client_id=client_id)
