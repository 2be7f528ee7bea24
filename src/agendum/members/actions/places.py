"""Taking users out of locations, and copying them to others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from agendum.access.actions import forget_user
from agendum.core.audit import Author, watch
from agendum.core.db.sql import Connection
from agendum.core.errors import AppError, Forbidden, Invalid
from agendum.members import errors
from agendum.members.facts import USER, callers_place, choices_of, find_place, place_of, sql
from agendum.members.rules.grants import Place, exceeds, may_manage
from agendum.members.rules.roles import follow_member
from agendum.members.rules.wishes import Complaints, with_wishes
from agendum.members.wire import CopyLink
from agendum.team.actions import tie_user

_LINK = "user_company_links[{}].company_id"


async def remove_user(
    db: Connection,
    chain_id: int,
    location_ids: Sequence[int],
    caller_id: int,
    user_id: int,
    author: Author,
    at: datetime,
) -> None:
    """Take a user, or his invitation, out of locations of a chain; his access ends as this commits.

    Raises NoSuchUser, Forbidden, LastOwner, and WholeChain for a member of the whole chain who shall keep some of it.
    """
    await sql.hold_chain.value(db, chain_id=chain_id)
    places: dict[int, Place] = {}
    for location_id in location_ids:
        mine = await callers_place(db, chain_id, location_id, caller_id, "delete_users_access")
        theirs = places[location_id] = await place_of(db, chain_id, location_id, user_id)
        if not may_manage(mine, theirs):
            raise errors.TooHigh()
    wide = any(place.is_wide for place in places.values())
    was_wide = await sql.wide_role.value(db, chain_id=chain_id, user_id=user_id) if wide else None
    if wide:
        living = {row["id"] for row in await sql.locations_of_chain.rows(db, chain_id=chain_id)}
        if living - set(location_ids):
            raise errors.WholeChain()
    gone = {"chain_id": chain_id, "user_id": user_id}
    seen = [await watch(db, USER, chain_id, location_id, [user_id]) for location_id in location_ids]
    await sql.drop_memberships.run(db, **gone, location_ids=list(location_ids), wide=wide)
    for location_id, place in places.items():
        await sql.drop_invitation.run(db, **gone, location_id=location_id)
        if place.is_approved:
            await tie_user(db, chain_id, location_id, None, user_id, author=author, at=at)
    await check_owned(db, chain_id, [id_ for id_, place in places.items() if place.role.slug == "owner"])
    if was_wide == "owner" and not await sql.chain_has_owner.value(db, chain_id=chain_id):
        raise errors.LastOwner()
    for place in seen:
        await place.note(author, at)
    await forget_user(db, user_id)


async def remove_from_locations(
    db: Connection,
    chain_id: int,
    location_id: int,
    links: Sequence[int],
    caller_id: int,
    user_id: int,
    author: Author,
    at: datetime,
) -> None:
    """Take an active user of a location out of these locations of its chain. Raises as `remove_user`, and Invalid
    naming each link that is not there."""
    await _active(db, chain_id, location_id, user_id)
    complaints = Complaints()
    for n, target in await _own_links(db, chain_id, links, complaints):
        if await find_place(db, chain_id, target, user_id) is None:
            complaints.add(Invalid("The user does not belong there.", field=_LINK.format(n)))
    complaints.raise_any()
    await remove_user(db, chain_id, links, caller_id, user_id, author, at)


async def copy_to_locations(
    db: Connection,
    chain_id: int,
    location_id: int,
    links: Sequence[CopyLink],
    caller_id: int,
    user_id: int,
    author: Author,
    at: datetime,
) -> None:
    """Give an active user of a location the same role and rights in others of its chain.

    Where he is new he is active at once; where an invitation waits it is changed and waits on. A calendar of his own
    becomes the one of the team member that he is there, if he is one. Raises NoSuchUser, LastOwner, Invalid and
    Forbidden naming each link that cannot be.
    """
    await sql.hold_chain.value(db, chain_id=chain_id)
    source = await _active(db, chain_id, location_id, user_id)
    complaints = Complaints()
    targets = dict(await _own_links(db, chain_id, [link.location_id for link in links], complaints))
    for n, target in targets.items():
        try:
            await _copy(db, chain_id, target, links[n], caller_id, source, author, at)
        except AppError as error:
            prefix = f"user_company_links[{n}]."
            complaints.add(error, prefix if error.errors else prefix + "company_id")
    complaints.raise_any()
    await forget_user(db, user_id)


async def _copy(
    db: Connection,
    chain_id: int,
    location_id: int,
    link: CopyLink,
    caller_id: int,
    source: Place,
    author: Author,
    at: datetime,
) -> None:
    needed = ("users_access", "create_users_access", "edit_users_access")
    mine = await callers_place(db, chain_id, location_id, caller_id, *needed)
    theirs = await find_place(db, chain_id, location_id, source.user_id)
    if mine.role.weight < source.role.weight or (theirs is not None and not may_manage(mine, theirs)):
        raise errors.TooHigh()
    member_id = None if theirs is None else theirs.team_member_id
    base = follow_member(source.rights, source.team_member_id, member_id)
    if exceeds(mine.rights, base):
        raise Forbidden("You may not give there what the user holds here.")
    choices = await choices_of(db, chain_id, location_id)
    rights = with_wishes(mine.rights, source.role, base, link.user_permissions, choices)
    place = {"chain_id": chain_id, "location_id": location_id, "user_id": source.user_id}
    given = {"role": source.stored_role, "rights": rights}
    seen = await watch(db, USER, chain_id, location_id, [source.user_id])
    if theirs is not None and not theirs.is_approved:
        await sql.change_invitation.run(db, **place, **given, team_member_id=member_id)
    else:
        await sql.put_membership.run(db, **place, **given, information=source.information, at=at)
    await seen.note(author, at)
    if theirs is not None and theirs.is_approved and theirs.role.slug == "owner" and source.role.slug != "owner":
        await check_owned(db, chain_id, [location_id])


async def check_owned(db: Connection, chain_id: int, location_ids: Collection[int]) -> None:
    """Raises LastOwner when one of these locations has lost its last owner."""
    if await sql.ownerless.value(db, chain_id=chain_id, location_ids=list(location_ids)):
        raise errors.LastOwner()


async def _active(db: Connection, chain_id: int, location_id: int, user_id: int) -> Place:
    place = await place_of(db, chain_id, location_id, user_id)
    if not place.is_approved:
        raise Invalid("The user has not accepted the invitation yet.", field="user_id")
    return place


async def _own_links(
    db: Connection, chain_id: int, links: Sequence[int], complaints: Complaints
) -> list[tuple[int, int]]:
    """(place in the list, location) of the links that lead to locations of the chain; the others are complained of."""
    living = {row["id"] for row in await sql.locations_of_chain.rows(db, chain_id=chain_id)}
    good: list[tuple[int, int]] = []
    for n, location_id in enumerate(links):
        if location_id not in living:
            complaints.add(Invalid("The chain has no such location.", field=_LINK.format(n)))
        elif location_id in links[:n]:
            complaints.add(Invalid("The same location twice.", field=_LINK.format(n)))
        else:
            good.append((n, location_id))
    return good
