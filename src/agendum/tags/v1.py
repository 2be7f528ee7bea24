"""Tags in v1, where they are called labels. Deprecated: v2 has the same data."""

from __future__ import annotations

from typing import Annotated

import msgspec

from agendum.chains.facts import location_facts
from agendum.core.envelope import Answer, Done, accepted
from agendum.core.errors import Invalid, NotFound
from agendum.core.permissions import may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.tags import actions, rules
from agendum.tags.actions import sql
from agendum.tags.wire import NewTag, Tag, TagPatch

routes = Routes("/api/v1", group="tags")
_NEEDS = may("settings_clients_labels_access")


@routes.post("/labels/{location_id}", needs=_NEEDS, status=200)
async def create_tag(call: Call, query: NewTag) -> Answer[Tag]:
    """A new tag. Its values travel in the query."""
    await location_facts(call.db, call.chain_id, call.location_id)
    tag_id = await actions.add(call, query)
    [tag] = msgspec.json.decode(await _tags(call, tag_id=tag_id), type=Answer[list[Tag]]).data
    return Answer(data=tag)


@routes.get("/labels/{location_id}/{entity}", needs=_NEEDS)
async def get_tag_list_by_entity(call: Call, entity: str) -> Annotated[bytes, Answer[list[Tag]]]:
    """The tags of a location for one kind of things, by alias or number."""
    try:
        number = rules.entity_of(entity)
    except Invalid:
        raise NotFound("There are no tags of this kind.") from None
    await location_facts(call.db, call.chain_id, call.location_id)
    return await _tags(call, entity=number)


@routes.put("/labels/{location_id}/{tag_id}", needs=_NEEDS, status=202)
async def update_tag_by_tag_id(call: Call, tag_id: int, body: TagPatch) -> Done:
    """Change what the body names. 403 for a tag of the system's own or of another location."""
    await actions.change(call, tag_id, body)
    return accepted()


@routes.delete("/labels/{location_id}/{tag_id}", needs=_NEEDS)
async def delete_tag_by_tag_id(call: Call, tag_id: int) -> Done:
    """Mark a tag as deleted: it can be chosen no more. 403 as for a change."""
    await actions.delete(call, tag_id)
    return accepted()


async def _tags(call: Call, *, entity: int | None = None, tag_id: int | None = None) -> bytes:
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    text: str = await sql.tags_v1.value(call.db, **place, entity=entity, tag_id=tag_id)
    return text.encode()
