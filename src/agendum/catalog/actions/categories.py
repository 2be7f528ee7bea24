"""Writing categories of services."""

from __future__ import annotations

from agendum.catalog.actions.common import (
    LINKS_RIGHT,
    TITLE_RIGHT,
    demand,
    demand_chain,
    here,
    ids_of,
    service_changed,
    team_among,
)
from agendum.catalog.errors import InUse
from agendum.catalog.facts import CATEGORY, SERVICE, sql
from agendum.catalog.notices import CategoryChanged, CategoryCreated, CategoryDeleted
from agendum.catalog.rules import links as link_rules
from agendum.catalog.wire import UNSET, CategoryBody, StaffSetting
from agendum.core.audit import author_of, note_new, watch
from agendum.core.cache import forget
from agendum.core.db.sql import Row
from agendum.core.errors import Invalid, NotFound
from agendum.core.outbox import tell
from agendum.core.server import Call

_SHARED = ("title", "api_id", "gender", "is_chain")  # one for all locations that have the category


async def create_category(call: Call, body: CategoryBody) -> int:
    """A category of the call's location; gives its id. Raises Invalid naming the field, ManagedInChain."""
    if body.title is UNSET or not body.title.strip():
        raise Invalid("title: this field is required.", field="title")
    staff = list(dict.fromkeys([] if body.staff is UNSET else body.staff))
    await _check_members(call, staff)
    weight, api_id = (body.weight if body.weight is not UNSET else 0), (body.api_id or "")
    gender, is_chain = (body.gender if body.gender is not UNSET else 0), body.is_chain is True
    if is_chain:
        demand_chain(call)
    own = {"title": body.title.strip(), "api_id": api_id, "gender": gender, "is_chain": is_chain}
    category_id = await sql.create_category.value(call.db, **here(call), **own, weight=weight, at=call.now)
    await sql.name_members.run(call.db, **here(call), category_id=category_id, member_ids=staff)
    await note_new(call.db, author_of(call), CATEGORY, **here(call), ids=[category_id], at=call.now)
    notice = CategoryCreated(chain_id=call.chain_id, location_id=call.location_id, category_id=category_id)
    await tell(call.db, notice, call.now)
    await forget(call.db, "catalogue", call.location_id)
    return category_id


async def change_category(call: Call, category_id: int, body: CategoryBody) -> None:
    """Change what came. `staff`: these, and nobody else of the location, give every service of the category.

    Raises NotFound, Invalid naming the field, Forbidden for what the caller's rights or the chain keep as it is.
    """
    row = await _lock_category(call, category_id)
    given = {name: value for name in _SHARED if (value := getattr(body, name)) is not UNSET}
    own = {name: given.get(name, row[name]) for name in _SHARED} | {"title": given.get("title", row["title"]).strip()}
    if not own["title"]:
        raise Invalid("title: expected a name.", field="title")
    changed = {name for name in _SHARED if own[name] != row[name]}
    if "title" in changed:
        demand(call, [TITLE_RIGHT])
    if changed and (row["is_chain"] or "is_chain" in changed):
        demand_chain(call)
    weight = row["weight"] if body.weight is UNSET else body.weight
    seen = await watch(call.db, CATEGORY, **here(call), ids=[category_id])
    category = {**here(call), "category_id": category_id}
    await sql.change_category.run(call.db, **category, **own, weight=weight, at=call.now)
    if body.staff is not UNSET:
        staff = list(dict.fromkeys(body.staff))
        await _check_members(call, staff)
        demand(call, [LINKS_RIGHT])
        await sql.name_members.run(call.db, **category, member_ids=staff)
        inside = sorted(ids_of(await sql.services_in_category.rows(call.db, **category)))
        services = await watch(call.db, SERVICE, **here(call), ids=inside)
        await sql.link_category.run(call.db, **category, member_ids=staff)
        await services.note(author_of(call), call.now)
        for service_id in inside:
            await service_changed(call.db, call.chain_id, service_id, call.now)
    await seen.note(author_of(call), call.now)
    places = await sql.locations_of_category.rows(call.db, chain_id=call.chain_id, category_id=category_id)
    for place in places:
        notice = CategoryChanged(chain_id=call.chain_id, location_id=place["location_id"], category_id=category_id)
        await tell(call.db, notice, call.now)
        await forget(call.db, "catalogue", place["location_id"])


async def delete_category(call: Call, category_id: int) -> None:
    """The location no longer has the category; the last one to have it deletes it.

    Raises NotFound, ManagedInChain, InUse while it holds services.
    """
    row = await _lock_category(call, category_id)
    if row["is_chain"]:
        demand_chain(call)
    category = {**here(call), "category_id": category_id}
    inside = await sql.services_in_category.rows(call.db, **category)
    if inside:
        raise InUse(f"The category cannot be deleted: it holds {len(inside)} services.", field="id")
    seen = await watch(call.db, CATEGORY, **here(call), ids=[category_id])
    await sql.remove_category.run(call.db, **category)
    await sql.delete_unplaced_category.run(call.db, chain_id=call.chain_id, category_id=category_id, at=call.now)
    await seen.note(author_of(call), call.now)
    notice = CategoryDeleted(chain_id=call.chain_id, location_id=call.location_id, category_id=category_id)
    await tell(call.db, notice, call.now)
    await forget(call.db, "catalogue", call.location_id)


async def _lock_category(call: Call, category_id: int) -> Row:
    row = await sql.lock_category.row(call.db, **here(call), category_id=category_id)
    if row is None:
        raise NotFound("Service category does not exist.")
    return row


async def _check_members(call: Call, ids: list[int]) -> None:
    team = await team_among(call, ids)
    if problems := link_rules.staff_problems([StaffSetting(id=member) for member in ids], team, {}, 3600):
        raise Invalid(errors=[problem | {"field": problem["field"].removesuffix(".id")} for problem in problems])
