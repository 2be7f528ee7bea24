"""What booking says of a location. It lies above this domain; `agendum.app` registers its facts here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Protocol, TypeAlias

import msgspec

from agendum.chains.wire import Position
from agendum.core.db.sql import Connection

Place: TypeAlias = tuple[int, int]  # chain id, location id

# The nearest free start of each location, ISO 8601 with the location's offset; None where nothing is free.
NextSlots: TypeAlias = Callable[[Connection, list[Place], datetime], Awaitable[dict[int, str | None]]]


class FormLink(msgspec.Struct, frozen=True, kw_only=True):
    """A booking form where a client may book at the location; `is_chain`: a form of its whole chain."""

    id: int
    title: str
    is_default: bool
    is_chain: bool


class StaffCard(msgspec.Struct, frozen=True, kw_only=True):
    """A team member whom clients may choose. `avatar` and `avatar_big` as stored."""

    id: int
    name: str
    specialization: str
    information: str
    avatar: str
    avatar_big: str
    weight: int
    position: Position | None


class LocationBooking(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of one location. `sms_before_default` is hours; the lists are filled only when asked for."""

    confirm_number: bool = False
    comment_required: bool = False
    sms_enabled: bool = True
    sms_before_default: int = 0
    allow_change: bool = True
    allow_delete: bool = True
    active_staff_count: int = 0
    forms: tuple[FormLink, ...] = ()
    staff: tuple[StaffCard, ...] = ()
    positions: tuple[Position, ...] = ()


class BookingFacts(Protocol):
    """`include` names the lists that are wanted: forms, staff, positions."""

    @property
    def next_slots(self) -> NextSlots | None: ...

    async def of_locations(
        self, db: Connection, places: list[Place], include: Collection[str]
    ) -> dict[int, LocationBooking]: ...

    async def closed(self, db: Connection, chain_ids: list[int] | None) -> list[int]:
        """Locations whose online booking is switched off; of all chains with None."""
        ...

    async def upcoming(self, db: Connection, chain_id: int, location_id: int, now: datetime) -> int:
        """How many appointments are still to come at a location, those in group events among them."""
        ...


_facts: BookingFacts | None = None


def set_booking_facts(facts: BookingFacts | None) -> BookingFacts | None:
    """Register who knows; gives back who did before."""
    global _facts
    before, _facts = _facts, facts
    return before


def booking_facts() -> BookingFacts | None:
    """None while no booking is part of the server: locations are shown without what it knows."""
    return _facts
