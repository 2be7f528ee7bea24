"""Clients one by one: made, shown, changed, deleted, erased, told what is held about them."""

from __future__ import annotations

from typing import Annotated

import msgspec

from agendum.clients import actions, privacy
from agendum.clients.rules.shown import View, member_limit
from agendum.clients.search import card, cards, place_of, rights_of
from agendum.clients.wire import BulkClient, BulkResult, Client, ClientBody, Held
from agendum.core.envelope import Answer
from agendum.core.errors import Invalid
from agendum.core.permissions import may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.core.wire import to_json

routes = Routes("/api/v1", group="clients")

_SEES = may("clients_access")
_EDITS = may("clients_edit_access")
_DELETES = may("clients_delete_access")
_MOST_AT_ONCE = 500

OneClient = Annotated[bytes, Answer[Client]]


@routes.post("/clients/{location_id}", needs=_EDITS)
async def create_client(call: Call, body: ClientBody) -> OneClient:
    """A new client. 422 when another client of the location has the phone."""
    place, view = await place_of(call, in_card=True)
    client_id = await actions.create(call, body, place.country_iso, view)
    # Whoever sees only clients of one team member sees whom he has just made.
    return await _written(call, msgspec.structs.replace(view, member_id=0), client_id)


@routes.post("/clients/{location_id}/bulk", needs=_EDITS, status=200)
async def bulk_create_clients(call: Call, body: list[BulkClient]) -> Annotated[bytes, Answer[BulkResult]]:
    """Many new clients at once, at most 500: those that were made, and why the others were not."""
    if len(body) > _MOST_AT_ONCE:
        raise Invalid(f"At most {_MOST_AT_ONCE} clients at once.", field="body")
    place, view = await place_of(call)
    ids, refused = await actions.create_many(call, body, place.country_iso, view)
    made = await cards(call, msgspec.structs.replace(view, member_id=0), ids)
    created = [{**made[client_id], "sms_bot": made[client_id]["sms_not"]} for client_id in ids]
    return to_json(Answer(data={"created": created, "errors": refused}))


@routes.get("/client/{location_id}/{id}", needs=_SEES)
async def get_client(call: Call, id: int) -> OneClient:
    """One client in full."""
    _, view = await place_of(call, in_card=True)
    return to_json(Answer(data=await card(call, view, id)))


@routes.put("/client/{location_id}/{id}", needs=_EDITS)
async def update_client(call: Call, id: int, body: ClientBody) -> OneClient:
    """Change what is given. What only repeats a masked or hidden value leaves it as it is; 403 where a change asks for
    a right of its own (surname, comment, custom fields, sums)."""
    place, view = await place_of(call, in_card=True)
    await actions.change(call, id, body, place.country_iso, view)
    return await _written(call, view, id)


@routes.delete("/client/{location_id}/{id}", needs=_DELETES, status=204)
async def delete_client(call: Call, id: int) -> None:
    """Delete a client. Appointments, visits and sums stay as they are."""
    _, view = await place_of(call)
    await actions.delete(call, id, view)


@routes.post("/client/{location_id}/{id}/erase", needs=_DELETES, status=204)
async def erase_client(call: Call, id: int) -> None:
    """Erase a person who asks for it: name, phone, e-mail, comments, files, values, and what the audit trail says of
    them. Appointments and sums stay, of nobody. Deleted clients can be erased too."""
    await place_of(call)
    await privacy.erase(call, id, member_limit(rights_of(call)))


@routes.get("/client/{location_id}/{id}/export", needs=may("clients_access", "clients_excel_access"))
async def export_client(call: Call, id: int) -> Answer[Held]:
    """All that is held about a person, to be given to him: unmasked, of deleted clients too."""
    place, view = await place_of(call)
    return Answer(data=await privacy.held(call, id, view.member_id, place.tz))


async def _written(call: Call, view: View, client_id: int) -> bytes:
    """A client as the answer to a write: without custom values an object, where reads have an empty array."""
    shown = await card(call, view, client_id)
    return to_json(Answer(data=shown | {"custom_fields": shown["custom_fields"] or {}}))
