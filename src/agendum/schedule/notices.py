"""Facts about working time that others may hear."""

from __future__ import annotations

from typing import ClassVar

from agendum.core.outbox import Notice


class ScheduleCreated(Notice, kw_only=True):
    """A team member works on dates on which he did not."""

    kind: ClassVar[str] = "schedule.created"

    team_member_id: int


class ScheduleChanged(Notice, kw_only=True):
    kind: ClassVar[str] = "schedule.changed"

    team_member_id: int


class ScheduleDeleted(Notice, kw_only=True):
    """Nothing is left of his work on the dates that were changed."""

    kind: ClassVar[str] = "schedule.deleted"

    team_member_id: int
