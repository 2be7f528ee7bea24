"""What clients said: read and written at the desk. The review page of a visit is booking's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agendum.chains.facts import location_facts
from agendum.core.clock import local_midnight, within_reach
from agendum.core.db.sql import Row
from agendum.core.envelope import Answer
from agendum.core.errors import Invalid
from agendum.core.permissions import may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.reviews import actions
from agendum.reviews.actions import sql
from agendum.reviews.wire import Review, ReviewBody, ReviewsQuery

routes = Routes("/api/v1", group="appointments")

_NEEDS = may("dash_reviews_access")


@routes.get("/comments/{location_id}", needs=_NEEDS)
async def get_comments(call: Call, query: ReviewsQuery) -> Answer[list[Review]]:
    """Reviews of the location and its team, latest first, by page."""
    for field, day in (("start_date", query.start_date), ("end_date", query.end_date)):
        if day is not None and not within_reach(day):
            raise Invalid(f"{field}: no such day.", field=field)
    tz = await _zone(call)
    rows = await _reviews(
        call,
        team_member_id=query.team_member_id,
        rating=query.rating,
        from_at=local_midnight(query.start_date, tz) if query.start_date else None,
        till=local_midnight(query.end_date + timedelta(days=1), tz) if query.end_date else None,
        count=query.count,
        skip=(query.page - 1) * query.count,
    )
    return Answer(data=[_review(call, row, tz) for row in rows])


@routes.post("/comments/{location_id}/{team_member_id}", needs=_NEEDS)
async def leave_comment(call: Call, team_member_id: int, body: ReviewBody) -> Answer[Review]:
    """Write down a review of a team member; with 0 for the team member it is about the location."""
    tz = await _zone(call)
    review_id = await actions.leave(call, team_member_id, body)
    [row] = await _reviews(call, id=review_id)
    return Answer(data=_review(call, row, tz))


async def _zone(call: Call) -> ZoneInfo:
    return (await location_facts(call.db, call.chain_id, call.location_id)).tz


async def _reviews(
    call: Call,
    *,
    id: int | None = None,
    team_member_id: int | None = None,
    rating: int | None = None,
    from_at: datetime | None = None,
    till: datetime | None = None,
    count: int = 1,
    skip: int = 0,
) -> list[Row]:
    asked: dict[str, Any] = {"id": id, "team_member_id": team_member_id, "rating": rating}
    span = {"from_at": from_at, "till": till, "count": count, "skip": skip}
    return await sql.reviews.rows(call.db, chain_id=call.chain_id, location_id=call.location_id, **asked, **span)


def _review(call: Call, row: Row, tz: ZoneInfo) -> Review:
    return Review(
        id=row["id"],
        salon_id=row["location_id"],
        type=int(row["team_member_id"] is not None),
        master_id=row["team_member_id"] or 0,
        text=row["text"],
        date=row["created_at"].astimezone(tz).isoformat(timespec="milliseconds"),
        rating=row["rating"],
        user_id=row["user_id"] or 0,
        user_name=row["author"],
        user_avatar=call.server.url(row["avatar"]),
        record_id=row["appointment_id"] or 0,
    )
