"""Making, changing and deleting tags."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET

from agendum.core.db.sql import Connection, load
from agendum.core.errors import Forbidden, NotFound
from agendum.tags import rules
from agendum.tags.wire import NewTag, TagPatch

sql = load(__file__)


async def add(db: Connection, chain_id: int, location_id: int, new: NewTag, at: datetime) -> int:
    """A new tag of a location; gives its id. Raises Invalid."""
    return await sql.add_tag.value(
        db,
        chain_id=chain_id,
        location_id=location_id,
        entity=rules.entity_of(new.entity),
        title=rules.title_of(new.title),
        color=new.color[:7],
        font_color=rules.font_color(new.color),
        icon=new.icon.strip(),
        at=at,
    )


async def change(db: Connection, chain_id: int, location_id: int, tag_id: int, body: TagPatch, at: datetime) -> None:
    """Change what the body names. Raises NotFound, Forbidden (see `_lock`) and Invalid."""
    await _lock(db, chain_id, location_id, tag_id)
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
        await sql.change_tag.run(db, chain_id=chain_id, tag_id=tag_id, patch=patch, at=at)


async def delete(db: Connection, chain_id: int, location_id: int, tag_id: int, at: datetime) -> None:
    """Mark a tag as deleted. Raises NotFound and Forbidden (see `_lock`)."""
    await _lock(db, chain_id, location_id, tag_id)
    await sql.delete_tag.run(db, chain_id=chain_id, tag_id=tag_id, at=at)


async def _lock(db: Connection, chain_id: int, location_id: int, tag_id: int) -> None:
    """Hold a living tag. Raises NotFound, and Forbidden for the system's own or one of another location."""
    row = await sql.lock_tag.row(db, chain_id=chain_id, tag_id=tag_id)
    if row is None:
        raise NotFound("Tag not found.")
    if row["location_id"] != location_id or row["is_system"]:
        raise Forbidden("This tag cannot be changed here.")
