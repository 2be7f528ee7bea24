"""The team and its positions in JSON:API; positions under both forms of the path."""

from __future__ import annotations

from typing import Annotated

import msgspec

from agendum.chains.facts import location_facts
from agendum.core.jsonapi import Document, Resource
from agendum.core.permissions import may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.team import actions
from agendum.team.actions import sql
from agendum.team.errors import UnknownPosition
from agendum.team.wire.members import MemberAttributes, MembersQuery
from agendum.team.wire.positions import NewPosition, PositionAttributes, PositionBody, PositionDocument

routes = Routes("/api/v2", group="v2")

_PLACE, _ONE = "/locations/{company_id}/positions", "/locations/{company_id}/positions/{position_id}"
_OLD_PLACE, _OLD_ONE = "/companies/{company_id}/positions", "/companies/{company_id}/positions/{position_id}"
_READ = may("settings_positions_read")
_WRITE = may(actions.MAKE_POSITIONS)
_DELETE = may("settings_positions_delete")


@routes.get("/locations/{location_id}/team_members", needs=may("settings_master_access"))
async def list_team_members(
    call: Call, query: MembersQuery
) -> Annotated[bytes, Document[list[Resource[MemberAttributes]]]]:
    """The team of a location, heavier first, with filters."""
    place = await location_facts(call.db, call.chain_id, call.location_id)
    wanted = msgspec.structs.asdict(query)
    include = wanted.pop("include")
    text: str = await sql.team_v2.value(
        call.db,
        chain_id=call.chain_id,
        location_id=call.location_id,
        **wanted,
        today=call.now.astimezone(place.tz).date(),
        with_position="position" in include,
        with_employee="employee" in include,
        base_url=call.server.base_url,
    )
    return text.encode()


@routes.get(_OLD_PLACE, needs=_READ)
@routes.get(_PLACE, needs=_READ)
async def list_positions(call: Call) -> Annotated[bytes, Document[list[Resource[PositionAttributes]]]]:
    """The positions that a location has."""
    await location_facts(call.db, call.chain_id, call.location_id)
    return f'{{"data":{await _positions(call)}}}'.encode()


@routes.post(_OLD_PLACE, needs=_WRITE)
@routes.post(_PLACE, needs=_WRITE)
async def create_position(call: Call, body: PositionBody) -> PositionDocument:
    """A new position of the chain, which this location has."""
    new = NewPosition(title=body.title, description=body.description or "")
    return await _position(call, await actions.create_position(call, new))


@routes.get(_OLD_ONE, needs=_READ)
@routes.get(_ONE, needs=_READ)
async def get_position(call: Call, position_id: int) -> PositionDocument:
    """One of the positions that the location has."""
    return await _position(call, position_id)


@routes.put(_OLD_ONE, needs=_WRITE, status=204)
@routes.put(_ONE, needs=_WRITE, status=204)
async def update_position(call: Call, position_id: int, body: PositionBody) -> None:
    """Name a position anew, in all locations that have it."""
    await actions.change_position(call, position_id, body)


@routes.delete(_OLD_ONE, needs=_DELETE, status=204)
@routes.delete(_ONE, needs=_DELETE, status=204)
async def delete_position(call: Call, position_id: int) -> None:
    """Take a position from the location; when no other has it, it is gone. 422 while somebody holds it here."""
    await actions.delete_position(call, position_id)


async def _positions(call: Call, position_id: int | None = None) -> str:
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    return await sql.positions_v2.value(call.db, **place, position_id=position_id)


async def _position(call: Call, position_id: int) -> PositionDocument:
    found = msgspec.json.decode(await _positions(call, position_id), type=list[Resource[PositionAttributes]])
    if not found:
        raise UnknownPosition()
    return PositionDocument(data=found[0])
