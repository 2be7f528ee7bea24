"""Who is told what, and when. Pure decisions over a visit as it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from agendum.access.rules import CODE_LIFE
from agendum.core.clock import zone
from agendum.members.rules.invitations import LIFE as INVITATION_LIFE

Channel = Literal["sms", "email"]
Kind = Literal["phone_code", "invitation", "booked", "moved", "cancelled", "reminder", "review"]

MESSAGES_FOR = timedelta(days=365)  # what went out can be looked up for so long
REVIEW_AFTER = timedelta(hours=1)  # from the end of a visit to the question how it was
DID_NOT_COME = -1


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One appointment as its client should know it. `sms_before`, `email_before`: hours, 0 for no reminder."""

    chain_id: int
    location_id: int
    appointment_id: int
    starts_at: datetime
    ends_at: datetime
    attendance: int
    is_online: bool
    is_deleted: bool
    is_reviewed: bool
    sms_before: int
    email_before: int
    client_name: str
    phone: str
    email: str
    no_mailings: bool
    sms_enabled: bool
    business: str
    address: str
    timezone: str
    language: str
    member: str
    services: list[str]

    @property
    def tz(self) -> ZoneInfo:
        return zone(self.timezone)

    def contact(self, channel: Channel) -> str:
        """Where the client is reached, empty when he is not."""
        if channel == "email":
            return self.email
        return self.phone if self.sms_enabled else ""

    def hours_before(self, channel: Channel) -> int:
        return self.sms_before if channel == "sms" else self.email_before


def channels_for(visit: Visit, kind: Kind) -> list[Channel]:
    """Where a word about a change goes, and where the request for a review, which is sent once.

    Who booked online hears of every change; a booking made at the desk is followed only where a reminder was asked
    for. A review is asked for by e-mail, which costs nothing, otherwise by SMS, and not of those who want no mailings.
    """
    reached: list[Channel] = [channel for channel in ("sms", "email") if visit.contact(channel)]
    if kind == "review":
        return reached[-1:] if visit.is_online and not visit.no_mailings else []
    return [channel for channel in reached if visit.is_online or visit.hours_before(channel)]


class Reminder(msgspec.Struct, frozen=True):
    """A reminder to be: it stands as long as the visit starts then and asks for so many hours."""

    chain_id: int
    appointment_id: int
    channel: Channel
    starts_at: datetime
    hours: int

    @property
    def due(self) -> datetime:
        return self.starts_at - timedelta(hours=self.hours)

    @property
    def key(self) -> str:
        return f"{self.appointment_id}:{self.channel}:{self.starts_at.isoformat()}:{self.hours}"


def reminders(visit: Visit, now: datetime) -> list[Reminder]:
    """Those still to come. Who books after the moment of a reminder needs none."""
    found = [
        Reminder(visit.chain_id, visit.appointment_id, channel, visit.starts_at, visit.hours_before(channel))
        for channel in ("sms", "email")
        if visit.hours_before(channel) > 0 and not visit.is_deleted
    ]
    return [reminder for reminder in found if reminder.due > now]


def is_wanted(reminder: Reminder, visit: Visit, now: datetime) -> bool:
    """Whether a reminder still fits the visit: not deleted, moved, changed or begun."""
    return (
        not visit.is_deleted
        and visit.attendance != DID_NOT_COME
        and visit.starts_at == reminder.starts_at > now
        and visit.hours_before(reminder.channel) == reminder.hours
    )


def may_ask_review(visit: Visit, ends_at: datetime) -> bool:
    """After the visit that ended at `ends_at`, if it took place then and has no review."""
    took_place = not visit.is_deleted and visit.attendance != DID_NOT_COME and visit.ends_at == ends_at
    return took_place and not visit.is_reviewed


def is_outdated(
    kind: str,
    *,
    created_at: datetime,
    starts_at: datetime | None,
    is_deleted: bool,
    is_replaced: bool,
    now: datetime,
) -> bool:
    """Whether a message that still waits is better not sent: the code is dead, the visit gone or begun, or a newer
    word to the same person about the same visit is there."""
    if kind == "phone_code":
        return now >= created_at + CODE_LIFE
    if kind == "invitation":
        return now >= created_at + INVITATION_LIFE
    if kind in ("booked", "moved", "reminder") and (is_deleted or starts_at is None or starts_at <= now):
        return True
    return is_replaced
