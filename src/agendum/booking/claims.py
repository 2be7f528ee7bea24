"""From what a request wants to claims on time: which team members could, who of them is free, what is locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from agendum.booking import errors, rules
from agendum.booking.facts import BookingSettings
from agendum.booking.wire import WantedAppointment
from agendum.chains.facts import LocationFacts
from agendum.core.clock import parse_when
from agendum.core.db.sql import Connection
from agendum.core.errors import Invalid
from agendum.schedule.actions import Claim, lock_claims
from agendum.schedule.availability import Question, Taken, question, starts
from agendum.schedule.availability import sql as schedule_sql
from agendum.schedule.facts import Offer
from agendum.schedule.rules import Grid, Window, lay_grid, only

_TRIES = 12  # for "any team member", while others take the one that was chosen


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A location as online booking sees it at one moment."""

    facts: LocationFacts
    offer: Offer
    settings: BookingSettings
    now: datetime

    @property
    def window(self) -> Window:
        return Window(now=self.now, lead=self.settings.lead, horizon=self.settings.horizon_days)

    def grid(self, days: Sequence[date], service_ids: Sequence[int]) -> Grid:
        """The start times of these dates at which these services may begin; none where online booking is off."""
        tz, wanted = self.facts.tz, days if self.settings.is_enabled else []
        laid = lay_grid(wanted, tz, self.offer.rules, self.settings.default_grid, self.window)
        return self.offer.season(service_ids).narrow(laid, tz)

    def grid_at(self, at: datetime, service_ids: Sequence[int]) -> Grid:
        """What the grid offers at one moment."""
        return only(self.grid([at.astimezone(self.facts.tz).date()], service_ids), at)


class Wish(msgspec.Struct, frozen=True):
    """One wanted appointment, understood: at an instant, with these team members (one, or all who could)."""

    wanted: WantedAppointment
    at: datetime
    member_ids: list[int]


def read_moment(text: str, place: Place, field: str) -> datetime:
    """A wire date-time as an instant; without an offset, the location's wall clock. Raises Invalid."""
    try:
        return rules.sane(parse_when(text, place.facts.tz))
    except (ValueError, OverflowError):
        raise Invalid(f"{field}: expected a date and time such as 2026-09-30T10:00:00.", field=field) from None


def read_wishes(place: Place, wanted: Sequence[WantedAppointment]) -> list[Wish]:
    refused: list[errors.Item] = []
    wishes: list[Wish] = []
    for n, one in enumerate(wanted):
        at = read_moment(one.datetime, place, f"appointments[{n}].datetime")
        if not one.services:
            refused.append(errors.no_services(one.id))
            continue
        known = all(service in place.offer.services for service in one.services)
        members = place.offer.members_for(one.services) if known else []
        if one.staff_id:
            members = [one.staff_id] if one.staff_id in members else []
        elif not place.settings.any_master:
            refused.append(errors.nobody_free(one.id))
            continue
        if not members:
            refused.append(errors.not_offered(one.id))
            continue
        wishes.append(Wish(one, at, members))
    if not place.settings.is_enabled:
        refused = [errors.not_offered(one.id) for one in wanted]
    if refused:
        raise errors.BookingRefused(*refused)
    return wishes


async def lock_wishes(db: Connection, place: Place, wishes: Sequence[Wish]) -> tuple[list[Claim], dict[int, list[int]]]:
    """Claims of the request with all that they touch locked, and free once it is."""
    if all(wish.wanted.staff_id for wish in wishes):
        claims = _plain_claims(place, wishes)
        return claims, await lock_claims(db, claims)
    for attempt in range(_TRIES):
        claims = await claims_of(db, place, wishes)
        step = db.transaction()
        await step.start()
        instances = await lock_claims(db, claims)
        # Someone may have taken what was chosen before it was locked: then choose anew, with nothing held.
        if await _all_free(db, claims) or attempt == _TRIES - 1:
            await step.commit()
            return claims, instances
        await step.rollback()
    raise AssertionError("unreachable")


async def _all_free(db: Connection, claims: Sequence[Claim]) -> bool:
    for claim in claims:
        if not await starts(db, claim.asked, claim.grid):
            return False
    return True


def _plain_claims(place: Place, wishes: Sequence[Wish]) -> list[Claim]:
    """Claims of a request in which every team member is named; refused where two overlap."""
    claims: list[Claim] = []
    refused: list[errors.Item] = []
    for wish in wishes:
        claim = claim_of(place, wish, wish.member_ids[0], [])
        if _overlaps(claim, claims):
            refused.append(_overlap(place, wish, claim))
        claims.append(claim)
    if refused:
        raise errors.BookingRefused(*refused)
    return claims


async def claims_of(db: Connection, place: Place, wishes: Sequence[Wish]) -> list[Claim]:
    """A claim for each wish, as free as it is now; "anyone" becomes whoever is free and has the least booked that day,
    then the heaviest. Raises BookingRefused with all the reasons."""
    claims: list[Claim] = []
    refused: list[errors.Item] = []
    for wish in wishes:
        taken = [Taken(claim.need.member_id, claim.at, claim.ends_at) for claim in claims]
        asked = question(place.offer, place.facts.chain_id, wish.wanted.services, wish.member_ids, taken)
        free = [start.need.member_id for start in await starts(db, asked, place.grid_at(wish.at, wish.wanted.services))]
        if wish.wanted.staff_id:
            claim = claim_of(place, wish, wish.member_ids[0], taken)
            if free:
                claims.append(claim)
            elif _overlaps(claim, claims):
                refused.append(_overlap(place, wish, claim))
            else:
                refused.append(refusal(place, wish))
        elif free:
            member_id = await _least_booked(db, place, free, wish.at)
            claims.append(claim_of(place, wish, member_id, taken))
        else:
            refused.append(refusal(place, wish))
    if refused:
        raise errors.BookingRefused(*refused)
    return claims


async def _least_booked(db: Connection, place: Place, member_ids: list[int], at: datetime) -> int:
    if len(member_ids) == 1:
        return member_ids[0]
    midnight = at.astimezone(place.facts.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = await schedule_sql.booked_seconds.rows(
        db,
        chain_id=place.facts.chain_id,
        owner_ids=member_ids,
        from_at=midnight,
        till=midnight + timedelta(days=1),
    )
    booked = {row["owner_id"]: row["seconds"] for row in rows}
    members = place.offer.members
    return min(member_ids, key=lambda id_: (booked.get(id_, 0), -members[id_].weight, id_))


def claim_of(place: Place, wish: Wish, member_id: int, taken: list[Taken]) -> Claim:
    asked: Question = question(place.offer, place.facts.chain_id, wish.wanted.services, [member_id], taken)
    grid = place.grid_at(wish.at, wish.wanted.services)
    return Claim(location_id=place.facts.id, tz=place.facts.tz, asked=asked, grid=grid, at=wish.at)


def _overlaps(claim: Claim, others: Sequence[Claim]) -> bool:
    return any(
        claim.need.member_id == other.need.member_id and claim.at < other.ends_at and other.at < claim.ends_at
        for other in others
    )


def _overlap(place: Place, wish: Wish, claim: Claim) -> errors.Item:
    member = place.offer.members[claim.need.member_id]
    return errors.overlaps(member.name, member.id, wish.at, place.facts.tz, wish.wanted.id)


def refusal(place: Place, wish: Wish) -> errors.Item:
    if not wish.wanted.staff_id:
        return errors.nobody_free(wish.wanted.id)
    member = place.offer.members[wish.wanted.staff_id]
    return errors.taken(member.name, member.id, wish.at, place.facts.tz, wish.wanted.id)
