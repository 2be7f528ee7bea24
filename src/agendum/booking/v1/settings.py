"""Settings of online booking: the switches, the grid of start times, the privacy policy."""

from __future__ import annotations

from typing import Any

import msgspec

from agendum.booking import setup_actions as actions
from agendum.booking.forms_wire import Agreement
from agendum.booking.setup_actions import Place, sql
from agendum.booking.setup_wire import OnlineSettings, OnlineSettingsPatch, PolicyBody, PolicySet, Timeslots
from agendum.chains.facts import location_facts
from agendum.core.audit import author_of
from agendum.core.envelope import Answer
from agendum.core.permissions import may
from agendum.core.routes import Routes
from agendum.core.server import Call

routes = Routes("/api/v1", group="online-booking-settings")
_NEEDS = may("online_record_access")


@routes.get("/company/{location_id}/settings/online", needs=_NEEDS)
async def get_online_booking_settings(call: Call) -> Answer[OnlineSettings]:
    """The settings of a location's online booking; a location that has set nothing has the usual ones."""
    await location_facts(call.db, call.chain_id, call.location_id)
    row = await sql.online_settings.row(call.db, chain_id=call.chain_id, location_id=call.location_id)
    return Answer(data=OnlineSettings() if row is None else OnlineSettings(**row))


@routes.patch("/company/{location_id}/settings/online", needs=_NEEDS)
async def update_online_booking_settings(call: Call, body: OnlineSettingsPatch) -> Answer[OnlineSettings]:
    """Change what the body names; booking follows at once. Gives the settings as they are now."""
    await location_facts(call.db, call.chain_id, call.location_id)
    await actions.change_settings(call.db, Place(call.chain_id, call.location_id), body, author_of(call), call.now)
    return await get_online_booking_settings(call)


@routes.get("/company/{location_id}/settings/timeslots", needs=_NEEDS)
async def get_timeslot_settings(call: Call) -> Answer[Timeslots]:
    """The grid of start times: rules of weekdays, and of dates that differ from them."""
    await location_facts(call.db, call.chain_id, call.location_id)
    row: Any = await sql.timeslots.row(call.db, chain_id=call.chain_id, location_id=call.location_id)
    return Answer(data=msgspec.convert(dict(row), Timeslots))


@routes.put("/company/{location_id}/settings/timeslots", needs=_NEEDS)
async def set_timeslot_settings(call: Call, body: Timeslots) -> Answer[Timeslots]:
    """Replace the whole grid of start times: what the body leaves out is gone. Gives the grid as it is now."""
    await location_facts(call.db, call.chain_id, call.location_id)
    await actions.set_timeslots(call.db, Place(call.chain_id, call.location_id), body, author_of(call), call.now)
    return await get_timeslot_settings(call)


@routes.put("/privacy_policy/{location_id}", needs=may("online_record_privacy_policy_access"))
async def set_privacy_policy(call: Call, body: PolicyBody) -> Answer[PolicySet]:
    """Replace the text to agree to before booking; empty removes it. `is_shown` stays as it is when it is not given."""
    await location_facts(call.db, call.chain_id, call.location_id)
    await actions.set_policy(call.db, Place(call.chain_id, call.location_id), body, author_of(call), call.now)
    spot = {"chain_id": call.chain_id, "location_id": call.location_id}
    content = await sql.privacy_policy.value(call.db, **spot)
    is_shown = await sql.policy_is_shown.value(call.db, **spot)
    return Answer(data=PolicySet(agreement=Agreement(content), is_shown=bool(is_shown)))
