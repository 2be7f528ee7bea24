"""Writing the team: its members, their positions, their tips. Booking feels every change at its next question."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import UNSET

from agendum.access.rules import read_email
from agendum.chains.facts import LocationFacts, location_facts
from agendum.core.audit import Author, Kind, author_of, note_new, watch
from agendum.core.cache import forget
from agendum.core.db.sql import Connection, Row, load
from agendum.core.errors import Forbidden, Invalid
from agendum.core.html import clean_html
from agendum.core.outbox import tell
from agendum.core.permissions import allows
from agendum.core.server import Call
from agendum.team import rules
from agendum.team.errors import PositionInUse, StillBooked, UnknownMember, UnknownPosition, UnknownTips
from agendum.team.notices import TeamMemberChanged, TeamMemberCreated, TeamMemberDeleted, TeamMemberInvited
from agendum.team.rules import EmployeeState, MemberState
from agendum.team.wire.members import MemberBody, QuickMember
from agendum.team.wire.positions import NewPosition, PositionBody

sql = load(__file__)

MEMBER = Kind("team_member", sql.member_facts)
POSITION = Kind("position", sql.position_facts)
TIPS = Kind("tips_settings", sql.tips_facts)

MAKE_POSITIONS = "settings_positions_create"
_DISMISS = "settings_master_dismiss_access"
_INVITE = "create_users_access"


async def create_member(call: Call, body: MemberBody) -> int:
    """A team member of the call's location; gives his id. Raises Invalid naming the field, Forbidden."""
    if body.name is UNSET:
        raise Invalid("name: this field is required.", field="name")
    place = await _place(call)
    before = MemberState()
    member = rules.laid_over(before, body, clean_html, _today(call, place))
    employee = EmployeeState()
    if body.employee is not UNSET:
        employee = rules.employee_laid_over(employee, body.employee, place.country_iso)
    await _check(call, before, member, employee)
    return await _add(call, member, employee)


async def create_quickly(call: Call, body: QuickMember) -> int:
    """A team member from the shortest form, with a timetable; gives his id.

    He is the user of the location with one of the phones or the e-mail, if there is one; else, when that is wanted, the
    notice goes out that he is to be invited. Nobody else's account is looked at. Raises Invalid, Forbidden.
    """
    place = await _place(call)
    phone = rules.phone_of(body.phone_number, place.country_iso, "phone_number")
    login = rules.phone_of(body.user_phone, place.country_iso, "user_phone")
    email = read_email(body.user_email) if body.user_email.strip() else ""
    if email is None or (body.is_user_invite and not email):
        raise Invalid("user_email: expected an e-mail address.", field="user_email")
    if body.is_user_invite and not allows(_rights(call), _INVITE):
        raise Forbidden(f"Access denied: {_INVITE}.")
    phones = [number for number in (phone, login) if number]
    user_id = await sql.colleague.value(call.db, **_here(call), phones=phones, email=email)
    member = MemberState(
        name=rules.name_of(body.name),
        specialization=body.specialization.strip(),
        position_id=body.position_id or None,
        user_id=user_id,
        has_access_timetable=True,
        is_paid=body.is_paid_staff,
    )
    employee = EmployeeState(phone=phone or login)
    await _check(call, MemberState(user_id=user_id), member, employee)
    if user_id is not None:
        await _check_free(call, user_id, "user_phone" if phones else "user_email")
    member_id = await _add(call, member, employee)
    if body.is_user_invite and user_id is None:
        notice = TeamMemberInvited(
            **_here(call),
            team_member_id=member_id,
            name=member.name,
            email=email,
            phone=login or phone,
            invited_by=call.user.id,
        )
        await tell(call.db, notice, call.now)
    return member_id


