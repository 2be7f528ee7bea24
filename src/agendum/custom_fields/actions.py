"""Making, changing and deleting custom fields, each with its entry in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from agendum.core.audit import author_of, note_change
from agendum.core.cache import forget
from agendum.core.db.sql import Connection, Row, load
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.permissions import allows
from agendum.core.server import Call
from agendum.custom_fields import rules
from agendum.custom_fields.wire import Category, FieldPatch, NewField

sql = load(__file__)

_Facts = Mapping[str, Any]
_FACTS = ("category", "code", "title", "kind", "choices", "show_in_ui", "user_can_edit", "is_required", "weight")


async def add(call: Call, category: Category, new: NewField) -> int:
    """A new field; gives its id. Raises Forbidden and Invalid."""
    if new.is_chain and not _is_in_chain(call):
        raise Forbidden("Fields of the chain are managed in the chain.")
    location_id = None if new.is_chain else call.location_id
    await sql.lock_chain.run(call.db, chain_id=call.chain_id)
    facts: _Facts = {
        "category": category,
        "code": await _free_code(call.db, call.chain_id, location_id, category, new.code, new.type),
        "title": rules.title_of(new.title),
        "kind": new.type,
        "choices": rules.choices_of(new.type, new.values),
        "show_in_ui": new.show_in_ui,
        "user_can_edit": new.user_can_edit,
        "is_required": new.is_required,
        "weight": new.weight,
    }
    spot = {"chain_id": call.chain_id, "location_id": location_id}
    field_id = await sql.add_field.value(call.db, **spot, **facts, at=call.now)
    await _changed(call, location_id, field_id, None, facts)
    return field_id


async def change(call: Call, category: Category, field_id: int, body: FieldPatch) -> None:
    """Change what the body names. Raises NotFound, Forbidden and Invalid."""
    known = await _lock(call, category, field_id)
    if body.type not in (UNSET, known["kind"]):
        raise Invalid("type: a field keeps its type, for its values have it.", field="type")
    names = ("show_in_ui", "user_can_edit", "is_required", "weight")
    patch: dict[str, Any] = {name: value for name in names if (value := getattr(body, name)) is not UNSET}
    if body.title is not UNSET:
        patch["title"] = rules.title_of(body.title)
    if body.values is not UNSET:
        patch["choices"] = rules.choices_of(known["kind"], body.values)
    spot, location_id = {"chain_id": call.chain_id, "field_id": field_id}, known["location_id"]
    if body.code is not UNSET and body.code.strip() != known["code"]:
        patch["code"] = await _free_code(call.db, call.chain_id, location_id, category, body.code, known["kind"])
        await sql.retire_code.run(call.db, **spot, at=call.now)
    if patch:
        await sql.change_field.run(call.db, **spot, patch=patch, at=call.now)
        before = _facts(known)
        await _changed(call, location_id, field_id, before, {**before, **patch})


async def delete(call: Call, category: Category, field_id: int) -> None:
    """Delete a field; its values stay where they are, but nobody is shown them. Raises NotFound and Forbidden."""
    known = await _lock(call, category, field_id)
    await sql.delete_field.run(call.db, chain_id=call.chain_id, field_id=field_id, at=call.now)
    await _changed(call, known["location_id"], field_id, _facts(known), None)


def _is_in_chain(call: Call) -> bool:
    """Whether the caller manages what belongs to the whole chain."""
    of_chain = call.user.membership(call.chain_id, None)
    return of_chain is not None and allows(of_chain.rights, rules.MANAGE)


def _facts(known: Row) -> _Facts:
    return {name: known[name] for name in _FACTS}


async def _lock(call: Call, category: Category, field_id: int) -> Row:
    await sql.lock_chain.run(call.db, chain_id=call.chain_id)
    spot = {"chain_id": call.chain_id, "location_id": call.location_id}
    known = await sql.field.row(call.db, **spot, category=category, field_id=field_id)
    if known is None:
        raise NotFound("Custom field not found.")
    if known["location_id"] is None and not _is_in_chain(call):
        raise Forbidden("This field is managed in the chain.")
    return known


async def _free_code(
    db: Connection, chain_id: int, location_id: int | None, category: Category, given: str, kind: str
) -> str:
    """A code that no other field uses. Raises Invalid.

    Values stay under the code of a deleted field. A new field of that code shows them again, so it must be of the
    same kind.
    """
    code, spot = given.strip(), {"chain_id": chain_id, "location_id": location_id}
    for row in await sql.namesakes.rows(db, **spot, category=category, code=code):
        if not row["is_deleted"]:
            raise Invalid("code: another field has it.", field="code")
        if row["kind"] != kind:
            raise Invalid(f"code: values of a deleted {row['kind']} field are kept under it.", field="code")
    return code


async def _changed(
    call: Call, location_id: int | None, field_id: int, before: _Facts | None, after: _Facts | None
) -> None:
    """Note it, and have every process read the fields anew, at every location of the chain when `location_id` is
    None."""
    await note_change(
        call.db,
        author_of(call),
        chain_id=call.chain_id,
        location_id=location_id,
        entity="custom_field",
        entity_id=field_id,
        before=before,
        after=after,
        at=call.now,
    )
    places = [location_id]
    if location_id is None:
        places = [row["location_id"] for row in await sql.locations_of_chain.rows(call.db, chain_id=call.chain_id)]
    for place in places:
        for cache in ("booking", "custom_fields"):
            await forget(call.db, cache, place)
