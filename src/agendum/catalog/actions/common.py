"""What all writes of the catalogue share: locking, who may, links, and telling."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from agendum.catalog.errors import ManagedInChain
from agendum.catalog.facts import sql
from agendum.catalog.notices import ServiceChanged
from agendum.catalog.rules import links as link_rules
from agendum.catalog.rules.links import LinkState
from agendum.catalog.wire import StaffSetting
from agendum.core.cache import forget
from agendum.core.db.sql import Connection, Row
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.outbox import tell
from agendum.core.server import Call

LINKS_RIGHT = "edit_master_service_and_duration"
TITLE_RIGHT = "settings_services_edit_title_access"


def here(call: Call) -> dict[str, Any]:
    return {"chain_id": call.chain_id, "location_id": call.location_id}


def ids_of(rows: Iterable[Row]) -> set[int]:
    return {row["id"] for row in rows}


def demand(call: Call, rights: Iterable[str]) -> None:
    """The finer rights narrow what the route's own right gives: one that is withheld by name refuses."""
    for right in rights:
        if call.membership is not None and call.membership.rights.get(right, True) is not True:
            raise Forbidden(f"Access denied: {right}.")


def demand_chain(call: Call) -> None:
    """What is managed in the chain is changed by who belongs to the whole of it."""
    if call.membership is not None and call.membership.location_id is not None:
        raise ManagedInChain()


async def lock_service(call: Call, service_id: int) -> Row:
    row = await sql.lock_service.row(call.db, **here(call), service_id=service_id)
    if row is None:
        raise NotFound("Service not found.")
    return row


async def share_category(call: Call, category_id: int) -> list[int]:
    """Who gives the services of a category, which now cannot be deleted under us."""
    staff = await sql.share_category.value(call.db, **here(call), category_id=category_id)
    if staff is None:
        raise Invalid("There is no such category at this location.", field="category_id")
    return staff


async def team_among(call: Call, ids: Collection[int]) -> set[int]:
    return ids_of(await sql.team_here.rows(call.db, **here(call), ids=list(ids)))


async def links_of(call: Call, service_id: int) -> dict[int, LinkState]:
    rows = await sql.links_of_service.rows(call.db, **here(call), service_id=service_id)
    return {row["team_member_id"]: link_rules.link_of(row) for row in rows}


async def staff_links(
    call: Call, staff: list[StaffSetting], links: Mapping[int, LinkState], length: int
) -> dict[int, LinkState]:
    """The links that `staff` asks for, laid over those that stand. Raises Invalid with all that is wrong."""
    team = await team_among(call, [item.id for item in staff])
    known = {member: link.duration for member, link in links.items()}
    if problems := link_rules.staff_problems(staff, team, known, length):
        raise Invalid(errors=problems)
    return {item.id: link_rules.link_for(item, links.get(item.id), length) for item in staff}


async def put_links(call: Call, service_id: int, links: Mapping[int, LinkState]) -> None:
    await sql.put_links.run(
        call.db,
        chain_id=call.chain_id,
        service_id=service_id,
        member_ids=list(links),
        durations=[link.duration for link in links.values()],
        prices=[link.price for link in links.values()],
        prices_max=[link.price_max for link in links.values()],
        cards=[link.card for link in links.values()],
        online=[link.is_online for link in links.values()],
        offline=[link.is_offline_records_allowed for link in links.values()],
    )


async def service_changed(db: Connection, chain_id: int, service_id: int, at: datetime) -> None:
    """Every location that offers the service hears of it."""
    for place in await sql.locations_offering.rows(db, chain_id=chain_id, service_id=service_id):
        location_id = place["location_id"]
        await tell(db, ServiceChanged(chain_id=chain_id, location_id=location_id, service_id=service_id), at)
        await forget(db, "catalogue", location_id)
