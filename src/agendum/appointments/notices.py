"""Facts about appointments that others may hear."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from agendum.core.outbox import Notice


class AppointmentCreated(Notice, kw_only=True):
    kind: ClassVar[str] = "appointment.created"

    appointment_id: int


class AppointmentChanged(Notice, kw_only=True):
    """`moved_from` is the former start when the time changed."""

    kind: ClassVar[str] = "appointment.changed"

    appointment_id: int
    moved_from: datetime | None = None


class AppointmentDeleted(Notice, kw_only=True):
    kind: ClassVar[str] = "appointment.deleted"

    appointment_id: int


class ReviewLeft(Notice, kw_only=True):
    kind: ClassVar[str] = "review.created"

    review_id: int
    team_member_id: int | None
