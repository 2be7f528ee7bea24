"""Making, changing and deleting tags, each with its entry in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from agendum.core.audit import author_of, note_change
from agendum.core.db.sql import load
from agendum.core.errors import Forbidden, NotFound
from agendum.core.server import Call
from agendum.tags import rules
from agendum.tags.wire import NewTag, TagPatch

sql = load(__file__)

_Facts = Mapping[str, Any]


async def add(call: Call, new: NewTag) -> int:
    """A new tag of the location; gives its id. Raises Invalid."""
    facts = {
        "entity": rules.entity_of(new.entity),
        "title": rules.title_of(new.title),
        "color": new.color[:7],
        "font_color": rules.font_color(new.color),
        "icon": new.icon.strip(),
    }
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    tag_id = await sql.add_tag.value(call.db, **place, **facts, at=call.now)
    await _note(call, tag_id, None, facts)
    return tag_id


async def change(call: Call, tag_id: int, body: TagPatch) -> None:
    """Change what the body names. Raises NotFound, Forbidden (see `_lock`) and Invalid."""
    known = await _lock(call, tag_id)
    patch: dict[str, Any] = {}
    if body.title is not UNSET:
        patch["title"] = rules.title_of(body.title)
    if body.color is not UNSET:
        patch |= {"color": body.color[:7], "font_color": rules.font_color(body.color)}
    if body.icon is not UNSET:
        patch["icon"] = body.icon.strip()
    if body.entity is not UNSET:
        patch["entity"] = rules.entity_of(body.entity)
    if patch:
        await sql.change_tag.run(call.db, chain_id=call.chain_id, tag_id=tag_id, patch=patch, at=call.now)
        await _note(call, tag_id, known, {**known, **patch})


async def delete(call: Call, tag_id: int) -> None:
    """Mark a tag as deleted. Raises NotFound and Forbidden (see `_lock`)."""
    known = await _lock(call, tag_id)
    await sql.delete_tag.run(call.db, chain_id=call.chain_id, tag_id=tag_id, at=call.now)
    await _note(call, tag_id, known, None)


async def _lock(call: Call, tag_id: int) -> _Facts:
    """Hold a living tag. Raises NotFound, and Forbidden for the system's own or one of another location."""
    row = await sql.lock_tag.row(call.db, chain_id=call.chain_id, tag_id=tag_id)
    if row is None:
        raise NotFound("Tag not found.")
    if row["location_id"] != call.location_id or row["is_system"]:
        raise Forbidden("This tag cannot be changed here.")
    return {name: row[name] for name in ("entity", "title", "color", "font_color", "icon")}


async def _note(call: Call, tag_id: int, before: _Facts | None, after: _Facts | None) -> None:
    await note_change(
        call.db,
        author_of(call),
        chain_id=call.chain_id,
        location_id=call.location_id,
        entity="tag",
        entity_id=tag_id,
        before=before,
        after=after,
        at=call.now,
    )
