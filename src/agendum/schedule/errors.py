"""Why time cannot be had."""

from __future__ import annotations

from agendum.core.errors import AppError


class TimeTaken(AppError):
    """The time is taken, outside working hours or not on offer."""

    status, text = 422, "The selected time is already taken or is not working."
