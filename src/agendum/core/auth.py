"""From the Authorization header to an Actor: `Bearer PARTNER_TOKEN, User USER_TOKEN`."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import msgspec

from agendum.core.cache import Cache
from agendum.core.clock import now
from agendum.core.db.pool import Pool, Pools
from agendum.core.db.sql import load
from agendum.core.errors import NotFound, Unauthorized
from agendum.core.permissions import Actor, Needs, Partner, User
from agendum.core.signing import token_hash

sql = load(__file__)

_SCHEME = re.compile(r"(?i)\b(bearer|user)\s+([^\s,]+)")
_partners: Cache[str, Partner] = Cache("partner")
_users: Cache[str, Session] = Cache("user")
_chains: Cache[int, int] = Cache("chain_of_location", size=100_000)


class Session(msgspec.Struct):
    """The user behind a token; `used_on` is the day of which the database knows that the token was used."""

    user: User
    used_on: date


@lru_cache(maxsize=10_000)
def parse_authorization(header: str) -> tuple[str, str]:
    """(partner token, user token); an absent one is empty."""
    found = {scheme.lower(): token for scheme, token in _SCHEME.findall(header)}
    return found.get("bearer", ""), found.get("user", "")


async def authenticate(pools: Pools, header: str, needs: Needs) -> Actor:
    """The caller. Raises Unauthorized when a token that the route needs is missing or unknown.

    A user token beside one that is not needed is read too: the same public route shows a signed-in user more.
    """
    bearer, user_token = parse_authorization(header)
    partner = await _partner(pools.read, bearer) if bearer else None
    if needs.partner and partner is None:
        raise Unauthorized()
    user = await _user(pools, user_token) if user_token else None
    if needs.user and user is None:
        raise Unauthorized()
    return Actor(partner, user, user_token if user is not None else "")


async def _partner(reads: Pool, token: str) -> Partner | None:
    async def load_partner() -> Partner | None:
        async with reads.acquire() as db:
            row = await sql.partner_by_token.row(db, token_hash=digest)
        return None if row is None else Partner(row["id"], row["title"])

    digest = token_hash(token)
    return await _partners.get(digest.hex(), load_partner)


async def _user(pools: Pools, token: str) -> User | None:
    async def load_session() -> Session | None:
        async with pools.read.acquire() as db:
            row = await sql.user_by_token.row(db, token_hash=digest)
        if row is None:
            return None
        return Session(msgspec.convert(dict(row), User), row["used_on"])

    digest = token_hash(token)
    session = await _users.get(digest.hex(), load_session)
    if session is None:
        return None
    if session.used_on < (today := now().date()):
        session.used_on = today
        async with pools.side.acquire() as db:
            await sql.use_token.run(db, token_hash=digest, day=today)
    return session.user


def is_known_user(token: str) -> bool:
    """Whether this process has lately let a user in by this token."""
    return bool(token) and _users.peek(token_hash(token).hex()) is not None


async def chain_of_location(reads: Pool, location_id: int) -> int:
    """The tenant of a location. Raises NotFound."""

    async def load_chain() -> int | None:
        async with reads.acquire() as db:
            return await sql.chain_of_location.value(db, location_id=location_id)

    chain_id = await _chains.get(location_id, load_chain)
    if chain_id is None:
        raise NotFound("Location not found.")
    return chain_id


async def check_chain(reads: Pool, chain_id: int) -> int:
    """The id itself. Raises NotFound when there is no such chain."""
    async with reads.acquire() as db:
        if await sql.chain_exists.value(db, chain_id=chain_id) is None:
            raise NotFound("Chain not found.")
    return chain_id
