"""Facts about appointments that others may hear."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from agendum.core.outbox import Notice


class AppointmentNotice(Notice, kw_only=True):
    """`team_member_ids`: whose calendar it touches, the former one's too; `starts_at`: when it begins now."""

    appointment_id: int
    team_member_ids: tuple[int, ...] = ()
    starts_at: datetime | None = None


class AppointmentCreated(AppointmentNotice, kw_only=True):
    """`send_sms`: the desk asked for a word to the client."""

    kind: ClassVar[str] = "appointment.created"

    send_sms: bool = False


class AppointmentChanged(AppointmentNotice, kw_only=True):
    """`moved_from` is the former start when the time changed; `send_sms` as above."""

    kind: ClassVar[str] = "appointment.changed"

    moved_from: datetime | None = None
    send_sms: bool = False


class AppointmentDeleted(AppointmentNotice, kw_only=True):
    kind: ClassVar[str] = "appointment.deleted"


class ReviewLeft(Notice, kw_only=True):
    kind: ClassVar[str] = "review.created"

    review_id: int
    team_member_id: int | None
