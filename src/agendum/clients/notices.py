"""Facts about clients that others may hear."""

from __future__ import annotations

from typing import ClassVar

from agendum.core.outbox import Notice


class ClientCreated(Notice, kw_only=True):
    kind: ClassVar[str] = "client.created"

    client_id: int


class ClientChanged(Notice, kw_only=True):
    kind: ClassVar[str] = "client.changed"

    client_id: int


class ClientDeleted(Notice, kw_only=True):
    """Also when a person was erased."""

    kind: ClassVar[str] = "client.deleted"

    client_id: int
