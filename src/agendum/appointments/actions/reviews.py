"""Writing reviews."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from agendum.appointments.facts import sql
from agendum.appointments.notices import ReviewLeft
from agendum.core.audit import Author, note_change
from agendum.core.cache import forget
from agendum.core.db.sql import Connection
from agendum.core.outbox import tell


async def leave_review(
    db: Connection,
    *,
    chain_id: int,
    location_id: int,
    team_member_id: int | None,
    appointment_id: int | None,
    user_id: int | None,
    name: str,
    author: Author,
    rating: int,
    text: str,
    tips_amount: Decimal,
    at: datetime,
) -> int | None:
    """Write a review with a name under it, and count it. None when this visit has one already."""
    review_id = await sql.leave_review.value(
        db,
        chain_id=chain_id,
        location_id=location_id,
        team_member_id=team_member_id,
        appointment_id=appointment_id,
        user_id=user_id,
        author=name,
        rating=rating,
        text=text,
        tips_amount=tips_amount,
        at=at,
    )
    if review_id is None:
        return None
    said: dict[str, Any] = {"team_member_id": team_member_id, "rating": rating, "text": text}
    # A client's name stands in the appointment, where he can be erased.
    said |= {"name": name} if appointment_id is None else {"appointment_id": appointment_id}
    entry: dict[str, Any] = {"chain_id": chain_id, "location_id": location_id, "entity": "review", "at": at}
    await note_change(db, author, **entry, entity_id=review_id, before=None, after=said)
    if team_member_id is not None:
        await sql.count_review.run(
            db, chain_id=chain_id, team_member_id=team_member_id, rating=rating, comments=int(bool(text))
        )
    # Whoever shows team members keeps their ratings with the rest of the offer.
    await forget(db, "catalogue", location_id)
    notice = ReviewLeft(chain_id=chain_id, location_id=location_id, review_id=review_id, team_member_id=team_member_id)
    await tell(db, notice, at)
    return review_id
