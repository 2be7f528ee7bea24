"""Resources in JSON:API."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from agendum.chains.facts import location_facts
from agendum.core.clock import local_midnight, parse_when, within_reach
from agendum.core.db.sql import load
from agendum.core.errors import Invalid
from agendum.core.jsonapi import Document, Resource
from agendum.core.permissions import may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.schedule.rules import sight_of
from agendum.schedule.wire import Occupation, OccupationsQuery

routes = Routes("/api/v2", group="v2")
sql = load(__file__)

_WALL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")


@routes.get("/locations/{location_id}/resource_occupations", needs=may("timetable_access"))
async def list_resource_occupations(
    call: Call, query: OccupationsQuery
) -> Annotated[bytes, Document[list[Resource[Occupation]]]]:
    """What takes the time of resource instances within an interval.

    Narrowed to appointments and events of one service, of some services, or both. Touching the interval is not enough.
    """
    place = await location_facts(call.db, call.chain_id, call.location_id)
    from_at = _moment(query.from_, "filter[date_intersect_from_strict]", place.tz)
    till = _moment(query.till, "filter[date_intersect_to_strict]", place.tz)
    if till <= from_at:
        field = "filter[date_intersect_to_strict]"
        raise Invalid(f"{field}: the interval ends after it begins.", field=field)
    sight = sight_of(call.membership.rights if call.membership else {}, call.now.astimezone(place.tz).date())
    if sight.since is not None:
        from_at = max(from_at, local_midnight(sight.since, place.tz))
    found: str = await sql.occupations.value(
        call.db,
        chain_id=call.chain_id,
        location_id=call.location_id,
        from_at=from_at,
        till=till,
        zone=place.timezone,
        service_id=query.service_id,
        service_ids=query.service_ids or None,
        only_member=sight.member_id,
        only_position=sight.position_id,
    )
    return f'{{"data":{found}}}'.encode()


def _moment(text: str, field: str, tz: ZoneInfo) -> datetime:
    """A moment by the location's clock. Raises Invalid."""
    try:
        if _WALL.fullmatch(text) and within_reach(datetime.fromisoformat(text).date()):
            return parse_when(text, tz)
    except ValueError:
        pass
    raise Invalid(f"{field}: expected the location's time such as 2026-07-16T13:00:00.", field=field)
