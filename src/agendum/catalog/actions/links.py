"""Who gives a service, in what time, for what price, and what the service needs."""

from __future__ import annotations

import msgspec

from agendum.catalog.actions.common import (
    TITLE_RIGHT,
    demand,
    demand_chain,
    here,
    ids_of,
    links_of,
    lock_service,
    put_links,
    service_changed,
    team_among,
)
from agendum.catalog.facts import SERVICE, sql
from agendum.catalog.rules import links as link_rules
from agendum.catalog.rules.links import LinkState
from agendum.catalog.wire import UNSET, LinkChange, LinksBody, NewLink
from agendum.core.audit import author_of, watch
from agendum.core.db.sql import Row
from agendum.core.errors import Invalid, NotFound
from agendum.core.server import Call

_RESOURCES_RIGHT = "settings_services_edit_services_related_resource_access"


async def assign(call: Call, service_id: int, body: NewLink) -> Row:
    """A team member gives the service from now on; gives his link. Raises NotFound, Invalid naming the field."""
    await lock_service(call, service_id)
    if body.master_id not in await team_among(call, [body.master_id]):
        raise Invalid("There is no such team member at this location.", field="master_id")
    if body.master_id in await links_of(call, service_id):
        raise Invalid("This team member gives the service already.", field="master_id")
    return await _put_one(call, service_id, body.master_id, LinkState(duration=0), body)


async def change_link(call: Call, service_id: int, team_member_id: int, body: LinkChange) -> Row:
    """A team member takes another time for the service; gives his link. Raises NotFound, Invalid naming the field."""
    await lock_service(call, service_id)
    link = (await links_of(call, service_id)).get(team_member_id)
    if link is None:
        raise NotFound("This team member does not give the service.")
    return await _put_one(call, service_id, team_member_id, link, body)


async def remove_link(call: Call, service_id: int, team_member_id: int) -> None:
    """A team member no longer gives the service; what is booked with him stays. Raises NotFound."""
    await lock_service(call, service_id)
    if team_member_id not in await links_of(call, service_id):
        raise NotFound("This team member does not give the service.")
    seen = await watch(call.db, SERVICE, **here(call), ids=[service_id])
    link = {"service_id": service_id, "team_member_id": team_member_id}
    await sql.drop_link.run(call.db, chain_id=call.chain_id, **link)
    await seen.note(author_of(call), call.now)
    await service_changed(call.db, call.chain_id, service_id, call.now)


async def set_links(call: Call, body: LinksBody) -> None:
    """Set times, prices, resources and names of a service at once. Raises NotFound, Forbidden, and Invalid with
    everything that is wrong, in which case nothing is changed."""
    service_id = body.service_id
    row = await lock_service(call, service_id)
    service = {"chain_id": call.chain_id, "service_id": service_id}
    problems = link_rules.links_problems(
        body,
        await team_among(call, [item.team_member_id for item in body.team_member_settings]),
        ids_of(await sql.resources_here.rows(call.db, **here(call), ids=body.resource_ids)),
        ids_of(await sql.languages_among.rows(call.db, ids=[item.language_id for item in body.translations])),
    )
    if problems:
        raise Invalid(errors=problems)
    before = await links_of(call, service_id)
    after = before | link_rules.links_wanted(body, before)
    demand(call, link_rules.link_rights(before, after))
    if row["is_chain"] and row["is_price_managed_in_chain"] and link_rules.prices(before) != link_rules.prices(after):
        demand_chain(call)
    needed = ids_of(await sql.needed_resources.rows(call.db, **service, location_id=call.location_id))
    if needed != set(body.resource_ids):
        demand(call, [_RESOURCES_RIGHT])
    if body.translations:
        demand(call, [TITLE_RIGHT])
    seen = await watch(call.db, SERVICE, **here(call), ids=[service_id])
    await put_links(call, service_id, {member: link for member, link in after.items() if before.get(member) != link})
    await sql.set_resources.run(call.db, **service, location_id=call.location_id, resource_ids=body.resource_ids)
    names = {item.language_id: item.translation.strip() for item in body.translations}
    await sql.put_translations.run(call.db, **service, language_ids=list(names), titles=list(names.values()))
    cleared = [language for language, name in names.items() if not name]
    await sql.drop_translations.run(call.db, **service, language_ids=cleared)
    await seen.note(author_of(call), call.now)
    await service_changed(call.db, call.chain_id, service_id, call.now)


async def _put_one(call: Call, service_id: int, team_member_id: int, link: LinkState, body: LinkChange) -> Row:
    if problems := link_rules.length_problem(body.seance_length):
        raise Invalid(errors=problems)
    card = body.technological_card_id or None
    if card != link.card:
        demand(call, ["tech_card_edit"])
    changed = msgspec.structs.replace(link, duration=body.seance_length, card=card)
    for name in ("is_online", "is_offline_records_allowed"):
        if (value := getattr(body, name)) is not UNSET:
            changed = msgspec.structs.replace(changed, **{name: value})
    seen = await watch(call.db, SERVICE, **here(call), ids=[service_id])
    await put_links(call, service_id, {team_member_id: changed})
    await seen.note(author_of(call), call.now)
    await service_changed(call.db, call.chain_id, service_id, call.now)
    rows = await sql.links_of_service.rows(call.db, **here(call), service_id=service_id)
    return next(row for row in rows if row["team_member_id"] == team_member_id)
