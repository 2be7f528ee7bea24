"""What a route asks of its caller. It stands on the route line; a route without one stops the server from starting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from agendum.core.errors import Forbidden


class Needs(msgspec.Struct, frozen=True):
    """`partner`: a partner token. `user`: a user token besides. `rights`: what the user must be allowed in the
    location (or chain) that the path names; `member`: he must belong there."""

    partner: bool = True
    user: bool = False
    member: bool = False
    rights: tuple[str, ...] = ()


PUBLIC = Needs(partner=False)
PARTNER = Needs()
USER = Needs(user=True)
MEMBER = Needs(user=True, member=True)


def may(*rights: str) -> Needs:
    """A user who belongs to the place in the path and holds every one of these rights (the contract's names)."""
    return Needs(user=True, member=True, rights=rights)


class Membership(msgspec.Struct, frozen=True):
    """A user's place in a location, or with `location_id` None in the whole chain."""

    chain_id: int
    location_id: int | None
    role: str
    rights: dict[str, Any]


class Partner(msgspec.Struct, frozen=True):
    id: int
    title: str


class User(msgspec.Struct, frozen=True):
    """The signed-in user; `token` is what he came with."""

    id: int
    name: str
    phone: str
    email: str
    login: str
    avatar: str
    memberships: tuple[Membership, ...]

    def membership(self, chain_id: int, location_id: int | None) -> Membership | None:
        """His place in a location: the location's own, else the chain's."""
        found = None
        for place in self.memberships:
            if place.chain_id == chain_id:
                if place.location_id == location_id:
                    return place
                if place.location_id is None:
                    found = place
        return found


class Actor(msgspec.Struct, frozen=True):
    """Who calls: the integration, and the user for whom it calls."""

    partner: Partner | None = None
    user: User | None = None
    user_token: str = ""


def allows(rights: Mapping[str, Any], right: str) -> bool:
    """A right is held when its value is true; limits (numbers, lists) are for the action to read."""
    return rights.get(right) is True


def check_place(actor: Actor, needs: Needs, chain_id: int, location_id: int | None) -> Membership | None:
    """The caller's membership in the place, if he has one. Raises Forbidden when the route asks for more than that."""
    place = actor.user.membership(chain_id, location_id) if actor.user is not None else None
    if needs.member and place is None:
        raise Forbidden()
    if place is not None:
        for right in needs.rights:
            if not allows(place.rights, right):
                raise Forbidden()
    return place