async def change_member(call: Call, team_member_id: int, body: MemberBody) -> None:
    """Change what came. Who is dismissed leaves online booking at once and keeps his past.

    Raises UnknownMember, Invalid naming the field, StillBooked for somebody who is awaited, Forbidden.
    """
    place = await _place(call)
    row = await _lock(call, team_member_id)
    seen = await watch(call.db, MEMBER, **_here(call), ids=[team_member_id])
    before: MemberState = rules.columns_of(row, MemberState)
    after = rules.laid_over(before, body, clean_html, _today(call, place))
    known = await _employee(call, team_member_id)
    employee = known
    if body.employee is not UNSET:
        employee = rules.employee_laid_over(known, body.employee, place.country_iso)
    await _check(call, before, after, employee)
    if after.fired_on is not None and before.fired_on is None:
        await _refuse_if_booked(call, row, "dismissed", "fired")
    if (after, employee) == (before, known):
        return
    if after != before:
        columns = msgspec.structs.asdict(after)
        try:
            await sql.change_member.run(
                call.db, chain_id=call.chain_id, team_member_id=team_member_id, **columns, at=call.now
            )
        except asyncpg.UniqueViolationError:
            raise _taken("user_id") from None
    if employee != known:
        await _put_employee(call, team_member_id, employee)
    await seen.note(author_of(call), call.now)
    await _changed(call.db, call.chain_id, call.location_id, team_member_id, call.now)


async def delete_member(call: Call, team_member_id: int) -> None:
    """Nobody sees him any more but in what he did. Raises UnknownMember, StillBooked."""
    row = await _lock(call, team_member_id)
    await _refuse_if_booked(call, row, "deleted", "team_member_id")
    seen = await watch(call.db, MEMBER, **_here(call), ids=[team_member_id])
    await sql.delete_member.run(call.db, chain_id=call.chain_id, team_member_id=team_member_id, at=call.now)
    await seen.note(author_of(call), call.now)
    await tell(call.db, TeamMemberDeleted(**_here(call), team_member_id=team_member_id), call.now)
    await forget(call.db, "catalogue", call.location_id)


async def set_avatar(
    db: Connection,
    chain_id: int,
    location_id: int,
    team_member_id: int,
    *,
    avatar: str,
    avatar_big: str,
    author: Author,
    at: datetime,
) -> bool:
    """Give a team member his picture, as addresses or as paths of this server; empty takes it away. False: there is no
    such member at the location."""
    place = {"chain_id": chain_id, "location_id": location_id}
    if await sql.lock_member.row(db, **place, team_member_id=team_member_id) is None:
        return False
    seen = await watch(db, MEMBER, **place, ids=[team_member_id])
    await sql.set_avatar.run(db, **place, team_member_id=team_member_id, avatar=avatar, avatar_big=avatar_big, at=at)
    await seen.note(author, at)
    await _changed(db, chain_id, location_id, team_member_id, at)
    return True


async def tie_user(
    db: Connection,
    chain_id: int,
    location_id: int,
    team_member_id: int | None,
    user_id: int,
    *,
    author: Author,
    at: datetime,
) -> None:
    """Have a user be this one of a location's team, and nobody else of it; with None nobody.

    Raises Invalid, before anything is written, when there is no such member.
    """
    place = {"chain_id": chain_id, "location_id": location_id}
    if team_member_id is not None and await sql.lock_member.row(db, **place, team_member_id=team_member_id) is None:
        raise Invalid("There is no such team member at this location.", field="staff_id")
    former = await sql.member_of_user.value(db, **place, user_id=user_id)
    if former == team_member_id:
        return
    seen = await watch(db, MEMBER, **place, ids=[id_ for id_ in (former, team_member_id) if id_ is not None])
    for member_id, tied in ((former, None), (team_member_id, user_id)):
        if member_id is not None:
            await sql.tie_user.run(db, **place, team_member_id=member_id, user_id=tied, at=at)
            await _changed(db, chain_id, location_id, member_id, at)
    await seen.note(author, at)


