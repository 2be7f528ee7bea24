"""Writing the catalogue: services, their categories, who gives them. Booking feels every change at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from agendum.catalog import rules
from agendum.catalog.errors import InUse, ManagedInChain
from agendum.catalog.notices import (
    CategoryChanged,
    CategoryCreated,
    CategoryDeleted,
    ServiceChanged,
    ServiceCreated,
    ServiceDeleted,
)
from agendum.catalog.rules import LinkState, ServiceState
from agendum.catalog.wire import UNSET, CategoryBody, LinkChange, LinksBody, NewLink, ServiceBody, StaffSetting
from agendum.core.cache import forget
from agendum.core.db.sql import Connection, Row, load
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.html import clean_html
from agendum.core.outbox import tell
from agendum.core.server import Call

sql = load(__file__)

_PRICE = ("price_min", "price_max", "discount")
_LINKS_RIGHT = "edit_master_service_and_duration"
_RESOURCES_RIGHT = "settings_services_edit_services_related_resource_access"
_TITLE_RIGHT = "settings_services_edit_title_access"


async def create_service(call: Call, body: ServiceBody) -> int:
    """A service of the call's location; gives its id. Without `staff`, those who give its category give it too.

    Raises Invalid naming the field.
    """
    service = rules.laid_over(ServiceState(), body, clean_html, whole=True)
    usual = await _share_category(call, service.category_id)
    staff = [StaffSetting(id=member) for member in usual] if body.staff is UNSET else body.staff
    links = await _staff_links(call, staff, {}, service.duration)
    service_id = await sql.create_service.value(call.db, **_here(call), **msgspec.structs.asdict(service), at=call.now)
    await _put_links(call, service_id, links)
    notice = ServiceCreated(chain_id=call.chain_id, location_id=call.location_id, service_id=service_id)
    await tell(call.db, notice, call.now)
    await forget(call.db, "catalogue", call.location_id)
    return service_id


async def change_service(call: Call, service_id: int, body: ServiceBody, *, whole: bool = False) -> None:
    """Change what came; with `whole`, a break that did not come is the location's.

    A new length is also that of everybody who took just as long. Raises NotFound, Invalid naming the field, Forbidden
    for what the caller's rights or the chain keep as it is.
    """
    row = await _lock_service(call, service_id)
    before = rules.state_of(row)
    after = rules.laid_over(before, body, clean_html, whole=whole)
    changed = rules.changed(before, after)
    _demand(call, rules.rights_for(changed))
    if rules.of_the_chain(changed, row):
        _demand_chain(call)
    if "category_id" in changed:
        await _share_category(call, after.category_id)
    service = {"chain_id": call.chain_id, "service_id": service_id}
    if body.staff is not UNSET:
        links = await _links(call, service_id)
        wanted = await _staff_links(call, body.staff, links, after.duration)
        if wanted != links:
            _demand(call, [_LINKS_RIGHT])
        await sql.keep_links.run(call.db, **service, location_id=call.location_id, member_ids=list(wanted))
        await _put_links(call, service_id, wanted)
    elif "duration" in changed:
        lengths = {"before": before.duration, "after": after.duration}
        await sql.follow_length.run(call.db, **service, location_id=call.location_id, **lengths)
    columns = msgspec.structs.asdict(after)
    chains = {name: columns.pop(name) for name in rules.SERVICE_COLUMNS}
    await sql.change_service.run(call.db, **service, **chains, at=call.now)
    await sql.change_offer.run(call.db, **service, location_id=call.location_id, **columns)
    if row["is_chain"] and row["is_price_managed_in_chain"] and changed.intersection(_PRICE):
        await sql.change_price_everywhere.run(call.db, **service, **{name: columns[name] for name in _PRICE})
    if "category_id" in changed:
        await sql.place_category.run(call.db, **service, category_id=after.category_id)
    await _service_changed(call.db, call.chain_id, service_id, call.now)


async def delete_service(call: Call, service_id: int) -> None:
    """The location no longer offers the service; the last one to do so deletes it, kept for the history.

    Raises NotFound, ManagedInChain, InUse while somebody is still to be served or a composite is made of it.
    """
    row = await _lock_service(call, service_id)
    if row["is_chain"]:
        _demand_chain(call)
    service = {"chain_id": call.chain_id, "service_id": service_id}
    needed: Any = await sql.needed_still.row(call.db, **service, location_id=call.location_id, at=call.now)
    if needed["appointments"] or needed["events"]:
        booked = f"{needed['appointments']} upcoming appointments, {needed['events']} upcoming events"
        raise InUse(f"The service cannot be deleted: {booked}.", field="service_id")
    if needed["composite"] is not None:
        raise InUse(f"The service cannot be deleted: it is a part of {needed['composite']}.", field="service_id")
    await sql.withdraw_offer.run(call.db, **service, location_id=call.location_id)
    await sql.delete_unoffered_service.run(call.db, **service, at=call.now)
    notice = ServiceDeleted(chain_id=call.chain_id, location_id=call.location_id, service_id=service_id)
    await tell(call.db, notice, call.now)
    await forget(call.db, "catalogue", call.location_id)


async def set_image(
    db: Connection, chain_id: int, location_id: int, service_id: int, *, image: str, images: list[str], at: datetime
) -> bool:
    """Give a service its picture, as addresses or as paths of this server; empty takes it away. False: no such service
    at the location."""
    service = {"chain_id": chain_id, "location_id": location_id, "service_id": service_id}
    found = await sql.set_image.value(db, **service, image=image, images=images, at=at)
    if found is None:
        return False
    await _service_changed(db, chain_id, service_id, at)
    return True


async def assign(call: Call, service_id: int, body: NewLink) -> Row:
    """A team member gives the service from now on; gives his link. Raises NotFound, Invalid naming the field."""
    await _lock_service(call, service_id)
    if body.master_id not in await _team(call, [body.master_id]):
        raise Invalid("There is no such team member at this location.", field="master_id")
    if body.master_id in await _links(call, service_id):
        raise Invalid("This team member gives the service already.", field="master_id")
    return await _put_one(call, service_id, body.master_id, LinkState(duration=0), body)


async def change_link(call: Call, service_id: int, team_member_id: int, body: LinkChange) -> Row:
    """A team member takes another time for the service; gives his link. Raises NotFound, Invalid naming the field."""
    await _lock_service(call, service_id)
    link = (await _links(call, service_id)).get(team_member_id)
    if link is None:
        raise NotFound("This team member does not give the service.")
    return await _put_one(call, service_id, team_member_id, link, body)


async def remove_link(call: Call, service_id: int, team_member_id: int) -> None:
    """A team member no longer gives the service; what is booked with him stays. Raises NotFound."""
    await _lock_service(call, service_id)
    if team_member_id not in await _links(call, service_id):
        raise NotFound("This team member does not give the service.")
    link = {"service_id": service_id, "team_member_id": team_member_id}
    await sql.drop_link.run(call.db, chain_id=call.chain_id, **link)
    await _service_changed(call.db, call.chain_id, service_id, call.now)


async def set_links(call: Call, body: LinksBody) -> None:
    """Set times, prices, resources and names of a service at once. Raises NotFound, Forbidden, and Invalid with
    everything that is wrong, in which case nothing is changed."""
    service_id = body.service_id
    row = await _lock_service(call, service_id)
    service = {"chain_id": call.chain_id, "service_id": service_id}
    problems = rules.links_problems(
        body,
        await _team(call, [item.team_member_id for item in body.team_member_settings]),
        _ids(await sql.resources_here.rows(call.db, **_here(call), ids=body.resource_ids)),
        _ids(await sql.languages_among.rows(call.db, ids=[item.language_id for item in body.translations])),
    )
    if problems:
        raise Invalid(errors=problems)
    before = await _links(call, service_id)
    after = before | rules.links_wanted(body)
    _demand(call, rules.link_rights(before, after))
    if row["is_chain"] and row["is_price_managed_in_chain"] and rules.prices(before) != rules.prices(after):
        _demand_chain(call)
    needed = _ids(await sql.needed_resources.rows(call.db, **service, location_id=call.location_id))
    if needed != set(body.resource_ids):
        _demand(call, [_RESOURCES_RIGHT])
    if body.translations:
        _demand(call, [_TITLE_RIGHT])
    await _put_links(call, service_id, {member: link for member, link in after.items() if before.get(member) != link})
    await sql.set_resources.run(call.db, **service, location_id=call.location_id, resource_ids=body.resource_ids)
    names = {item.language_id: item.translation.strip() for item in body.translations}
    await sql.put_translations.run(call.db, **service, language_ids=list(names), titles=list(names.values()))
    cleared = [language for language, name in names.items() if not name]
    await sql.drop_translations.run(call.db, **service, language_ids=cleared)
    await _service_changed(call.db, call.chain_id, service_id, call.now)


async def needs_changed(
    db: Connection, chain_id: int, location_id: int, service_ids: Iterable[int], at: datetime
) -> None:
    """Services of the location need other resources from now on, or ones of another name."""
    for service_id in sorted(service_ids):
        await tell(db, ServiceChanged(chain_id=chain_id, location_id=location_id, service_id=service_id), at)
    await forget(db, "catalogue", location_id)


async def create_category(call: Call, body: CategoryBody) -> int:
    """A category of the call's location; gives its id. Raises Invalid naming the field."""
    if body.title is UNSET or not body.title.strip():
        raise Invalid("title: this field is required.", field="title")
    staff = list(dict.fromkeys([] if body.staff is UNSET else body.staff))
    await _check_members(call, staff)
    weight, api_id = (body.weight if body.weight is not UNSET else 0), (body.api_id or "")
    category_id = await sql.create_category.value(
        call.db, **_here(call), title=body.title.strip(), api_id=api_id, weight=weight, at=call.now
    )
    await sql.name_members.run(call.db, **_here(call), category_id=category_id, member_ids=staff)
    notice = CategoryCreated(chain_id=call.chain_id, location_id=call.location_id, category_id=category_id)
    await tell(call.db, notice, call.now)
    await forget(call.db, "catalogue", call.location_id)
    return category_id


