"""Facts about locations that others may hear."""

from __future__ import annotations

from typing import ClassVar

from agendum.core.outbox import Notice


class LocationCreated(Notice, kw_only=True):
    kind: ClassVar[str] = "location.created"


class LocationChanged(Notice, kw_only=True):
    kind: ClassVar[str] = "location.changed"


class LocationDeleted(Notice, kw_only=True):
    kind: ClassVar[str] = "location.deleted"
