"""Changing what a user is and may do in a location."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET

from agendum.access.actions import forget_user
from agendum.core.audit import Author, watch
from agendum.core.db.sql import Connection
from agendum.core.errors import Invalid
from agendum.members import errors
from agendum.members.actions.places import check_owned
from agendum.members.facts import USER, callers_place, choices_of, place_of, sql
from agendum.members.rules.grants import Place, clipped, exceeds, may_manage
from agendum.members.rules.roles import follow_member, preset, role_of
from agendum.members.rules.wishes import with_wishes
from agendum.members.wire import PermissionsChange
from agendum.team.actions import tie_user


async def update_permissions(
    db: Connection,
    chain_id: int,
    location_id: int,
    caller_id: int,
    user_id: int,
    body: PermissionsChange,
    author: Author,
    at: datetime,
) -> tuple[Place, Place]:
    """Change role, rights and team member of a user, or of one who is invited; gives the caller's place and his.

    A new role brings its rights as far as the caller holds them. Raises NoSuchUser, TooHigh, RoleTooHigh, LastOwner,
    and Invalid or Forbidden naming every right that cannot be given.
    """
    await sql.hold_chain.value(db, chain_id=chain_id)
    mine = await callers_place(db, chain_id, location_id, caller_id, "edit_users_access")
    theirs = await place_of(db, chain_id, location_id, user_id)
    if not may_manage(mine, theirs):
        raise errors.TooHigh()
    role = theirs.role if body.user_role is UNSET else role_of(body.user_role)
    if role.weight > mine.role.weight:
        raise errors.RoleTooHigh()
    choices = await choices_of(db, chain_id, location_id)
    before = theirs.team_member_id
    after = before if body.team_member_id is UNSET else body.team_member_id or None
    if after not in (None, before) and not choices.has_master(after):
        raise Invalid("There is no such team member here.", field="staff_id")
    if role.slug != theirs.role.slug:
        base, stored = clipped(mine.rights, preset(role, chain_id, after)), role.stored
    else:
        base, stored = follow_member(theirs.rights, before, after), theirs.stored_role
        if set(exceeds(mine.rights, base)) - set(exceeds(mine.rights, theirs.rights)):
            raise errors.NotYours("staff_id")
    rights = with_wishes(mine.rights, role, base, body.user_permissions, choices)
    place = {"chain_id": chain_id, "location_id": location_id, "user_id": user_id}
    seen = await watch(db, USER, chain_id, location_id, [user_id])
    if not theirs.is_approved:
        await sql.change_invitation.run(db, **place, role=stored, rights=rights, team_member_id=after)
    else:
        if (stored, rights) != (theirs.stored_role, theirs.rights):
            kept = theirs.information
            await sql.put_membership.run(db, **place, role=stored, rights=rights, information=kept, at=at)
        if after != before:
            await tie_user(db, chain_id, location_id, after, user_id, author=author, at=at)
        if theirs.role.slug == "owner" and role.slug != "owner":
            await check_owned(db, chain_id, [location_id])
        await forget_user(db, user_id)
    await seen.note(author, at)
    changed = await place_of(db, chain_id, location_id, user_id)
    return (changed if caller_id == user_id else mine), changed
