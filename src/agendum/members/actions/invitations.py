"""Inviting people to a location, and what happens when they come."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import msgspec

from agendum.access.actions import accept_user, find_or_invite_user, forget_user, hash_password, new_user_token
from agendum.access.rules import read_email
from agendum.core.audit import Author, watch
from agendum.core.db.pool import Pools, transaction
from agendum.core.db.sql import Connection, Row
from agendum.core.errors import AppError, Invalid
from agendum.core.outbox import tell
from agendum.core.permissions import User
from agendum.core.phone import parse_phone
from agendum.core.signing import new_token, token_hash
from agendum.members import errors
from agendum.members.facts import USER, callers_place, choices_of, find_place, sql
from agendum.members.notices import UserInvited
from agendum.members.rules.grants import Place, clipped, may_manage
from agendum.members.rules.invitations import A_DAY, LIFE, SHORTEST_PASSWORD
from agendum.members.rules.roles import follow_member, preset, role_of
from agendum.members.rules.wishes import Choices, Complaints, with_wishes
from agendum.members.wire import Acceptance, Invite
from agendum.team.actions import tie_user


async def invite(
    db: Connection,
    chain_id: int,
    location_id: int,
    country_iso: str,
    caller_id: int,
    invites: list[Invite],
    author: Author,
    at: datetime,
) -> None:
    """Invite people to a location: all of them or, when anything is wrong, nobody.

    Who is invited anew gets a new link. Raises Invalid or Forbidden naming all that is wrong, TooManyInvitations.
    """
    await sql.hold_chain.value(db, chain_id=chain_id)
    mine = await callers_place(db, chain_id, location_id, caller_id, "create_users_access")
    day = timedelta(days=1)
    if await sql.sent_invitations.value(db, chain_id=chain_id, since=at - day) + len(invites) > A_DAY:
        raise errors.TooManyInvitations(retry_after=int(day.total_seconds()))
    choices, complaints = await choices_of(db, chain_id, location_id), Complaints()
    seen: set[int] = set()
    for n, wish in enumerate(invites):
        try:
            user_id = await _invite_one(db, chain_id, location_id, country_iso, mine, wish, choices, author, at)
            if user_id in seen:
                raise Invalid("The same person twice.", field="search")
            seen.add(user_id)
        except AppError as error:
            complaints.add(error, f"invites[{n}].")
    complaints.raise_any()


async def _invite_one(
    db: Connection,
    chain_id: int,
    location_id: int,
    country_iso: str,
    mine: Place,
    wish: Invite,
    choices: Choices,
    author: Author,
    at: datetime,
) -> int:
    email = read_email(wish.search)
    phone = None if email else parse_phone(wish.search, country_iso)
    recipient = email or phone
    if recipient is None:
        raise Invalid("This is neither a phone nor an e-mail address.", field="search")
    role = role_of(wish.user_role or "worker")
    if role.weight > mine.role.weight:
        raise errors.RoleTooHigh()
    if wish.team_member_id and not choices.has_master(wish.team_member_id):
        raise Invalid("There is no such team member here.", field="staff_id")
    base = clipped(mine.rights, preset(role, chain_id, wish.team_member_id or None))
    rights = with_wishes(mine.rights, role, base, wish.user_permissions or [], choices)
    user_id = await find_or_invite_user(db, phone=phone or "", email=email or "", name=wish.name, now=at)
    theirs = await find_place(db, chain_id, location_id, user_id)
    if theirs is not None and theirs.is_approved:
        raise Invalid("This user belongs here already.", field="search")
    if theirs is not None and not may_manage(mine, theirs):
        raise errors.TooHigh()
    seen = await watch(db, USER, chain_id, location_id, [user_id])
    token = new_token()
    invitation_id = await sql.put_invitation.value(
        db,
        chain_id=chain_id,
        location_id=location_id,
        user_id=user_id,
        role=role.stored,
        rights=rights,
        information=(wish.position or "").strip(),
        team_member_id=wish.team_member_id or None,
        name=wish.name.strip(),
        channel="email" if email else "sms",
        recipient=recipient,
        token_hash=token_hash(token),
        invited_by=mine.user_id,
        at=at,
        expires_at=at + LIFE,
    )
    await seen.note(author, at)
    notice = UserInvited(
        chain_id=chain_id,
        location_id=location_id,
        invitation_id=invitation_id,
        user_id=user_id,
        channel="email" if email else "sms",
        recipient=recipient,
        name=wish.name.strip(),
        token=token,
    )
    await tell(db, notice, at)
    return user_id


async def find(db: Connection, token: str, now: datetime) -> Row:
    """A living invitation by the token of its link. Raises NoInvitation."""
    found = await sql.invitation_by_token.row(db, token_hash=token_hash(token), now=now)
    if found is None:
        raise errors.NoInvitation()
    return found


async def accept(
    db: Connection,
    pools: Pools,
    body: Acceptance,
    user: User | None,
    user_token: str,
    author: Author,
    now: datetime,
) -> tuple[Row, str]:
    """Who was invited, active from now on, and his user token. `db`, of the read pool, is given back.

    A person without an account gets one with the password that he gives. Raises NoInvitation, SignInFirst for
    somebody who has an account, OthersInvitation for one who is signed in as somebody else, Invalid.
    """
    digest = token_hash(body.token)
    try:
        found = await find(db, body.token, now)
    finally:
        await pools.read.release(db)
    register = None
    if user is None:
        register = await _registration(body, found)
    elif user.id != found["user_id"]:
        raise errors.OthersInvitation()
    async with transaction(pools.write) as own:
        await sql.hold_chain.value(own, chain_id=found["chain_id"])
        seen = await watch(own, USER, found["chain_id"], found["location_id"], [found["user_id"]])
        taken = await sql.take_invitation.row(own, chain_id=found["chain_id"], id=found["id"], token_hash=digest)
        if taken is None:
            raise errors.NoInvitation()
        by_mail = found["channel"] == "email"
        came = {"email": found["recipient"], "phone": ""} if by_mail else {"email": "", "phone": found["recipient"]}
        row = await accept_user(own, found["user_id"], register=register, **came, now=now)
        if row is None:
            raise errors.SignInFirst()
        comes = msgspec.structs.replace(author, user_id=found["user_id"])
        await _enter(own, found["chain_id"], taken, comes, now)
        await seen.note(comes, now)
        token = user_token or await new_user_token(own, found["user_id"], now)
    return row, token


async def _registration(body: Acceptance, found: Row) -> tuple[str, str]:
    """The name and the password's hash of a new account."""
    if not found["may_register"]:
        raise errors.SignInFirst()
    if len(body.password) < SHORTEST_PASSWORD:
        raise Invalid(f"A password has at least {SHORTEST_PASSWORD} characters.", field="password")
    name = body.name.strip() or found["name"]
    if not name:
        raise Invalid("This field is required.", field="name")
    return name, await hash_password(body.password)


async def _enter(db: Connection, chain_id: int, taken: Row, author: Author, at: datetime) -> None:
    """Make the membership that the invitation promised."""
    location_id, user_id, member_id = taken["location_id"], taken["user_id"], taken["team_member_id"]
    rights = taken["rights"]
    if member_id is not None:
        tied = False
        with suppress(Invalid):  # the team member has left meanwhile
            await tie_user(db, chain_id, location_id, member_id, user_id, author=author, at=at)
            tied = True
        if not tied:
            rights = follow_member(rights, member_id, None)
    place = {"chain_id": chain_id, "location_id": location_id, "user_id": user_id}
    given = {"role": taken["role"], "rights": rights, "information": taken["information"]}
    await sql.put_membership.run(db, **place, **given, at=at)
    await forget_user(db, user_id)
