"""The users of a location: who may enter, what they may do, who is invited."""

from __future__ import annotations

from typing import Any

from agendum.access.wire import SignedInUser, user_fields
from agendum.chains.facts import location_facts
from agendum.core.audit import author_of
from agendum.core.cache import dropping_own
from agendum.core.clock import wire_time, zone
from agendum.core.envelope import Answer, Done, Message
from agendum.core.permissions import MEMBER, PARTNER, may
from agendum.core.phone import show_phone
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.members.actions import invitations, permissions, places
from agendum.members.facts import callers_place, choices_of, place_of, sql
from agendum.members.rules import shown
from agendum.members.rules.grants import Place
from agendum.members.wire import (
    Acceptance,
    CopyLinks,
    Count,
    Invitation,
    Invites,
    OldUser,
    PermissionsChange,
    RemoveLinks,
    RoleShown,
    RolesQuery,
    Saved,
    UserOfLocation,
    UserPermissions,
    UsersQuery,
)

routes = Routes("/api/v1", group="users-and-permissions")


@routes.get("/company/{location_id}/users", needs=may("users_access"))
async def get_location_users(call: Call, location_id: int, query: UsersQuery) -> Answer[list[UserOfLocation]]:
    """Who may enter a location, and who is invited."""
    rows = await sql.users_of_location.rows(
        call.db,
        chain_id=call.chain_id,
        location_id=location_id,
        is_approved=query.is_approved,
        is_non_deletable=query.is_non_deletable,
        with_access=False,
    )
    return Answer(data=[shown.user_shown(dict(row)) for row in rows], meta=Count(len(rows)))


@routes.get("/company_users/{location_id}", needs=may("users_access"))
async def deprecated_get_location_users(call: Call, location_id: int) -> Answer[list[OldUser]]:
    """Who may enter a location, with the rights by module. The newer list is `get_location_users`."""
    whom = {"is_approved": True, "is_non_deletable": None, "with_access": True}
    rows = await sql.users_of_location.rows(call.db, chain_id=call.chain_id, location_id=location_id, **whom)
    return Answer(data=[shown.old_user_shown(dict(row)) for row in rows])


@routes.get("/user/permissions/{location_id}", needs=MEMBER)
async def get_permission_list(call: Call, location_id: int) -> Answer[dict[str, Any]]:
    """What the signed-in user may do in a location, by section."""
    place = call.user.membership(call.chain_id, location_id)
    return Answer(data=shown.by_section({} if place is None else place.rights))


@routes.get("/company/{location_id}/users/roles", needs=may("users_access"))
async def list_roles(call: Call, location_id: int, query: RolesQuery) -> Answer[list[RoleShown]]:
    """The roles, with `include=user_permissions` what each may do."""
    return Answer(data=await _roles(call, location_id, None, query))


@routes.get("/company/{location_id}/users/{user_id}/roles", needs=may("users_access"))
async def get_user_roles(call: Call, location_id: int, user_id: int, query: RolesQuery) -> Answer[list[RoleShown]]:
    """The roles as they would be a user's: `is_editable` says what the caller may give him or take from him."""
    theirs = await place_of(call.db, call.chain_id, location_id, user_id)
    return Answer(data=await _roles(call, location_id, theirs, query))


async def _roles(call: Call, location_id: int, theirs: Place | None, query: RolesQuery) -> list[RoleShown]:
    mine = await callers_place(call.db, call.chain_id, location_id, call.user.id)
    choices = await choices_of(call.db, call.chain_id, location_id) if query.include else None
    return shown.roles_shown(mine, theirs, choices)


@routes.get("/company/{location_id}/users/{user_id}/permissions", needs=may("users_access"))
async def get_user_permissions(call: Call, location_id: int, user_id: int) -> Answer[UserPermissions]:
    """A user's role, rights and team member in a location."""
    mine = await callers_place(call.db, call.chain_id, location_id, call.user.id)
    theirs = await place_of(call.db, call.chain_id, location_id, user_id)
    return Answer(data=shown.permissions_shown(mine, theirs))


