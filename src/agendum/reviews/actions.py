"""Writing reviews at the desk."""

from __future__ import annotations

from decimal import Decimal

from agendum.appointments.actions.reviews import leave_review
from agendum.core.audit import author_of
from agendum.core.cache import forget
from agendum.core.db.sql import load
from agendum.core.errors import Invalid, NotFound
from agendum.core.server import Call
from agendum.reviews.wire import ReviewBody

sql = load(__file__)


async def leave(call: Call, team_member_id: int, body: ReviewBody) -> int:
    """Write a review of a team member, or with 0 of the location; gives its id. Raises NotFound and Invalid."""
    if not (name := body.name.strip()):
        raise Invalid("name: a review has a name under it.", field="name")
    text, place = body.text.strip(), {"chain_id": call.chain_id, "location_id": call.location_id}
    if team_member_id and await sql.team_member_is_there.value(call.db, **place, id=team_member_id) is None:
        raise NotFound("Team Member not found.")
    about = team_member_id or None
    review_id = await leave_review(
        call.db,
        **place,
        team_member_id=about,
        appointment_id=None,
        user_id=call.user.id,
        name=name,
        author=author_of(call),
        rating=body.mark,
        text=text,
        tips_amount=Decimal(0),
        at=call.now,
    )
    assert review_id is not None  # only the review of a visit can be there already
    if about is not None:  # lists of the team show their ratings
        await forget(call.db, "catalogue", call.location_id)
    return review_id
