"""Facts about appointments that others may hear."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from agendum.core.outbox import Notice


class AppointmentCreated(Notice, kw_only=True):
    """`send_sms`: the desk asked for a word to the client."""

    kind: ClassVar[str] = "appointment.created"

    appointment_id: int
    send_sms: bool = False


class AppointmentChanged(Notice, kw_only=True):
    """`moved_from` is the former start when the time changed; `send_sms` as above."""

    kind: ClassVar[str] = "appointment.changed"

    appointment_id: int
    moved_from: datetime | None = None
    send_sms: bool = False


class AppointmentDeleted(Notice, kw_only=True):
    kind: ClassVar[str] = "appointment.deleted"

    appointment_id: int


class ReviewLeft(Notice, kw_only=True):
    kind: ClassVar[str] = "review.created"

    review_id: int
    team_member_id: int | None
