"""Writing services, and how locations offer them. Booking feels every change at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from agendum.catalog.actions.common import (
    LINKS_RIGHT,
    demand,
    demand_chain,
    here,
    ids_of,
    links_of,
    lock_service,
    put_links,
    service_changed,
    share_category,
    staff_links,
)
from agendum.catalog.errors import InUse
from agendum.catalog.facts import SERVICE, sql
from agendum.catalog.notices import CategoryCreated, ServiceChanged, ServiceCreated, ServiceDeleted
from agendum.catalog.rules import services as service_rules
from agendum.catalog.rules.services import ServiceState
from agendum.catalog.wire import UNSET, NewService, ServiceBody, StaffSetting
from agendum.core.audit import Author, author_of, note_new, watch
from agendum.core.cache import forget
from agendum.core.db.sql import Connection
from agendum.core.errors import Invalid
from agendum.core.html import clean_html
from agendum.core.outbox import tell
from agendum.core.server import Call

_PRICE = ("price_min", "price_max", "discount")


async def create_service(call: Call, body: NewService) -> int:
    """A service of the call's location; gives its id. Without `staff`, those who give its category give it too.

    Raises Invalid naming the field, ManagedInChain for what belongs to the chain.
    """
    if body.chain_service_id:
        return await _offer_here(call, body, body.chain_service_id)
    service = service_rules.laid_over(ServiceState(), body, clean_html, whole=True)
    if service_rules.of_the_chain(service_rules.changed(ServiceState(), service), {"is_chain": False}):
        demand_chain(call)
    await share_category(call, service.category_id)
    _, chains = service_rules.columns_of(service)
    service_id = await sql.create_service.value(call.db, chain_id=call.chain_id, **chains, at=call.now)
    await _offer(call, body, service_id, service)
    return service_id


async def _offer_here(call: Call, body: NewService, service_id: int) -> int:
    """Let the location offer a service of its chain, with its category. What is said of the service itself holds in
    all locations."""
    demand_chain(call)
    wanted = {"chain_id": call.chain_id, "service_id": service_id}
    row = await sql.lock_service_of_chain.row(call.db, **wanted, location_id=call.location_id)
    if row is None:
        raise Invalid("The chain has no such service.", field="chain_service_id")
    if row["is_offered"]:
        raise Invalid("The location offers this service already.", field="chain_service_id")
    before = service_rules.columns_laid_over(ServiceState(), row)
    service = service_rules.laid_over(before, body, clean_html, whole=True)
    if "category_id" in service_rules.changed(before, service):
        await share_category(call, service.category_id)
    _, chains = service_rules.columns_of(service)
    await sql.change_service.run(call.db, **wanted, **chains, at=call.now)
    await service_changed(call.db, call.chain_id, service_id, call.now)
    await _offer(call, body, service_id, service)
    return service_id


async def _offer(call: Call, body: NewService, service_id: int, service: ServiceState) -> None:
    """How the location offers a service from now on, and who gives it there."""
    offer, _ = service_rules.columns_of(service)
    await sql.offer_service.run(call.db, **here(call), service_id=service_id, **offer)
    await _place_category(call, service_id, service.category_id)
    usual = await share_category(call, service.category_id)
    staff = [StaffSetting(id=member) for member in usual] if body.staff is UNSET else body.staff
    await put_links(call, service_id, await staff_links(call, staff, {}, service.duration))
    await _set_parts(call, service_id, body)
    await note_new(call.db, author_of(call), SERVICE, **here(call), ids=[service_id], at=call.now)
    notice = ServiceCreated(chain_id=call.chain_id, location_id=call.location_id, service_id=service_id)
    await tell(call.db, notice, call.now)
    await forget(call.db, "catalogue", call.location_id)


async def change_service(call: Call, service_id: int, body: ServiceBody, *, whole: bool = False) -> None:
    """Change what came; with `whole`, a break that did not come is the location's.

    A new length is also that of everybody who took just as long. Raises NotFound, Invalid naming the field, Forbidden
    for what the caller's rights or the chain keep as it is.
    """
    row = await lock_service(call, service_id)
    seen = await watch(call.db, SERVICE, **here(call), ids=[service_id])
    before = service_rules.state_of(row)
    after = service_rules.laid_over(before, body, clean_html, whole=whole)
    changed = service_rules.changed(before, after)
    demand(call, service_rules.rights_for(changed))
    if service_rules.of_the_chain(changed, row):
        demand_chain(call)
    if "category_id" in changed:
        await share_category(call, after.category_id)
    service = {"chain_id": call.chain_id, "service_id": service_id}
    if body.staff is not UNSET:
        links = await links_of(call, service_id)
        wanted = await staff_links(call, body.staff, links, after.duration)
        if wanted != links:
            demand(call, [LINKS_RIGHT])
        await sql.keep_links.run(call.db, **service, location_id=call.location_id, member_ids=list(wanted))
        await put_links(call, service_id, wanted)
    elif "duration" in changed:
        lengths = {"before": before.duration, "after": after.duration}
        await sql.follow_length.run(call.db, **service, location_id=call.location_id, **lengths)
    offer, chains = service_rules.columns_of(after)
    await sql.change_service.run(call.db, **service, **chains, at=call.now)
    await sql.change_offer.run(call.db, **service, location_id=call.location_id, **offer)
    if row["is_chain"] and row["is_price_managed_in_chain"] and changed.intersection(_PRICE):
        await sql.change_price_everywhere.run(call.db, **service, **{name: offer[name] for name in _PRICE})
    if "category_id" in changed:
        await _place_category(call, service_id, after.category_id)
    await _set_parts(call, service_id, body, is_chain=row["is_chain"])
    await seen.note(author_of(call), call.now)
    await service_changed(call.db, call.chain_id, service_id, call.now)


async def _place_category(call: Call, service_id: int, category_id: int) -> None:
    """Every location that offers a service has its category, too."""
    service = {"chain_id": call.chain_id, "service_id": service_id}
    for place in await sql.place_category.rows(call.db, **service, category_id=category_id):
        notice = CategoryCreated(chain_id=call.chain_id, location_id=place["location_id"], category_id=category_id)
        await tell(call.db, notice, call.now)


async def _set_parts(call: Call, service_id: int, body: ServiceBody, *, is_chain: bool = False) -> None:
    """Have a service made of others of the location, or of none. Raises Invalid, ManagedInChain."""
    if body.parts is UNSET:
        return
    service = {"chain_id": call.chain_id, "service_id": service_id}
    if body.parts == await sql.parts_of.value(call.db, **service):
        return
    if is_chain:
        demand_chain(call)
    known = ids_of(await sql.can_be_parts.rows(call.db, **here(call), service_id=service_id, ids=body.parts))
    if problems := service_rules.part_problems(body.parts, known):
        raise Invalid(errors=problems)
    if body.parts and (composite := await sql.composite_of.value(call.db, **service)) is not None:
        raise Invalid(f"parts: the service is itself a part of {composite}.", field="parts")
    await sql.clear_parts.run(call.db, **service)
    await sql.add_parts.run(call.db, **service, parts=body.parts)
    await sql.mark_composite.run(call.db, **service, is_composite=bool(body.parts))


async def delete_service(call: Call, service_id: int) -> None:
    """The location no longer offers the service; the last one to do so deletes it, kept for the history.

    Raises NotFound, ManagedInChain, InUse while somebody is still to be served or a composite is made of it.
    """
    row = await lock_service(call, service_id)
    if row["is_chain"]:
        demand_chain(call)
    service = {"chain_id": call.chain_id, "service_id": service_id}
    needed: Any = await sql.needed_still.row(call.db, **service, location_id=call.location_id, at=call.now)
    if needed["appointments"] or needed["events"]:
        booked = f"{needed['appointments']} upcoming appointments, {needed['events']} upcoming events"
        raise InUse(f"The service cannot be deleted: {booked}.", field="service_id")
    if needed["composite"] is not None:
        raise InUse(f"The service cannot be deleted: it is a part of {needed['composite']}.", field="service_id")
    seen = await watch(call.db, SERVICE, **here(call), ids=[service_id])
    await sql.withdraw_offer.run(call.db, **service, location_id=call.location_id)
    await sql.delete_unoffered_service.run(call.db, **service, at=call.now)
    await seen.note(author_of(call), call.now)
    notice = ServiceDeleted(chain_id=call.chain_id, location_id=call.location_id, service_id=service_id)
    await tell(call.db, notice, call.now)
    await forget(call.db, "catalogue", call.location_id)


async def set_image(
    db: Connection,
    chain_id: int,
    location_id: int,
    service_id: int,
    *,
    image: str,
    images: list[str],
    author: Author,
    at: datetime,
) -> bool:
    """Give a service its picture, as addresses or as paths of this server; empty takes it away. False: no such service
    at the location."""
    place = {"chain_id": chain_id, "location_id": location_id}
    await sql.lock_service.row(db, **place, service_id=service_id)
    seen = await watch(db, SERVICE, **place, ids=[service_id])
    found = await sql.set_image.value(db, **place, service_id=service_id, image=image, images=images, at=at)
    if found is None:
        return False
    await seen.note(author, at)
    await service_changed(db, chain_id, service_id, at)
    return True


async def needs_changed(
    db: Connection, chain_id: int, location_id: int, service_ids: Iterable[int], at: datetime
) -> None:
    """Services of the location need other resources from now on, or ones of another name."""
    for service_id in sorted(service_ids):
        await tell(db, ServiceChanged(chain_id=chain_id, location_id=location_id, service_id=service_id), at)
    await forget(db, "catalogue", location_id)