async def change_category(call: Call, category_id: int, body: CategoryBody) -> None:
    """Change what came. `staff`: these, and nobody else of the location, give every service of the category.

    Raises NotFound, Invalid naming the field, Forbidden for what the caller's rights or the chain keep as it is.
    """
    row = await _lock_category(call, category_id)
    title = row["title"] if body.title is UNSET else body.title.strip()
    api_id = row["api_id"] if body.api_id is UNSET else body.api_id
    if not title:
        raise Invalid("title: expected a name.", field="title")
    if title != row["title"]:
        _demand(call, [_TITLE_RIGHT])
    if row["is_chain"] and (title, api_id) != (row["title"], row["api_id"]):
        _demand_chain(call)
    weight = row["weight"] if body.weight is UNSET else body.weight
    category = {**_here(call), "category_id": category_id}
    await sql.change_category.run(call.db, **category, title=title, api_id=api_id, weight=weight, at=call.now)
    if body.staff is not UNSET:
        staff = list(dict.fromkeys(body.staff))
        await _check_members(call, staff)
        _demand(call, [_LINKS_RIGHT])
        await sql.name_members.run(call.db, **category, member_ids=staff)
        await sql.link_category.run(call.db, **category, member_ids=staff)
        inside = await sql.services_in_category.rows(call.db, **category)
        for service in inside:
            await _service_changed(call.db, call.chain_id, service["id"], call.now)
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
        _demand_chain(call)
    category = {**_here(call), "category_id": category_id}
    inside = await sql.services_in_category.rows(call.db, **category)
    if inside:
        raise InUse(f"The category cannot be deleted: it holds {len(inside)} services.", field="id")
    await sql.remove_category.run(call.db, **category)
    await sql.delete_unplaced_category.run(call.db, chain_id=call.chain_id, category_id=category_id, at=call.now)
    notice = CategoryDeleted(chain_id=call.chain_id, location_id=call.location_id, category_id=category_id)
    await tell(call.db, notice, call.now)
    await forget(call.db, "catalogue", call.location_id)


