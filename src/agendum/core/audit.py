"""The audit trail: who changed what and when, written in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import structlog

from agendum.core.db.sql import Connection, load
from agendum.core.server import Call

sql = load(__file__)


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
    if kept is None:
        return
    await sql.write_audit.run(
        db,
        chain_id=chain_id,
        location_id=location_id,
        entity=entity,
        entity_id=entity_id,
        user_id=author.user_id,
        partner_id=author.partner_id,
        request_id=author.request_id,
        before=kept[0],
        after=kept[1],
        at=at,
    )


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
