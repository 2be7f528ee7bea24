"""Writing services, and how locations offer them. Booking feels every change at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from agendum.catalog import rules
from agendum.catalog.actions.common import (
    LINKS_RIGHT,
    demand,
    demand_chain,
    here,
    links_of,
    lock_service,
    put_links,
    service_changed,
    share_category,
    staff_links,
)
from agendum.catalog.errors import InUse
from agendum.catalog.facts import sql
from agendum.catalog.notices import ServiceChanged, ServiceCreated, ServiceDeleted
from agendum.catalog.rules import ServiceState
from agendum.catalog.wire import UNSET, ServiceBody, StaffSetting
from agendum.core.cache import forget
from agendum.core.db.sql import Connection
from agendum.core.html import clean_html
from agendum.core.outbox import tell
from agendum.core.server import Call

_PRICE = ("price_min", "price_max", "discount")


async def create_service(call: Call, body: ServiceBody) -> int:
    """A service of the call's location; gives its id. Without `staff`, those who give its category give it too.

    Raises Invalid naming the field.
    """
    service = rules.laid_over(ServiceState(), body, clean_html, whole=True)
    usual = await share_category(call, service.category_id)
    staff = [StaffSetting(id=member) for member in usual] if body.staff is UNSET else body.staff
    links = await staff_links(call, staff, {}, service.duration)
    service_id = await sql.create_service.value(call.db, **here(call), **msgspec.structs.asdict(service), at=call.now)
    await put_links(call, service_id, links)
    notice = ServiceCreated(chain_id=call.chain_id, location_id=call.location_id, service_id=service_id)
    await tell(call.db, notice, call.now)
    await forget(call.db, "catalogue", call.location_id)
    return service_id


async def change_service(call: Call, service_id: int, body: ServiceBody, *, whole: bool = False) -> None:
    """Change what came; with `whole`, a break that did not come is the location's.

    A new length is also that of everybody who took just as long. Raises NotFound, Invalid naming the field, Forbidden
    for what the caller's rights or the chain keep as it is.
    """
    row = await lock_service(call, service_id)
    before = rules.state_of(row)
    after = rules.laid_over(before, body, clean_html, whole=whole)
    changed = rules.changed(before, after)
    demand(call, rules.rights_for(changed))
    if rules.of_the_chain(changed, row):
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
    columns = msgspec.structs.asdict(after)
    chains = {name: columns.pop(name) for name in rules.SERVICE_COLUMNS}
    await sql.change_service.run(call.db, **service, **chains, at=call.now)
    await sql.change_offer.run(call.db, **service, location_id=call.location_id, **columns)
    if row["is_chain"] and row["is_price_managed_in_chain"] and changed.intersection(_PRICE):
        await sql.change_price_everywhere.run(call.db, **service, **{name: columns[name] for name in _PRICE})
    if "category_id" in changed:
        await sql.place_category.run(call.db, **service, category_id=after.category_id)
    await service_changed(call.db, call.chain_id, service_id, call.now)


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
    await service_changed(db, chain_id, service_id, at)
    return True


async def needs_changed(
    db: Connection, chain_id: int, location_id: int, service_ids: Iterable[int], at: datetime
) -> None:
    """Services of the location need other resources from now on, or ones of another name."""
    for service_id in sorted(service_ids):
        await tell(db, ServiceChanged(chain_id=chain_id, location_id=location_id, service_id=service_id), at)
    await forget(db, "catalogue", location_id)
