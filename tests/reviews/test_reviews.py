"""Reviews at the desk: what they move, and who may have them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.makers.office import Office, field_of

pytestmark = pytest.mark.anyio


async def _leave(office: Office, status: int = 201, *, about: int | None = None, **more: Any) -> Any:
    body = {"mark": 5, "text": "Lovely", "name": "Victor"} | more
    member = office.business.anna if about is None else about
    return await office.ask("POST", f"/comments/{office.here}/{member}", status, json=body)


async def _anna(office: Office) -> dict[str, Any]:
    [anna] = await office.ask("GET", f"/company/{office.here}/staff/{office.business.anna}")
    return anna


async def test_every_review_counts_in_the_rating_of_its_team_member(office: Office) -> None:
    for mark, text in ((5, "Lovely"), (2, ""), (4, "Good")):
        await _leave(office, mark=mark, text=text)
    await _leave(office, mark=1, about=office.business.peter)
    await _leave(office, mark=1, about=0)
    anna = await _anna(office)
    assert (anna["votes_count"], anna["rating"]) == (3, 3.67)
    stored = await office.db.fetchrow(
        """SELECT count(*), sum(rating) AS sum, count(*) FILTER (WHERE text <> '') AS texts
             FROM reviews WHERE team_member_id = $1""",
        office.business.anna,
    )
    sums = await office.db.fetchrow("SELECT * FROM team_ratings WHERE team_member_id = $1", office.business.anna)
    assert (sums["votes_count"], sums["rating_sum"], sums["comments_count"]) == tuple(stored)


async def test_a_review_stands_in_the_audit_trail(office: Office) -> None:
    review = await _leave(office)
    [change] = await office.ask("GET", f"/company/{office.here}/changes?entity=review")
    assert (change["entity_id"], change["before"], change["after"]["rating"]) == (review["id"], None, 5)
    assert change["user"]["id"] == office.business.owner.id


async def test_a_review_is_told_of(office: Office) -> None:
    review = await _leave(office)
    body = await office.db.fetchval("SELECT body FROM outbox WHERE kind = 'review.created' ORDER BY id DESC LIMIT 1")
    assert (body["review_id"], body["team_member_id"]) == (review["id"], office.business.anna)


async def test_the_days_of_the_filter_are_the_locations(office: Office) -> None:
    late = f"{office.day(-1)}T23:30:00"
    review = await _leave(office)
    await office.db.execute(
        "UPDATE reviews SET created_at = $1::timestamp AT TIME ZONE 'America/New_York' WHERE id = $2",
        datetime.fromisoformat(late),
        review["id"],
    )
    path, yesterday, today = f"/comments/{office.here}", office.day(-1), office.day(0)
    [found] = await office.ask("GET", path, params={"start_date": yesterday, "end_date": yesterday})
    assert found["date"].startswith(late)
    assert await office.ask("GET", path, params={"start_date": today}) == []


async def test_nobody_reads_or_reviews_another_location(office: Office) -> None:
    await _leave(office)
    assert await office.ask("GET", f"/comments/{office.business.far_location_id}") == []
    await _leave(office, 404, about=office.business.yuki)
    path = f"/comments/{office.here}"
    await office.ask("GET", path, 403, user=office.small.stranger)
    await office.ask("GET", path, 403, user=await office.colleague("timetable_access"))
    assert len(await office.ask("GET", path, user=await office.colleague("dash_reviews_access"))) == 1


async def test_a_review_has_stars_and_a_name(office: Office) -> None:
    assert field_of(await _leave(office, 422, mark=9)) == "mark"
    assert field_of(await _leave(office, 422, name="  ")) == "name"
    assert await office.ask("GET", f"/comments/{office.here}") == []
