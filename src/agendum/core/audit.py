"""The audit trail: who changed what and when, written in the transaction of the change.

What a domain stores of a thing is compared by a statement of that domain, its `Kind`: read when the thing is locked and
once more when all is written.

    seen = await watch(call.db, SERVICE, call.chain_id, call.location_id, [service_id])
    ...
    await seen.note(author_of(call), call.now)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import structlog

from agendum.core.db.sql import Connection, Statement, load
from agendum.core.server import Call

sql = load(__file__)

_COMMON = ("chain_id", "id", "location_id", "created_at", "updated_at", "deleted_at")
_decode = msgspec.json.Decoder(dict[str, Any], float_hook=str).decode


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes a change: the signed-in user, the integration that speaks for him, the request's id in the log."""

    user_id: int | None = None
    partner_id: int | None = None
    request_id: str = ""


def author_of(call: Call) -> Author:
    actor = call.actor
    return Author(
        user_id=actor.user.id if actor.user else None,
        partner_id=actor.partner.id if actor.partner else None,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )


class Kind(NamedTuple):
    """A kind of thing in the trail. `facts` takes chain_id, location_id and ids; it gives, of those that are there, id,
    location_id (null: the whole chain's) and facts, the text of a JSON object without secrets. Ids of the row and its
    times of writing may be in it and are left out."""

    entity: str
    facts: Statement


class _Stored(NamedTuple):
    location_id: int | None
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Watch:
    """Things of one kind as they were stored."""

    db: Connection
    kind: Kind
    key: Mapping[str, Any]
    before: Mapping[int, _Stored]

    async def note(self, author: Author, at: datetime) -> None:
        """Write an entry for each that is another now."""
        after = await _stored(self.db, self.kind, self.key)
        entries: list[dict[str, Any]] = []
        for entity_id in sorted(self.before.keys() | after.keys()):
            was, now = self.before.get(entity_id), after.get(entity_id)
            kept = difference(was and was.facts, now and now.facts)
            place = now or was
            if kept is not None and place is not None:
                entries.append(_entry(place.location_id, self.kind.entity, entity_id, *kept))
        await _write(self.db, author, self.key["chain_id"], entries, at)


async def watch(
    db: Connection, kind: Kind, chain_id: int, location_id: int | None, ids: Collection[int], **more: Any
) -> Watch:
    """See these things, which are locked, as they are before they change. `more`: what else the statement takes."""
    key = {"chain_id": chain_id, "location_id": location_id, "ids": list(ids), **more}
    return Watch(db, kind, key, await _stored(db, kind, key))


async def note_new(
    db: Connection,
    author: Author,
    kind: Kind,
    chain_id: int,
    location_id: int | None,
    ids: Collection[int],
    at: datetime,
) -> None:
    """Write the entries of things that were just made."""
    await Watch(db, kind, {"chain_id": chain_id, "location_id": location_id, "ids": list(ids)}, {}).note(author, at)


async def note_change(
    db: Connection,
    author: Author,
    *,
    chain_id: int,
    location_id: int | None,
    entity: str,
    entity_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    at: datetime,
) -> None:
    """Write one entry. Of a change only what differs is kept, and nothing is written when nothing does.

    `before` is None for a thing that is new, `after` for one that is gone. Values are what JSON can hold, or Decimals,
    dates and moments, which are kept as text.
    """
    kept = difference(before, after)
    if kept is not None:
        await _write(db, author, chain_id, [_entry(location_id, entity, entity_id, *kept)], at)


def difference(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[Any, Any] | None:
    """What an entry keeps of both sides; None when they are the same."""
    was, now = _plain(before), _plain(after)
    if was is None or now is None:
        return None if was is now else (was, now)
    names = [name for name in was.keys() | now.keys() if was.get(name) != now.get(name)]
    if not names:
        return None
    return {name: was.get(name) for name in sorted(names)}, {name: now.get(name) for name in sorted(names)}


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else msgspec.to_builtins(dict(values), enc_hook=str)


async def _stored(db: Connection, kind: Kind, key: Mapping[str, Any]) -> dict[int, _Stored]:
    found: dict[int, _Stored] = {}
    for row in await kind.facts.rows(db, **key):
        facts = {name: value for name, value in _decode(row["facts"]).items() if name not in _COMMON}
        found[row["id"]] = _Stored(row["location_id"], facts)
    return found


def _entry(location_id: int | None, entity: str, entity_id: int, before: Any, after: Any) -> dict[str, Any]:
    return {"location_id": location_id, "entity": entity, "entity_id": entity_id, "before": before, "after": after}


async def _write(
    db: Connection, author: Author, chain_id: int, entries: Collection[dict[str, Any]], at: datetime
) -> None:
    if entries:
        who = msgspec.structs.asdict(author)
        await sql.write_audit.run(db, chain_id=chain_id, entries=list(entries), **who, at=at)
