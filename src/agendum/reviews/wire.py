"""Shapes of reviews."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from agendum.core.wire import Id

Stars = Annotated[int, msgspec.Meta(ge=1, le=5)]


class ReviewsQuery(msgspec.Struct, kw_only=True):
    """Which reviews: written on dates of the location's calendar (both ends count), about one team member, with so
    many stars; which page of how many."""

    start_date: date | None = None
    end_date: date | None = None
    team_member_id: Id | None = None
    rating: Stars | None = None
    page: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    count: Annotated[int, msgspec.Meta(ge=1, le=300)] = 25


class ReviewBody(msgspec.Struct, kw_only=True):
    """`mark` are stars, 1 to 5; `name` is what stands under the review."""

    mark: Stars
    text: Annotated[str, msgspec.Meta(max_length=10_000)]
    name: Annotated[str, msgspec.Meta(max_length=255)]


class Review(msgspec.Struct, kw_only=True):
    """A review. `type` is 1 about a team member (`master_id`), 0 about the location. `user_id` is who wrote it, 0 where
    nobody was signed in; `record_id` is the appointment whose review link it came through, else 0."""

    id: int
    salon_id: int
    type: int
    master_id: int
    text: str
    date: str
    rating: int
    user_id: int
    user_name: str
    user_avatar: str
    record_id: int