async def create_position(call: Call, new: NewPosition) -> int:
    """A position of the chain that the call's location has, maybe others too; gives its id.

    Raises Invalid, Forbidden.
    """
    await _place(call)
    places = sorted({call.location_id, *new.salon_ids})
    known = {row["id"] for row in await sql.locations_among.rows(call.db, chain_id=call.chain_id, ids=places)}
    for n, place in enumerate(new.salon_ids):
        if place not in known:
            raise Invalid("The chain has no such location.", field=f"salon_ids[{n}]")
        there = call.user.membership(call.chain_id, place)
        if there is None or not allows(there.rights, MAKE_POSITIONS):
            raise Forbidden()
    position_id = await sql.add_position.value(
        call.db,
        chain_id=call.chain_id,
        location_ids=places,
        title=_title(new.title),
        description=new.description.strip(),
        services_binding_type=new.services_binding_type,
        required_fields=list(dict.fromkeys(new.rules_required_fields)),
        is_for_chain_only=new.only_chain_appointment,
        at=call.now,
    )
    await note_new(call.db, author_of(call), POSITION, **_here(call), ids=[position_id], at=call.now)
    return position_id


async def change_position(call: Call, position_id: int, body: PositionBody) -> None:
    """Name a position anew, for all locations that have it and all who hold it. Raises UnknownPosition, Invalid."""
    row = await _lock_position(call, position_id)
    description = row["description"] if body.description is UNSET else body.description.strip()
    position = {"chain_id": call.chain_id, "position_id": position_id}
    title = _title(body.title)
    seen = await watch(call.db, POSITION, **_here(call), ids=[position_id])
    await sql.change_position.run(call.db, **position, title=title, description=description, at=call.now)
    await seen.note(author_of(call), call.now)
    if title != row["title"]:
        for holder in await sql.holders_everywhere.rows(call.db, **position):
            await _changed(call.db, call.chain_id, holder["location_id"], holder["id"], call.now)


async def delete_position(call: Call, position_id: int) -> None:
    """The location no longer has the position; the last one to have it deletes it.

    Raises UnknownPosition, PositionInUse while somebody of the location's team holds it.
    """
    row = await _lock_position(call, position_id)
    holders = await sql.holders.value(call.db, **_here(call), position_id=position_id)
    if holders:
        people = "1 team member holds" if holders == 1 else f"{holders} team members hold"
        raise PositionInUse(f"{row['title']} cannot be deleted: {people} the position.", field="position_id")
    seen = await watch(call.db, POSITION, **_here(call), ids=[position_id])
    await sql.leave_position.run(call.db, **_here(call), position_id=position_id, at=call.now)
    await sql.drop_position_here.run(call.db, **_here(call), position_id=position_id)
    await sql.delete_unplaced_position.run(call.db, chain_id=call.chain_id, position_id=position_id, at=call.now)
    await seen.note(author_of(call), call.now)


async def tips_of_team(call: Call, *, tips_id: int | None = None) -> list[Row]:
    """The tips settings of the location's team, made for those who had none, or one setting of them."""
    await _place(call)
    rows = await sql.tips.rows(call.db, **_here(call), id=tips_id)
    new = [row["team_member_id"] for row in rows if row["id"] is None]
    if new:
        hashes = [uuid.uuid4() for _ in new]
        await sql.add_tips.run(call.db, **_here(call), team_member_ids=new, hashes=hashes)
        rows = await sql.tips.rows(call.db, **_here(call), id=tips_id)
    return rows


async def switch_tips(call: Call, tips_id: int, *, is_enabled: bool) -> None:
    """Let clients leave somebody tips, or no longer. Raises UnknownTips."""
    await _place(call)
    set_up_at = call.now if is_enabled else None
    seen = await watch(call.db, TIPS, **_here(call), ids=[tips_id])
    found = await sql.switch_tips.value(call.db, **_here(call), id=tips_id, is_enabled=is_enabled, set_up_at=set_up_at)
    if found is None:
        raise UnknownTips()
    await seen.note(author_of(call), call.now)


def _here(call: Call) -> dict[str, Any]:
    return {"chain_id": call.chain_id, "location_id": call.location_id}


async def _place(call: Call) -> LocationFacts:
    return await location_facts(call.db, call.chain_id, call.location_id)


def _rights(call: Call) -> dict[str, Any]:
    return call.membership.rights if call.membership is not None else {}


