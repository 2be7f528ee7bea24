"""Reviews, read and written at the desk."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api, is_moment

BODY = {"mark": 4, "text": "Fine!", "name": "Victor Sitnikov"}
UNKNOWN = 9_999_999


async def get_comments(api: Api) -> None:
    owner, here = api.business.owner, api.here
    first = await _left(api, mark=5)
    second = await _left(api, mark=2, text="Slow", team_member_id=api.business.peter)
    about_us = await _left(api, team_member_id=0)
    reviews = (await api(200, user=owner, **here))["data"]
    assert [review["id"] for review in reviews] == [about_us, second, first]
    assert [(review["type"], review["master_id"]) for review in reviews] == [
        (0, 0),
        (1, api.business.peter),
        (1, api.business.anna),
    ]
    assert is_moment(reviews[0]["date"])
    for query, found in (
        ({"team_member_id": api.business.anna}, [first]),
        ({"rating": 2}, [second]),
        ({"page": 2, "count": 2}, [first]),
        ({"start_date": str(api.day()), "end_date": str(api.day())}, [about_us, second, first]),
        ({"start_date": str(api.day(1))}, []),
        ({"end_date": str(api.day(-1))}, []),
    ):
        answer = await api(200, user=owner, query=query, **here)
        assert [review["id"] for review in answer["data"]] == found, query
    record = await api.book(day=1)
    await api.let_it_take_place(record["record_id"])
    token = await api.review_token(record["record_id"])
    await api(200, op="submit_feedback_form", body={"rating": 3, "text": "Good"}, record_token=token)
    linked = (await api(200, user=owner, query={"rating": 3}, **here))["data"]
    assert [(review["record_id"], review["user_name"]) for review in linked] == [(record["record_id"], "Bob Booker")]
    await api(422, user=owner, query={"rating": 6}, **here)
    await api(422, user=owner, query={"start_date": "soon"}, **here)
    await _refused(api)


async def leave_comment(api: Api) -> None:
    owner, anna = api.business.owner, api.business.anna
    made = (await api(201, user=owner, body=BODY, team_member_id=anna, **api.here))["data"]
    assert (made["type"], made["master_id"], made["rating"], made["text"]) == (1, anna, 4, "Fine!")
    assert (made["user_id"], made["user_name"]) == (owner.id, "Victor Sitnikov")
    assert (await api(200, op="get_comments", user=owner, **api.here))["data"] == [made]
    for wrong in ({"mark": 0}, {"mark": 6}, {"name": " "}, {"text": None}):
        await api(422, user=owner, body=BODY | wrong, team_member_id=anna, **api.here)
    for stranger in (api.business.yuki, UNKNOWN):
        await api(404, user=owner, body=BODY, team_member_id=stranger, **api.here)
    await _refused(api, body=BODY, team_member_id=anna)


async def _left(api: Api, *, team_member_id: int | None = None, **more: Any) -> int:
    about = api.business.anna if team_member_id is None else team_member_id
    answer = await api(
        201, op="leave_comment", user=api.business.owner, body=BODY | more, team_member_id=about, **api.here
    )
    return answer["data"]["id"]


async def _refused(api: Api, **more: Any) -> None:
    await api(401, **more, **api.here)
    await api(401, partner="", **more, **api.here)
    await api(403, user=api.business.limited, **more, **api.here)
    await api(403, user=api.world.stranger, **more, **api.here)
    await api(404, user=api.business.owner, **more, location_id=UNKNOWN)