@routes.put("/company/{location_id}/users/{user_id}/permissions", needs=may("users_access", "edit_users_access"))
async def update_user_permissions(
    call: Call, location_id: int, user_id: int, body: PermissionsChange
) -> Answer[UserPermissions]:
    """Change a user's role, rights and team member in a location. Nobody gives what he does not have."""
    mine, theirs = await permissions.update_permissions(
        call.db, call.chain_id, location_id, call.user.id, user_id, body, author_of(call), call.now
    )
    return Answer(data=shown.permissions_shown(mine, theirs))


@routes.delete("/company/{location_id}/users/{user_id}", needs=may("users_access", "delete_users_access"), status=204)
async def remove_user_from_location(call: Call, location_id: int, user_id: int) -> None:
    """Remove a user, or an invitation, from a location; his access ends at once."""
    await places.remove_user(call.db, call.chain_id, [location_id], call.user.id, user_id, author_of(call), call.now)


@routes.post("/user/invite/{location_id}", needs=may("users_access", "create_users_access"), status=202)
async def create_user_invitation(call: Call, location_id: int, body: Invites) -> Done:
    """Invite people by e-mail or phone: each gets a link, and access once he has accepted through it."""
    facts = await location_facts(call.db, call.chain_id, location_id)
    await invitations.invite(
        call.db, call.chain_id, location_id, facts.country_iso, call.user.id, body.invites, author_of(call), call.now
    )
    return Done(meta=Message("Saved"))


@routes.get("/user/invitation/{token}", needs=PARTNER)
async def get_user_invitation(call: Call, token: str) -> Answer[Invitation]:
    """What an invitation says, by the token that its link ends with. 404 for one that is used, void or too old."""
    row = await invitations.find(call.db, token, call.now)
    by_mail = row["channel"] == "email"
    return Answer(
        data=Invitation(
            company_id=row["location_id"],
            company_title=row["business"],
            name=row["name"],
            position=row["information"],
            recipient=row["recipient"] if by_mail else show_phone(row["recipient"]),
            may_register=row["may_register"],
            expires_at=wire_time(row["expires_at"], zone(row["timezone"])),
        )
    )


@routes.post("/user/invite/accept", needs=PARTNER, reads=True)
async def accept_user_invitation(call: Call, body: Acceptance) -> Answer[SignedInUser]:
    """Accept an invitation: register, or sign in before and send the token alone; 401 asks for the latter.

    It says `reads=True` and opens its own transaction, because its answer holds a token and must never be kept under
    an Idempotency-Key.
    """
    with dropping_own():
        row, token = await invitations.accept(
            call.db, call.server.pools, body, call.actor.user, call.actor.user_token, author_of(call), call.now
        )
    fields = user_fields(dict(row), token, call.server.url)
    return Answer(
        data=SignedInUser(**fields, is_approved=row["is_approved"], is_email_confirmed=row["is_email_confirmed"])
    )


@routes.post(
    "/company/{location_id}/users/{user_id}/copy_to_companies",
    needs=may("users_access", "edit_users_access"),
    status=200,
)
async def copy_user_permissions_to_locations(call: Call, location_id: int, user_id: int, body: CopyLinks) -> Saved:
    """Give an active user the same role and rights in other locations of the chain."""
    links = body.user_company_links
    await places.copy_to_locations(
        call.db, call.chain_id, location_id, links, call.user.id, user_id, author_of(call), call.now
    )
    return Saved()


@routes.post(
    "/company/{location_id}/users/{user_id}/remove_from_companies",
    needs=may("users_access", "delete_users_access"),
    status=200,
)
async def remove_user_from_locations(call: Call, location_id: int, user_id: int, body: RemoveLinks) -> Saved:
    """Remove an active user from locations of the chain: from all of them or, when anything is wrong, from none."""
    links = [link.location_id for link in body.user_company_links]
    await places.remove_from_locations(
        call.db, call.chain_id, location_id, links, call.user.id, user_id, author_of(call), call.now
    )
    return Saved()
