"""Changes as they happen."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated

from agendum.appointments.actions.reading import desk_of
from agendum.core.auth import authenticate
from agendum.core.errors import Forbidden
from agendum.core.live import EventStream, Told
from agendum.core.permissions import check_place, may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.core.wire import to_json
from agendum.live.rules import Eyes, change_of, sees_clients
from agendum.live.wire import Change

routes = Routes("/api/v1", group="events")

_NEEDS = may("timetable_access")


@routes.get("/company/{location_id}/events/stream", needs=_NEEDS, media_type="text/event-stream")
async def stream_changes(call: Call, location_id: int) -> Annotated[EventStream, Change]:
    """Changes in a location as server-sent events, some tenths of a second after they were made.

    Each event's data is one change that the user may see. An event named `gap` says that some may have been missed:
    read anew what is shown. The stream ends after a quarter of an hour and when the user's rights change: open it anew.
    """
    place, desk = await desk_of(call)
    members, since = desk.member_ids(None), desk.lens.sight.since
    opens = None if since is None else datetime.combine(since, time(), place.tz)
    eyes = Eyes(None if members is None else frozenset(members), opens, sees_clients(desk.rights))
    authorization = call.request.headers.get("authorization", "")

    async def say(told: list[Told]) -> list[bytes]:
        # Both come from the process's caches, which the same connection keeps true.
        actor = await authenticate(call.server.pools, authorization, _NEEDS)
        if check_place(actor, _NEEDS, call.chain_id, location_id) != call.membership:
            raise Forbidden()
        return list(dict.fromkeys(to_json(change_of(one)) for one in told if eyes.see(one)))

    return EventStream(call.server.live, location_id, call.user.id, say)
