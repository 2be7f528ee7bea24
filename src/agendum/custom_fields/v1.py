"""Custom fields in v1: what a business adds to its appointments and clients."""

from __future__ import annotations

from typing import Annotated

import msgspec

from agendum.chains.facts import location_facts
from agendum.core.envelope import Answer, Done, Message
from agendum.core.permissions import MEMBER, may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.custom_fields import actions, rules
from agendum.custom_fields.actions import sql
from agendum.custom_fields.wire import Category, FieldPatch, LocationField, NewField

routes = Routes("/api/v1", group="custom-fields")
_MANAGES = may(rules.MANAGE)

Fields = Answer[list[LocationField]]


@routes.get("/custom_fields/{field_category}/{location_id}", needs=MEMBER)
async def get_custom_field_list(call: Call, field_category: str) -> Annotated[bytes, Fields]:
    """The fields of a location and of its chain, heavier first, for those who may read their values or manage fields.

    `field_category` is record (or appointment) or client.
    """
    category = rules.category_of(field_category)
    rules.visible(call.membership.rights if call.membership else {}, category)
    await location_facts(call.db, call.chain_id, call.location_id)
    return await _fields(call, category)


@routes.post("/custom_fields/{field_category}/{location_id}", needs=_MANAGES, status=200)
async def create_custom_field(call: Call, field_category: str, body: NewField) -> Answer[LocationField]:
    """A new field. Its code is unique among the fields of its category in the location and in the chain."""
    category = rules.category_of(field_category)
    await location_facts(call.db, call.chain_id, call.location_id)
    field_id = await actions.add(call, category, body)
    [field] = msgspec.json.decode(await _fields(call, category, field_id), type=Fields).data
    return Answer(data=field)


@routes.put("/custom_fields/{field_category}/{location_id}/{field_id}", needs=_MANAGES, status=202)
async def update_custom_field(call: Call, field_category: str, field_id: int, body: FieldPatch) -> Done:
    """Change what the body names. Values stay under the code that the field had when they were set."""
    category = rules.category_of(field_category)
    await actions.change(call, category, field_id, body)
    return Done(meta=Message("Saved"))


@routes.delete("/custom_fields/{field_category}/{location_id}/{field_id}", needs=_MANAGES)
async def delete_custom_field(call: Call, field_category: str, field_id: int) -> Done:
    """Delete a field. Values that were set stay stored and are not shown any more."""
    category = rules.category_of(field_category)
    await actions.delete(call, category, field_id)
    return Done(meta=Message("Deleted"))


async def _fields(call: Call, category: Category, field_id: int | None = None) -> bytes:
    text: str = await sql.fields_v1.value(
        call.db,
        chain_id=call.chain_id,
        location_id=call.location_id,
        category=category,
        field_id=field_id,
        kinds=rules.KINDS,
        separator=rules.SEPARATOR,
    )
    return text.encode()