def _here(call: Call) -> dict[str, Any]:
    return {"chain_id": call.chain_id, "location_id": call.location_id}


def _ids(rows: Iterable[Row]) -> set[int]:
    return {row["id"] for row in rows}


def _demand(call: Call, rights: Iterable[str]) -> None:
    """The finer rights narrow what the route's own right gives: one that is withheld by name refuses."""
    for right in rights:
        if call.membership is not None and call.membership.rights.get(right, True) is not True:
            raise Forbidden(f"Access denied: {right}.")


def _demand_chain(call: Call) -> None:
    """What is managed in the chain is changed by who belongs to the whole of it."""
    if call.membership is not None and call.membership.location_id is not None:
        raise ManagedInChain()


async def _lock_service(call: Call, service_id: int) -> Row:
    row = await sql.lock_service.row(call.db, **_here(call), service_id=service_id)
    if row is None:
        raise NotFound("Service not found.")
    return row


async def _lock_category(call: Call, category_id: int) -> Row:
    row = await sql.lock_category.row(call.db, **_here(call), category_id=category_id)
    if row is None:
        raise NotFound("Service category does not exist.")
    return row


async def _share_category(call: Call, category_id: int) -> list[int]:
    """Who gives the services of a category, which now cannot be deleted under us."""
    staff = await sql.share_category.value(call.db, **_here(call), category_id=category_id)
    if staff is None:
        raise Invalid("There is no such category at this location.", field="category_id")
    return staff


