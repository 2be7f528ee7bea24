"""Custom fields in v2: a list with filters."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from agendum.chains.facts import location_facts
from agendum.core.errors import Invalid
from agendum.core.permissions import MEMBER
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.core.wire import to_json
from agendum.custom_fields import rules
from agendum.custom_fields.actions import sql
from agendum.custom_fields.wire import Fields, FieldsQuery

routes = Routes("/api/v2", group="v2")


@routes.get("/locations/{location_id}/custom_fields", needs=MEMBER)
async def list_custom_fields(call: Call, query: FieldsQuery) -> Annotated[bytes, Fields]:
    """The fields of a location and of its chain, heavier first: those whose values the caller may read.

    `include` adds the type of each field and its options (visible, editable, required). 403 when the caller may read
    no values of what he asks for.
    """
    category = query.parent_entity_type or query.entity_slug
    if query.entity_slug not in (None, category):
        name = "filter[entity_slug]"
        raise Invalid(f"{name}: it must not differ from filter[parent_entity_type].", field=name)
    categories = rules.visible(call.membership.rights if call.membership else {}, category)
    await location_facts(call.db, call.chain_id, call.location_id)
    spot = {"chain_id": call.chain_id, "location_id": call.location_id}
    row: Any = await sql.fields_v2.row(call.db, **spot, categories=categories)
    document = row["document"].encode()
    if not query.include:
        return document
    fields = msgspec.json.decode(document, type=Fields)
    return to_json(rules.with_included(fields, row["kinds"] or [], query.include))
