"""Booking forms as the business sets them up. `forms` shows one to clients."""

from __future__ import annotations

from typing import Annotated

from agendum.booking import setup_actions as actions
from agendum.booking import setup_rules as rules
from agendum.booking.setup_actions import Place
from agendum.booking.setup_wire import Form, FormPatch, NewForm
from agendum.chains.facts import location_facts
from agendum.core.audit import author_of
from agendum.core.envelope import Answer
from agendum.core.errors import NotFound
from agendum.core.permissions import allows, may
from agendum.core.routes import Routes
from agendum.core.server import Call

routes = Routes("/api/v1", group="online-booking-settings")
_RIGHT = "online_record_access"
_NEEDS = may(_RIGHT)

# JSON that was written before, and the shape that it has.
OneForm = Annotated[bytes, Answer[Form]]


@routes.get("/company/{location_id}/booking_forms", needs=_NEEDS)
async def get_booking_widget_list(call: Call) -> Annotated[bytes, Answer[list[Form]]]:
    """The booking forms of a location, then those of its chain; the default one first."""
    return _answer(f"[{','.join(await _forms(call, None))}]")


@routes.post("/company/{location_id}/booking_forms", needs=_NEEDS)
async def create_booking_widget(call: Call, body: NewForm) -> OneForm:
    """A new booking form, in the location's language unless the body names another. A default one replaces the last."""
    facts = await location_facts(call.db, call.chain_id, call.location_id)
    form_id = await actions.add_form(call.db, _place(call), body, facts.language_id, author_of(call), call.now)
    return _answer((await _forms(call, form_id))[0])


@routes.get("/company/{location_id}/booking_forms/{form_id}", needs=_NEEDS)
async def get_booking_widget(call: Call, form_id: int) -> OneForm:
    """One booking form of a location or of its chain."""
    return _answer((await _forms(call, form_id))[0])


@routes.patch("/company/{location_id}/booking_forms/{form_id}", needs=_NEEDS)
async def update_booking_widget(call: Call, form_id: int, body: FormPatch) -> OneForm:
    """Change what the body names. A form of the chain is changed by those who manage the chain."""
    await location_facts(call.db, call.chain_id, call.location_id)
    await actions.change_form(call.db, _place(call), form_id, body, author_of(call), call.now)
    return _answer((await _forms(call, form_id))[0])


@routes.delete("/company/{location_id}/booking_forms/{form_id}", needs=_NEEDS, status=204)
async def delete_booking_widget(call: Call, form_id: int) -> None:
    """Delete a booking form: its page is gone, what was booked through it stays."""
    await actions.delete_form(call.db, _place(call), form_id, author_of(call), call.now)


def _place(call: Call) -> Place:
    of_chain = call.user.membership(call.chain_id, None)
    return Place(call.chain_id, call.location_id, of_chain is not None and allows(of_chain.rights, _RIGHT))


async def _forms(call: Call, form_id: int | None) -> list[str]:
    """One form, or all of them, as JSON. Raises NotFound."""
    await location_facts(call.db, call.chain_id, call.location_id)
    rows = await actions.forms_of(call.db, Place(call.chain_id, call.location_id), form_id)
    if form_id is not None and not rows:
        raise NotFound("Booking form not found.")
    return [rules.form_json(row, call.chain_id, call.server.base_url) for row in rows]


def _answer(data: str) -> bytes:
    return f'{{"success":true,"data":{data},"meta":[]}}'.encode()