async def _team(call: Call, ids: Collection[int]) -> set[int]:
    return _ids(await sql.team_here.rows(call.db, **_here(call), ids=list(ids)))


async def _check_members(call: Call, ids: list[int]) -> None:
    team = await _team(call, ids)
    if problems := rules.staff_problems([StaffSetting(id=member) for member in ids], team, {}, 3600):
        raise Invalid(errors=[problem | {"field": problem["field"].removesuffix(".id")} for problem in problems])


async def _links(call: Call, service_id: int) -> dict[int, LinkState]:
    rows = await sql.links_of_service.rows(call.db, **_here(call), service_id=service_id)
    return {row["team_member_id"]: rules.link_of(row) for row in rows}


async def _staff_links(
    call: Call, staff: list[StaffSetting], links: Mapping[int, LinkState], length: int
) -> dict[int, LinkState]:
    """The links that `staff` asks for, laid over those that stand. Raises Invalid with all that is wrong."""
    team = await _team(call, [item.id for item in staff])
    known = {member: link.duration for member, link in links.items()}
    if problems := rules.staff_problems(staff, team, known, length):
        raise Invalid(errors=problems)
    return {item.id: rules.link_for(item, links.get(item.id), length) for item in staff}


async def _put_links(call: Call, service_id: int, links: Mapping[int, LinkState]) -> None:
    await sql.put_links.run(
        call.db,
        chain_id=call.chain_id,
        service_id=service_id,
        member_ids=list(links),
        durations=[link.duration for link in links.values()],
        prices=[link.price for link in links.values()],
        prices_max=[link.price_max for link in links.values()],
        cards=[link.card for link in links.values()],
    )


async def _put_one(call: Call, service_id: int, team_member_id: int, link: LinkState, body: LinkChange) -> Row:
    if problems := rules.length_problem(body.seance_length):
        raise Invalid(errors=problems)
    card = body.technological_card_id or None
    if card != link.card:
        _demand(call, ["tech_card_edit"])
    changed = msgspec.structs.replace(link, duration=body.seance_length, card=card)
    await _put_links(call, service_id, {team_member_id: changed})
    await _service_changed(call.db, call.chain_id, service_id, call.now)
    rows = await sql.links_of_service.rows(call.db, **_here(call), service_id=service_id)
    return next(row for row in rows if row["team_member_id"] == team_member_id)


async def _service_changed(db: Connection, chain_id: int, service_id: int, at: datetime) -> None:
    """Every location that offers the service hears of it."""
    for place in await sql.locations_offering.rows(db, chain_id=chain_id, service_id=service_id):
        location_id = place["location_id"]
        await tell(db, ServiceChanged(chain_id=chain_id, location_id=location_id, service_id=service_id), at)
        await forget(db, "catalogue", location_id)
