"""Facts about clients that others may hear."""

from __future__ import annotations

from typing import ClassVar

from agendum.core.outbox import Notice


class ClientCreated(Notice, kw_only=True):
    kind: ClassVar[str] = "client.created"

    client_id: int
