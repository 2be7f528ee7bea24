"""Writing messages down, and how their sending ended."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from agendum.core.db.pool import Pool
from agendum.core.db.sql import Connection, load
from agendum.messaging.rules import Channel, Kind
from agendum.messaging.writing import Letter

sql = load(__file__)

Status = str  # waiting, sent, kept, failed, cancelled
_TROUBLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Message(msgspec.Struct, kw_only=True):
    """A message as an operator sees it. `recipient`: E.164 digits, or an e-mail address."""

    id: int
    chain_id: int
    location_id: int | None
    appointment_id: int | None
    kind: str
    channel: str
    recipient: str
    subject: str
    body: str
    status: Status
    error: str
    created_at: datetime
    sent_at: datetime | None


async def write_message(
    db: Connection,
    *,
    chain_id: int,
    location_id: int,
    appointment_id: int | None,
    kind: Kind,
    channel: Channel,
    recipient: str,
    letter: Letter,
    status: Status,
    dedupe_key: str,
    at: datetime,
) -> int | None:
    """The id of the new message; None when it was written before or says what the last one to this person about
    this visit said."""
    return await sql.write_message.value(
        db,
        chain_id=chain_id,
        location_id=location_id,
        appointment_id=appointment_id,
        kind=kind,
        channel=channel,
        recipient=recipient,
        subject=letter.subject,
        body=letter.body,
        status=status,
        dedupe_key=dedupe_key,
        at=at,
    )


async def settle_message(
    pool: Pool, chain_id: int, message_id: int, status: Status, *, error: str = "", sent_at: datetime | None = None
) -> None:
    """Write down how an attempt ended, trying for some seconds: what was sent and not marked is sent again."""
    for pause in (0.2, 1.0, 3.0, None):
        try:
            async with pool.acquire() as db:
                await sql.settle_message.run(
                    db, status=status, error=error[:500], sent_at=sent_at, chain_id=chain_id, id=message_id
                )
            return
        except _TROUBLE:
            if pause is None:
                raise
            await asyncio.sleep(pause)


async def list_messages(db: Connection, recipient: str | None = None, limit: int = 50) -> list[Message]:
    """The newest messages of all businesses, or those to one phone (E.164 digits) or e-mail address."""
    rows = await sql.recent_messages.rows(db, recipient=recipient, count=limit)
    return [Message(**dict(row)) for row in rows]


class Letters:
    """The messages to a client: part of what is held about him."""

    name = "messages"

    async def held(self, db: Connection, chain_id: int, client_id: int) -> Any:
        rows = await sql.messages_of_client.rows(db, chain_id=chain_id, client_id=client_id)
        return [{**row, "created_at": row["created_at"].isoformat()} for row in rows]

    async def erase(self, db: Connection, chain_id: int, client_id: int, at: datetime) -> None:
        """All of them; what still waits is not sent."""
        await sql.forget_messages.run(db, chain_id=chain_id, client_id=client_id)
