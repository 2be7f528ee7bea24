"""Telling a person what is held about him, and erasing him when he asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agendum.clients.actions import REMOVE, Files, file_link
from agendum.clients.errors import NoSuchClient
from agendum.clients.hooks import holders
from agendum.clients.notices import ClientDeleted
from agendum.clients.rules.given import EMPTY
from agendum.clients.wire import Held, HeldChange, HeldClient, HeldComment, HeldFile, HeldSums
from agendum.core.audit import author_of, note_change
from agendum.core.clock import wire_time
from agendum.core.db.sql import load
from agendum.core.jobs import enqueue
from agendum.core.outbox import tell
from agendum.core.server import Call

sql = load(__file__)

_PERSONAL = [*(name for name in EMPTY if name not in ("spent_before", "balance_before")), "text"]


async def erase(call: Call, client_id: int, member_id: int) -> None:
    """Erase a person: name, phones, comments, files, values, what the trail says of them. Sums and appointments stay,
    of nobody. Raises NoSuchClient, also for one who has been erased."""
    key = {"chain_id": call.chain_id, "id": client_id}
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    if await sql.lock_person.row(call.db, **place, id=client_id, member_id=member_id) is None:
        raise NoSuchClient()
    for holder in holders():
        await holder.erase(call.db, call.chain_id, client_id, call.now)
    await sql.erase_comments.run(call.db, **key)
    paths: list[str] = await sql.erase_files.value(call.db, **key)
    await sql.erase_tags.run(call.db, **key)
    await sql.erase_client.run(call.db, **key, at=call.now)
    await sql.erase_trail.run(call.db, **key, personal=_PERSONAL)
    if paths:
        await enqueue(call.db, REMOVE, Files(paths))
    await note_change(
        call.db,
        author_of(call),
        **place,
        entity="client",
        entity_id=client_id,
        before={"erased": False},
        after={"erased": True},
        at=call.now,
    )
    await tell(call.db, ClientDeleted(**place, client_id=client_id), call.now)


async def held(call: Call, client_id: int, member_id: int, tz: ZoneInfo) -> Held:
    """Everything that is held about a person, deleted or not. Raises NoSuchClient."""
    key = {"chain_id": call.chain_id, "client_id": client_id}
    row = await sql.held_person.row(
        call.db, chain_id=call.chain_id, location_id=call.location_id, id=client_id, member_id=member_id
    )
    if row is None:
        raise NoSuchClient()

    def when(at: datetime | None) -> str | None:
        return None if at is None else wire_time(at, tz)

    known: dict[str, Any] = {n: when(value) if isinstance(value, datetime) else value for n, value in row.items()}
    names = (HeldClient.__struct_fields__, HeldSums.__struct_fields__)
    comments = await sql.comments.rows(call.db, **key, comment_id=None)
    files = await sql.files.rows(call.db, **key, file_id=None)
    changes = await sql.held_changes.rows(call.db, chain_id=call.chain_id, id=client_id)
    return Held(
        client=HeldClient(**{name: known[name] for name in names[0]}),
        comments=[
            HeldComment(at=wire_time(one["created_at"], tz), text=one["text"], author=one["user_name"] or "")
            for one in comments
            if one["file_id"] is None
        ],
        files=[
            HeldFile(
                at=wire_time(one["created_at"], tz),
                name=one["name"],
                mime=one["mime"],
                description=one["description"],
                link=call.server.url(file_link(call.location_id, client_id, one["id"])),
            )
            for one in files
        ],
        sums=HeldSums(**{name: known[name] for name in names[1]}),
        changes=[
            HeldChange(at=wire_time(one["at"], tz), entity=one["entity"], before=one["before"], after=one["after"])
            for one in changes
        ],
        other={holder.name: await holder.held(call.db, call.chain_id, client_id) for holder in holders()},
    )
