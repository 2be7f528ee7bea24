"""Shapes of the audit trail."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec

from agendum.core.wire import Id


class ChangesQuery(msgspec.Struct, kw_only=True):
    """Which changes: of one kind of thing or one thing, by one user, on dates of the location's calendar."""

    entity: Annotated[
        str | None,
        msgspec.Meta(description="The kind of thing; the handbook's page on changes lists them.", examples=["service"]),
    ] = None
    entity_id: Id | None = None
    user_id: Id | None = None
    date_from: date | None = None
    date_to: date | None = None
    page: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    count: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class Named(msgspec.Struct, frozen=True):
    id: int
    name: str


class Change(msgspec.Struct, kw_only=True):
    """One change. `before` and `after` hold what differs; before is null for a thing that was new, after for one
    that is gone. `user` is null where nobody was signed in, `partner` is the integration that spoke."""

    id: int
    at: str
    entity: str
    entity_id: int
    user: Named | None
    partner: Named | None
    request_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
