"""Who changed what and when."""

from __future__ import annotations

from datetime import timedelta

from agendum.audit.wire import Change, ChangesQuery, Named
from agendum.chains.facts import location_facts
from agendum.core.clock import local_midnight, wire_time, within_reach
from agendum.core.db.sql import load
from agendum.core.envelope import Answer
from agendum.core.errors import Invalid
from agendum.core.permissions import may
from agendum.core.routes import Routes
from agendum.core.server import Call

routes = Routes("/api/v1", group="audit")
sql = load(__file__)


@routes.get("/company/{location_id}/changes", needs=may("security_data_changes_access"))
async def get_change_list(call: Call, query: ChangesQuery) -> Answer[list[Change]]:
    """Changes of the location's data, latest first, by page."""
    for field, day in (("date_from", query.date_from), ("date_to", query.date_to)):
        if day is not None and not within_reach(day):
            raise Invalid(f"{field}: no such day.", field=field)
    tz = (await location_facts(call.db, call.chain_id, call.location_id)).tz
    rows = await sql.changes.rows(
        call.db,
        chain_id=call.chain_id,
        location_id=call.location_id,
        entity=query.entity,
        entity_id=query.entity_id,
        user_id=query.user_id,
        from_at=local_midnight(query.date_from, tz) if query.date_from else None,
        till=local_midnight(query.date_to + timedelta(days=1), tz) if query.date_to else None,
        count=query.count,
        skip=(query.page - 1) * query.count,
    )
    return Answer(
        data=[
            Change(
                id=row["id"],
                at=wire_time(row["at"], tz),
                entity=row["entity"],
                entity_id=row["entity_id"],
                user=Named(row["user_id"], row["user_name"]) if row["user_id"] else None,
                partner=Named(row["partner_id"], row["partner_title"]) if row["partner_id"] else None,
                request_id=row["request_id"],
                before=row["before"],
                after=row["after"],
            )
            for row in rows
        ]
    )
