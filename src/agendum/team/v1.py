"""The team as its business keeps it: members, positions, tips."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from agendum.chains.facts import location_facts
from agendum.core.db.sql import Row
from agendum.core.envelope import Answer
from agendum.core.permissions import MEMBER, may
from agendum.core.phone import show_phone
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.team import actions, rules
from agendum.team.actions import sql
from agendum.team.errors import UnknownMember
from agendum.team.wire.members import (
    ChangedMember,
    CreatedMember,
    ListedMember,
    Member,
    MemberBody,
    MemberWithPosition,
    PositionName,
    QuickMember,
)
from agendum.team.wire.positions import NewPosition, Position
from agendum.team.wire.tips import TippedEmployee, TippedMember, TippedUser, TipsSetting

routes = Routes("/api/v1", group="team-members")

_TIPS = may("is_salon_tips_manager")
_STATUS = {1: "new settings", 3: "pending account", 4: "everything is set"}


class Total(msgspec.Struct):
    total_count: int


class Count(msgspec.Struct):
    count: int


@routes.get("/staff/{location_id}", needs=MEMBER, group="v1")
async def get_team_member_list(call: Call) -> Annotated[bytes, Answer[list[Member]]]:
    """The team of a location, heavier first, those who were dismissed too."""
    await location_facts(call.db, call.chain_id, call.location_id)
    return f'{{"success":true,"data":{await _team(call)},"meta":[]}}'.encode()


@routes.post("/staff/{location_id}", needs=may("master_create"))
async def deprecated_create_team_member(call: Call, body: MemberBody) -> Answer[CreatedMember]:
    """A new team member. He has no timetable until `has_access_timetable` is true."""
    return Answer(data=rules.as_created(await _member(call, await actions.create_member(call, body))))


@routes.get("/staff/{location_id}/{team_member_id}", needs=MEMBER)
async def deprecated_get_team_member_list(call: Call, team_member_id: int) -> Answer[list[ListedMember]]:
    """One team member, in a list."""
    return Answer(data=[rules.as_listed(await _member(call, team_member_id))])


@routes.put("/staff/{location_id}/{team_member_id}", needs=may("master_edit"))
async def update_team_member(call: Call, team_member_id: int, body: MemberBody) -> Answer[ChangedMember]:
    """Change what is sent. `fired` dismisses: he leaves online booking at once and keeps his past; 422 while somebody
    is still to be served by him."""
    await actions.change_member(call, team_member_id, body)
    return Answer(data=rules.as_changed(await _member(call, team_member_id)))


@routes.delete("/staff/{location_id}/{team_member_id}", needs=may("master_delete"), status=204)
async def delete_team_member(call: Call, team_member_id: int) -> None:
    """Take somebody off the team; what he did is kept. 422 while somebody is still to be served by him."""
    await actions.delete_member(call, team_member_id)


@routes.post("/company/{location_id}/staff/quick", needs=may("master_create"))
async def create_team_member_quick(call: Call, body: QuickMember) -> Answer[MemberWithPosition]:
    """A new team member from the shortest form, who can be scheduled at once, and maybe the invitation of his user
    (which takes the right to add users)."""
    return Answer(data=rules.with_position(await _member(call, await actions.create_quickly(call, body))))


@routes.get("/company/{location_id}/staff/positions", needs=may("settings_positions_read"))
async def get_position_list(call: Call) -> Annotated[bytes, Answer[list[PositionName]]]:
    """The positions of a location. Deprecated: v2 tells more of them."""
    await location_facts(call.db, call.chain_id, call.location_id)
    text: str = await sql.positions_v1.value(call.db, chain_id=call.chain_id, location_id=call.location_id)
    return text.encode()


@routes.get("/company/{location_id}/staff/{team_member_id}", needs=MEMBER)
async def get_team_member(call: Call, team_member_id: int) -> Answer[list[Member]]:
    """One team member, in a list."""
    return Answer(data=[await _member(call, team_member_id)], meta=Total(1))


@routes.post("/company/{location_id}/positions/quick", needs=may(actions.MAKE_POSITIONS))
async def create_position_quick(call: Call, body: NewPosition) -> Answer[Position]:
    """A new position of the chain, which this location has. Deprecated: v2 makes positions too."""
    position_id = await actions.create_position(call, body)
    return Answer(
        data=Position(
            id=position_id,
            chain_id=call.chain_id,
            title=body.title.strip(),
            description=body.description.strip(),
            services_binding_type=body.services_binding_type,
            rules_required_fields=list(dict.fromkeys(body.rules_required_fields)),
            only_chain_appointment=body.only_chain_appointment,
        )
    )


@routes.get("/tips/{location_id}/settings", needs=_TIPS, writes=True, group="utilities")
async def get_team_member_tip_settings(call: Call) -> Answer[list[TipsSetting]]:
    """The tips settings of everybody who works here; who is looked at for the first time gets his."""
    return _tips(call, await actions.tips_of_team(call))


@routes.post(
    "/tips/{location_id}/settings/{master_tips_settings_id}/disable", needs=_TIPS, status=200, group="utilities"
)
async def disable_team_member_tips(call: Call, master_tips_settings_id: int) -> Answer[list[TipsSetting]]:
    """Take no more tips for somebody; gives his setting, in a list."""
    await actions.switch_tips(call, master_tips_settings_id, is_enabled=False)
    return _tips(call, await actions.tips_of_team(call, tips_id=master_tips_settings_id))


@routes.get(
    "/tips/{location_id}/settings/{master_tips_settings_id}/enable", needs=_TIPS, writes=True, group="utilities"
)
async def enable_team_member_tips(call: Call, master_tips_settings_id: int) -> Answer[list[TipsSetting]]:
    """Take tips for somebody; gives his setting, in a list. A GET that changes something, as the wire has it."""
    await actions.switch_tips(call, master_tips_settings_id, is_enabled=True)
    return _tips(call, await actions.tips_of_team(call, tips_id=master_tips_settings_id))


async def _team(call: Call, team_member_id: int | None = None) -> str:
    return await sql.team_v1.value(
        call.db,
        chain_id=call.chain_id,
        location_id=call.location_id,
        team_member_id=team_member_id,
        base_url=call.server.base_url,
    )


async def _member(call: Call, team_member_id: int) -> Member:
    found = msgspec.json.decode(await _team(call, team_member_id), type=list[Member])
    if not found:
        raise UnknownMember(team_member_id, call.location_id)
    return found[0]


def _tips(call: Call, rows: list[Row]) -> Answer[list[TipsSetting]]:
    return Answer(data=[_tips_of(call, row) for row in rows], meta=Count(len(rows)))


def _tips_of(call: Call, row: Row) -> TipsSetting:
    status: Any = 1 if row["set_up_at"] is None else 3 if row["user_id"] is None else 4
    member_id, place, url = row["team_member_id"], call.location_id, call.server.url
    staff = TippedMember(
        id=member_id, name=row["name"], specialization=row["specialization"], avatar=url(row["avatar"])
    )
    if row["phone"]:
        staff.employee = TippedEmployee(member_id, show_phone(row["phone"]))
    if row["user_id"] is not None:
        staff.user = TippedUser(row["user_id"], row["user_name"], row["user_email"], show_phone(row["user_phone"]))
    if row["position_id"] is not None:
        staff.position = PositionName(row["position_id"], row["position_title"])
    return TipsSetting(
        id=row["id"],
        location_id=place,
        staff_id=member_id,
        hash=str(row["hash"]),
        status=status,
        status_title=_STATUS[status],
        is_enabled=row["is_enabled"],
        landing_external=url(f"tips/external/{place}/{row['hash']}/"),
        master_tips_form_link=url(f"companies/{place}/staff/{member_id}/tips/pay/"),
        invite_sms_sent=False,
        staff=staff,
    )