def _today(call: Call, place: LocationFacts) -> date:
    return call.now.astimezone(place.tz).date()


async def _lock(call: Call, team_member_id: int) -> Row:
    row = await sql.lock_member.row(call.db, **_here(call), team_member_id=team_member_id)
    if row is None:
        raise UnknownMember(team_member_id, call.location_id)
    return row


async def _lock_position(call: Call, position_id: int) -> Row:
    row = await sql.lock_position.row(call.db, **_here(call), position_id=position_id)
    if row is None:
        raise UnknownPosition()
    return row


async def _employee(call: Call, team_member_id: int) -> EmployeeState:
    row = await sql.employee.row(call.db, chain_id=call.chain_id, team_member_id=team_member_id)
    return EmployeeState() if row is None else rules.columns_of(row, EmployeeState)


async def _check(call: Call, before: MemberState, after: MemberState, employee: EmployeeState) -> None:
    """Who may do this, and whether user and position are the location's. Raises Forbidden, Invalid."""
    # The finer right narrows the route's own: withheld by name, it refuses.
    if (after.fired_on is None) != (before.fired_on is None) and _rights(call).get(_DISMISS, True) is not True:
        raise Forbidden(f"Access denied: {_DISMISS}.")
    if after.user_id not in (before.user_id, None):
        if not await sql.belongs_here.value(call.db, **_here(call), user_id=after.user_id):
            raise Invalid("There is no such user at this location.", field="user_id")
        await _check_free(call, after.user_id or 0, "user_id")
    if after.position_id in (before.position_id, None):
        return
    position = await sql.share_position.row(call.db, **_here(call), position_id=after.position_id)
    if position is None:
        raise Invalid("There is no such position at this location.", field="position_id")
    if position["is_for_chain_only"] and call.membership is not None and call.membership.location_id is not None:
        raise Forbidden("This position is given in the chain.")
    if lacking := rules.missing(position["required_fields"], after, employee):
        raise Invalid(f"The position asks for what is not known: {', '.join(lacking)}.", field="position_id")


async def _check_free(call: Call, user_id: int, field: str) -> None:
    if await sql.member_of_user.value(call.db, **_here(call), user_id=user_id) is not None:
        raise _taken(field)


def _taken(field: str) -> Invalid:
    return Invalid("This user is somebody else of the team.", field=field)


async def _add(call: Call, member: MemberState, employee: EmployeeState) -> int:
    try:
        member_id = await sql.add_member.value(call.db, **_here(call), **msgspec.structs.asdict(member), at=call.now)
    except asyncpg.UniqueViolationError:
        raise _taken("user_id") from None
    if employee != EmployeeState():
        await _put_employee(call, member_id, employee)
    await note_new(call.db, author_of(call), MEMBER, **_here(call), ids=[member_id], at=call.now)
    await tell(call.db, TeamMemberCreated(**_here(call), team_member_id=member_id), call.now)
    await forget(call.db, "catalogue", call.location_id)
    return member_id


async def _put_employee(call: Call, team_member_id: int, employee: EmployeeState) -> None:
    columns = msgspec.structs.asdict(employee)
    await sql.put_employee.run(call.db, chain_id=call.chain_id, team_member_id=team_member_id, **columns)


async def _refuse_if_booked(call: Call, row: Row, verb: str, field: str) -> None:
    waiting: Any = await sql.upcoming.row(call.db, **_here(call), team_member_id=row["id"], at=call.now)
    if why := rules.still_booked(row["name"], verb, waiting["appointments"], waiting["events"]):
        raise StillBooked(why, field=field)


def _title(given: str) -> str:
    if not (title := given.strip()):
        raise Invalid("title: a position needs a title.", field="title")
    return title


async def _changed(db: Connection, chain_id: int, location_id: int, team_member_id: int, at: datetime) -> None:
    await tell(db, TeamMemberChanged(chain_id=chain_id, location_id=location_id, team_member_id=team_member_id), at)
    await forget(db, "catalogue", location_id)
