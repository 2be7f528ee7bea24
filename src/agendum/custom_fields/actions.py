"""Making, changing and deleting custom fields."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from agendum.core.cache import forget
from agendum.core.db.sql import Connection, Row, load
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.custom_fields import rules
from agendum.custom_fields.wire import Category, FieldPatch, NewField

sql = load(__file__)


class Place(msgspec.Struct, frozen=True):
    """Where somebody manages fields: a location, and with `is_chain` whatever belongs to its whole chain."""

    chain_id: int
    location_id: int
    is_chain: bool


async def add(db: Connection, place: Place, category: Category, new: NewField, at: datetime) -> int:
    """A new field; gives its id. Raises Forbidden and Invalid."""
    if new.is_chain and not place.is_chain:
        raise Forbidden("Fields of the chain are managed in the chain.")
    location_id = None if new.is_chain else place.location_id
    await sql.lock_chain.run(db, chain_id=place.chain_id)
    code = await _free_code(db, place.chain_id, location_id, category, new.code, new.type)
    field_id = await sql.add_field.value(
        db,
        chain_id=place.chain_id,
        location_id=location_id,
        category=category,
        code=code,
        title=rules.title_of(new.title),
        kind=new.type,
        choices=rules.choices_of(new.type, new.values),
        show_in_ui=new.show_in_ui,
        user_can_edit=new.user_can_edit,
        is_required=new.is_required,
        weight=new.weight,
        at=at,
    )
    await _forget(db, place.chain_id, location_id)
    return field_id


async def change(
    db: Connection, place: Place, category: Category, field_id: int, body: FieldPatch, at: datetime
) -> None:
    """Change what the body names. Raises NotFound, Forbidden and Invalid."""
    known = await _lock(db, place, category, field_id)
    if body.type not in (UNSET, known["kind"]):
        raise Invalid("type: a field keeps its type, for its values have it.", field="type")
    names = ("show_in_ui", "user_can_edit", "is_required", "weight")
    patch: dict[str, Any] = {name: value for name in names if (value := getattr(body, name)) is not UNSET}
    if body.title is not UNSET:
        patch["title"] = rules.title_of(body.title)
    if body.values is not UNSET:
        patch["choices"] = rules.choices_of(known["kind"], body.values)
    if body.code is not UNSET and body.code.strip() != known["code"]:
        patch["code"] = await _free_code(db, place.chain_id, known["location_id"], category, body.code, known["kind"])
        await sql.retire_code.run(db, chain_id=place.chain_id, field_id=field_id, at=at)
    if patch:
        await sql.change_field.run(db, chain_id=place.chain_id, field_id=field_id, patch=patch, at=at)
        await _forget(db, place.chain_id, known["location_id"])


async def delete(db: Connection, place: Place, category: Category, field_id: int, at: datetime) -> None:
    """Delete a field; its values stay where they are, but nobody is shown them. Raises NotFound and Forbidden."""
    known = await _lock(db, place, category, field_id)
    await sql.delete_field.run(db, chain_id=place.chain_id, field_id=field_id, at=at)
    await _forget(db, place.chain_id, known["location_id"])


async def _lock(db: Connection, place: Place, category: Category, field_id: int) -> Row:
    await sql.lock_chain.run(db, chain_id=place.chain_id)
    spot = {"chain_id": place.chain_id, "location_id": place.location_id}
    known = await sql.field.row(db, **spot, category=category, field_id=field_id)
    if known is None:
        raise NotFound("Custom field not found.")
    if known["location_id"] is None and not place.is_chain:
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


async def _forget(db: Connection, chain_id: int, location_id: int | None) -> None:
    """Have every process read the fields anew, at every location of the chain when `location_id` is None."""
    places = [location_id]
    if location_id is None:
        places = [row["location_id"] for row in await sql.locations_of_chain.rows(db, chain_id=chain_id)]
    for place in places:
        for cache in ("booking", "custom_fields"):
            await forget(db, cache, place)
