"""Tags in v2, under both forms of the path."""

from __future__ import annotations

from typing import Annotated

import msgspec

from agendum.chains.facts import location_facts
from agendum.core.errors import BadRequest, Invalid, NotFound
from agendum.core.jsonapi import Document, Resource
from agendum.core.permissions import may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.tags import actions, rules
from agendum.tags.actions import sql
from agendum.tags.wire import NewTag, TagAttributes, TagDocument, TagPatch, TagsQuery

routes = Routes("/api/v2", group="v2")
_OLDER = "tags"
_NEEDS = may("settings_clients_labels_access")

Tags = Document[list[Resource[TagAttributes]]]


@routes.get("/locations/{company_id}/tags", needs=_NEEDS)
async def list_tags(call: Call, query: TagsQuery) -> Annotated[bytes, Tags]:
    """The tags of a location, of one kind or all, in the order in which they were made."""
    entity = rules.entity_of(query.entity) if query.entity else None
    await location_facts(call.db, call.chain_id, call.location_id)
    return await _tags(call, entity=entity)


@routes.post("/locations/{company_id}/tags", needs=_NEEDS)
async def create_tag(call: Call, body: NewTag) -> TagDocument:
    """A new tag. 400 for a kind of things that does not exist."""
    try:
        rules.entity_of(body.entity)
    except Invalid as error:
        raise BadRequest(error.message, errors=error.errors) from None
    await location_facts(call.db, call.chain_id, call.location_id)
    return await _tag(call, await actions.add(call, body))


@routes.get("/locations/{company_id}/tags/{tag_id}", needs=_NEEDS)
async def get_tag(call: Call, tag_id: int) -> TagDocument:
    """One tag, a deleted one too: `is_deleted` says so."""
    return await _tag(call, tag_id)


@routes.put("/locations/{company_id}/tags/{tag_id}", needs=_NEEDS, status=204)
async def update_tag(call: Call, tag_id: int, body: TagPatch) -> None:
    """Change what the body names. 403 for a tag of the system's own or of another location."""
    await actions.change(call, tag_id, body)


@routes.delete("/locations/{company_id}/tags/{tag_id}", needs=_NEEDS, status=204)
async def delete_tag(call: Call, tag_id: int) -> None:
    """Mark a tag as deleted: it can be chosen no more. 403 as for a change."""
    await actions.delete(call, tag_id)


@routes.get("/companies/{company_id}/tags", needs=_NEEDS, group=_OLDER)
async def list_tags_v2(call: Call, query: TagsQuery) -> Annotated[bytes, Tags]:
    """The tags of a location, as under /locations."""
    return await list_tags(call, query)


@routes.post("/companies/{company_id}/tags", needs=_NEEDS, group=_OLDER)
async def create_tag_v2(call: Call, body: NewTag) -> TagDocument:
    """A new tag, as under /locations."""
    return await create_tag(call, body)


@routes.get("/companies/{company_id}/tags/{tag_id}", needs=_NEEDS, group=_OLDER)
async def get_tag_v2(call: Call, tag_id: int) -> TagDocument:
    """One tag, as under /locations."""
    return await get_tag(call, tag_id)


@routes.put("/companies/{company_id}/tags/{tag_id}", needs=_NEEDS, status=204, group=_OLDER)
async def update_tag_v2(call: Call, tag_id: int, body: TagPatch) -> None:
    """Change what the body names, as under /locations."""
    await update_tag(call, tag_id, body)


@routes.delete("/companies/{company_id}/tags/{tag_id}", needs=_NEEDS, status=204, group=_OLDER)
async def delete_tag_v2(call: Call, tag_id: int) -> None:
    """Mark a tag as deleted, as under /locations."""
    await delete_tag(call, tag_id)


async def _tags(call: Call, *, entity: int | None = None, tag_id: int | None = None) -> bytes:
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    text: str = await sql.tags_v2.value(call.db, **place, entity=entity, tag_id=tag_id, entities=rules.ENTITIES)
    return text.encode()


async def _tag(call: Call, tag_id: int) -> TagDocument:
    found = msgspec.json.decode(await _tags(call, tag_id=tag_id), type=Tags).data
    if not found:
        raise NotFound("Tag not found.")
    return TagDocument(data=found[0])
